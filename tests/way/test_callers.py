"""Callers for whom the desk does more than answer: called back, granted an exception, kept when their agent is lost."""

import re
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.long

LARKSPUR, FAIRWEATHER = "40718621", "Imogen Fairweather"
ONE_LEFT, IN_USE_ELSEWHERE, RETAIL = 3001, 1008, 1004
CALLED_BACK = "+12065550198"


def kept_number(centre: Any, case: str) -> str | None:
    database = centre.folder / "instance" / "activation.db"
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        row = connection.execute("SELECT callback_number FROM queue_entries WHERE case_number = ?", [case]).fetchone()
    return row[0]


def test_a_caller_is_called_back_at_their_turn_and_the_number_is_erased(
    centre: Any,
    caller: Callable[..., Any],
    computer: Callable[..., Any],
    phone: Callable[..., Any],
    at_desk: Callable[..., Any],
) -> None:
    # The last seat of the key goes to one computer; the next one needs a person.
    last = caller("1", *computer(ONE_LEFT).groups)
    last.hear("It is approved")
    last.hang_up()
    waiting_computer = computer(ONE_LEFT)
    first = caller("1", *waiting_computer.groups, number=CALLED_BACK)
    first.hear("has no activations left. A person can raise its limit")
    case = first.hear_case()
    first.hear("To be called back instead, or to leave the queue, press star")
    amira = at_desk("amira")
    first.hear("music")
    first.type("*").hear("To be called back, 2")
    first.type("2")
    first.hear("It ends in")
    first.type("1")
    first.hear("We will call you at your turn")
    first.hear("This simulator activates no real product. Goodbye")
    assert kept_number(centre, case)

    amira.be_available()
    again = phone("--wait", "--from", CALLED_BACK)
    again.hear("[Ww]ait")
    amira.finds_nothing_in_the_way()
    amira.press(f"Call back case {case}")
    again.hear("Ringing")
    again.type("")
    again.hear("This is a simulator and activates no real product")
    again.hear("You asked us to call you back")
    again.hear("To be connected with a person, press 1")
    again.type("1")
    again.hear("Here is a person for you")
    expect(amira.page.locator(".call-bar")).to_contain_text("with you")
    assert kept_number(centre, case) is None

    amira.find_agreement(LARKSPUR)
    amira.sees("active and fits this call")
    amira.page.get_by_role("radio", name=re.compile(FAIRWEATHER)).check()
    code = re.search(r"\b(\d{6})\b", centre.run("agreements", "code", LARKSPUR, "--contact", "larkspur-1"))
    assert code
    amira.page.get_by_label("Code", exact=True).fill(code[1])
    amira.press("Check the code")
    expect(amira.page.get_by_text("verified", exact=True)).to_be_visible()
    amira.ask("raise", 3, ONE_LEFT)
    amira.sees("A confirmation ID is issued")
    amira.press("Back to the line: it reads the ID out")
    again.hear("Thank you for waiting. Here is your confirmation ID")
    assert waiting_computer.accepts(again.read_id())
    again.hear("Did the computer accept it")
    again.type("1")
    again.hear("Thank you. Goodbye")
    amira.wrap_up("Limit raised")
    digits = CALLED_BACK.removeprefix("+").encode()
    assert not [file for file in (centre.folder / "instance").rglob("*") if file.is_file() and digits in file.read_bytes()]


