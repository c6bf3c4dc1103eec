"""The desk's answer to a complete installation ID, the one question it may ask first, and what follows a refusal."""

from dataclasses import replace

from activation.claims import AskFirst, Granted, NeedsAgent, RefusalCode, Refused, Verdict
from ivr.dialogue import entry, readback
from ivr.dialogue.errands import SEARCHES_BEFORE_PERSON, decide, to_person
from ivr.dialogue.line import Line, Moved, go, home, stay
from ivr.dialogue.menu import menu
from ivr.entry import Entry
from ivr.heard import Decided
from ivr.prompts import say
from ivr.state import ASKED_FIRST, Place, State

STARTS_BEFORE_PERSON = 2
READ_WRONG = frozenset({RefusalCode.WHOLE_CHECK, RefusalCode.NOT_AUTHENTIC, RefusalCode.MALFORMED, RefusalCode.GROUP_CHECK})


def hear_verdict(line: Line, state: State, decided: Decided) -> Moved:
    """What the line makes of the desk's answer."""
    verdict = decided.verdict
    state = replace(state, verdicts=(*state.verdicts, verdict_code(verdict)))
    if isinstance(verdict, Refused) and verdict.code in READ_WRONG:
        return _read_again(state)
    is_up = not (isinstance(verdict, Refused) and verdict.code is RefusalCode.SERVICE_DOWN)
    proven = state.entry.proven(decided.installation_id or state.entry.digits)
    state = replace(state, entry=proven, service_up=is_up, searches=0)
    match verdict:
        case Granted():
            return readback.begin(line, state, verdict)
        case AskFirst():
            return go(state, Place.COMPUTERS)
        case NeedsAgent(reason, product_group):
            return to_person(replace(state, product_group=product_group), reason)
        case Refused():
            return _refuse(state, verdict)


def _read_again(state: State) -> Moved:
    """The groups hold one by one but are no ID together: once more from the first, then a person with the groups kept. Of
    groups that were said only the least certain is asked again."""
    if any(state.entry.heard):
        return _hear_again(state)
    starts = state.entry.starts + 1
    if starts >= STARTS_BEFORE_PERSON:
        return to_person(replace(state, settled=True), "agent.whole")
    fresh = Entry(starts=starts, failures=state.entry.failures, refused_before=state.entry.refused_before)
    reasked = state.reasked + len(state.entry.groups)
    return go(replace(state, entry=fresh, reasked=reasked), Place.ENTRY, say("entry.whole"))


def _hear_again(state: State) -> Moved:
    searched = replace(state, searches=state.searches + 1)
    if searched.searches >= SEARCHES_BEFORE_PERSON:
        return to_person(replace(searched, settled=True), "agent.whole")
    return entry.ask_least_certain(searched)


def _refuse(state: State, refused: Refused) -> Moved:
    why = say(refused.code, right=refused.right_product or "", number=refused.group or 0)
    settled = refused.code is not RefusalCode.SERVICE_DOWN
    return go(replace(state, reason=refused.code, settled=settled), Place.REFUSED, why)


def verdict_code(verdict: Verdict) -> str:
    """A verdict in one word, for the people who look at the call."""
    match verdict:
        case Refused(code):
            return code
        case NeedsAgent(reason):
            return reason
        case Granted():
            return "granted"
        case AskFirst():
            return ASKED_FIRST


def _answer(computers: int, line: Line, state: State) -> Moved:
    return decide(replace(state, entry=replace(state.entry, computers=computers)))


COMPUTERS = menu(
    "computers",
    lambda line, state: (say("computers.question"),),
    lambda state: {"1": lambda line, state: _answer(1, line, state), "2": lambda line, state: _answer(2, line, state)},
    back=lambda line, state: stay(state),
    timeout_seconds=8,
)

REFUSED = menu(
    "refused",
    lambda line, state: (say("refused.next" if state.settled else "refused.try_again"),),
    lambda state: {"1": entry.begin if state.settled else lambda line, state: decide(state)},
    back=lambda line, state: home(state) if state.settled else stay(state),
)
