"""Questions that one key answers. Everywhere 0 is a person, 9 says it again, star goes back."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from ivr.dialogue.errands import miss, to_person
from ivr.dialogue.line import SILENT_QUESTIONS, Line, Move, Moved, Room, end, go, goodbye, stay
from ivr.heard import Digits, FromCaller, Silence
from ivr.prompts import Ask, Spoken, say
from ivr.state import State

Options = Mapping[str, Move]


def menu(
    words: str,
    question: Callable[[Line, State], tuple[Spoken, ...]],
    options: Callable[[State], Options],
    back: Move,
    *,
    timeout_seconds: int = 5,
    silent_goodbye: str | None = None,
) -> Room:
    """A room that asks one question; `options` gives the move behind each key in a given state.

    `silent_goodbye` is the sentence that ends the call on silence where the usual one will not do.
    """

    def ask(line: Line, state: State) -> Ask:
        return Ask(question(line, state), digits=1, timeout_seconds=timeout_seconds)

    def hear(line: Line, state: State, heard: FromCaller) -> Moved:
        match heard:
            case Silence():
                silent = replace(state, silences=state.silences + 1)
                if silent.silences < SILENT_QUESTIONS:
                    return stay(silent)
                return end(silent, say(silent_goodbye)) if silent_goodbye else goodbye(silent)
            case Digits(keys) if keys:
                return _press(line, state, keys[0], options(state), back)
        return miss(state, say("common.misunderstood"))

    return Room(ask, hear, words)


def _press(line: Line, state: State, key: str, options: Options, back: Move) -> Moved:
    if key in options:
        return options[key](line, state)
    match key:
        case "0":
            return to_person(state, "agent.asked")
        case "9":
            return go(state, state.place)
        case "*":
            return back(line, state)
    return miss(state, say("common.misunderstood"))
