"""KB 824345: the fix for a right confirmation ID that is refused, and the restart that brings it into force (rows 87 to 92)."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from workstation.computer.declined import Declined
from workstation.computer.machine import Machine, countdown, happened, has_late_activation_fault, time_is_up
from workstation.computer.traits import Countdown, Fix, Kind, Start
from workstation.words import say

GRACE_AFTER_FIX_DAYS = 30
"""What the fix sets the grace to, whatever it was before (row 89)."""


@dataclass(frozen=True, slots=True)
class SystemFile:
    """One of the two files that the fix replaces; the names and versions are this simulator's own."""

    name: str
    faulty: str
    corrected: str


SYSTEM_FILES = (
    SystemFile("simlicense.dll", "5.2.3790.0", "5.2.3790.82"),
    SystemFile("simactiv.exe", "5.2.3790.0", "5.2.3790.82"),
)


class Way(StrEnum):
    """How the fix gets onto a computer (row 90)."""

    SETUP = "setup"
    """Its setup, run by somebody who has logged on as always."""
    SAFE_MODE = "safe-mode"
    RECOVERY_CONSOLE = "recovery-console"


def file_versions(machine: Machine) -> dict[str, str]:
    """The version of each of the two system files that are on the computer's disk now."""
    replaced = not has_late_activation_fault(machine) or machine.fix is Fix.WAITING
    return {file.name: file.corrected if replaced else file.faulty for file in SYSTEM_FILES}


def apply_fix(machine: Machine, way: Way, now: datetime) -> Machine | Declined:
    """The computer with both system files replaced, waiting for its restart; only one with the fault takes the fix (row 92)."""
    language = machine.language
    if machine.fix is Fix.WAITING:
        return Declined(say("fixing.restart_first", language))
    if machine.media.late_activation_fault and machine.fix is Fix.IN_FORCE:
        return Declined(say("fixing.fixed_already", language))
    if not has_late_activation_fault(machine):
        return Declined(say("fixing.not_affected", language, product=machine.media.product.title))
    if way is Way.SETUP and time_is_up(machine, now):
        return Declined(say("fixing.logon_blocked", language))
    return replace(_replace_files(machine, way, now), fix=Fix.WAITING)


def _replace_files(machine: Machine, way: Way, now: datetime) -> Machine:
    """Setup replaces both files at once; in the recovery console a person copies them over, one after the other."""
    language, names = machine.language, [file.name for file in SYSTEM_FILES]
    if way is Way.RECOVERY_CONSOLE:
        machine = _started(machine, Start.RECOVERY_CONSOLE, now)
        for name in names:
            machine = happened(machine, now, Kind.FIX, say("fixing.copied", language, file=name))
        return machine
    if way is Way.SAFE_MODE:
        machine = _started(machine, Start.SAFE_MODE, now)
    return happened(machine, now, Kind.FIX, say("fixing.replaced", language, files=" / ".join(names)))


def restart(machine: Machine, now: datetime) -> Machine:
    """The computer started anew, as always; a fix that waited comes into force and the grace is thirty days again (row 89)."""
    started = _started(machine, Start.WINDOWS, now)
    if machine.fix is not Fix.WAITING:
        return started
    fixed = replace(started, fix=Fix.IN_FORCE)
    if machine.activation:
        return happened(fixed, now, Kind.FIX, say("fixing.in_force", machine.language))
    fixed = replace(fixed, grace=Countdown(now, GRACE_AFTER_FIX_DAYS))
    words = say("fixing.grace_reset", machine.language, days=GRACE_AFTER_FIX_DAYS)
    return happened(fixed, now, Kind.FIX, words, countdown(fixed).end)


def switch_fault(machine: Machine, on: bool) -> Machine | Declined:
    """The computer with or without the late activation fault; only editions that had it can have it (row 88)."""
    if on and not machine.media.late_activation_fault:
        return Declined(say("fixing.never_affected", machine.language, product=machine.media.product.title))
    return replace(machine, fix=Fix.MISSING if on else Fix.BUILT_IN)


def _started(machine: Machine, start: Start, now: datetime) -> Machine:
    words = say(f"fixing.started_{start.name}", machine.language)
    return happened(replace(machine, start=start), now, Kind.RESTART, words)
