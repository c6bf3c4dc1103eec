"""A story as data: a caller, a key, what happens in which order, what should be done for the caller, how it ends.

Stories are TOML files in `stories/told/`. One that will not do is refused with a sentence that names the file and the entry.
"""

import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(min_length=1, max_length=400)]
Count = Annotated[int, Meta(ge=0, le=10_000)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]


class StoryError(Exception):
    """A story that will not do; the sentence names the file and the entry."""


class Manner(StrEnum):
    """How a caller gives digits."""

    KEYS = "keys"
    VOICE = "voice"


class Errand(StrEnum):
    """What a caller chooses at the line's menu."""

    ACTIVATE = "activate a computer"
    NEW_KEY = "a new volume key"


class WhenRefused(StrEnum):
    """What a caller does when the line says no, or nobody comes."""

    HANGS_UP = "hangs up"
    ASKS_FOR_A_PERSON = "asks for a person"


class Scene(StrEnum):
    """What can happen in a story. `stories.plot` plays each."""

    INSTALL = "the computer is installed"
    INSTALL_ANOTHER = "another computer is installed with the same key"
    INSTALL_AGAIN = "the system is installed again on the same computer"
    INSTALL_OTHER_PRODUCT = "setup of another product takes the key"
    INSTALL_TEN = "ten computers are installed, one with another product"
    SWAP_BOARD = "the main board is exchanged"
    GRACE_PASSES = "the days of grace pass"
    WEB = "the computer is activated over the web"
    WEB_REFUSED = "the web says no and shows the telephone"
    CALL = "the caller calls"
    CALL_BY_VOICE = "the caller calls over SIP and speaks"
    CALL_ALONE = "the call goes to its end with the line alone"
    ANSWER = "an agent answers"
    TAKE_GROUPS = "the agent takes the missing groups"
    VERIFY = "the agent verifies the caller"
    RAISE = "the agent raises the limit"
    APPROVE = "a supervisor approves"
    EXCEPTION = "the agent gives an exception"
    NEW_KEY = "the agent gives the key"
    WORKAROUNDS = "the agent goes through the workarounds"
    TO_LINE = "the agent gives the caller back to the line"
    CALL_ENDS = "the call ends"
    HANG_UP = "the agent ends the call"
    WRAP_UP = "the agent wraps up"
    FIX = "the fix is installed and the computer restarted"
    TYPE_AGAIN = "the confirmation ID is typed again"
    BATCH = "the proxy tool sends a batch"
    PORTAL_REFUSED = "the portal says no"


class Role(StrEnum):
    """Who an agent of a story is at the centre."""

    AGENT = "agent"
    SENIOR_AGENT = "senior agent"
    SUPERVISOR = "supervisor"


class Ending(StrEnum):
    """How a computer of the story stands in the end."""

    ACTIVATED = "activated"
    IN_GRACE = "in grace"
    GRACE_ENDED = "grace ended"


class Wrong(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group that the caller gives wrongly so many times."""

    group: Annotated[int, Meta(ge=1, le=10)]
    times: Annotated[int, Meta(ge=1, le=9)]


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who calls, how well they read, and what they do when asked, told no, or put on hold."""

    name: Text
    organisation: str = ""
    says: Text
    """In a sentence of theirs, why they call; the agent's desk shows it."""
    reads: Manner = Manner.KEYS
    seconds_per_digit: Seconds = 0.4
    wrong: tuple[Wrong, ...] = ()
    errand: Errand = Errand.ACTIVATE
    computers: Annotated[int, Meta(ge=1, le=99)] = 1
    """The truth, told when asked on how many computers the copy is installed."""
    when_refused: WhenRefused = WhenRefused.HANGS_UP
    patience_seconds: Annotated[float, Meta(ge=1, le=3600)] = 600
    """How long they listen to music, waiting for a person or on hold, before they hang up."""
    has_agreement: bool = True
    """Whether they have the agreement number at hand."""


class Key(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The product key they have: made for this telling of the story, as `allowed` and `used` say."""

    product: Text
    channel: Text
    allowed: Annotated[int, Meta(ge=1, le=10_000)]
    used: Count = 0
    programme: str = ""
    """Of the agreement it belongs to; empty for keys without one."""


class Done(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What should be done for the caller; a handling is scored against it. None: the call needs no agent."""

    verify: bool = False
    """Whether the caller must be verified before anything is changed."""
    reason: str = ""
    """The reason of the change that should be asked for; empty where nothing is to be changed."""
    amount: Count = 0
    wrap_up: tuple[Text, ...]
    """The wrap-up codes that are right."""
    seconds: Annotated[int, Meta(ge=10, le=3600)] = 300
    """How long answering to wrap-up may take."""


class End(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the story ends: the computers, and by how much the key's counts have grown since it began."""

    computers: tuple[Ending, ...] = ()
    refusal: str = ""
    """Words that the line must have said in refusing."""
    used: int = 0
    allowed: int = 0


class Story(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One story. `number` is what `demo N` takes."""

    number: Annotated[int, Meta(ge=1, le=999)]
    title: Text
    told: Text
    caller: Person
    key: Key | None = None
    other_product: str = ""
    """Whose setup is given the key, where the story has one that the key is not for."""
    product_group: str = ""
    """For which products a new key is asked."""
    agent: Role = Role.AGENT
    plot: Annotated[tuple[Scene, ...], Meta(min_length=1)]
    done: Done | None = None
    end: End = End()

    @property
    def is_for_training(self) -> bool:
        """Whether a simulated caller may play it to a trainee: a call by keys that a terminal phone can make."""
        return Scene.CALL in self.plot or Scene.CALL_ALONE in self.plot


def read_story(document: str, name: str) -> Story:
    """The story in a TOML document. Raises StoryError, naming the file and the entry."""
    try:
        story = msgspec.convert(tomllib.loads(document), Story)
    except tomllib.TOMLDecodeError as wrong:
        raise StoryError(f"The story {name} is not TOML: {wrong}.") from None
    except msgspec.ValidationError as wrong:
        what, _, entry = str(wrong).partition(" - at `$")
        where = f"the entry {entry.strip('.`')}" if entry.strip(".`") else "an entry"
        raise StoryError(f"The story {name} will not do: {what} ({where}).") from None
    if fault := _fault(story):
        raise StoryError(f"The story {name} will not do: {fault}")
    return story


def _fault(story: Story) -> str:
    """What does not go together, naming the entry; empty when all does."""
    if story.key is None and Scene.INSTALL in story.plot:
        return "a computer cannot be installed without the entry key."
    if story.key is not None and story.key.used > story.key.allowed:
        return f"the entry key.used says {story.key.used}, more than key.allowed."
    if (Scene.CALL_BY_VOICE in story.plot) != (story.caller.reads is Manner.VOICE):
        return "the entry caller.reads says voice where the caller speaks over SIP, and only there."
    if story.done is None and Scene.ANSWER in story.plot:
        return "an agent answers, so the entry done must say what should be done."
    if Scene.NEW_KEY in story.plot and not story.product_group:
        return "a key is given, so the entry product_group must say for which products."
    return ""


@cache
def every_story() -> tuple[Story, ...]:
    """The stories that come with the centre, by number. Raises StoryError."""
    found = [each for each in files("stories").joinpath("told").iterdir() if each.name.endswith(".toml")]
    stories = [read_story(each.read_text(encoding="utf-8"), each.name) for each in found]
    return tuple(sorted(stories, key=lambda story: story.number))


def story_of(number: int) -> Story | None:
    """The story of this number, where there is one."""
    return next((story for story in every_story() if story.number == number), None)
