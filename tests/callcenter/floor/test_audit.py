"""The record of acts: what it keeps, and every way of tampering with it that a check must find."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.floor import audit
from callcenter.floor.acting import record
from callcenter.floor.audit import GENESIS, Act, AuditEntry, Fault, Finding, verify

KEY = b"k" * 32
ACTS = 6


class Chain:
    """A chain in memory."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []
        self.words: dict[str, str] = {}

    @property
    def audit(self) -> "Chain":
        return self

    def head(self) -> AuditEntry | None:
        return self.entries[-1] if self.entries else None

    def append(self, entry: AuditEntry, personal_text: str | None) -> None:
        self.entries.append(entry)
        if entry.personal and personal_text is not None:
            self.words[entry.personal] = personal_text

    def check(self, anchors: list[tuple[int, str]] | None = None) -> tuple[Finding, ...]:
        return verify(self.entries, KEY, anchors or [], self.words.get)


def written() -> Chain:
    """Six acts, without a floor."""
    chain = Chain()
    for number in range(ACTS):
        audit.record(chain, KEY, "amira", Act.ANSWERED, f"call/{number}", {}, datetime(2026, 1, 1, tzinfo=UTC))
    return chain


@pytest.fixture
def chain(floor: Any) -> Chain:
    """Six acts of two people, every other with a note."""
    chain = Chain()
    for number in range(ACTS):
        acting = replace(floor.acting("amira" if number % 2 else "bruno"), now=floor.now + timedelta(seconds=number))
        record(chain, acting, Act.ANSWERED, f"call/CA{number}", {"number": number}, f"note {number}" if number % 2 else None)
    return chain


def test_a_record_as_it_was_written_is_sound(chain: Chain) -> None:
    anchors = [(entry.number, entry.digest) for entry in chain.entries]
    assert chain.check() == chain.check(anchors) == ()
    assert [entry.number for entry in chain.entries] == [1, 2, 3, 4, 5, 6]
    assert chain.entries[0].previous == GENESIS


def test_an_empty_record_is_sound_until_an_anchor_has_seen_more() -> None:
    assert verify([], KEY, [], {}.get) == ()
    assert verify([], KEY, [(3, "0" * 64)], {}.get) == (Finding(3, Fault.CUT_OFF),)


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: replace(entry, at=entry.at + timedelta(microseconds=1)),
        lambda entry: replace(entry, actor="celeste"),
        lambda entry: replace(entry, act="hung up"),
        lambda entry: replace(entry, subject="call/CA9"),
        lambda entry: replace(entry, detail='{"number":7}'),
        lambda entry: replace(entry, personal=None),
        lambda entry: replace(entry, personal_digest="0" * 64),
        lambda entry: replace(entry, digest="0" * 64),
    ],
)
def test_any_change_of_an_entry_is_found(chain: Chain, change: Callable[[AuditEntry], AuditEntry]) -> None:
    chain.entries[3] = change(chain.entries[3])
    assert Finding(4, Fault.CHANGED) in chain.check()


def test_what_one_field_loses_its_neighbour_cannot_gain(chain: Chain) -> None:
    entry = chain.entries[3]
    chain.entries[3] = replace(entry, act=entry.act[:-1], subject=entry.act[-1] + entry.subject)
    assert Finding(4, Fault.CHANGED) in chain.check()


@settings(deadline=None)
@given(gone=st.sets(st.integers(1, ACTS - 1), min_size=1))
def test_whatever_is_taken_out_before_the_end_is_missed(gone: set[int]) -> None:
    chain = written()
    chain.entries = [entry for entry in chain.entries if entry.number not in gone]
    assert Finding(min(gone), Fault.GAP) in chain.check()


def test_a_gap_closed_by_counting_anew_is_found(chain: Chain) -> None:
    del chain.entries[2]
    chain.entries = [replace(entry, number=number) for number, entry in enumerate(chain.entries, start=1)]
    assert Finding(3, Fault.CHANGED) in chain.check()
    assert Finding(3, Fault.UNLINKED) in chain.check()


def test_entries_in_another_order_are_found(chain: Chain) -> None:
    chain.entries[2], chain.entries[3] = chain.entries[3], chain.entries[2]
    assert {finding.fault for finding in chain.check()} == {Fault.GAP, Fault.OUT_OF_ORDER, Fault.UNLINKED}


def test_an_entry_that_stands_twice_is_found(chain: Chain) -> None:
    chain.entries.insert(3, chain.entries[2])
    assert Finding(3, Fault.OUT_OF_ORDER) in chain.check()


def test_an_end_cut_off_is_found_by_the_anchor_only(chain: Chain) -> None:
    anchors = [(entry.number, entry.digest) for entry in chain.entries]
    del chain.entries[4:]
    assert chain.check() == ()
    assert chain.check(anchors) == (Finding(5, Fault.CUT_OFF),)


def test_a_record_may_be_ahead_of_its_last_anchor(chain: Chain) -> None:
    assert chain.check([(4, chain.entries[3].digest)]) == ()


def test_a_whole_record_written_anew_with_the_key_is_found_by_the_anchor(chain: Chain, floor: Any) -> None:
    anchor = (ACTS, chain.entries[-1].digest)
    forged = Chain()
    for _ in range(ACTS):
        record(forged, floor.acting(), Act.SIGNED_IN, "agent/amira", {})
    assert forged.check() == ()
    assert forged.check([anchor]) == (Finding(ACTS, Fault.NOT_AS_ANCHORED),)


def test_nobody_without_the_key_can_continue_the_record(chain: Chain, floor: Any) -> None:
    record(chain, replace(floor.acting(), audit_key=b"x" * 32), Act.UNLOCKED, "case/100001", {})
    assert chain.check() == (Finding(ACTS + 1, Fault.CHANGED),)


def test_personal_words_may_be_erased_but_not_altered(chain: Chain) -> None:
    del chain.words["act/2"]
    assert chain.check() == ()
    chain.words["act/4"] = "another note"
    assert chain.check() == (Finding(4, Fault.PERSONAL_CHANGED),)


def test_the_same_words_look_different_each_time_and_are_not_in_the_entry(floor: Any) -> None:
    chain = Chain()
    for _ in range(2):
        record(chain, floor.acting(), Act.AGENT_ADDED, "agent/x", {"role": "agent"}, "Imogen Fairweather, +441632960107")
    first, second = chain.entries
    assert first.personal_digest != second.personal_digest
    assert "Imogen" not in repr(first)
    assert "+44" not in repr(first)


def test_a_foreign_key_never_gets_into_the_record(floor: Any) -> None:
    key = "ABCDE-FGH1J-KLMNP-QRSTU-VWXY2"
    chain = Chain()
    record(chain, floor.acting(), Act.ANSWERED, f"search {key}", {"for": key}, f"they said {key}")
    assert key not in repr(chain.entries)
    assert key not in repr(chain.words)
    assert chain.check() == ()


def test_the_store_gives_back_the_record_as_it_was_written(floor: Any) -> None:
    written = [
        floor.do(lambda tx: record(tx, floor.acting(), Act.ANSWERED, "call/CA1", {"a": 1, "b": None, "c": True}, "a note"))
        for _ in range(3)
    ]
    assert floor.do(lambda tx: tx.audit.after(0, 10)) == tuple(written)
    assert floor.do(lambda tx: verify(tx.audit.after(0, 10), KEY, [], tx.audit.personal_text)) == ()
