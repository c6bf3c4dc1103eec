"""Installation IDs: who I am (product, key serial, hardware hash), in digits that a person can read over the phone.

Data digits: the first (layout and epoch), 39 for the encrypted 128-bit block, further check digits over all of those (as
many as the layout has room for), one Damm digit over the whole; then every group is closed by a Damm digit of its own.
"""

import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, reduce

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from activation.catalogue import Catalogue, Header, Layout
from activation.digits import check_digit_holds, clean_digits, interim_digit, split_groups, with_check_digit
from activation.secrets import InstallationKey, Secrets

_BLOCK_DIGITS = 39
_TAG_BYTES = 4
_LARGEST_BLOCK = str((1 << 128) - 1)


@dataclass(frozen=True, slots=True)
class Installation:
    """What an installation ID says: the product's code (8 bits), the key's serial (24) and the hardware hash (64)."""

    product: int
    serial: int
    hardware: int


class IdFault(StrEnum):
    """Why digits are not an installation ID."""

    MALFORMED = "malformed"
    LENGTH = "length"
    LAYOUT = "layout"
    GROUP = "group"
    WHOLE = "whole"
    NOT_AUTHENTIC = "not authentic"


@dataclass(frozen=True, slots=True)
class BadId:
    """A refused installation ID: why, and the number of the group at fault (from 1) where there is one. Never its digits."""

    fault: IdFault
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """An installation ID that proved authentic: its first digit's meaning, its solid digits and what it says."""

    header: Header
    digits: str
    installation: Installation


def write_installation_id(installation: Installation, header: Header, key: InstallationKey) -> tuple[str, ...]:
    """The groups of the installation ID; the same installation under the same key always gives the same ones."""
    payload = (installation.product << 24 | installation.serial) << 64 | installation.hardware
    plain = payload.to_bytes(12, "big")
    sealed = _cipher(key).encryptor().update(plain + _tag(plain, key))
    core = f"{header.digit}{int.from_bytes(sealed, 'big'):0{_BLOCK_DIGITS}d}"
    data = with_check_digit(core + _spare_check_digits(core, _spare_digits(header.layout)))
    parts = split_groups(data, tuple(length - 1 for length in header.layout.groups))
    return tuple(with_check_digit(part) for part in parts)


def check_group(digits: str) -> bool:
    """Whether one group's own check digit holds; all that can be said of a group by itself."""
    return check_digit_holds(digits)


def layout_of(first_group: str, catalogue: Catalogue) -> Layout | None:
    """The layout that an installation ID beginning with this group is written in; None for a first digit that means nothing."""
    header = catalogue.headers.get(int(first_group[0])) if first_group else None
    return header.layout if header else None


def may_begin(digits: str, catalogue: Catalogue) -> bool:
    """Whether an installation ID may begin with these digits, few or many: the first one means something, and the others of the
    first group begin a number of 128 bits, as a third of all digits do."""
    layout = layout_of(digits, catalogue)
    if layout is None:
        return False
    block = digits[1 : layout.groups[0] - 1]
    return block <= _LARGEST_BLOCK[: len(block)]


def check_whole(digits: str, header: Header) -> BadId | None:
    """Whether solid ASCII digits of the right length satisfy every check that needs no key; None when they do."""
    groups = split_groups(digits, header.layout.groups)
    for number, group in enumerate(groups, start=1):
        if not check_group(group):
            return BadId(IdFault.GROUP, number)
    return None if whole_holds(data_digits(digits, header.layout), header.layout) else BadId(IdFault.WHOLE)


def whole_holds(data: str, layout: Layout) -> bool:
    """Whether ASCII data digits (without those that close the groups) satisfy the checks over the whole."""
    return whole_checker(layout)((data,))


def whole_checker(layout: Layout) -> Callable[[Sequence[str]], bool]:
    """What tells it of data digits group by group; quick enough for thousands of IDs made of the same groups."""
    after, spare = cache(interim_digit), _spare_digits(layout)

    def holds(groups: Sequence[str]) -> bool:
        data = "".join(groups)
        core = data[: 1 + _BLOCK_DIGITS]
        return data[len(core) : -1] == _spare_check_digits(core, spare) and reduce(after, groups, 0) == 0

    return holds


