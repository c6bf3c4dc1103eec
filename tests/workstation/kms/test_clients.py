"""Workstations and the hosts of their network: who asks by itself, what a host needs to see, and a host key in the wrong place."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from activation.catalogue import Channel
from workstation.commands import workstation

SEVEN, SERVER, HOST_KEY = "windows-7-professional", "server-2008-r2-standard", "server-2008-r2-datacenter"


@pytest.fixture
def host(network: Any) -> str:
    """A registered host that counts enough computers for everything."""
    name = str(network.registered("kms-1", HOST_KEY))
    network.does("crowd", name, "--count", "25", "--product", SERVER)
    return name


@pytest.fixture
def desk(network: Any, live: Callable[..., Result]) -> Callable[..., str]:
    """Sets a workstation up by the command: `desk(name, *options)`; what it prints."""

    def set_up(name: str, *options: str) -> str:
        outcome = live("new", "--name", name, *options)
        assert outcome.exit_code == 0, outcome.output
        return str(outcome.output)

    return set_up


def state(network: Any, name: str) -> dict[str, Any]:
    outcome = CliRunner().invoke(workstation, ["show", name, "--json"], obj=Nowhere(network.home))
    assert outcome.exit_code == 0, outcome.output
    return dict(json.loads(outcome.stdout))


class Nowhere:
    """An instance whose centre does not answer."""

    base_url = "http://127.0.0.1:9"

    def __init__(self, home: Any) -> None:
        self.home = home


# row 60
@pytest.mark.parametrize("product", [SEVEN, "vista-enterprise", SERVER, "server-2008-web"])
def test_a_volume_edition_is_a_client_of_a_host_by_default(
    network: Any, host: str, desk: Callable[..., str], product: str
) -> None:
    assert "looks for a key-management host" in desk("pc", "--product", product, "--firmware-marker")
    assert state(network, "pc")["channel"] == "kms"
    assert state(network, "pc")["state"] == "in grace"
    assert network.asked("client", host, "pc")["activated"]
    page = state(network, "pc")
    assert (page["state"], page["activated_by_host"]["host"]) == ("activated", host)


# row 60
def test_slmgr_lets_a_client_look_for_a_host_until_one_activates_it(network: Any, host: str, desk: Callable[..., str]) -> None:
    network.new("a-new-one", HOST_KEY)
    desk("pc", "--product", SEVEN, "--firmware-marker")
    asked = network.computer("slmgr", "pc", "/ato")
    assert asked.exit_code == 0, asked.output
    assert "pc: The key-management host a-new-one is not registered with the vendor yet" in asked.output
    assert f"pc: The key-management host {host} has activated this computer for 180 days." in asked.output
    assert state(network, "pc")["activated_by_host"]["host"] == host
    assert network.shown(host)["counted"] == 26


# row 60
def test_a_client_in_a_network_without_a_host_is_told_so(network: Any, desk: Callable[..., str]) -> None:
    desk("pc", "--product", SEVEN, "--firmware-marker", "--language", "de")
    asked = network.computer("slmgr", "pc", "/ato")
    assert asked.exit_code == 1
    assert asked.stderr.startswith("Error: In diesem Netz wurde kein Schlüsselverwaltungshost gefunden.")


# row 60
def test_a_client_that_no_host_activates_hears_why_and_the_command_fails(network: Any, desk: Callable[..., str]) -> None:
    network.registered("kms-1", HOST_KEY)
    desk("pc", "--product", SEVEN, "--firmware-marker")
    asked = network.computer("slmgr", "pc", "/ato")
    assert asked.exit_code == 1
    assert "kms-1 counts 1 computers so far and activates Windows 7 Professional from 25 on." in asked.output
    assert state(network, "pc")["state"] == "in grace"


# row 60
@pytest.mark.parametrize("command", [("slui", "pc"), ("slmgr", "pc", "/dti")])
def test_a_client_has_nothing_to_read_to_the_line(network: Any, desk: Callable[..., str], command: tuple[str, ...]) -> None:
    desk("pc", "--product", SEVEN)
    asked = network.computer(*command)
    assert asked.exit_code == 1
    assert "activated by a key-management host of its own network and takes no confirmation ID" in asked.stderr
    assert "Installation ID" not in network.computer("slmgr", "pc", "/dlv").stdout


# row 60
def test_a_computer_with_a_mak_asks_no_host(
    network: Any, host: str, desk: Callable[..., str], sell: Callable[..., str]
) -> None:
    desk("pc", "--key", sell(SEVEN, Channel.MAK))
    answer = network.asked("client", host, "pc")
    assert (answer["activated"], answer["reason"]) == (False, "not_a_client")
    assert answer["counted"] == 25, "nor is it counted"


# row 61
def test_windows_7_without_a_firmware_marker_is_refused_with_that_reason(
    network: Any, host: str, desk: Callable[..., str]
) -> None:
    desk("pc", "--product", SEVEN)
    answer = network.asked("client", host, "pc")
    assert (answer["activated"], answer["reason"], answer["counted"]) == (False, "no_marker", 25)
    assert "only where the firmware carries a marker, and this computer's does not" in answer["sentence"]
    assert state(network, "pc")["state"] == "in grace"


# row 61
def test_windows_7_without_a_qualifying_licence_is_refused_with_that_reason(
    network: Any, host: str, desk: Callable[..., str]
) -> None:
    desk("pc", "--product", SEVEN, "--firmware-marker", "--no-base-licence")
    answer = network.asked("client", host, "pc")
    assert (answer["activated"], answer["reason"]) == (False, "no_base_licence")
    assert "needs a qualifying licence" in answer["sentence"]


# row 61
@pytest.mark.parametrize(("option", "reason"), [("--without-marker", "no_marker"), ("--without-licence", "no_base_licence")])
def test_a_crowd_of_windows_7_lacks_what_a_single_one_lacks(network: Any, host: str, option: str, reason: str) -> None:
    answer = network.asked("crowd", host, "--count", "30", "--product", "windows-7-enterprise", option)
    assert (answer["activated"], answer["reason"], answer["counted"]) == (False, reason, 25)


@pytest.mark.parametrize("product", ["vista-business", SERVER, "server-2008-standard"])
def test_other_editions_need_neither(network: Any, host: str, desk: Callable[..., str], product: str) -> None:
    desk("pc", "--product", product, "--no-base-licence")
    assert network.asked("client", host, "pc")["activated"]


# row 56
def test_the_fifth_server_flips_the_result_and_those_before_it_ask_again(network: Any, desk: Callable[..., str]) -> None:
    host, names = network.registered("kms-1", HOST_KEY), [f"server-{number}" for number in range(1, 6)]
    for name in names:
        desk(name, "--product", SERVER)
    outcome = network.run("client", host, *names)
    assert outcome.exit_code == 1, outcome.output
    assert ["not activated" in line for line in outcome.stdout.splitlines()] == [True] * 4 + [False]
    assert [state(network, name)["state"] for name in names] == ["in grace"] * 4 + ["activated"]
    network.does("renew", host)
    assert {state(network, name)["state"] for name in names} == {"activated"}


# row 56
def test_a_computer_is_counted_once_however_often_it_asks(network: Any, desk: Callable[..., str]) -> None:
    host = network.registered("kms-1", HOST_KEY)
    desk("server", "--product", SERVER)
    for _ in range(5):
        assert network.asked("client", host, "server")["counted"] == 1


def test_a_refusal_stands_in_the_computer_s_history_in_its_own_language(
    network: Any, host: str, desk: Callable[..., str]
) -> None:
    desk("pc", "--product", SEVEN, "--language", "de")
    network.run("client", host, "pc")
    (file,) = (network.home / "workstations").glob("pc.json")
    assert "wenn die Firmware eine Markierung trägt" in json.loads(file.read_text())["history"][-1]["words"]


# row 55
def test_a_host_key_on_a_client_is_flagged_as_misuse_when_it_is_installed(
    network: Any, host: str, desk: Callable[..., str], sell: Callable[..., str]
) -> None:
    printed = desk("pc", "--key", sell(SEVEN, Channel.KMS))
    assert "pc was given a KMS host key." in printed
    assert "on a client it is misused" in printed
    assert state(network, "pc")["host_key_misused"]
    page = CliRunner().invoke(workstation, ["show", "pc"], obj=Nowhere(network.home)).stdout
    assert "on a client it is misused" in " ".join(page.split())


# row 55
def test_a_host_activates_no_client_that_was_given_a_host_key(
    network: Any, host: str, desk: Callable[..., str], sell: Callable[..., str]
) -> None:
    desk("pc", "--key", sell(SEVEN, Channel.KMS))
    answer = network.asked("client", host, "pc")
    assert (answer["activated"], answer["reason"], answer["counted"]) == (False, "host_key", 25)
    assert "on a client it is misused" in answer["sentence"]


# row 55
def test_a_host_key_put_on_an_installed_client_is_flagged_too(
    network: Any, desk: Callable[..., str], live: Callable[..., Result], sell: Callable[..., str]
) -> None:
    desk("pc", "--product", SEVEN)
    assert not state(network, "pc")["host_key_misused"]
    outcome = live("convert", "pc", "--key", sell(SEVEN, Channel.KMS))
    assert outcome.exit_code == 0, outcome.output
    assert "on a client it is misused" in outcome.output
    assert state(network, "pc")["host_key_misused"]


def test_a_host_is_no_client_and_its_key_in_its_place(network: Any, host: str) -> None:
    assert "misused" not in network.does("show", host)
    assert "There is no workstation named 'kms-1'" in network.refuses("client", host, "kms-1")
