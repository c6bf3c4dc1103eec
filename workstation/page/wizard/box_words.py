"""What the computer says beside each box of a confirmation ID, and whether all of them are ready to go on."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from activation.digits import clean_digits
from workstation.computer.machine import Machine
from workstation.page.wizard.boxes import Box, Standing, read_boxes
from workstation.words import say


@dataclass(frozen=True, slots=True)
class ShownBox:
    """A box with its sentence."""

    letter: str
    text: str
    standing: Standing
    sentence: str


def show_boxes(machine: Machine, texts: Sequence[str], faulty: str = "") -> tuple[ShownBox, ...]:
    """The boxes as typed, in the computer's language; `faulty` is the letter of one that the whole ID has shown to be wrong."""
    layout = machine.media.header.layout
    return tuple(_shown(box, layout.block_length, machine.language, box.letter == faulty) for box in read_boxes(texts, layout))


def boxes_document(machine: Machine, texts: Sequence[str]) -> dict[str, object]:
    """What the page's script is told after each key: every box, and the sentence when all fit."""
    boxes = show_boxes(machine, texts)
    is_complete = all(box.standing is Standing.GOOD for box in boxes)
    return {
        "boxes": [asdict(box) for box in boxes],
        "complete": say("wizard.box.complete", machine.language) if is_complete else "",
    }


def _shown(box: Box, wanted: int, language: str, is_faulty: bool) -> ShownBox:
    standing = Standing.WRONG if is_faulty else box.standing
    typed = len(clean_digits(box.text) or "")
    sentence = say(_key(box, standing, wanted), language, letter=box.letter, typed=typed, wanted=wanted)
    return ShownBox(box.letter, box.text, standing, sentence)


def _key(box: Box, standing: Standing, wanted: int) -> str:
    if standing is not Standing.WRONG:
        return f"wizard.box.{standing}"
    digits = clean_digits(box.text)
    if digits is None:
        return "wizard.box.letters"
    return "wizard.box.long" if len(digits) > wanted else "wizard.box.wrong"
