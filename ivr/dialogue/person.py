"""Handing the call to a person: told honestly who is there, with a case number, and back again if nobody comes."""

from dataclasses import replace

from activation.claims import RefusalCode
from ivr.dialogue import readback
from ivr.dialogue.errands import decide, to_person
from ivr.dialogue.line import Line, Moved, end, go, home, spell
from ivr.dialogue.menu import menu
from ivr.heard import CaseOpened
from ivr.prompts import say
from ivr.state import ASKED_FIRST, Place, State


def case_opened(line: Line, state: State, opened: CaseOpened) -> Moved:
    """Say why, say who is there, give the case number, and join the queue while the centre is open."""
    known = replace(state, case_number=opened.number)
    why = say(state.reason, number=state.entry.at + 1)
    case = (say("person.case"), spell(line, opened.number))
    if not opened.staffing.is_open:
        return end(known, why, say("person.closed", hours=opened.staffing.hours), *case)
    who = say("person.connecting" if opened.staffing.people else "person.nobody")
    return go(known, Place.QUEUE, why, *case, who)


def left_queue(line: Line, state: State) -> Moved:
    """The caller pressed star in the queue, or waited long enough."""
    return go(state, Place.AFTER_QUEUE)


def _back(line: Line, state: State) -> Moved:
    """Where the call stopped: the read-back, the group in hand, the question about a complete ID; else the main menu."""
    gone_on = say("resume.gone_on")
    if state.readback:
        return readback.go_on(replace(state, settled=False), gone_on)
    if any(state.entry.groups) and not state.entry.is_complete:
        return go(state, Place.ENTRY, gone_on)
    if state.verdicts and state.verdicts[-1] in (ASKED_FIRST, RefusalCode.SERVICE_DOWN):
        return decide(state)
    return home(state)


def _wait_again(line: Line, state: State) -> Moved:
    return to_person(state, state.reason)


AFTER_QUEUE = menu(
    "after queue",
    lambda line, state: (say("person.case"), spell(line, state.case_number), say("person.left")),
    lambda state: {"0": _wait_again, "1": _wait_again},
    back=_back,
)
