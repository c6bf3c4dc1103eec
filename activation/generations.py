"""Generations of systems and what key-management hosts run on, as the catalogue has them (requirement rows 56, 57, 61-63)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Generation:
    """Systems of one age: version numbers by service pack, and what key-management hosts ask of them (rows 56, 57, 61).

    No `kms_threshold`: no host activates the generation. No `virtual_counts_from`: its virtual machines never count.
    """

    name: str
    title: str
    service_packs: Mapping[int, str]
    kms_threshold: int | None = None
    virtual_counts_from: str | None = None
    kms_needs_marker: bool = False
    """Whether its computers must show a base licence and a firmware marker."""

    def __post_init__(self) -> None:
        """Raises ValueError for a generation without a version, or with one among them that is not its own."""
        if not self.service_packs:
            raise ValueError(f"generation {self.name!r} has no service pack with a version.")
        if self.virtual_counts_from not in (None, *self.service_packs.values()):
            raise ValueError(f"generation {self.name!r} has no version {self.virtual_counts_from!r}.")

    @property
    def version(self) -> str:
        """The version that media install: that of the newest service pack."""
        return self.service_packs[max(self.service_packs)]

    def counts_virtual(self, version: str) -> bool:
        """Whether a key-management host counts a virtual machine of this version (row 57)."""
        return self.virtual_counts_from is not None and _numbers(version) >= _numbers(self.virtual_counts_from)


@dataclass(frozen=True, slots=True)
class HostSystem:
    """What a key-management host runs on: the generations it serves as it comes, and with its update too (row 63)."""

    name: str
    title: str
    serves: tuple[str, ...]
    update: str | None = None
    serves_updated: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError for an update that nothing comes of, or for what comes of none."""
        if bool(self.serves_updated) != (self.update is not None):
            raise ValueError(f"host system {self.name!r}: an update, and what it serves then, go together.")


def read_generation(row: Mapping[str, Any]) -> Generation:
    """A generation from its entry. Raises TypeError or ValueError for one that does not fit."""
    packs = {int(number): version for number, version in row["service_packs"].items()}
    return Generation(**{**row, "service_packs": packs})


def read_host_system(row: Mapping[str, Any]) -> HostSystem:
    """A host system from its entry. Raises TypeError or ValueError for one that does not fit."""
    lists: dict[str, Any] = {name: tuple(row[name]) for name in ("serves", "serves_updated") if name in row}
    return HostSystem(**{**row, **lists})


def _numbers(version: str) -> tuple[int, ...]:
    """A version so that versions can be compared. Raises ValueError for what is none."""
    return tuple(int(number) for number in version.split("."))
