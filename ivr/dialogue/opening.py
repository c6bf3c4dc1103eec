"""How a call begins: the greeting, the main menu, an outage told before any digit is asked, going on with a dropped call."""

from dataclasses import replace

from ivr.dialogue import entry, volume
from ivr.dialogue.data_keys import StarCommand, read_keys
from ivr.dialogue.errands import decide, miss, to_person
from ivr.dialogue.line import Line, Moved, Room, go, is_quiet, keep_quiet, stay
from ivr.dialogue.menu import menu
from ivr.heard import CallStarted, Digits, FromCaller, Silence
from ivr.prompts import Ask, say
from ivr.script import DIGITS
from ivr.state import Place, State


def start(line: Line, state: State, heard: CallStarted) -> Moved:
    """The greeting; then the outage, the offer to go on with a dropped call, or the main menu."""
    greeted = replace(state, country=heard.country, textable=heard.textable)
    welcome = say("greeting.welcome", line=line.name)
    if not heard.service_up:
        return go(greeted, Place.OUTAGE, welcome)
    if heard.earlier and heard.earlier.state.is_unfinished:
        offered = replace(greeted, earlier=heard.earlier, language=heard.earlier.state.language)
        return go(offered, Place.RESUME, welcome)
    return go(greeted, Place.MENU, welcome)


MENU = menu(
    "menu",
    lambda line, state: (say("menu.question"),),
    lambda state: {
        "1": entry.begin,
        "2": volume.begin_more,
        "3": entry.begin_after_refusal,
        "4": lambda line, state: go(state, Place.REQUESTS),
        "5": entry.begin_express,
    },
    back=lambda line, state: stay(state),
)

OUTAGE = menu(
    "outage",
    lambda line, state: (say("outage.question"),),
    lambda state: {"2": volume.begin_more},
    back=lambda line, state: stay(state),
    silent_goodbye="farewell.silent_accepted",
)


def _last_accepted(state: State) -> int:
    """The index of the last group the earlier call had accepted."""
    assert state.earlier is not None  # only asked at RESUME
    groups = state.earlier.state.entry.groups
    return max(index for index, group in enumerate(groups) if group)


def _ask_group(line: Line, state: State) -> Ask:
    assert state.earlier is not None  # only asked at RESUME
    index = _last_accepted(state)
    length = len(state.earlier.state.entry.groups[index] or "")
    spoken = () if is_quiet(state) else (say("resume.question", number=index + 1),)
    return Ask(spoken, digits=length, timeout_seconds=4)


def _hear_group(line: Line, state: State, heard: FromCaller) -> Moved:
    match heard:
        case Silence():
            return keep_quiet(state)
        case Digits(keys):
            return _check_group(line, state, read_keys(keys))
    return miss(state, say("common.misunderstood"))


def _check_group(line: Line, state: State, keyed: StarCommand | str) -> Moved:
    assert state.earlier is not None  # only asked at RESUME
    match keyed:
        case StarCommand.PERSON:
            return to_person(replace(state, earlier=None), "agent.asked")
        case StarCommand.REPEAT:
            return stay(state)
        case StarCommand():
            return go(replace(state, earlier=None), Place.MENU, say("resume.anew"))
    if keyed == state.earlier.state.entry.groups[_last_accepted(state)]:
        return _go_on(line, state)
    if state.misses:
        return go(replace(state, earlier=None), Place.MENU, say("resume.anew"))
    return stay(replace(state, misses=1), say("resume.wrong", number=_last_accepted(state) + 1))


def _go_on(line: Line, state: State) -> Moved:
    """Take over groups, failure counts and read-back position from the dropped call; never a decision of a person."""
    assert state.earlier is not None  # only asked at RESUME
    dropped = state.earlier.state
    resumed = replace(
        state, entry=dropped.entry, readback=dropped.readback, took_over=state.earlier.sid, earlier=None, misses=0
    )
    gone_on = say("resume.gone_on")
    if dropped.readback is not None:
        read_out = dropped.readback.at >= len(dropped.readback.blocks)
        return go(resumed, Place.ACCEPTED if read_out else Place.READBACK, gone_on)
    return decide(resumed) if dropped.entry.is_complete else go(resumed, Place.ENTRY, gone_on)


RESUME = Room(_ask_group, _hear_group, DIGITS, takes_digits=True)
