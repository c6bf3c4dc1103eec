"""Whom an attempt counts for: an address of the old kind, a network of the new one, a name however it is written."""

from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis.strategies import integers

from callcenter.floor.askers import digest_address, digest_name, read_address

HOSTS = integers(0, 2**64 - 1)


@given(network=integers(0x2000 << 48, 0x3FFF << 48), one=HOSTS, other=HOSTS)
def test_nobody_gets_more_attempts_by_changing_addresses_within_a_network(network: int, one: int, other: int) -> None:
    first, second = (str(IPv6Address(network << 64 | host)) for host in (one, other))
    neighbour = str(IPv6Address((network ^ 1) << 64 | one))
    assert digest_address(first) == digest_address(second) != digest_address(neighbour)


def test_addresses_of_the_old_kind_count_each_for_itself_in_whatever_clothes() -> None:
    assert digest_address("192.0.2.1") == digest_address("::ffff:192.0.2.1") != digest_address("192.0.2.2")


@pytest.mark.parametrize("text", ["", "unix", "192.0.2.256", "2001:db8::/64"])
def test_what_is_no_address_is_counted_as_it_is(text: str) -> None:
    assert read_address(text) is None
    assert digest_address(text) == digest_name(text) != digest_address("192.0.2.1")


def test_a_name_is_the_same_in_any_letters_and_cannot_be_read_from_its_digest() -> None:
    assert digest_name(" Larkspur-1") == digest_name("larkspur-1")
    assert "larkspur" not in digest_name("larkspur-1")
