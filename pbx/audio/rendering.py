"""Speech as sound: every piece in its voice, its tempo and its loudness."""

import logging
from collections.abc import Sequence

import numpy
from numpy.typing import NDArray

from pbx.audio.delivery import Piece
from pbx.speech import Break
from voices.faults import CannotSpeak
from voices.sound import FULL_SCALE, RATE_HZ, Samples, Sound, joined, silence
from voices.speaking import Voices
from voices.tones import beep_wav

log = logging.getLogger(__name__)

FALLBACK_LANGUAGE = "en"
SPELLING_PACE_SECONDS = 0.6
"""From one character to the next where nothing but their being spelled is said."""

_WINDOW = RATE_HZ * 30 // 1000
_HOP = _WINDOW // 2
_SEARCH = RATE_HZ * 8 // 1000
"""Overlap-add finds the best splice within this many samples: a period of the lowest voice."""


def rendered(pieces: Sequence[Piece | Break], voices: Voices) -> Sound:
    """The pieces one after the other. What no voice can say is silence, and logged: the call goes on."""
    return joined(silence(piece.seconds) if isinstance(piece, Break) else _spoken(piece, voices) for piece in pieces)


def _spoken(piece: Piece, voices: Voices) -> Sound:
    if piece.is_bleeped:
        return _amplified(Sound.of_wav(beep_wav()), piece.gain_decibels)
    for language in (piece.language, FALLBACK_LANGUAGE):
        try:
            sound = _spelled(piece, language, voices) if piece.is_spelled else voices.sentence(piece.text, language)
        except CannotSpeak as fault:
            log.warning("a sentence cannot be said in %s: %s", language, fault)
        else:
            return _amplified(at_tempo(sound, piece.tempo), piece.gain_decibels)
    return silence(0)


def _spelled(piece: Piece, language: str, voices: Voices) -> Sound:
    """Character by character from single recordings, without a pause behind the last."""
    most, last = piece.text[:-1], piece.text[-1]
    return joined((voices.characters(most, language, SPELLING_PACE_SECONDS), voices.character(last, language)))


def _amplified(sound: Sound, decibels: float) -> Sound:
    if not decibels:
        return sound
    scaled = numpy.rint(sound.samples * 10 ** (decibels / 20))
    return Sound(numpy.clip(scaled, -FULL_SCALE, FULL_SCALE - 1).astype(numpy.int16))


def at_tempo(sound: Sound, tempo: float) -> Sound:
    """The sound so many times as fast, at its own pitch (waveform-similarity overlap-add, Verhelst and Roelands 1993)."""
    samples = sound.samples
    if tempo == 1.0 or len(samples) < 2 * _WINDOW:
        return sound
    steps = max(1, round(len(samples) / tempo / _HOP))
    source = numpy.pad(samples.astype(numpy.float64), (_SEARCH, 2 * _WINDOW + 2 * _SEARCH))
    window = numpy.hanning(_WINDOW + 1)[:-1]
    mixed = numpy.zeros(steps * _HOP + _WINDOW)
    follows_on = 0
    for step in range(steps):
        wanted = min(round(step * _HOP * tempo), len(samples))
        at = _best_splice(source, wanted, follows_on) if step else _SEARCH
        mixed[step * _HOP : step * _HOP + _WINDOW] += window * source[at : at + _WINDOW]
        follows_on = at + _HOP
    return Sound(_as_samples(mixed[: round(len(samples) / tempo)]))


def _best_splice(source: NDArray[numpy.float64], wanted: int, follows_on: int) -> int:
    """Where, around the place that is due, the source is most like what would have followed on."""
    ahead = source[follows_on : follows_on + _WINDOW]
    around = source[wanted : wanted + 2 * _SEARCH + len(ahead)]
    return wanted + int(numpy.argmax(numpy.correlate(around, ahead)))


def _as_samples(mixed: NDArray[numpy.float64]) -> Samples:
    return numpy.clip(numpy.rint(mixed), -FULL_SCALE, FULL_SCALE - 1).astype(numpy.int16)
