"""The demo data: complete, consistent, and safe to load again; on both engines."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import count

import pytest
from argon2 import PasswordHasher

from activation.catalogue import VOLUME_CHANNELS, Catalogue, Channel
from activation.claims import Door
from activation.desk import Installed
from activation.digits import check_digit_holds
from activation.keys import ProductKey, read_key
from activation.secrets import Secrets
from callcenter.floor.people import Agent, Role
from data.demo import Demo, load_demo
from data.store import Store


@pytest.fixture
def demo(store: Store, catalogue: Catalogue, secrets: Secrets, now: datetime) -> Demo:
    """The demo data, loaded once."""
    return load(store, catalogue, secrets, now)


def load(store: Store, catalogue: Catalogue, secrets: Secrets, now: datetime) -> Demo:
    numbers = count(1)
    return load_demo(store, catalogue, secrets, lambda: f"password {next(numbers)}", now)


def agents_of(store: Store, demo: Demo) -> list[Agent]:
    found = store.read(lambda tx: [tx.people.find(first.name) for first in demo.passwords])
    return [agent for agent in found if agent]


def test_every_key_shown_is_a_simulator_key_that_the_database_knows(store: Store, demo: Demo, secrets: Secrets) -> None:
    for shown in demo.keys:
        key = read_key(shown.text, secrets)
        assert isinstance(key, ProductKey), shown.title
        assert store.read(lambda tx, serial=key.serial: tx.keys.get(serial)) is not None, shown.title


def test_there_is_a_key_of_every_channel_and_its_product_is_sold_there(store: Store, demo: Demo, catalogue: Catalogue) -> None:
    issued = store.read(lambda tx: tx.keys.all())
    assert {key.record.channel for key in issued} == set(Channel)
    for key in issued:
        assert key.record.channel in catalogue.products[key.record.product].channels, key.record.serial


def test_every_group_has_a_mak_and_a_host_key(store: Store, demo: Demo, catalogue: Catalogue) -> None:
    groups = {product.group.name for product in catalogue.products.values() if product.channels & VOLUME_CHANNELS}
    for channel in VOLUME_CHANNELS:
        issued = store.read(lambda tx, channel=channel: tx.keys.all(channel=channel))
        assert {catalogue.products[key.record.product].group.name for key in issued} == groups


def test_no_agreement_has_two_maks_or_two_host_keys_for_one_group(store: Store, demo: Demo, catalogue: Catalogue) -> None:
    pairs = Counter(
        (key.record.agreement, key.record.channel, catalogue.products[key.record.product].group.name)
        for key in store.read(lambda tx: tx.keys.all())
        if key.record.agreement
    )
    assert set(pairs.values()) == {1}


def test_counts_are_installations_really_recorded(store: Store, demo: Demo) -> None:
    used = {}
    for key in store.read(lambda tx: tx.keys.all()):
        serial = key.record.serial
        seats = store.read(lambda tx, serial=serial: tx.ledger.seats(serial, 0, newest=1000))
        assert len(seats) == len({seat.hardware for seat in seats}) == key.record.used
        used[serial] = (key.record.used, key.record.allowed)
    assert used[3001] == (49, 50)
    assert used[3002] == (25, 25)


def test_a_mak_without_a_number_of_its_own_gets_its_programmes(store: Store, demo: Demo, catalogue: Catalogue) -> None:
    key = store.read(lambda tx: tx.keys.get(3003))
    assert key is not None
    assert key.record.allowed == catalogue.programmes["select"].mak_allowance


def test_agreements_of_every_programme_have_true_numbers_and_enough_licences(
    store: Store, demo: Demo, catalogue: Catalogue
) -> None:
    agreements = store.read(lambda tx: tx.agreements.all())
    assert {agreement.programme for agreement in agreements} == set(catalogue.programmes)
    assert {agreement.active for agreement in agreements} == {True, False}
    for agreement in agreements:
        assert check_digit_holds(agreement.number)
        assert agreement.licences >= catalogue.programmes[agreement.programme].minimum_licences
        assert store.read(lambda tx, number=agreement.number: tx.agreements.contacts(number))


def test_there_is_an_agent_of_every_role_who_must_change_the_first_password(store: Store, demo: Demo) -> None:
    agents = agents_of(store, demo)
    assert {agent.role for agent in agents} == set(Role)
    first = {password.name: password.password for password in demo.passwords}
    for agent in agents:
        assert agent.must_change
        assert PasswordHasher().verify(agent.password_hash, first[agent.name])


def test_loading_again_shows_the_same_keys_and_no_password(
    store: Store, demo: Demo, catalogue: Catalogue, secrets: Secrets, now: datetime
) -> None:
    again = load(store, catalogue, secrets, now + timedelta(days=1))
    assert (again.keys, again.passwords) == (demo.keys, ())


def test_loading_again_changes_nothing(store: Store, demo: Demo, catalogue: Catalogue, secrets: Secrets, now: datetime) -> None:
    installed = Installed("new", 3001, 33, 12345, Door.PHONE, now, None)
    store.transaction(lambda tx: tx.ledger.take_seat(installed))

    def everything() -> tuple[object, ...]:
        return agents_of(store, demo), store.read(
            lambda tx: (tx.keys.all(), tx.agreements.all(), tx.ledger.seats(3001, 0, newest=99))
        )

    before = everything()
    load(store, catalogue, secrets, now + timedelta(days=1))
    assert everything() == before


def test_demo_keys_outlive_a_rotation_of_the_secrets(
    store: Store, demo: Demo, catalogue: Catalogue, secrets: Secrets, now: datetime
) -> None:
    rotated = Secrets({**secrets.masters, 3: bytes(32)})
    assert load(store, catalogue, rotated, now).keys == demo.keys
