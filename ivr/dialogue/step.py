"""One turn of the conversation: the table of places, and the step from one to the next."""

from collections.abc import Mapping
from dataclasses import replace

from ivr.dialogue import callback, called_back, decision, entry, opening, person, readback, volume
from ivr.dialogue.errands import to_person
from ivr.dialogue.line import Line, Moved, Room, end, stay
from ivr.dialogue.understanding import understand
from ivr.errand import BookCallback, Decide, FetchEarlier, FindAgreement, OpenCase, SendText, TakeOver
from ivr.heard import (
    AgreementLookedUp,
    AskedForPerson,
    CallbackAnswered,
    CalledBack,
    CallStarted,
    CaseOpened,
    Decided,
    EarlierFetched,
    FromCaller,
    FromHouse,
    Heard,
    HungUp,
    LeftQueue,
    MovedByPeople,
    SentTo,
    TakenOver,
    TextQueued,
)
from ivr.prompts import Connect, HangUp, Prompt, Say, Spoken, Transfer, say
from ivr.records import Whereabouts
from ivr.script import BY_KEY, Script
from ivr.state import Place, State

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
    Place.CALLBACK_CONSENT: callback.CALLBACK_CONSENT,
    Place.CALLBACK_NUMBER: callback.CALLBACK_NUMBER,
    Place.CALLED_BACK: called_back.CALLED_BACK,
}
"""Every place where the caller is asked something. The others wait (Start, Deciding, Queue, With agent) or are the end."""


def step(line: Line, state: State, heard: Heard) -> tuple[State, tuple[Prompt, ...]]:
    """One turn of the conversation. With an errand in the new state, run it and step again with its answer."""
    moved, said = _move(line, state, heard)
    moved = callback.forget_number(moved)
    return moved, _prompts(line, moved, said)


def _move(line: Line, state: State, heard: Heard) -> Moved:
    if state.place is Place.ENDED:
        return stay(state)
    match heard:
        case HungUp():
            return end(replace(state, errand=None))
        case CallStarted() | CalledBack():
            return _start(line, state, heard) if state.place is Place.START else stay(state)
        case AskedForPerson():
            return to_person(replace(state, errand=None), "agent.asked")
        case LeftQueue():
            return person.left_queue(line, state, heard) if state.place is Place.QUEUE else stay(state)
        case MovedByPeople():
            return stay(state)
        case SentTo(to):
            return _send(line, state, to)
        case _ if isinstance(heard, FromHouse):
            return _answer(line, state, heard)
        case _:
            return _hear(line, state, heard)


def _start(line: Line, state: State, heard: CallStarted | CalledBack) -> Moved:
    return called_back.start(line, state, heard) if isinstance(heard, CalledBack) else opening.start(line, state, heard)


def _send(line: Line, state: State, to: Whereabouts) -> Moved:
    """Only a call that has begun and is not being decided can be moved; one that is moved for ever ends."""
    if state.place in (Place.START, Place.DECIDING):
        return stay(state)
    if state.turns >= MAXIMUM_TURNS:
        return end(state, say("farewell.long"))
    return person.sent_to(line, replace(state, turns=state.turns + 1), to)


def _hear(line: Line, state: State, heard: FromCaller) -> Moved:
    if state.place is Place.START:
        return opening.start(line, state, CallStarted(language=line.language))
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
        case Decide(), Decided():
            return decision.hear_verdict(line, done, heard)
        case FindAgreement(), AgreementLookedUp(agreement):
            return volume.agreement_found(line, done, agreement)
        case OpenCase(), CaseOpened():
            return person.case_opened(line, done, heard)
        case SendText(), TextQueued():
            return readback.text_queued(line, done)
        case FetchEarlier(_, keyed), EarlierFetched(dropped):
            return opening.earlier_fetched(line, done, keyed, dropped)
        case BookCallback(), CallbackAnswered():
            return callback.answered(line, done, heard)
        case TakeOver(), TakenOver():
            return called_back.taken_over(line, done, heard)
    return stay(state)


def _prompts(line: Line, state: State, said: tuple[Spoken, ...]) -> tuple[Prompt, ...]:
    match state.place:
        case Place.START | Place.DECIDING:
            return ()
        case Place.QUEUE:
            return (*said, Transfer())
        case Place.WITH_AGENT:
            return (*said, Connect())
        case Place.ENDED:
            return (*said, HangUp())
    room, hears = ROOMS[state.place], state.language in line.hears
    question = room.ask(line, state)
    spoken = (*said, *question.spoken)
    if not hears:
        spoken = tuple(_by_key(each, line.scripts[state.language]) for each in spoken)
    return (replace(question, spoken=spoken, words=room.words, takes_digits=room.takes_digits, hears=hears),)


def _by_key(spoken: Spoken, script: Script) -> Spoken:
    """A sentence as it is for callers who are not heard: one that asks them to speak has another form."""
    if isinstance(spoken, Say) and spoken.key + BY_KEY in script.sentences:
        return replace(spoken, key=spoken.key + BY_KEY)
    return spoken
