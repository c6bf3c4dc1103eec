"""A database of the first release, with calls and cases in it, goes on under this one; on both engines."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from activation.catalogue import Catalogue
from activation.secrets import Secrets
from callcenter.floor.calls import Case
from callcenter.floor.people import Agent, Availability, Presence, Role
from callcenter.floor.queue import EntryKind, QueueEntry
from data import schema
from data.engine import Connection, Engine
from data.store import Store, Transaction, open_store
from data.times import to_microseconds
from ivr.records import CallRecord, NewCase, Progress

FIRST_RELEASE = ("0001_activation", "0002_calls", "0003_agents")
CONTENTS = (
    """INSERT INTO calls (sid, caller_hash, caller_hint, number_dialled, started_at, turn, state, answer, kept,
        unfinished, waiting, last_turn_at) VALUES ('CA1', 'caller', '42', '+448081570142', :at, 3, '{}', '<R/>', 1, 1, 1, :at)""",
    """INSERT INTO cases (number, call_sid, reason, language, collected, opened_at)
        VALUES ('100001', 'CA1', 'agent.mak_limit', 'en', '{"add": 20}', :at)""",
    """INSERT INTO agents (name, full_name, role, password_hash, must_change, created_at)
        VALUES ('amira', 'Amira Haddad', 'agent', 'hash', 1, :at)""",
    """INSERT INTO outbox (id, kind, payload, status, created_at, due_at)
        VALUES ('O1', 'text message', 'sealed', 'due', :at, :at)""",
    """INSERT INTO keys (serial, epoch, product, channel, allowed, used, last_block, created_at)
        VALUES (7, 1, 33, 'mak', 10, 4, 'B2C3D', :at)""",
)


@pytest.fixture
def upgraded(database_url: str, engine: Engine, catalogue: Catalogue, secrets: Secrets, now: datetime) -> Iterator[Store]:
    """The old database under the new code, brought up to date."""
    scripts = schema.packaged_migrations()
    schema.migrate(engine, {name: scripts[name] for name in FIRST_RELEASE}, now)

    def fill(connection: Connection) -> None:
        for statement in CONTENTS:
            connection.run(statement, at=to_microseconds(now))

    engine.write(fill)
    store = open_store(database_url, catalogue=catalogue, payload_key=secrets.purpose("outbox"))
    assert store.migrate(now)[0] == "0004_floor"
    yield store
    store.close()


def test_everything_that_was_there_is_there(upgraded: Store, now: datetime) -> None:
    def look(tx: Transaction) -> tuple[object, ...]:
        return tx.calls.find("CA1"), tx.cases.find("100001"), tx.people.find("amira"), tx.keys.get(7) is not None

    assert upgraded.read(look) == (
        CallRecord("CA1", 3, b"{}", "<R/>"),
        Case("100001", "CA1", "agent.mak_limit", "en", {"add": 20}, now),
        Agent("amira", "Amira Haddad", Role.AGENT, "hash", must_change=True, created_at=now),
        True,
    )


def test_a_call_under_way_goes_on_over_the_upgrade(upgraded: Store, now: datetime) -> None:
    later = now + timedelta(minutes=1)

    def go_on(tx: Transaction) -> None:
        progress = Progress("queue", handed_over=True, completed=False, reasked=1, keyed=True, granted=False)
        tx.calls.save(CallRecord("CA1", 4, b"{}", "<R/>"), progress, unfinished=True, waiting=True, at=later)
        tx.timeline.add("CA1", later, "line", "turn", {})
        assert tx.cases.open(NewCase("CA1", "agent.mak_limit", "en", {"add": 20}, 7), later) == "100001"
        tx.queue.save(QueueEntry("CA1", "100001", EntryKind.CALL, "en", later, later))
        tx.presences.set(Presence("amira", Availability.AVAILABLE, "", later, later))

    upgraded.transaction(go_on)
    seen = upgraded.read(lambda tx: tx.live.snapshot(later))
    assert [(call.sid, call.place, call.case_number) for call in seen.live] == [("CA1", "queue", "100001")]
    assert [entry.call_sid for entry in seen.waiting] == ["CA1"]
    assert upgraded.read(lambda tx: tx.measures.facts(now, later)).calls[0].reasked == 1


def test_nothing_is_left_to_migrate(upgraded: Store, now: datetime) -> None:
    assert (upgraded.pending(), upgraded.migrate(now)) == ((), ())
