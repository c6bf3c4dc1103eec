"""The telephone in a real browser: its page served by the web server, its calls taken by the exchange's WebSocket end.

The line of these tests answers, says in words what it is called and hears, and sends back every sound it gets.
"""

import array
import asyncio
import math
import re
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from callcenter.service.phone import Phones, choices, phone_blueprint
from voices.sound import Sound

pytestmark = pytest.mark.long

FAKE_MICROPHONE = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
LOW_HERTZ, HIGH_HERTZ, ALIAS_HERTZ = 1000, 6500, 1500
"""What the fake microphone hears, and where the higher tone would be heard if nothing kept it out."""


@pytest.fixture
def address(exchange: Any, serve_app: Callable[..., Any]) -> Iterator[str]:
    app = Flask("phones", static_folder=None)
    numbers = choices([("Ireland", "+353209100142", False), ("United States", "+18005550199", True)])
    app.register_blueprint(phone_blueprint("Activation Center", Phones(*exchange.account, lambda: exchange.url, numbers)))
    with serve_app(app) as address:
        exchange.origins.add(address)
        yield address


@pytest.fixture(scope="module")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two tones at once, ten seconds long, in bursts as speech comes."""
    file, rate = tmp_path_factory.mktemp("microphone") / "tones.wav", 48000
    samples = array.array("h")
    for index in range(rate * 10):
        loudness = 6000 * (0.55 + 0.45 * math.sin(2 * math.pi * 3 * index / rate))
        wave_now = sum(math.sin(2 * math.pi * hertz * index / rate) for hertz in (LOW_HERTZ, HIGH_HERTZ))
        samples.append(round(loudness * wave_now))
    with wave.open(str(file), "wb") as writing:
        writing.setparams((1, 2, rate, 0, "NONE", ""))
        writing.writeframes(samples.tobytes())
    return file


@pytest.fixture(scope="module")
def chromium(launch: Callable[..., Browser], microphone: Path) -> Browser:
    return launch(*FAKE_MICROPHONE, f"--use-file-for-fake-audio-capture={microphone}")


@pytest.fixture
def open_phone(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens the page; nothing may go wrong on it: no script error, nothing that the policy had to stop."""
    contexts, wrong = [], []

    def visit(browser: Browser | None = None, at: str = address, **options: Any) -> Page:
        contexts.append((browser or chromium).new_context(**{"viewport": {"width": 1280, "height": 900}, **options}))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(f"{at}/phone")
        stands(page, "Ready")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not wrong


def stands(page: Page, words: str) -> None:
    expect(page.locator("[data-part=words]")).to_have_text(words, timeout=15000)


def call(page: Page, to: str = "activate") -> None:
    page.get_by_label("Number or address").fill(to)
    page.get_by_role("button", name="Call").click()


def until(condition: Callable[[], object], page: Page) -> None:
    for _look in range(600):
        if condition():
            return
        page.wait_for_timeout(20)
    raise AssertionError("it did not become so")


def loudness(mulaw: bytes, hertz: float) -> float:
    """How much of this tone is in it (Goertzel's sum, by the whole)."""
    samples = Sound.of_mulaw(mulaw).samples.astype(float)
    turns = numpy.exp(-2j * math.pi * hertz * numpy.arange(len(samples)) / 8000)
    return float(abs(numpy.dot(samples, turns))) / len(samples)


def test_a_call_goes_through_and_both_hear_each_other(exchange, open_phone):
    page = open_phone()
    call(page)
    stands(page, "On the call")
    expect(page.get_by_role("log", name="What is said")).to_contain_text("Welcome. You called activate.")
    expect(page.get_by_role("timer")).to_have_text(re.compile("0:0[0-9]"))
    leg = exchange.legs[0]
    until(lambda: len(leg.heard) > 16000, page)
    until(lambda: page.locator("#phone-heard").evaluate("meter => meter.value") > 0.2, page)  # its own sound, sent back
    assert page.locator("#phone-said").evaluate("meter => meter.value") > 0.2
    page.get_by_role("button", name="Hang up").click()
    stands(page, "Ready")
    expect(page.get_by_text("You hung up.")).to_be_visible()
    until(lambda: leg.is_over, page)


