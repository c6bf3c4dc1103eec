"""The simulated computers at the terminal, from installation to activation, as a person would use them."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from activation.catalogue import Channel
from workstation.computer.machine import Machine, installation_id
from workstation.keeping.files import MachineFolder

Sell = Callable[..., str]
Issue = Callable[..., str]
Serve = Callable[[], AbstractContextManager[str]]
Run = Callable[..., Result]
New = Callable[..., Machine]
Refusal = Callable[[Result], str]


def read(home: Path, name: str) -> Machine:
    machine = MachineFolder(home).read(name)
    assert isinstance(machine, Machine)
    return machine


def age(home: Path, machine: Machine, days: float) -> None:
    """Sets the day of installation back."""
    MachineFolder(home).write(replace(machine, installed_at=datetime.now(UTC) - timedelta(days=days)))


def shown(run: Run, name: str, *options: str) -> dict[str, Any]:
    outcome = run("show", name, "--json", *options)
    assert outcome.exit_code == 0, outcome.output
    page: dict[str, Any] = json.loads(outcome.stdout)
    return page


def test_a_new_workstation_is_in_grace_and_says_how_to_go_on(serve: Serve, sell: Sell, run: Run) -> None:
    with serve() as url:
        outcome = run("new", "--name", "desk", "--key", sell("windows-7-professional", Channel.RETAIL), "--centre", url)
    assert outcome.stdout.splitlines() == [
        "desk: Windows 7 Professional installed; in grace, 30 days left.",
        "Its installation ID: activation-center workstation show desk",
    ]


# row 16
def test_a_key_of_our_own_scheme_is_accepted_and_a_product_id_displayed(new: New, run: Run) -> None:
    machine = new("desk")
    product_id = shown(run, "desk")["product_id"]
    assert product_id.startswith(f"SIM{machine.media.product.code:02X}-000-{machine.media.serial:08d}-")
    assert product_id in run("show", "desk").stdout


# row 17
def test_the_screen_shows_the_installation_id_in_numbered_groups_and_always_the_same(new: New, run: Run) -> None:
    groups = list(installation_id(new("desk")))
    lines = run("show", "desk").stdout.splitlines()
    row = next(number for number, line in enumerate(lines) if line.split() == groups)
    assert lines[row - 1].split() == [str(number) for number in range(1, 10)]
    assert shown(run, "desk")["installation_id"] == groups


@pytest.mark.parametrize("product", ["server-2003-standard", "windows-7-professional"])
def test_what_is_shown_fits_a_terminal_of_80_columns(new: New, run: Run, product: str) -> None:
    new("desk-" * 8, product, Channel.OEM)
    lines = (run("show", "desk-" * 8).stdout + run("list").stdout).splitlines()
    assert max(map(len, lines)) <= 80
    assert len([line for line in lines if line.startswith("Product ID")]) == 1


# row 18
def test_the_components_are_shown_with_only_the_short_pieces_that_are_kept(new: New, run: Run) -> None:
    machine = new("desk")
    hardware = shown(run, "desk")["hardware"]
    assert {row["part"]: row["value"] for row in hardware} == machine.parts
    assert [row["bits"] for row in hardware] == [20, 20, *[3] * 8]
    assert [len(row["kept"]) for row in hardware] == [5, 5, *[1] * 8]
    page = run("show", "desk").stdout
    assert all(row["value"] in page and row["kept"] in page for row in hardware)


# row 34
@pytest.mark.parametrize(("code", "number", "price"), [("GB", "+448081570142", "toll-free"), ("de", "+493023125142", "toll")])
def test_the_chosen_country_decides_the_number_shown(new: New, run: Run, code: str, number: str, price: str) -> None:
    new("desk")
    page = run("show", "desk", "--country", code).stdout
    assert [line.split()[-2:] for line in page.splitlines() if "+" in line] == [[number, price]]
    assert [row["number"] for row in shown(run, "desk", "--country", code)["phone_numbers"]] == [number]


def test_without_a_country_every_number_is_shown(new: New, run: Run) -> None:
    machine = new("desk")
    page = run("show", "desk").stdout
    assert all(country.number in page for country in machine.media.countries)


# row 36
def test_a_typed_confirmation_id_ends_in_activated_with_the_time(new: New, run: Run, issue: Issue) -> None:
    before = datetime.now(UTC)
    machine = new("desk")
    assert run("confirm", "desk", issue(machine)).stdout == "desk: activated.\n"
    after = shown(run, "desk")
    assert (after["state"], after["days_left"]) == ("activated", None)
    assert before <= datetime.fromisoformat(after["activated_at"]) <= datetime.now(UTC)
    assert "Activated" in run("show", "desk").stdout


@pytest.mark.parametrize("separator", [" ", "-", "", " - ", "\u2013"])
def test_the_confirmation_id_is_taken_in_one_piece_or_in_several(new: New, run: Run, issue: Issue, separator: str) -> None:
    right = issue(new("desk"))
    blocks = [right[start : start + 6] for start in range(0, 48, 6)]
    assert run("confirm", "desk", *separator.join(blocks).split(" ")).exit_code == 0


# row 19
def test_machine_as_confirmation_id_fails_on_machine_b_and_succeeds_on_a(
    new: New, run: Run, issue: Issue, refusal: Refusal
) -> None:
    one = new("a")
    new("b")
    assert "belongs to another computer" in refusal(run("confirm", "b", issue(one)))
    assert shown(run, "b")["state"] == "in grace"
    assert run("confirm", "a", issue(one)).exit_code == 0


def test_a_wrong_block_is_named_and_nothing_changes(new: New, run: Run, issue: Issue, refusal: Refusal) -> None:
    machine = new("desk")
    right = issue(machine)
    wrong = right[:14] + str((int(right[14]) + 1) % 10) + right[15:]
    assert "Block C is wrong" in refusal(run("confirm", "desk", wrong))
    assert shown(run, "desk")["state"] == "in grace"


# row 39
@pytest.mark.parametrize(
    ("channel", "grace_days"), [(Channel.RETAIL, 30), (Channel.OEM, 30), (Channel.EVALUATION, 14), (Channel.MSDN, 60)]
)
def test_the_countdown_depends_on_the_channel(new: New, run: Run, tmp_path: Path, channel: Channel, grace_days: int) -> None:
    machine = new("desk", "server-2003-standard", channel)
    assert shown(run, "desk")["days_left"] == grace_days
    age(tmp_path, machine, grace_days - 0.5)
    assert "in grace, 1 day left" in run("show", "desk").stdout
    age(tmp_path, machine, grace_days)
    assert "grace ended, 0 days left" in run("show", "desk").stdout


# row 9
def test_a_2003_volume_key_installs_straight_to_not_required(new: New, run: Run, refusal: Refusal) -> None:
    new("desk", "server-2003-standard", Channel.VOLUME)
    after = shown(run, "desk")
    assert (after["state"], after["days_left"]) == ("activation not required", None)
    assert "needs no activation" in refusal(run("confirm", "desk", "1"))


# rows 87, 88
def test_with_the_late_activation_fault_day_29_accepts_and_day_31_refuses_the_same_right_id(
    new: New, run: Run, tmp_path: Path, issue: Issue, refusal: Refusal
) -> None:
    machine = new("desk", "server-2003-standard", Channel.OEM)
    age(tmp_path, machine, 31)
    assert "confirmation ID was refused" in refusal(run("confirm", "desk", issue(machine)))
    age(tmp_path, machine, 29)
    assert run("confirm", "desk", issue(machine)).exit_code == 0


@pytest.mark.parametrize("part", ["disk serial", "SCSI adapter", "scsi adapter"])
def test_exchanging_a_part_changes_the_installation_id(new: New, run: Run, tmp_path: Path, part: str) -> None:
    before = new("desk")
    outcome = run("change", "desk", "--part", part)
    assert outcome.stdout == "desk: changed; it shows a new installation ID and is in grace, 30 days left.\n"
    after = read(tmp_path, "desk")
    assert installation_id(after) != installation_id(before)
    assert [name.lower() for name in before.parts if before.parts[name] != after.parts[name]] == [part.lower()]


def test_a_part_may_be_given_its_value(new: New, run: Run, tmp_path: Path) -> None:
    new("desk")
    run("change", "desk", "--part", "disk serial", "--value", "MY-DISK-1")
    assert read(tmp_path, "desk").parts["disk serial"] == "MY-DISK-1"


def test_a_change_that_keeps_the_hash_says_so(new: New, run: Run) -> None:
    value = new("desk").parts["graphics"]
    assert "so is the installation ID" in run("change", "desk", "--part", "graphics", "--value", value).stdout


# row 45
def test_enough_changed_parts_start_the_countdown_of_three_days(new: New, run: Run, issue: Issue, refusal: Refusal) -> None:
    right = issue(new("desk"))
    run("confirm", "desk", right)
    assert "and is activated." in run("change", "desk", "--part", "graphics", "--part", "disk serial").stdout
    assert "and is out of tolerance, 3 days left." in run("change", "desk", "--all").stdout
    assert (shown(run, "desk")["state"], shown(run, "desk")["days_left"]) == ("out of tolerance", 3)
    assert "before its hardware changed" in refusal(run("confirm", "desk", right))


def test_the_list_shows_every_workstation_with_its_state(new: New, run: Run, issue: Issue) -> None:
    run("confirm", "b", issue(new("b")))
    new("a", "server-2003-standard", Channel.VOLUME)
    rows = [line.split("  ") for line in run("list").stdout.splitlines()]
    assert [row[0].strip() for row in rows] == ["Name", "a", "b"]
    entries = json.loads(run("list", "--json").stdout)
    assert [(entry["name"], entry["state"]) for entry in entries] == [
        ("a", "activation not required"),
        ("b", "activated"),
    ]


def test_an_empty_list_says_how_to_begin(run: Run) -> None:
    assert "workstation new --name" in run("list").stdout
    assert json.loads(run("list", "--json").stdout) == []
