"""The computer about which the demo's caller calls."""

from dataclasses import dataclass

from activation.digits import check_digit_holds
from activation.keys import write_key
from house.instance import House
from pbx.demo.computer import DemoFailed, Shown
from workstation.declined import NotConfirmed
from workstation.files import MachineFolder, Unreadable
from workstation.installing import NotInstalled, install
from workstation.machine import Machine, confirm, installation_id

DEMO_SERIAL = 3010
"""The demo data's key with which the demo installs its computer: a volume key with room for many."""


@dataclass(frozen=True, slots=True)
class DemoComputer:
    """A workstation of this instance, for the demo."""

    house: House
    name: str

    def look(self) -> Shown:
        """What it shows; it is installed first where there is none. Raises DemoFailed."""
        machine = self._read() if self._folder.holds(self.name) else self._install()
        layout = machine.media.header.layout
        return Shown(machine.name, installation_id(machine), layout.blocks, layout.block_length)

    def is_block(self, digits: str) -> bool:
        """Whether the check digit of a block holds."""
        return check_digit_holds(digits)

    def type_in(self, blocks: tuple[str, ...]) -> str | None:
        """None when the computer is activated, else the sentence it shows."""
        outcome = confirm(self._read(), " ".join(blocks), self.house.clock())
        if isinstance(outcome, NotConfirmed):
            return outcome.sentence
        self._folder.write(outcome)
        return None

    @property
    def _folder(self) -> MachineFolder:
        return MachineFolder(self.house.home)

    def _read(self) -> Machine:
        machine = self._folder.read(self.name)
        if isinstance(machine, Unreadable):
            raise DemoFailed(machine.sentence)
        return machine

    def _install(self) -> Machine:
        known = self.house.store.read(lambda transaction: transaction.keys.get(DEMO_SERIAL))
        if known is None:
            raise DemoFailed("The demo data is not there: run `activation-center init`.")
        machine = install(
            self._folder, self.name, self.house.base_url, write_key(known.key, self.house.secrets), now=self.house.clock()
        )
        if isinstance(machine, NotInstalled):
            raise DemoFailed(machine.sentence)
        return machine