def test_the_microphone_is_heard_without_what_a_telephone_cannot_carry(exchange, open_phone):
    page = open_phone()
    call(page)
    stands(page, "On the call")
    leg = exchange.legs[0]
    until(lambda: len(leg.heard) > 24000, page)
    sound = bytes(leg.heard[8000:24000])
    assert loudness(sound, LOW_HERTZ) > 100
    assert loudness(sound, LOW_HERTZ) > 50 * loudness(sound, ALIAS_HERTZ)
    assert leg.call.port.figures.received_frames > 100


def test_keys_go_to_the_line_once_each_from_the_pad_and_from_the_keyboard(exchange, open_phone):
    page = open_phone()
    page.keyboard.press("Enter")  # with no field in focus, Enter calls
    stands(page, "On the call")
    for key in ("1", "star", "hash"):
        page.get_by_role("button", name=key, exact=True).click()
    page.keyboard.type("0011223344*#")
    until(lambda: exchange.legs[0].pressed == "1*#0011223344*#", page)
    expect(page.locator("[data-part=keyed]")).to_have_text("1*#0011223344*#")
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Muted")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("h")
    stands(page, "On hold")
    page.keyboard.press("h")
    page.keyboard.press("Escape")
    stands(page, "Ready")
    expect(page.locator("[data-part=keyed]")).to_be_hidden()
    assert page.locator("[data-part=keyed]").inner_text() == ""


def test_typing_in_the_field_presses_no_key_of_the_phone(exchange, open_phone):
    page = open_phone()
    field = page.get_by_label("Number or address")
    field.fill("")
    field.press_sequentially("mh12")
    expect(field).to_have_value("mh12")
    stands(page, "Ready")
    field.press("Enter")
    stands(page, "On the call")
    assert exchange.legs[0].call.user == "mh12"


def test_the_pad_writes_a_number_and_the_list_offers_the_centres_own(exchange, open_phone):
    page = open_phone()
    field = page.get_by_label("Number or address")
    expect(field).to_have_value("activate")
    page.get_by_label("Numbers of the centre").select_option("+18005550199")
    expect(field).to_have_value("+18005550199")
    for key in "030":
        page.get_by_role("button", name=key, exact=True).click()
    expect(field).to_have_value("030")


def test_a_muted_microphone_sends_silence_and_a_held_call_sends_nothing(exchange, open_phone):
    page = open_phone()
    call(page)
    stands(page, "On the call")
    leg = exchange.legs[0]
    until(lambda: len(leg.heard) > 3200, page)
    page.get_by_role("button", name="Mute").click()
    until(lambda: page.locator("#phone-said").evaluate("meter => meter.value") == 0, page)
    start = len(leg.heard) + 8000
    until(lambda: len(leg.heard) > start + 3200, page)
    assert set(leg.heard[start : start + 3200]) == {0xFF}
    page.get_by_role("button", name="Hold").click()
    stands(page, "On hold")
    until(lambda: not leg.call.port.is_open, page)
    page.get_by_role("button", name="On hold").click()
    stands(page, "On the call")
    until(lambda: leg.call.port.is_open, page)


def test_an_incoming_call_rings_with_a_name_and_is_answered_or_declined(exchange, open_phone):
    page = open_phone()
    (address,) = exchange.stations.addresses()
    ringing = asyncio.run_coroutine_threadsafe(exchange.ring(address, "Case 123456"), exchange.loop)
    stands(page, "Incoming call")
    expect(page.get_by_text("Case 123456")).to_be_visible()
    expect(page.get_by_text("Touch or click here once")).to_be_visible()
    page.mouse.click(5, 5)
    expect(page.get_by_text("Touch or click here once")).to_be_hidden()
    page.keyboard.press("Enter")
    stands(page, "On the call")
    assert ringing.result(5) == "answered"
    exchange.loop.call_soon_threadsafe(exchange.legs[0].call.hang_up)
    expect(page.get_by_text("The other side hung up.")).to_be_visible()

    again = asyncio.run_coroutine_threadsafe(exchange.ring(address, "Case 123456"), exchange.loop)
    page.get_by_role("button", name="Decline").click()
    assert again.result(5) == "busy"
    stands(page, "Ready")


def test_a_line_that_is_busy_says_so(open_phone):
    page = open_phone()
    call(page, "busy")
    expect(page.get_by_text("The line is busy.")).to_be_visible()
    stands(page, "Ready")


