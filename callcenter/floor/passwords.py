"""Passwords, kept only as Argon2id hashes with the library's recommended cost, and what a new one must be."""

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

SHORTEST, LONGEST = 12, 128
"""Characters of a new password; the longest keeps a sign-in from being made costly (OWASP Authentication Cheat Sheet)."""

_HASHER = PasswordHasher()


def hash_password(password: str) -> str:
    """The hash to store; it carries its own salt and cost."""
    return _HASHER.hash(password)


def is_password(password_hash: str, password: str) -> bool:
    """Whether this is the password. Raises argon2's InvalidHashError for a hash that is none."""
    try:
        return _HASHER.verify(password_hash, password)
    except VerificationError:
        return False


def needs_new_hash(password_hash: str) -> bool:
    """Whether the hash was made at another cost than today's, so that it is renewed at the next sign-in."""
    return _HASHER.check_needs_rehash(password_hash)


def password_fault(password: str, name: str, present: str) -> str | None:
    """Why this cannot be the new password of whoever signs in as `name`, as a sentence; None when it can."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"A password has {SHORTEST} to {LONGEST} characters; several words in a row are easy to remember."
    if len(set(password)) < SHORTEST // 2:
        return "That password repeats the same few characters; choose another."
    if name.casefold() in password.casefold():
        return "A password must not contain your name."
    return "That is your present password; choose another." if password == present else None
