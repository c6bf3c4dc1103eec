"""What the rest of the house speaks with: a person's recording first, then what is kept, and only then the engine."""

import logging
import threading
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
            name = f"{path}\n{path.stat().st_mtime_ns}"
            if kept := self._memory.get(name):
                return kept
            sound = read_recording(path)
        except (NotASound, OSError) as fault:
            _log.warning("%s", fault)
            return None
        self._memory.put(name, sound)
        return sound

    def _spoken(self, text: str, language: str) -> Sound:
        """What is kept is there at once, whatever the engine is busy with; who wants what is being made waits for it."""
        name = f"{self.speaker.fingerprint(language)}\n{language}\n{text}"
        if kept := self._kept(name):
            return kept
        with self._one_at_a_time:
            return self._kept(name) or self._made(name, text, language)

    def _kept(self, name: str) -> Sound | None:
        """From memory, else from the disk."""
        if sound := self._memory.get(name):
            return sound
        if sound := self.cache.get(name):
            self._memory.put(name, sound)
        return sound

    def _made(self, name: str, text: str, language: str) -> Sound:
        sound = self.speaker.speak(text, language)
        self._memory.put(name, sound)
        self.cache.put(name, sound)
        return sound


def primary(language: str) -> str:
    """The language of a locale: "de" of "de-DE"."""
    return language.replace("_", "-").split("-")[0].lower()
