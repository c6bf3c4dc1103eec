"""Keys, the tone of a phone that rings far away, and the beep: the right frequencies, for the right time, without a click."""

import numpy
import pytest

from voices.sound import RATE_HZ, Sound
from voices.tones import RING_BACK, beep_wav, key_wav, ring_back_wav


def frequencies(samples: numpy.ndarray, count: int) -> list[int]:
    """The loudest frequencies, lowest first, to 10 Hz."""
    windowed = samples.astype(float) * numpy.hanning(len(samples))
    spectrum = numpy.abs(numpy.fft.rfft(windowed, 4 * RATE_HZ))
    found: list[int] = []
    while len(found) < count:
        loudest = int(numpy.argmax(spectrum))
        found.append(loudest // 4)
        spectrum[max(0, loudest - 100) : loudest + 100] = 0
    return sorted(found)


@pytest.mark.parametrize(
    ("key", "low", "high"),
    [("1", 697, 1209), ("2", 697, 1336), ("5", 770, 1336), ("9", 852, 1477), ("0", 941, 1336), ("*", 941, 1209), ("#", 941, 1477), ("A", 697, 1633), ("D", 941, 1633)],
)  # fmt: skip
def test_each_key_has_its_two_tones_and_a_pause(key, low, high):
    samples = Sound.of_wav(key_wav(key)).samples
    assert frequencies(samples[:1280], 2) == pytest.approx([low, high], abs=10)
    assert len(samples) == 1920
    assert not samples[1280:].any()


def test_both_tones_of_a_key_are_as_loud_as_each_other():
    samples = Sound.of_wav(key_wav("6")).samples[:1280].astype(float)
    spectrum = numpy.abs(numpy.fft.rfft(samples * numpy.hanning(1280), RATE_HZ))
    assert 20 * numpy.log10(spectrum[770] / spectrum[1477]) == pytest.approx(0, abs=1)


@pytest.mark.parametrize(
    ("country", "hertz", "on_seconds", "off_seconds"),
    [("", (440, 480), 2.0, 4.0), ("us", (440, 480), 2.0, 4.0), ("de", (425,), 1.0, 4.0), ("FR", (440,), 1.5, 3.5), ("zz", (425,), 1.0, 4.0)],
)  # fmt: skip
def test_each_country_rings_in_its_own_way_and_an_unknown_one_as_europe_does(country, hertz, on_seconds, off_seconds):
    samples = Sound.of_wav(ring_back_wav(country)).samples
    on = round(on_seconds * RATE_HZ)
    assert len(samples) == on + round(off_seconds * RATE_HZ)
    spectrum = numpy.abs(numpy.fft.rfft(samples[:on] * numpy.hanning(on), RATE_HZ))
    assert sorted(int(peak) for peak in numpy.argsort(spectrum)[-len(hertz) :]) == pytest.approx(list(hertz), abs=2)
    assert not samples[on:].any()


def test_britain_rings_twice():
    samples = Sound.of_wav(ring_back_wav("uk")).samples.astype(float)
    loud = [numpy.abs(samples[at : at + 800]).max() > 0 for at in range(0, len(samples), 800)]
    assert loud == [True] * 4 + [False] * 2 + [True] * 4 + [False] * 20


RINGING = [(ring_back_wav(country), max(cadence[0][0])) for country, cadence in RING_BACK.items()]


@pytest.mark.parametrize(("wav", "highest_hertz"), [(key_wav("5"), 1336), (beep_wav(), 1000), *RINGING])
def test_nothing_clicks_and_all_is_as_loud_as_the_other_signs(wav, highest_hertz):
    """A click is a jump of the curve's slope: none bends more than a sine of that peak does, where it comes and goes neither."""
    samples = numpy.concatenate([numpy.zeros(10), Sound.of_wav(wav).samples.astype(float), numpy.zeros(10)])
    peak = numpy.abs(samples).max()
    assert 20 * numpy.log10(peak / 32768) == pytest.approx(-12, abs=0.2)
    bends = numpy.abs(numpy.diff(samples, 2))
    assert bends.max() <= 1.05 * peak * (2 * numpy.pi * highest_hertz / RATE_HZ) ** 2
    assert bends[:20].max() < bends.max() / 4
    assert bends[-20:].max() < bends.max() / 4
