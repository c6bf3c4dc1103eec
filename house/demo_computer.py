"""The computer about which the demo's caller calls."""

from dataclasses import dataclass

from activation.digits import check_digit_holds
from activation.keys import write_key
from house.instance import House
from pbx.demo.computer import DemoFailed, Shown
from stories.computer import Computer

DEMO_SERIAL = 3010
"""The demo data's key with which the demo installs its computer: a volume key with room for many."""


@dataclass(frozen=True, slots=True)
class DemoComputer:
    """A workstation of this instance, for the demo."""

    house: House
    name: str

    def look(self) -> Shown:
        """What it shows; it is installed first where there is none. Raises DemoFailed."""
        computer = self._computer
        if not computer.is_there:
            computer.install(self._key())
        machine, layout = computer.machine, computer.machine.media.header.layout
        return Shown(machine.name, tuple(computer.groups), layout.blocks, layout.block_length)

    def is_block(self, digits: str) -> bool:
        """Whether the check digit of a block holds."""
        return check_digit_holds(digits)

    def type_in(self, blocks: tuple[str, ...]) -> str | None:
        """None when the computer is activated, else the sentence it shows."""
        return self._computer.type_in(blocks)

    @property
    def _computer(self) -> Computer:
        return Computer(self.house.home, self.name, self.house.base_url)

    def _key(self) -> str:
        known = self.house.store.read(lambda transaction: transaction.keys.get(DEMO_SERIAL))
        if known is None:
            raise DemoFailed("The demo data is not there: run `activation-center init`.")
        return write_key(known.key, self.house.secrets)
