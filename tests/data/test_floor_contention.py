"""The floor at its busiest moments: the real switchboard, real threads, on both engines."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from callcenter.floor import switchboard
from callcenter.floor.acting import Acting
from callcenter.floor.audit import verify
from callcenter.floor.people import Agent, Availability, Presence, Role
from callcenter.floor.queue import EntryKind, EntryStatus, Handling, QueueEntry
from callcenter.floor.refusals import Refusal
from data.store import Store, Transaction

AtOnce = Callable[..., list[Handling | Refusal | None]]
AUDIT_KEY = b"k" * 32
AGENTS, CALLERS = 24, 8


@pytest.fixture
def team(store: Store, now: datetime) -> list[Agent]:
    """Agents who are all free."""
    team = [Agent(f"agent-{number}", f"Agent {number}", Role.AGENT, "hash", False, now) for number in range(AGENTS)]

    def come(tx: Transaction) -> None:
        for agent in team:
            tx.people.add(agent)
            tx.presences.set(Presence(agent.name, Availability.AVAILABLE, "", now, now))

    store.transaction(come)
    return team


@pytest.fixture
def callers(store: Store, now: datetime) -> list[str]:
    """Callers who all wait."""
    callers = [f"CA{number}" for number in range(CALLERS)]

    def enter(tx: Transaction) -> None:
        for number, sid in enumerate(callers):
            tx.queue.save(QueueEntry(sid, str(100001 + number), EntryKind.CALL, "en", now, now))

    store.transaction(enter)
    return callers


def answer(store: Store, agent: Agent, sid: str, now: datetime) -> Handling | Refusal:
    acting = Acting(agent, AUDIT_KEY, now)
    return store.transaction(lambda tx: switchboard.answer(tx, acting, sid, lambda: uuid4().hex))


def test_every_caller_gets_one_agent_when_three_press_answer_for_each(
    store: Store, at_once: AtOnce, team: list[Agent], callers: list[str], now: datetime
) -> None:
    results = at_once(AGENTS, lambda number: answer(store, team[number], callers[number % CALLERS], now))
    handlings = [result for result in results if isinstance(result, Handling)]
    assert sorted(handling.call_sid for handling in handlings) == callers
    assert sum(isinstance(result, Refusal) for result in results) == AGENTS - CALLERS
    floor = store.read(lambda tx: tx.live.snapshot(now))
    assert floor.waiting == ()
    assert {handling.agent for handling in floor.handlings} == {handling.agent for handling in handlings}
    busy = {presence.agent for presence in floor.presences if presence.availability is Availability.ON_CALL}
    assert busy == {handling.agent for handling in handlings}
    chain = store.read(lambda tx: tx.audit.after(0, 1000))
    assert len(chain) >= CALLERS
    assert verify(chain, AUDIT_KEY, [], lambda _reference: None) == ()


def test_an_agent_who_answers_everybody_at_once_gets_one_call(
    store: Store, at_once: AtOnce, team: list[Agent], callers: list[str], now: datetime
) -> None:
    results = at_once(CALLERS, lambda number: answer(store, team[0], callers[number], now))
    assert sum(isinstance(result, Handling) for result in results) == 1
    floor = store.read(lambda tx: tx.live.snapshot(now))
    assert (len(floor.handlings), len(floor.waiting)) == (1, CALLERS - 1)


def test_a_caller_who_hangs_up_while_agents_press_answer_waits_no_more_and_holds_nobody(
    store: Store, at_once: AtOnce, team: list[Agent], callers: list[str], now: datetime
) -> None:
    def act(number: int) -> Handling | Refusal | None:
        sid = callers[number % CALLERS]
        if number < CALLERS:
            return store.transaction(lambda tx: switchboard.caller_gone(tx, sid, now))
        return answer(store, team[number], sid, now)

    at_once(AGENTS, act)
    entries = [store.transaction(lambda tx, sid=sid: tx.queue.find(sid)) for sid in callers]
    parts = [store.read(lambda tx, sid=sid: tx.handlings.of_call(sid)) for sid in callers]
    for entry, handlings in zip(entries, parts, strict=True):
        assert entry is not None
        expected = EntryStatus.CLOSED if handlings else EntryStatus.ABANDONED
        assert (entry.status, [each.parted_at for each in handlings]) == (expected, [now] * len(handlings))
        assert len(handlings) <= 1


def test_signs_of_life_beside_answers_undo_nothing(
    store: Store, at_once: AtOnce, team: list[Agent], callers: list[str], now: datetime
) -> None:
    later = now + timedelta(seconds=5)

    def act(number: int) -> Handling | Refusal | None:
        if number < CALLERS:
            return answer(store, team[number], callers[number], now)
        return store.transaction(lambda tx: tx.presences.seen(team[number % CALLERS].name, later))

    at_once(AGENTS, act)
    presences = store.read(lambda tx: tx.presences.all())
    assert sum(presence.availability is Availability.ON_CALL for presence in presences) == CALLERS
