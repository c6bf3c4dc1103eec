"""The sentences of `floor.records.AuditChain`, on both engines, and the chain itself under competition."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from activation.secrets import Secrets
from callcenter.floor.audit import Act, AuditEntry, record, verify
from data.engine import StorageError
from data.store import Store

A_SECOND = timedelta(seconds=1)


def entry(number: int, at: datetime, **rest: str | None) -> AuditEntry:
    values: dict[str, str | None] = {
        "actor": "amira",
        "act": "limit raised",
        "subject": "key/7",
        "detail": '{"by":5}',
        "personal": None,
        "personal_digest": "",
        "previous": f"digest {number - 1}",
        **rest,
    }
    return AuditEntry(number, at, digest=f"digest {number}", **values)  # type: ignore[arg-type]


@pytest.fixture
def chain(store: Store, now: datetime) -> tuple[AuditEntry, ...]:
    """Four acts of two people on two subjects."""
    chain = (
        entry(1, now),
        entry(2, now + A_SECOND, actor="bruno", personal="P2", personal_digest="digest of the words"),
        entry(3, now + 2 * A_SECOND, subject="key/8"),
        entry(4, now + 3 * A_SECOND, act="key blocked"),
    )
    for each in chain:
        words = "said Imogen Fairweather" if each.personal else None
        store.transaction(lambda tx, each=each, words=words: tx.audit.append(each, words))
    return chain


def numbers(entries: tuple[AuditEntry, ...]) -> list[int]:
    return [entry.number for entry in entries]


def test_an_empty_chain_has_no_head(store: Store) -> None:
    assert store.transaction(lambda tx: tx.audit.head()) is None


def test_the_head_is_the_newest_entry_as_it_was_appended(store: Store, chain: tuple[AuditEntry, ...]) -> None:
    assert store.transaction(lambda tx: tx.audit.head()) == chain[-1]


def test_the_chain_is_read_in_order_piece_by_piece(store: Store, chain: tuple[AuditEntry, ...]) -> None:
    pieces = [store.read(lambda tx, after=after: tx.audit.after(after, 2)) for after in (0, 2, 4)]
    assert pieces == [chain[:2], chain[2:], ()]


def test_the_newest_come_first_by_subject_actor_and_act(store: Store, chain: tuple[AuditEntry, ...]) -> None:
    assert numbers(store.read(lambda tx: tx.audit.newest(3))) == [4, 3, 2]
    assert numbers(store.read(lambda tx: tx.audit.newest(2, subject="key/7"))) == [4, 2]
    assert numbers(store.read(lambda tx: tx.audit.newest(9, actor="bruno"))) == [2]
    assert numbers(store.read(lambda tx: tx.audit.newest(9, subject="key/7", actor="amira", act="limit raised"))) == [1]


def test_personal_words_can_be_erased_and_the_chain_stays_as_it_is(store: Store, chain: tuple[AuditEntry, ...]) -> None:
    assert store.read(lambda tx: tx.audit.personal_text("P2")) == "said Imogen Fairweather"
    assert [store.transaction(lambda tx: tx.audit.erase_personal_text("P2")) for _ in range(2)] == [True, False]
    assert store.read(lambda tx: tx.audit.personal_text("P2")) is None
    assert store.read(lambda tx: tx.audit.after(0, 9)) == chain


def test_of_twenty_who_act_at_once_each_adds_to_the_one_before(
    store: Store, at_once: Callable[..., list[int]], secrets: Secrets, now: datetime
) -> None:
    key = secrets.purpose("audit")

    def act(number: int) -> int:
        written = store.transaction(
            lambda tx: record(tx, key, f"agent {number}", Act.HELD, f"call/CA{number}", {}, now, personal=f"words {number}")
        )
        return written.number

    assert sorted(at_once(20, act)) == list(range(1, 21)), "no gap and no number twice"
    chain = store.read(lambda tx: tx.audit.after(0, 100))
    assert store.read(lambda tx: verify(chain, key, [], tx.audit.personal_text)) == ()
    assert {entry.actor for entry in chain} == {f"agent {number}" for number in range(20)}


def test_a_number_is_never_given_twice(store: Store, chain: tuple[AuditEntry, ...]) -> None:
    with pytest.raises(StorageError, match="Entry 4 of the record was there already"):
        store.transaction(lambda tx: tx.audit.append(chain[-1], None))
    assert store.read(lambda tx: tx.audit.after(0, 9)) == chain