def test_a_call_that_nobody_answers_can_be_given_up(exchange, open_phone):
    page = open_phone()
    call(page, "nobody")
    stands(page, "Calling…")
    page.keyboard.press("Escape")
    stands(page, "Ready")
    call(page)
    stands(page, "On the call")


def test_text_messages_are_shown(exchange, open_phone):
    page = open_phone()
    (address,) = exchange.stations.addresses()
    exchange.loop.call_soon_threadsafe(exchange.stations.show_text, address, "+18005550199", "Your case number is 123456.")
    expect(page.get_by_role("log", name="Text messages")).to_contain_text("Your case number is 123456.")


def test_without_a_microphone_the_phone_says_so_and_works_by_keys(exchange, open_phone, launch):
    page = open_phone(launch())
    call(page)
    stands(page, "On the call")
    expect(page.locator("[data-part=notice]")).to_contain_text("The call goes on by keys.")
    page.keyboard.type("42")
    until(lambda: exchange.legs[0].pressed == "42", page)
    assert exchange.legs[0].heard == b""


def test_a_page_from_another_machine_over_plain_http_has_the_lines_sound_and_says_that_there_is_no_microphone(
    exchange, open_phone, launch, address
):
    opened_at = address.replace("127.0.0.1", "centre.example")
    exchange.origins.add(opened_at)
    page = open_phone(launch(*FAKE_MICROPHONE, "--host-resolver-rules=MAP centre.example 127.0.0.1"), opened_at)
    call(page)
    stands(page, "On the call")
    expect(page.locator("[data-part=notice]")).to_contain_text("only to pages over https, or of this computer")
    exchange.legs[0].says = bytes([0x90] * 4 + [0x10] * 4) * 20  # 1000 Hz: at half the rate the filter lets nothing through
    until(lambda: page.locator("#phone-heard").evaluate("meter => meter.value") > 0.2, page)
    page.keyboard.type("42")
    until(lambda: exchange.legs[0].pressed == "42", page)


def test_when_the_exchange_goes_the_call_ends_and_the_phone_comes_back_by_itself_elsewhere(exchange, open_phone):
    page = open_phone()
    call(page)
    stands(page, "On the call")
    exchange.do(exchange.stop())
    expect(page.get_by_text("The connection broke off, and the call with it.")).to_be_visible()
    stands(page, "Not connected")
    exchange.do(exchange.start())  # on another port
    stands(page, "Ready")
    call(page)
    stands(page, "On the call")
    assert exchange.legs[0].is_over


def test_leaving_the_page_ends_the_call(exchange, open_phone):
    page = open_phone()
    call(page)
    stands(page, "On the call")
    page.on("dialog", lambda dialog: dialog.accept())
    page.close(run_before_unload=False)
    leg = exchange.legs[0]
    other = open_phone()
    until(lambda: leg.is_over, other)


def test_nothing_is_kept_by_the_browser(exchange, open_phone):
    page = open_phone()
    call(page)
    stands(page, "On the call")
    page.keyboard.type("123456")
    until(lambda: exchange.legs[0].pressed == "123456", page)
    assert page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0
    assert page.get_by_label("Number or address", exact=True).get_attribute("autocomplete") == "off"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_state_is_accessible_and_fits(exchange, open_phone, in_order, width, scheme):
    page = open_phone(viewport={"width": width, "height": 844}, color_scheme=scheme)
    in_order(page)
    call(page, "nobody")
    stands(page, "Calling…")
    in_order(page)
    page.keyboard.press("Escape")
    call(page)
    stands(page, "On the call")
    page.keyboard.type("27")
    expect(page.get_by_role("log", name="What is said")).to_contain_text("You pressed 7.")
    in_order(page)
    page.keyboard.press("h")
    page.keyboard.press("m")
    stands(page, "On hold")
    in_order(page)
    page.keyboard.press("Escape")
    stands(page, "Ready")
    until(lambda: exchange.legs[-1].is_over, page)  # till then the line is busy, whatever the page says already
    (address,) = exchange.stations.addresses()
    exchange.loop.call_soon_threadsafe(exchange.stations.show_text, address, "+18005550199", "A text.")
    asyncio.run_coroutine_threadsafe(exchange.ring(address, "Amira Haddad"), exchange.loop)
    stands(page, "Incoming call")
    in_order(page)
