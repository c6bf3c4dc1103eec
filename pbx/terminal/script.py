"""Scripts: calls written down, one step a line.

    # A wrong group is asked for again.
    hear "first group"
    keys {group1}
    say one two three
    silence
    wait
    hear "confirmation ID"
    end hung-up-by-line

`hear` looks, ignoring case, in what the line says before it next waits for the caller. `wait` stays on
the line, in real time, until what the script wants next can be done: the words of the `hear` that follows are said, or
the line asks; a queue or a conference may take as long as it takes, up to five minutes. The last step is `hang up` or
`end` with one of the endings.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pbx.call import Ending
from pbx.terminal.typed import KEYPAD, Act, Keys, Silence, Words

ENDINGS = {str(ending): ending for ending in Ending}
ALLOWED = 'hear "words", keys 123, say words, silence, wait, hang up, or end with one of: ' + ", ".join(ENDINGS)
NAME = re.compile(r"\{(\w+)\}")


class ScriptError(Exception):
    """A script that cannot be played, or a call that strayed from it: the line of the script and the sentence."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(line, sentence)
        self.line = line
        self.sentence = sentence

    def __str__(self) -> str:
        return f"line {self.line} of the script: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Hear:
    """The line must say this before it next waits for the caller."""

    words: str


@dataclass(frozen=True, slots=True)
class Wait:
    """The caller stays on the line until the next step can be done."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """The caller hangs up."""


@dataclass(frozen=True, slots=True)
class End:
    """The call must end this way."""

    ending: Ending


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a script and the line it stands on, counted from 1."""

    line: int
    does: Act | Hear | Wait | HangUp | End


def parse_script(text: str, values: Mapping[str, str]) -> tuple[Step, ...]:
    """The steps of a script with its {names} filled in. Raises ScriptError."""
    steps = tuple(_steps(text, values))
    if not steps:
        raise ScriptError(1, f"nothing to do; write {ALLOWED}")
    for step in steps[:-1]:
        if isinstance(step.does, End | HangUp):
            raise ScriptError(step.line, "the call is over here, but more steps follow")
    if not isinstance(steps[-1].does, End | HangUp):
        raise ScriptError(steps[-1].line, f"the last step must be `hang up` or `end` with one of: {', '.join(ENDINGS)}")
    return steps


def _steps(text: str, values: Mapping[str, str]) -> Iterator[Step]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield Step(number, _parse(number, _filled(number, line.strip(), values)))


def _filled(number: int, line: str, values: Mapping[str, str]) -> str:
    missing = [name for name in NAME.findall(line) if name not in values]
    if missing:
        known = f"known: {', '.join(sorted(values))}" if values else "none is known; use --set or --workstation"
        raise ScriptError(number, f"{{{missing[0]}}} has no value; {known}")
    return NAME.sub(lambda name: values[name[1]], line)


def _parse(number: int, line: str) -> Act | Hear | Wait | HangUp | End:
    word, _, rest = line.partition(" ")
    rest = rest.strip()
    match word.lower():
        case "hear" if len(rest) > 2 and rest[0] == rest[-1] == '"':
            return Hear(" ".join(rest[1:-1].split()))
        case "keys" if rest and KEYPAD.issuperset("".join(rest.split())):
            return Keys("".join(rest.split()))
        case "say" if rest:
            return Words(rest)
        case "silence" if not rest:
            return Silence()
        case "wait" if not rest:
            return Wait()
        case "hang" if rest.lower() == "up":
            return HangUp()
        case "end" if rest.lower() == Ending.BY_CALLER:
            return HangUp()
        case "end" if rest.lower() in ENDINGS:
            return End(ENDINGS[rest.lower()])
    raise ScriptError(number, f"not a step; write {ALLOWED}")
