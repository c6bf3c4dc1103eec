"""A computer with a clock that can be moved: what its logons show, its timeline, its services (rows 39 to 47)."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from activation.catalogue import Channel
from activation.hardware import COMPONENTS
from workstation.computer.machine import Machine, State, countdown, days_left, state
from workstation.keeping.files import MachineFolder
from workstation.life.clock import read_duration
from workstation.life.logon import Access, access

Run = Callable[..., Result]
New = Callable[..., Machine]
Issue = Callable[..., str]
Install = Callable[..., Machine]
Shown = Callable[[str], dict[str, Any]]
Refusal = Callable[[Result], str]
DAY = timedelta(days=1)
OLD, NEWER = "server-2003-r2-standard", "windows-7-professional"


def read(home: Path, name: str) -> Machine:
    machine = MachineFolder(home).read(name)
    assert isinstance(machine, Machine)
    return machine


def log_on(run: Run, name: str) -> dict[str, Any]:
    outcome = run("logon", name, "--json")
    assert outcome.exit_code == 0, outcome.output
    seen: dict[str, Any] = json.loads(outcome.stdout)
    return seen


def story(run: Run, name: str, *options: str) -> list[dict[str, Any]]:
    outcome = run("timeline", name, "--json", *options)
    assert outcome.exit_code == 0, outcome.output
    entries: list[dict[str, Any]] = json.loads(outcome.stdout)
    return entries


def out_of_tolerance(run: Run, new: New, issue: Issue, product: str) -> None:
    assert run("confirm", "desk", issue(new("desk", product, Channel.OEM))).exit_code == 0
    assert "out of tolerance, 3 days left" in run("change", "desk", "--all").stdout


# row 39
@pytest.mark.parametrize(
    ("product", "channel", "grace_days"),
    [
        (OLD, Channel.RETAIL, 30),
        (OLD, Channel.OEM, 30),
        (OLD, Channel.EVALUATION, 14),
        (OLD, Channel.MSDN, 60),
        (NEWER, Channel.RETAIL, 30),
        ("server-2008-r2-standard", Channel.RETAIL, 30),
    ],
)
def test_the_clock_shows_three_different_countdowns_by_channel(
    new: New, run: Run, shown: Shown, product: str, channel: Channel, grace_days: int
) -> None:
    new("desk", product, channel)
    assert shown("desk")["days_left"] == grace_days
    run("clock", "desk", "--ahead", f"{grace_days - 1}d23h")
    assert (shown("desk")["state"], shown("desk")["days_left"]) == ("in grace", 1)
    run("clock", "desk", "--ahead", "1h")
    assert (shown("desk")["state"], shown("desk")["days_left"]) == ("grace ended", 0)


@given(seed=st.integers(), channel=st.sampled_from([Channel.RETAIL, Channel.OEM, Channel.EVALUATION, Channel.MSDN]))
def test_grace_ends_exactly_after_its_days_of_twenty_four_hours(install: Install, seed: int, channel: Channel) -> None:
    machine = install(OLD, channel, seed)
    end, instant = machine.installed_at + machine.media.grace_days * DAY, timedelta(microseconds=1)
    assert countdown(machine).end == end
    assert (state(machine, end - instant), access(machine, end - instant)) == (State.IN_GRACE, Access.FULL)
    assert (state(machine, end), access(machine, end)) == (State.GRACE_ENDED, Access.ACTIVATION_ONLY)


# row 40
def test_the_2003_generation_reminds_at_each_logon_and_at_regular_intervals(new: New, run: Run) -> None:
    new("desk", OLD)
    for _ in range(3):
        run("clock", "desk", "--ahead", "1h")
        assert log_on(run, "desk")["reminder"] == "Activate this computer: 30 days are left."
    entries = [entry for entry in story(run, "desk", "--days", "40") if entry["kind"] == "reminder"]
    occasions = Counter(entry["occasion"] for entry in entries)
    assert occasions == {"logon": 3, "interval": 30 * 3 - 1}
    logons = [entry["at"] for entry in story(run, "desk") if entry["kind"] == "logon"]
    assert logons == [entry["at"] for entry in entries if entry["occasion"] == "logon"]


# row 41
@pytest.mark.parametrize("product", [NEWER, "server-2008-r2-standard"])
def test_the_newer_generations_remind_once_a_day_then_six_times_a_day_then_hourly_on_the_hour(
    new: New, run: Run, product: str
) -> None:
    machine = new("desk", product)
    run("clock", "desk", "--ahead", "30d")
    found = [entry for entry in story(run, "desk") if entry["kind"] == "reminder"]
    per_day = Counter((datetime.fromisoformat(entry["at"]) - machine.installed_at) // DAY for entry in found)
    assert [per_day[day] for day in range(30)] == [1] * 27 + [6, 6, 24]
    assert not any(entry["ahead"] for entry in found)
    hourly = [datetime.fromisoformat(entry["at"]) for entry in found if entry["occasion"] == "hourly"]
    assert {(at.minute, at.second) for at in hourly} == {(0, 0)}


# row 41
def test_only_a_days_first_logon_shows_the_days_reminder(new: New, run: Run) -> None:
    new("desk", NEWER)
    assert log_on(run, "desk")["reminder"] == "Activate this computer: 30 days are left."
    run("clock", "desk", "--ahead", "5h")
    assert log_on(run, "desk")["reminder"] is None
    run("clock", "desk", "--ahead", "24h")
    assert log_on(run, "desk")["reminder"] == "Activate this computer: 29 days are left."


# row 42
def test_after_grace_a_2003_computer_opens_nothing_but_its_activation(new: New, run: Run, issue: Issue) -> None:
    machine = new("desk", OLD)
    run("clock", "desk", "--ahead", "30d")
    seen = log_on(run, "desk")
    assert seen["access"] == "activation only"
    assert "Only the activation can be opened." in seen["words"]
    assert run("confirm", "desk", issue(machine)).exit_code == 0
    assert log_on(run, "desk")["access"] == "full"


# row 43
@pytest.mark.parametrize("product", [OLD, NEWER])
def test_services_and_remote_administration_run_after_grace_and_out_of_tolerance(
    new: New, run: Run, issue: Issue, product: str
) -> None:
    def services() -> dict[str, str]:
        return {service["name"]: service["state"] for service in json.loads(run("services", "desk", "--json").stdout)}

    out_of_tolerance(run, new, issue, product)
    run("clock", "desk", "--ahead", "4d")
    assert services()["remote_administration"] == "running"
    assert set(services().values()) == {"running"}
    run("remove", "desk")
    new("desk", product)
    run("clock", "desk", "--ahead", "31d")
    assert set(services().values()) == {"running"}
    assert "Remote administration" in run("services", "desk").stdout


# row 44
@pytest.mark.parametrize("product", [NEWER, "vista-business", "server-2008-r2-standard"])
def test_after_grace_the_newer_generations_show_five_signs_and_lock_nobody_out(new: New, run: Run, product: str) -> None:
    new("desk", product)
    run("clock", "desk", "--ahead", "30d")
    seen = log_on(run, "desk")
    assert seen["access"] == "notification mode"
    assert "everything works" in seen["words"]
    signs = {sign["sign"]: sign["words"] for sign in seen["signs"]}
    assert list(signs) == ["logon_dialog", "notice_area", "action_centre", "black_desktop", "in_programs"]
    assert len(set(signs.values())) == 5
    page = run("logon", "desk").stdout
    assert all(words in " ".join(page.split()) for words in signs.values())


# row 45
def test_out_of_tolerance_a_2003_computer_may_be_logged_on_to_for_three_days_more(new: New, run: Run, issue: Issue) -> None:
    out_of_tolerance(run, new, issue, OLD)
    run("clock", "desk", "--ahead", "2d23h")
    seen = log_on(run, "desk")
    assert (seen["access"], seen["reminder"]) == ("full", "Activate this computer: 1 day is left.")
    run("clock", "desk", "--ahead", "1h")
    seen = log_on(run, "desk")
    assert seen["access"] == "activation only"
    assert "hardware of this computer has changed" in seen["words"]


# row 45
def test_out_of_tolerance_a_newer_computer_reminds_for_three_days_and_then_notifies(
    new: New, run: Run, issue: Issue, shown: Shown
) -> None:
    out_of_tolerance(run, new, issue, NEWER)
    assert (shown("desk")["state"], shown("desk")["days_left"]) == ("out of tolerance", 3)
    ahead = [entry for entry in story(run, "desk", "--days", "4") if entry["kind"] == "reminder" and entry["ahead"]]
    assert Counter(entry["occasion"] for entry in ahead)["hourly"] == 24
    run("clock", "desk", "--ahead", "3d")
    assert log_on(run, "desk")["access"] == "notification mode"


# row 47
def test_the_change_list_shows_votes_and_threshold_and_when_a_reactivation_is_due(
    new: New, run: Run, issue: Issue, shown: Shown
) -> None:
    run("confirm", "desk", issue(new("desk", NEWER)))
    few = run("change", "desk", "--part", "graphics", "--part", "network address").stdout
    assert "network address (3), graphics (1); 4 of 12, up to 5 may." in few
    assert shown("desk")["state"] == "activated"
    page = shown("desk")
    assert {change["part"]: change["votes"] for change in page["changed"]} == {"network address": 3, "graphics": 1}
    assert (page["votes_lost"], page["most_votes_lost"]) == (4, 5)
    many = run("change", "desk", "--part", "memory size", "--part", "processor").stdout
    assert "6 of 12, it must be activated again." in " ".join(many.split())
    assert shown("desk")["state"] == "out of tolerance"
    assert "6 of 12" in " ".join(run("show", "desk").stdout.split())


# row 47
def test_a_computer_is_out_of_tolerance_exactly_when_more_votes_are_lost_than_may_be(
    new: New, run: Run, issue: Issue, shown: Shown
) -> None:
    run("confirm", "desk", issue(new("desk", NEWER)))
    for component in COMPONENTS:
        run("change", "desk", "--part", component.name)
        page = shown("desk")
        assert (page["state"] == "out of tolerance") is (page["votes_lost"] > page["most_votes_lost"])


def test_the_timeline_tells_the_whole_story_again_and_again_the_same(new: New, run: Run, issue: Issue) -> None:
    machine = new("desk", NEWER)
    run("clock", "desk", "--ahead", "2d")
    log_on(run, "desk")
    run("confirm", "desk", issue(machine))
    run("clock", "desk", "--ahead", "100d")
    run("change", "desk", "--all")
    run("clock", "desk", "--ahead", "5d")
    told = story(run, "desk")
    assert told == story(run, "desk")
    kinds = [entry["kind"] for entry in told if entry["kind"] not in {"reminder", "clock"}]
    assert kinds == ["installed", "logon", "activated", "hardware", "out of tolerance", "grace ended"]
    assert Counter(entry["kind"] for entry in told)["reminder"] == 3 + 6 + 6 + 24
    assert run("timeline", "desk").stdout.count("Activated by telephone.") == 1


def test_what_lies_ahead_ends_with_an_activation(new: New, run: Run, issue: Issue) -> None:
    machine = new("desk", NEWER)
    assert [entry["kind"] for entry in story(run, "desk", "--days", "31")][-1] == "grace ended"
    run("confirm", "desk", issue(machine))
    assert not any(entry["ahead"] for entry in story(run, "desk", "--days", "31"))


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Aktivieren Sie diesen Computer"), ("fr", "Activez cet ordinateur"), ("es", "Active este equipo")],
)
def test_a_computer_speaks_its_systems_language(new: New, run: Run, language: str, words: str) -> None:
    new("desk", NEWER, Channel.RETAIL, "--language", language)
    assert words in log_on(run, "desk")["reminder"]


def test_the_clock_is_shown_moved_and_set_back(new: New, run: Run, shown: Shown) -> None:
    new("desk", NEWER)
    assert "in grace, 30 days left" in run("clock", "desk").stdout
    assert "desk: 2100-12-24 10:00" in run("clock", "desk", "--to", "2100-12-24T10:00").stdout
    assert shown("desk")["state"] == "grace ended"
    run("clock", "desk", "--reset")
    assert (shown("desk")["clock_ahead_seconds"], shown("desk")["days_left"]) == (0, 30)


def test_the_list_shows_every_computer_at_its_own_time(new: New, run: Run) -> None:
    new("a", NEWER)
    new("b", NEWER)
    run("clock", "b", "--ahead", "10d")
    assert [entry["days_left"] for entry in json.loads(run("list", "--json").stdout)] == [30, 20]


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        (("--ahead", "soon"), 2, "5d"),
        (("--ahead", "900000d"), 1, "100 years"),
        (("--to", "yesterday"), 2, "--to"),
        (("--to", "1999-01-01"), 1, "installed at"),
        (("--reset", "--ahead", "1d"), 2, "one of"),
    ],
)
def test_a_clock_that_cannot_be_set_so_is_told_why(
    new: New, run: Run, options: tuple[str, ...], status: int, words: str
) -> None:
    new("desk", NEWER)
    outcome = run("clock", "desk", *options)
    assert outcome.exit_code == status
    assert words in outcome.stderr


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("5d", 5 * DAY),
        ("2w", 14 * DAY),
        ("1d12h", 1.5 * DAY),
        ("90m", timedelta(minutes=90)),
        ("10s", timedelta(seconds=10)),
        (" 1D ", DAY),
        ("", None),
        ("d", None),
        ("-1d", None),
        ("1h1d", None),
        ("5", None),
    ],
)
def test_a_length_of_time_is_read(text: str, duration: timedelta | None) -> None:
    assert read_duration(text) == duration


def test_a_clock_set_back_gives_nobody_more_days_than_there_were(new: New, run: Run, shown: Shown, tmp_path: Path) -> None:
    new("desk", "windows-7-professional", Channel.OEM, "--firmware-marker", "--image", "maker")
    run("clock", "desk", "--ahead", "200d")
    run("image", "desk", "own")
    run("clock", "desk", "--reset")
    assert shown("desk")["days_left"] == 30
    machine = read(tmp_path, "desk")
    assert days_left(machine, machine.installed_at) == 30
