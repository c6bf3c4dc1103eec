"""The order of the queue and the expected wait, as pure functions; and the callers' side of the queue."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.floor import callers
from callcenter.floor.people import Agent, Availability, Role
from callcenter.floor.queue import EntryKind, QueueEntry
from callcenter.floor.waiting import Staff, expected_wait_seconds, is_belied, may_answer, order_for, position
from ivr.records import Standing, Whereabouts


@pytest.fixture
def agent(now) -> Agent:
    return Agent("amira", "Amira Haddad", Role.AGENT, "", False, now)


@pytest.fixture
def entry(now) -> QueueEntry:
    return QueueEntry("CA1", "100001", EntryKind.CALL, "en", now, now)


def test_an_agent_answers_who_speaks_a_shared_language_and_is_kept_for_nobody_else(agent: Agent, entry: QueueEntry) -> None:
    assert may_answer(entry, agent)
    assert not may_answer(replace(entry, language="de"), agent)
    assert not may_answer(replace(entry, for_agent="bruno"), agent)
    assert may_answer(replace(entry, for_agent="amira", language="de"), agent), "a colleague has chosen amira knowingly"
    assert not may_answer(replace(entry, needs_senior=True), agent)


@pytest.mark.parametrize("role", [Role.SENIOR_AGENT, Role.SUPERVISOR])
def test_seniors_and_supervisors_answer_who_needs_a_senior(agent: Agent, entry: QueueEntry, role: Role) -> None:
    assert may_answer(replace(entry, needs_senior=True), replace(agent, role=role))


@pytest.mark.parametrize("change", [{"is_disabled": True}, {"role": Role.AUDITOR}, {"role": Role.ADMINISTRATOR}])
def test_who_does_not_serve_calls_answers_nobody(agent: Agent, entry: QueueEntry, change: dict) -> None:
    assert not may_answer(replace(entry, for_agent="amira"), replace(agent, **change))


def test_the_caller_kept_for_the_agent_comes_first_then_everybody_by_place(agent: Agent, entry: QueueEntry, now) -> None:
    first, second, mine, german = (
        replace(entry, call_sid=sid, place_at=now + timedelta(seconds=place), **rest)
        for sid, place, rest in (
            ("CA3", 0, {}),
            ("CA2", 5, {}),
            ("CA4", 9, {"for_agent": "amira"}),
            ("CA5", 1, {"language": "de"}),
        )
    )
    assert order_for(agent, [second, german, mine, first]) == (mine, first, second)
    assert [position([second, german, mine, first], one) for one in (first, second, mine, german)] == [1, 2, 3, 1]


@pytest.mark.parametrize(
    ("place", "people", "recent", "free", "seconds"),
    [
        (1, 0, [240.0], 0, None),  # nobody is there
        (3, 2, [], 0, None),  # nothing is known of how long calls take
        (1, 2, [], 1, 0),  # somebody is free
        (1, 1, [240.0], 0, 240),
        (3, 2, [200.0, 280.0], 0, 360),  # three calls of 240 seconds, two at a time
        (3, 2, [200.0, 280.0], 1, 240),  # one of them goes to whoever is free
    ],
)
def test_the_expected_wait(place: int, people: int, recent: list[float], free: int, seconds: int | None) -> None:
    assert expected_wait_seconds(place, people, recent, free=free) == seconds


@given(st.integers(1, 50), st.integers(1, 20), st.lists(st.floats(1, 3600), min_size=1))
def test_more_people_make_nobody_wait_longer_and_a_place_further_back_nobody_shorter(place, people, recent) -> None:
    wait = expected_wait_seconds(place, people, recent)
    assert expected_wait_seconds(place, people + 1, recent) <= wait <= expected_wait_seconds(place + 1, people, recent)


def test_people_of_the_language_count_who_are_free_or_busy_but_not_on_a_break(desks) -> None:
    desks.with_agent("amira")
    desks.be("bruno")
    desks.be("sofia")
    desks.be("sofia", Availability.BREAK, "meal")
    assert desks.do(lambda tx: callers.staff(tx, "en")) == Staff(free=1, busy=1)
    assert desks.do(lambda tx: callers.staff(tx, "de")) == Staff(free=1, busy=0)
    desks.hire("bruno", is_disabled=True)
    assert desks.do(lambda tx: desks.line.people(tx, "de", desks.now)) == 0


def test_a_caller_hears_the_place_and_the_expected_wait(desks) -> None:
    desks.with_agent("bruno")
    _, second = desks.arrive(), desks.arrive()
    assert desks.do(lambda tx: desks.line.standing(tx, second, "QU1", desks.now)) == Standing(2, None)
    assert desks.entry(second).queue_sid == "QU1"
    assert desks.do(lambda tx: desks.line.standing(tx, "CA unheard of", "QU1", desks.now)) is None


def test_who_has_waited_for_over_a_minute_is_not_told_less_than_a_minute_again_and_again(desks) -> None:
    sid = desks.arrive()
    desks.be("amira")
    told = []
    for seconds in (60, 1):
        desks.later(seconds)
        told.append(desks.do(lambda tx: desks.line.standing(tx, sid, "QU1", desks.now)))
    assert told == [Standing(1, 0), Standing(1, None)]


@pytest.mark.parametrize(
    ("expected", "waited", "is_so"), [(59, 61, True), (59, 60, False), (60, 900, False), (None, 900, False)]
)
def test_only_a_short_wait_is_belied_by_a_longer_one(expected: int | None, waited: float, is_so: bool) -> None:
    assert is_belied(expected, waited) is is_so


def test_who_comes_back_from_the_menu_at_once_has_the_old_place(desks) -> None:
    first, second = desks.arrive(wait_seconds=10), desks.arrive()
    desks.do(lambda tx: desks.line.leave(tx, first, desks.now, hung_up=False))
    assert desks.where(first) is Whereabouts.LINE
    desks.later(119)
    desks.do(lambda tx: desks.line.enter(tx, first, "100001", "en", desks.now))
    assert [one.call_sid for one in desks.store.read(lambda tx: tx.queue.waiting())] == [first, second]


def test_who_comes_back_later_waits_behind_the_others(desks) -> None:
    first, second = desks.arrive(wait_seconds=10), desks.arrive()
    desks.do(lambda tx: desks.line.leave(tx, first, desks.now, hung_up=False))
    desks.later(121)
    desks.do(lambda tx: desks.line.enter(tx, first, "100001", "en", desks.now))
    assert [one.call_sid for one in desks.store.read(lambda tx: tx.queue.waiting())] == [second, first]


def test_leaving_the_queue_at_the_moment_of_the_answer_is_too_late(desks) -> None:
    sid = desks.with_agent("amira")
    desks.do(lambda tx: desks.line.leave(tx, sid, desks.now, hung_up=False))
    desks.do(lambda tx: desks.line.enter(tx, sid, "100001", "en", desks.now))
    assert desks.where(sid) is Whereabouts.AGENT
    assert desks.entry(sid).answered_by == "amira"
