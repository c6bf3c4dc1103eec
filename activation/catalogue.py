"""What can be activated and in which shapes: layouts, products, groups, programmes, countries. Data, never code.

`Catalogue.from_mapping` reads what `data/catalog.toml` holds and refuses what does not fit together.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from activation.generations import Generation, HostSystem, read_generation, read_host_system

ELSEWHERE = "ZZ"
"""The country code of the international number; ISO 3166 gives it to nobody."""


class CatalogueError(ValueError):
    """The catalogue contradicts itself; the sentence says where."""


class Channel(StrEnum):
    """How a licence was sold (requirement row 4)."""

    RETAIL = "retail"
    OEM = "oem"
    EVALUATION = "evaluation"
    MSDN = "msdn"
    VOLUME = "volume"
    """Volume licences of the 2003 generation, which need no activation (row 9)."""
    MAK = "mak"
    KMS = "kms"


VOLUME_CHANNELS = frozenset({Channel.MAK, Channel.KMS})


@dataclass(frozen=True, slots=True)
class Layout:
    """How a generation writes its IDs: the installation ID's group lengths and the confirmation ID's blocks."""

    name: str
    groups: tuple[int, ...]
    blocks: int
    block_length: int

    @property
    def digits(self) -> int:
        """How many digits an installation ID has."""
        return sum(self.groups)

    @property
    def confirmation_digits(self) -> int:
        """How many digits a confirmation ID has."""
        return self.blocks * self.block_length


@dataclass(frozen=True, slots=True)
class Header:
    """What the first digit of an installation ID says: the layout and the key epoch."""

    digit: int
    layout: Layout
    epoch: int


@dataclass(frozen=True, slots=True)
class Group:
    """A product group: products that share volume keys (rows 71-73); a KMS host key of it serves the groups in `covers`."""

    name: str
    title: str
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """One edition. `code` is its number in IDs and keys; `regions` are country codes, empty where it activates anywhere."""

    code: int
    name: str
    title: str
    generation: str
    group: Group
    layout: Layout
    channels: frozenset[Channel]
    regions: frozenset[str] = frozenset()
    late_activation_fault: bool = False
    """Whether the edition refuses right confirmation IDs once its grace has ended (KB 824345, row 88)."""


@dataclass(frozen=True, slots=True)
class Programme:
    """A kind of volume agreement: least number of licences, default allowance, whether the portal serves it (row 79)."""

    name: str
    title: str
    minimum_licences: int
    mak_allowance: int
    portal: bool


@dataclass(frozen=True, slots=True)
class Country:
    """A country of the wizard's list: its activation number (E.164) and whether that is free of charge (row 34)."""

    code: str
    title: str
    number: str
    toll_free: bool
    language: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that is data about what can be activated."""

    layouts: Mapping[str, Layout]
    headers: Mapping[int, Header]
    groups: Mapping[str, Group]
    generations: Mapping[str, Generation]
    products: Mapping[int, Product]
    host_systems: Mapping[str, HostSystem]
    programmes: Mapping[str, Programme]
    countries: Mapping[str, Country]
    grace_days: Mapping[Channel, int]

    @classmethod
    def from_mapping(cls, raw: Mapping[str, Any]) -> "Catalogue":
        """Reads the parsed TOML. Raises CatalogueError with a sentence that names the entry at fault."""
        try:
            layouts = {row["name"]: _layout(row) for row in raw["layouts"]}
            headers = {row["digit"]: Header(row["digit"], layouts[row["layout"]], row["epoch"]) for row in raw["headers"]}
            groups = {row["name"]: Group(row["name"], row["title"], tuple(row["covers"])) for row in raw["groups"]}
            generations = {row["name"]: read_generation(row) for row in raw["generations"]}
            products = {row["code"]: _product(row, groups, layouts) for row in raw["products"]}
            hosts = {row["name"]: read_host_system(row) for row in raw["host_systems"]}
            programmes = {row["name"]: Programme(**row) for row in raw["programmes"]}
            countries = {row["code"]: Country(**row) for row in raw["countries"]}
            grace = {Channel(name): days for name, days in raw["grace_days"].items()}
        except KeyError as missing:
            raise CatalogueError(f"The catalogue names {missing} nowhere, or an entry lacks it.") from None
        except (TypeError, ValueError) as wrong:
            raise CatalogueError(f"The catalogue has an entry that does not fit: {wrong}") from None
        _check(headers, groups, products)
        _check_generations(generations, products, hosts)
        return cls(layouts, headers, groups, generations, products, hosts, programmes, countries, grace)

    @property
    def versions(self) -> Mapping[str, str]:
        """The version that media install, by generation: "6.1.7601" for "7", as the generations' own entries say."""
        return {name: generation.version for name, generation in self.generations.items()}

    def in_epochs(self, epochs: Collection[int]) -> "Catalogue":
        """The catalogue with the first digits of these epochs only: no ID begins with another."""
        return replace(self, headers={digit: header for digit, header in self.headers.items() if header.epoch in epochs})

    def product_named(self, name: str) -> Product | None:
        """The product with this short name, for example `windows-7-professional`."""
        return next((product for product in self.products.values() if product.name == name), None)

    def header_for(self, layout: Layout, epoch: int) -> Header:
        """The first digit of new IDs of this layout and epoch. Raises CatalogueError when the catalogue has none."""
        for header in self.headers.values():
            if header.layout == layout and header.epoch == epoch:
                return header
        raise CatalogueError(
            f"The catalogue has no first digit for layout {layout.name!r} in epoch {epoch}; add a [[headers]] entry."
        )

    def region_of_number(self, number: str) -> str | None:
        """The country code that a dialled activation number stands for; None for the international or an unknown number."""
        codes = (country.code for country in self.countries.values() if country.number == number)
        return next((code for code in codes if code != ELSEWHERE), None)


