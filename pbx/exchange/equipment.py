"""What calls with sound are carried with, and how a phone becomes part of one."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from typing import Protocol, runtime_checkable

from pbx.audio.clock import Clock
from pbx.audio.inband import InbandDetector
from pbx.audio.leg import SoundLeg
from pbx.audio.narrator import Narrator
from pbx.audio.port import Connection, Ringing
from pbx.audio.recogniser import Ears
from pbx.call import Call, CallStatus
from pbx.exchange.transcripts import Caption, Transcripts
from pbx.line import Line
from pbx.request import Destination, WebhookRequest
from pbx.wire import Wire


@runtime_checkable
class Captioned(Protocol):
    """A phone that shows words."""

    def caption(self, speaker: str, words: str) -> None: ...


@dataclass(frozen=True, slots=True)
class KeysBeside:
    """Tells a leg what its phone does. A phone that sends keys beside its sound is not listened to for tones any more."""

    leg: SoundLeg
    tones: InbandDetector

    def press(self, digit: str) -> None:
        if not self.tones.comes_beside(self.leg, digit):
            self.leg.press(digit)

    def phone_hung_up(self) -> None:
        self.tones.forget(self.leg)
        self.leg.phone_hung_up()


@dataclass(frozen=True, slots=True)
class Equipment:
    """The clock, the voice and the ears of the exchange; who watches what is said; and the web."""

    clock: Clock
    sounds: Narrator
    ears: Ears
    tones: InbandDetector
    transcripts: Transcripts
    open_wire: Callable[[], AbstractAsyncContextManager[Wire]]
    """A web of its own for each call: cookies last as long as the call."""

    def pick_up(self, line: Line, connection: Connection) -> SoundLeg:
        """The leg of a phone that is part of this call from now on."""
        tell = partial(self._caption, line.call, connection)
        leg = SoundLeg(connection, self.clock, self.sounds, self.ears, tell)
        leg.call_sid, line.call.leg_parameters = line.call.sid, connection.parameters
        line.figures, line.tap = lambda: leg.figures, leg.tap
        if not isinstance(connection, Captioned):  # who shows words tells keys, too; a SIP phone may have tones alone
            self.tones.watch(leg)
            connection.attach(KeysBeside(leg, self.tones))
        return leg

    def put_down(self, connection: Connection, leg: SoundLeg) -> None:
        """The phone is part of no call any more."""
        connection.hang_up()
        leg.phone_hung_up()
        self.tones.forget(leg)

    def _caption(self, call: Call, connection: Connection, speaker: str, words: str) -> None:
        words = self.transcripts.clean(words)
        self.transcripts.tell(Caption(call.sid, call.caller, speaker, words))
        if isinstance(connection, Captioned):
            connection.caption(speaker, words)


@dataclass(frozen=True, slots=True)
class Rung:
    """The carrier of a call until somebody picks up."""

    ringing: Ringing

    def redirect(self, destination: Destination, fallback: WebhookRequest | None = None) -> None:
        """A call that is not answered is not moved."""

    def hang_up(self) -> None:
        self.ringing.give_up()


def note_ringing(line: Line, ringing: Ringing) -> None:
    """The line's phone is being rung: it is known to ring as soon as it does, and can be given up."""

    def tell() -> None:
        if line.call.status is CallStatus.QUEUED:
            line.progress(CallStatus.RINGING)

    line.carrier = Rung(ringing)
    ringing.on_ringing(tell)
