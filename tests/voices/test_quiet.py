import numpy

from voices.quiet import Quiet


def _noise(seconds: float, loudness: float, seed: int = 1) -> list[numpy.ndarray]:
    samples = numpy.random.default_rng(seed).normal(0, loudness, round(seconds * 8000)).astype(numpy.int16)
    return [samples[at : at + 160] for at in range(0, len(samples), 160)]


def test_it_tells_how_long_nobody_has_spoken_above_a_noisy_background() -> None:
    quiet = Quiet()
    for chunk in _noise(0.5, 300) + _noise(0.6, 3000):
        spoken = quiet.feed(chunk)
    assert spoken == 0
    for chunk in _noise(0.6, 300, seed=2):
        silent = quiet.feed(chunk)
    assert 0.55 < silent < 0.65


def test_a_voice_without_any_background_before_it_is_not_quiet() -> None:
    quiet = Quiet()
    assert max(quiet.feed(chunk) for chunk in _noise(1.0, 3000)) == 0


def test_exact_silence_after_a_voice_is_quiet_and_the_next_word_ends_it() -> None:
    quiet = Quiet()
    for chunk in _noise(0.4, 2000) + [numpy.zeros(160, numpy.int16)] * 50:
        silent = quiet.feed(chunk)
    assert silent > 0.9
    assert quiet.feed(_noise(0.02, 2000)[0]) == 0
