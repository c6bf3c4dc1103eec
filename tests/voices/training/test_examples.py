"""Examples: what training hears, out of a few utterances."""

import numpy as np
import pytest

pytest.importorskip("voices.training.vocoder", exc_type=ImportError)
pytest.importorskip("espeakng_loader")
pytest.importorskip("pocketsphinx")

from voices.sound import RATE_HZ
from voices.training.augmentation import loud_part
from voices.training.examples import LENGTHS_SECONDS, Examples, units_of
from voices.training.units import GARBAGE, NOISE
from voices.training.utterance import Utterance


def _tone(seconds: float, level: float) -> np.ndarray:
    return (level * np.sin(2 * np.pi * 440 * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)).astype(np.float32)


def _utterance(words: tuple[str, ...], source: str, speaker: str = "anna") -> Utterance:
    return Utterance((_tone(0.3, 0.5) * 32767).astype(np.int16), words, speaker, source)


@pytest.fixture(scope="module")
def corpus() -> list[Utterance]:
    return [
        _utterance(("five",), "digits"),
        _utterance(("nine",), "an4-words"),
        _utterance(("r",), "an4-words"),
        _utterance(("two", "r"), "an4"),
        _utterance(("yes",), "espeak"),
    ]


@pytest.mark.parametrize(("decibels", "kept_seconds"), [(30, 0.4), (10, 0.2)])
def test_what_is_much_quieter_than_the_loudest_is_lost_at_both_ends(decibels: float, kept_seconds: float) -> None:
    hiss, vowel = _tone(0.1, 0.05), _tone(0.2, 0.5)
    kept = loud_part(np.concatenate((hiss, vowel, hiss)), decibels)
    assert len(kept) / RATE_HZ == pytest.approx(kept_seconds, abs=0.011)


def test_silence_has_no_loud_part_to_cut_to() -> None:
    assert len(loud_part(np.zeros(800, np.float32), 20)) == 800


def test_a_batch_is_of_one_length_and_says_what_the_corpus_says(corpus: list[Utterance]) -> None:
    examples = Examples(corpus, np.random.default_rng(1))
    batches = [examples.batch(16, seconds) for seconds in LENGTHS_SECONDS * 2]
    for seconds, batch in zip(LENGTHS_SECONDS * 2, batches, strict=True):
        assert {len(example.samples) for example in batch} == {int(seconds * RATE_HZ)}
        assert max(float(np.abs(example.samples).max()) for example in batch) <= 1.0
    said = {word for batch in batches for example in batch for word in example.words}
    assert said == {"five", "nine", "r", "two", "yes", NOISE.name}


def test_the_same_seed_draws_the_same_examples(corpus: list[Utterance]) -> None:
    once, again = (Examples(corpus, np.random.default_rng(2)).batch(4, 1.7) for _ in range(2))
    for one, other in zip(once, again, strict=True):
        assert one.words == other.words
        assert np.array_equal(one.samples, other.samples)


def test_other_words_are_garbage_and_homophones_are_ours() -> None:
    assert [*map(units_of, ("five", "ate", "window", NOISE.name))] == [
        ("five",), ("eight",), (GARBAGE.name, GARBAGE.name), (NOISE.name,),
    ]  # fmt: skip
