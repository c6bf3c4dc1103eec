"""Passwords, kept only as Argon2id hashes with the library's recommended cost."""

from argon2 import PasswordHasher

_HASHER = PasswordHasher()


def hash_password(password: str) -> str:
    """The hash to store; it carries its own salt and cost."""
    return _HASHER.hash(password)
