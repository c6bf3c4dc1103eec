"""A computer's own clock, which can be moved: the real time plus what it is ahead or behind."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from workstation.computer.declined import Declined
from workstation.computer.machine import Machine, happened, machine_now
from workstation.computer.traits import Kind
from workstation.words import say

FURTHEST = timedelta(days=36_500)
"""How far a computer's clock may be from the real time: a hundred years."""

_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_DURATION = re.compile(r"(?:(\d{1,6})w)?(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?")


def read_duration(text: str) -> timedelta | None:
    """A length of time such as "5d", "2w", "1d12h" or "90m"; None for anything else."""
    found = _DURATION.fullmatch(text.strip().lower())
    if found is None or not any(found.groups()):
        return None
    return timedelta(**{unit: int(number or 0) for unit, number in zip(_UNITS.values(), found.groups(), strict=True)})


def move_ahead(machine: Machine, by: timedelta, real_now: datetime) -> Machine | Declined:
    """The computer with its clock that much further ahead than it is."""
    return _set(machine, timedelta(seconds=machine.clock_ahead_seconds) + by, real_now)


def move_to(machine: Machine, moment: datetime, real_now: datetime) -> Machine | Declined:
    """The computer with its clock at that moment, not before its installation: no grace grows longer by that."""
    if moment < machine.installed_at:
        installed = machine.installed_at.astimezone().strftime("%Y-%m-%d %H:%M %Z")
        return Declined(say("model.before_installation", machine.language, installed=installed))
    return _set(machine, moment - real_now, real_now)


def reset(machine: Machine, real_now: datetime) -> Machine | Declined:
    """The computer with its clock at the real time again."""
    return _set(machine, timedelta(), real_now)


def _set(machine: Machine, ahead: timedelta, real_now: datetime) -> Machine | Declined:
    if abs(ahead) > FURTHEST:
        return Declined(say("model.too_far", machine.language, years=FURTHEST.days // 365))
    moved = replace(machine, clock_ahead_seconds=ceil(ahead.total_seconds()))
    return happened(moved, machine_now(moved, real_now), Kind.CLOCK, say("model.clock_set", machine.language))
