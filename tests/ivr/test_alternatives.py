"""What a webhook's parameters say was heard: our exchange's alternatives, Twilio's single text, and anything else."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr import twiml
from ivr.alternatives import LEAST_SCORE
from ivr.heard import Alternative, Digits, Silence, Speech


def post(*alternatives: object, **parameters: str):
    return twiml.heard({"Alternatives": json.dumps(alternatives), **parameters})


def test_the_exchange_posts_alternatives_with_scores() -> None:
    heard = post({"text": "one two", "score": 0.0}, {"text": "one to", "score": -1.7}, SpeechResult="one two", Confidence="0.9")
    assert heard == Speech((Alternative("one two", 0.0), Alternative("one to", -1.7)))


def test_alternatives_come_best_first_at_zero_and_forty_at_most() -> None:
    heard = post(*({"text": f"text {score}", "score": -score} for score in range(60, 3, -1)), {"text": " ", "score": 0})
    assert isinstance(heard, Speech)
    assert heard.alternatives[0] == Alternative("text 4", 0.0)
    assert [each.score for each in heard.alternatives] == [-score for score in range(40)]


def test_scores_as_far_apart_as_numbers_can_be_are_still_numbers() -> None:
    heard = post({"text": "one", "score": 1e308}, {"text": "two", "score": -1e308})
    assert heard == Speech((Alternative("one", 0.0), Alternative("two", LEAST_SCORE)))


@pytest.mark.parametrize(
    "posted",
    [
        "",
        "[",
        "[]",
        "{}",
        "null",
        '"one"',
        "[1]",
        '[{"text": "one"}]',
        '[{"text": 1, "score": 0}]',
        '[{"text": "one", "score": "0"}]',
        '[{"text": "one", "score": 1e999}]',
        '[{"text": "one", "score": NaN}]',
        '[{"text": "one", "score": 0, "more": [[]]}]',
        '[{"text": "", "score": 0}]',
        "[" * 100_000,
        '[{"text": "' + "one " * 1000 + '", "score": 0}]',
        '[{"text": "one", "score": 0}]' + " " * 100_000,
        "\ud800",
    ],
    ids=lambda posted: f"{posted[:30]} ({len(posted)})",
)
def test_a_list_that_is_not_as_agreed_is_passed_over_for_the_single_text(posted: str) -> None:
    assert twiml.heard({"Alternatives": posted, "SpeechResult": "two"}) == Speech((Alternative("two"),))
    assert twiml.heard({"Alternatives": posted}) == Silence()


def test_twilios_text_is_the_only_alternative_with_its_confidence_as_score() -> None:
    (only,) = twiml.heard({"SpeechResult": "one two.", "Confidence": "0.5"}).alternatives  # type: ignore[union-attr]
    assert (only.text, only.score) == ("one two.", pytest.approx(math.log(0.5)))


@pytest.mark.parametrize("confidence", ["", "very", "nan", "inf", "-1", "1e5", ".", "1.2.3", "٠", "7", "0" * 400])
def test_a_confidence_that_says_nothing_is_as_good_as_none(confidence: str) -> None:
    assert twiml.heard({"SpeechResult": "one", "Confidence": confidence}) == Speech((Alternative("one", 0.0),))


def test_a_confidence_of_nothing_is_still_a_number() -> None:
    (only,) = twiml.heard({"SpeechResult": "one", "Confidence": "0.0"}).alternatives  # type: ignore[union-attr]
    assert math.isfinite(only.score)


def test_keys_win_over_words() -> None:
    assert post({"text": "one", "score": 0.0}, Digits="7", SpeechResult="one") == Digits("7")


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_no_parameters_are_too_odd(alternatives: str, text: str, confidence: str) -> None:
    heard = twiml.heard({"Alternatives": alternatives, "SpeechResult": text, "Confidence": confidence})
    assert isinstance(heard, Silence | Speech)
