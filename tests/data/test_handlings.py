"""The sentences of `floor.records.Handlings`, on both engines."""

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest

from callcenter.floor.people import Agent
from callcenter.floor.queue import Handling, Parting
from data.store import Store

MINUTE = timedelta(minutes=1)


@pytest.fixture
def handling(store: Store, agents: dict[str, Agent], now: datetime) -> Handling:
    """Amira, talking to a caller."""
    handling = Handling("H1", "CA1", "100001", "amira", now)
    store.transaction(lambda tx: tx.handlings.add(handling))
    return handling


def of_call(store: Store, call_sid: str = "CA1") -> tuple[Handling, ...]:
    return store.read(lambda tx: tx.handlings.of_call(call_sid))


def save(store: Store, handling: Handling) -> None:
    store.transaction(lambda tx: tx.handlings.save(handling))


def test_a_handling_is_found_as_it_was_added(store: Store, handling: Handling) -> None:
    assert of_call(store) == (handling,)
    assert store.transaction(lambda tx: tx.handlings.open_of_agent("amira")) == handling


def test_saving_replaces_everything(store: Store, handling: Handling, now: datetime) -> None:
    over = Handling(
        id="H1",
        call_sid="CA9",
        case_number="100002",
        agent="bruno",
        answered_at=now + MINUTE,
        held_seconds=12.345678,
        held_since=now + 2 * MINUTE,
        parted_at=now + 3 * MINUTE,
        parting=Parting.TRANSFERRED,
        wrapped_at=now + 4 * MINUTE,
        outcome="limit raised",
        note="Will call again.",
        follow_up="Send the form.",
    )
    save(store, over)
    assert (of_call(store, "CA9"), of_call(store)) == ((over,), ())


def test_a_handling_is_open_until_it_is_wrapped_up(store: Store, handling: Handling, now: datetime) -> None:
    parted = replace(handling, parted_at=now + MINUTE, parting=Parting.CALLER_HUNG_UP)
    save(store, parted)
    assert store.transaction(lambda tx: tx.handlings.open_of_agent("amira")) == parted
    assert store.transaction(lambda tx: tx.handlings.open_of_agent("bruno")) is None
    save(store, replace(parted, wrapped_at=now + 2 * MINUTE))
    assert store.transaction(lambda tx: tx.handlings.open_of_agent("amira")) is None


def test_those_who_talk_are_those_who_have_not_parted(store: Store, handling: Handling, now: datetime) -> None:
    other = Handling("H2", "CA1", "100001", "bruno", now + MINUTE)
    store.transaction(lambda tx: tx.handlings.add(other))
    assert store.read(lambda tx: tx.handlings.talking()) == (handling, other)
    save(store, replace(handling, parted_at=now + MINUTE))
    assert store.read(lambda tx: tx.handlings.talking()) == (other,)
    assert len(store.read(lambda tx: tx.handlings.unwrapped())) == 2, "who has parted is still in wrap-up"


def test_nobody_has_two_calls_at_once(store: Store, handling: Handling, now: datetime) -> None:
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        store.transaction(lambda tx: tx.handlings.add(replace(handling, id="H2", call_sid="CA2")))
    save(store, replace(handling, parted_at=now, wrapped_at=now))
    store.transaction(lambda tx: tx.handlings.add(replace(handling, id="H2", call_sid="CA2")))
    assert [each.id for each in of_call(store, "CA2")] == ["H2"]


def test_the_handlings_of_a_call_come_by_time(store: Store, agents: dict[str, Agent], now: datetime) -> None:
    for minutes, agent in ((2, "celeste"), (0, "bruno"), (1, "amira")):
        each = Handling(f"H{minutes}", "CA1", "100001", agent, now + minutes * MINUTE)
        store.transaction(lambda tx, each=each: tx.handlings.add(each))
    assert [each.agent for each in of_call(store)] == ["bruno", "amira", "celeste"]


def test_recent_times_run_from_the_answer_to_the_end_of_wrap_up_newest_first(
    store: Store, handling: Handling, now: datetime
) -> None:
    for minutes in (3, 1, 2):
        over = Handling(f"M{minutes}", "CA1", "100001", "bruno", now, wrapped_at=now + minutes * MINUTE)
        store.transaction(lambda tx, over=over: tx.handlings.add(over))
    assert store.read(lambda tx: tx.handlings.recent_seconds(2)) == (180.0, 120.0)


def test_a_foreign_key_in_a_note_is_not_kept(store: Store, handling: Handling) -> None:
    foreign = "-".join(["B4DK3"] * 5)
    save(store, replace(handling, note=f"it is {foreign} ok", follow_up=foreign))
    (kept,) = of_call(store)
    assert (kept.note, kept.follow_up) == ("it is [product key removed] ok", "[product key removed]")
