"""The demo keys that a page offers: those that the instance has."""

from datetime import datetime

from activation.catalogue import Catalogue
from activation.keys import ProductKey, read_key
from activation.secrets import Secrets
from data.demo import load_demo
from data.demo_keys import offered_keys
from data.store import Store


def test_an_instance_without_the_demo_data_offers_none(store: Store, secrets: Secrets) -> None:
    assert store.read(lambda tx: list(offered_keys(tx, secrets))) == []


def test_every_demo_key_is_offered_as_what_it_is_and_never_in_a_representation(
    store: Store, catalogue: Catalogue, secrets: Secrets, now: datetime
) -> None:
    demo = load_demo(store, catalogue, secrets, lambda: "first password", now)
    offered = store.read(lambda tx: list(offered_keys(tx, secrets)))
    assert {each.text for each in offered} == {key.text for key in demo.keys}
    for each in offered:
        read = read_key(each.text, secrets)
        assert isinstance(read, ProductKey)
        assert read.serial == each.serial
        assert each.text not in repr(each)