def test_a_copy_in_use_elsewhere_is_activated_by_a_seniors_exception(
    caller: Callable[..., Any], computer: Callable[..., Any], at_desk: Callable[..., Any]
) -> None:
    amira, bruno = at_desk("amira").be_available(), at_desk("bruno").be_available()
    replaced = computer(IN_USE_ELSEWHERE)
    phone = caller("1", *replaced.groups, "2", "0")
    phone.hear("already activated on as many computers as its licence allows")
    case = phone.hear_case()
    amira.answer(case)
    amira.finds_nothing_in_the_way()
    amira.open_tab("Questions")
    amira.page.get_by_role("group", name="How did the licence come?").get_by_label("By itself").check()
    amira.sees("Kept.")
    amira.sees("for senior agents to give. Transfer the caller to a senior")
    assert amira.posts(f"/console/calls/{case}/exception", reason="hardware failure", words="") == 403
    amira.open_tab("Agreement and limit")
    amira.sees("The key of this call belongs to no agreement")

    amira.press_open("Transfer…")
    amira.press("Send the caller there")
    phone.hear("Please stay on the line. The next person will be with you")
    amira.wrap_up("Transferred")
    expect(amira.page.get_by_role("row", name=case).first).to_contain_text("for a senior agent")
    expect(amira.page.get_by_role("button", name=f"Answer case {case}")).to_have_count(0)

    bruno.answer(case)
    bruno.open_tab("Questions")
    kept = bruno.page.get_by_role("group", name="How did the licence come?").get_by_label("By itself")
    expect(kept).to_be_checked()
    bruno.page.get_by_role("group", name="Is it the computer on which").get_by_label("Another computer").check()
    bruno.page.get_by_role("group", name="What became of the copy").get_by_label("That computer is broken").check()
    bruno.sees("Kept.")
    bruno.finds_nothing_in_the_way()
    bruno.page.locator("#questions").get_by_label("Why").select_option("hardware failure")
    bruno.press("Make the exception")
    bruno.sees("A confirmation ID is issued")
    bruno.press("Back to the line: it reads the ID out")
    assert replaced.accepts(phone.read_id())
    phone.hear("Did the computer accept it")
    phone.type("1")
    bruno.wrap_up("Exception made")


def test_an_agent_who_is_lost_loses_nothing_of_the_call(
    caller: Callable[..., Any], computer: Callable[..., Any], at_desk: Callable[..., Any]
) -> None:  # row 35
    amira, bruno = at_desk("amira").be_available(), at_desk("bruno")
    half_read = computer(RETAIL)
    phone = caller("1", *half_read.groups[:3], "*0")
    case = phone.hear_case()
    later = caller("0").hear_case()
    amira.answer(case)
    amira.open_tab("Installation ID")
    amira.page.get_by_label("Group 4", exact=True).fill(half_read.groups[3])
    expect(amira.page.locator(".pad [data-verdict=accepted]")).to_have_count(4)
    phone.hear("Here is a person for you")
    amira.page.context.close()

    bruno.be_available()
    phone.hear("Please stay on the line. The next person will be with you")
    bruno.page.goto("/console")
    rows = bruno.page.locator("#live-queue tbody tr")
    expect(rows.nth(0)).to_contain_text(case)
    expect(rows.nth(1)).to_contain_text(later)
    bruno.press("Answer next")
    expect(bruno.page.get_by_role("heading", name=f"Case {case}")).to_be_visible()
    bruno.open_tab("Installation ID")
    expect(bruno.page.locator(".pad [data-verdict=accepted]")).to_have_count(4)
    bruno.open_tab("Timeline")
    bruno.sees("Lost the call")
    bruno.finds_nothing_in_the_way()

    # The rest of the digits, one of them misheard at first, then the decision, and the ID read out by voice.
    bruno.open_tab("Installation ID")
    wrong = half_read.groups[4][:-1] + str((int(half_read.groups[4][-1]) + 1) % 10)
    bruno.page.get_by_label("Group 5", exact=True).fill(wrong)
    expect(bruno.page.locator(".pad [data-verdict=failed]")).to_have_count(1)
    for number, group in enumerate(half_read.groups[4:], start=5):
        bruno.page.get_by_label(f"Group {number}", exact=True).fill(group)
    expect(bruno.page.locator(".pad [data-verdict=accepted]")).to_have_count(9)
    bruno.press("Decide")
    bruno.sees("A confirmation ID is issued")
    bruno.press("read it out yourself")
    blocks = bruno.page.locator("[data-block]")
    expect(blocks).to_have_count(8)
    bruno.finds_nothing_in_the_way()
    read = ["".join(block.locator("b").all_inner_texts()) for block in blocks.all()]
    assert half_read.accepts(read)
    bruno.press("Hang up")
    bruno.wrap_up("Activated")
