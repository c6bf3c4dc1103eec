"""Half-typed confirmation IDs, and how the last attempt over the internet ended: what the wizard shows again after a reload."""

from collections.abc import Sequence
from dataclasses import dataclass

from workstation.activating.internet import Attempt, Ending
from workstation.page.wizard.memory import forget, recall, remember

_DRAFTS, _ATTEMPTS = "drafts", "attempts"
_LONGEST_TEXT, _LONGEST_SENTENCE = 20, 300


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the boxes, and what the computer said of it last: a sentence, and the block it names."""

    texts: tuple[str, ...] = ()
    sentence: str = ""
    block: str = ""


@dataclass(frozen=True, slots=True)
class Attempted:
    """How an attempt over the internet ended, what was said of it, and how long it took."""

    ending: Ending
    sentence: str
    seconds: float


def draft_of(name: str) -> Draft:
    """What was typed for this computer so far."""
    texts, sentence, block = recall(_DRAFTS, name) or ((), "", "")
    return Draft(tuple(texts), sentence, block)


def keep_draft(name: str, texts: Sequence[str], sentence: str = "", block: str = "") -> None:
    """Remembers what was typed for this computer."""
    remember(_DRAFTS, name, [[text[:_LONGEST_TEXT] for text in texts], sentence[:_LONGEST_SENTENCE], block])


def forget_draft(name: str) -> None:
    """The boxes of this computer are empty again."""
    forget(_DRAFTS, name)


def attempted(name: str) -> Attempted | None:
    """How this computer's last attempt over the internet ended."""
    kept = recall(_ATTEMPTS, name)
    return Attempted(Ending(kept[0]), kept[1], kept[2]) if kept else None


def keep_attempt(name: str, attempt: Attempt, seconds: float) -> None:
    """Remembers how it ended."""
    remember(_ATTEMPTS, name, [attempt.ending.value, attempt.sentence[:_LONGEST_SENTENCE], round(seconds, 1)])


def forget_attempt(name: str) -> None:
    """Nothing is said of it any more."""
    forget(_ATTEMPTS, name)
