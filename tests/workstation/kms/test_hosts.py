"""Key-management hosts themselves: what they run on, what their key is for, their registration, and how they are kept."""

import json
import stat
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from activation.catalogue import Channel
from activation.confirmation_id import BLOCK_LETTERS
from workstation.computer.machine import installation_id

Serve = Callable[[], AbstractContextManager[str]]
FOREIGN = "-".join(["B4DK3"] * 5)
R2_B = "server-2008-r2-standard"


# row 54
def test_a_host_shows_its_role_and_what_it_shares_its_machine_with(network: Any) -> None:
    network.new("kms-1", R2_B, "--beside", "DNS,  file   server,")
    page = network.shown("kms-1")
    assert page["role"] == "key-management host: activates volume clients inside the customer's own network"
    assert page["beside"] == ["DNS", "file server"]
    text = " ".join(network.does("show", "kms-1").split())
    assert "activates volume clients inside the customer's own network" in text
    assert "DNS, file server (a host is light and may share its machine)" in text


# row 55
def test_a_host_key_registers_the_host_and_nothing_else(network: Any) -> None:
    network.registered("kms-1", R2_B)
    page = network.shown("kms-1")
    assert page["key_use"] == "registers this host with the vendor, and does nothing else"
    assert page["registered_at"]
    assert page["activated"] == 0, "the key has activated no computer"


# row 55
@pytest.mark.parametrize(("product", "channel"), [(R2_B, Channel.MAK), ("windows-7-ultimate", Channel.RETAIL)])
def test_a_host_takes_no_key_but_a_host_key(network: Any, product: str, channel: Channel) -> None:
    with network.serve() as url:
        said = network.refuses("new", "kms-1", "--key", network.sell(product, channel), centre_url=url)
    assert "no KMS host key" in said


# row 62
@pytest.mark.parametrize("system", ["server-2003", "vista", "server-2008", "windows-7", "server-2008-r2"])
@pytest.mark.parametrize("options", [(), ("--virtual",)])
def test_a_host_is_physical_or_virtual_on_every_system_listed(network: Any, system: str, options: tuple[str, ...]) -> None:
    host = network.registered("kms-1", R2_B, "--on", system, *options)
    page = network.shown(host)
    assert (page["is_virtual"], page["system"]) == (bool(options), network.catalogue.host_systems[system].title)
    assert ("(virtual)" in network.does("list")) == bool(options)
    assert network.asked("crowd", host, "--count", "25", "--product", "vista-business")["activated"]


def test_a_system_that_runs_no_host_is_refused_with_those_that_do(network: Any) -> None:
    with network.serve() as url:
        said = network.refuses("new", "kms-1", "--key", network.sell(R2_B, Channel.KMS), "--on", "windows-me", centre_url=url)
    assert "choose one of server-2003, vista, server-2008, windows-7, server-2008-r2" in said


# row 63
@pytest.mark.parametrize(
    ("system", "update"),
    [
        ("server-2003", "the Key Management Service 1.2 package"),
        ("vista", "the update for Windows 7 and Windows Server 2008 R2"),
        ("server-2008", "the update for Windows 7 and Windows Server 2008 R2"),
    ],
)
@pytest.mark.parametrize("newer", ["windows-7-enterprise", R2_B])
def test_an_older_host_refuses_newer_computers_until_its_update(network: Any, system: str, update: str, newer: str) -> None:
    host = network.registered("kms-1", R2_B, "--on", system)
    assert network.asked("crowd", host, "--count", "25", "--product", "server-2008-standard")["activated"]
    refused = network.asked("crowd", host, "--count", "25", "--product", newer)
    assert (refused["activated"], refused["reason"]) == (False, "update_missing")
    assert update in refused["sentence"]
    assert network.shown(host)["counted"] == 25, "whom a host may not serve it does not count"
    assert update in network.does("update", host)
    assert network.asked("crowd", host, "--count", "25", "--product", newer)["activated"]
    assert "already" in network.refuses("update", host)


# row 63
@pytest.mark.parametrize("system", ["windows-7", "server-2008-r2"])
def test_a_newer_host_needs_no_update(network: Any, system: str) -> None:
    host = network.registered("kms-1", R2_B, "--on", system)
    assert network.asked("crowd", host, "--count", "25", "--product", "windows-7-enterprise")["activated"]
    assert "needs no update" in network.refuses("update", host)


def test_a_host_that_is_not_registered_activates_nobody_and_shows_how_to_register(network: Any) -> None:
    assert "kms register kms-1" in network.new("kms-1", R2_B)
    answer = network.asked("crowd", "kms-1", "--count", "25", "--product", R2_B)
    assert (answer["reason"], answer["counted"]) == ("not_registered", 0)
    groups = list(installation_id(network.read("kms-1").machine))
    assert network.shown("kms-1")["installation_id"] == groups
    lines = network.does("show", "kms-1").splitlines()
    assert groups in [line.split() for line in lines]
    assert any("+448081570142" in line for line in lines)


