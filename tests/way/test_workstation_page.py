"""One person, one window: a computer set up at `/workstation`, its wizard and the telephone beside it, the whole call by hand."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from voices.sound import silence

pytestmark = pytest.mark.long

RETAIL_VISTA = 1003
BLOCKS = "ABCDEFGH"
SILENT_SECONDS = 5.0


class Window:
    """The window with the wizard and the telephone in it: what a person sees, hears (as captions), presses and types."""

    def __init__(self, page: Page) -> None:
        self.page, self.telephone = page, page.frame_locator("iframe[title=Telephone]")
        self._from = 0

    def press(self, keys: str) -> None:
        """Keys of the telephone's pad."""
        for key in keys:
            self.telephone.locator(f"[data-digit='{key}']").click()

    def hear(self, pattern: str, within_seconds: float = 60.0) -> re.Match[str]:
        """Waits until the line has said this after what was heard last."""
        for _look in range(int(within_seconds * 10)):
            said = self.telephone.locator("[data-part=captions]").inner_text()
            if found := re.compile(pattern).search(said, self._from):
                self._from = found.end()
                return found
            self.page.wait_for_timeout(100)
        raise AssertionError(f"did not hear {pattern!r}; heard:\n{said}")

    def groups(self) -> list[str]:
        """The installation ID as the wizard shows it."""
        return [group.inner_text() for group in self.page.locator(".group").all()]


@pytest.fixture
def window(centre: Any, launch: Callable[..., Browser], tmp_path: Path) -> Page:
    """A browser whose microphone hears nothing: Chromium's own test tone is sometimes understood as a digit."""
    microphone = tmp_path / "silence.wav"
    microphone.write_bytes(silence(SILENT_SECONDS).wav())
    flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    browser = launch(*flags, f"--use-file-for-fake-audio-capture={microphone}")
    return browser.new_page(base_url=centre.url, viewport={"width": 1280, "height": 1000})


# row 28
# row 36
def test_one_person_makes_the_whole_call_in_one_window(centre: Any, window: Page) -> None:
    page = window
    page.goto("/workstation/new")
    page.get_by_label("What to call it").fill("one-window")
    page.get_by_label("Demo key", exact=True).select_option(str(RETAIL_VISTA))
    page.get_by_role("button", name="Set it up").click()
    page.get_by_role("link", name="Activate it").click()
    page.get_by_role("link", name="By telephone").click()
    page.get_by_label("Where are you?").select_option("GB")
    expect(page.locator(".number")).to_have_text("+448081570142")
    person = Window(page)
    expect(person.telephone.locator("[data-part=words]")).to_have_text("Ready")
    page.get_by_role("link", name="Call it with the telephone here").click()
    expect(person.telephone.locator("[data-part=party]")).to_contain_text("United Kingdom")
    person.hear("To activate a computer, press 1")
    person.press("1")
    for number, group in enumerate(person.groups(), start=1):
        person.hear(f"[Gg]roup {number}")
        person.press(group)
    person.hear("It is approved")
    for letter in BLOCKS:
        block = "".join(person.hear(rf"\b{letter}\. ([\d ]+)").group(1).split())
        page.get_by_label(f"Block {letter}").fill(block)
        expect(page.locator(".box").nth(BLOCKS.index(letter))).to_have_attribute("data-standing", "good")
        person.press("1")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="Register Windows Vista Ultimate")).to_be_visible()
    expect(page.locator("#standing")).to_contain_text("activated")
    expect(person.telephone.locator("[data-part=captions]")).to_contain_text("approved")  # the call was not cut off
    page.get_by_role("link", name="Do not register").click()
    expect(page.get_by_role("heading", name="Windows Vista Ultimate is activated")).to_be_visible()
    assert centre.machine("one-window")["state"] == "activated"
