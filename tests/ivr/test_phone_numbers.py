"""Telephone numbers: which are real, and what is kept of them."""

import pytest

from ivr.phone_numbers import PhoneNumber


@pytest.mark.parametrize("number", ["+12065550143", "+493023125142", "+3531234567"])
def test_a_real_number_is_kept_as_a_keyed_hash_and_two_digits(number: str) -> None:
    kept = PhoneNumber(number)
    assert kept.is_real
    assert kept.hint == number[-2:]
    assert kept.hashed(b"key") == kept.hashed(b"key") != kept.hashed(b"other key")
    assert number[1:] not in (kept.hashed(b"key") or "")


@pytest.mark.parametrize(
    "number",
    [
        "",
        "anonymous",
        "unknown",
        "+266696687",
        "+7378742833",
        "client:agent1",
        "sip:a@b",
        "+0123456789",
        "+1206555014x",
        "+٣٣٣٣٣٣٣٣",
    ],
)
def test_a_withheld_or_odd_one_is_nobody(number: str) -> None:
    nobody = PhoneNumber(number)
    assert (nobody.is_real, nobody.hint, nobody.hashed(b"key")) == (False, "", None)