def can_complete(layout: Layout) -> bool:
    """Whether the checks over the whole, the last group's digits, tell nearly all about any one group beside the others."""
    return layout.groups[-1] == max(layout.groups) == _spare_digits(layout) + 2


def whole_completer(layout: Layout) -> Callable[[Sequence[str], int], Iterator[tuple[str, ...]]]:
    """What puts a group in this place so that the further check digits hold: some ten of 100,000 do, of these one holds all.

    Groups are without the digits that close them. Only for layouts that `can_complete`.
    """
    spare = _spare_digits(layout)

    def complete(groups: Sequence[str], place: int) -> Iterator[tuple[str, ...]]:
        before, behind = groups[:place], groups[place + 1 :]
        if not behind:
            core = "".join(before)
            yield (*before, with_check_digit(core + _spare_check_digits(core, spare))[len(core) :])
            return
        prime, length, core_behind = _LARGEST_PRIME[spare], layout.groups[place] - 1, "".join(behind[:-1])
        known = int("".join(before) + "0" * length + core_behind)
        first = (int(behind[-1][:-1]) - known) * pow(10 ** len(core_behind), -1, prime) % prime
        for value in range(first, 10**length, prime):
            yield (*before, f"{value:0{length}d}", *behind)

    return complete


def read_installation_id(text: str, catalogue: Catalogue, secrets: Secrets) -> Opened | BadId:
    """Opens an installation ID as people type it (any separators), or says what is wrong with it, as a value."""
    digits = clean_digits(text)
    if digits is None:
        return BadId(IdFault.MALFORMED)
    if not digits:
        return BadId(IdFault.LENGTH)
    header = catalogue.headers.get(int(digits[0]))
    if header is None or header.epoch not in secrets.masters:
        return BadId(IdFault.LAYOUT, 1)
    if len(digits) != header.layout.digits:
        return BadId(IdFault.LENGTH)
    if bad := check_whole(digits, header):
        return bad
    installation = block_opener(secrets.installation_key(header.epoch))(data_digits(digits, header.layout))
    return Opened(header, digits, installation) if installation else BadId(IdFault.NOT_AUTHENTIC)


def data_digits(digits: str, layout: Layout) -> str:
    """The digits without those that close the groups."""
    return "".join([group[:-1] for group in split_groups(digits, layout.groups)])


def block_opener(key: InstallationKey) -> Callable[[str], Installation | None]:
    """What tells of data digits that satisfy every check what they say under this key; None when they prove not authentic."""
    decrypt = _cipher(key).decryptor().update

    def open_block(data: str) -> Installation | None:
        value = int(data[1 : 1 + _BLOCK_DIGITS])
        if value >> 128:
            return None
        opened = decrypt(value.to_bytes(16, "big"))
        plain, tag = opened[:12], opened[12:]
        if not hmac.compare_digest(tag, _tag(plain, key)):
            return None
        return Installation(plain[0], int.from_bytes(plain[1:4], "big"), int.from_bytes(plain[4:], "big"))

    return open_block


def _cipher(key: InstallationKey) -> Cipher[ECB]:
    # One block under a key used for nothing else: ECB of a single block is the plain permutation, which is what is wanted here.
    return Cipher(AES(key.cipher), ECB())  # noqa: S305


def _tag(plain: bytes, key: InstallationKey) -> bytes:
    return hmac.digest(key.tag, plain, "sha256")[:_TAG_BYTES]


def _spare_digits(layout: Layout) -> int:
    """How many data digits the layout has beside the core and the check digit over the whole."""
    return sum(layout.groups) - len(layout.groups) - (1 + _BLOCK_DIGITS) - 1


def _spare_check_digits(core: str, spare: int) -> str:
    """Check digits over the whole for so many spare data digits: the remainder by the largest prime they can hold."""
    return f"{int(core) % _LARGEST_PRIME[spare]:0{spare}d}" if spare else ""


_LARGEST_PRIME = {1: 7, 2: 97, 3: 997, 4: 9973}
