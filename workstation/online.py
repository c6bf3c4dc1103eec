"""One attempt over the internet, written down: the computer as it is afterwards, its trace, the exchange for the viewer."""

import os
from datetime import datetime
from pathlib import Path

import msgspec

from workstation import internet
from workstation.exchange import Exchange, exchange_of
from workstation.files import MachineFolder
from workstation.internet import Attempt
from workstation.machine import Machine
from workstation.setup_log import lines_of

_ONLY_OWNER = 0o600


def activate_and_keep(
    folder: MachineFolder, machine: Machine, request_id: str, now: datetime, computers: int | None = None
) -> Attempt:
    """`workstation.internet.activate`, with everything written down. Raises OSError where it cannot be."""
    attempt = internet.activate(machine, request_id, now, computers)
    folder.append_log(machine.name, lines_of(machine, now, attempt.steps))
    folder.write(attempt.machine)
    if exchange := exchange_of(attempt, machine, now):
        _keep(_exchange_file(folder, machine.name), exchange)
    return attempt


def last_exchange(folder: MachineFolder, machine: Machine) -> Exchange | None:
    """What this computer sent last; None where it sent nothing since it was installed, or its file cannot be read any more."""
    try:
        exchange = msgspec.json.decode(_exchange_file(folder, machine.name).read_bytes(), type=Exchange)
    except (OSError, ValueError, RecursionError):
        return None
    return exchange if exchange.at >= machine.installed_at else None


def _exchange_file(folder: MachineFolder, name: str) -> Path:
    return folder.folder / f"{name.lower()}.exchange"


def _keep(file: Path, exchange: Exchange) -> None:
    draft = file.with_name(f"{file.name}.draft")
    draft.touch(_ONLY_OWNER)
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(exchange), indent=2))
    os.replace(draft, file)
