"""What an agent's part in a call came to: the wrap-up codes (requirement E1.9)."""

from enum import StrEnum


class Outcome(StrEnum):
    """A wrap-up code, in the words people choose and reports count."""

    ACTIVATED = "activated"
    LIMIT_RAISED = "limit raised"
    HELD_FOR_APPROVAL = "held for approval"
    EXCEPTION_MADE = "exception made"
    KEY_GIVEN = "key issued or told"
    INFORMATION_GIVEN = "information given"
    KNOWN_ISSUE = "known issue, fix sent"
    """The fault of KB 824345; nothing is charged for the fix (row 92)."""
    REFUSED = "refused"
    NOT_VERIFIED = "caller not verified"
    TRANSFERRED = "transferred"
    CALLER_HUNG_UP = "caller hung up"
    NOT_REACHED = "not reached"
    OTHER = "other"
    CONSULTED = "consulted"
    """Given by the centre: a colleague's call."""
    NOT_CODED = "not coded"
    """Given by the centre: the agent's page died before there was a code."""

    @property
    def charge(self) -> str:
        """What is said of charges: a support call about the known fault costs nothing; no other code says anything (row 92)."""
        return "no charge" if self is Outcome.KNOWN_ISSUE else ""


OUTCOMES = tuple(outcome for outcome in Outcome if outcome not in (Outcome.CONSULTED, Outcome.NOT_CODED))
"""Those that an agent may choose."""
