"""The section `[voice]` of settings.toml: how the line speaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ivr.script import load_scripts

LEAST_WORDS_PER_MINUTE, MOST_WORDS_PER_MINUTE = 80, 300

VOICE_SECTION = """\
[voice]
# Words a minute of the speech engine on this machine.
words_per_minute = 175
# The engine's voice for a language, by its name in `activation-center voices list`; else one of the language's country.
names = {}
# How sentences reach Twilio's callers: "say" has Twilio speak them, "play" sends the sound of this machine's voices.
sentences = "say"
"""


class Medium(StrEnum):
    """How sentences reach callers of a telephony side elsewhere: as words that it speaks, or as sound of ours."""

    SAY = "say"
    PLAY = "play"


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """How the line speaks: words a minute, the engine's voice by language where the language's own will not do, and whether
    sentences go out as words or as sound."""

    words_per_minute: int
    names: Mapping[str, str]
    sentences: Medium


def read_voice(raw: Mapping[str, Any]) -> VoiceSettings:
    """The settings of a `[voice]` section; what it leaves out keeps its default. Raises ValueError with a sentence."""
    known = ("words_per_minute", "names", "sentences")
    if unknown := sorted(raw.keys() - set(known)):
        raise ValueError(f"[voice] has no setting {unknown[0]!r}; its settings are {', '.join(known)}.")
    words_per_minute, names = _words_per_minute(raw.get("words_per_minute", 175)), _names(raw.get("names", {}))
    return VoiceSettings(words_per_minute, names, _sentences(raw.get("sentences", Medium.SAY)))


def _words_per_minute(value: Any) -> int:
    if type(value) is not int or not LEAST_WORDS_PER_MINUTE <= value <= MOST_WORDS_PER_MINUTE:
        raise ValueError(
            f"words_per_minute must be a whole number from {LEAST_WORDS_PER_MINUTE} to {MOST_WORDS_PER_MINUTE}, not {value!r}."
        )
    return value


def _names(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(name, str) and name for name in value.values()):
        raise ValueError('names must give a voice for each language; write it like names = { en = "en-us" }.')
    if unknown := [language for language in value if language not in load_scripts()]:
        raise ValueError(f"names gives a voice for the language {unknown[0]!r}; the line speaks {', '.join(load_scripts())}.")
    return value


def _sentences(value: Any) -> Medium:
    if value not in list(Medium):
        raise ValueError(f'sentences must be "say" or "play", not {value!r}.')
    return Medium(value)
