"""What the line does, one thing each. The dialogue composes these; `twiml.py` alone knows how they sound on a telephone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence of the script by its key, with the values of its placeholders; a `language` is another than the call's."""

    key: str
    values: tuple[tuple[str, str | int], ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Spell:
    """Digits or letters one by one, at a pace (seconds from one to the next) that a person can type along with."""

    characters: str
    pace_seconds: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Tone:
    """A short friendly tone instead of words: what was just said is accepted."""


Spoken = Say | Spell | Tone


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: its sentences can be interrupted by the answer.

    `digits` is how many keys end it at once (None: any number), `finish_key` the key that ends it ("" where every key is
    data), `timeout_seconds` the silence that ends it, counted from the end of the sentences and between keys. `words` names
    the script's table of phrases to expect besides keys; with `takes_digits`, digits may be said too; without `hears`, nobody
    listens to words and keys alone are an answer.
    """

    spoken: tuple[Spoken, ...]
    digits: int | None = 1
    timeout_seconds: int = 5
    finish_key: str = ""
    words: str = "everywhere"
    takes_digits: bool = False
    hears: bool = True


@dataclass(frozen=True, slots=True)
class Transfer:
    """Put the caller into the queue for a person."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Let the caller meet the person who has answered."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call."""


Prompt = Spoken | Ask | Transfer | Connect | HangUp


def say(key: str, /, **values: str | int) -> Say:
    """A sentence with its values by name: `say("entry.group", number=3)`."""
    return Say(key, tuple(values.items()))
