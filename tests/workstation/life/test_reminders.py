"""The calendar of reminders: how many, when, and never outside the countdown."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from workstation.life.reminders import INTERVAL_HOURS, Occasion, Spell, reminders

DAY = timedelta(days=1)
MOMENTS = st.datetimes(datetime(2003, 1, 1), datetime(2030, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))
GRACE_DAYS = st.sampled_from([14, 30, 60])


def whole(begin: datetime, days: int) -> Spell:
    return Spell(begin, begin + days * DAY, begin + days * DAY)


@given(begin=MOMENTS, days=GRACE_DAYS)
def test_the_newer_generations_remind_once_a_day_then_six_times_then_twenty_four_times(begin: datetime, days: int) -> None:
    found = reminders("7", whole(begin, days), ())
    per_day = Counter((one.at - begin) // DAY for one in found)
    assert [per_day[day] for day in range(days)] == [1] * (days - 3) + [6, 6, 24]


@given(begin=MOMENTS, days=GRACE_DAYS)
def test_the_last_days_reminders_are_on_the_hour_and_those_before_four_hours_apart(begin: datetime, days: int) -> None:
    found = reminders("2008-r2", whole(begin, days), ())
    hourly = [one.at for one in found if one.occasion is Occasion.HOURLY]
    assert all((at.minute, at.second, at.microsecond) == (0, 0, 0) for at in hourly)
    four = [one.at for one in found if one.occasion is Occasion.FOUR_HOURLY]
    assert {later - earlier for earlier, later in pairwise(four)} == {timedelta(hours=4)}
    assert four[0] == begin + (days - 3) * DAY


@given(begin=MOMENTS, hours=st.lists(st.floats(0, 27 * 24 - 1, allow_nan=False), max_size=8))
def test_a_days_reminder_comes_with_its_first_logon(begin: datetime, hours: list[float]) -> None:
    logons = [begin + timedelta(hours=hour) for hour in hours]
    daily = [one.at for one in reminders("7", whole(begin, 30), logons) if one.occasion is Occasion.DAILY]
    first = {(at - begin) // DAY: at for at in sorted(logons, reverse=True)}
    assert daily == [first.get(day, begin + day * DAY) for day in range(27)]


@given(begin=MOMENTS, hours=st.lists(st.integers(0, 40 * 24), max_size=8, unique=True))
def test_the_2003_generation_reminds_at_every_logon_and_at_regular_intervals(begin: datetime, hours: list[int]) -> None:
    logons = [begin + timedelta(hours=hour) for hour in hours]
    found = reminders("2003", whole(begin, 30), logons)
    at_logon = [one.at for one in found if one.occasion is Occasion.LOGON]
    assert at_logon == sorted(at for at in logons if at < begin + 30 * DAY)
    interval = [one.at for one in found if one.occasion is Occasion.INTERVAL]
    step = timedelta(hours=INTERVAL_HOURS)
    assert interval == [begin + number * step for number in range(1, 30 * 24 // INTERVAL_HOURS)]


@given(begin=MOMENTS, days=GRACE_DAYS, stop=st.integers(0, 70 * 24), generation=st.sampled_from(["2003", "vista", "7"]))
def test_no_reminder_falls_outside_its_spell(begin: datetime, days: int, stop: int, generation: str) -> None:
    spell = Spell(begin, begin + timedelta(hours=stop), begin + days * DAY)
    found = reminders(generation, spell, [begin - DAY, begin, begin + 65 * DAY])
    assert all(begin <= one.at < min(spell.stop, spell.end) for one in found)
    assert list(found) == sorted(found, key=lambda one: one.at)
    assert all(1 <= one.days_left <= days for one in found)


@given(begin=MOMENTS)
def test_the_three_days_of_a_computer_out_of_tolerance_are_the_last_three_days_of_any(begin: datetime) -> None:
    per_day = Counter((one.at - begin) // DAY for one in reminders("7", whole(begin, 3), ()))
    assert [per_day[day] for day in range(3)] == [6, 6, 24]
