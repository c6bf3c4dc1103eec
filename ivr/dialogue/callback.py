"""A callback instead of waiting: on which number, by the caller's own yes, and what to expect.

A number is the people's from that yes on; before it, only the number keyed for this very question is known, and only until it.
"""

from dataclasses import replace

from ivr.dialogue.errands import run, wait_again
from ivr.dialogue.line import Line, Moved, end, go, spell
from ivr.dialogue.menu import menu
from ivr.dialogue.number import number_room, try_again
from ivr.errand import BookCallback
from ivr.heard import CallbackAnswered
from ivr.phone_numbers import keyed_number
from ivr.prompts import Spoken, say
from ivr.state import Callback, Place, State

MOST_KEYS = 17
"""The longest number (fifteen digits, ITU-T E.164), behind two zeros that some key for the plus."""


def begin(line: Line, state: State) -> Moved:
    """On the number the caller calls from, if there is one; else another is asked for."""
    return go(state, Place.CALLBACK_CONSENT if state.caller_hint else Place.CALLBACK_NUMBER)


def forget_number(state: State) -> State:
    """Wherever the call goes from the question about a keyed number, the number does not go along."""
    is_asked = state.place is Place.CALLBACK_CONSENT or not state.callback.number
    return state if is_asked else _with_number(state, "")


def _with_number(state: State, number: str) -> State:
    return replace(state, callback=replace(state.callback, number=number))


def _back(line: Line, state: State) -> Moved:
    return go(state, Place.AFTER_QUEUE)


def _ask_consent(line: Line, state: State) -> tuple[Spoken, ...]:
    """The number keyed is read back whole; of the one the caller calls from, the last digits tell enough."""
    keyed = state.callback.number
    which = say("callback.keyed_number") if keyed else say("callback.this_number")
    return (which, spell(line, keyed.removeprefix("+") or state.caller_hint), say("callback.consent"))


def _book(line: Line, state: State) -> Moved:
    return run(state, BookCallback(state.callback.number))


def _take_number(state: State, keyed: str) -> Moved:
    number = keyed_number(keyed)
    if number is None:
        return try_again(state, say("callback.bad_number"), state.reason)
    return go(_with_number(state, number), Place.CALLBACK_CONSENT)


def answered(line: Line, state: State, answer: CallbackAnswered) -> Moved:
    """The callback is booked, with the case number and what will be said first; or it is too late in the day for one."""
    if not answer.is_booked:
        return go(replace(state, callback=Callback()), Place.AFTER_QUEUE, say("callback.too_late"))
    booked = replace(state, callback=Callback(is_booked=True))
    case = (say("person.case"), spell(line, state.case_number))
    return end(booked, say("callback.booked"), *case, say("callback.goodbye"))


CALLBACK_CONSENT = menu(
    "callback consent",
    _ask_consent,
    lambda state: {"0": wait_again, "1": _book, "2": lambda line, state: go(state, Place.CALLBACK_NUMBER)},
    back=_back,
    timeout_seconds=8,
)

CALLBACK_NUMBER = number_room("callback.number", MOST_KEYS, "#", _take_number, back=_back, person=wait_again)
