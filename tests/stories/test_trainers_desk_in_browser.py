"""The trainer's desk in a real browser: callers started, served at a desk, scored, sent away; and what agents may not."""

import asyncio
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from house.backstage import StoryBackstage
from stories.backstage import Account
from stories.desk import Desk, sit_down
from stories.story import Role
from stories.telephone import desk_phone
from stories.visit import words_of
from workstation.computer.media import Media, fetch_media

pytestmark = pytest.mark.long

PATIENCE_SECONDS = 90.0
NEW_PASSWORD = "a quite long second password"
expect.set_options(timeout=PATIENCE_SECONDS * 1000)


@pytest.fixture
def sign_in(centre: Any, launch: Callable[..., Browser]) -> Iterator[Callable[[str], Page]]:
    """Signs somebody in; whatever their page complains about fails the test."""
    complaints: list[str] = []
    browser = launch()

    def enter(name: str) -> Page:
        page = browser.new_context(base_url=centre.url, viewport={"width": 1280, "height": 900}).new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/console")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password", exact=True).fill(centre.passwords[name])
        page.get_by_role("button", name="Sign in").click()
        if page.url.endswith("/console/password"):
            page.get_by_label("Present password").fill(centre.passwords[name])
            page.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
            page.get_by_label("New password again").fill(NEW_PASSWORD)
            page.get_by_role("button", name="Change password").click()
            centre.passwords[name] = NEW_PASSWORD
        return page

    yield enter
    assert complaints == []


@pytest.fixture
def trainer(sign_in: Callable[[str], Page]) -> Iterator[Page]:
    page = sign_in("celeste")
    page.goto("/console/training")
    yield page
    page.goto("/console/training")
    page.get_by_role("button", name="Reset the day").click()
    expect(page.get_by_text("The day is reset")).to_be_visible()


def let_wait(page: Page, story: int, callers: int) -> None:
    page.get_by_label("Story", exact=True).select_option(str(story))
    page.get_by_label("Callers", exact=True).fill(str(callers))
    page.get_by_role("button", name="Let them wait").click()


def switch(page: Page, title: str, to: str) -> None:
    page.get_by_role("button", name=f"{title}: switch {to}").click()
    expect(page.get_by_text(f"{title}: {to}.")).to_be_visible()


def test_a_caller_is_started_followed_and_stopped(trainer: Page, in_order: Callable[[Page], None]) -> None:
    trainer.get_by_role("button", name=re.compile("Start story 3:")).click()
    row = trainer.locator("section", has_text="Simulated callers").get_by_role("row", name=re.compile("A bad group twice"))
    expect(row).to_contain_text(re.compile("Priya|Line"))
    in_order(trainer)
    trainer.set_viewport_size({"width": 390, "height": 844})
    in_order(trainer)
    trainer.set_viewport_size({"width": 1280, "height": 900})
    row.get_by_role("button", name=re.compile("Stop")).click()
    over = trainer.locator("section", has_text="How it went").get_by_role("row", name=re.compile("A bad group twice"))
    expect(over.first).to_contain_text("stopped")


def test_traffic_begins_sends_callers_and_ends(trainer: Page) -> None:
    trainer.get_by_role("checkbox", name=re.compile("developer")).check()
    trainer.get_by_label("Calls an hour").fill("60")
    trainer.get_by_role("button", name="Begin").click()
    expect(trainer.get_by_text("60 an hour", exact=True)).to_be_visible()
    expect(trainer.get_by_role("row", name=re.compile("A developer's key")).first).to_be_visible()
    trainer.get_by_role("button", name="Stop the traffic").click()
    expect(trainer.get_by_role("button", name="Stop the traffic")).to_have_count(0)


def test_the_outage_switch_is_the_lines_and_a_reset_turns_it_off(centre: Any, trainer: Page) -> None:
    switch(trainer, "Outage", "on")
    assert centre.house.store.read(lambda tx: tx.switches.is_on("outage"))
    trainer.get_by_role("button", name="Reset the day").click()
    expect(trainer.get_by_role("button", name="Outage: switch on")).to_be_visible()
    assert not centre.house.store.read(lambda tx: tx.switches.is_on("outage"))


