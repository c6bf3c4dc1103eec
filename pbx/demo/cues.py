"""What the demo's caller listens for: sentences of the line it calls, which it is given and does not know by itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

Cue = re.Pattern[str]
_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")


@dataclass(frozen=True, slots=True)
class Cues:
    """One cue for each turn the call can take."""

    menu: Cue
    group: Cue
    """Asks for a group; see `asked_number`."""
    computers: Cue
    approved: Cue
    accepted: Cue
    farewell: Cue
    trouble: Cue


def cue(sentences: Iterable[str]) -> Cue:
    """Any of these sentences, wherever it stands; placeholders may hold anything, `{number}` holds a number."""
    return re.compile("|".join(_PLACEHOLDER.sub(_held, re.escape(sentence)) for sentence in sentences))


def asked_number(found: re.Match[str]) -> int:
    """The number of the group asked for; a question that names none is for the first."""
    return next((int(number) for number in found.groups() if number), 1)


def _held(placeholder: re.Match[str]) -> str:
    return r"(\d+)" if placeholder[1] == "number" else ".*?"
