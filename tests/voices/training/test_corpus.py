"""The corpus: what its parts promise to the training, on a few utterances each."""

import struct
import warnings
from pathlib import Path

import numpy as np
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    pytest.importorskip("pyworld", exc_type=ImportError)
pytest.importorskip("espeakng_loader")
pytest.importorskip("pocketsphinx")

from voices.sound import RATE_HZ
from voices.training import an4, corpus, dictionary, digits, espeak, script
from voices.training.units import WORDS
from voices.training.utterance import Utterance


def _hum(seconds: float, pitch_hz: float) -> np.ndarray:
    """A voice-like sound: a falling row of harmonics."""
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    harmonics = range(1, int(3600 / pitch_hz))
    return (4000 * sum(np.sin(2 * np.pi * pitch_hz * n * time) / n for n in harmonics)).astype(np.int16)


def _pitch_hz(samples: np.ndarray) -> float:
    """The strongest period between 80 and 300 Hz."""
    signal = samples.astype(float)
    lags = np.arange(RATE_HZ // 300, RATE_HZ // 80)
    likeness = [np.dot(signal[lag:], signal[:-lag]) / (len(signal) - lag) for lag in lags]
    return RATE_HZ / float(lags[int(np.argmax(likeness))])


def test_a_converted_voice_says_the_same_words_and_keeps_the_person_first() -> None:
    spoken = Utterance(_hum(0.5, 120), ("five",), "anna", "digits")
    other = digits.converted(spoken, np.random.default_rng(1))
    assert (other.words, other.speaker, other.samples.dtype) == (("five",), "anna/converted", np.int16)


def test_conversions_reach_both_low_and_high_voices() -> None:
    spoken = Utterance(_hum(0.5, 120), ("five",), "anna", "digits")
    pitches = [_pitch_hz(digits.converted(spoken, np.random.default_rng(seed)).samples) for seed in range(12)]
    assert min(pitches) < 150
    assert max(pitches) > 180


def test_the_same_recipe_gives_the_same_samples() -> None:
    spoken = Utterance(_hum(0.4, 110), ("one",), "anna", "digits")
    once, again = (digits.converted(spoken, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(once.samples, again.samples)


def test_cepstra_are_read_big_endian_with_their_count(tmp_path: Path) -> None:
    file = tmp_path / "a.mfc"
    file.write_bytes(struct.pack(">i26f", 26, *range(26)))
    assert an4.read_cepstra(file).tolist() == [list(range(13)), list(range(13, 26))]


def test_energies_have_the_cepstra_they_were_made_from() -> None:
    cepstra = np.random.default_rng(3).normal(size=(5, 13))
    energies = an4.log_mel(cepstra)
    j = np.arange(40)
    weights = np.where(j == 0, 0.5, 1.0) / 40
    for i in range(13):
        assert np.allclose((energies * weights * np.cos(np.pi * i * (j + 0.5) / 40)).sum(axis=1), cepstra[:, i])


def test_an_answer_lasts_as_long_as_its_frames() -> None:
    cepstra = np.tile([10.0, 1.0] + [0.0] * 11, (100, 1))
    samples = an4.resynthesised(cepstra, "fabc", np.random.default_rng(1))
    assert abs(len(samples) / RATE_HZ - 1.0) < 0.02


def test_every_word_of_the_line_is_in_the_dictionary() -> None:
    assert {word.name for word in WORDS} <= set(dictionary.pronunciations())


def test_the_dictionary_has_every_way_to_say_a_word_under_one_name() -> None:
    pronunciations = dictionary.pronunciations()
    assert set(pronunciations["zero"]) >= {("Z", "IH", "R", "OW"), ("Z", "IY", "R", "OW")}
    assert not [word for word in pronunciations if word.endswith(")")]


def test_other_words_never_sound_like_the_lines_own() -> None:
    pronunciations = dictionary.pronunciations()
    ours = {way for word in WORDS for way in pronunciations[word.name]}
    words = script.vocabulary(pronunciations)
    assert len(words.frequent) == 3000
    assert not [word for word in (*words.frequent, *words.near) if ours & set(pronunciations[word])]


def test_a_synthetic_voice_speaks_and_pauses() -> None:
    run = espeak.Speech(("one", "two"), "en-us+f2", 150, 50, None, 0.5).utterance()
    apart = espeak.Speech(("one", "two"), "en-us+f2", 150, 50, (1.0,), 0.5).utterance()
    assert 0.3 < len(run.samples) / RATE_HZ < 1.5
    assert len(apart.samples) > len(run.samples) + 0.8 * RATE_HZ


def test_what_is_kept_is_loaded_again(tmp_path: Path) -> None:
    kept = [Utterance(np.arange(n, dtype=np.int16), ("oh", "nine"), f"s{n}", "digits") for n in (3, 1, 4)]
    corpus.save(tmp_path / "part.npz", iter(kept))
    loaded = corpus.load(tmp_path / "part.npz")
    assert [(u.samples.tolist(), u.words, u.speaker, u.source) for u in loaded] == [
        (u.samples.tolist(), u.words, u.speaker, u.source) for u in kept
    ]
