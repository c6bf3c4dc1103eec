"""The terminal as a telephone: a keyboard or a script to speak with, and witnesses who show and write down the call."""

import sys
from collections.abc import Callable
from typing import TextIO

from rich.console import Console

from pbx.call import Call, Direction, Ending
from pbx.terminal.script import Step
from pbx.terminal.scripted import ScriptedCaller
from pbx.terminal.terminal import TerminalCaller, TypedLines, read_lines
from pbx.terminal.typed import Caller, TypedPhone
from pbx.terminal.witness import ConsoleWitness, Transcript, Witness, Witnessed

Redact = Callable[[str], str]
"""Removes from a text what may never be shown or kept."""


class Handset:
    """What whoever uses the phone holds: the script when there are steps, else the keyboard."""

    def __init__(self, steps: tuple[Step, ...], transcript: TextIO | None, redact: Redact) -> None:
        self._steps = steps
        self._redact = redact
        self._types = sys.stdin.isatty() and not steps
        self._console = Console(highlight=False, markup=False)
        self._witnesses: list[Witness] = [ConsoleWitness(self._console, shows_acts=not self._types)]
        if transcript is not None:
            self._witnesses.append(Transcript(transcript))
        self._lines = TypedLines() if steps else read_lines(sys.stdin.fileno(), sys.stdin.encoding)

    def show(self, remark: str) -> None:
        """Something that makes no sound, on one line, with nothing that could move a terminal's cursor."""
        plain = "".join(character if character.isprintable() else " " for character in remark)
        for witness in self._witnesses:
            witness.saw(self._redact(plain))

    def show_end(self, ending: Ending) -> None:
        for witness in self._witnesses:
            witness.ended(ending)

    async def decide(self) -> None:
        """Answer a call that rings: a script does at once, a person with Enter. Raises HungUp to decline."""
        if not self._steps:
            self.show("Press Enter to answer, ! and Enter to decline.")
            await self._lines.next()

    def caller(self, call: Call) -> ScriptedCaller | TerminalCaller:
        if self._steps:
            return ScriptedCaller(self._steps, call)
        if self._types:
            greeting = "Calling." if call.direction is Direction.INBOUND else "Connected."
            self._console.print(f"{greeting} Type ? for help.", style="dim")
        return TerminalCaller(call, self._lines, self._console, prompts=self._types)

    def phone(self, caller: Caller) -> TypedPhone:
        return TypedPhone(Witnessed(caller, self._witnesses, self._redact))
