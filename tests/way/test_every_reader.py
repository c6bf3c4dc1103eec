"""The desk for everybody: a whole raise without a mouse, and a whole call on the screen of a phone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.long

CALDER, OKAFOR, HOSTS, HOSTS_LEFT = "51203471", "Renata Okafor", 4003, 6
MAK, MORE = 3005, 7
NARROW = {"width": 390, "height": 844}


def tab_to(page: Page, wanted: Locator) -> None:
    """Reaches a field by the Tab key alone."""
    expect(wanted).to_be_visible()
    for _ in range(80):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"The Tab key never came to {wanted}.")


def test_a_limit_is_raised_without_a_mouse(caller: Callable[..., Any], at_desk: Callable[..., Any]) -> None:  # row 76
    amira = at_desk("amira")
    page, keys = amira.page, amira.page.keyboard
    page.goto("/console")
    expect(page.locator(".bar .state")).to_be_visible()
    if page.locator(".bar button[data-key=a]").is_visible():
        keys.press("a")
    expect(page.locator(".bar .state")).to_contain_text("Available")
    phone = caller("2", CALDER, "3", f"{MORE}#", "1")
    phone.hear("A person will check your agreement and add the activations")
    case = phone.hear_case()
    before = amira.allowed(MAK)
    expect(page.locator("[data-key=Enter]")).to_be_enabled()
    keys.press("Enter")
    expect(page).to_have_url(re.compile(f"/console/calls/{case}"))
    page.wait_for_load_state()  # before that, no script hears the keys
    keys.press("?")
    expect(page.get_by_role("heading", name="Keys on this page")).to_be_visible()
    amira.finds_nothing_in_the_way()
    keys.press("Escape")

    keys.press("l")
    tab_to(page, page.get_by_label("The number the caller tells you"))
    keys.press("Enter")
    amira.sees("active and fits this call")
    tab_to(page, page.get_by_role("radio", name=re.compile(OKAFOR)))
    keys.press("Space")
    tab_to(page, page.get_by_label("On which key"))
    keys.type("Windows Server 2008 group A (KMS")
    expect(page.get_by_label("On which key")).to_have_value(str(HOSTS))
    tab_to(page, page.get_by_label("Their answer"))
    keys.type(str(HOSTS_LEFT))
    tab_to(page, page.get_by_role("button", name="Check the answer"))
    keys.press("Enter")
    expect(page.get_by_text("verified", exact=True)).to_be_visible()

    chosen = page.locator(f"input[name=serial][value='{MAK}']")
    tab_to(page, page.locator("input[name=serial]").first)
    for _ in range(20):
        if chosen.is_checked():
            break
        keys.press("ArrowDown")
    expect(chosen).to_be_checked()
    tab_to(page, page.get_by_label("How many"))
    keys.press("ControlOrMeta+A")
    keys.type(str(MORE))
    tab_to(page, page.get_by_label("Why", exact=True))
    keys.type("new pur")
    keys.press("Enter")
    tab_to(page, page.get_by_role("button", name="Ask for this change"))
    keys.press("Enter")
    amira.sees("raise applied")
    assert amira.allowed(MAK) == before + MORE

    page.locator("main").focus()
    keys.press("z")
    phone.hear("To activate a computer, press 1")
    expect(page.locator(".bar .state")).to_contain_text("Wrap-up")
    tab_to(page, page.locator("input[name=outcome]").first)
    for _ in range(20):
        if page.get_by_role("radio", name="Limit raised").is_checked():
            break
        keys.press("ArrowDown")
    keys.press("w")
    expect(page.locator(".bar .state")).to_contain_text("Available")


def test_a_call_fits_the_screen_of_a_phone(caller: Callable[..., Any], at_desk: Callable[..., Any]) -> None:
    bruno = at_desk("bruno", viewport=NARROW).be_available()
    bruno.finds_nothing_in_the_way()
    phone = caller("1", "123", "*0")
    case = phone.hear_case()
    bruno.answer(case)
    for place in ("0", "document.body.scrollHeight"):
        bruno.page.evaluate(f"scrollTo(0, {place})")
        expect(bruno.page.get_by_role("button", name="Hold")).to_be_in_viewport(ratio=1)
        expect(bruno.page.get_by_role("button", name="Hang up")).to_be_in_viewport(ratio=1)
    for tab in ("Installation ID", "Agreement and limit", "Questions", "New key", "Helpers", "Timeline", "Wrap-up"):
        bruno.open_tab(tab)
        bruno.finds_nothing_in_the_way()
    bruno.press("Hang up")
    bruno.wrap_up()
    for page in ("", "/approvals", "/agreements", "/search", f"/keys/{MAK}", "/help", "/profile"):
        bruno.page.goto(f"/console{page}")
        bruno.finds_nothing_in_the_way()
