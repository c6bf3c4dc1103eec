"""Dates and lengths of time, as Polly says them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.audio.dates import FORMATS, said_as_date, said_as_time


@pytest.mark.parametrize(
    ("text", "form", "said"),
    [
        ("10/11/2026", "mdy", "October 11th, 2026"),
        ("10/11/2026", "dmy", "November 10th, 2026"),
        ("2026-11-22", "ymd", "November 22nd, 2026"),
        ("20261123", "yyyymmdd", "November 23rd, 2026"),
        ("3.1", "dm", "January 3rd"),
        ("12/2026", "my", "December, 2026"),
        ("1", "d", "1st"),
        ("13", "d", "13th"),
        ("2026", "y", "2026"),
    ],
)
def test_the_numbers_of_a_date_are_taken_in_the_order_of_its_format(text, form, said):
    assert said_as_date(text, form, "en-US") == said


@pytest.mark.parametrize(
    ("text", "form", "language"),
    [("10/11/2026", "mdy", "de-DE"), ("13/13", "md", "en"), ("10/11", "mdy", "en"), ("soon", "mdy", "en"), ("1/2", "", "en")],
)
def test_what_is_no_such_date_is_read_as_it_stands(text, form, language):
    assert said_as_date(text, form, language) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [("1'21\"", "1 minute 21 seconds"), ("2'", "2 minutes"), ('1"', "1 second"), ("14:30", "14:30"), ("", "")],
)
def test_a_length_of_time_is_said_in_minutes_and_seconds(text, said):
    assert said_as_time(text, "en-US") == said


@given(st.text(max_size=20), st.sampled_from([*FORMATS, "yyyymmdd", "x"]))
def test_no_text_is_too_odd(text, form):
    assert isinstance(said_as_date(text, form, "en") + said_as_time(text, "en"), str)
