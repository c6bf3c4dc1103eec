"""Who watches a typed call: the console, which shows it, and the transcript, a script that can be played again.

Nothing reaches a witness before it has been redacted.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TextIO

from rich.console import Console
from rich.text import Text

from pbx.call import Ending
from pbx.leg import Listening
from pbx.terminal.typed import Act, Caller, Keys, Silence, Words


class Witness(Protocol):
    """Someone who is told what happens in a call."""

    def heard(self, words: str) -> None:
        """The line said this."""

    def saw(self, event: str) -> None:
        """Something happened that makes no sound."""

    def did(self, act: Act) -> None:
        """The caller did this."""

    def ended(self, ending: Ending) -> None:
        """The call is over."""


class Witnessed:
    """A `Caller` whose every act and every word heard is told to witnesses."""

    def __init__(self, caller: Caller, witnesses: Sequence[Witness], redact: Callable[[str], str]) -> None:
        self._caller = caller
        self._witnesses = witnesses
        self._redact = redact

    @property
    def hung_up(self) -> bool:
        return self._caller.hung_up

    def hear(self, words: str) -> None:
        self._caller.hear(words)
        for witness in self._witnesses:
            witness.heard(self._redact(words))

    def see(self, event: str) -> None:
        self._caller.see(event)
        for witness in self._witnesses:
            witness.saw(event)

    async def act(self, listening: Listening) -> Act:
        return self._shown(await self._caller.act(listening))

    async def pass_time(self, seconds: float, listening: Listening | None = None) -> Act | None:
        act = await self._caller.pass_time(seconds, listening)
        return None if act is None else self._shown(act)

    def _shown(self, act: Act) -> Act:
        told = Words(self._redact(act.text)) if isinstance(act, Words) else act
        for witness in self._witnesses:
            witness.did(told)
        return act


class ConsoleWitness:
    """Shows the call on a terminal, in colour where there is one."""

    def __init__(self, console: Console, shows_acts: bool) -> None:
        self._console = console
        self._shows_acts = shows_acts

    def heard(self, words: str) -> None:
        self._show("Line: ", "bold cyan", words)

    def saw(self, event: str) -> None:
        self._show("", "", f"({event})", "dim")

    def did(self, act: Act) -> None:
        if self._shows_acts:
            self._show("You:  ", "bold green", as_script(act))

    def ended(self, ending: Ending) -> None:
        self.saw(ending.sentence)

    def _show(self, speaker: str, speaker_style: str, words: str, style: str = "") -> None:
        # A pipe is not a page: only a terminal wraps lines.
        text = Text.assemble((speaker, speaker_style), (words, style))
        self._console.print(text, soft_wrap=not self._console.is_terminal)


class Transcript:
    """Writes the call down as a script."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def heard(self, words: str) -> None:
        self._write(f'hear "{words}"')

    def saw(self, event: str) -> None:
        self._write(f"# {event}")

    def did(self, act: Act) -> None:
        self._write(as_script(act))

    def ended(self, ending: Ending) -> None:
        self._write(f"end {ending}")

    def _write(self, line: str) -> None:
        self._file.write(f"{line}\n")
        self._file.flush()


def as_script(act: Act) -> str:
    """An act as a line of a script."""
    match act:
        case Keys(digits):
            return f"keys {digits}"
        case Words(text):
            return f"say {text}"
        case Silence():
            return "silence"
