"""The sentences of `floor.records.Requests`, on both engines."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest

from activation.catalogue import Channel
from activation.claims import Door
from activation.desk import Installed
from activation.rules import KeyRecord
from callcenter.floor.customers import Agreement
from callcenter.floor.requests import Change, Counter, Initiator, Method, ReasonCode, Request, RequestStatus
from data.store import Store

A_DAY = timedelta(days=1)


@pytest.fixture
def key(add_key: Callable[..., KeyRecord], store: Store, now: datetime) -> KeyRecord:
    """A host key with one host, `host`."""
    key = add_key(7, "windows-7-professional", Channel.KMS, 6)
    host = Installed("host", 7, key.product, 1, Door.PHONE, now, 10)
    store.transaction(lambda tx: tx.ledger.take_seat(host))
    return key


@pytest.fixture
def held(store: Store, key: KeyRecord, now: datetime) -> Request:
    """A raise that waits for a second person."""
    return add(store, Request("R1", Change.RAISE, "amira", now, ReasonCode.NEW_PURCHASE, serial=7, amount=300))


def add(store: Store, request: Request) -> Request:
    store.transaction(lambda tx: tx.requests.add(request))
    return request


def found(store: Store, id: str) -> Request | None:
    return store.transaction(lambda tx: tx.requests.find(id))


def names(requests: tuple[Request, ...]) -> list[str]:
    return [request.id for request in requests]


def decided(request: Request, decider: str, at: datetime, status: RequestStatus = RequestStatus.APPLIED) -> Request:
    return replace(request, status=status, decider=decider, decided_at=at)


def applied(id: str, at: datetime, amount: int, **rest: object) -> Request:
    """A small raise of key 7, given at once."""
    wanted = {"counter": Counter.HOSTS, "serial": 7, "status": RequestStatus.APPLIED, **rest}
    return Request(id, Change.RAISE, "amira", at, ReasonCode.NEW_PURCHASE, amount=amount, **wanted)  # type: ignore[arg-type]


def raised(store: Store, since: datetime) -> int:
    return store.read(lambda tx: tx.requests.raised_since(7, since))


def test_everything_about_a_request_is_kept(store: Store, key: KeyRecord, agreement: Agreement, now: datetime) -> None:
    everything = Request(
        id="R1",
        change=Change.RAISE,
        asker="amira",
        asked_at=now,
        reason=ReasonCode.OTHER,
        initiator=Initiator.VENDOR,
        counter=Counter.HOST_ISSUES,
        serial=7,
        seat="host",
        agreement=agreement.number,
        product_group="client-7",
        amount=4,
        words="rebuilt the host twice",
        contact="contact-1",
        verified_by=Method.PRIVATE_FACT,
        case_number="100001",
        call_sid="CA1",
        status=RequestStatus.REFUSED,
        expires_at=now + A_DAY,
        decider="celeste",
        decided_at=now + timedelta(hours=1),
        decision_words="ask again in writing",
        seen={"used": 6, "allowed": 6, "blocked": "no"},
    )
    assert found(store, add(store, everything).id) == everything


def test_a_request_with_nothing_but_what_it_must_have_is_kept(store: Store, now: datetime) -> None:
    request = add(store, Request("R1", Change.EXCEPTION, "bruno", now, ReasonCode.HARDWARE_FAILURE))
    assert found(store, "R1") == request
    assert found(store, "R2") is None


def test_a_decision_is_kept_with_who_made_it_when_and_why(store: Store, held: Request, now: datetime) -> None:
    refused = replace(decided(held, "celeste", now, RequestStatus.REFUSED), decision_words="too many")
    assert store.transaction(lambda tx: tx.requests.decide(refused))
    assert found(store, "R1") == refused


def test_a_decision_changes_nothing_else(store: Store, held: Request, now: datetime) -> None:
    decision = replace(decided(held, "celeste", now), amount=900, asker="somebody else")
    store.transaction(lambda tx: tx.requests.decide(decision))
    assert found(store, "R1") == decided(held, "celeste", now)


def test_what_is_decided_stays_decided(store: Store, held: Request, now: datetime) -> None:
    first = decided(held, "celeste", now)
    assert store.transaction(lambda tx: tx.requests.decide(first))
    assert not store.transaction(lambda tx: tx.requests.decide(decided(held, "bruno", now, RequestStatus.REFUSED)))
    assert found(store, "R1") == first


def test_an_unknown_request_cannot_be_decided(store: Store, held: Request, now: datetime) -> None:
    assert not store.transaction(lambda tx: tx.requests.decide(replace(decided(held, "celeste", now), id="R2")))


def test_the_database_itself_lets_nobody_approve_their_own(store: Store, held: Request, now: datetime) -> None:
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        store.transaction(lambda tx: tx.requests.decide(decided(held, "amira", now)))
    assert store.transaction(lambda tx: tx.requests.decide(decided(held, "amira", now, RequestStatus.REFUSED))), "withdrawn"


def test_those_held_come_oldest_first(store: Store, held: Request, now: datetime) -> None:
    add(store, replace(held, id="R0", asked_at=now + A_DAY))
    add(store, replace(held, id="R2", asked_at=now - A_DAY))
    add(store, decided(replace(held, id="R3"), "celeste", now))
    assert names(store.read(lambda tx: tx.requests.held())) == ["R2", "R1", "R0"]
    assert store.read(lambda tx: tx.requests.count_held()) == 3


def test_requests_are_found_newest_first_by_key_case_and_agreement(
    store: Store, held: Request, agreement: Agreement, now: datetime
) -> None:
    named = {"case_number": "100001", "agreement": agreement.number}
    add(store, replace(held, id="R2", asked_at=now + A_DAY, **named))
    add(store, replace(held, id="R3", asked_at=now + 2 * A_DAY, serial=None, **named))
    assert names(store.read(lambda tx: tx.requests.of_key(7))) == ["R2", "R1"]
    assert names(store.read(lambda tx: tx.requests.of_case("100001"))) == ["R3", "R2"]
    assert names(store.read(lambda tx: tx.requests.of_agreement(agreement.number))) == ["R3", "R2"]
    assert names(store.read(lambda tx: tx.requests.recent(2))) == ["R3", "R2"]


def test_raises_given_at_once_add_up_from_a_moment_on(store: Store, key: KeyRecord, now: datetime) -> None:
    add(store, applied("R1", now, 10))
    add(store, applied("R2", now + A_DAY, 5))
    assert [raised(store, now + days * A_DAY) for days in (0, 1, 2)] == [15, 5, 0]


@pytest.mark.parametrize(
    "rest",
    [
        {"decider": "celeste"},
        {"status": RequestStatus.HELD},
        {"status": RequestStatus.REFUSED},
        {"change": Change.LOWER},
        {"serial": None},
    ],
    ids=["approved by a second person", "held", "refused", "a decrease", "no key"],
)
def test_what_is_no_small_raise_of_this_key_does_not_add_up(
    store: Store, key: KeyRecord, now: datetime, rest: dict[str, object]
) -> None:
    add(store, replace(applied("R1", now, 10), **rest))  # type: ignore[arg-type]
    assert raised(store, now) == 0


def test_raises_of_all_counters_of_a_key_add_up_together(store: Store, key: KeyRecord, now: datetime) -> None:
    add(store, applied("R1", now, 3, counter=Counter.HOST_ISSUES, seat="host"))
    add(store, applied("R2", now, 5, counter=Counter.HOSTS))
    assert raised(store, now) == 8


def test_exceptions_are_counted_by_key_when_they_were_applied(store: Store, key: KeyRecord, now: datetime) -> None:
    exception = Request("R1", Change.EXCEPTION, "bruno", now, ReasonCode.HARDWARE_FAILURE, serial=7)
    add(store, replace(exception, status=RequestStatus.APPLIED))
    add(store, replace(exception, id="R2", status=RequestStatus.APPLIED, decider="celeste", decided_at=now + A_DAY))
    add(store, replace(exception, id="R3"))
    assert [store.read(lambda tx, at=at: tx.requests.exceptions_since(7, at)) for at in (now, now + A_DAY)] == [2, 1]


def test_a_foreign_key_in_words_is_not_kept(store: Store, held: Request, now: datetime) -> None:
    foreign = "-".join(["B4DK3"] * 5)
    add(store, replace(held, id="R2", words=f"key {foreign}"))
    refused = replace(decided(held, "celeste", now, RequestStatus.REFUSED), id="R2", decision_words=foreign)
    store.transaction(lambda tx: tx.requests.decide(refused))
    request = found(store, "R2")
    assert request is not None
    assert (request.words, request.decision_words) == ("key [product key removed]", "[product key removed]")


def test_of_twenty_who_decide_at_once_one_decides(
    store: Store, held: Request, at_once: Callable[..., list[bool]], now: datetime
) -> None:
    decisions = at_once(
        20, lambda number: store.transaction(lambda tx: tx.requests.decide(decided(held, f"supervisor {number}", now)))
    )
    assert decisions.count(True) == 1
    request = found(store, "R1")
    assert request is not None
    assert request.decider == f"supervisor {decisions.index(True)}"
