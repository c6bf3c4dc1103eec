"""The page in a real browser: the boxes while one types, the wizard beside its telephone, and every state looked at by axe."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from page_people import RETAIL_7, RETAIL_2003, Person, Room
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from workstation.words import say

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PATIENCE_MILLISECONDS = 20_000


@pytest.fixture(scope="module")
def chromium(launch: Callable[..., Browser]) -> Browser:
    return launch()


@pytest.fixture
def open_page(chromium: Browser, room: Room) -> Iterator[Callable[..., Page]]:
    """Opens a page of the room; no script of it may fail, and its policy may have nothing to stop."""
    contexts, wrong = [], []

    def visit(path: str, **options: Any) -> Page:
        contexts.append(chromium.new_context(**{"base_url": room.url, "viewport": WIDE, **options}))
        contexts[-1].set_default_timeout(PATIENCE_MILLISECONDS)
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(f"/workstation{path}")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not wrong


@dataclass
class Exchange:
    """The exchange's end of the browser's telephone: it takes the call, and sends a text message then."""

    heard: list[dict[str, str]] = field(default_factory=list)

    def serve(self, line: WebSocketRoute) -> None:
        line.on_message(lambda message: self._hear(line, json.loads(message)))

    def _hear(self, line: WebSocketRoute, told: dict[str, str]) -> None:
        self.heard.append(told)
        if told["event"] == "connected":
            line.send(json.dumps({"event": "registered", "address": "client:visitor"}))
        else:
            line.send(json.dumps({"event": "calling", "streamSid": "MZ1", "to": told["to"]}))
            line.send(json.dumps({"event": "text", "sender": told["to"], "body": "A 043522 B 212253"}))


@pytest.fixture
def exchange(room: Room) -> Iterator[Exchange]:
    """An exchange that the centre knows of for as long as the test lasts."""
    address = "http://127.0.0.1:9"
    room.house.instance.exchange_address.note(address)
    yield Exchange()
    room.house.instance.exchange_address.forget(address)


def standings(page: Page) -> list[str]:
    return [str(box.get_attribute("data-standing")) for box in page.locator(".box").all()]


def test_each_block_is_checked_as_it_is_typed_and_the_focus_moves_on(
    room: Room, person: Person, open_page: Callable[..., Page]
) -> None:
    person.set_up("typing")
    blocks = room.issue("typing")
    page = open_page("/computers/typing/activate/telephone")
    page.get_by_label("Block A").click()
    page.keyboard.type(blocks[0])
    expect(page.locator(".box").nth(0)).to_have_attribute("data-standing", "good")
    expect(page.get_by_label("Block B")).to_be_focused()
    page.keyboard.type("000001")
    expect(page.locator(".box").nth(1)).to_have_attribute("data-standing", "wrong")
    expect(page.locator("[data-told]")).to_contain_text("Block B does not fit. Have block B read again and correct it.")
    page.get_by_label("Block B").fill(blocks[1])
    expect(page.locator("[data-told]")).to_be_empty()
    page.reload()
    expect(page.get_by_label("Block B")).to_have_value(blocks[1])
    page.get_by_label("Block C").click()
    page.keyboard.type("".join(blocks[2:]))
    expect(page.locator("[data-told]")).to_have_text("All blocks fit. Go on with Next.")
    assert standings(page) == ["good"] * 8
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="Register Windows 7 Home Premium")).to_be_focused()
    assert room.machine("typing").activation


def test_a_pasted_id_spreads_over_the_boxes(room: Room, person: Person, open_page: Callable[..., Page]) -> None:
    person.set_up("pasting")
    page = open_page("/computers/pasting/activate/telephone")
    page.get_by_label("Block D").click()
    page.keyboard.insert_text(" - ".join(room.issue("pasting")))
    expect(page.get_by_label("Block H")).to_have_value(room.issue("pasting")[7])
    expect(page.locator("[data-told]")).to_have_text("All blocks fit. Go on with Next.")
    assert [box.input_value() for box in page.locator(".box input").all()] == room.issue("pasting")


# row 34
def test_the_number_changes_with_the_country_and_the_telephone_beside_is_not_loaded_anew(
    room: Room, person: Person, open_page: Callable[..., Page]
) -> None:
    person.set_up("travelling")
    page = open_page("/computers/travelling/activate/telephone")
    page.locator("iframe").evaluate("frame => { frame.contentWindow.stays = true; }")
    page.get_by_label("Where are you?").select_option("IE")
    expect(page.locator(".number")).to_have_text("+353209100142")
    expect(page.locator(".chip")).to_have_text("toll number")
    assert page.url.endswith("?country=IE")
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("heading", name="Activate Windows 7 Home Premium")).to_be_focused()
    page.go_back()
    expect(page.locator(".number")).to_have_text("+353209100142")
    assert page.locator("iframe").evaluate("frame => frame.contentWindow.stays")


def test_one_click_without_an_exchange_says_so_and_what_to_do(
    room: Room, person: Person, open_page: Callable[..., Page], in_order: Callable[[Page], None]
) -> None:
    person.set_up("unconnected")
    page = open_page("/computers/unconnected/activate/telephone")
    expect(page.frame_locator("iframe").locator("[data-phone]")).to_have_attribute("data-phase", "offline")
    told = page.locator("[data-dial-told]")
    expect(told).to_be_hidden()
    page.get_by_role("link", name="Call it with the telephone here").click()
    expect(told).to_contain_text("no exchange runs here. Whoever runs this centre starts one with: activation-center serve.")
    in_order(page)


def test_one_click_calls_and_a_text_message_of_the_line_stands_on_the_page_at_every_step(
    exchange: Exchange, person: Person, open_page: Callable[..., Page]
) -> None:
    person.set_up("texted")
    page = open_page("")
    page.route_web_socket("**/browser", exchange.serve)
    page.goto("/workstation/computers/texted/activate/telephone")
    expect(page.frame_locator("iframe").locator("[data-phone]")).to_have_attribute("data-phase", "ready")
    texts = page.get_by_role("region", name="Text messages")
    expect(texts).to_be_hidden()
    page.get_by_role("link", name="Call it with the telephone here").click()
    expect(texts).to_contain_text("+18005550199 A 043522 B 212253")
    page.get_by_role("link", name="Call it with the telephone here").click()
    expect(page.locator("[data-dial-told]")).to_have_text(say("wizard.telephone.busy", "en"))
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("heading", name="Activate Windows 7 Home Premium")).to_be_focused()
    expect(texts).to_contain_text("A 043522 B 212253")
    assert [told["event"] for told in exchange.heard] == ["connected", "call"]
    assert exchange.heard[1]["to"] == "+18005550199"


# row 28
# row 29
def test_the_internet_route_needs_two_clicks(room: Room, person: Person, open_page: Callable[..., Page]) -> None:
    person.set_up("clicking", RETAIL_2003)
    page = open_page("/computers/clicking/activate")
    page.get_by_role("link", name="Over the internet").click()
    expect(page.get_by_role("link", name="Read the privacy statement")).to_be_visible()
    page.get_by_role("button", name="Activate now").click()
    expect(page.locator("#screen")).to_contain_text("There was nothing to type.")
    expect(page.locator("#standing")).to_contain_text("activated")
    page.get_by_role("link", name="Do not register").click()
    expect(page.get_by_role("heading", name="is activated")).to_be_focused()


def test_without_scripts_the_wizard_works_too(room: Room, person: Person, open_page: Callable[..., Page]) -> None:
    person.set_up("scriptless")
    page = open_page("/computers/scriptless/activate/telephone", java_script_enabled=False)
    page.get_by_label("Where are you?").select_option("DE")
    page.get_by_role("button", name="Show the number").click()
    expect(page.locator(".number")).to_have_text("+493023125142")
    page.get_by_label("Block A").fill("000001")
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".box").nth(0)).to_have_attribute("data-standing", "wrong")
    page.get_by_label("Block A").fill(" ".join(room.issue("scriptless")))
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="Register Windows 7")).to_be_visible()


@pytest.fixture(scope="module")
def every_state(room: Room) -> list[str]:
    """Paths of pages in every state that a computer can be seen in."""
    person = Person(room.app.test_client())
    for name, serial in (("seen-7", RETAIL_7), ("seen-2003", RETAIL_2003), ("seen-out", RETAIL_2003), ("seen-fault", 1001)):
        person.set_up(name, serial)
    person.do("seen-2003", "end")
    person.set_up("seen-notified", RETAIL_7)
    person.do("seen-notified", "end")
    person.do("seen-7", "log-on")
    person.send("/computers/seen-out/activate/internet")
    person.do("seen-out", "exchange", part="all")
    person.do("seen-fault", "fix-recovery-console")
    return [
        "",
        "/new",
        *(f"/computers/{name}" for name in ("seen-7", "seen-2003", "seen-out", "seen-fault", "seen-notified")),
        "/computers/seen-7/activate",
        "/computers/seen-7/activate/privacy",
        "/computers/seen-7/activate/internet",
        "/computers/seen-7/activate/telephone",
        "/computers/seen-7/registration?came=wizard",
        "/computers/seen-7/registration/form",
        "/computers/seen-out/setuplog",
        "/computers/seen-out/requests",
        "/computers/nobody",
        "/no-such-page",
    ]


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_in_any_state_and_nothing_sticks_out(
    open_page: Callable[..., Page],
    every_state: list[str],
    in_order: Callable[[Page], None],
    viewport: dict[str, int],
    scheme: str,
) -> None:
    page = open_page("", viewport=viewport, color_scheme=scheme)
    for path in every_state:
        page.goto(f"/workstation{path}")
        in_order(page)


@pytest.mark.long
def test_axe_finds_nothing_where_blocks_are_wrong(
    room: Room, person: Person, open_page: Callable[..., Page], in_order: Callable[[Page], None]
) -> None:
    person.set_up("faulted")
    page = open_page("/computers/faulted/activate/telephone", viewport=NARROW)
    page.get_by_label("Block A").fill("000001")
    page.get_by_label("Block B").fill(room.issue("faulted")[1])
    expect(page.locator("[data-told]")).to_contain_text("Block A does not fit")
    in_order(page)


def test_the_standalone_registration_warns_before_it_goes_without_encryption(
    room: Room, person: Person, open_page: Callable[..., Page]
) -> None:
    person.set_up("clear")
    person.do("clear", "routes", probe_url=f"{room.url}/activate/probe", activation_url="https://127.0.0.1:9/activate")
    page = open_page("/computers/clear/registration")
    page.get_by_role("link", name="Register", exact=True).click()
    page.get_by_label("Name").fill("Tobias Quill")
    page.get_by_label("Address").fill("4 Mill Lane")
    page.get_by_role("button", name="Register").click()
    expect(page.locator("#screen")).to_contain_text("HTTPS on port 9 of 127.0.0.1 cannot be reached")
    expect(page.get_by_label("Name")).to_have_value("Tobias Quill")
    page.get_by_role("button", name="Send it without encryption?").click()
    expect(page.locator("#screen")).to_contain_text("Thank you, you are registered.")


def test_whoever_types_a_key_has_chosen_to_use_it(open_page: Callable[..., Page]) -> None:
    page = open_page("/new")
    page.get_by_label("Product key", exact=True).fill("SIM")
    expect(page.get_by_label("A product key of this centre")).to_be_checked()
    page.get_by_label("Volume edition").select_option("windows-7-professional")
    expect(page.get_by_label("No key: a volume client")).to_be_checked()
