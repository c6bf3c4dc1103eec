"""The agent's telephone in a real browser: its window, and the pages of the desk that show it and work it."""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from callcenter.console.site import init_console
from callcenter.service.phone import Phones, phone_blueprint

pytestmark = pytest.mark.long

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def chromium(launch: Callable[..., Browser]) -> Browser:
    return launch("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


@pytest.fixture
def make_app(centre: Any, exchange: Any) -> Callable[[], Flask]:
    def make() -> Flask:
        phones = Phones(*exchange.account, lambda: exchange.url)
        app = Flask("callcenter.console", static_folder=None)
        app.register_blueprint(phone_blueprint("The Line", phones))
        init_console(app, replace(centre, phones=phones), secret_key=b"s" * 32, is_secure=False)
        return app

    return make


@pytest.fixture
def address(console: Any, exchange: Any, serve_app: Callable[..., Any]) -> Iterator[str]:
    with serve_app(console.app) as address:
        exchange.origins.add(address)
        yield address


@pytest.fixture
def open_desk(chromium: Browser, address: str, enter: Callable[..., Page]) -> Callable[..., Page]:
    return lambda **options: enter(chromium, address, "amira", **options)


def open_phone(page: Page) -> Page:
    """The phone's window, opened with the keys of the desk and touched once."""
    expect(lamp(page)).to_have_text("Phone closed")
    with page.expect_popup() as opened:
        page.keyboard.press("p")
        page.keyboard.press("p")
    window = opened.value
    expect(lamp(page)).to_have_text("Phone ready", timeout=15000)
    window.mouse.click(5, 5)
    page.bring_to_front()
    return window


def lamp(page: Page) -> Any:
    return page.locator("[data-phone-window]")


def card(page: Page) -> Any:
    return page.get_by_role("region", name="Your phone")


def ring(exchange: Any, name: str = "Case 123456") -> Any:
    return asyncio.run_coroutine_threadsafe(exchange.ring("client:amira", name), exchange.loop)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_call_rings_on_every_page_and_goes_on_while_pages_come_and_go(exchange, open_desk):
    page = open_desk()
    window = open_phone(page)
    ringing = ring(exchange)
    expect(card(page)).to_contain_text("Incoming call: Case 123456")
    expect(lamp(page)).to_have_text("Phone rings")
    press(page, "p", "a")
    assert ringing.result(10) == "answered"
    expect(card(page)).to_contain_text("On the phone with Case 123456")
    page.goto("/console/help")
    expect(card(page)).to_contain_text("On the phone with Case 123456")
    expect(card(page).get_by_role("timer")).to_have_text(re.compile(r"0:\d\d"))
    leg = exchange.legs[0]
    assert not leg.is_over
    press(page, "p", "m")
    expect(card(page).get_by_role("button", name="Muted")).to_have_attribute("aria-pressed", "true")
    expect(window.get_by_role("button", name="Muted")).to_be_visible()
    press(page, "p", "h")
    expect(card(page)).to_contain_text("On hold: Case 123456")
    press(page, "p", "h")
    expect(card(page)).to_contain_text("On the phone with")
    press(page, "p", "d")
    expect(card(page)).to_be_hidden()
    expect(lamp(page)).to_have_text("Phone ready")


def test_a_call_is_declined_on_a_page_of_the_desk(exchange, open_desk):
    page = open_desk()
    open_phone(page)
    ringing = ring(exchange)
    card(page).get_by_role("button", name="Decline").click()
    assert ringing.result(10) == "busy"
    expect(card(page)).to_be_hidden()


def test_the_window_that_is_there_is_shown_and_not_loaded_again(exchange, open_desk):
    page = open_desk()
    window = open_phone(page)
    window.get_by_label("Number or address").fill("activate")
    window.keyboard.press("Enter")
    expect(lamp(page)).to_have_text("On the phone")
    press(page, "p", "p")
    page.goto("/console/help")
    press(page, "p", "p")
    expect(lamp(page)).to_have_text("On the phone")
    assert len(page.context.pages) == 2
    assert [leg.is_over for leg in exchange.legs] == [False]


def test_a_window_nobody_touched_says_that_it_cannot_sound_yet(exchange, open_desk):
    page = open_desk()
    with page.expect_popup() as opened:
        lamp(page).click()
    expect(opened.value.locator("[data-part=notice]")).to_contain_text("Touch or click here once")
    opened.value.mouse.click(5, 5)
    expect(opened.value.locator("[data-part=notice]")).to_be_hidden()


def test_when_the_window_closes_the_desk_says_so_and_the_call_is_over(exchange, open_desk):
    page = open_desk()
    window = open_phone(page)
    ringing = ring(exchange)
    card(page).get_by_role("button", name="Answer").click()
    assert ringing.result(10) == "answered"
    window.close()
    expect(lamp(page)).to_have_text("Phone closed")
    expect(card(page)).to_be_hidden()
    for _look in range(1000):
        if exchange.legs[0].is_over:
            break
        page.wait_for_timeout(20)
    assert exchange.legs[0].is_over


def test_signing_out_takes_the_phone_along(exchange, open_desk):
    page = open_desk()
    window = open_phone(page)
    with window.expect_event("close"):
        press(page, "m")
        page.get_by_role("button", name="Sign out").click()
    assert exchange.stations.addresses() == ()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_desk_and_window_are_accessible_and_fit_while_it_rings_and_in_the_call(exchange, open_desk, in_order, viewport, scheme):
    page = open_desk(viewport=viewport, color_scheme=scheme)
    in_order(page)
    window = open_phone(page)
    ring(exchange)
    expect(card(page)).to_be_visible()
    in_order(page)
    in_order(window)
    press(page, "p", "a")
    expect(card(page)).to_contain_text("On the phone with")
    in_order(page)
    in_order(window)