def _layout(row: Mapping[str, Any]) -> Layout:
    return Layout(row["name"], tuple(row["groups"]), row["blocks"], row["block_length"])


def _product(row: Mapping[str, Any], groups: Mapping[str, Group], layouts: Mapping[str, Layout]) -> Product:
    return Product(
        code=row["code"],
        name=row["name"],
        title=row["title"],
        generation=row["generation"],
        group=groups[row["group"]],
        layout=layouts[row["layout"]],
        channels=frozenset(Channel(name) for name in row["channels"]),
        regions=frozenset(row.get("regions", ())),
        late_activation_fault=row.get("late_activation_fault", False),
    )


def _check(headers: Mapping[int, Header], groups: Mapping[str, Group], products: Mapping[int, Product]) -> None:
    for header in headers.values():
        if not 0 <= header.digit <= 9 or sum(header.layout.groups) - len(header.layout.groups) < 41:
            raise CatalogueError(
                f"First digit {header.digit}: one digit, and a layout with at least 41 digits beside its check digits."
            )
    for product in products.values():
        if not 0 <= product.code <= 255:
            raise CatalogueError(f"Product {product.name!r}: its code must fit in 8 bits.")
    for group in groups.values():
        if unknown := [name for name in group.covers if name not in groups]:
            raise CatalogueError(f"Group {group.name!r} covers {unknown[0]!r}, which is not a group.")


def _check_generations(
    generations: Mapping[str, Generation], products: Mapping[int, Product], hosts: Mapping[str, HostSystem]
) -> None:
    for product in products.values():
        if product.generation not in generations:
            raise CatalogueError(f"Product {product.name!r}: {product.generation!r} is not a generation.")
        if Channel.KMS in product.channels and generations[product.generation].kms_threshold is None:
            raise CatalogueError(f"Product {product.name!r}: no key-management host activates its generation.")
    for host in hosts.values():
        if unknown := [name for name in (*host.serves, *host.serves_updated) if name not in generations]:
            raise CatalogueError(f"Host system {host.name!r} serves {unknown[0]!r}, which is not a generation.")
        served = {*host.serves, *host.serves_updated}
        if left_out := [one.name for one in generations.values() if one.kms_threshold and one.name not in served]:
            raise CatalogueError(f"Host system {host.name!r} never serves generation {left_out[0]!r}, updated or not.")
