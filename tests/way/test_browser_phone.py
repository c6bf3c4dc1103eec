"""The browser's telephone, with nothing in place of anything: the whole activation by keys and by voice, and an agent's own."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from house.instance import House
from voices.sound import joined, silence
from voices.speaking import Voices

pytestmark = pytest.mark.long

BY_KEYS, BY_VOICE = 1004, 1006
DIGIT_PACE_SECONDS = 0.6
SILENT_SECONDS = 4.0
"""Before and after the group that the microphone hears again and again."""


class BrowserPhone:
    """The page, and the person at it: `type` on the keyboard, `hear` what the captions say."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._from = 0
        self.stands("Ready")

    def stands(self, words: str) -> None:
        expect(self.page.locator("[data-part=words]")).to_have_text(words)

    def call(self) -> "BrowserPhone":
        self.page.keyboard.press("Enter")
        self.stands("On the call")
        return self

    def type(self, keys: str) -> None:
        self.page.keyboard.type(keys)

    def hear(self, pattern: str, within_seconds: float = 60.0) -> re.Match[str]:
        """Waits until the line has said this after what was heard last."""
        for _look in range(int(within_seconds * 10)):
            said = self.page.locator("[data-part=captions]").inner_text()
            if found := re.compile(pattern).search(said, self._from):
                self._from = found.end()
                return found
            self.page.wait_for_timeout(100)
        raise AssertionError(f"did not hear {pattern!r}; heard:\n{said}")

    def key_in(self, groups: Sequence[str], first: int) -> None:
        """Group by group from the one of that number on, each as soon as the line asks for it."""
        for number, group in enumerate(groups, start=first):
            if number > first:
                self.hear(f"[Gg]roup {number}")
            self.type(group)
        self.hear("It is approved")

    def read_id(self) -> list[str]:
        """The blocks of the confirmation ID, each asked for with 1."""
        blocks = []
        for letter in "ABCDEFGH":
            blocks.append("".join(self.hear(rf"\b{letter}\. ([\d ]+)").group(1).split()))
            self.type("1")
        return blocks


@pytest.fixture(scope="module")
def voices(centre: Any) -> Voices:
    return House(centre.folder / "instance", {}).voices


@pytest.fixture
def open_page(centre: Any, launch: Callable[..., Browser]) -> Callable[..., Page]:
    """A page in a browser of its own, whose microphone hears that file."""

    def start(microphone: Path | None = None) -> Page:
        flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        if microphone:
            flags.append(f"--use-file-for-fake-audio-capture={microphone}")
        page = launch(*flags).new_page(base_url=centre.url)
        page.goto("/phone")
        return page

    return start


def test_the_whole_activation_is_keyed_in_the_browser(centre: Any, open_page: Callable[..., Page]) -> None:
    groups = centre.install("browser-keys", BY_KEYS)
    phone = BrowserPhone(open_page()).call()
    phone.hear("To activate a computer, press 1")
    phone.type("1")
    phone.hear("[Gg]roup 1")
    phone.key_in(groups, first=1)
    assert "activated" in centre.run("workstation", "confirm", "browser-keys", *phone.read_id())
    phone.page.keyboard.press("Escape")
    phone.stands("Ready")


def test_what_is_spoken_into_the_browsers_microphone_is_understood_and_the_rest_is_keyed(
    centre: Any, open_page: Callable[..., Page], voices: Voices, tmp_path: Path
) -> None:
    groups = centre.install("browser-voice", BY_VOICE)
    microphone = tmp_path / "group.wav"
    said = voices.characters(groups[0], "en", DIGIT_PACE_SECONDS)
    microphone.write_bytes(joined((silence(SILENT_SECONDS), said, silence(SILENT_SECONDS))).wav())
    phone = BrowserPhone(open_page(microphone)).call()
    phone.hear("To activate a computer, press 1")
    phone.type("1")
    phone.hear("Group 2", within_seconds=120)
    phone.page.keyboard.press("m")
    phone.key_in(groups[1:], first=2)
    assert "activated" in centre.run("workstation", "confirm", "browser-voice", *phone.read_id())
