"""The portal in Chromium: whole journeys, by keyboard where people use it, narrow and wide, light and dark."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from activation.keys import write_key
from callcenter.floor.people import Role

PASSWORD, FIRST, NEW = "seven calm ferries", "a first password", "eleven tall lanterns"
NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
NORDHAFEN = "62309581"
PAGES = (
    "",
    "/register",
    "/editions",
    "/password",
    f"/agreements/{NORDHAFEN}",
    f"/agreements/{NORDHAFEN}/request",
    f"/agreements/{NORDHAFEN}/request?step=2&kind=mak&product=windows-7-professional&product=server-2008-r2-web",
    f"/agreements/{NORDHAFEN}/request?step=3&kind=mak&product=windows-7-professional",
    f"/agreements/{NORDHAFEN}/keys/3007",
    f"/agreements/{NORDHAFEN}/keys/4002",
    f"/agreements/{NORDHAFEN}/licences",
    f"/agreements/{NORDHAFEN}/code",
    f"/agreements/{NORDHAFEN}/people",
    "/agreements/71934286",
    "/nothing",
)


@pytest.fixture
def url(centre: Any, serve_app: Callable[[Any], AbstractContextManager[str]]) -> Iterator[str]:
    with serve_app(centre.app) as address:
        yield address


@pytest.fixture
def opened(launch: Any, url: str) -> Iterator[Callable[..., Page]]:
    """Opens a window of its own; whatever the browser complains about fails the test."""
    browser, complaints, contexts = launch(), [], []

    def opening(**options: Any) -> Page:
        context = browser.new_context(**{"base_url": url, "viewport": WIDE, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
        return page

    yield opening
    for context in contexts:
        context.close()
    assert complaints == []


def signed_in(centre: Any, page: Page, name: str) -> Page:
    centre.contact(name)
    page.goto("/portal")
    page.get_by_label("Contact ID").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your agreements", level=1)).to_be_visible()
    return page


def test_from_the_first_password_to_a_mak_in_four_steps(centre, opened):
    page = opened()
    page.goto("/portal")
    page.get_by_label("Contact ID").fill("calder-1")
    page.get_by_label("Password", exact=True).fill(FIRST)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Present password").fill(FIRST)
    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_label("New password again").fill(NEW)
    page.get_by_role("button", name="Change password").click()
    page.get_by_role("link", name="Calder & Voss Engineering").click()
    page.get_by_role("link", name="Request keys").click()
    page.get_by_label("Windows 7 Professional").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Activations to begin with: 500")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Request").click()
    keys = centre.store.read(lambda tx: tx.keys.of_agreement("51203471"))
    text = write_key(keys[-1].key, centre.house.secrets)
    expect(page.get_by_text(text)).to_be_visible()
    page.get_by_role("link", name="To the list of keys").click()
    expect(page.get_by_text(text[-5:])).to_be_visible()
    expect(page.get_by_text(text)).to_have_count(0)


def test_an_increase_goes_through_the_consoles_approvals_and_back(centre, opened):
    page = signed_in(centre, opened(), "nordhafen-1")
    page.get_by_role("link", name="Nordhafen Reederei").first.click()
    page.get_by_role("link", name=re.compile("Raise or lower the count ?: MAK, Windows Server 2008 R2 group B")).click()
    page.get_by_label("Number", exact=True).fill("400")
    page.get_by_label("Why", exact=True).select_option("merger")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_role("status")).to_contain_text("A person of the activation centre decides")
    expect(page.get_by_text("waits for approval")).to_be_visible()
    supervisor = centre.agent("celeste2", Role.SUPERVISOR)
    (waiting,) = centre.store.read(lambda tx: tx.requests.held())
    supervisor.send(f"/console/approvals/{waiting.id}/approve", words="Agreed.")
    page.get_by_role("link", name="Your agreements").first.click()
    expect(page.get_by_text("Agreed.")).to_be_visible()
    expect(page.get_by_role("region", name="Requests").get_by_text("applied")).to_be_visible()


def test_a_code_is_had_by_keyboard_alone(centre, opened):
    page = signed_in(centre, opened(), "larkspur-1")
    page.goto("/portal/agreements/40718621/code")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the page")).to_be_focused()
    button = page.get_by_role("button", name="Show me a code")
    for _ in range(20):
        page.keyboard.press("Tab")
        if button.evaluate("each => each === document.activeElement"):
            break
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_contain_text("Your code:")


def test_everything_works_without_scripts(centre, opened):
    page = signed_in(centre, opened(java_script_enabled=False, viewport=NARROW), "larkspur-1")
    page.goto("/portal/agreements/40718621/people")
    page.get_by_text("Change Tobias Quill").click()
    page.get_by_label("raise counts").first.check()
    page.get_by_role("button", name="Keep these rights").click()
    expect(page.get_by_text("fetch keys → fetch keys, raise counts")).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_keeps_anybody_out_or_runs_over_the_edge(centre, opened, in_order, scheme):
    page = signed_in(centre, opened(color_scheme=scheme, viewport=NARROW), "nordhafen-1")
    centre.contact("larkspur-1")
    for path in PAGES:
        page.goto(f"/portal{path}")
        in_order(page)
