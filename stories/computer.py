"""The caller's computer: a workstation of the instance, by the workstation's own functions."""

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stories.backstage import StoryFailed
from workstation.activating import online
from workstation.activating.internet import Attempt
from workstation.activating.typing_in import type_in
from workstation.computer.declined import Declined, NotConfirmed
from workstation.computer.hardware import replace_part
from workstation.computer.machine import (
    Machine,
    change_hardware,
    days_left,
    happened,
    installation_id,
    machine_now,
    state,
)
from workstation.computer.media import NoMedia, fetch_media
from workstation.computer.traits import Kind
from workstation.keeping.files import MachineFolder, Unreadable
from workstation.life import clock, fixing
from workstation.life.fixing import Way
from workstation.setup.installing import NotInstalled, install

NEW_BOARD = ("network address", "volume serial", "graphics", "processor", "memory size", "disk controller", "firmware")
"""What is another one when the main board of a computer is exchanged and the system put on it again."""


@dataclass(frozen=True, slots=True)
class Computer:
    """One workstation by its name. What cannot be done raises StoryFailed with the computer's own sentence."""

    home: Path
    name: str
    base_url: str

    @property
    def is_there(self) -> bool:
        """Whether there is a computer of this name."""
        return self._folder.holds(self.name)

    def install(self, key: str) -> None:
        """Installed anew with this key; what was there under the name is gone."""
        self._folder.remove(self.name)
        machine = install(self._folder, self.name, self.base_url, key, now=_real_now())
        if isinstance(machine, NotInstalled):
            raise StoryFailed(machine.sentence)

    def install_again(self) -> None:
        """The same system from the same media on the same parts: nothing of the activation is left."""
        known, now = self.machine, self._now
        anew = replace(known, activation=None, drifted_at=None, installed_at=now, grace=None)
        words = f"Windows was installed anew from the same media: {known.media.product.title}."
        self._folder.write(happened(anew, now, Kind.INSTALLED, words))

    def install_other(self, key: str, own_key: str) -> None:
        """Setup of the product of `own_key`, given `key`: the serial is that of a key for something else."""
        self.install(own_key)
        media = fetch_media(self.base_url, key)
        if isinstance(media, NoMedia):
            raise StoryFailed(media.sentence)
        known = self.machine
        self._folder.write(replace(known, key=key, media=replace(known.media, serial=media.serial)))

    @property
    def machine(self) -> Machine:
        """The computer as it is kept."""
        machine = self._folder.read(self.name)
        if isinstance(machine, Unreadable):
            raise StoryFailed(machine.sentence)
        return machine

    @property
    def groups(self) -> Sequence[str]:
        """The installation ID as it is shown."""
        return installation_id(self.machine)

    @property
    def state(self) -> str:
        """Where it stands, in the words it shows."""
        return state(self.machine, self._now).value

    @property
    def days_left(self) -> int | None:
        """Days left to activate; None where no countdown runs."""
        return days_left(self.machine, self._now)

    @property
    def shows(self) -> str:
        """What it shows of its activation, in a few words."""
        left = self.days_left
        return self.state if left is None else f"{self.state}, {left} days left"

    def swap_board(self) -> None:
        """Another main board: the parts that come with it are others."""
        known, chance = self.machine, random.SystemRandom()
        changed = {name: replace_part(name, known.parts, chance) for name in NEW_BOARD}
        self._folder.write(change_hardware(known, changed, self._now))

    def let_days_pass(self, days: int) -> None:
        """Its clock goes on by so many days."""
        self._keep(clock.move_ahead(self.machine, timedelta(days=days), _real_now()))

    def ask_the_web(self, computers: int | None = None) -> Attempt:
        """One attempt over the internet, as the wizard makes it."""
        return online.activate_and_keep(self._folder, self.machine, secrets.token_hex(12), self._now, computers)

    def install_fix(self) -> None:
        """The fix of KB 824345, in safe mode, and the restart that brings it into force."""
        self._keep(fixing.apply_fix(self.machine, Way.SAFE_MODE, self._now))
        self._folder.write(fixing.restart(self.machine, self._now))

    def type_in(self, blocks: Sequence[str]) -> str | None:
        """Types a confirmation ID: None when it is taken, else the sentence shown."""
        outcome = type_in(self._folder, self.machine, " ".join(blocks), self._now)
        return outcome.sentence if isinstance(outcome, NotConfirmed) else None

    def remove(self) -> None:
        """Takes it away."""
        self._folder.remove(self.name)

    def _keep(self, outcome: Machine | Declined) -> None:
        if isinstance(outcome, Declined):
            raise StoryFailed(outcome.sentence)
        self._folder.write(outcome)

    @property
    def _now(self) -> datetime:
        return machine_now(self.machine, _real_now())

    @property
    def _folder(self) -> MachineFolder:
        return MachineFolder(self.home)


def _real_now() -> datetime:
    return datetime.now(UTC)
