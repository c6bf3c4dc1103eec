"""The tone that accepts a group, judged as a caller would: level, length, two notes going up, and no click."""

import numpy
import pytest

from voices.sound import FULL_SCALE, RATE_HZ, Sound
from voices.tones import accepted_wav


@pytest.fixture(scope="module")
def tone() -> numpy.ndarray:
    return Sound.of_wav(accepted_wav()).samples.astype(float)


def pitch(part: numpy.ndarray) -> float:
    """The loudest frequency, in hertz, to within a few."""
    spectrum = numpy.abs(numpy.fft.rfft(part * numpy.hanning(len(part)), 8 * RATE_HZ))
    return float(numpy.argmax(spectrum)) / 8


def test_it_is_over_before_the_next_group_can_begin(tone):
    assert 0.14 <= len(tone) / RATE_HZ <= 0.17


def test_its_peaks_are_at_minus_twelve_decibels(tone):
    assert 20 * numpy.log10(numpy.abs(tone).max() / FULL_SCALE) == pytest.approx(-12, abs=0.2)


def test_two_notes_go_up_by_a_fourth(tone):
    first, second = (pitch(half) for half in numpy.split(tone, 2))
    assert second / first == pytest.approx(4 / 3, rel=0.02)


def test_it_comes_from_nothing_goes_to_nothing_and_does_not_click(tone):
    """A click is a jump of the curve's slope. A sine of 900 Hz at the tone's peak bends by so much at most."""
    around = numpy.concatenate([numpy.zeros(10), tone, numpy.zeros(10)])
    bends = numpy.abs(numpy.diff(around, 2))
    assert bends.max() <= numpy.abs(tone).max() * (2 * numpy.pi * 900 / RATE_HZ) ** 2
    assert bends[:20].max() < bends.max() / 10
    assert bends[-20:].max() < bends.max() / 10


def test_it_has_no_offset(tone):
    assert abs(tone.mean()) < 0.001 * FULL_SCALE
