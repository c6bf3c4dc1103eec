"""Daily counts of verdicts: exact under contention, nothing but circumstances in them; on both engines."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from activation.catalogue import Catalogue, Channel
from activation.claims import Claim, Door, RefusalCode
from activation.desk import Desk
from activation.rules import KeyRecord
from activation.secrets import Secrets
from activation.tally import GRANTED, Tally
from data.store import Store

DAY = date(2026, 3, 14)
TALLY = Tally(DAY, Door.WEB, "mak", "windows-7-professional", "DE", GRANTED)


def between(store: Store, first: date = DAY, last: date = DAY) -> tuple[tuple[Tally, int], ...]:
    return store.read(lambda tx: tx.verdict_counts.between(first, last))


def test_the_same_kind_on_the_same_day_is_one_count(store: Store) -> None:
    for _ in range(3):
        store.transaction(lambda tx: tx.ledger.tally(TALLY))
    assert between(store) == ((TALLY, 3),)


def test_days_are_from_the_first_to_the_last_and_in_order(store: Store) -> None:
    tallies = [Tally(DAY + timedelta(days=number), Door.PHONE, "", "", "", "refused.malformed") for number in range(4)]
    for tally in reversed(tallies):
        store.transaction(lambda tx, tally=tally: tx.ledger.tally(tally))
    assert between(store, DAY + timedelta(days=1), DAY + timedelta(days=2)) == ((tallies[1], 1), (tallies[2], 1))


def test_no_count_is_lost_when_many_count_at_once(
    store: Store, at_once: Callable[[int, Callable[[int], Any]], list[Any]]
) -> None:
    at_once(8, lambda _number: [store.transaction(lambda tx: tx.ledger.tally(TALLY)) for _ in range(10)])
    assert between(store) == ((TALLY, 80),)


def test_the_desk_counts_every_verdict_of_the_phone_too(
    store: Store,
    add_key: Callable[..., KeyRecord],
    shown_id: Callable[..., str],
    catalogue: Catalogue,
    secrets: Secrets,
    now: datetime,
) -> None:
    key = add_key(7, "windows-7-professional", Channel.RETAIL, 1)
    seats = iter(("one", "two"))
    desk = Desk(catalogue, secrets, lambda: next(seats))
    for machine in ("first", "first", "second"):
        claim = Claim(shown_id(key, machine), Door.PHONE, country="GB")
        store.transaction(lambda tx, claim=claim: desk.decide(claim, tx.ledger, now))
    store.transaction(lambda tx: desk.decide(Claim("12", Door.PHONE), tx.ledger, now))
    known = {"day": now.date(), "door": Door.PHONE, "channel": "retail", "product": "windows-7-professional", "country": "GB"}
    assert dict(between(store, now.date(), now.date())) == {
        Tally(**known, code="granted"): 1,
        Tally(**known, code="granted_free"): 1,
        Tally(**known, code="ask_first"): 1,
        Tally(now.date(), Door.PHONE, "", "", "", RefusalCode.MALFORMED): 1,
    }
