"""Simulated callers as the database keeps them: wanted, claimed by one player only, renewed, stopped, over."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from callcenter.floor.training_records import Run, RunStatus, Traffic
from data.store import Store
from ivr.records import NewCall, NewCase

LEASE_SECONDS = 15


def wanted(id: str, now: datetime, **facts: Any) -> Run:
    return Run(id, 9, "celeste", now, **facts)


def add(store: Store, *runs: Run) -> None:
    for run in runs:
        store.transaction(lambda tx, run=run: tx.training.add(run))


def claim(store: Store, now: datetime) -> Run | None:
    return store.transaction(lambda tx: tx.training.claim(now, LEASE_SECONDS))


def find(store: Store, id: str) -> Run:
    run = store.read(lambda tx: tx.training.find(id))
    assert run
    return run


def test_the_oldest_wish_is_claimed_first_and_once(store: Store, now: datetime) -> None:
    add(store, wanted("later", now + timedelta(seconds=1)), wanted("first", now, is_crowd=True))
    first, second = claim(store, now), claim(store, now)
    assert first
    assert second
    assert (first.id, first.is_crowd, second.id) == ("first", True, "later")
    assert claim(store, now) is None
    assert find(store, "first").status is RunStatus.UNDER_WAY


def test_of_players_that_claim_at_once_each_wish_has_one(
    store: Store, now: datetime, at_once: Callable[..., list[Any]]
) -> None:
    add(store, *(wanted(f"run{number}", now) for number in range(6)))
    claimed = at_once(12, lambda _: claim(store, now))
    got = [run.id for run in claimed if run]
    assert sorted(got) == sorted({*got})
    assert len(got) + sum(1 for _ in iter(lambda: claim(store, now), None)) == 6


def test_a_player_that_dies_loses_its_caller_and_one_that_lives_does_not(store: Store, now: datetime) -> None:
    add(store, wanted("run", now))
    claim(store, now)
    late = now + timedelta(seconds=LEASE_SECONDS + 1)
    assert store.transaction(lambda tx: tx.training.renew("run", late + timedelta(seconds=LEASE_SECONDS)))
    assert claim(store, late) is None
    again = claim(store, late + timedelta(seconds=LEASE_SECONDS + 1))
    assert again
    assert again.id == "run"


def test_what_a_caller_is_doing_is_noted_and_what_is_known_stays(store: Store, now: datetime) -> None:
    add(store, wanted("run", now))
    claim(store, now)
    store.transaction(lambda tx: tx.training.note("run", doing="calls", call_sid="CA1", serial=4010, agreement="91234567"))
    store.transaction(lambda tx: tx.training.note("run", doing="waits", call_sid=None, serial=None, agreement=None))
    run = find(store, "run")
    assert (run.doing, run.call_sid, run.serial, run.agreement) == ("waits", "CA1", 4010, "91234567")
    assert store.read(lambda tx: tx.training.of_call("CA1")) == run
    assert store.read(lambda tx: tx.training.of_call("CA2")) is None


def test_who_is_to_stop_hears_of_it_at_the_next_renewal(store: Store, now: datetime) -> None:
    add(store, wanted("run", now))
    claim(store, now)
    store.transaction(lambda tx: tx.training.want_stop(["run"]))
    assert not store.transaction(lambda tx: tx.training.renew("run", now))
    assert find(store, "run").stop_wanted


def test_what_is_over_stays_as_it_ended(store: Store, now: datetime) -> None:
    add(store, wanted("run", now))
    claim(store, now)
    store.transaction(lambda tx: tx.training.end("run", RunStatus.ENDED, "is activated", now))
    store.transaction(lambda tx: tx.training.end("run", RunStatus.FAILED, "no", now))
    store.transaction(lambda tx: tx.training.note("run", doing="no", call_sid=None, serial=None, agreement=None))
    run = find(store, "run")
    assert (run.status, run.doing, run.ended_at) == (RunStatus.ENDED, "is activated", now)
    assert store.read(lambda tx: tx.training.open_runs()) == ()
    assert claim(store, now + timedelta(days=1)) is None


def test_the_newest_come_first(store: Store, now: datetime) -> None:
    add(store, *(wanted(f"run{number}", now + timedelta(seconds=number)) for number in range(3)))
    assert [run.id for run in store.read(lambda tx: tx.training.newest(2))] == ["run2", "run1"]


def test_there_is_one_traffic_at_most(store: Store, now: datetime) -> None:
    first = Traffic((3, 9), 60, "celeste", now, now)
    store.transaction(lambda tx: tx.training.set_traffic(first))
    second = replace(first, stories=(4,), sent=2)
    store.transaction(lambda tx: tx.training.set_traffic(second))
    assert store.read(lambda tx: tx.training.traffic()) == second
    store.transaction(lambda tx: tx.training.set_traffic(None))
    assert store.read(lambda tx: tx.training.traffic()) is None


@pytest.mark.parametrize("simulated", [True, False])
def test_reports_leave_simulated_calls_out(store: Store, now: datetime, simulated: bool) -> None:
    def work(tx: Any) -> None:
        tx.calls.open(NewCall("CA1", "hash", "43", "+18005550199", now))
        tx.cases.open(NewCase("CA1", "agent.mak_limit", "en", {}, None), now)
        if simulated:
            tx.training.mark_call("CA1", 9, now)

    store.transaction(work)
    facts = store.read(lambda tx: tx.measures.facts(now - timedelta(hours=1), now + timedelta(hours=1)))
    assert (len(facts.calls), len(facts.cases)) == ((0, 0) if simulated else (1, 1))
    assert store.read(lambda tx: tx.training.story_of_call("CA1")) == (9 if simulated else None)
