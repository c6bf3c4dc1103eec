"""Captions: a call in words, as it happens. Whoever keeps or shows them redacts them first."""

from collections.abc import Callable
from enum import StrEnum


class Speaker(StrEnum):
    """Whose words they are."""

    LINE = "line"
    CALLER = "caller"
    KEYS = "keys"
    """The caller's, too, but pressed: one key at a time."""


WORDLESS = "♪"
"""The caption of a recording, a tone or music: whoever reads along knows that there is something to be heard."""

Captions = Callable[[str, str], None]
"""Told who speaks (a `Speaker`) and the words: a sentence or a recording as it begins, an utterance once it is recognised,
each key."""
