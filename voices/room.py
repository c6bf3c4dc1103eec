"""The room as an instance has it: the engine, what is kept in the instance's folder, and its recordings."""

from collections.abc import Mapping
from pathlib import Path

from voices.cache import SoundCache
from voices.pyttsx3_speaker import Pyttsx3Speaker
from voices.speaking import Voices
from voices.studio import SHIPPED, Studio


def open_voices(
    home: Path, engine_voices: Mapping[str, str], words_per_minute: int, sentences: Mapping[str, Mapping[str, str]]
) -> Voices:
    """The voices of the instance in `home`.

    `engine_voices` gives each language's voice or locale; `sentences`, by language, the texts a recording may replace.
    """
    studio = Studio((home / "recordings", SHIPPED), sentences)
    return Voices(Pyttsx3Speaker(engine_voices, words_per_minute), SoundCache(home / "voices"), studio)
