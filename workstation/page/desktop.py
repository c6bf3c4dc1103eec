"""What the computer's screen shows: how far a logon gets, and the words of every sign that is to be seen (rows 42, 44)."""

from dataclasses import dataclass
from datetime import datetime

from workstation.computer.machine import Machine
from workstation.computer.traits import Kind
from workstation.life.logon import Access, Sign, see

_LOOKS = {
    Access.FULL: "usual",
    Access.ACTIVATION_ONLY: "blocked",
    Access.NOTIFICATION: "black",
    Access.REPAIR_ONLY: "console",
}


_BROUGHT_UP = frozenset({Kind.LOGON, Kind.REMINDER})
"""What a logon leaves at the end of the history."""


@dataclass(frozen=True, slots=True)
class Desktop:
    """The screen: `look` names its style, `words` is about the logon, `balloon` what the last logon brought up.

    `signs` are those of notification mode that are to be drawn.
    """

    access: Access
    look: str
    words: str
    balloon: str
    signs: frozenset[Sign]


def desktop(machine: Machine, now: datetime) -> Desktop:
    """The screen at this moment of the computer's own time."""
    seen = see(machine, now)
    last = machine.history[-1] if machine.history else None
    balloon = last.words if last and last.kind in _BROUGHT_UP and seen.access is Access.FULL else ""
    return Desktop(seen.access, _LOOKS[seen.access], seen.words, balloon, frozenset(one.sign for one in seen.notices))
