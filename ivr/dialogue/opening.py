"""How a call begins: the greeting, the main menu, an outage told before any digit is asked, going on with an earlier call."""

from dataclasses import replace

from activation.installation_id import check_group
from ivr.dialogue import entry, readback, volume
from ivr.dialogue.data_keys import StarCommand, read_keys
from ivr.dialogue.errands import decide, miss, run, to_person
from ivr.dialogue.line import Line, Move, Moved, Room, go, has_stopped, hold, home, is_quiet, keep_quiet, stay
from ivr.dialogue.menu import menu
from ivr.errand import FetchEarlier
from ivr.heard import CallStarted, Digits, FromCaller, Silence
from ivr.prompts import Ask, Say, say
from ivr.script import DIGITS, LANGUAGE_KEYS, Script
from ivr.state import Earlier, Place, State

TRIES_TO_PROVE = 2


def start(line: Line, state: State, heard: CallStarted) -> Moved:
    """The greeting; then the outage, the offer to go on with an earlier call, or the main menu."""
    greeted = replace(
        state,
        language=heard.language,
        country=heard.country,
        textable=heard.textable,
        recognised=heard.recognised,
        caller_hint=heard.caller_hint,
        service_up=heard.service_up,
    )
    welcome = say("greeting.welcome", line=line.name)
    if heard.earlier and heard.service_up:
        return go(replace(greeted, earlier=heard.earlier), Place.RESUME, welcome)
    return home(greeted, welcome)


def _offers(line: Line, state: State) -> tuple[Say, ...]:
    """The other languages, each in its own words and voice; last, when who has understood has pressed a key by then."""
    script = line.scripts[state.language]
    return tuple(
        Say("language.offer", (("key", _key_name(key, script.family[other])),), other) for key, other in script.choices.items()
    )


def _key_name(key: str, script: Script) -> str:
    return script.sentence("language.pound") if key == "#" else key


def _choose(key: str) -> Move:
    """The language behind this key. Its greeting says once more what callers must know, which they may not have understood."""

    def move(line: Line, state: State) -> Moved:
        chosen = line.scripts[state.language].choices.get(key)
        if chosen is None:
            return miss(state, say("common.misunderstood"))
        return home(replace(state, language=chosen), say("greeting.welcome", line=line.name))

    return move


_LANGUAGES = {key: _choose(key) for key in LANGUAGE_KEYS}

MENU = menu(
    "menu",
    lambda line, state: (say("menu.question"), *_offers(line, state)),
    lambda state: {
        "1": entry.begin,
        "2": volume.begin_more,
        "3": entry.begin_after_refusal,
        "4": lambda line, state: go(state, Place.REQUESTS),
        "5": entry.begin_express,
        **_LANGUAGES,
    },
    back=lambda line, state: home(state),
)

OUTAGE = menu(
    "outage",
    lambda line, state: (say("outage.question"), *_offers(line, state)),
    lambda state: {"2": volume.begin_more, **_LANGUAGES},
    back=lambda line, state: home(state),
    silent_goodbye="farewell.outage",
)


def _earlier(state: State) -> Earlier:
    assert state.earlier is not None  # there is one at RESUME
    return state.earlier


def _ask_group(line: Line, state: State) -> Ask:
    spoken = () if is_quiet(state) else (say("resume.question", number=_earlier(state).group_number),)
    return Ask(spoken, digits=_earlier(state).group_length - len(state.partial), timeout_seconds=4)


def _hear_group(line: Line, state: State, heard: FromCaller) -> Moved:
    match heard:
        case Silence():
            moved, said = keep_quiet(state)
            return go(moved, moved.place) if has_stopped(moved) else (moved, said)
        case Digits(keys):
            return _take(state, read_keys(keys))
    return miss(state, say("common.misunderstood"))


def _take(state: State, keyed: StarCommand | str) -> Moved:
    match keyed:
        case StarCommand.PERSON:
            return to_person(replace(state, earlier=None), "agent.asked")
        case StarCommand.REPEAT:
            return go(state, state.place)
        case StarCommand():
            return home(replace(state, earlier=None, replaces=_earlier(state).sid), say("resume.anew"))
    digits = state.partial + keyed
    if len(digits) < _earlier(state).group_length:
        return hold(state, digits)
    return run(state, FetchEarlier(_earlier(state).sid, digits))


def earlier_fetched(line: Line, state: State, keyed: str, dropped: State | None) -> Moved:
    """Go on if the group is the earlier call's: with its groups, failure counts and read-back, never a person's decision."""
    here = replace(state, place=Place.RESUME)
    if dropped is None or not dropped.is_unfinished:
        return home(replace(here, earlier=None), say("resume.anew"))
    if keyed == dropped.entry.groups[dropped.entry.proof]:
        return _go_on(here, dropped)
    tried = replace(_earlier(state), tries=_earlier(state).tries + 1)
    if tried.tries >= TRIES_TO_PROVE:
        return home(replace(here, earlier=None), say("resume.wrong"), say("resume.anew"))
    return stay(replace(here, earlier=tried), say("resume.wrong"))


def _go_on(state: State, dropped: State) -> Moved:
    resumed = replace(
        state,
        language=dropped.language,
        entry=dropped.entry,
        readback=dropped.readback,
        verdicts=dropped.verdicts,
        searches=dropped.searches,
        replaces=_earlier(state).sid,
        earlier=None,
    )
    gone_on = say("resume.gone_on")
    if dropped.readback is not None:
        return readback.go_on(resumed, gone_on)
    return decide(resumed) if dropped.entry.is_complete else go(resumed, Place.ENTRY, gone_on)


def _holds(state: State, digits: str) -> bool:
    return len(digits) == _earlier(state).group_length and check_group(digits)


RESUME = Room(_ask_group, _hear_group, DIGITS, takes_digits=True, holds=_holds)
