"""What somebody sees who logs on to a computer now (rows 40 to 45): a reminder, the way to activation alone, or the notices."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from workstation.computer.machine import SETTLED, Machine, State, days_left, happened, is_old, state, time_is_up
from workstation.computer.traits import Kind, Start
from workstation.life.reminders import reminders
from workstation.life.timeline import logons, spells
from workstation.words import say, say_count


class Access(StrEnum):
    """How far a logon gets."""

    FULL = "full"
    ACTIVATION_ONLY = "activation only"
    """The 2003 generation when time is up: nothing but the activation wizard (row 42)."""
    NOTIFICATION = "notification mode"
    """The newer generations when time is up: everything works, and everything reminds (row 44)."""
    REPAIR_ONLY = "repair only"
    """Safe mode or the recovery console."""


class Sign(StrEnum):
    """The five signs of notification mode (row 44)."""

    LOGON_DIALOG = "logon_dialog"
    NOTICE_AREA = "notice_area"
    ACTION_CENTRE = "action_centre"
    BLACK_DESKTOP = "black_desktop"
    IN_PROGRAMS = "in_programs"


@dataclass(frozen=True, slots=True)
class Notice:
    """One visible sign and its words."""

    sign: Sign
    words: str


@dataclass(frozen=True, slots=True)
class Logon:
    """What a logon shows: how far it gets, the sentence about it, the reminder if one is due, notification mode's signs."""

    access: Access
    words: str
    reminder: str | None = None
    notices: tuple[Notice, ...] = ()


def log_on(machine: Machine, now: datetime) -> tuple[Machine, Logon]:
    """What this logon shows, and the computer with the logon in its history, and the reminder if one was shown."""
    seen = see(machine, now)
    logged_on = happened(machine, now, Kind.LOGON, seen.words)
    return (happened(logged_on, now, Kind.REMINDER, seen.reminder) if seen.reminder else logged_on), seen


def see(machine: Machine, now: datetime) -> Logon:
    """What a logon would show at this moment."""
    language = machine.language
    if machine.start is not Start.WINDOWS:
        return Logon(Access.REPAIR_ONLY, say(f"logon.{machine.start.name}", language))
    if time_is_up(machine, now):
        return _when_time_is_up(machine, now)
    words = say("logon.allowed", language)
    return Logon(Access.FULL, words, _reminder(machine, now) if _is_reminded(machine, now) else None)


def access(machine: Machine, now: datetime) -> Access:
    """How far a logon gets at this moment."""
    return see(machine, now).access


def _when_time_is_up(machine: Machine, now: datetime) -> Logon:
    drifted = "drifted" if state(machine, now) is State.OUT_OF_TOLERANCE else "ended"
    if is_old(machine):
        return Logon(Access.ACTIVATION_ONLY, say(f"logon.activation_only_{drifted}", machine.language))
    notices = tuple(Notice(sign, say(f"logon.sign.{sign}", machine.language)) for sign in Sign)
    return Logon(Access.NOTIFICATION, say(f"logon.notification_{drifted}", machine.language), None, notices)


def _is_reminded(machine: Machine, now: datetime) -> bool:
    """At every logon of the 2003 generation; on the newer ones when a reminder has fallen due since the logon before."""
    if state(machine, now) in SETTLED:
        return False
    if is_old(machine):
        return True
    last = max((at for at in logons(machine) if at <= now), default=datetime.min.replace(tzinfo=UTC))
    ahead = spells(machine, now + timedelta(days=1))
    due = (one.at for spell in ahead for one in reminders(machine.media.product.generation, spell, ()))
    return any(last < at <= now for at in due)


def _reminder(machine: Machine, now: datetime) -> str:
    left = days_left(machine, now) or 0
    return say_count("logon.reminder", left, machine.language)
