"""The ear of these tests: it knows a sentence in a phone that loses some of it, and no other sentence, and none before it is over."""

import numpy
import pytest
from ear import LONG_LIKENESS, RATE_HZ, Ear, best_passage, characters_in, part

from voices.sound import Sound, joined, silence

LEFT_OUT_SECONDS = 0.03


def said(number: int, seconds: float) -> Sound:
    """Something that is like nothing else."""
    noise = numpy.random.default_rng(number).normal(0, 3000, round(seconds * RATE_HZ))
    return Sound(noise.astype(numpy.int16))


SENTENCE = said(1, 4.0)


def by_a_busy_phone(sound: Sound) -> Sound:
    """Now and then it leaves out some, or says it twice."""
    begin, end = part(sound, 0.0, 1.3), part(sound, 2.9, 4.0)
    middle = part(sound, 1.3 + LEFT_OUT_SECONDS, 2.9)
    return joined((silence(0.5), begin, middle, part(sound, 2.87, 2.9), end, silence(0.5)))


def test_a_sentence_is_known_in_a_phone_that_leaves_out_some_of_it_and_repeats_some() -> None:
    at, likeness = best_passage(by_a_busy_phone(SENTENCE), SENTENCE)
    assert at == pytest.approx(0.5, abs=0.05)
    assert likeness > LONG_LIKENESS + 0.1


def test_another_sentence_is_not_taken_for_it() -> None:
    assert best_passage(by_a_busy_phone(said(2, 4.0)), SENTENCE)[1] < LONG_LIKENESS - 0.3


def test_a_sentence_is_not_heard_before_it_is_over() -> None:
    assert not Ear(lambda: joined((silence(1.0), part(SENTENCE, 0.0, 3.5)))).hears(SENTENCE, 0.0)
    assert Ear(lambda: joined((silence(1.0), SENTENCE))).hears(SENTENCE, 0.0)


def test_characters_are_understood_in_their_order() -> None:
    sounds = {character: said(10 + place, 0.4) for place, character in enumerate("A01234")}
    heard = joined(part for character in "A4402" for part in (silence(0.2), sounds[character]))
    assert characters_in(heard, sounds) == "A4402"
    assert characters_in(heard, {"3": sounds["3"], "1": sounds["1"]}) == ""
