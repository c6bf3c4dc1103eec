"""Reading a computer for a page, and changing it: nobody else's change is lost, and a refusal changes nothing."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar

from flask import abort

from workstation.computer.machine import Machine, machine_now
from workstation.page.room import room

Refusal = TypeVar("Refusal")


def computer_named(name: str) -> Machine:
    """The computer that an address names; a page that says so where there is none."""
    found = room().folder.read(name)
    if not isinstance(found, Machine):
        abort(HTTPStatus.NOT_FOUND, found.sentence)
    return found


def own_time(machine: Machine) -> datetime:
    """What the computer's own clock says now."""
    return machine_now(machine, room().clock())


def change(name: str, work: Callable[[Machine, datetime], Machine | Refusal]) -> Machine | Refusal:
    """The computer as `work` makes it from itself and its own time, saved; or the refusal, with nothing saved."""
    with room().folder.lock(name):
        machine = computer_named(name)
        outcome = work(machine, own_time(machine))
        if isinstance(outcome, Machine):
            room().folder.write(outcome)
    return outcome
