"""Handing the turn to the house: whoever drives the conversation runs the errand, and its answer is the next thing heard."""

from dataclasses import replace

from activation.claims import Claim, Door
from ivr.dialogue.line import Line, Moved, stay
from ivr.errand import Decide, Errand, OpenCase
from ivr.prompts import Say
from ivr.state import Place, State

MISSES_BEFORE_PERSON = 4
SEARCHES_BEFORE_PERSON = 4
"""So often at most is an ID searched for in what was said before one is found: the bound on guesses (`docs/security.md`)."""


def run(state: State, errand: Errand) -> Moved:
    """To Deciding, saying nothing: whoever drives the conversation runs the errand and feeds the answer back."""
    return replace(state, place=Place.DECIDING, errand=errand, misses=0, silences=0, partial="", begun=()), ()


def decide(state: State) -> Moved:
    """Ask the desk about the complete installation ID."""
    asked = replace(state, entry=replace(state.entry, finished_by_agent=False))
    claim = claim_of(asked)
    return run(asked, Decide(claim if state.searches < SEARCHES_BEFORE_PERSON else replace(claim, heard=())))


def claim_of(state: State) -> Claim:
    """What the caller asks to have activated."""
    entry = state.entry
    return Claim(entry.digits, Door.PHONE, state.country, entry.computers, heard=entry.candidates)


def wait_again(line: Line, state: State) -> Moved:
    """Back to waiting for the person one was waiting for."""
    return to_person(state, state.reason)


def to_person(state: State, reason: str) -> Moved:
    """Have the call recorded for a person; `reason` is the key of the sentence that tells the caller why.

    A caller whom people sent to the queue out of the menu has none, and asks for a person like any other.
    """
    known = reason or "agent.asked"
    return run(replace(state, reason=known), OpenCase(known))


def miss(state: State, said: Say) -> Moved:
    """An answer that made no sense here: say so and ask again, after four of them offer a person instead."""
    missed = replace(state, misses=state.misses + 1, silences=0, partial="")
    return to_person(missed, "agent.unclear") if missed.misses >= MISSES_BEFORE_PERSON else stay(missed, said)
