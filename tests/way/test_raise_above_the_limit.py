"""The way the floor is for: a volume key has run out, and the caller hears the confirmation ID in the same call."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

MAK, AGREEMENT, CONTACT = 3002, "40718621", "larkspur-1"
MORE_THAN_AN_AGENT_MAY = 40


def verify_by_code(centre: Any, desk: Page) -> None:
    desk.get_by_role("link", name="Agreement and limit").click()
    desk.get_by_label("The number the caller tells you").fill(AGREEMENT)
    desk.get_by_role("button", name="Look up").click()
    expect(desk.get_by_text("active and fits this call", exact=True)).to_be_visible()
    code = re.search(r"\b(\d{6})\b", centre.run("agreements", "code", AGREEMENT, "--contact", CONTACT))
    assert code
    desk.get_by_role("radio", name=re.compile("Imogen Fairweather")).check()
    desk.get_by_label("Code", exact=True).fill(code[1])
    desk.get_by_role("button", name="Check the code").click()
    expect(desk.get_by_text("verified", exact=True)).to_be_visible()


def ask_for(desk: Page, more: int) -> None:
    desk.get_by_label("How many").fill(str(more))
    desk.get_by_label("Why", exact=True).select_option("new purchase")
    desk.get_by_role("button", name="Ask for this change").click()


@pytest.mark.long
def test_a_key_that_ran_out_is_raised_and_the_line_reads_the_confirmation_id(
    centre: Any, waiting_caller: Callable[..., Any], sign_in: Callable[..., Page]
) -> None:  # rows 1, 35, 76, 80
    amira, bruno, celeste = sign_in("amira"), sign_in("bruno"), sign_in("celeste")
    for agent in (amira, bruno):
        agent.goto("/console")
        agent.get_by_role("button", name="Available").click()
    caller, case = waiting_caller("vista-pc", MAK)

    # It arrives on both desks by itself; both press Answer, one gets it, the other is told who.
    answers = [agent.get_by_role("button", name=f"Answer case {case}") for agent in (amira, bruno)]
    for answer in answers:
        expect(answer).to_be_visible()
    for live in ("stream", "fragments"):
        bruno.route(f"**/console/{live}*", lambda route: route.abort())
    bruno.reload()  # what bruno sees stays as it is: amira is only a moment faster
    answers[0].click()
    expect(amira).to_have_url(re.compile(f"/console/calls/{case}"))
    answers[1].click()
    expect(bruno.get_by_text(re.compile("Amira Haddad"))).to_be_visible()

    # Everything that the caller gave is on the desk.
    for known in ("Windows Vista Business", "used up", "number ending in 43"):
        expect(amira.get_by_text(known).first).to_be_visible()

    # More than the policy lets one person give is held for another one, who is not the asker.
    verify_by_code(centre, amira)
    ask_for(amira, MORE_THAN_AN_AGENT_MAY)
    expect(amira.get_by_text(re.compile("second person|approval", re.IGNORECASE)).first).to_be_visible()
    assert centre.count(MAK) == (25, 25)
    celeste.goto("/console/approvals")
    celeste.get_by_role("link", name=re.compile(str(MORE_THAN_AN_AGENT_MAY))).first.click()
    celeste.get_by_role("button", name="Approve").click()
    expect(celeste.get_by_text("Applied", exact=False).first).to_be_visible()

    # The raise and the activation of the caller who waits were one act.
    assert centre.count(MAK) == (26, 65)
    back = amira.get_by_role("button", name=re.compile("Back to the line"))
    expect(back).to_have_text(re.compile("reads the ID"))
    back.click()
    blocks = caller.read_id()
    caller.hear("Did the computer accept it")
    caller.type("1")
    assert "activated" in centre.run("workstation", "confirm", "vista-pc", *blocks)

    # Wrap-up needs a code; then the record of it all holds together.
    amira.get_by_role("radio", name=re.compile("raised|activated", re.IGNORECASE)).first.check()
    amira.get_by_role("button", name="Wrap up").click()
    expect(amira.get_by_text("Available").first).to_be_visible()
    assert "whole" in centre.run("audit", "verify")
