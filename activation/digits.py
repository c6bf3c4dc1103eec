"""The one parser for digits that people type, paste or key, and the check digits over them.

Everything that takes an installation ID, a confirmation ID or an agreement number comes through `clean_digits` first:
`stdnum.damm` alone would also accept the digits of other scripts.
"""

import unicodedata

from stdnum import damm

_ASCII_DIGITS = frozenset("0123456789")
_LEADING_TO = {damm.checksum(digit): digit for digit in "0123456789"}
"""The digit that by itself leaves each interim digit."""
_SEPARATORS = frozenset(".,_/:;|'·•*()[]−\t\n\r\v\f")
_SEPARATOR_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Pd", "Cf"})


def clean_digits(text: str) -> str | None:
    """The ASCII digits of `text` without the separators people put between them; None when anything else is in it."""
    bare = text.replace("-", "").replace(" ", "")
    if bare.isascii() and bare.isdigit():  # what nearly everybody writes; anything else is looked at character by character
        return bare
    digits = []
    for character in text:
        if character in _ASCII_DIGITS:
            digits.append(character)
        elif character not in _SEPARATORS and unicodedata.category(character) not in _SEPARATOR_CATEGORIES:
            return None
    return "".join(digits)


def with_check_digit(digits: str) -> str:
    """`digits` followed by their Damm check digit, which catches every wrong digit and every swap of neighbours."""
    return digits + damm.calc_check_digit(digits)


def check_digit_holds(digits: str) -> bool:
    """Whether the last of these ASCII digits is the Damm check digit of those before it."""
    return len(digits) > 1 and _ASCII_DIGITS.issuperset(digits) and bool(damm.is_valid(digits))


def interim_digit(before: int, digits: str) -> int:
    """The Damm digit so far, once these digits follow others that left `before`; what ends in 0 holds its check digit."""
    return int(damm.checksum(_LEADING_TO[before] + digits))


def split_groups(digits: str, lengths: tuple[int, ...]) -> tuple[str, ...]:
    """`digits` cut into groups of these lengths; what is missing at the end gives short or empty groups."""
    groups, start = [], 0
    for length in lengths:
        groups.append(digits[start : start + length])
        start += length
    return tuple(groups)
