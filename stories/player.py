"""The player of simulated callers: looks what a trainer wants, plays each caller beside the others, says what they are doing.

What is wanted is claimed by lease, so that several players may run and the callers of one that dies are played anew.
"""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from stories.backstage import Backstage, StoryFailed
from stories.commands import fictitious_number
from stories.narration import WIDTH, Narration
from stories.stage import Stage
from stories.story import Scene, Story
from stories.telling import SCENES

LOOK_SECONDS = 1.0
LEASE_SECONDS = 15.0
"""Well over `LOOK_SECONDS`, after each of which a player says that it is alive."""
AS_A_PERSON, AT_ONCE = 1.0, 0.0
CALLS = frozenset({Scene.CALL, Scene.CALL_ALONE})
NO_STORY = "there is no such story any more"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """A caller that is wanted; one of a crowd hurries to the queue."""

    id: str
    story: int
    is_crowd: bool


@dataclass(frozen=True, slots=True)
class Doing:
    """What a caller is doing, and what has been made for them so far."""

    words: str
    call_sid: str | None
    serial: int | None
    agreement: str | None


class Wishes(Protocol):
    """What trainers want, each call in a transaction of its own."""

    def send_due(self) -> None:
        """Adds the caller whom the steady traffic is due."""

    def claim(self, lease_seconds: float) -> Wish | None: ...
    def renew(self, id: str, doing: Doing, lease_seconds: float) -> bool:
        """Says what the caller is doing; False when they are to hang up."""

    def end(self, id: str, *, failed: bool, stopped: bool, words: str) -> None: ...


@dataclass(slots=True)
class Playing:
    """One caller under way."""

    wish: Wish
    stage: Stage
    last: str = "is about to call"
    stopped: bool = False
    task: "asyncio.Task[None] | None" = None

    @property
    def doing(self) -> Doing:
        """For whoever asks."""
        props, call = self.stage.props, self.stage.call
        agreement = props.contact.agreement if props and props.contact else None
        return Doing(self.last, call.sid if call else None, props.serial if props else None, agreement)


@dataclass(slots=True)
class Player:
    """Plays what is wanted until it is cancelled. `expected` is what a database raises that is busy or away."""

    wishes: Wishes
    backstage: Backstage
    stories: Mapping[int, Story]
    expected: tuple[type[Exception], ...] = ()
    _playing: dict[str, Playing] = field(default_factory=dict)

    async def work(self) -> None:
        """Looks, plays, says that it is alive; in the end every caller hangs up."""
        try:
            while True:
                try:
                    await self._look()
                except self.expected as fault:
                    log.warning("What trainers want could not be read: %s", fault)
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            for playing in list(self._playing.values()):
                await _cancel(playing)

    async def _look(self) -> None:
        await asyncio.to_thread(self.wishes.send_due)
        while wish := await asyncio.to_thread(self.wishes.claim, LEASE_SECONDS):
            await self._begin(wish)
        for id, playing in list(self._playing.items()):
            if not await asyncio.to_thread(self.wishes.renew, id, playing.doing, LEASE_SECONDS):
                playing.stopped = True
                await _cancel(playing)

    async def _begin(self, wish: Wish) -> None:
        story = self.stories.get(wish.story)
        if story is None:  # its file was taken away since
            await asyncio.to_thread(self.wishes.end, wish.id, failed=True, stopped=False, words=NO_STORY)
            return
        pace = AT_ONCE if wish.is_crowd else AS_A_PERSON
        stage = Stage(
            story, self.backstage, Narration(lambda line: _note(playing, line)), _computers(wish), fictitious_number(), pace
        )
        playing = Playing(wish, stage)
        self._playing[wish.id] = playing
        playing.task = asyncio.create_task(self._play(playing))
        playing.task.add_done_callback(_log_fault)

    async def _play(self, playing: Playing) -> None:
        """One caller from the installation to the end of the call."""
        failed, words = True, "broke off; the log says why"
        try:
            await play_caller(playing.stage)
            failed, words = False, "the call is over"
        except StoryFailed as fault:
            words = str(fault)
        except asyncio.CancelledError:
            failed, words = False, "was told to hang up"
        finally:
            stage, last = playing.stage, playing.doing
            await stage.strike()
            for computer in stage.computers:
                await asyncio.to_thread(computer.remove)
            del self._playing[playing.wish.id]
            await asyncio.to_thread(self.wishes.renew, playing.wish.id, last, LEASE_SECONDS)
            await asyncio.to_thread(
                self.wishes.end, playing.wish.id, failed=failed, stopped=playing.stopped, words=_end(stage, words)
            )


async def play_caller(stage: Stage) -> None:
    """The caller's own part, up to the end of the last call; whoever works at the desks has the rest. Raises StoryFailed."""
    story = stage.story
    if story.key is not None:
        stage.props = await asyncio.to_thread(stage.backstage.make, story.key, story.caller.name, story.caller.organisation)
    last = max(number for number, scene in enumerate(story.plot) if scene in CALLS)
    for scene in story.plot[: last + 1]:
        await SCENES[scene](stage)
    if stage.calling is not None:
        await stage.calling
        stage.calling = None


async def until_told(work: Callable[[], Awaitable[None]]) -> None:
    """Works until SIGTERM or SIGINT, then comes to an end in an orderly manner."""
    loop, working = asyncio.get_running_loop(), asyncio.ensure_future(work())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: loop.call_soon_threadsafe(working.cancel))
    with suppress(asyncio.CancelledError):
        await working


def _log_fault(task: "asyncio.Task[None]") -> None:
    """What nobody expected is told at once, and not when the task is thrown away."""
    if not task.cancelled() and (fault := task.exception()):
        log.error("A simulated caller broke off", exc_info=fault)


def _computers(wish: Wish) -> str:
    return f"training-{wish.id[:12]}"


def _note(playing: Playing, line: str) -> None:
    who, words = line[:WIDTH].strip(), line[WIDTH:].strip()
    playing.last = f"{who}: {words}"[:200]


def _end(stage: Stage, words: str) -> str:
    """How it ended, in a few words."""
    if stage.heard.accepted:
        return "the computer is activated"
    return f"hung up: {stage.heard.refusal[:120]}" if stage.heard.refusal else words


async def _cancel(playing: Playing) -> None:
    if playing.task is not None:
        playing.task.cancel()
        with suppress(asyncio.CancelledError):
            await playing.task
