"""Confirmation IDs: an issue number and a truncated HMAC over (installation ID, issue number), in blocks with check digits.

Every issued one works on that installation and on no other (requirement row 19).
"""

import hmac
from dataclasses import dataclass
from enum import StrEnum

from activation.catalogue import Layout
from activation.digits import check_digit_holds, clean_digits, split_groups, with_check_digit

ISSUE_NUMBERS = 10
BLOCK_LETTERS = "ABCDEFGHIJ"


class ConfirmationFault(StrEnum):
    """Why digits are not the confirmation ID of this computer."""

    MALFORMED = "malformed"
    LENGTH = "length"
    BLOCK = "block"
    OTHER_COMPUTER = "other computer"


@dataclass(frozen=True, slots=True)
class BadConfirmation:
    """A refused confirmation ID: why, and the letter of the block at fault where there is one."""

    fault: ConfirmationFault
    block: str | None = None


def write_confirmation_id(installation_id: str, issue_number: int, layout: Layout, key: bytes) -> tuple[str, ...]:
    """The blocks for this installation ID (solid digits) and issue number (0-9), under the product's 32-byte key."""
    room = layout.blocks * (layout.block_length - 1) - 1
    digest = hmac.digest(key, f"{installation_id}/{issue_number}".encode(), "sha256")
    data = f"{issue_number}{int.from_bytes(digest, 'big') % 10**room:0{room}d}"
    return tuple(with_check_digit(part) for part in split_groups(data, (layout.block_length - 1,) * layout.blocks))


def check_confirmation_id(text: str, installation_id: str, layout: Layout, key: bytes) -> int | BadConfirmation:
    """The issue number of a right confirmation ID, or what is wrong with it; needs no connection, only the product's key."""
    digits = clean_digits(text)
    if digits is None:
        return BadConfirmation(ConfirmationFault.MALFORMED)
    if len(digits) != layout.confirmation_digits:
        return BadConfirmation(ConfirmationFault.LENGTH)
    blocks = split_groups(digits, (layout.block_length,) * layout.blocks)
    for letter, block in zip(BLOCK_LETTERS, blocks, strict=False):
        if not check_digit_holds(block):
            return BadConfirmation(ConfirmationFault.BLOCK, letter)
    issue_number = int(digits[0])  # it begins with it
    if blocks == write_confirmation_id(installation_id, issue_number, layout, key):
        return issue_number
    issues = [write_confirmation_id(installation_id, number, layout, key) for number in range(ISSUE_NUMBERS)]
    return BadConfirmation(*_nearest_block(blocks, issues))


def _nearest_block(blocks: tuple[str, ...], issues: list[tuple[str, ...]]) -> tuple[ConfirmationFault, str | None]:
    """The first block that differs where at most two do; else the ID belongs to another computer."""
    for right in issues:
        wrong = [letter for letter, mine, theirs in zip(BLOCK_LETTERS, blocks, right, strict=False) if mine != theirs]
        if len(wrong) <= 2:
            return ConfirmationFault.BLOCK, wrong[0]
    return ConfirmationFault.OTHER_COMPUTER, None
