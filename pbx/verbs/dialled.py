"""How a Dial came out, as its action is told. Source: https://www.twilio.com/docs/voice/twiml/dial#action."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pbx.call import Call


class DialStatus(StrEnum):
    """DialCallStatus."""

    COMPLETED = "completed"
    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"


LIKELIEST_FIRST = (DialStatus.BUSY, DialStatus.NO_ANSWER, DialStatus.CANCELED, DialStatus.FAILED)
"""Of several phones that did not take the call, the one that came nearest to it speaks for all."""


@dataclass(slots=True)
class Dialled:
    """One Dial under way: what its action would be told if it ended now."""

    status: DialStatus = DialStatus.CANCELED
    child: Call | None = None
    began_at: datetime | None = None
    """When the child was answered."""
    bridged: bool = False
    beyond: dict[str, str] = field(default_factory=dict)
    """What a kind of Dial tells beyond the others."""

    def connected(self, child: Call, now: datetime) -> None:
        """Somebody took the call; whatever comes now, it is completed."""
        self.status, self.child, self.began_at = DialStatus.COMPLETED, child, now

    def parameters(self, now: datetime) -> Mapping[str, str]:
        told = {"DialCallStatus": str(self.status)}
        if self.status is DialStatus.ANSWERED:
            return told  # a conference is no child call
        if self.child is not None:
            told["DialCallSid"] = self.child.sid
        if self.began_at is not None:
            told["DialCallDuration"] = str(int((now - self.began_at).total_seconds()))
        return {**told, "DialBridged": str(self.bridged).lower(), **self.beyond}
