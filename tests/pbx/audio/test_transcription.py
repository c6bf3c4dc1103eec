"""When an utterance ends, and what its parts add up to; with a recogniser that answers as it is told."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.audio.frame import FRAME_SECONDS
from pbx.audio.transcription import LONGEST_UTTERANCE_SECONDS, Guess, Transcription, utterance_of
from pbx.leg import Utterance
from voices.listening import MOST_ALTERNATIVES, Alternative, Result, Word

PCM = b"\x01\x00" * 160


class Hearing:
    """Answers by the second at which it is asked."""

    def __init__(self, results: dict[float, Result]) -> None:
        self._results = {round(seconds / FRAME_SECONDS): result for seconds, result in results.items()}
        self._fed = 0

    def feed(self, pcm: bytes) -> Result | None:
        self._fed += 1
        return self._results.get(self._fed)

    def finish(self) -> Result:
        return final("cut off", at=self._fed * FRAME_SECONDS)


def partial(text: str) -> Result:
    return Result(False, (Alternative(text),))


def final(*texts: str, at: float) -> Result:
    """What ended at that second, each alternative one natural logarithm less likely than the one before."""
    words = (Word(texts[0], at - 0.1, at, 1.0),)
    return Result(True, tuple(Alternative(text, -float(rank), words) for rank, text in enumerate(texts)))


def heard(
    results: dict[float, Result], speech_timeout_seconds: float | None, seconds: float = 10, digits: int | None = None
) -> list[tuple[float, object]]:
    transcription = Transcription(Hearing(results), speech_timeout_seconds, digits=digits)
    told = [(round((tick + 1) * FRAME_SECONDS, 2), transcription.feed(PCM)) for tick in range(round(seconds / FRAME_SECONDS))]
    return [(at, each) for at, each in told if each is not None]


def utterances(
    results: dict[float, Result], speech_timeout_seconds: float | None, digits: int | None = None
) -> list[tuple[float, str]]:
    told = heard(results, speech_timeout_seconds, digits=digits)
    return [(at, each.text) for at, each in told if isinstance(each, Utterance)]


def test_without_a_timeout_the_recogniser_itself_ends_the_utterance():
    assert utterances({0.5: partial("one"), 1.6: final("one", at=1.0)}, None) == [(1.6, "one")]


def test_all_digits_that_were_asked_for_end_the_utterance_before_the_timeout():
    two_parts = {1.6: final("one two", at=1.0), 2.6: final("three [unk]", at=2.0)}
    assert utterances(two_parts, 2, digits=3) == [(2.6, "one two three [unk]")]


@pytest.mark.parametrize("digits", [2, 4])
def test_fewer_or_more_digits_than_were_asked_for_wait_for_the_timeout(digits):
    assert utterances({1.6: final("one two three", at=1.0)}, 2, digits=digits) == [(3.0, "one two three")]


def test_a_timeout_is_counted_from_the_end_of_the_last_word():
    assert utterances({0.5: partial("one"), 1.6: final("one", at=1.0)}, 2) == [(3.0, "one")]


def test_who_goes_on_within_the_timeout_is_heard_to_the_end():
    results = {
        0.5: partial("one"), 1.6: final("one", at=1.0), 2.9: partial("two"), 4.2: final("two", at=3.5),
    }  # fmt: skip
    assert utterances(results, 2) == [(5.5, "one two")]


def test_who_goes_on_after_it_begins_another_utterance():
    results = {1.6: final("one", at=1.0), 4.2: final("two", at=3.5)}
    assert utterances(results, 1) == [(2.0, "one"), (4.5, "two")]


def test_guesses_are_all_that_has_been_said_so_far():
    results = {0.5: partial("one"), 1.6: final("one", at=1.0), 1.8: partial("two"), 2.9: final("two", at=2.5)}
    guesses = [(at, each.text) for at, each in heard(results, 2) if isinstance(each, Guess)]
    assert guesses == [(0.5, "one"), (1.6, "one"), (1.8, "one two"), (2.9, "one two")]


def test_a_guess_that_came_to_nothing_is_taken_back():
    assert heard({0.5: partial("one"), 1.6: Result(True, ())}, 2) == [(0.5, Guess("one")), (1.6, Guess(""))]


def test_unknown_words_alone_are_a_noise_and_among_others_they_stay():
    assert heard({0.5: partial("[unk]"), 1.6: final("[unk]", at=1.0)}, None) == []
    assert utterances({1.6: final("one [unk] two", at=1.0)}, None) == [(1.6, "one [unk] two")]


def test_noise_behind_what_was_said_does_not_hold_it_up():
    results = {1.6: final("one", at=1.0), 1.8: partial("[unk]"), 2.2: final("[unk]", at=2.0)}
    assert utterances(results, 2) == [(3.0, "one")]


def test_a_minute_is_the_longest_utterance():
    told = heard({0.5: partial("one")}, 5, seconds=70)
    assert [at for at, each in told if isinstance(each, Utterance)] == [0.5 + LONGEST_UTTERANCE_SECONDS]
    assert told[-1][1].text == "cut off"


def test_parts_are_combined_best_first():
    utterance = utterance_of([final("one", "nine", at=1).alternatives, final("two", "oh", at=2).alternatives])
    assert utterance.alternatives == (("one two", 0.0), ("one oh", -1.0), ("nine two", -1.0), ("nine oh", -2.0))
    assert utterance.confidence == pytest.approx(1 / (1 + 2 * exp(-1) + exp(-2)))


PARTS = st.lists(
    st.lists(st.floats(-500, 0), min_size=1, max_size=40).map(
        lambda scores: [Alternative(f"w{rank}", score - max(scores)) for rank, score in enumerate(sorted(scores, reverse=True))]
    ),
    min_size=1,
    max_size=4,
)


@given(PARTS)
def test_the_best_way_is_the_best_of_each_part_and_confidence_is_a_probability(parts):
    utterance = utterance_of(parts)
    assert utterance.text == " ".join(part[0].text for part in parts)
    assert utterance.alternatives[0] == (utterance.text, 0.0)
    assert len(utterance.alternatives) <= MOST_ALTERNATIVES
    scores = [score for _, score in utterance.alternatives]
    assert scores == sorted(scores, reverse=True)
    assert 0 < utterance.confidence <= 1


@given(PARTS.filter(lambda parts: len(parts) == 1))
def test_a_sure_recogniser_has_full_confidence(parts):
    assert utterance_of([parts[0][:1]]).confidence == 1
