"""The boxes of the confirmation ID: what is typed or pasted finds its box, and each is checked by itself (row 36)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from activation.catalogue import Layout
from activation.confirmation_id import BLOCK_LETTERS
from activation.digits import check_digit_holds, clean_digits, split_groups

LONGEST_TEXT = 200
"""Characters of one box that are read: room for a whole confirmation ID pasted with any separators."""


class Standing(StrEnum):
    """How a box stands."""

    EMPTY = "empty"
    BEGUN = "begun"
    GOOD = "good"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Box:
    """One block as typed: its letter, what stands in it, how that stands."""

    letter: str
    text: str
    standing: Standing


def spread(texts: Sequence[str], layout: Layout) -> tuple[str, ...]:
    """One text a box. A box that holds more digits than a block hands the rest on, so a whole ID may be pasted into any."""
    padded = [text[:LONGEST_TEXT] for text in texts[: layout.blocks]]
    padded += [""] * (layout.blocks - len(padded))
    for index, text in enumerate(padded):
        digits = clean_digits(text)
        if digits is None or len(digits) <= layout.block_length:
            padded[index] = text.strip() if digits is None else digits
            continue
        room = layout.blocks if len(digits) == layout.confirmation_digits else layout.blocks - index
        start = layout.blocks - room
        pieces = split_groups(digits, (layout.block_length,) * (room - 1))
        rest = digits[layout.block_length * (room - 1) :]
        filled = [piece for piece in (*pieces, rest) if piece]
        padded[start : start + len(filled)] = filled
    return tuple(padded)


def read_boxes(texts: Sequence[str], layout: Layout) -> tuple[Box, ...]:
    """The boxes with what was typed into them, each checked."""
    found = spread(texts, layout)
    return tuple(
        Box(letter, text, _standing(text, layout.block_length)) for letter, text in zip(BLOCK_LETTERS, found, strict=False)
    )


def _standing(text: str, length: int) -> Standing:
    digits = clean_digits(text)
    if digits is None or len(digits) > length:
        return Standing.WRONG
    if not digits:
        return Standing.EMPTY
    if len(digits) < length:
        return Standing.BEGUN
    return Standing.GOOD if check_digit_holds(digits) else Standing.WRONG
