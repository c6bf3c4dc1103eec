"""Synthetic speech by eSpeak NG, in many voices: digit strings, the line's commands, and words that are neither."""

import ctypes
from dataclasses import dataclass
from functools import cache

import espeakng_loader
import numpy as np
import soxr
from numpy.typing import NDArray

from voices.sound import RATE_HZ
from voices.training.speech import trimmed

SOURCE = "espeak"
LANGUAGES = ("en-us", "en", "en-gb-scotland", "en-029", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-us-nyc")
VARIANTS = (
    *("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5", "klatt", "klatt2", "klatt3", "klatt4"),
    *("Alex", "Alicia", "Andrea", "Andy", "Annie", "belinda", "linda", "steph", "steph2", "anika", "aunty", "shelby"),
    *(
        "adam",
        "caleb",
        "david",
        "ed",
        "edward",
        "ian",
        "john",
        "max",
        "michel",
        "paul",
        "rob",
        "travis",
        "zac",
        "grandma",
        "grandpa",
    ),
)
_SYNCHRONOUS, _CHARS_UTF8, _SPEECH_RATE, _PITCH, _IPA = 2, 1, 1, 3, 2
"""Constants of `speak_lib.h`: AUDIO_OUTPUT_SYNCHRONOUS, espeakCHARS_UTF8, espeakRATE, espeakPITCH, espeakPHONEMES_IPA."""
_STRESSES = str.maketrans("", "", "ˈˌ")
_SYNTHESIS_BUFFER_MILLISECONDS = 500
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class NoVoice(RuntimeError):
    """eSpeak NG has no such voice, or would not speak."""


class Engine:
    """The library, which can be started once in a process; it hands its sound to a callback."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self._rate_hz = int(self._library.espeak_Initialize(_SYNCHRONOUS, _SYNTHESIS_BUFFER_MILLISECONDS, data, 0))
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._pieces: list[NDArray[np.int16]] = []
        self._callback = _CALLBACK(self._receive)
        self._library.espeak_SetSynthCallback(self._callback)

    def _receive(self, samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    def sounds(self, text: str, voice: str) -> str:
        """How the voice says a word, in the letters of the IPA, without stress. Raises NoVoice."""
        self._choose(voice)
        rest = ctypes.pointer(ctypes.c_char_p(text.encode()))
        said: bytes = self._library.espeak_TextToPhonemes(rest, _CHARS_UTF8, _IPA)
        return said.decode().translate(_STRESSES)

    def speak(self, text: str, voice: str, words_per_minute: int, pitch: int) -> NDArray[np.float64]:
        """The text at 8 kHz, without the silence around it, peak 1. Raises NoVoice."""
        self._pieces = []
        self._choose(voice)
        self._library.espeak_SetParameter(_SPEECH_RATE, words_per_minute, 0)
        self._library.espeak_SetParameter(_PITCH, pitch, 0)
        encoded = text.encode() + b"\0"
        self._library.espeak_Synth(encoded, len(encoded), 0, 0, 0, _CHARS_UTF8, None, None)
        if not self._pieces:
            raise NoVoice(f"eSpeak NG said nothing for {text!r} with voice {voice!r}")
        return trimmed(soxr.resample(np.concatenate(self._pieces) / 32768.0, self._rate_hz, RATE_HZ))

    def _choose(self, voice: str) -> None:
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise NoVoice(f"eSpeak NG has no voice {voice!r}")


@cache
def engine() -> Engine:
    """This process's one."""
    return Engine()


@dataclass(frozen=True, slots=True)
class EspeakVoice:
    """One of eSpeak NG's voices at a pace and a pitch (0 to 99)."""

    name: str
    words_per_minute: int
    pitch: int

    def speak(self, text: str) -> NDArray[np.float64]:
        """As `Voice.speak`. Raises NoVoice."""
        return engine().speak(text, self.name, self.words_per_minute, self.pitch)


def drawn(rng: np.random.Generator) -> EspeakVoice:
    """Any voice; a language's own, as the line speaks with, more often than each variant."""
    return drawn_of(str(rng.choice(LANGUAGES)), rng)


def drawn_of(language: str, rng: np.random.Generator) -> EspeakVoice:
    """Any voice of a language."""
    name = f"{language}+{rng.choice(VARIANTS)}" if rng.random() < 0.9 else language
    return EspeakVoice(name, int(rng.integers(110, 221)), int(rng.integers(20, 91)))
