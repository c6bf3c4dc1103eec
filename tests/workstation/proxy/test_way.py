"""From collecting to applying: the command, the real centre, and the counts on both sides."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from click.testing import CliRunner, Result

from activation.catalogue import Channel
from workstation.computer.machine import Machine, State, installation_id, machine_now, state
from workstation.proxy.centre import Centre
from workstation.proxy.collecting import Found, collect
from workstation.proxy.collection import Collection
from workstation.proxy.commands import proxy
from workstation.proxy.sending import Sent, plan, send

FOREIGN = "ABCDE-12345-FGHIJ-67890-KLMNO"
GROUP_B, GROUP_C = "server-2008-standard", "server-2008-datacenter"


def is_activated(machine: Machine) -> bool:
    return state(machine, machine_now(machine, datetime.now(UTC))) is State.ACTIVATED


def sent(network: Any, *options: str, fails: bool = False) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(network("send", "--json", *options, fails=fails).stdout)
    return document


def words(outcome: Result) -> str:
    """What was printed, however it was broken into lines."""
    return " ".join(outcome.stdout.split())


# row 69
def test_a_batch_of_ten_gives_ten_confirmation_ids_and_takes_ten_from_the_count(network: Any, centre: Any) -> None:
    key = centre.sell(allowed=50)
    machines = network.install_many(10, key)
    network("collect", "--all")
    told = sent(network)
    assert (told["received"], told["counted"], told["refused"], told["left"]) == (10, 10, 0, 0)
    assert len({tuple(row["confirmation_id"]) for row in told["rows"]}) == 10
    assert centre.used(key) == 10
    assert network("apply").stderr.splitlines()[-1] == "Applied: 10 of 10"
    assert all(is_activated(network.machine(machine.name)) for machine in machines)
    assert [row["status"] for row in network.rows()] == ["activated"] * 10


# row 69
def test_rows_that_fail_do_not_stop_the_others_and_the_summary_says_how_many_and_why(network: Any, centre: Any) -> None:
    key, other = centre.sell(allowed=50), centre.sell(allowed=0)
    network.install_many(9, key)
    network.install("lab-99", other)
    network("collect", "lab-*")
    outcome = network("send", fails=True)
    lines = [line.split() for line in outcome.stdout.splitlines()]
    summary = [["received", "9"], ["counted", "9"], ["refused", "1"], ["over_limit", "1"]]
    assert lines[lines.index(summary[0]) :][:4] == summary
    assert "lab-99" in outcome.stdout
    assert "Call the activation centre to have its limit raised." in words(outcome)
    assert f"Left of the key ending in {key[-5:]}: 41." in outcome.stdout
    assert [row["name"] for row in network.rows("--status", "refused")] == ["lab-99"]
    assert centre.used(key) == 9


# row 68
def test_a_computer_counts_the_same_by_itself_and_through_the_proxy(network: Any, centre: Any) -> None:
    key = centre.sell(allowed=50)
    alone, together = network.install("alone", key), network.install("together", key)
    answer = centre.post("/activate", {"request_id": "alone-1", "installation_id": "".join(installation_id(alone))})
    assert (answer["counted"], centre.used(key)) == (True, 1)
    network("collect", "--all")
    told = sent(network)
    assert {row["name"]: row["counted"] for row in told["rows"]} == {alone.name: False, together.name: True}
    assert centre.used(key) == 2


# row 70
def test_a_virtual_machine_takes_one_from_the_count_like_any_other_and_is_said_to_do_better_with_kms(
    network: Any, centre: Any
) -> None:
    key = centre.sell(allowed=50)
    network.install("real", key)
    network.install("virtual", key, is_virtual=True)
    outcome = network("collect", "--all")
    assert "1 virtual: each uses an activation like any other; for virtual machines KMS is preferred." in words(outcome)
    sent(network)
    assert centre.used(key) == 2
    assert {row["name"]: (row["virtual"], row["counted"]) for row in network.rows()} == {
        "real": (False, True),
        "virtual": (True, True),
    }


# row 71
def test_a_key_of_another_group_is_refused_in_its_row_with_the_right_group_named(network: Any, centre: Any) -> None:
    key_b, key_c = centre.sell(GROUP_B), centre.sell(GROUP_C)
    right = network.install("right", key_c)
    media_b = centre.media(key_b)
    wrong = replace(right, name="wrong", key=key_b, media=replace(right.media, serial=media_b.serial))
    network.folder.write(wrong)
    network("collect", "--all")
    outcome = network("send", fails=True)
    refused = network.rows("--status", "refused")
    assert [(row["name"], row["code"], row["right_product"]) for row in refused] == [("wrong", "wrong_product", ANY)]
    assert "Server 2008" in str(refused[0]["right_product"])
    assert str(refused[0]["right_product"]) in words(outcome)
    assert (centre.used(key_b), centre.used(key_c)) == (0, 1)


# row 71
def test_a_windows_7_key_fails_on_vista(network: Any, centre: Any) -> None:
    key_7, key_vista = centre.sell("windows-7-professional"), centre.sell("vista-business")
    vista = network.install("vista", key_vista)
    network.folder.write(replace(vista, key=key_7, media=replace(vista.media, serial=centre.media(key_7).serial)))
    network("collect", "--all")
    network("send", fails=True)
    (row,) = network.rows()
    assert (row["code"], row["right_product"]) == ("wrong_product", "Windows 7")
    assert (centre.used(key_7), centre.used(key_vista)) == (0, 0)


# row 75
def test_the_tool_shows_the_centres_own_count_before_and_after_every_activation(network: Any, centre: Any) -> None:
    key = centre.sell(allowed=5)
    network.install_many(2, key)
    network("collect", "lab-01")
    for used, following in ((0, "lab-02"), (1, "lab-01"), (2, None)):
        (told,) = json.loads(network("counts", "--json").stdout)
        assert told == {"key": key[-5:], "allowed": 5, "used": used, "remaining": 5 - used}
        assert centre.used(key) == used
        if following:
            assert sent(network)["remaining"] == {key[-5:]: 5 - used - 1}
            network("collect", following)
    assert f"…{key[-5:]}  5        2     3" in network("counts").stdout


def test_after_the_count_was_raised_what_was_refused_is_sent_again(network: Any, centre: Any) -> None:
    key = centre.sell(allowed=2)
    network.install_many(3, key)
    network("collect", "--all")
    assert sent(network, fails=True)["refused_by_code"] == {"over_limit": 1}
    centre.raise_count(key, by=1)
    assert sent(network)["rows"] == []
    assert [row["counted"] for row in sent(network, "--again")["rows"]] == [True]
    assert centre.used(key) == 3


def test_a_computer_set_up_anew_takes_its_stored_id_without_the_centre_and_without_an_activation(
    network: Any, centre: Any
) -> None:
    key = centre.sell(allowed=50)
    before = network.install("lab-1", key)
    network("collect", "lab-1")
    sent(network)
    network("apply")
    network.install("lab-1", key)  # the same parts: it shows the same ID
    assert not is_activated(network.machine("lab-1"))
    centre.on_the_way = lambda *_: pytest.fail("the centre was asked")
    told = json.loads(network("apply", "--json").stdout)
    assert told == {
        "outcomes": {"activated again": 1},
        "rows": [{"name": "lab-1", "outcome": "activated again", "detail": None}],
    }
    assert is_activated(network.machine("lab-1"))
    assert installation_id(network.machine("lab-1")) == installation_id(before)
    assert centre.used(key) == 1


def test_cut_off_before_apply_could_note_its_work_the_next_apply_notes_it(network: Any, centre: Any) -> None:
    network.install_many(2, centre.sell())
    network("collect", "--all")
    sent(network)
    before = network.file.read_bytes()
    network("apply")
    network.file.write_bytes(before)
    assert "was activated already  2" in network("apply").stdout
    assert [row["status"] for row in network.rows()] == ["activated"] * 2


def test_an_activated_computer_is_left_as_it_is(network: Any, centre: Any) -> None:
    network.install("lab-1", centre.sell())
    network("collect", "lab-1")
    sent(network)
    network("apply")
    before = network.machine("lab-1")
    assert "was activated already  1" in network("apply").stdout
    assert network.machine("lab-1") == before


def test_a_computer_whose_hardware_changed_meanwhile_is_said_so_and_the_others_are_activated(network: Any, centre: Any) -> None:
    key = centre.sell()
    network.install_many(2, key)
    network("collect", "--all")
    sent(network)
    network.install("lab-01", key, seed=99)
    outcome = network("apply", fails=True)
    assert "It shows another installation ID now; collect and send it again." in outcome.stdout
    assert is_activated(network.machine("lab-02"))
    network("collect", "--all")
    sent(network)
    network("apply")
    assert is_activated(network.machine("lab-01"))


def test_a_confirmation_id_of_another_computer_is_refused_by_the_computer_itself(network: Any, centre: Any) -> None:
    key = centre.sell()
    network.install_many(2, key)
    network("collect", "--all")
    sent(network)
    document = json.loads(network.file.read_bytes())
    first, second = document["collection"]["rows"]
    first["received"], second["received"] = second["received"], first["received"]
    network.file.write_text(json.dumps(document))
    outcome = network("apply", fails=True)
    assert outcome.stdout.count("belongs to another computer") == 2
    assert "failed  2" in outcome.stdout


def test_every_installation_id_is_collected_once(network: Any, centre: Any) -> None:
    key = centre.sell()
    machine = network.install("lab-1", key)
    network.folder.write(replace(machine, name="lab-1-clone"))
    told = json.loads(network("collect", "lab-*", "--json").stdout)
    assert (told["added"], told["duplicates"], told["rows"]) == (1, 1, 1)
    told = json.loads(network("collect", "lab-1", "--json").stdout)
    assert (told["added"], told["known"], told["rows"]) == (0, 1, 1)


def test_a_computer_that_shows_another_id_before_it_was_sent_takes_the_place_of_its_old_row(network: Any, centre: Any) -> None:
    key = centre.sell()
    network.install("lab-1", key)
    network("collect", "--all")
    network.install("lab-1", key, seed=2)
    told = json.loads(network("collect", "--all", "--json").stdout)
    assert (told["added"], told["replaced"], told["rows"]) == (1, 1, 1)


def test_what_needs_no_activation_and_what_is_not_there_is_said_by_name(network: Any, centre: Any) -> None:
    network.install("old", centre.sell("server-2003-standard", Channel.VOLUME))
    network.install("client", "", product="windows-7-enterprise")
    outcome = network("collect", "*", "nobody-*", fails=True)
    assert "old       It needs no activation." in outcome.stdout
    assert "client    A key-management host activates it; install a MAK first" in outcome.stdout
    assert "nobody-*  There is no workstation of this name" in outcome.stdout
    assert not network.file.exists()


def test_computers_of_a_list_that_are_elsewhere_get_their_ids_in_the_listing(
    network: Any, centre: Any, ids: Callable[[str, int], list[str]], tmp_path: Path
) -> None:
    key = centre.sell()
    (listed := tmp_path / "far.csv").write_text(f"name;installation_id\nFar away;{ids(key, 1)[0]}\n")
    network("collect", "--csv", str(listed))
    network("send")
    assert "is no workstation of this instance  1" in network("apply").stdout
    (row,) = network.rows()
    assert (row["status"], len(row["confirmation_id"])) == ("received", 8)


def test_list_filters_by_status_and_keeps_product_keys_to_itself(network: Any, centre: Any) -> None:
    key = centre.sell(allowed=1)
    network.install_many(2, key)
    network("collect", "--all")
    assert [row["status"] for row in network.rows()] == ["collected", "collected"]
    network("send", fails=True)
    assert [row["name"] for row in network.rows("--status", "received")] == ["lab-01"]
    for output in (network("list").stdout, network("list", "--json").stdout):
        assert key not in output


def test_remove_takes_rows_out_and_forget_deletes_the_collection(network: Any, centre: Any) -> None:
    network.install_many(3, centre.sell())
    network("collect", "--all")
    assert network("remove", "lab-01").stdout == "1 removed.\n"
    assert network("remove", "--status", "collected", "lab-02").stdout == "1 removed.\n"
    assert [row["name"] for row in network.rows()] == ["lab-03"]
    assert "has no computer named lab-77" in network("remove", "lab-77", fails=True).stderr
    network("forget", "--yes")
    assert not network.file.exists()
    assert "There is no collection" in network("list", fails=True).stderr


def test_row_numbers_are_given_once_and_never_again(network: Any, centre: Any) -> None:
    key = centre.sell()
    network.install_many(2, key)
    network("collect", "--all")
    network("remove", "lab-02")
    network("collect", "--all")
    assert [row["row_id"] for row in network.rows()] == [1, 3]


@pytest.mark.parametrize(
    "arguments",
    [
        ("collect", FOREIGN),
        ("remove", FOREIGN),
        ("apply", FOREIGN),
        ("list", "--collection", FOREIGN),
        ("import", FOREIGN),
        ("collect", "--csv", FOREIGN),
        ("list", "--status", FOREIGN),
        ("send", "--centre", f"http://127.0.0.1:9/{FOREIGN}"),
        ("counts", "--centre", f"http://127.0.0.1:9/{FOREIGN}"),
    ],
)
def test_a_foreign_product_key_that_is_typed_anywhere_is_never_shown(
    network: Any, centre: Any, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr("workstation.proxy.commands.asking.time.sleep", lambda _: None)
    network.install("lab-1", centre.sell())
    network("collect", "lab-1")
    outcome = CliRunner().invoke(proxy, arguments, obj=network)
    assert outcome.exit_code != 0
    assert outcome.output
    assert FOREIGN not in outcome.output


@pytest.mark.parametrize("arguments", [("collect",), ("remove",)])
def test_a_command_that_names_nothing_says_what_it_could_name(network: Any, arguments: tuple[str, ...]) -> None:
    outcome = CliRunner().invoke(proxy, arguments, obj=network)
    assert outcome.exit_code == 2
    assert "Say what to" in outcome.stderr


def test_the_functions_work_on_values_alone(network: Any, centre: Any, ids: Callable[[str, int], list[str]]) -> None:
    """As the demo calls them: no file, no terminal, no clock."""
    key = centre.sell(allowed=9)
    gathered = collect(Collection(), [Found(f"pc-{i}", digits) for i, digits in enumerate(ids(key, 10))]).collection
    planned = plan(gathered, lambda: "demo-13")
    done = Sent(planned)
    for step in send(planned, Centre(centre.url), pytest.fail):
        done = done.then(step)
    assert sum(row.received is not None for row in done.rows) == 9
    assert [row.refused.code for row in done.rows if row.refused] == ["over_limit"]
