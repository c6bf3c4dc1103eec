"""Asking for a number by keys or voice: heard in one breath or several, tried three times at most."""

from collections.abc import Callable
from dataclasses import replace

from ivr.dialogue.data_keys import StarCommand, read_keys
from ivr.dialogue.errands import to_person
from ivr.dialogue.line import Line, Move, Moved, Room, go, has_stopped, hold, is_quiet, keep_quiet, stay
from ivr.heard import Digits, FromCaller, Silence
from ivr.prompts import Ask, Say, say
from ivr.script import DIGITS
from ivr.state import State

TRIES_BEFORE_PERSON = 3

Take = Callable[[State, str], Moved]
Holds = Callable[[State, str], bool]


def ask_person(line: Line, state: State) -> Moved:
    """What `*0` does while a number is asked for."""
    return to_person(state, "agent.asked")


def number_room(
    question: str, digits: int, finish_key: str, take: Take, back: Move, person: Move = ask_person, holds: Holds | None = None
) -> Room:
    """A room that asks for a number by keys or voice; without a finish key it has exactly so many digits. `holds` tells of a
    number with a check digit whether it does."""

    def ask(line: Line, state: State) -> Ask:
        spoken = () if is_quiet(state) else (say(question),)
        return Ask(spoken, digits - len(state.partial), timeout_seconds=4, finish_key=finish_key)

    def hear(line: Line, state: State, heard: FromCaller) -> Moved:
        match heard:
            case Silence():
                moved, said = keep_quiet(state)
                return take(replace(moved, partial=""), moved.partial) if has_stopped(moved) else (moved, said)
            case Digits(keys):
                return keyed(line, state, read_keys(keys))
        return try_again(state, say("common.misunderstood"))

    def keyed(line: Line, state: State, keys: StarCommand | str) -> Moved:
        match keys:
            case StarCommand.PERSON:
                return person(line, state)
            case StarCommand.BACK:
                return back(line, state)
            case StarCommand():
                return go(state, state.place)
        number = state.partial + keys
        unfinished = not finish_key and len(number) < digits
        return hold(state, number) if unfinished else take(replace(state, partial=""), number)

    return Room(ask, hear, DIGITS, takes_digits=True, holds=holds)


def try_again(state: State, said: Say, reason: str = "agent.unclear") -> Moved:
    """A number that will not do: three times, then a person."""
    tried = replace(state, misses=state.misses + 1, silences=0, partial="")
    return to_person(tried, reason) if tried.misses >= TRIES_BEFORE_PERSON else stay(tried, said)