def test_media_are_free_of_the_fault_while_the_trainer_wants_it(centre: Any, trainer: Page) -> None:
    key = StoryBackstage(centre.house).media_key("server-2003-standard")

    def has_fault() -> bool:
        media = fetch_media(centre.url, key)
        assert isinstance(media, Media)
        return media.late_activation_fault

    assert has_fault()
    switch(trainer, "KB 824345 corrected on new media", "on")
    assert not has_fault()
    switch(trainer, "KB 824345 corrected on new media", "off")
    assert has_fault()


def test_agents_have_no_trainers_desk(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("amira")
    expect(page.get_by_role("link", name="Training")).to_have_count(0)
    assert page.request.get("/console/training").status == 403


def test_a_crowd_waits_and_a_trainee_is_scored_for_who_was_served(centre: Any, trainer: Page) -> None:
    switch(trainer, "Mark simulated callers at the desk", "on")
    before = centre.house.store.read(
        lambda tx: {key.record.serial: key.record for key in tx.keys.all() if key.record.serial < 4009}
    )
    let_wait(trainer, 10, 2)
    waiting = trainer.locator("section", has_text="Simulated callers").get_by_role("link", name=re.compile(r"^\d{6}$"))
    expect(waiting).to_have_count(2)
    case = waiting.last.inner_text()
    with ThreadPoolExecutor(1) as threads:
        card, scored = threads.submit(lambda: asyncio.run(serve(centre, case))).result()
    assert "Renata Okafor, Calder & Voss Engineering" in card
    assert "3 of 4" in scored
    over = trainer.locator("section", has_text="How it went").get_by_role("row", name=re.compile(case))
    expect(over).to_contain_text("verified first: right")
    expect(over).to_contain_text("reason: wrong")
    trainer.get_by_role("button", name="Reset the day").click()
    expect(trainer.get_by_text("No simulated caller is on the line.")).to_be_visible()
    after = centre.house.store.read(
        lambda tx: {key.record.serial: key.record for key in tx.keys.all() if key.record.serial < 4009}
    )
    assert after == before, "no customer's count has changed"


async def serve(centre: Any, case: str) -> tuple[str, str]:
    """A trainee serves the caller by what the card says, with a wrong reason; the card before, and the page of the case after."""
    backstage = StoryBackstage(centre.house)
    account: Account = backstage.hire(Role.AGENT)
    path = f"/console/calls/{case}"
    try:
        async with desk_phone(backstage.line, account.phone), sit_down(account, centre.url) as desk:
            await desk.do("/console/availability", availability="available")
            call_sid = centre.house.store.read(lambda tx: tx.cases.find(case)).call_sid
            await desk.do("/console/answer", call_sid=call_sid)
            card = await _simulated(desk, path)
            await _raise(desk, path, card)
            await desk.do(f"{path}/hang-up")
            await desk.do(f"{path}/wrap-up", outcome="limit raised", note="", follow_up="")
            scored = await _simulated(desk, path)
            await desk.do("/console/availability", availability="offline")
            return card, scored
    finally:
        backstage.dismiss(account.name)


async def _raise(desk: Desk, path: str, card: str) -> None:
    agreement = re.search(r"Agreement, when asked (\d{8})", card)
    fact = re.search(r"Left on key (\d+), when asked (\d+)", card)
    assert agreement
    assert fact
    contact = f"training-{agreement[1]}"
    await desk.do(f"{path}/agreement", agreement=agreement[1])
    known = {"fact": "COUNT_LEFT", "fact_serial": fact[1], "answer": fact[2]}
    await desk.do(f"{path}/verify", do="fact", contact=contact, **known)
    wish = {"change": "raise", "serial": str(int(fact[1]) - 1), "amount": "5", "reason": "test lab", "counter": "installations"}
    await desk.do(f"{path}/change", contact=contact, **wish)


async def _simulated(desk: Desk, path: str) -> str:
    """The card of the simulated caller, as text."""
    page = await desk.pages.page(path)
    found = re.search(r'<section class="card simulated".*?</section>', page, re.DOTALL)
    return words_of(found[0]) if found else ""
