"""Passwords, kept only as Argon2id hashes with the library's recommended cost, and what a new one must be."""

from collections.abc import Mapping
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

SHORTEST, LONGEST = 12, 128
"""Characters of a new password; the longest keeps a sign-in from being made costly (OWASP Authentication Cheat Sheet)."""

NOT_PRESENT = "This is not your present password."
"""What is said at a form that asks for it."""

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


@cache
def nobodys_hash() -> str:
    """Checked for unknown names, so that they take as long as known ones; ask for it once before the first does."""
    return hash_password("nobody's password")


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


def new_password_faults(form: Mapping[str, str], name: str, present: str) -> dict[str, str]:
    """What is wrong with a new password that was typed twice (`new`, `again`), by the form's field."""
    new = form.get("new", "")
    if fault := password_fault(new, name, present):
        return {"new": fault}
    return {"again": "The two new passwords are not the same."} if new != form.get("again", "") else {}
