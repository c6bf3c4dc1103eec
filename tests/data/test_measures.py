"""The rows that reports are computed from (`floor.records.Measures`), on both engines: whose they are is a matter of time."""

from datetime import datetime, timedelta

from callcenter.floor.facts import CaseFact, Facts
from callcenter.floor.people import Agent
from callcenter.floor.queue import EntryKind, Handling, QueueEntry
from callcenter.floor.requests import Change, ReasonCode, Request
from data.store import Store, Transaction
from ivr.records import NewCall, NewCase

AN_HOUR = timedelta(hours=1)
HOURS = (-1, 0, 5, 6, 29, 30)
"""Around a report from now on, six hours long: its calls and handlings are seen for a day more."""


def fill(tx: Transaction, start: datetime) -> None:
    """One row of every kind in each of the hours, named after it."""
    for hours in HOURS:
        at = start + hours * AN_HOUR
        tx.calls.open(NewCall(f"CA{hours}", None, "", "+448081570142", at))
        number = tx.cases.open(NewCase(f"CA{hours}", f"reason.{hours}", "en", {}), at)
        tx.queue.save(QueueEntry(f"CA{hours}", number, EntryKind.CALL, "en", at, at))
        tx.handlings.add(Handling(f"H{hours}", f"CA{hours}", number, "amira", at, wrapped_at=at))
        tx.requests.add(Request(f"R{hours}", Change.EXCEPTION, "amira", at, ReasonCode.HARDWARE_FAILURE))


def report(store: Store, now: datetime) -> Facts:
    store.transaction(lambda tx: fill(tx, now))
    return store.read(lambda tx: tx.measures.facts(now, now + 6 * AN_HOUR))


def test_entries_cases_and_requests_are_those_from_the_beginning_and_before_the_end(
    store: Store, agents: dict[str, Agent], now: datetime
) -> None:
    facts = report(store, now)
    assert [entry.call_sid for entry in facts.entries] == ["CA0", "CA5"]
    assert [request.id for request in facts.requests] == ["R0", "R5"]
    assert facts.cases == (CaseFact(now, "reason.0"), CaseFact(now + 5 * AN_HOUR, "reason.5"))


def test_calls_and_handlings_are_seen_for_a_day_more(store: Store, agents: dict[str, Agent], now: datetime) -> None:
    facts = report(store, now)
    assert [call.sid for call in facts.calls] == ["CA0", "CA5", "CA6", "CA29"]
    assert [handling.id for handling in facts.handlings] == ["H0", "H5", "H6", "H29"]


def test_a_call_that_only_began_has_no_facts_but_its_beginning(store: Store, agents: dict[str, Agent], now: datetime) -> None:
    call = report(store, now).calls[0]
    assert (call.started_at, call.closed_at, call.place, call.keyed_at, call.granted_at) == (now, None, "", None, None)
    assert (call.handed_over, call.completed, call.reasked) == (False, False, 0)
