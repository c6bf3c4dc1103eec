"""Activations for people to look at: newest first, by key or channel, one installation with all it was given; both engines."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from activation.catalogue import Catalogue, Channel
from activation.claims import Claim, Door
from activation.desk import Desk
from activation.rules import KeyRecord
from activation.secrets import Secrets
from callcenter.floor.activations import pages
from data.store import Store

Activate = Callable[[str, Door, int], None]


@pytest.fixture
def activate(
    store: Store,
    add_key: Callable[..., KeyRecord],
    shown_id: Callable[..., str],
    catalogue: Catalogue,
    secrets: Secrets,
    now: datetime,
) -> Activate:
    key = add_key(7, "windows-7-professional", Channel.MAK, 10)

    def ask(machine: str, door: Door, minutes: int) -> None:
        desk = Desk(catalogue, secrets, lambda: f"seat of {machine}")
        claim, at = Claim(shown_id(key, machine), door), now + timedelta(minutes=minutes)
        store.transaction(lambda tx: desk.decide(claim, tx.ledger, at))

    return ask


def test_the_newest_come_first_and_say_all_there_is(store: Store, activate: Activate, now: datetime) -> None:
    activate("one", Door.WEB, 0)
    activate("two", Door.PHONE, 1)
    activate("one", Door.PHONE, 2)
    found = store.read(lambda tx: tx.activations.newest(10))
    assert [(each.id, each.number, each.why, each.door) for each in found] == [
        ("seat of one", 1, "again", Door.PHONE),
        ("seat of two", 0, "first", Door.PHONE),
        ("seat of one", 0, "first", Door.WEB),
    ]
    assert (found[0].serial, found[0].licence, found[0].at) == (7, Channel.MAK, now + timedelta(minutes=2))
    assert len(found[0].last_block) == 5
    assert found[0].hardware == found[2].hardware != found[1].hardware


def test_as_many_as_are_asked_for_by_key_and_by_channel(store: Store, activate: Activate) -> None:
    for number in range(4):
        activate(f"machine {number}", (Door.WEB, Door.PHONE)[number % 2], number)

    def newest(limit: int = 10, **wanted: object) -> list[str]:
        return [each.id[-1] for each in store.read(lambda tx: tx.activations.newest(limit, **wanted))]

    last_block = store.read(lambda tx: tx.activations.newest(1))[0].last_block
    assert newest(2) == ["3", "2"]
    assert newest(door=Door.WEB) == ["2", "0"]
    assert newest(last_block=last_block, door=Door.PHONE) == ["3", "1"]
    assert newest(last_block="BBBBB") == []


def test_all_are_read_in_parts_in_the_same_order_each_once(store: Store, activate: Activate) -> None:
    for machine, minutes in [("one", 0), ("two", 0), ("one", 0), ("three", 0), ("one", 1), ("two", 2)]:
        activate(machine, Door.WEB, minutes)
    whole = store.read(lambda tx: tx.activations.newest(10))
    assert len(whole) == 6
    for size in (1, 2, 4, 10):
        parts = list(pages(lambda last, size=size: store.read(lambda tx: tx.activations.newest(size, before=last))))
        assert {len(part) for part in parts[:-1]} <= {size}
        assert tuple(each for part in parts for each in part) == whole
    assert [each.id for each in store.read(lambda tx: tx.activations.newest(1, before=whole[1], door=Door.WEB))] == [
        whole[2].id
    ]


def test_one_installation_has_everything_it_was_given(store: Store, activate: Activate) -> None:
    activate("one", Door.WEB, 0)
    activate("one", Door.WEB, 1)
    activate("two", Door.WEB, 2)
    assert [each.number for each in store.read(lambda tx: tx.activations.of_installation("seat of one"))] == [1, 0]
    assert store.read(lambda tx: tx.activations.of_installation("nobody's")) == ()
