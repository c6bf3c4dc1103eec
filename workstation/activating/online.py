"""One attempt over the internet, written down: the computer as it is afterwards, its trace, the exchange for the viewer."""

from datetime import datetime

import msgspec

from activation.catalogue import Country
from workstation.activating import internet
from workstation.activating.exchange import Exchange, exchange_of
from workstation.activating.internet import Attempt
from workstation.activating.phone_page import number_line
from workstation.computer.machine import Machine
from workstation.keeping.files import MachineFolder
from workstation.keeping.setup_log import Code, Step, lines_of
from workstation.keeping.whole_file import replace_file


def activate_and_keep(
    folder: MachineFolder, machine: Machine, request_id: str, now: datetime, computers: int | None = None
) -> Attempt:
    """`internet.activate`, with everything written down. Raises OSError where it cannot be."""
    attempt = internet.activate(machine, request_id, now, computers)
    folder.append_log(machine.name, lines_of(machine, now, attempt.steps))
    folder.write(attempt.machine)
    if exchange := exchange_of(attempt, machine, now):
        replace_file(folder.exchange_path(machine.name), msgspec.json.format(msgspec.json.encode(exchange), indent=2))
    return attempt


def note_phone_page(folder: MachineFolder, machine: Machine, country: Country, now: datetime) -> None:
    """That the computer sent its user to the telephone is a line of its log (row 38). Raises OSError where it cannot be."""
    step = Step(Code.PHONE_PAGE, number_line(country, machine.language))
    folder.append_log(machine.name, lines_of(machine, now, [step]))


def last_exchange(folder: MachineFolder, machine: Machine) -> Exchange | None:
    """What this computer sent last; None where it sent nothing since it was installed, or its file cannot be read any more."""
    try:
        exchange = msgspec.json.decode(folder.exchange_path(machine.name).read_bytes(), type=Exchange)
    except (OSError, ValueError, RecursionError):
        return None
    return exchange if exchange.at >= machine.installed_at else None
