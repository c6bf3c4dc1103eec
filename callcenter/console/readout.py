"""Values that are told by voice, block by block: confirmation IDs, product keys, with the word for every letter and digit."""

from dataclasses import dataclass

from activation.confirmation_id import BLOCK_LETTERS
from callcenter.floor.phonetic import WORDS, Spelled, phonetic


@dataclass(frozen=True, slots=True)
class ReadoutBlock:
    """One block: what it is called, the word for that where it is a letter, and its symbols."""

    label: str
    spoken_label: str
    symbols: tuple[Spelled, ...]


@dataclass(frozen=True, slots=True)
class Readout:
    """Something to be read out, shown once; `back` is where the page goes when it has been told."""

    title: str
    hint: str
    blocks: tuple[ReadoutBlock, ...]
    back: str


def confirmation_readout(blocks: tuple[str, ...], back: str) -> Readout:
    """A confirmation ID, its blocks called A, B, C as on the caller's screen."""
    lettered = zip(BLOCK_LETTERS, phonetic(" ".join(blocks)), strict=False)
    return Readout(
        "Read the confirmation ID out",
        "Say the block's letter, then its digits. The caller types each block into the box with that letter.",
        tuple(ReadoutBlock(letter, WORDS[letter], symbols) for letter, symbols in lettered),
        back,
    )


def key_readout(key_text: str, back: str) -> Readout:
    """A product key, its blocks counted."""
    return Readout(
        "Read the product key out",
        "Five blocks of five. The key is shown this once, and telling it is on the record; the contact sees it in the portal.",
        _numbered(key_text),
        back,
    )


def installation_readout(groups: tuple[str, ...], back: str) -> Readout:
    """The installation ID as the caller gave it, to be read back; groups that are missing are left out."""
    return Readout(
        "The installation ID as it was given",
        "Read a group back to the caller to compare. It is shown this once, and that is on the record.",
        tuple(ReadoutBlock(str(number), "", phonetic(group)[0]) for number, group in enumerate(groups, start=1) if group),
        back,
    )


def _numbered(text: str) -> tuple[ReadoutBlock, ...]:
    return tuple(ReadoutBlock(str(number), "", symbols) for number, symbols in enumerate(phonetic(text), start=1))