def test_a_host_takes_its_own_confirmation_id_block_by_block_and_no_other(network: Any) -> None:
    network.new("kms-1", R2_B)
    network.new("kms-2", R2_B)
    assert "another computer" in network.refuses("confirm", "kms-1", network.confirmation_id("kms-2"))
    digits = network.confirmation_id("kms-1")
    blocks = [digits[start : start + 6] for start in range(0, len(digits), 6)]
    wrong = [*blocks[:2], blocks[2][:-1] + str((int(blocks[2][-1]) + 1) % 10), *blocks[3:]]
    assert f"Block {BLOCK_LETTERS[2]}" in network.refuses("confirm", "kms-1", *wrong)
    assert network.does("confirm", "kms-1", *blocks) == "kms-1: registered with the vendor.\n"


@pytest.mark.parametrize(("numbers", "used"), [([0], 1), ([0, 0], 1), ([0, 1], 2), ([3], 4), ([0, 1, 9], 10), ([9, 0], 11)])
def test_a_host_knows_how_many_of_its_ten_issues_are_used(network: Any, numbers: list[int], used: int) -> None:
    network.new("kms-1", R2_B)
    for number in numbers:
        network.does("confirm", "kms-1", network.confirmation_id("kms-1", number))
    assert network.shown("kms-1")["issues"] == {"used": used, "of": 10}
    assert f"{used} of 10 confirmation IDs used" in " ".join(network.does("show", "kms-1").split())


def test_without_a_centre_registering_by_web_fails_in_a_sentence_and_leaves_the_phone(network: Any) -> None:
    network.new("kms-1", R2_B)
    assert "kms-1: not registered." in network.refuses("register", "kms-1")
    network.does("confirm", "kms-1", network.confirmation_id("kms-1"))


def test_hosts_are_listed_and_removed(network: Any) -> None:
    assert "There are no key-management hosts yet." in network.does("list")
    network.registered("kms-1", R2_B)
    network.new("KMS-2", "vista-business", "--on", "vista")
    rows = {row["name"]: row for row in json.loads(network.does("list", "--json"))}
    assert [bool(rows[name]["registered_at"]) for name in ("kms-1", "KMS-2")] == [True, False]
    assert rows["KMS-2"]["key_group"] == "Windows Vista"
    assert network.does("remove", "kms-2") == "kms-2: removed.\n"
    assert "no key-management host named 'kms-2'" in network.refuses("remove", "kms-2")
    assert "`kms list` shows them all" in network.refuses("show", "kms-2")


def test_what_is_shown_fits_a_terminal_of_80_columns(network: Any) -> None:
    network.registered(
        "kms-" * 9, "server-2008-datacenter", "--on", "server-2003", "--virtual", "--beside", "DNS, print server"
    )
    network.does("crowd", "kms-" * 9, "--count", "10000", "--product", "server-2008-standard-no-hyper-v", "--virtual")
    lines = (network.does("show", "kms-" * 9) + network.does("list")).splitlines()
    assert max(map(len, lines)) <= 80


def test_a_name_is_taken_once(network: Any) -> None:
    network.new("kms-1", R2_B)
    with network.serve() as url:
        said = network.refuses("new", "KMS-1", "--key", network.sell(R2_B, Channel.KMS), centre_url=url)
    assert "already a key-management host named 'KMS-1'" in said


def test_a_host_s_file_is_its_owner_s_and_a_damaged_one_hides_no_other(network: Any) -> None:
    network.new("kms-1", R2_B)
    network.new("kms-2", R2_B)
    file = network.home / "kms-hosts" / "kms-1.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text('{"machine": 3}')
    outcome = network.run("list")
    assert "kms-2" in outcome.stdout
    assert "kms-1.json of a key-management host cannot be read" in outcome.stderr
    assert "cannot be read" in network.refuses("show", "kms-1")
    network.does("remove", "kms-1")


def test_a_file_under_another_s_name_is_refused(network: Any) -> None:
    network.new("kms-1", R2_B)
    folder = network.home / "kms-hosts"
    (folder / "kms-1.json").rename(folder / "kms-9.json")
    assert "holds 'kms-1'" in network.refuses("show", "kms-9")


@pytest.mark.parametrize(
    "arguments",
    [
        ("new", "kms-1", "--key", FOREIGN),
        ("new", FOREIGN, "--key", "SIM"),
        ("new", "kms-1", "--key", "SIM", "--beside", f"DNS, {FOREIGN}"),
        ("new", "kms-1", "--key", "SIM", "--on", FOREIGN),
        ("show", FOREIGN),
        ("client", "kms-1", FOREIGN),
        ("crowd", "kms-1", "--count", "1", "--product", FOREIGN),
    ],
)
def test_a_foreign_key_is_said_back_nowhere_and_kept_nowhere(network: Any, arguments: tuple[str, ...]) -> None:
    if arguments[0] != "new":
        network.new("kms-1", R2_B)
    outcome = network.run(*arguments)
    assert outcome.exit_code != 0
    assert FOREIGN not in outcome.output
    assert all(FOREIGN not in file.read_text() for file in network.home.rglob("*.json"))


def test_where_there_is_no_instance_commands_say_so(network: Any, tmp_path: Any) -> None:
    network.home.rmdir()
    for arguments in (["list"], ["show", "kms-1"], ["crowd", "kms-1", "--count", "1", "--product", R2_B]):
        assert "create it with `activation-center init`" in network.refuses(*arguments)
