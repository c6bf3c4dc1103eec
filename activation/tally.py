"""What is counted of a verdict for statistics: its kind and circumstances, nothing that tells one installation from another."""

from dataclasses import dataclass
from datetime import date

from activation.claims import AskFirst, Door, Granted, NeedsAgent, Refused, Verdict

GRANTED, GRANTED_FREE, ASK_FIRST = "granted", "granted_free", "ask_first"
"""The codes of verdicts that have none of their own: an installation counted, one not counted, a question back."""


@dataclass(frozen=True, slots=True)
class Tally:
    """One verdict of a day (UTC). What is not known of it, because its installation ID was none, is empty (row 25)."""

    day: date
    door: Door
    channel: str
    product: str
    country: str
    code: str


def code_of(verdict: Verdict) -> str:
    """The verdict's kind: the value of its refusal or reason, or how it was granted."""
    match verdict:
        case Granted(counted=counted):
            return GRANTED if counted else GRANTED_FREE
        case Refused(code):
            return code.value
        case NeedsAgent(reason):
            return reason.value
        case AskFirst():
            return ASK_FIRST
