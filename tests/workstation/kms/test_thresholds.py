"""From how many computers on a host activates, whom it counts, and for how long."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

SEVEN, SERVER = "windows-7-professional", "server-2008-r2-standard"


@pytest.fixture
def host(network: Any) -> str:
    return str(network.registered("kms-1", SERVER))


# row 56
@pytest.mark.parametrize(
    ("product", "threshold"), [(SERVER, 5), ("server-2008-standard", 5), (SEVEN, 25), ("vista-business", 25)]
)
def test_the_last_computer_that_the_threshold_wants_flips_the_result(
    network: Any, host: str, product: str, threshold: int
) -> None:
    before = network.asked("crowd", host, "--count", str(threshold - 1), "--product", product)
    assert (before["activated"], before["reason"], before["counted"]) == (False, "too_few", threshold - 1)
    assert f"counts {threshold - 1} computers so far" in before["sentence"]
    after = network.asked("crowd", host, "--count", "1", "--product", product)
    assert (after["activated"], after["counted"]) == (True, threshold)


def test_those_who_came_too_early_are_activated_when_they_ask_again(network: Any, host: str) -> None:
    network.run("crowd", host, "--count", "24", "--product", SEVEN)
    network.run("crowd", host, "--count", "1", "--product", SEVEN)
    assert network.shown(host)["activated"] == 1
    network.does("renew", host)
    assert network.shown(host)["activated"] == 25


def test_servers_and_clients_are_counted_together(network: Any, host: str) -> None:
    network.run("crowd", host, "--count", "20", "--product", SEVEN)
    assert network.asked("crowd", host, "--count", "5", "--product", SERVER)["counted"] == 25
    network.does("renew", host)
    assert network.shown(host)["activated"] == 25


# row 57
@pytest.mark.parametrize(
    ("product", "service_pack", "counts"),
    [
        ("vista-business", 0, False),
        ("vista-business", 1, False),
        ("vista-business", 2, True),
        ("server-2008-standard", 1, False),
        ("server-2008-standard", 2, True),
        (SEVEN, 0, True),
        (SEVEN, 1, True),
        (SERVER, 0, True),
        (SERVER, 1, True),
    ],
)
def test_virtual_machines_are_ignored_before_some_versions_and_counted_from_them_on(
    network: Any, host: str, product: str, service_pack: int, counts: bool
) -> None:
    virtual = ("--virtual", "--service-pack", str(service_pack))
    answer = network.asked("crowd", host, "--count", "30", "--product", product, *virtual)
    assert answer["activated"] == counts
    counted = network.shown(host)["counts"]
    assert counted == {"physical": 0, "virtual": 30 if counts else 0, "virtual_not_counted": 0 if counts else 30}


# row 57
@pytest.mark.parametrize("service_pack", [0, 1, 2])
def test_physical_machines_count_whatever_their_version(network: Any, host: str, service_pack: int) -> None:
    answer = network.asked("crowd", host, "--count", "25", "--product", "vista-business", "--service-pack", str(service_pack))
    assert (answer["activated"], answer["counted"]) == (True, 25)


def test_virtual_machines_that_do_not_count_are_activated_once_others_make_up_the_number(network: Any, host: str) -> None:
    network.does("crowd", host, "--count", "25", "--product", "vista-business")
    old = network.asked("crowd", host, "--count", "3", "--product", "vista-business", "--virtual", "--service-pack", "1")
    assert (old["activated"], old["counted"]) == (True, 25)


def test_a_service_pack_that_there_never_was_is_refused(network: Any, host: str) -> None:
    said = network.refuses("crowd", host, "--count", "1", "--product", SEVEN, "--service-pack", "2")
    assert "Windows 7 has no service pack 2; it has 0, 1" in said


# row 59
def test_there_is_no_limit_on_the_computers_behind_a_host(network: Any, host: str) -> None:
    answer = network.asked("crowd", host, "--count", "10000", "--product", SEVEN)
    assert (answer["activated"], answer["counted"]) == (True, 10_000)
    page = network.shown(host)
    assert (page["activated"], page["counted"]) == (10_000, 10_000)
    assert "10,000" in network.does("show", host)


def test_who_has_not_asked_for_thirty_days_is_not_counted(network: Any, host: str) -> None:
    network.does("crowd", host, "--count", "25", "--product", SEVEN)
    network.does("clock", host, "--days", "29", "--hours", "23")
    assert network.shown(host)["counted"] == 25
    network.does("clock", host, "--hours", "1")
    assert network.shown(host)["counted"] == 0
    assert not network.asked("crowd", host, "--count", "1", "--product", SEVEN)["activated"]
    network.run("renew", host)
    assert network.shown(host)["counted"] == 26


def test_an_activation_holds_for_180_days_and_every_renewal_begins_them_anew(network: Any, host: str) -> None:
    answer = network.asked("crowd", host, "--count", "25", "--product", SEVEN)
    until = datetime.fromisoformat(answer["until"])
    assert abs(until - datetime.now(UTC) - timedelta(days=180)) < timedelta(minutes=1)
    network.does("clock", host, "--days", "179")
    assert network.shown(host)["activated"] == 25
    network.does("renew", host)
    network.does("clock", host, "--days", "179")
    assert network.shown(host)["activated"] == 25
    network.does("clock", host, "--days", "1")
    assert network.shown(host)["activated"] == 0


def test_a_renewal_below_the_threshold_leaves_the_activation_as_it_was(network: Any, host: str) -> None:
    network.run("crowd", host, "--count", "24", "--product", SEVEN)
    network.run("crowd", host, "--count", "1", "--product", SEVEN)
    network.does("renew", host)
    before = ends(network, host)
    network.does("clock", host, "--days", "31")
    renewed = network.run("renew", host)
    assert renewed.exit_code == 1, "the crowd that asks first is alone with itself"
    assert "crowd-1 (24 with Windows 7 Professional): not activated." in renewed.stdout
    after = ends(network, host)
    assert after["crowd-1"] == before["crowd-1"] is not None
    assert after["crowd-2"] > before["crowd-2"]


def ends(network: Any, host: str) -> dict[str, str]:
    """When whose activation ends."""
    return {each["name"]: each["activated_until"] for each in network.shown(host)["known"]}
