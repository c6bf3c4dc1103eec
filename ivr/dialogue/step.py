"""One turn of the conversation: the table of places, and the step from one to the next."""

from collections.abc import Mapping
from dataclasses import replace

from ivr.dialogue import decision, entry, opening, person, readback, volume
from ivr.dialogue.errands import to_person
from ivr.dialogue.line import Line, Moved, Room, end, stay
from ivr.dialogue.understanding import understand
from ivr.heard import (
    AgreementLookedUp,
    AskedForPerson,
    CallStarted,
    CaseOpened,
    Decided,
    EarlierFetched,
    FromHouse,
    Heard,
    HungUp,
    LeftQueue,
    TextQueued,
)
from ivr.prompts import HangUp, Prompt, Spoken, Transfer, say
from ivr.state import Decide, FetchEarlier, FindAgreement, OpenCase, Place, SendText, State

MAXIMUM_TURNS = 500
"""No honest call has so many turns; one that does ends (requirements E3.5)."""

ROOMS: Mapping[Place, Room] = {
    Place.RESUME: opening.RESUME,
    Place.MENU: opening.MENU,
    Place.OUTAGE: opening.OUTAGE,
    Place.ENTRY: entry.ENTRY,
    Place.EXPRESS: entry.EXPRESS,
    Place.COMPUTERS: decision.COMPUTERS,
    Place.REFUSED: decision.REFUSED,
    Place.READBACK: readback.READBACK,
    Place.ACCEPTED: readback.ACCEPTED,
    Place.REQUESTS: volume.REQUESTS,
    Place.AGREEMENT: volume.AGREEMENT,
    Place.GROUP_CHOICE: volume.GROUP_CHOICE,
    Place.QUANTITY: volume.QUANTITY,
    Place.CONFIRM: volume.CONFIRM,
    Place.AFTER_QUEUE: person.AFTER_QUEUE,
}
"""Every place where the caller is asked something. The others wait (Start, Deciding, Queue) or are the end."""


def step(line: Line, state: State, heard: Heard) -> tuple[State, tuple[Prompt, ...]]:
    """One turn of the conversation. With an errand in the new state, run it and step again with its answer."""
    moved, said = _move(line, state, heard)
    return moved, _prompts(line, moved, said)


def _move(line: Line, state: State, heard: Heard) -> Moved:
    if state.place is Place.ENDED:
        return stay(state)
    match heard:
        case HungUp():
            return end(replace(state, errand=None))
        case CallStarted():
            return opening.start(line, state, heard) if state.place is Place.START else stay(state)
        case AskedForPerson():
            return to_person(replace(state, errand=None), "agent.asked")
        case LeftQueue():
            return person.left_queue(line, state) if state.place is Place.QUEUE else stay(state)
        case Decided() | AgreementLookedUp() | CaseOpened() | TextQueued() | EarlierFetched():
            return _answer(line, state, heard)
    if state.place is Place.START:
        return opening.start(line, state, CallStarted())
    if state.place not in ROOMS:
        return stay(state)
    if state.turns >= MAXIMUM_TURNS:
        return end(state, say("farewell.long"))
    room = ROOMS[state.place]
    return room.hear(line, replace(state, turns=state.turns + 1), understand(line, state, room, heard))


def _answer(line: Line, state: State, heard: FromHouse) -> Moved:
    """The house answers the errand under way; an answer to anything else changes nothing."""
    done = replace(state, errand=None)
    match state.errand, heard:
        case Decide(), Decided(verdict):
            return decision.hear_verdict(line, done, verdict)
        case FindAgreement(), AgreementLookedUp(agreement):
            return volume.agreement_found(line, done, agreement)
        case OpenCase(), CaseOpened():
            return person.case_opened(line, done, heard)
        case SendText(), TextQueued():
            return readback.text_queued(line, done)
        case FetchEarlier(_, keyed), EarlierFetched(dropped):
            return opening.earlier_fetched(line, done, keyed, dropped)
    return stay(state)


def _prompts(line: Line, state: State, said: tuple[Spoken, ...]) -> tuple[Prompt, ...]:
    match state.place:
        case Place.START | Place.DECIDING:
            return ()
        case Place.QUEUE:
            return (*said, Transfer())
        case Place.ENDED:
            return (*said, HangUp())
    room = ROOMS[state.place]
    question = room.ask(line, state)
    return (replace(question, spoken=(*said, *question.spoken), words=room.words, takes_digits=room.takes_digits),)
