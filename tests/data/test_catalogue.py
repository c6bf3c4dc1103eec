"""The catalogue against the requirements table: what the pages say of products, keys, days and numbers."""

import re

import pytest

from activation.catalogue import VOLUME_CHANNELS, Catalogue, Channel

FICTION = re.compile(
    r"\+1[2-9]\d\d55501\d\d"  # North American Numbering Plan
    r"|\+448081570\d{3}|\+442079460\d{3}|\+441632960\d{3}"  # Ofcom
    r"|\+35320 ?91\d{5}"  # ComReg
    r"|\+61180097570[7-9]|\+6118009757(10|11)|\+61491570(156|157|158|159)"  # ACMA
    r"|\+493023125\d{3}"  # Bundesnetzagentur
    r"|\+331990\d{5}"  # Arcep
    r"|\+468465004\d\d"  # PTS
)

CLIENTS = {"Windows Vista Business", "Windows Vista Enterprise"}
SEVEN = {"Windows 7 Professional", "Windows 7 Enterprise"}
R2_A = {"Windows Web Server 2008 R2", "Windows HPC Server 2008 R2"}
R2_B = {"Windows Server 2008 R2 Standard", "Windows Server 2008 R2 Enterprise"}
R2_C = {"Windows Server 2008 R2 Datacenter", "Windows Server 2008 R2 for Itanium-based Systems"}
A = {"Windows Web Server 2008", "Windows HPC Server 2008"}
B = {
    "Windows Server 2008 Standard",
    "Windows Server 2008 Enterprise",
    "Windows Server 2008 Standard without Hyper-V",
    "Windows Server 2008 Enterprise without Hyper-V",
}
C = {
    "Windows Server 2008 Datacenter",
    "Windows Server 2008 Datacenter without Hyper-V",
    "Windows Server 2008 for Itanium-based Systems",
}
HOST_KEYS = {
    "vista": CLIENTS,
    "windows-7": CLIENTS | SEVEN,
    "server-2008-a": A | CLIENTS,
    "server-2008-b": A | B | CLIENTS,
    "server-2008-c": A | B | C | CLIENTS,
    "server-2008-r2-a": R2_A | A | CLIENTS | SEVEN,
    "server-2008-r2-b": R2_A | R2_B | A | B | CLIENTS | SEVEN,
    "server-2008-r2-c": R2_A | R2_B | R2_C | A | B | C | CLIENTS | SEVEN,
}


@pytest.mark.parametrize(("group", "titles"), HOST_KEYS.items())
def test_a_host_key_serves_exactly_what_table_a6a_says(catalogue: Catalogue, group: str, titles: set[str]) -> None:
    served = {group, *catalogue.groups[group].covers}
    assert {product.title for product in catalogue.products.values() if product.group.name in served} == titles


def test_every_group_with_volume_keys_is_in_table_a6a(catalogue: Catalogue) -> None:
    groups = {product.group.name for product in catalogue.products.values() if product.channels & VOLUME_CHANNELS}
    assert groups == set(HOST_KEYS)


def test_products_with_volume_keys_take_both_kinds(catalogue: Catalogue) -> None:
    for product in catalogue.products.values():
        assert product.channels & VOLUME_CHANNELS in (frozenset(), VOLUME_CHANNELS), product.name


def test_only_the_2003_generation_has_volume_licences_without_activation(catalogue: Catalogue) -> None:
    for product in catalogue.products.values():
        assert (Channel.VOLUME in product.channels) == (product.generation == "2003"), product.name


def test_some_editions_exist_only_in_volume_channels(catalogue: Catalogue) -> None:
    assert catalogue.product_named("vista-enterprise").channels == VOLUME_CHANNELS  # type: ignore[union-attr]


def test_every_channel_sells_something(catalogue: Catalogue) -> None:
    assert set().union(*(product.channels for product in catalogue.products.values())) == set(Channel)


def test_names_and_titles_are_unique(catalogue: Catalogue) -> None:
    products = catalogue.products.values()
    assert len({product.name for product in products}) == len({product.title for product in products}) == len(products)


def test_the_late_activation_fault_is_that_of_the_four_editions_named(catalogue: Catalogue) -> None:
    assert {product.name for product in catalogue.products.values() if product.late_activation_fault} == {
        "server-2003-web",
        "server-2003-standard",
        "server-2003-enterprise",
        "server-2003-enterprise-64",
    }


def test_the_2003_generation_writes_fifty_digits_and_every_other_fifty_four(catalogue: Catalogue) -> None:
    for product in catalogue.products.values():
        digits = (50, 42) if product.generation == "2003" else (54, 48)
        assert (product.layout.digits, product.layout.confirmation_digits) == digits, product.name


def test_every_layout_has_a_first_digit_in_each_of_five_epochs(catalogue: Catalogue) -> None:
    digits = {catalogue.header_for(layout, epoch).digit for layout in catalogue.layouts.values() for epoch in range(1, 6)}
    assert digits == set(range(10))


def test_grace_lasts_as_long_as_the_pages_say(catalogue: Catalogue) -> None:
    days = {channel: catalogue.grace_days[channel] for channel in Channel}
    assert (days[Channel.RETAIL], days[Channel.OEM], days[Channel.EVALUATION], days[Channel.MSDN]) == (30, 30, 14, 60)


def test_five_licences_are_enough_for_open_and_three_programmes_are_served_by_call_only(catalogue: Catalogue) -> None:
    assert catalogue.programmes["open"].minimum_licences == 5
    by_call_only = {name for name, programme in catalogue.programmes.items() if not programme.portal}
    assert by_call_only == {"spla", "isv-royalty", "hvms"}


def test_a_region_bound_edition_can_be_activated_from_some_listed_countries_and_not_from_others(catalogue: Catalogue) -> None:
    regions = catalogue.product_named("windows-7-home-premium-n").regions  # type: ignore[union-attr]
    assert {"DE", "SE"} <= regions & catalogue.countries.keys()
    assert "US" not in regions


def test_every_country_has_a_number_of_its_own_that_no_one_can_have(catalogue: Catalogue) -> None:
    numbers = [country.number for country in catalogue.countries.values()]
    assert len(set(numbers)) == len(numbers)
    assert [number for number in numbers if not FICTION.fullmatch(number)] == []
    assert {country.toll_free for country in catalogue.countries.values()} == {True, False}
