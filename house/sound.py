"""The line's sound: its voices, the sentences that fill in during a call, and what its own sounds are called."""

import logging
from collections.abc import Mapping
from functools import cached_property

from data.voice_settings import Medium
from house.premises import Premises
from ivr.hearing_words import words_to_hear
from ivr.script import Script
from ivr.script.sayings import Values, open_sentences, sayings
from ivr.sound_names import SoundNames, Utterance
from ivr.vocabulary import load_vocabularies
from voices.faults import CannotSpeak, NotASound
from voices.listening import Listener
from voices.room import open_voices
from voices.sound import joined, silence
from voices.speaking import Voices

log = logging.getLogger(__name__)


class Sound:
    """How one instance speaks and hears."""

    def __init__(self, premises: Premises) -> None:
        self._premises = premises

    @cached_property
    def voices(self) -> Voices:
        """Everything the line says, as sound."""
        settings, scripts = self._premises.settings.voice, self._premises.scripts
        engine = {code: settings.names.get(code, script.locale) for code, script in scripts.items()}
        said = {code: sayings(script, self._own_values(script)) for code, script in scripts.items()}
        sentences = {code: {saying.name: saying.text for saying in every} for code, every in said.items()}
        return open_voices(self._premises.home, engine, settings.words_per_minute, sentences)

    @property
    def open_sentences(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """The sentences that are known only during a call, by language, with what fills them."""
        return {code: open_sentences(script, self._own_values(script)) for code, script in self._premises.scripts.items()}

    @property
    def listeners(self) -> Mapping[str, Listener]:
        """Who hears, by language."""
        from voices.vosk_listener import listeners  # noqa: PLC0415 - vosk comes with it; for the exchange and the demo only

        vocabularies = load_vocabularies(self._premises.scripts)
        words = {code: words_to_hear(script, vocabularies[code]) for code, script in self._premises.scripts.items()}
        every = listeners(self._premises.models, words)
        return {code: listener for code, listener in every.items() if code in self._premises.hears}

    def speak(self, utterance: Utterance) -> bytes | None:
        """An utterance as WAV; None, and a line in the log, where it cannot be spoken."""
        text, locale, seconds = utterance.text, utterance.locale, utterance.seconds
        try:
            if utterance.is_character:
                return self.voices.character(text, locale, seconds).wav()
            return joined((self.voices.sentence(text, locale), silence(seconds))).wav()
        except (CannotSpeak, NotASound) as fault:
            log.warning("A sentence (%s) cannot be spoken: %s", locale, fault)
            return None

    @cached_property
    def names(self) -> SoundNames | None:
        """What our own sounds are called; None where sentences go out as words, as they do where sound cannot be had."""
        if self._premises.settings.voice.sentences is Medium.SAY:
            return None
        if why_not := self._why_none():
            log.warning("Sentences go out as words, not as sound: %s", why_not)
            return None
        return SoundNames(self._premises.secrets.purpose("sounds"))

    def _why_none(self) -> str | None:
        if not self._premises.settings.public_url:
            return "ACTIVATION_CENTER_PUBLIC_URL is not set, and telephony on this machine speaks itself."
        locales = [script.locale for script in self._premises.scripts.values()]
        silent = [locale for locale in locales if self.speak(Utterance("0", locale)) is None]
        return f"nothing speaks {', '.join(silent)} here." if silent else None

    def _own_values(self, script: Script) -> Values:
        settings = self._premises.settings
        return {"line": (settings.line.name,), "hours": (settings.hours.sentence(script.section("hours")),)}
