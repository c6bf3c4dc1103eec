"""The player of simulated callers: each wish comes to an end that is true, and none takes the player with it."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from stories.backstage import StoryFailed
from stories.player import NO_STORY, Doing, Player, Wish
from stories.story import story_of

PATIENCE_SECONDS = 20.0


@dataclass
class OneWish:
    """A trainer who wants one caller, and writes down how that ended."""

    story: int
    wished: bool = False
    ended: list[tuple[bool, bool, str]] = field(default_factory=list)

    def send_due(self) -> None:
        """No traffic."""

    def claim(self, lease_seconds: float) -> Wish | None:
        first, self.wished = not self.wished, True
        return Wish("run", self.story, is_crowd=True) if first else None

    def renew(self, id: str, doing: Doing, lease_seconds: float) -> bool:
        return True

    def end(self, id: str, *, failed: bool, stopped: bool, words: str) -> None:
        self.ended.append((failed, stopped, words))


def play(story: int, make: Any) -> tuple[bool, bool, str]:
    """How the wish for this story ends where a key is made so."""
    trainer = OneWish(story)
    stories = {3: story_of(3)}

    async def until_over() -> None:
        working = asyncio.create_task(Player(trainer, SimpleNamespace(make=make), stories).work())  # type: ignore[arg-type]
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not trainer.ended:
                await asyncio.sleep(0.01)
        assert not working.done(), "the player goes on"
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    asyncio.run(until_over())
    return trainer.ended[0]


def test_a_caller_who_cannot_be_played_ends_with_the_storys_sentence() -> None:
    def none_left(*_: object) -> None:
        raise StoryFailed("There is no key.")

    assert play(3, none_left) == (True, False, "There is no key.")


def test_a_story_that_is_not_there_any_more_ends_so() -> None:
    assert play(99, None) == (True, False, NO_STORY)


def test_what_nobody_expected_is_no_call_that_is_over(caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    failed, _stopped, words = play(3, broken)
    assert (failed, words) == (True, "broke off; the log says why")
    assert "a fault of ours" in caplog.text
