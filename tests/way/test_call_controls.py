"""A call between people: hold, mute, a colleague asked first, the supervisor's view of it, and the code it ends with."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.long

GUMNUT, BRIGHTWATER, SERVICE_PROVIDER = "70415265", "Matilda Brightwater", 3009
PHONES = {"amira": "+12065550181", "bruno": "+12065550182"}


@pytest.fixture
def rung(phone: Callable[..., Any], at_desk: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """People with a phone on their desk that rings for their calls."""
    people: list[Any] = []

    def enter(name: str) -> tuple[Any, Any]:
        person, handset = at_desk(name), phone("--wait", "--from", PHONES[name])
        has_phone(person, PHONES[name])
        people.append(person)
        return person.be_available(), handset

    yield enter
    for person in people:
        has_phone(person, "")


def has_phone(person: Any, number: str) -> None:
    person.page.goto("/console/profile")
    person.page.get_by_label("Phone to be rung on").fill(number)
    person.press("Save")
    person.sees("Your profile is saved")


def test_a_call_is_held_muted_and_handed_over_warm_while_the_supervisor_sees_it_move(
    caller: Callable[..., Any], rung: Callable[..., Any], at_desk: Callable[..., Any]
) -> None:
    (amira, amiras_phone), (bruno, brunos_phone), celeste = rung("amira"), rung("bruno"), at_desk("celeste")
    celeste.page.goto("/console/floor")
    celeste.finds_nothing_in_the_way()
    waiting = celeste.page.locator("section[aria-labelledby=waiting-title]")
    desks = celeste.page.locator("section[aria-labelledby=desks-title]")
    phone = caller("0")
    case = phone.hear_case()
    expect(waiting).to_contain_text(case)

    amira.answer(case)
    expect(waiting).not_to_contain_text(case)
    expect(desks.get_by_role("row", name=re.compile(f"Amira Haddad.*{case}"))).to_be_visible()
    amiras_phone.hear("Ringing")
    amiras_phone.type("")
    phone.hear("Here is a person for you")
    phone.hear("In a conference with 1 other")
    celeste.finds_nothing_in_the_way()

    amira.press("Hold")
    phone.hear("♪ music")
    expect(desks).to_contain_text("on hold")
    amira.sees(re.compile("^On hold"))
    amira.finds_nothing_in_the_way()
    amira.press(re.compile("^On hold"))
    phone.hear("In a conference with 1 other")
    expect(desks).not_to_contain_text("on hold")

    amira.press("Mute")
    amiras_phone.hear("You are muted")
    amira.press("Muted")
    amiras_phone.hear(r"In a conference with 1 other\.\)")

    amira.press_open("Transfer…")
    amira.page.get_by_label("To", exact=True).select_option("bruno")
    amira.finds_nothing_in_the_way()
    amira.press("Ask them first")
    phone.hear("♪ music")
    brunos_phone.hear("Ringing")
    brunos_phone.type("")
    amiras_phone.hear("In a conference with 2 others|In a conference with 1 other")
    amira.sees("You are asking")
    expect(desks).to_contain_text("Bruno Castellani")
    bruno.page.get_by_role("link", name="Open the call").click()
    bruno.sees("asks your advice. The call stays theirs until they hand it over.")
    bruno.finds_nothing_in_the_way()
    amira.press("Hand over")
    phone.hear("In a conference with")
    amiras_phone.hear("ended|over|hung up")
    expect(desks.get_by_role("row", name=re.compile(f"Bruno Castellani.*{case}"))).to_be_visible()
    expect(desks.get_by_role("row", name=case)).to_have_count(1)

    # Amira's part wants its code: without one nothing is wrapped up, whoever asks.
    amira.open_tab("Wrap-up")
    amira.press("Wrap up")
    assert amira.posts(f"/console/calls/{case}/wrap-up", outcome="", note="no code") == 422
    assert amira.posts(f"/console/calls/{case}/wrap-up", outcome="not coded", note="no code") == 422
    expect(amira.page.locator(".bar .state")).to_contain_text("Wrap-up")
    amira.finds_nothing_in_the_way()
    amira.wrap_up("Transferred")
    bruno.press("Hang up")
    phone.hear("ended|over|hung up")
    expect(desks).to_contain_text("No agent has a call")
    bruno.wrap_up("Information given")


def test_a_service_providers_key_is_told_by_call_and_a_second_one_refused(
    centre: Any, caller: Callable[..., Any], at_desk: Callable[..., Any]
) -> None:  # row 84
    amira = at_desk("amira").be_available()
    phone = caller("4", "1", GUMNUT)
    phone.hear("A person will help you with a new key")
    amira.answer(phone.hear_case())
    before = amira.left(SERVICE_PROVIDER)
    amira.verify(GUMNUT, BRIGHTWATER, SERVICE_PROVIDER, before)
    amira.open_tab("New key")
    amira.finds_nothing_in_the_way()
    amira.page.get_by_label("Product group").select_option(label="Windows Server 2008 R2 group B")
    amira.press("The caller wants one more key")
    amira.sees("There are no extra keys")
    amira.sees("Raise its count instead")

    amira.open_tab("New key")
    amira.page.get_by_label("Product group").select_option(label="Windows Server 2008 R2 group B")
    amira.press("Issue or retrieve, and read it out")
    expect(amira.page.locator("[data-block]")).to_have_count(5)
    told = "".join(amira.page.locator("[data-symbol] b").all_inner_texts())
    assert told == centre.keys[SERVICE_PROVIDER].replace("-", "")
    amira.finds_nothing_in_the_way()
    amira.page.get_by_role("link", name="Done, hide it").click()
    expect(amira.page.locator("[data-block]")).to_have_count(0)
    amira.press("Hang up")
    amira.wrap_up("Key issued or told")
    amira.page.goto(f"/console/agreements/{GUMNUT}")
    amira.sees("was told to a contact of your agreement by telephone")
    amira.finds_nothing_in_the_way()
