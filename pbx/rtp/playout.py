"""From packets that come when they like to a frame in every tick."""

from aiortp.plc import PcmConcealer

from pbx.audio.frame import FRAME_BYTES, RATE_HZ, SILENCE, Frame
from voices.sound import Sound

HELD_BACK_TICKS = 2
"""How long the first packet after a silence waits for company: 40 to 60 ms, which is the jitter that does no harm."""
MOST_HELD_FRAMES = 3
"""What is always there beyond this is delay for nothing."""
CONCEALED_FRAMES = 3
"""Waited for longer, a phone has fallen silent."""
MOST_AHEAD_BYTES = MOST_BEHIND_BYTES = RATE_HZ // 2
"""A timestamp further off from what is there has nothing to do with it."""
MOST_HELD_BYTES = 2 * RATE_HZ
"""What nobody took for so long, as when this machine stood still, is too late to be heard."""
QUIET_PEAK = 300
"""No sample of a frame is louder: nobody misses it."""
WATCHED_TICKS = 50

_HALF, _WHOLE = 1 << 31, 1 << 32


class Playout:
    """Sound by its RTP timestamp, a byte a sample, and what of it is known; packets out of order or doubled find their place.

    What is missing while later sound is there is lost: concealed, and passed over. What is missing while nothing is there may
    still come: it is concealed and waited for, so that a late phone gets the delay it needs. What is not needed any more is
    shed, a frame a second and wherever the phone is quiet: what was said while this machine stood still is heard all the same.
    """

    def __init__(self) -> None:
        self._concealer = PcmConcealer(RATE_HZ)
        self._latest: Frame | None = None
        self._sound, self._known = bytearray(), bytearray()
        self._head: int | None = None
        self._held_back_ticks = self._waited_ticks = self._watched_ticks = 0
        self._least_bytes = MOST_HELD_BYTES
        self._spare_bytes = 0
        self._pausing = False

    def arrived(self, timestamp: int, sound: bytes) -> None:
        """µ-law from the phone, of any length."""
        if self._head is None:
            self._begin(timestamp)
        start = (timestamp - (self._head or 0) + _HALF) % _WHOLE - _HALF
        if not -MOST_BEHIND_BYTES < start < len(self._sound) + MOST_AHEAD_BYTES:
            self._begin(timestamp)
            start = 0
        self._pausing = False
        self._place(max(start, 0), sound[max(-start, 0) :])
        while len(self._sound) > MOST_HELD_BYTES:
            self._pass_over()

    def pause(self) -> None:
        """The phone says that it falls silent, or sends a key: nothing is missing when nothing comes."""
        self._pausing = True

    def restart(self) -> None:
        """Another source, or the same one after a while: its timestamps go with nothing that came before."""
        self._head = None
        self._sound.clear()
        self._known.clear()

    def next(self) -> Frame | None:
        """20 ms of it; None while the phone is silent."""
        if self._head is None:
            return None
        if self._held_back_ticks:
            self._held_back_ticks -= 1
            return None
        if len(self._sound) < FRAME_BYTES:
            return self._waited_for()
        self._waited_ticks = 0
        self._shed_delay()
        return self._taken()

    def _begin(self, timestamp: int) -> None:
        self.restart()
        self._head = timestamp
        self._held_back_ticks, self._waited_ticks, self._watched_ticks, self._spare_bytes = HELD_BACK_TICKS, 0, 0, 0
        self._least_bytes = MOST_HELD_BYTES

    def _place(self, start: int, sound: bytes) -> None:
        end = start + len(sound)
        new = end - len(self._sound)
        if new > 0:
            self._sound += SILENCE[:1] * new
            self._known += bytes(new)
        self._sound[start:end] = sound
        self._known[start:end] = b"\x01" * len(sound)

    def _taken(self) -> Frame:
        frame = bytes(self._sound[:FRAME_BYTES])
        lost = self._known.find(1, 0, FRAME_BYTES) < 0
        self._pass_over()
        if lost:
            return self._concealed()
        self._latest = frame
        return frame

    def _pass_over(self) -> None:
        del self._sound[:FRAME_BYTES], self._known[:FRAME_BYTES]
        self._head = ((self._head or 0) + FRAME_BYTES) % _WHOLE

    def _waited_for(self) -> Frame | None:
        self._waited_ticks += 1
        if self._pausing or self._waited_ticks > CONCEALED_FRAMES:
            self.restart()
            self._latest = None
            return None
        return self._concealed()

    def _concealed(self) -> Frame:
        """The last sound again, fading."""
        if self._latest is not None:
            self._concealer.update(Sound.of_mulaw(self._latest).pcm())
            self._latest = None
        return Sound.of_pcm(self._concealer.conceal(FRAME_BYTES)).mulaw()

    def _shed_delay(self) -> None:
        self._least_bytes = min(self._least_bytes, len(self._sound))
        self._watched_ticks += 1
        if self._watched_ticks == WATCHED_TICKS:
            self._spare_bytes = self._least_bytes - (MOST_HELD_FRAMES + 1) * FRAME_BYTES
            if self._spare_bytes > 0:
                self._skip()
            self._watched_ticks, self._least_bytes = 0, MOST_HELD_BYTES
        elif self._spare_bytes >= FRAME_BYTES and self._is_quiet():
            self._skip()

    def _skip(self) -> None:
        self._pass_over()
        self._spare_bytes -= FRAME_BYTES

    def _is_quiet(self) -> bool:
        return Sound.of_mulaw(bytes(self._sound[:FRAME_BYTES])).peak <= QUIET_PEAK
