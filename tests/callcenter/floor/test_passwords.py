"""Passwords and what a new one must be."""

import pytest
from argon2 import PasswordHasher

from callcenter.floor import passwords
from callcenter.floor.passwords import hash_password, is_password, needs_new_hash, password_fault


def test_only_the_password_itself_is_the_password() -> None:
    kept = hash_password("correct horse battery")
    assert is_password(kept, "correct horse battery")
    assert not is_password(kept, "correct horse batterY")
    assert not is_password(kept, "")


def test_a_hash_made_at_another_cost_is_to_be_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = hash_password("correct horse battery")
    assert not needs_new_hash(kept)
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert needs_new_hash(kept)
    assert is_password(kept, "correct horse battery")


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("eleven char", "12 to 128"),
        ("x" * 129, "12 to 128"),
        ("abababababababab", "same few characters"),
        ("the tale of Amira", "your name"),
        ("present password", "present password"),
    ],
)
def test_a_poor_new_password_is_told_why(password: str, word: str) -> None:
    fault = password_fault(password, "amira", "present password")
    assert fault is not None
    assert word in fault


def test_a_good_new_password_is_taken() -> None:
    assert password_fault("twelve chars", "amira", "present password") is None
