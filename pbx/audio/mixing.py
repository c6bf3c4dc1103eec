"""Everybody hears everybody else: the sum of their samples, cut off where it gets too loud."""

from collections import deque
from collections.abc import Collection, Mapping, Sequence

import numpy

from pbx.audio.bridge import Voice
from pbx.audio.clock import Clock
from pbx.audio.frame import FRAME_BYTES, SILENCE, Frame, frames_of
from voices.sound import FULL_SCALE, Sound


class MixingBridge:
    """A `Bridge` on the clock of its voices. Where one alone is heard, as by either end of a Dial, nothing is decoded."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tick = -1
        self._voices: dict[Voice, None] = {}
        self._said: dict[Voice, Frame] = {}
        self._tones: list[tuple[deque[Frame], Voice | None]] = []
        self._sounding: list[tuple[Frame, Voice | None]] = []
        self._heard: Mapping[Voice, Frame] | None = None

    def enter(self, voice: Voice) -> None:
        """Hear the others, and be heard, from the next tick on."""
        self._voices[voice] = None

    def leave(self, voice: Voice) -> None:
        """Be heard no more, not even in this tick; nothing happens to who was not there."""
        self._voices.pop(voice, None)
        if self._said.pop(voice, None) is not None:
            self._heard = None

    @property
    def voices(self) -> Collection[Voice]:
        return self._voices.keys()

    def heard_by(self, voice: Voice) -> Frame | None:
        """What everybody else said in this tick, mixed for this one; None when nobody said anything."""
        if self._tick != self._clock.tick:
            self._listen()
        if self._heard is None:
            self._heard = self._for_all()
        return self._heard.get(voice)

    def sound(self, frames: list[Frame], but_for: Voice | None = None) -> None:
        """Play something to everybody in the room: the tone of who comes and goes."""
        self._tones.append((deque(frames), but_for))

    def _listen(self) -> None:
        """Once a tick, when all have listened: what they and the tones say in it. Silence adds nothing, so it is left out."""
        self._tick, self._heard = self._clock.tick, None
        self._said = {voice: frame for voice in self._voices if (frame := voice.latest) is not None and frame != SILENCE}
        self._tones = [(frames, but_for) for frames, but_for in self._tones if frames]
        self._sounding = [(frames.popleft(), but_for) for frames, but_for in self._tones]

    def _for_all(self) -> Mapping[Voice, Frame]:
        """What each hears, mixed for all at once."""
        frames = [*self._said.values(), *(frame for frame, _ in self._sounding)]
        choices = {voice: chosen for voice in self._voices if (chosen := self._chosen_for(voice))}
        mixed = {voice: frames[chosen[0]] for voice, chosen in choices.items() if len(chosen) == 1}
        several = {voice: chosen for voice, chosen in choices.items() if len(chosen) > 1}
        return {**mixed, **dict(zip(several, mix(frames, list(several.values())), strict=True))} if several else mixed

    def _chosen_for(self, voice: Voice) -> list[int]:
        """Which of the frames of this tick are for this one: nobody's own, and of who is muted none."""
        chosen = [index for index, other in enumerate(self._said) if other is not voice and other.is_heard_by(voice)]
        tones = enumerate(self._sounding, len(self._said))
        return chosen + [index for index, (_, but_for) in tones if but_for is not voice]


def mix(frames: Sequence[Frame], choices: Sequence[Sequence[int]]) -> list[Frame]:
    """For each choice of frames their sum; what is louder than samples can be is cut off."""
    samples = Sound.of_mulaw(b"".join(frames)).samples.reshape(-1, FRAME_BYTES).astype(numpy.float32)
    weights = numpy.zeros((len(choices), len(frames)), numpy.float32)
    for row, chosen in zip(weights, choices, strict=True):
        row[chosen] = 1
    loudness = numpy.clip(weights @ samples, -FULL_SCALE, FULL_SCALE - 1)
    return frames_of(Sound(loudness.astype(numpy.int16).reshape(-1)).mulaw())
