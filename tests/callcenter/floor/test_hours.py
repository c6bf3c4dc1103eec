"""Opening hours: the edges of the day, midnight, and the clock change."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from callcenter.floor.hours import ENGLISH, OpeningHours

BERLIN = ZoneInfo("Europe/Berlin")
WORKDAYS = frozenset(range(5))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-01-05 06:59:59", False),  # Monday, 7:59:59 in Berlin
        ("2026-01-05 07:00", True),
        ("2026-01-05 16:59:59", True),
        ("2026-01-05 17:00", False),
        ("2026-01-04 12:00", False),  # Sunday
        ("2026-07-06 06:00", True),  # summer time: 8:00 is 6:00 UTC
        ("2026-07-06 16:00", False),
    ],
)
def test_a_working_day_in_local_time(moment: str, is_open: bool) -> None:
    assert OpeningHours(BERLIN, WORKDAYS, time(8), time(18)).is_open(at(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-01-09 23:30", True),  # Friday night
        ("2026-01-10 03:00", True),  # still Friday's shift
        ("2026-01-10 06:00", False),
        ("2026-01-10 23:30", False),  # Saturday
        ("2026-01-12 03:00", False),  # Monday before it opens: Sunday had no shift
    ],
)
def test_hours_past_midnight_belong_to_the_day_they_began_on(moment: str, is_open: bool) -> None:
    assert OpeningHours(ZoneInfo("UTC"), WORKDAYS, time(22), time(6)).is_open(at(moment)) is is_open


def test_opening_when_one_closes_is_around_the_clock() -> None:
    always = OpeningHours(ZoneInfo("UTC"), frozenset(range(7)), time(0), time(0))
    assert all(always.is_open(datetime(2026, 1, day, hour, 59, tzinfo=UTC)) for day in range(1, 8) for hour in range(24))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (WORKDAYS, "Monday to Friday, from 8:00 to 18:30"),
        (frozenset({5, 6}), "Saturday, Sunday, from 8:00 to 18:30"),
        (frozenset({0, 2}), "Monday, Wednesday, from 8:00 to 18:30"),
    ],
)
def test_the_hours_are_spoken(days: frozenset[int], words: str) -> None:
    assert OpeningHours(BERLIN, days, time(8), time(18, 30)).sentence() == words


def test_midnight_and_one_are_said_as_a_language_says_them() -> None:
    words = {**ENGLISH, "one": "la 1", "full": "las {hour}", "minutes": "{clock} y {minutes}", "midnight": "la medianoche"}
    late = OpeningHours(BERLIN, frozenset({5}), time(1, 30), time(0))
    assert late.sentence(words) == "Saturday, from la 1 y 30 to la medianoche"
    assert OpeningHours(BERLIN, WORKDAYS, time(1), time(0)).sentence() == "Monday to Friday, from 1:00 to midnight"
