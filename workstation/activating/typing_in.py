"""Typing a confirmation ID in: the computer takes it, or remembers that it did not (rows 19, 36)."""

from datetime import datetime

from workstation.computer.declined import NotConfirmed
from workstation.computer.machine import Machine, confirm, happened
from workstation.computer.traits import Kind
from workstation.keeping.files import MachineFolder


def type_in(folder: MachineFolder, machine: Machine, text: str, now: datetime) -> Machine | NotConfirmed:
    """`machine.confirm`, with the outcome kept: a refusal, too, is a line of its history. Raises OSError where it cannot be."""
    outcome = confirm(machine, text, now)
    if isinstance(outcome, NotConfirmed):
        folder.write(happened(machine, now, Kind.REFUSED, outcome.sentence))
    else:
        folder.write(outcome)
    return outcome
