"""The sentences of `floor.records.Presences`, on both engines."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from callcenter.floor.people import Agent, Availability, Presence
from data.store import Store

SECOND = timedelta(seconds=1)


@pytest.fixture
def presence(store: Store, agents: dict[str, Agent], now: datetime) -> Presence:
    """Amira, on a break."""
    presence = Presence("amira", Availability.BREAK, "lunch", now, now + SECOND)
    store.transaction(lambda tx: tx.presences.set(presence))
    return presence


def found(store: Store, agent: str) -> Presence:
    presence = store.transaction(lambda tx: tx.presences.find(agent))
    assert presence is not None
    return presence


def test_a_presence_is_found_as_it_was_set(store: Store, presence: Presence) -> None:
    assert found(store, "amira") == presence
    assert found(store, "amira").seen_at == presence.seen_at, "equal presences may be seen at other times"


def test_who_was_never_there_has_none(store: Store, presence: Presence) -> None:
    assert store.transaction(lambda tx: tx.presences.find("bruno")) is None


def test_setting_again_replaces_it(store: Store, presence: Presence, now: datetime) -> None:
    back = Presence("amira", Availability.AVAILABLE, "", now + 9 * SECOND, now + 10 * SECOND)
    store.transaction(lambda tx: tx.presences.set(back))
    assert (found(store, "amira"), found(store, "amira").seen_at) == (back, back.seen_at)


def test_a_sign_of_life_changes_nothing_else_and_nobody_else(store: Store, presence: Presence, now: datetime) -> None:
    other = replace(presence, agent="bruno")
    store.transaction(lambda tx: tx.presences.set(other))
    later = now + 10 * SECOND
    store.transaction(lambda tx: tx.presences.seen("amira", later))
    assert [(each, each.seen_at) for each in store.read(lambda tx: tx.presences.all())] == [
        (presence, later),
        (other, presence.seen_at),
    ]


def test_a_sign_of_life_from_who_never_signed_in_makes_no_presence(
    store: Store, agents: dict[str, Agent], now: datetime
) -> None:
    store.transaction(lambda tx: tx.presences.seen("celeste", now))
    assert store.read(lambda tx: tx.presences.all()) == ()


def test_presences_come_by_name(store: Store, presence: Presence) -> None:
    for agent in ("celeste", "bruno"):
        store.transaction(lambda tx, agent=agent: tx.presences.set(replace(presence, agent=agent)))
    assert [each.agent for each in store.read(lambda tx: tx.presences.all())] == ["amira", "bruno", "celeste"]
