"""A story as it is printed: who does what, in a line each; what the line says is shortened."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from pbx.call import Ending
from pbx.terminal.typed import Act, Keys, Silence, Words

WIDTH = 12
LONGEST = 110
_BLOCK = re.compile(r"^([A-J])\. ([\d ]+)$")
_OFFER = re.compile(r"^\w+ ?: \d\.$")
"""The offer of another language, in that language."""

Show = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Narration:
    """Tells what happens; `show` takes a line."""

    show: Show

    def begin(self, title: str, told: str) -> None:
        """The story's first words."""
        self.show(f"\n{title}\n{'─' * min(len(title), LONGEST)}\n{told}\n")

    def tell(self, who: str, words: str) -> None:
        """Somebody does, says or shows something."""
        self.show(f"{who:<{WIDTH}} {shortened(words)}")

    def end(self, sentence: str) -> None:
        """The story's last words."""
        self.show(f"✓ {sentence}")


@dataclass(slots=True)
class Eavesdropper:
    """A `pbx.terminal.witness.Witness` who tells the call as it goes; the blocks of a confirmation ID in one line."""

    narration: Narration
    caller: str
    _blocks: list[str] = field(default_factory=list)

    def heard(self, words: str) -> None:
        if block := _BLOCK.match(words):
            self._blocks.append(f"{block[1]} {''.join(block[2].split())}")
            return
        self._tell_blocks()
        if not _OFFER.match(words):
            self.narration.tell("Line", words)

    def saw(self, event: str) -> None:
        """What makes no sound is no part of the story."""

    def did(self, act: Act) -> None:
        match act:
            case Keys(digits) if not self._blocks:
                self.narration.tell(self.caller, f"[{digits}]")
            case Words(text):
                self.narration.tell(self.caller, f"“{text}”")
            case Keys() | Silence():
                pass

    def ended(self, ending: Ending) -> None:
        """The story says itself how the call ended."""

    def _tell_blocks(self) -> None:
        if self._blocks:
            self.narration.tell("Line", ", ".join(self._blocks))
            self._blocks.clear()


def shortened(words: str) -> str:
    """At most so many characters, ending between two words."""
    if len(words) <= LONGEST:
        return words
    return words[: LONGEST - 2].rsplit(" ", 1)[0] + " …"
