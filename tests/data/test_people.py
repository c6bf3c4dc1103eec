"""The sentences of `floor.records.People`, on both engines."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from activation.catalogue import Catalogue
from callcenter.floor.people import Agent, Role
from data.store import Store, open_store


def test_an_agent_is_found_by_name(store: Store, agents: dict[str, Agent]) -> None:
    assert store.read(lambda tx: (tx.people.find("bruno"), tx.people.find("nobody"))) == (agents["bruno"], None)


def test_everything_about_an_agent_is_kept(store: Store, now: datetime) -> None:
    agent = Agent(
        name="dana",
        full_name="Dana Müller",
        role=Role.AUDITOR,
        password_hash="hash",
        must_change=True,
        created_at=now,
        phone="sip:dana@127.0.0.1",
        languages=frozenset({"de", "en"}),
        is_disabled=True,
        sessions_from=now + timedelta(hours=1),
    )
    assert store.transaction(lambda tx: tx.people.add(agent))
    assert store.read(lambda tx: tx.people.find("dana")) == agent


def test_somebody_who_speaks_no_language_of_the_line_has_none(store: Store, agents: dict[str, Agent]) -> None:
    silent = replace(agents["amira"], languages=frozenset())
    store.transaction(lambda tx: tx.people.save(silent))
    assert store.read(lambda tx: tx.people.find("amira")) == silent


def test_agents_come_by_name(store: Store, agents: dict[str, Agent]) -> None:
    assert store.read(lambda tx: tx.people.all()) == tuple(agents.values())


def test_a_taken_name_keeps_its_agent_and_password(store: Store, agents: dict[str, Agent]) -> None:
    other = replace(agents["bruno"], full_name="Another Bruno", role=Role.AUDITOR, password_hash="another")
    assert not store.transaction(lambda tx: tx.people.add(other))
    assert store.read(lambda tx: tx.people.find("bruno")) == agents["bruno"]


def test_saving_replaces_everything_but_the_day_of_the_first(store: Store, agents: dict[str, Agent], now: datetime) -> None:
    changed = Agent(
        name="bruno",
        full_name="Bruno Castellani-Roy",
        role=Role.SUPERVISOR,
        password_hash="another",
        must_change=True,
        created_at=now + timedelta(days=1),
        phone="+447700900142",
        languages=frozenset({"fr"}),
        is_disabled=True,
        sessions_from=now,
    )
    store.transaction(lambda tx: tx.people.save(changed))
    assert store.read(lambda tx: tx.people.find("bruno")) == replace(changed, created_at=now)
    assert store.read(lambda tx: tx.people.find("amira")) == agents["amira"], "nobody else is touched"


def test_whom_the_telephony_side_knows_by_name_is_rung_there_unless_they_have_a_phone_of_their_own(
    tmp_path: Path, catalogue: Catalogue, now: datetime
) -> None:
    for have_clients, rung_at in ((False, ""), (True, "client:dana")):
        store = open_store(
            str(tmp_path / f"{have_clients}.db"), catalogue=catalogue, payload_key=bytes(32), agents_have_clients=have_clients
        )
        store.migrate(now)
        dana = Agent("dana", "Dana Müller", Role.AGENT, "hash", must_change=False, created_at=now)
        store.transaction(lambda tx, dana=dana: tx.people.add(dana))
        found = store.read(lambda tx: tx.people.find("dana"))
        assert (found, found.rung_at, found.phone) == (dana, rung_at, "")
        assert [agent.rung_at for agent in store.read(lambda tx: tx.people.all())] == [rung_at]
        store.transaction(lambda tx, found=found: tx.people.save(replace(found, phone="+18005550142")))
        assert store.read(lambda tx: tx.people.find("dana")).rung_at == "+18005550142"
        store.close()
