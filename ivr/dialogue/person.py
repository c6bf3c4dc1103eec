"""Handing the call to a person: told honestly who is there, with a case number, and back again if nobody comes."""

from dataclasses import replace

from ivr.dialogue import readback
from ivr.dialogue.errands import to_person
from ivr.dialogue.line import Line, Moved, end, go, home, spell
from ivr.dialogue.menu import menu
from ivr.heard import CaseOpened
from ivr.prompts import say
from ivr.state import Place, State


def case_opened(line: Line, state: State, opened: CaseOpened) -> Moved:
    """Say why, say who is there, give the case number, and join the queue while the centre is open."""
    known = replace(state, case_number=opened.number)
    why = say(state.reason, number=state.entry.at + 1)
    case = (say("person.case"), spell(line, opened.number))
    if not opened.staffing.is_open:
        return end(replace(known, settled=True), why, say("person.closed", hours=opened.staffing.hours), *case)
    who = say("person.connecting" if opened.staffing.people else "person.nobody")
    return go(known, Place.QUEUE, why, *case, who)


def left_queue(line: Line, state: State) -> Moved:
    """The caller pressed star in the queue, or waited long enough."""
    return go(state, Place.AFTER_QUEUE)


def _back(line: Line, state: State) -> Moved:
    """Where the call stopped: in the read-back, or at the group in hand; else the main menu."""
    if state.readback:
        return readback.go_on(state, say("resume.gone_on"))
    if any(state.entry.groups) and not state.entry.is_complete:
        return go(state, Place.ENTRY, say("resume.gone_on"))
    return home(state)


AFTER_QUEUE = menu(
    "after queue",
    lambda line, state: (say("person.case"), spell(line, state.case_number), say("person.left")),
    lambda state: {"1": lambda line, state: to_person(state, state.reason)},
    back=_back,
)
