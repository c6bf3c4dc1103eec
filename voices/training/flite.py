"""Synthetic speech by Flite, whose voices were built out of recordings of four people (Debian's libflite1)."""

import ctypes
from dataclasses import dataclass
from functools import cache

import numpy as np
import soxr
from numpy.typing import NDArray

from voices.sound import RATE_HZ
from voices.training.conversion import other_voice
from voices.training.speech import trimmed

SOURCE = "flite"
VOICES = ("awb", "kal16", "rms", "slt")
MISSING = "Flite is not installed (Debian: apt install libflite1): training goes on without its four voices."
_LIBRARY = "libflite_cmu_us_{}.so.1"
_CORE = "libflite.so.1"


class _Wave(ctypes.Structure):
    """The beginning of `cst_wave` (cst_wave.h)."""

    _fields_ = (
        ("type", ctypes.c_char_p), ("rate_hz", ctypes.c_int), ("count", ctypes.c_int), ("channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    )  # fmt: skip


class _Voice(ctypes.Structure):
    """The beginning of `cst_voice` (cst_voice.h)."""

    _fields_ = (("name", ctypes.c_char_p), ("features", ctypes.c_void_p))


@cache
def _core() -> ctypes.CDLL:
    core = ctypes.CDLL(_CORE, ctypes.RTLD_GLOBAL)
    core.feat_set_float.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_float)
    core.flite_text_to_wave.restype = ctypes.POINTER(_Wave)
    core.flite_init()
    return core


@cache
def _voice(name: str) -> "ctypes._Pointer[_Voice]":
    _core()
    register = getattr(ctypes.CDLL(_LIBRARY.format(name)), f"register_cmu_us_{name}")
    register.restype = ctypes.POINTER(_Voice)
    voice: ctypes._Pointer[_Voice] = register(None)
    return voice


def is_installed() -> bool:
    """Whether the libraries are on this machine."""
    try:
        for name in VOICES:
            _voice(name)
    except OSError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class FliteVoice:
    """A voice, so many times slower, and (with a seed) changed into another person's."""

    name: str
    stretch: float
    seed: int | None

    def speak(self, text: str) -> NDArray[np.float64]:
        """As `Voice.speak`."""
        voice = _voice(self.name)
        _core().feat_set_float(voice.contents.features, b"duration_stretch", self.stretch)
        wave = _core().flite_text_to_wave(text.encode(), voice)
        samples = np.ctypeslib.as_array(wave.contents.samples, (wave.contents.count,)) / 32768.0
        spoken = trimmed(soxr.resample(samples, wave.contents.rate_hz, RATE_HZ))
        _core().delete_wave(wave)
        return spoken if self.seed is None else other_voice(spoken, np.random.default_rng(self.seed))


def drawn(rng: np.random.Generator) -> FliteVoice:
    """Any voice, mostly another person's than whose it was."""
    seed = int(rng.integers(2**62)) if rng.random() < 0.35 else None
    return FliteVoice(str(rng.choice(VOICES)), rng.uniform(0.8, 1.4), seed)
