"""The speech engine: pyttsx3, and on Linux the espeak-ng library that pip brought. The only file that imports either."""

import ctypes
import os
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any, TypeVar

from voices.faults import CannotSpeak, NotASound
from voices.sound import Sound, levelled, trimmed
from voices.speaking import Voice

LONGEST_SECONDS = 60.0
"""An engine that takes longer over one text is stuck: it speaks an hour in that time."""
MOST_CHARACTERS = 10_000

T = TypeVar("T")


class Pyttsx3Speaker:
    """Speaks with the voices of this machine; any thread may call it, the engine's one thread does the work.

    `voices` gives for each language a voice by name, or the locale whose first voice will do.
    """

    def __init__(self, voices: Mapping[str, str], words_per_minute: int) -> None:
        self._voices, self._words_per_minute = voices, words_per_minute

    def speak(self, text: str, language: str) -> Sound:
        """The text synthesised, trimmed and levelled. Raises CannotSpeak with a sentence."""
        if len(text) > MOST_CHARACTERS:
            raise CannotSpeak(f"That is too long to speak at one go: {len(text)} characters, {MOST_CHARACTERS} at most.")
        if not any(map(str.isalnum, text)):
            raise CannotSpeak("There is nothing to speak: the text has neither a letter nor a digit.")
        sound = trimmed(_sound_of(_on_thread(lambda: self._synthesised(text, language))))
        if not sound.seconds:
            raise CannotSpeak("The speech engine gave nothing but silence.")
        return levelled(sound)

    def fingerprint(self, language: str) -> str:
        """Engine, versions, voice and rate."""
        return f"{_versions()} {self._voices.get(language, language)} {self._words_per_minute}"

    def installed(self) -> tuple[Voice, ...]:
        """The voices of this machine. Raises CannotSpeak when there is no engine."""
        return _on_thread(lambda: _engine().voices)

    def voice_of(self, language: str) -> Voice:
        """The voice a language is spoken with. Raises CannotSpeak when no installed one will do."""
        return _on_thread(lambda: self._voice_of(language))

    def _synthesised(self, text: str, language: str) -> bytes:
        return _engine().wav(text, self._voice_of(language).identifier, self._words_per_minute)

    def _voice_of(self, language: str) -> Voice:
        wanted = self._voices.get(language, language)
        if found := _chosen(_engine().voices, wanted):
            return found
        raise CannotSpeak(
            f"No voice of this machine speaks {wanted!r}. `activation-center voices list` names those there are; "
            f"choose one for {language!r} under [voice] in settings.toml."
        )


class _Engine:
    """pyttsx3's engine, used by one thread alone, and kept for good: espeak cannot be started twice in a process."""

    def __init__(self) -> None:
        self._engine = _start_engine()
        self._driver = sys.modules[f"pyttsx3.drivers.{self._engine.driver_name}"]
        _tame(self._driver)
        self._faults: list[Exception] = []
        self._engine.connect("error", lambda name, exception: self._faults.append(exception))
        self._is_spoken = Event()
        self._engine.connect("finished-utterance", lambda name, completed: self._is_spoken.set())
        self._engine.runAndWait()  # sets its own properties, which it would else keep for the first text

    @cached_property
    def voices(self) -> tuple[Voice, ...]:
        """The installed voices; espeak's list names those of MBROLA too, which are not installed."""
        listed = self._engine.getProperty("voices")
        return tuple(_voice(voice) for voice in listed if not voice.id.startswith("mb/"))

    def wav(self, text: str, voice: str, words_per_minute: int) -> bytes:
        """The file the engine writes for a text. Raises CannotSpeak."""
        try:
            # A folder for each text: one kept for weeks is swept out of /tmp, and pyttsx3 waits forever where it cannot write.
            with TemporaryDirectory(prefix="activation-center-speech-", ignore_cleanup_errors=True) as folder:
                return self._written(text, voice, words_per_minute, Path(folder, "spoken.wav"))
        except OSError as fault:
            raise CannotSpeak(f"The speech engine failed: {fault}.") from None

    def _written(self, text: str, voice: str, words_per_minute: int, file: Path) -> bytes:
        self._faults.clear()
        self._is_spoken.clear()
        self._engine.setProperty("voice", voice)
        self._engine.setProperty("rate", words_per_minute)
        self._engine.save_to_file(_without_controls(text), str(file))
        self._engine.runAndWait()
        self._let_finish()
        if self._faults:
            raise CannotSpeak(f"The speech engine failed: {self._faults[0]}.")
        return file.read_bytes()

    def _let_finish(self) -> None:
        """Waits for espeak's own thread, which writes the file; this driver's runAndWait often does not."""
        if espeak := getattr(self._driver, "_espeak", None):
            self._is_spoken.wait(LONGEST_SECONDS)
            while espeak.IsPlaying():
                time.sleep(0.001)


