"""Who may do what: one table of roles and actions, asked by every page and every act."""

from collections.abc import Mapping
from enum import StrEnum

from callcenter.floor.people import Role


class Action(StrEnum):
    """Everything that somebody may or may not do at the console."""

    SERVE_CALLS = "serve calls"
    """Be available, answer, hold, transfer, enter digits, wrap up."""
    ASK_CHANGES = "ask for changes of limits"
    """Ask for raises, decreases, blocks and new keys; within policy they are applied at once."""
    HANDLE_EXCEPTIONS = "handle exceptions"
    APPROVE = "approve held requests"
    SUPERVISE = "listen, coach, barge and take over"
    SEE_FLOOR = "see the live floor"
    SEE_REPORTS = "see reports"
    SEE_CALLS = "see calls and cases"
    SEE_CUSTOMERS = "see agreements, keys and requests"
    REVEAL = "reveal masked keys and IDs"
    """Every single time logged."""
    SEE_FINGERPRINTS = "see machines' whole fingerprints"
    """Raw activation data, every single time logged; whoever serves calls sees a digest (row 26)."""
    SEE_AUDIT = "see the record of acts"
    UNLOCK = "unlock cases and agreements"
    MANAGE_KEYS = "manage keys"
    """Vendor-side changes without a caller."""
    MANAGE_PEOPLE = "manage people"
    SEE_SETTINGS = "see the settings"
    SEE_DEBUGGER = "see what went wrong on the telephone side"
    TRAIN = "run simulated callers"
    """The trainer's desk."""
    SEE_REGISTRATIONS = "see registrations"
    """And export them, and erase those whose owners ask for it: customer service and marketing (row 53)."""


_AGENT = frozenset({Action.SERVE_CALLS, Action.ASK_CHANGES, Action.SEE_CALLS, Action.SEE_CUSTOMERS, Action.SEE_REGISTRATIONS})
_SENIOR = _AGENT | {Action.HANDLE_EXCEPTIONS}
_SUPERVISOR = _SENIOR | {
    Action.APPROVE,
    Action.SUPERVISE,
    Action.SEE_FLOOR,
    Action.SEE_REPORTS,
    Action.REVEAL,
    Action.UNLOCK,
    Action.SEE_DEBUGGER,
    Action.TRAIN,
}

ALLOWED: Mapping[Role, frozenset[Action]] = {
    Role.AGENT: _AGENT,
    Role.SENIOR_AGENT: _SENIOR,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ADMINISTRATOR: frozenset(
        {
            Action.SEE_FLOOR,
            Action.SEE_REPORTS,
            Action.SEE_CALLS,
            Action.SEE_CUSTOMERS,
            Action.SEE_FINGERPRINTS,
            Action.SEE_AUDIT,
            Action.UNLOCK,
            Action.MANAGE_KEYS,
            Action.MANAGE_PEOPLE,
            Action.SEE_SETTINGS,
            Action.SEE_DEBUGGER,
            Action.TRAIN,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Action.SEE_FLOOR,
            Action.SEE_REPORTS,
            Action.SEE_CALLS,
            Action.SEE_CUSTOMERS,
            Action.SEE_FINGERPRINTS,
            Action.REVEAL,
            Action.SEE_AUDIT,
            Action.SEE_SETTINGS,
        }
    ),
    Role.MARKETING: frozenset({Action.SEE_REGISTRATIONS}),
}
"""The table. An auditor reads everything about calls and activations, unmasked on request, and changes nothing. Who registered
is another matter: customer service and marketing see it, auditors and administrators do not (row 53)."""


def may(role: Role, action: Action) -> bool:
    """Whether somebody with this role may do this."""
    return action in ALLOWED[role]
