"""Handing the call to a person: told honestly who is there and how long it takes, and back to the line when people are done."""

from dataclasses import replace

from activation.claims import RefusalCode
from ivr.dialogue import callback, readback
from ivr.dialogue.errands import decide, wait_again
from ivr.dialogue.line import Line, Moved, end, go, home, spell, stay
from ivr.dialogue.menu import Options, menu
from ivr.heard import CaseOpened, LeftQueue
from ivr.prompts import Say, say
from ivr.records import Standing, Whereabouts
from ivr.state import ASKED_FIRST, Place, State

LONGEST_WAIT_TOLD_MINUTES = 60
_FROM_PEOPLE = frozenset({Place.QUEUE, Place.WITH_AGENT, Place.CALLED_BACK})


def case_opened(line: Line, state: State, opened: CaseOpened) -> Moved:
    """Say why, give the case number, say who is there, and join the queue while the centre is open."""
    known = replace(state, case_number=opened.number)
    why = say(state.reason, number=state.entry.at + 1)
    case = (say("person.case"), spell(line, opened.number))
    if not opened.staffing.is_open:
        return end(known, why, say("person.closed", hours=opened.staffing.hours), *case)
    who = standing(opened.standing) if opened.staffing.people else (say("person.nobody"),)
    return go(known, Place.QUEUE, why, *case, *who)


def standing(place: Standing | None) -> tuple[Say, ...]:
    """The caller's place in the queue and the expected wait, as far as anybody can tell."""
    if place is None:
        return (say("person.connecting"),)
    number = say("person.first") if place.position == 1 else say("person.position", number=place.position)
    return (number,) if place.expected_seconds is None else (number, _expected(place.expected_seconds))


def _expected(seconds: int) -> Say:
    minutes = round(seconds / 60)
    if minutes > LONGEST_WAIT_TOLD_MINUTES:
        return say("person.wait_long")
    if minutes > 1:
        return say("person.wait_minutes", minutes=minutes)
    return say("person.wait_minute" if seconds >= 60 else "person.wait_short")


def waiting(people: int, place: Standing | None, *, may_book: bool) -> tuple[Say, ...]:
    """What a waiting caller is told once in every round of the music."""
    who = standing(place) if people and place else (say("person.busy" if people else "person.nobody_yet"),)
    return (say("person.waiting"), *who, say("person.waiting_keys_callback" if may_book else "person.waiting_keys"))


def left_queue(line: Line, state: State, left: LeftQueue) -> Moved:
    """The caller pressed star in the queue, or waited as long as anybody is kept."""
    return go(replace(state, callback=replace(state.callback, is_offered=left.may_book)), Place.AFTER_QUEUE)


def sent_to(line: Line, state: State, to: Whereabouts) -> Moved:
    """To a person, back into the queue, or on with the line; nothing new for a caller who is there already."""
    if to is state.whereabouts and state.place is not Place.CALLED_BACK:
        return stay(state)
    match to:
        case Whereabouts.AGENT:
            return go(state, Place.WITH_AGENT, say("person.meeting"))
        case Whereabouts.QUEUE:
            return go(state, Place.QUEUE, say("person.queued_again"))
    return go_on(line, state) if state.place in _FROM_PEOPLE else stay(state)


def go_on(line: Line, state: State) -> Moved:
    """Where the call stopped: the read-back, the group in hand, the question about a complete ID; else the main menu."""
    gone_on = say("resume.gone_on")
    if state.readback:
        return readback.go_on(replace(state, settled=False), gone_on)
    if any(state.entry.groups) and not state.entry.is_complete:
        return go(state, Place.ENTRY, gone_on)
    if state.entry.finished_by_agent or (state.verdicts and state.verdicts[-1] in (ASKED_FIRST, RefusalCode.SERVICE_DOWN)):
        return decide(state)
    return home(state)


def _choices(state: State) -> Options:
    waits = {"0": wait_again, "1": wait_again}
    return {**waits, "2": callback.begin} if state.callback.is_offered else waits


AFTER_QUEUE = menu(
    "after queue",
    lambda line, state: (
        say("person.case"),
        spell(line, state.case_number),
        say("person.left_callback" if state.callback.is_offered else "person.left"),
    ),
    _choices,
    back=go_on,
)