_thread = ThreadPoolExecutor(1, "speech")
"""Where the engine lives: one of a process, started by the first sentence and so after any fork."""


def _on_thread(work: Callable[[], T]) -> T:
    try:
        return _thread.submit(work).result(LONGEST_SECONDS)
    except TimeoutError:
        raise CannotSpeak(f"The speech engine has not answered for {LONGEST_SECONDS:.0f} seconds.") from None


@cache
def _engine() -> _Engine:
    return _Engine()


def _start_engine() -> Any:
    """pyttsx3's engine with this platform's driver. Raises CannotSpeak."""
    try:
        if sys.platform == "linux":
            _load_espeak()
        import pyttsx3  # noqa: PLC0415 - its driver looks for the library when it is imported

        engine = pyttsx3.init()
    except (ImportError, OSError, RuntimeError) as fault:
        raise CannotSpeak(f"There is no speech engine on this machine: {fault}") from None
    return engine


def _load_espeak() -> None:
    """Puts pip's espeak-ng into the process, where pyttsx3's driver finds it by its soname; else it takes the system's."""
    try:
        import espeakng_loader  # noqa: PLC0415 - exists on Linux alone
    except ImportError:
        return
    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)


def _tame(driver: Any) -> None:
    """Keeps a driver from printing "Audio saved to ...": standard output is not its own, and other threads are using it.

    And espeak's from cancelling, at the start of each text, the rate or the text that espeak's thread has not taken up yet.
    """
    driver.print = lambda *_words, **_options: None
    if espeak := getattr(driver, "EspeakDriver", None):
        espeak.stop = lambda _driver: None


def _voice(voice: Any) -> Voice:
    locale = str(voice.languages[0]) if voice.languages else ""
    return Voice(voice.id.split("/")[-1], voice.name or "", locale.replace("_", "-").lower(), voice.id)


def _chosen(voices: tuple[Voice, ...], wanted: str) -> Voice | None:
    """The voice of that name, else the first of that locale, else of its language, else of any country of it."""
    wanted, language = wanted.lower(), wanted.lower().split("-")[0]
    base, plus, variant = wanted.partition("+")  # espeak's variants of a voice: "de+f3"
    for voice in voices:
        if base in (voice.name.lower(), voice.title.lower(), voice.identifier.lower()):
            return Voice(voice.name + plus + variant, voice.title, voice.locale, voice.identifier + plus + variant)
    for suits in (wanted.__eq__, language.__eq__, lambda locale: locale.startswith(f"{language}-")):
        if found := next((voice for voice in voices if suits(voice.locale)), None):
            return found
    return None


def _without_controls(text: str) -> str:
    """The text without control characters: a zero would end it for the engine."""
    return "".join(character if character.isprintable() else " " for character in text)


def _sound_of(file: bytes) -> Sound:
    try:
        return Sound.of_wav(file)
    except NotASound as fault:
        raise CannotSpeak(f"The speech engine failed: what it wrote {fault}.") from None


@cache
def _versions() -> str:
    return " ".join(f"{name} {_version(name)}" for name in ("pyttsx3", "espeakng-loader"))


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "none"
