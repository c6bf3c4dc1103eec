"""Generations and host systems as the catalogue has them, and the entries that are refused with a sentence."""

import tomllib
from copy import deepcopy
from importlib.resources import files
from typing import Any

import pytest

from activation.catalogue import Catalogue, CatalogueError

RAW = tomllib.loads(files("data").joinpath("catalog.toml").read_text(encoding="utf-8"))


def refusal(*path: str | int, **changes: Any) -> str:
    """What is said of a catalogue with this entry changed."""
    raw = deepcopy(RAW)
    entry: Any = raw
    for step in path:
        entry = entry[step]
    entry.update(changes)
    with pytest.raises(CatalogueError) as refused:
        Catalogue.from_mapping(raw)
    return str(refused.value)


def test_media_install_the_newest_service_pack(catalogue: Catalogue) -> None:
    assert catalogue.versions == {
        "2003": "5.2.3790",
        "vista": "6.0.6002",
        "2008": "6.0.6002",
        "7": "6.1.7601",
        "2008-r2": "6.1.7601",
    }


def test_thresholds_are_five_for_servers_and_twenty_five_for_clients(catalogue: Catalogue) -> None:
    wanted = {name: generation.kms_threshold for name, generation in catalogue.generations.items()}
    assert wanted == {"2003": None, "vista": 25, "7": 25, "2008": 5, "2008-r2": 5}


@pytest.mark.parametrize(
    ("generation", "version", "counts"),
    [
        ("vista", "6.0.6001", False),
        ("vista", "6.0.6002", True),
        ("vista", "6.0.10000", True),
        ("7", "6.1.7600", True),
        ("2003", "9.9", False),
    ],
)
def test_virtual_machines_count_from_a_version_on(catalogue: Catalogue, generation: str, version: str, counts: bool) -> None:
    assert catalogue.generations[generation].counts_virtual(version) == counts


def test_hosts_that_need_an_update_are_those_of_2003_vista_and_2008(catalogue: Catalogue) -> None:
    updated = {name: host.serves_updated for name, host in catalogue.host_systems.items() if host.update}
    assert updated == dict.fromkeys(("server-2003", "vista", "server-2008"), ("7", "2008-r2"))
    assert "1.2" in str(catalogue.host_systems["server-2003"].update)


@pytest.mark.parametrize(
    ("path", "changes", "says"),
    [
        (("generations", 1), {"virtual_counts_from": "6.0.1"}, "'vista' has no version '6.0.1'"),
        (("generations", 1), {"service_packs": {}}, "'vista' has no service pack"),
        (("generations", 1), {"service_packs": {"one": "6.0.6002"}}, "does not fit"),
        (("generations", 1), {"name": "xp"}, "'vista' is not a generation"),
        (("generations", 1), {"colour": "blue"}, "does not fit"),
        (("host_systems", 0), {"serves": ["vista", "95"]}, "serves '95', which is not a generation"),
        (("host_systems", 0), {"serves_updated": []}, "go together"),
        (("host_systems", 3), {"update": "a patch"}, "go together"),
        (("host_systems", 3), {"serves": ["vista", "2008", "7"]}, "never serves generation '2008-r2'"),
        (("products", 1), {"generation": "95"}, "'95' is not a generation"),
        (("products", 1), {"channels": ["kms"]}, "no key-management host activates its generation"),
    ],
)
def test_an_entry_that_does_not_fit_is_refused_with_a_sentence(
    path: tuple[str | int, ...], changes: dict[str, Any], says: str
) -> None:
    assert says in refusal(*path, **changes)
