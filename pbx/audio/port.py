"""Where a phone is plugged in: its sound, both ways, and how its call is answered and ended.

A SIP phone (signalling, and RTP beside it) and a browser's (one WebSocket) are the two kinds there are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pbx.audio.frame import Frame


@dataclass(frozen=True, slots=True)
class PortFigures:
    """How a phone's sound has come over so far. `codec` as SDP names it; jitter as in RFC 3550, section 6.4.1."""

    codec: str
    received_frames: int = 0
    sent_frames: int = 0
    lost_frames: int = 0
    jitter_seconds: float = 0.0


class Port(Protocol):
    """A phone's sound, one frame at a time. Only the clock calls `take` and `give`, once each in 20 ms, never blocking."""

    def take(self) -> Frame | None:
        """The next 20 ms from the phone, what was lost concealed; None while nothing comes."""

    def give(self, frame: Frame) -> None:
        """20 ms to the phone."""

    @property
    def figures(self) -> PortFigures: ...


class Holder(Protocol):
    """Who is told what the phone does: its leg."""

    def press(self, digit: str) -> None:
        """A key, once for each time it was pressed, however it came: telephone-event, INFO, in-band or message."""

    def phone_hung_up(self) -> None:
        """The phone is gone, for whatever reason; told once, and never after `hang_up` or `reject`."""


class Connection(Protocol):
    """A phone in one call, as the exchange handles it. None of these raises when the phone is already gone."""

    @property
    def port(self) -> Port:
        """Its sound; frames are lost, not an error, while the call is not answered."""

    @property
    def parameters(self) -> dict[str, str]:
        """What Twilio tells of such a leg beyond the standard parameters: SipCallId, SipHeader_X-… and the like."""

    def attach(self, holder: Holder) -> None:
        """From now on this holder is told; what happened before is told at once."""

    async def answer(self) -> None:
        """Pick up a call from the phone; returns when sound can flow."""

    def reject(self, reason: str) -> None:
        """Refuse a call from the phone; `reason` is `rejected`, `busy` or, for who was dialled, `unknown`."""

    def hang_up(self) -> None:
        """End the call, answered or ringing, from our side."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A phone that was rung and did not take the call. `status` is Twilio's: busy, no-answer, failed, canceled."""

    status: str
    response_code: int | None = None
    """SIP's final response, where there was one."""


class Ringing(Protocol):
    """A phone that is being rung."""

    async def answered(self) -> Connection | Unanswered:
        """How it came out. Cancelling gives the call up."""

    def on_ringing(self, tell: Callable[[], None]) -> None:
        """Have it told when the phone really rings (180), at once if it already does."""

    def give_up(self) -> None:
        """Stop ringing; `answered` then returns Unanswered("canceled")."""


class Station(Protocol):
    """A phone whose sound this process can carry, known by the address it is called at: `client:amira`, `sip:bob@host`."""

    @property
    def address(self) -> str: ...

    @property
    def is_busy(self) -> bool: ...

    def ring(self, caller: str, caller_name: str, call_sid: str) -> Ringing:
        """Ring it; the caller's address and name are shown there."""
