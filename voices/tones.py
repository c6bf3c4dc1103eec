"""Signs that need no words, made of numbers: nobody's recording, so nobody's licence."""

from functools import cache
from math import cos, pi, sin

from voices.music import SAMPLE_RATE_HZ, wav_of

ACCEPTED_HZ = (659.26, 880.0)
"""E and the A above it, a fourth up. Either lies in DTMF's lower group alone, so that no key sounds like it."""
NOTE_SECONDS = 0.08
ATTACK_SECONDS = 0.012


@cache
def accepted_wav() -> bytes:
    """Two soft rising notes: what was said or keyed is accepted. A WAV of 16-bit mono PCM at 8000 Hz, 160 ms long."""
    return wav_of([sample for hertz in ACCEPTED_HZ for sample in _note(hertz)])


def _note(hertz: float) -> list[float]:
    """A sine that swells quickly and dies away slowly, from nothing to nothing."""
    times = [index / SAMPLE_RATE_HZ for index in range(round(NOTE_SECONDS * SAMPLE_RATE_HZ))]
    return [_envelope(seconds) * sin(2 * pi * hertz * seconds) for seconds in times]


def _envelope(seconds: float) -> float:
    if seconds < ATTACK_SECONDS:
        return sin(pi / 2 * seconds / ATTACK_SECONDS) ** 2
    return cos(pi / 2 * (seconds - ATTACK_SECONDS) / (NOTE_SECONDS - ATTACK_SECONDS)) ** 2


# What telephone exchanges sound

Cadence = tuple[tuple[tuple[float, ...], float], ...]
"""Tones sounded one after the other: the frequencies of each, none for silence, and its seconds."""

_LOW_HZ, _HIGH_HZ = (697.0, 770.0, 852.0, 941.0), (1209.0, 1336.0, 1477.0, 1633.0)
_KEYPAD = "123A456B789C*0#D"
KEY_SECONDS, AFTER_KEY_SECONDS = 0.16, 0.08
"""About as Twilio's own phone has them; any exchange takes 65 ms of either (ITU-T Q.24)."""

_DOUBLE_BRITISH: Cadence = (((400.0, 450.0), 0.4), ((), 0.2), ((400.0, 450.0), 0.4), ((), 2.0))
_AMERICAN: Cadence = (((440.0, 480.0), 2.0), ((), 4.0))
_EUROPEAN: Cadence = (((425.0,), 1.0), ((), 4.0))
RING_BACK: dict[str, Cadence] = {
    "": _AMERICAN, "us": _AMERICAN, "ca": _AMERICAN, "uk": _DOUBLE_BRITISH, "gb": _DOUBLE_BRITISH, "nz": _DOUBLE_BRITISH,
    "au": (((413.0, 438.0), 0.4), ((), 0.2), ((413.0, 438.0), 0.4), ((), 2.0)),
    "at": (((420.0,), 1.0), ((), 5.0)), "be": (((425.0,), 1.0), ((), 3.0)), "cn": (((450.0,), 1.0), ((), 4.0)),
    "es": (((425.0,), 1.5), ((), 3.0)), "fr": (((440.0,), 1.5), ((), 3.5)), "jp": (((384.0, 416.0), 1.0), ((), 2.0)),
    "pt": (((425.0,), 1.0), ((), 5.0)), "ru": (((425.0,), 0.8), ((), 3.2)), "se": (((425.0,), 1.0), ((), 5.0)),
}  # fmt: skip
"""By country, in lower case; all others ring as Europe does. Source: ITU-T E.180, supplement 2."""


def key_wav(key: str) -> bytes:
    """A key of the keypad, 0-9, A-D, * or #, as its pair of tones (ITU-T Q.23), and the pause behind it."""
    row, column = divmod(_KEYPAD.index(key), 4)
    return _cadence_wav((((_LOW_HZ[row], _HIGH_HZ[column]), KEY_SECONDS), ((), AFTER_KEY_SECONDS)))


def ring_back_wav(country: str) -> bytes:
    """One round of what a caller hears while a phone rings in that country."""
    return _cadence_wav(RING_BACK.get(country.lower(), _EUROPEAN))


def beep_wav() -> bytes:
    """The sign after which one speaks: half a second of 1000 Hz."""
    return _cadence_wav((((1000.0,), 0.5),))


def _cadence_wav(cadence: Cadence) -> bytes:
    return wav_of([sample for frequencies, seconds in cadence for sample in _tone(frequencies, seconds)])


def _tone(frequencies: tuple[float, ...], seconds: float) -> list[float]:
    """Sines added up, with 5 ms to swell and to die away, so that nothing clicks."""
    length, ramp = round(seconds * SAMPLE_RATE_HZ), SAMPLE_RATE_HZ // 200
    radians = [2 * pi * hertz / SAMPLE_RATE_HZ for hertz in frequencies]
    levels = (sin(pi / 2 * min(1.0, index / ramp, (length - index) / ramp)) ** 2 for index in range(length))
    return [level * sum(sin(step * index) for step in radians) for index, level in enumerate(levels)]
