"""Identifiers given out must be read for ever: what fixed secrets gave once, they give in every later version."""

from activation.confirmation_id import write_confirmation_id
from activation.hardware import COMPONENTS, hash_hardware
from activation.installation_id import Installation, write_installation_id
from activation.keys import ProductKey, write_key
from activation.secrets import Secrets
from data.catalogue import load_catalogue

SECRETS = Secrets({1: bytes(range(32))})
CATALOGUE = load_catalogue()
INSTALLATION = Installation(product=33, serial=1008, hardware=0x0123456789ABCDEF)


def test_a_product_key() -> None:
    assert write_key(ProductKey(1, 33, 1008), SECRETS) == "SIMJ8-4XKHF-3699X-YW42X-H48GY"


def test_installation_ids_of_both_layouts() -> None:
    key = SECRETS.installation_key(1)
    written = {
        name: " ".join(write_installation_id(INSTALLATION, CATALOGUE.header_for(layout, 1), key))
        for name, layout in CATALOGUE.layouts.items()
    }
    assert written == {
        "2003": "110106 759735 420942 884682 797618 109392 059021 869253 68",
        "default": "210101 759735 420942 884682 797618 109392 059021 869253 021362",
    }


def test_confirmation_ids_of_both_layouts() -> None:
    key = SECRETS.confirmation_key(1, 33)
    written = {
        name: " ".join(write_confirmation_id("1" * layout.digits, 7, layout, key)) for name, layout in CATALOGUE.layouts.items()
    }
    assert written == {
        "2003": "780336 177188 185956 534527 469739 123193 040682",
        "default": "729995 191821 607713 867867 589887 928938 736573 245537",
    }


def test_a_hardware_hash() -> None:
    assert hash_hardware({component.name: f"a {component.name}" for component in COMPONENTS}) == 0x540F79D6E09206C4


def test_the_key_of_another_purpose() -> None:
    assert SECRETS.purpose("callers").hex()[:16] == "7acfec520a5958b0"
