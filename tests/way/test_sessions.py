"""Who may act, and from where: sessions that end at once, forms from elsewhere, an auditor who tries to write, a worker that dies."""

import os
import re
import signal
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.long

MAK = 3003
HELD_BACK = "+12065550199"


def test_a_session_ended_from_elsewhere_is_over_at_once_and_keeps_what_was_typed(
    centre: Any, at_desk: Callable[..., Any]
) -> None:
    shown = centre.run("agents", "add", "fiona", "--full-name", "Fiona Maddox", "--role", "agent", "--language", "en")
    first = re.search(r"First password: (\S+)", shown)
    assert first, shown
    centre.passwords["fiona"] = first[1]
    fiona, dmitri = at_desk("fiona"), at_desk("dmitri")
    fiona.page.goto("/console/profile")
    fiona.page.get_by_label("Phone to be rung on").fill(HELD_BACK)
    dmitri.page.goto("/console/people/fiona")
    dmitri.finds_nothing_in_the_way()
    dmitri.press("Disable")
    expect(dmitri.page.get_by_text("disabled", exact=True)).to_be_visible()

    fiona.sees("You are signed out")
    fiona.finds_nothing_in_the_way()
    fiona.press("Look at the page")
    expect(fiona.page.get_by_label("Phone to be rung on")).to_have_value(HELD_BACK)
    fiona.press("Save")
    fiona.sees("You are signed out")
    assert fiona.posts("/console/profile", phone=HELD_BACK, languages="en") == 401
    dmitri.page.reload()
    expect(dmitri.page.get_by_label("Phone to ring")).to_have_value("")

    # Enabled again and signed in in another tab, the page goes on with what was typed.
    dmitri.press("Enable")
    expect(dmitri.page.get_by_text("active", exact=True)).to_be_visible()
    with fiona.page.context.expect_page() as opened:
        fiona.page.get_by_role("link", name="Sign in again").click()
    tab = opened.value
    tab.get_by_label("Name").fill("fiona")
    tab.get_by_label("Password", exact=True).fill(centre.passwords["fiona"])
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_role("navigation", name="Pages")).to_be_visible()
    tab.close()
    fiona.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(fiona.page.get_by_role("heading", name="You are signed out")).to_be_hidden()
    fiona.press("Save")
    fiona.sees("Your profile is saved")
    assert "whole" in centre.run("audit", "verify")


def test_a_form_from_elsewhere_changes_nothing(at_desk: Callable[..., Any]) -> None:
    dmitri = at_desk("dmitri")
    before = dmitri.allowed(MAK)
    change = {"serial": str(MAK), "change": "raise", "amount": "5", "reason": "test lab"}
    assert dmitri.posts(f"/console/keys/{MAK}/change", with_token=False, **change) == 400
    assert dmitri.posts(f"/console/keys/{MAK}/change", with_token=False, csrf_token="", **change) == 400
    assert dmitri.allowed(MAK) == before
    dmitri.page.evaluate("document.querySelector('form[action$=sign-out] [name=csrf_token]').value = 'made-up'")
    dmitri.press_open("your menu")
    dmitri.press("Sign out")
    dmitri.sees("That form was too old")
    dmitri.finds_nothing_in_the_way()

    # With the page's own token the same form is taken: what was refused was the forgery, not the wish.
    dmitri.page.goto(f"/console/keys/{MAK}")
    assert dmitri.posts(f"/console/keys/{MAK}/change", **change) == 200
    assert dmitri.allowed(MAK) == before + 5


def test_an_auditor_reads_everything_and_changes_nothing(centre: Any, at_desk: Callable[..., Any]) -> None:
    esther = at_desk("esther")
    esther.page.goto(f"/console/keys/{MAK}")
    esther.finds_nothing_in_the_way()
    before = esther.allowed(MAK)
    for button in ("Ask for this change", "Available", "Answer next"):
        expect(esther.page.get_by_role("button", name=button)).to_have_count(0)
    for path, fields in {
        f"/console/keys/{MAK}/change": {"serial": str(MAK), "change": "raise", "amount": "5", "reason": "test lab"},
        "/console/availability": {"availability": "available"},
        "/console/answer": {"call_sid": "next"},
        "/console/people/amira/disable": {},
        "/console/people": {"name": "greta", "full_name": "Greta", "role": "agent", "languages": "en"},
        "/console/unlock": {"scope": "agreement/62309581"},
        "/console/supervise": {"call_sid": "CA0", "act": "listen"},
    }.items():
        assert esther.posts(path, **fields) == 403, path
    assert esther.allowed(MAK) == before

    esther.press("Show the whole key")
    shown = "".join(esther.page.locator("[data-symbol] b").all_inner_texts())
    assert shown == centre.keys[MAK].replace("-", "")
    esther.finds_nothing_in_the_way()
    for page in ("audit?actor=esther", "audit/check", "people", "settings", "reports", "floor", "search", "agreements", "help"):
        esther.page.goto(f"/console/{page}")
        esther.finds_nothing_in_the_way()
    esther.page.goto(f"/console/audit?actor=esther&subject=key/{MAK}")
    expect(esther.page.get_by_role("cell", name=re.compile("reveal", re.IGNORECASE)).first).to_be_visible()


def test_a_worker_that_hangs_and_dies_takes_nothing_along_that_was_typed(centre: Any, at_desk: Callable[..., Any]) -> None:
    bruno = at_desk("bruno").be_available()
    bruno.page.goto("/console/profile")
    languages = bruno.page.get_by_label("Languages")
    languages.fill("en fr")
    workers = _workers_of(centre)
    assert workers
    for worker in workers:  # it hangs before it dies: one that only dies is back before a page can grow old
        os.kill(worker, signal.SIGSTOP)
    expect(bruno.page.locator("#stale")).to_be_visible()
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    expect(languages).to_have_value("en fr")
    expect(bruno.page.locator("#stale")).to_be_hidden()
    bruno.press("Save")
    bruno.sees("Your profile is saved")


def _workers_of(centre: Any) -> list[int]:
    """The processes under gunicorn's own, which starts them again."""

    def below(parent: int) -> list[tuple[int, str]]:
        shown = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
        return [(int(pid), line) for pid, line in (row.split(maxsplit=1) for row in shown.stdout.splitlines())]

    masters = [pid for pid, line in below(centre.pid) if " web " in line]
    return [pid for master in masters for pid, _line in below(master)]
