"""The call that people make to a caller who asked for one: who calls, that this is a simulator, and one key to be connected.

Until that key this call knows nothing of the earlier one: a machine may have answered, or somebody else.
"""

from dataclasses import replace

from ivr.dialogue import person
from ivr.dialogue.errands import run
from ivr.dialogue.line import Line, Moved, Room, end, go, spell, stay
from ivr.errand import TakeOver
from ivr.heard import CalledBack, Digits, FromCaller, TakenOver
from ivr.prompts import Ask, say
from ivr.state import Callback, Place, State

WORDS = "called back"
ASKS = 3
"""How often the key is asked for; after that nobody is taken to be there."""


def start(line: Line, state: State, heard: CalledBack) -> Moved:
    """The greeting of a callback; one that nobody is waiting with any more is told so."""
    greeted = replace(
        state,
        language=heard.language,
        textable=heard.textable,
        recognised=bool(heard.caller_hint),
        caller_hint=heard.caller_hint,
        case_number=heard.case_number,
    )
    welcome = (say("greeting.welcome", line=line.name), say("callback.you_asked"))
    if not heard.sid:
        return end(greeted, *welcome, say("callback.over"))
    case = (say("person.case"), spell(line, heard.case_number))
    return go(replace(greeted, callback=Callback(of=heard.sid)), Place.CALLED_BACK, *welcome, *case)


def _ask(line: Line, state: State) -> Ask:
    return Ask((say("callback.connect"),), digits=1)


def _hear(line: Line, state: State, heard: FromCaller) -> Moved:
    """Only the key itself, or its words: an answering machine talks too."""
    if isinstance(heard, Digits) and heard.keys.startswith("1"):
        return run(state, TakeOver(state.callback.of))
    asked = replace(state, silences=state.silences + 1)
    return end(asked, say("callback.not_reached")) if asked.silences >= ASKS else stay(asked)


def taken_over(line: Line, state: State, heard: TakenOver) -> Moved:
    """The earlier call goes on in this one, with the person, in the queue again, or on the line if people are done with it."""
    earlier = heard.earlier or replace(state, reason="agent.asked")
    here = replace(
        earlier,
        place=Place.CALLED_BACK,
        textable=state.textable,
        recognised=state.recognised,
        caller_hint=state.caller_hint,
        case_number=state.case_number,
        turns=state.turns,
        replaces=state.callback.of,
        callback=Callback(),
        errand=None,
    )
    return person.sent_to(line, here, heard.to)


CALLED_BACK = Room(_ask, _hear, WORDS)
