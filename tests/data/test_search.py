"""What is found by its tail, on both engines."""

from datetime import datetime

from activation.catalogue import Catalogue
from activation.keys import write_key
from activation.secrets import Secrets
from data.demo import load_demo
from data.store import Store


def test_keys_and_installations_are_found_by_their_tails(
    store: Store, catalogue: Catalogue, secrets: Secrets, now: datetime
) -> None:
    load_demo(store, catalogue, secrets, lambda: "first password", now)
    key, hosts = store.read(lambda tx: (tx.keys.get(3004), tx.keys.hosts(3004, 20)))
    assert key
    assert store.read(lambda tx: tx.search.keys_ending(write_key(key.key, secrets)[-5:], 9)) == (key,)
    for host in hosts:
        assert (3004, host) in store.read(lambda tx, host=host: tx.search.seats_ending(host.hardware_tail, 99))  # type: ignore[misc]
    assert store.read(lambda tx: (tx.search.keys_ending("ZZZZZ", 9), tx.search.seats_ending("%", 9))) == ((), ())


def test_no_more_is_found_than_asked_for(store: Store, catalogue: Catalogue, secrets: Secrets, now: datetime) -> None:
    load_demo(store, catalogue, secrets, lambda: "first password", now)
    tails = [tail for digit in "0123456789abcdef" for tail in store.read(lambda tx, d=digit: tx.search.seats_ending(d, 2))]  # type: ignore[misc]
    assert 2 < len(tails) <= 32
