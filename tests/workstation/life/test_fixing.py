"""KB 824345 at the computer: the fault, the ways round it, and the fix in both ways (rows 87 to 92)."""

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from activation.catalogue import Channel
from workstation.computer.machine import Machine

Run = Callable[..., Result]
New = Callable[..., Machine]
Issue = Callable[..., str]
Shown = Callable[[str], dict[str, Any]]
Refusal = Callable[[Result], str]
AFFECTED = ["server-2003-web", "server-2003-standard", "server-2003-enterprise", "server-2003-enterprise-64"]
FAULTY, CORRECTED = "5.2.3790.0", "5.2.3790.82"


def versions(shown: Shown) -> set[str]:
    return set(shown("server")["system_files"].values())


# row 87
def test_with_the_fault_switch_on_a_valid_code_is_refused_and_with_it_off_accepted(
    new: New, run: Run, issue: Issue, refusal: Refusal
) -> None:
    right = issue(new("server", "server-2003-standard", Channel.OEM))
    run("clock", "server", "--ahead", "31d")
    assert "The confirmation ID is not valid" in refusal(run("confirm", "server", right))
    assert run("fault", "server", "off").stdout == "server: late activation fault off.\n"
    run("fault", "server", "on")
    assert "The confirmation ID is not valid" in refusal(run("confirm", "server", right))
    run("fault", "server", "off")
    assert run("confirm", "server", right).exit_code == 0


# row 88
@pytest.mark.parametrize("product", AFFECTED)
def test_the_affected_editions_accept_on_day_29_and_refuse_on_day_31(
    new: New, run: Run, issue: Issue, refusal: Refusal, product: str
) -> None:
    early, late = new("early", product, Channel.OEM), new("late", product, Channel.OEM)
    run("clock", "early", "--ahead", "29d")
    run("clock", "late", "--ahead", "31d")
    assert run("confirm", "early", issue(early)).exit_code == 0
    assert "not valid" in refusal(run("confirm", "late", issue(late)))


# row 88
@pytest.mark.parametrize("product", ["server-2003-r2-standard", "windows-7-professional"])
def test_other_editions_accept_on_day_31_too(new: New, run: Run, issue: Issue, product: str) -> None:
    machine = new("server", product, Channel.OEM)
    run("clock", "server", "--ahead", "31d")
    assert run("confirm", "server", issue(machine)).exit_code == 0


# row 89
# row 90
@pytest.mark.parametrize("way", ["safe-mode", "recovery-console"])
def test_either_way_replaces_two_files_and_after_the_restart_there_are_30_days_and_the_same_code_is_accepted(
    new: New, run: Run, issue: Issue, shown: Shown, refusal: Refusal, way: str
) -> None:
    right = issue(new("server", "server-2003-standard", Channel.OEM))
    run("clock", "server", "--ahead", "45d")
    assert (shown("server")["access"], versions(shown)) == ("activation only", {FAULTY})
    assert "not valid" in refusal(run("confirm", "server", right))
    assert run("fix", "server", "--by", way).exit_code == 0
    assert versions(shown) == {CORRECTED}
    assert "not valid" in refusal(run("confirm", "server", right))
    restarted = run("restart", "server").stdout
    assert "there are 30 days again to activate" in restarted
    assert (shown("server")["days_left"], shown("server")["access"]) == (30, "full")
    assert run("confirm", "server", right).exit_code == 0


# row 89
def test_the_grace_is_thirty_days_again_whatever_it_was_before(new: New, run: Run, shown: Shown) -> None:
    new("server", "server-2003-standard", Channel.EVALUATION)
    run("clock", "server", "--ahead", "20d")
    run("fix", "server", "--by", "safe-mode")
    run("restart", "server")
    assert shown("server")["days_left"] == 30
    run("clock", "server", "--ahead", "30d")
    assert shown("server")["state"] == "grace ended"


# row 90
def test_when_the_logon_is_blocked_the_ordinary_setup_is_refused_and_both_ways_are_named(
    new: New, run: Run, refusal: Refusal
) -> None:
    new("server", "server-2003-standard", Channel.OEM)
    run("clock", "server", "--ahead", "31d")
    words = refusal(run("fix", "server", "--by", "setup"))
    assert "nobody can log on" in words
    assert "safe mode" in words
    assert "recovery console" in words


# row 90
def test_each_way_goes_about_it_differently(new: New, run: Run, shown: Shown) -> None:
    for name in ("server", "other"):
        new(name, "server-2003-standard", Channel.OEM)
        run("clock", name, "--ahead", "31d")
    console = run("fix", "server", "--by", "recovery-console").stdout.splitlines()
    assert [line for line in console if "copied over" in line] == [
        "server: Recovery console: simlicense.dll copied over the old one.",
        "server: Recovery console: simactiv.exe copied over the old one.",
    ]
    safe = run("fix", "other", "--by", "safe-mode").stdout
    assert "Started in safe mode." in safe
    assert "setup replaced both system files" in safe
    assert (shown("server")["start"], shown("other")["start"]) == ("recovery console", "safe mode")
    assert "nobody can log on" in run("logon", "server").stdout
    assert "for repairs only" in run("logon", "other").stdout


def test_while_somebody_can_log_on_the_setup_does(new: New, run: Run, shown: Shown) -> None:
    new("server", "server-2003-standard", Channel.OEM)
    run("clock", "server", "--ahead", "20d")
    assert run("fix", "server", "--by", "setup").exit_code == 0
    run("restart", "server")
    assert (shown("server")["days_left"], shown("server")["fix"]) == (30, "in force")


# row 92
@pytest.mark.parametrize("product", ["server-2003-r2-standard", "windows-7-professional", "vista-business"])
def test_only_affected_systems_take_the_fix(new: New, run: Run, shown: Shown, refusal: Refusal, product: str) -> None:
    new("server", product, Channel.OEM)
    before = shown("server")["system_files"]
    assert "only for computers that have it" in refusal(run("fix", "server", "--by", "safe-mode"))
    assert shown("server")["system_files"] == before
    assert "never had the fault" in refusal(run("fault", "server", "on"))


def test_a_fixed_system_takes_the_fix_no_second_time(new: New, run: Run, refusal: Refusal) -> None:
    new("server", "server-2003-standard", Channel.OEM)
    run("fix", "server", "--by", "safe-mode")
    assert "Restart the computer" in refusal(run("fix", "server", "--by", "safe-mode"))
    run("restart", "server")
    assert "has the fix already" in refusal(run("fix", "server", "--by", "recovery-console"))


def test_a_restart_without_a_fix_changes_nothing_but_that(new: New, run: Run, shown: Shown) -> None:
    new("server", "server-2003-standard", Channel.OEM)
    run("clock", "server", "--ahead", "10d")
    assert run("restart", "server").stdout.splitlines() == ["server: Started.", "server: in grace, 20 days left."]
    assert shown("server")["fix"] == "missing"
