"""What the rest of the house speaks with: a person's recording first, then what is kept, and only then the engine."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from voices.cache import KeptInMemory, SoundCache
from voices.faults import NotASound
from voices.sound import Sound, joined, silence
from voices.studio import Studio, read_recording

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Voice:
    """An installed voice: its short name, what it is called, its locale ("de", "en-us"), and the engine's own name."""

    name: str
    title: str
    locale: str
    identifier: str


class Speaker(Protocol):
    """An engine behind its adapter; any thread may call it."""

    def speak(self, text: str, language: str) -> Sound:
        """The text synthesised, trimmed and levelled. Raises CannotSpeak with a sentence."""
        ...

    def fingerprint(self, language: str) -> str:
        """Everything but the text that decides how it sounds: engine, version, voice and rate."""
        ...

    def installed(self) -> tuple[Voice, ...]:
        """The voices of this machine. Raises CannotSpeak when there is no engine."""
        ...

    def voice_of(self, language: str) -> Voice:
        """The voice a language is spoken with. Raises CannotSpeak when no installed one will do."""
        ...


class Voices:
    """Every sentence and every character as sound; any thread may call it, and one sentence is synthesised once."""

    def __init__(self, speaker: Speaker, cache: SoundCache, studio: Studio) -> None:
        self.speaker, self.cache, self.studio = speaker, cache, studio
        self._memory = KeptInMemory()
        self._one_at_a_time = threading.Lock()

    def sentence(self, text: str, language: str) -> Sound:
        """A sentence in a language ("de") or its locale ("de-DE"). Raises CannotSpeak."""
        language = primary(language)
        return self._recorded(self.studio.recording(text, language)) or self._spoken(text, language)

    def character(self, character: str, language: str, pace_seconds: float = 0) -> Sound:
        """One digit or letter by its name, then silence until the pace is up; what has no name is silence alone.

        Raises CannotSpeak.
        """
        language, name = primary(language), character.upper()
        if len(name) != 1 or not name.isalnum():
            return silence(pace_seconds)
        sound = self._recorded(self.studio.character_recording(name, language)) or self._spoken(name, language)
        return joined((sound, silence(pace_seconds - sound.seconds)))

    def characters(self, text: str, language: str, pace_seconds: float = 0) -> Sound:
        """Digits and letters one by one, from each to the next the seconds of the pace. Raises CannotSpeak."""
        return joined(self.character(character, language, pace_seconds) for character in text)

    def _recorded(self, path: Path | None) -> Sound | None:
        """The recording; None where there is none, or none that will do: a call goes on with the engine's voice."""
        if path is None:
            return None
        try:
            return self._kept(f"{path}\n{path.stat().st_mtime_ns}", lambda: read_recording(path))
        except (NotASound, OSError) as fault:
            _log.warning("%s", fault)
            return None

    def _spoken(self, text: str, language: str) -> Sound:
        name = f"{self.speaker.fingerprint(language)}\n{language}\n{text}"
        return self._kept(name, lambda: self._from_disk_or_engine(name, text, language))

    def _from_disk_or_engine(self, name: str, text: str, language: str) -> Sound:
        if kept := self.cache.get(name):
            return kept
        sound = self.speaker.speak(text, language)
        self.cache.put(name, sound)
        return sound

    def _kept(self, name: str, make: Callable[[], Sound]) -> Sound:
        """What the memory holds under a name, made first if need be; who asks for it meanwhile waits."""
        if kept := self._memory.get(name):
            return kept
        with self._one_at_a_time:
            sound = self._memory.get(name) or make()
            self._memory.put(name, sound)
            return sound


def primary(language: str) -> str:
    """The language of a locale: "de" of "de-DE"."""
    return language.replace("_", "-").split("-")[0].lower()
