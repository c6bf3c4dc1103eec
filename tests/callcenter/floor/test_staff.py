"""Managing people: whatever administrators do to each other, in whatever order, one is left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activation.catalogue import Catalogue
from activation.secrets import Secrets
from callcenter.floor import staff
from callcenter.floor.acting import Acting
from callcenter.floor.people import Agent, Role
from callcenter.floor.queue import Handling
from callcenter.floor.refusals import Refusal
from data.store import Store, open_store

Add = Callable[..., Agent]


@pytest.fixture
def add(store: Store, now: datetime) -> Add:
    """Records somebody without an act."""

    def put(name: str, role: Role, **rest: object) -> Agent:
        agent = Agent(name, name.capitalize(), role, "hash", must_change=False, created_at=now)
        agent = replace(agent, **rest)  # type: ignore[arg-type]
        assert store.transaction(lambda tx: tx.people.add(agent))
        return agent

    return put


def acting(agent: Agent, now: datetime) -> Acting:
    return Acting(agent, b"key of the record", now)


def test_nobody_disables_or_promotes_themselves_or_resets_their_own_password(store: Store, add: Add, now: datetime) -> None:
    dmitri = add("dmitri", Role.ADMINISTRATOR)
    add("greta", Role.ADMINISTRATOR)
    who = acting(dmitri, now)
    for refused in (
        store.transaction(lambda tx: staff.disable(tx, who, "dmitri")),
        store.transaction(lambda tx: staff.change(tx, who, replace(dmitri, role=Role.AUDITOR))),
        store.transaction(lambda tx: staff.reset_password(tx, who, "dmitri", "a new password")),
    ):
        assert isinstance(refused, Refusal)
        assert refused.status is HTTPStatus.FORBIDDEN
    assert store.read(lambda tx: (tx.people.find("dmitri"), tx.audit.head())) == (dmitri, None)


def test_ones_own_name_and_phone_can_be_changed(store: Store, add: Add, now: datetime) -> None:
    dmitri = add("dmitri", Role.ADMINISTRATOR)
    changed = replace(dmitri, full_name="Dmitri V.", phone="client:dmitri")
    assert store.transaction(lambda tx: staff.change(tx, acting(dmitri, now), changed)) == changed


def test_a_change_touches_nothing_but_name_role_phone_and_languages(store: Store, add: Add, now: datetime) -> None:
    dmitri, amira = add("dmitri", Role.ADMINISTRATOR), add("amira", Role.AGENT)
    forged = replace(
        amira, role=Role.SENIOR_AGENT, password_hash="other", must_change=True, is_disabled=True, created_at=now + timedelta(1)
    )
    store.transaction(lambda tx: staff.change(tx, acting(dmitri, now), forged))
    assert store.read(lambda tx: tx.people.find("amira")) == replace(amira, role=Role.SENIOR_AGENT)


def test_whoever_has_a_call_keeps_a_role_that_can_finish_it(store: Store, add: Add, now: datetime) -> None:
    dmitri, amira = add("dmitri", Role.ADMINISTRATOR), add("amira", Role.AGENT)
    handling = Handling("h1", "CA1", "100001", "amira", now)
    store.transaction(lambda tx: tx.handlings.add(handling))
    refused = store.transaction(lambda tx: staff.change(tx, acting(dmitri, now), replace(amira, role=Role.AUDITOR)))
    assert isinstance(refused, Refusal)
    assert "not wrapped up" in refused.sentence
    promoted = replace(amira, role=Role.SUPERVISOR)
    assert store.transaction(lambda tx: staff.change(tx, acting(dmitri, now), promoted)) == promoted


@pytest.mark.parametrize(
    ("phone", "fits"),
    [
        ("+18005550142", True),
        ("sip:amira@127.0.0.1:5060", True),
        ("client:amira", True),
        ("18005550142", False),
        ("sip:amira", False),
        ("sip:a b@host", False),
        ("client:", False),
        ("+1٨٠٠٥٥٥٠١٤٢", False),
        ("https://example.com", False),
    ],
)
def test_a_phone_is_a_number_a_sip_address_or_a_client(phone: str, fits: bool) -> None:
    assert staff.is_phone(phone) is fits


@pytest.mark.parametrize(
    ("words", "languages"),
    [(["en, DE;fr"], {"en", "de", "fr"}), (["en", "en"], {"en"}), (["english"], None), ([" "], None), ([], None)],
)
def test_languages_are_two_letter_codes(words: list[str], languages: set[str] | None) -> None:
    assert staff.read_languages(words) == languages


NAMES = ("ada", "ben", "cleo")
acts = st.lists(
    st.tuples(st.sampled_from((*NAMES, "command line")), st.sampled_from(NAMES), st.sampled_from((*Role, "disable", "enable"))),
    max_size=20,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_no_order_of_acts_leaves_the_centre_without_an_administrator(
    tmp_path_factory: pytest.TempPathFactory,
    catalogue: Catalogue,
    secrets: Secrets,
    now: datetime,
    acts: list[tuple[str, str, Role | str]],
) -> None:
    store = fresh_store(tmp_path_factory.mktemp("centre"), catalogue, secrets, now)
    for who, whom, what in acts:
        store.transaction(lambda tx, who=who, whom=whom, what=what: do(tx, who, whom, what, now))  # type: ignore[misc]
    everybody = store.read(lambda tx: tx.people.all())
    store.close()
    assert any(agent.role is Role.ADMINISTRATOR and not agent.is_disabled for agent in everybody)


def do(tx: object, who: str, whom: str, what: Role | str, now: datetime) -> None:
    """One act as the console or the command line lets it happen: only by an administrator who may still sign in."""
    actor = staff.command_line(now) if who == "command line" else tx.people.find(who)  # type: ignore[attr-defined]
    if actor.role is not Role.ADMINISTRATOR or actor.is_disabled:
        return
    agent = tx.people.find(whom)  # type: ignore[attr-defined]
    if isinstance(what, Role):
        staff.change(tx, acting(actor, now), replace(agent, role=what))  # type: ignore[arg-type]
    else:
        {"disable": staff.disable, "enable": staff.enable}[what](tx, acting(actor, now), whom)  # type: ignore[arg-type]


def fresh_store(folder: Path, catalogue: Catalogue, secrets: Secrets, now: datetime) -> Store:
    store = open_store(f"sqlite:///{folder / 'centre.db'}", catalogue=catalogue, payload_key=secrets.purpose("outbox"))
    store.migrate(now)
    for name in NAMES:
        agent = Agent(name, name.capitalize(), Role.ADMINISTRATOR, "hash", must_change=False, created_at=now)
        store.transaction(lambda tx, agent=agent: tx.people.add(agent))  # type: ignore[misc]
    return store
