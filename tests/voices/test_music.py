"""The hold music, judged as a listener on hold would: level, length, seam, and where its sound lies."""

import io
import math
import time
import wave
from array import array

import pytest

from voices.music import hold_music_wav

RATE_HZ = 8000
FULL_SCALE = 32768


@pytest.fixture(scope="module")
def samples() -> array:
    with wave.open(io.BytesIO(hold_music_wav())) as recording:
        assert (recording.getnchannels(), recording.getsampwidth(), recording.getframerate()) == (1, 2, RATE_HZ)
        return array("h", recording.readframes(recording.getnframes()))


def decibels(amplitude: float) -> float:
    return 20 * math.log10(amplitude / FULL_SCALE)


def loudness(part) -> float:
    return decibels(math.sqrt(sum(sample * sample for sample in part) / len(part)))


def power_at(part, hertz: float) -> float:
    """Goertzel's algorithm."""
    coefficient = 2 * math.cos(2 * math.pi * hertz / RATE_HZ)
    before, last = 0.0, 0.0
    for sample in part:
        before, last = last, sample + coefficient * last - before
    return last * last + before * before - coefficient * last * before


def test_it_lasts_sixteen_seconds(samples):
    assert len(samples) == 16 * RATE_HZ


def test_its_peaks_are_at_minus_twelve_decibels(samples):
    assert decibels(max(map(abs, samples))) == pytest.approx(-12, abs=0.2)


def test_it_is_never_silent_and_never_shouts(samples):
    levels = [loudness(samples[second * RATE_HZ : (second + 1) * RATE_HZ]) for second in range(16)]
    assert min(levels) > -36
    assert max(levels) < -18


def test_it_has_no_offset(samples):
    assert abs(sum(samples) / len(samples)) < 1


def test_the_seam_is_as_smooth_as_the_rest(samples):
    """A click is a jump of the curve's slope: across the seam there is none beyond what the music does anyway."""

    def bend(before, here, after):
        return abs(before - 2 * here + after)

    inside = max(bend(*samples[index : index + 3]) for index in range(len(samples) - 2))
    seam = [*samples[-4:], *samples[:4]]
    assert max(bend(*seam[index : index + 3]) for index in range(6)) < inside / 2
    assert loudness(samples[-800:]) == pytest.approx(loudness(samples[:800]), abs=6)


def test_its_sound_is_where_a_telephone_carries_it(samples):
    """Middle C in the first chord rings; what would turn into hiss near the band's edge does not."""
    chord = samples[RATE_HZ : 3 * RATE_HZ]
    middle_c = power_at(chord, 261.63)
    assert middle_c > 1000 * power_at(chord, 3700)
    assert middle_c > 1000 * power_at(chord, 50)
    assert middle_c > 30 * power_at(chord, 277.18)


def test_it_is_the_same_every_time_and_made_in_well_under_a_second():
    first = hold_music_wav()
    hold_music_wav.cache_clear()
    began = time.process_time()
    assert hold_music_wav() == first
    assert time.process_time() - began < 1.0
