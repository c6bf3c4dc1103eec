"""The desk's scripts in a real browser: the pad, the read-out, the tabs, refusals beside the form, nothing typed lost."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def chromium(launch: Callable[..., Browser]) -> Browser:
    return launch()


@pytest.fixture
def address(console, serve_app) -> Iterator[str]:
    with serve_app(console.app) as address:
        yield address


@pytest.fixture
def page(chromium, address) -> Iterator[Page]:
    """A browser's page, which nothing may go wrong on: no script error, nothing that the policy had to stop."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=address)
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert not wrong


def open_desk(page, name, caller, panel=""):
    at = f"/console/calls/{caller.case}"
    page.goto(f"/console/sign-in?next={at}")
    page.fill("[name=name]", name)
    page.fill("[name=password]", "seven calm ferries")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"^[^?]*{at}$"))
    page.goto(f"{at}{panel}")
    if panel:
        expect(page.locator(panel)).to_be_visible()


def paste(page, field, text):
    page.evaluate(
        """([field, text]) => {
            const data = new DataTransfer();
            data.setData("text", text);
            document.querySelector(field).dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        [field, text],
    )


def test_a_whole_id_pasted_anywhere_finds_its_groups_and_is_judged(desk, page):  # E1.6
    caller = desk.stops_at(1004, 2)
    desk.answers("amira", caller)
    open_desk(page, "amira", caller, "#groups")
    paste(page, "#group-5", " - ".join(desk.installation_id(1004)))
    expect(page.locator("[data-whole]")).to_have_text("This is a genuine installation ID. Decide now.")
    expect(page.locator("li[data-verdict=accepted]")).to_have_count(9)
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("A confirmation ID is issued.")).to_be_visible()


def test_typing_moves_on_by_itself_and_stays_at_a_group_that_failed(desk, page):
    caller = desk.stops_at(1004, 4)
    desk.answers("amira", caller)
    open_desk(page, "amira", caller, "#groups")
    groups = desk.installation_id(1004)
    page.locator("#group-5").press_sequentially(groups[4])
    expect(page.locator("#group-6")).to_be_focused()
    expect(page.locator("#verdict-5")).to_have_text("accepted")
    page.keyboard.type(groups[5][:-1] + str((int(groups[5][-1]) + 1) % 10))
    expect(page.locator("#verdict-6")).to_have_text("check digit wrong")
    expect(page.locator("#group-6")).to_be_focused()


def test_a_key_jumps_to_its_group(desk, page):
    caller = desk.stops_at(1004, 4)
    desk.answers("amira", caller)
    open_desk(page, "amira", caller, "#groups")
    page.keyboard.press("7")
    expect(page.locator("#group-7")).to_be_focused()


def test_a_refusal_appears_beside_the_form_and_what_was_typed_stays(desk, page):
    caller = desk.reads(3002)
    desk.answers("amira", caller)
    open_desk(page, "amira", caller)
    number = page.get_by_label("The number the caller tells you")
    number.fill("51203471")
    page.get_by_role("button", name="Look up").click()
    expect(page.locator("#limit [data-answer]").first).to_contain_text("another organisation")
    expect(number).to_have_value("51203471")
    number.fill("40718621")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_text("active and fits this call", exact=True)).to_be_visible()
    expect(page.locator("#notices")).to_contain_text("Now verify who is calling.")


def test_the_confirmation_id_is_read_out_by_keyboard_and_ticked_block_by_block(desk, page):  # E1.7
    caller = desk.reads(1004)
    caller.press("0")
    desk.answers("amira", caller)
    open_desk(page, "amira", caller)
    page.keyboard.press("s")
    expect(page.locator("[data-readout-status]")).to_have_text("Block A. The caller has 0 of 8.")
    page.keyboard.press("y")
    expect(page.locator("[data-readout-status]")).to_have_text("Block B. The caller has 1 of 8.")
    page.keyboard.press("j")
    expect(page.locator("[data-current]")).to_have_attribute("data-block", "A")
    for _ in range(8):
        page.keyboard.press("y")
    expect(page.locator("[data-readout-status]")).to_have_text("The caller has every block.")


def test_an_approval_shows_on_the_open_page_without_reloading_it(desk, console, page):
    caller = desk.reads(3002)
    browser = desk.verified("amira", caller, "40718621", "larkspur-1")
    change = {"contact": "larkspur-1", "serial": "3002", "change": "raise", "amount": "200", "reason": "merger"}
    browser.send(f"/console/calls/{caller.case}/change", **change)
    open_desk(page, "amira", caller)
    expect(page.locator("#live-desk")).to_contain_text("waits for a second person.")
    page.get_by_role("link", name="Wrap-up").click()
    page.get_by_label("Note (optional)").fill("half a sentence")
    (held,) = console.store.read(lambda tx: tx.requests.held())
    console.signed_in("celeste").send(f"/console/approvals/{held.id}/approve")
    expect(page.get_by_role("button", name="Back to the line: it reads the ID out")).to_be_visible(timeout=10_000)
    expect(page.get_by_label("Note (optional)")).to_have_value("half a sentence")


def test_holding_and_giving_back_lose_nothing_that_is_half_typed(desk, page):
    caller = desk.reads(3002)
    desk.answers("amira", caller)
    open_desk(page, "amira", caller, "#wrap-up")
    page.get_by_label("Note (optional)").fill("half a sentence")
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    expect(page.get_by_role("button", name="On hold")).to_be_visible(timeout=10_000)
    page.keyboard.press("z")
    expect(page.locator("#notices")).to_contain_text("The caller is with the line again. Now wrap up.")
    expect(page.get_by_label("Note (optional)")).to_have_value("half a sentence")
    page.get_by_label("Information given").check()
    page.get_by_role("button", name="Wrap up").click()
    page.wait_for_url("**/console")


def test_no_key_of_the_page_means_two_things(desk, page):  # E1.12
    caller = desk.reads(3002)
    desk.verified("amira", caller, "40718621", "larkspur-1").send(
        f"/console/calls/{caller.case}/change", contact="larkspur-1", serial="3002", change="raise", amount="5", reason="merger"
    )
    open_desk(page, "amira", caller)
    page.keyboard.press("s")
    page.wait_for_selector("[data-readout]")
    keys = page.eval_on_selector_all("[data-key]", "all => all.map(one => one.dataset.key)")
    assert sorted(keys) == sorted(set(keys))
    chords = {key.split(" ")[0] for key in keys if " " in key}
    assert not chords & set(keys), "a chord's first key must not be a key by itself"


@pytest.mark.parametrize("width", [1280, 390])
def test_an_accessibility_checker_finds_nothing(desk, page, in_order, width):
    caller = desk.reads(3002)
    browser = desk.verified("amira", caller, "40718621", "larkspur-1")
    browser.send(f"/console/calls/{caller.case}/decide")
    page.set_viewport_size({"width": width, "height": 860})
    open_desk(page, "amira", caller)
    for panel in ("groups", "limit", "questions", "new-key", "helpers", "timeline", "wrap-up"):
        page.locator(f"[data-tab][href='#{panel}']").click()
        in_order(page)
