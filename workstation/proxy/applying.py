"""Applying: confirmation IDs go into the computers that showed the installation IDs, without the centre.

A computer set up anew on the same hardware shows the same installation ID: its stored confirmation ID activates it again
and uses nothing ("local reactivation").
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from msgspec.structs import replace

from workstation.activating.typing_in import type_in
from workstation.computer.declined import NotConfirmed
from workstation.computer.machine import SETTLED, Machine, installation_id, machine_now, state
from workstation.keeping.files import MachineFolder, Unreadable
from workstation.proxy.collection import Collection, Received, Row

WORKERS = 8
"""Computers at once: each waits for the disk on its own."""
AT_A_TIME = 200
"""Computers that are begun before it is seen whether to go on."""


class Outcome(StrEnum):
    """What became of one computer."""

    ACTIVATED = "activated"
    REACTIVATED = "activated again"
    """A computer set up anew took the stored confirmation ID; no activation was used."""
    ALREADY = "was activated already"
    WAITING = "has no confirmation ID yet"
    ELSEWHERE = "is no workstation of this instance"
    """Somebody types its confirmation ID in where it stands."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Applied:
    """One computer's result: the row whose installation ID it shows, if there is one, and for a failure the sentence."""

    name: str
    outcome: Outcome
    row: Row | None = None
    sentence: str = ""


def apply(collection: Collection, folder: MachineFolder, names: Sequence[str], now: datetime) -> Iterator[Applied]:
    """Types the stored confirmation IDs into the workstations of these names; each is on disk when its result is given.

    `note_applied` then makes a collection of the results. Raises OSError where a workstation cannot be saved.
    """
    rows = {row.installation_id: row for row in collection.rows}
    with ThreadPoolExecutor(WORKERS) as workers:
        for start in range(0, len(names), AT_A_TIME):
            yield from workers.map(lambda name: _apply_to(name, folder, rows, now), names[start : start + AT_A_TIME])


def note_applied(collection: Collection, results: Iterable[Applied], now: datetime) -> Collection:
    """The collection that knows which computers are activated."""
    active = {Outcome.ACTIVATED, Outcome.REACTIVATED, Outcome.ALREADY}
    rows = [one.row for one in results if one.row and one.outcome in active]
    return collection.changed(replace(row, activated_at=now) for row in rows if row.received)


def _apply_to(name: str, folder: MachineFolder, rows: Mapping[str, Row], now: datetime) -> Applied:
    with folder.lock(name):
        if not folder.holds(name):
            return Applied(name, Outcome.ELSEWHERE)
        machine = folder.read(name)
        if isinstance(machine, Unreadable):
            return Applied(name, Outcome.FAILED, sentence=machine.sentence)
        row, here = rows.get("".join(installation_id(machine))), machine_now(machine, now)
        if state(machine, here) in SETTLED:
            return Applied(name, Outcome.ALREADY, row)
        if row is None:
            return Applied(name, Outcome.FAILED, sentence="It shows another installation ID now; collect and send it again.")
        if row.received is None:
            return Applied(name, Outcome.WAITING, row)
        return _confirmed(machine, row, row.received, folder, here)


def _confirmed(machine: Machine, row: Row, received: Received, folder: MachineFolder, here: datetime) -> Applied:
    """Types a confirmation ID."""
    confirmed = type_in(folder, machine, " ".join(received.confirmation_id), here)
    if isinstance(confirmed, NotConfirmed):
        return Applied(machine.name, Outcome.FAILED, row, confirmed.sentence)
    return Applied(machine.name, Outcome.REACTIVATED if row.activated_at else Outcome.ACTIVATED, row)
