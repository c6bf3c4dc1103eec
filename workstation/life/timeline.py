"""A computer's story: what happened to it, every reminder that fell due, and what is due if nothing is done; always derivable.

Reminders and ends of grace are stored nowhere: they follow from the history, so that the same story can be told again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from workstation.computer.machine import SETTLED, Machine, countdown, is_old, state
from workstation.computer.traits import Happening, Kind
from workstation.life.reminders import Occasion, Spell, reminders
from workstation.words import say, say_count

TURNING = frozenset(
    {
        Kind.INSTALLED,
        Kind.ACTIVATED,
        Kind.DRIFTED,
        Kind.RETURNED,
        Kind.IMAGE,
        Kind.KEY,
        Kind.REARMED,
        Kind.FIX,
        Kind.KMS,
    }
)
"""What may end one countdown and begin another."""

GRACE_ENDED = "grace ended"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the story: when, what sort of thing, the words, and whether it still lies ahead."""

    at: datetime
    kind: str
    words: str
    is_ahead: bool = False
    occasion: Occasion | None = None


def timeline(machine: Machine, now: datetime, until: datetime) -> tuple[Entry, ...]:
    """The story in the order of time: all that is kept of the past, and what is due before `until`."""
    happenings = (one for one in machine.history if one.kind is not Kind.REMINDER)  # these follow from the calendar
    entries = [Entry(one.at, one.kind, one.words, one.at > now) for one in happenings]
    for spell in spells(machine, until):
        entries.extend(_reminder_entries(machine, spell, now))
        if spell.begin <= spell.end < spell.stop:
            entries.append(Entry(spell.end, GRACE_ENDED, _end_words(machine), spell.end > now))
    return tuple(sorted(entries, key=lambda entry: entry.at))


def spells(machine: Machine, until: datetime) -> tuple[Spell, ...]:
    """The stretches of time that the computer was unactivated, up to `until`."""
    return (*_past_spells(machine), *_present_spell(machine, until))


def logons(machine: Machine) -> list[datetime]:
    """When somebody logged on."""
    return [one.at for one in machine.history if one.kind is Kind.LOGON]


def _past_spells(machine: Machine) -> Iterator[Spell]:
    turns = _turns(machine)
    for turn, following in pairwise(turns):
        if turn.until:
            yield Spell(turn.at, following.at, turn.until)


def _present_spell(machine: Machine, until: datetime) -> Iterator[Spell]:
    if state(machine, until) not in SETTLED:
        turns, running = _turns(machine), countdown(machine)
        begin = max([running.since, *(turn.at for turn in turns[-1:])])
        yield Spell(begin, until, running.end)


def _turns(machine: Machine) -> list[Happening]:
    """A line of the fix that began no countdown is none, nor is any other line that left everything as it was."""
    quiet = {Kind.FIX, Kind.KEY}
    return [one for one in machine.history if one.kind in TURNING and (one.until or one.kind not in quiet)]


def _reminder_entries(machine: Machine, spell: Spell, now: datetime) -> Iterator[Entry]:
    for due in reminders(machine.media.product.generation, spell, logons(machine)):
        words = say_count("logon.days_left", due.days_left, machine.language)
        yield Entry(due.at, Kind.REMINDER, words, due.at > now, due.occasion)


def _end_words(machine: Machine) -> str:
    return say("logon.blocked_from_now" if is_old(machine) else "logon.notices_from_now", machine.language)
