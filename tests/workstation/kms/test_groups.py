"""Table A6a, cell by cell: which volume editions a host activates with which host key. The table is written out here, not read."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

VISTA = {"vista-business", "vista-enterprise"}
SEVEN = {"windows-7-professional", "windows-7-enterprise"}
A = {"server-2008-web", "server-2008-hpc"}
B = {
    "server-2008-standard",
    "server-2008-enterprise",
    "server-2008-standard-no-hyper-v",
    "server-2008-enterprise-no-hyper-v",
}
C = {"server-2008-datacenter", "server-2008-datacenter-no-hyper-v", "server-2008-itanium"}
R2_A = {"server-2008-r2-web", "server-2008-r2-hpc"}
R2_B = {"server-2008-r2-standard", "server-2008-r2-enterprise"}
R2_C = {"server-2008-r2-datacenter", "server-2008-r2-itanium"}
EDITIONS = sorted(VISTA | SEVEN | A | B | C | R2_A | R2_B | R2_C)

HOST_KEYS = {
    "vista-business": VISTA,
    "windows-7-professional": VISTA | SEVEN,
    "server-2008-web": VISTA | A,
    "server-2008-enterprise": VISTA | A | B,
    "server-2008-itanium": VISTA | A | B | C,
    "server-2008-r2-hpc": VISTA | SEVEN | A | R2_A,
    "server-2008-r2-standard": VISTA | SEVEN | A | B | R2_A | R2_B,
    "server-2008-r2-datacenter": VISTA | SEVEN | A | B | C | R2_A | R2_B | R2_C,
}
"""A host key of every group, by an edition of it."""

Serve = Callable[[], AbstractContextManager[str]]


@pytest.fixture(scope="module")
def made() -> list[Any]:
    """The network of this module, once it is there."""
    return []


@pytest.fixture
def hosts(made: list[Any], tmp_path_factory: pytest.TempPathFactory, open_network: Callable[..., Any], serve: Serve) -> Any:
    """One network with a registered host of every key, set up by the first test that wants it."""
    if not made:
        network = open_network(tmp_path_factory.mktemp("groups"), serve)
        for edition in HOST_KEYS:
            network.registered(edition, edition)
        made.append(network)
    return made[0]


# row 64
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("key", HOST_KEYS)
def test_every_cell_of_table_a6a(hosts: Any, key: str, edition: str) -> None:
    answer = hosts.asked("crowd", key, "--count", "25", "--product", edition)
    assert answer["activated"] == (edition in HOST_KEYS[key])
    if not answer["activated"]:
        assert answer["reason"] == "other_group"


# rows 64, 65
@pytest.mark.parametrize("key", HOST_KEYS)
def test_a_host_shows_exactly_what_its_key_activates(hosts: Any, key: str) -> None:
    titles = {hosts.catalogue.product_named(edition).title for edition in HOST_KEYS[key]}
    assert set(hosts.shown(key)["activates"]) == titles
    assert len(hosts.shown(key)["activates"]) == len(titles)


# row 65
def test_a_client_that_no_key_here_serves_is_told_to_take_that_of_the_highest_group(hosts: Any) -> None:
    answer = hosts.asked("crowd", "server-2008-r2-standard", "--count", "25", "--product", "server-2008-r2-datacenter")
    assert "(Windows Server 2008 R2 group B) does not serve Windows Server 2008 R2 Datacenter" in answer["sentence"]
    assert "Use the host key of the highest product group you hold." in answer["sentence"]


@pytest.mark.parametrize("edition", ["windows-7-home-premium", "server-2003-standard", "windows-95"])
def test_what_is_no_volume_edition_of_later_generations_no_host_activates(hosts: Any, edition: str) -> None:
    said = hosts.refuses("crowd", "server-2008-r2-datacenter", "--count", "25", "--product", edition)
    assert f"No key-management host activates {edition!r}; it activates vista-business" in said
