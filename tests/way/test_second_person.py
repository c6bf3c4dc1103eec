"""Where one person is not enough: refused approvals, nobody's own, limits that never fall below what is used, locks."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.long

NORDHAFEN, ALBERS = "62309581", "Friederike Albers"
WINDOWS_7_HOSTS, HOSTS_LEFT = 4002, 4
MAK_A, MAK_B = 3006, 3007
MORE_THAN_ONE_MAY = 900
WRONG_NUMBERS = ("11111114", "22222224", "33333335", "44444449", "55555559")


def test_a_refused_approval_is_told_in_words_and_changes_nothing(
    caller: Callable[..., Any], at_desk: Callable[..., Any]
) -> None:
    amira, celeste = at_desk("amira").be_available(), at_desk("celeste")
    phone = caller("2", NORDHAFEN, "1", f"{MORE_THAN_ONE_MAY}#", "1")
    phone.hear("A person will check your agreement and add the activations")
    case = phone.hear_case()
    amira.answer(case)
    amira.sees("Already asked of the line")
    amira.finds_nothing_in_the_way()
    before = amira.allowed(MAK_A)
    amira.verify(NORDHAFEN, ALBERS, WINDOWS_7_HOSTS, HOSTS_LEFT)
    amira.ask("raise", MORE_THAN_ONE_MAY, MAK_A)
    amira.sees("waits for a second person")
    amira.finds_nothing_in_the_way()

    celeste.page.goto("/console/approvals")
    celeste.finds_nothing_in_the_way()
    celeste.page.get_by_role("link", name=re.compile(f"by {MORE_THAN_ONE_MAY}")).first.click()
    expect(celeste.page.get_by_role("heading", name="Your decision")).to_be_visible()
    celeste.finds_nothing_in_the_way()
    celeste.press("Refuse")
    celeste.is_told_no(re.compile("why|words", re.IGNORECASE))
    celeste.page.get_by_label("Words").fill("So many at once are a new purchase: send the order first.")
    celeste.press("Refuse")
    celeste.sees("What became of it")

    told = amira.page.locator(".said.bad")
    expect(told).to_contain_text("was refused by Celeste Marchetti")
    expect(told).to_contain_text("send the order first")
    expect(told).to_contain_text("Nothing was changed")
    amira.finds_nothing_in_the_way()
    assert amira.allowed(MAK_A) == before

    amira.press("Back to the line")
    phone.hear("To activate a computer, press 1")
    amira.wrap_up("Refused")


def test_nobody_approves_what_they_asked_for(caller: Callable[..., Any], at_desk: Callable[..., Any]) -> None:
    celeste = at_desk("celeste").be_available()
    phone = caller("0")
    celeste.answer(phone.hear_case())
    before = celeste.allowed(MAK_A)
    celeste.verify(NORDHAFEN, ALBERS, WINDOWS_7_HOSTS, HOSTS_LEFT)
    celeste.ask("raise", MORE_THAN_ONE_MAY + 1, MAK_A)
    celeste.is_told_no("Choose the product group")
    celeste.ask("raise", MORE_THAN_ONE_MAY + 1, MAK_A, "Windows Server 2008 R2 group A")
    celeste.page.get_by_role("link", name="Look at it").click()
    celeste.sees(re.compile("your own|yourself|you asked", re.IGNORECASE))
    expect(celeste.page.get_by_role("button", name="Approve")).to_have_count(0)
    celeste.finds_nothing_in_the_way()
    request = celeste.page.url.rsplit("/", 1)[-1]
    assert celeste.posts(f"/console/approvals/{request}/approve", words="I may, may I not?") in (403, 409)
    assert celeste.allowed(MAK_A) == before

    celeste.press("Withdraw it")
    celeste.sees("What became of it")
    celeste.page.get_by_role("link", name="Open the call").click()
    celeste.press("Hang up")
    celeste.wrap_up()
    phone.hear("hung up|ended|over")


def test_a_limit_is_never_lowered_below_what_is_used(centre: Any, at_desk: Callable[..., Any]) -> None:  # row 76
    used, _ = centre.count(MAK_B)
    dmitri, celeste = at_desk("dmitri"), at_desk("celeste")
    dmitri.page.goto(f"/console/keys/{MAK_B}")
    dmitri.finds_nothing_in_the_way()
    before = dmitri.allowed(MAK_B)
    dmitri.ask("lower", used - 1, MAK_B)
    dmitri.is_told_no(f"{used} are in use")
    dmitri.ask("lower", used, MAK_B)
    dmitri.sees("second person decides")
    assert dmitri.allowed(MAK_B) == before
    dmitri.page.goto(f"/console/keys/{MAK_B}")
    dmitri.page.get_by_role("link", name=re.compile(f"Lower .* to {used}")).first.click()
    expect(dmitri.page.get_by_role("button", name="Approve")).to_have_count(0)

    celeste.page.goto(dmitri.page.url)
    celeste.sees("At the vendor’s own wish")
    celeste.press("Approve")
    celeste.sees("What became of it")
    assert celeste.allowed(MAK_B) == used


def test_wrong_agreement_numbers_lock_until_a_supervisor_unlocks(
    caller: Callable[..., Any], at_desk: Callable[..., Any]
) -> None:  # row 80
    amira, celeste = at_desk("amira").be_available(), at_desk("celeste")
    phone = caller("0")
    case = phone.hear_case()
    amira.answer(case)
    for wrong in WRONG_NUMBERS:
        amira.find_agreement(wrong)
        amira.is_told_no(re.compile("agreement", re.IGNORECASE))
    amira.find_agreement(NORDHAFEN)
    amira.is_told_no("locked")
    expect(amira.page.get_by_role("button", name="Ask for this change")).to_have_count(0)
    assert amira.posts("/console/unlock", scope=f"case/{case}") == 403

    celeste.page.goto(f"/console/calls/{case}#limit")
    celeste.press("Unlock")
    celeste.sees(re.compile("unlocked|open again", re.IGNORECASE))
    amira.find_agreement(NORDHAFEN)
    amira.sees("active and fits this call")
    amira.press("Hang up")
    amira.wrap_up("Caller not verified")
