"""`step` is total: every place with every thing heard, over thousands of random calls; every call ends."""

import json
import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from activation.claims import AgentReason, AskFirst, Granted, NeedsAgent, RefusalCode, Refused
from activation.installation_id import Installation, write_installation_id
from activation.secrets import Secrets
from data.catalogue import load_catalogue
from ivr import twiml
from ivr.account import happened, progress
from ivr.dialogue import readback
from ivr.dialogue.line import Line
from ivr.dialogue.step import MAXIMUM_TURNS, ROOMS, step
from ivr.errand import BookCallback, Decide, FetchEarlier, FindAgreement, OpenCase, SendText, TakeOver
from ivr.heard import (
    AgreementLookedUp,
    Alternative,
    AskedForPerson,
    CallbackAnswered,
    CalledBack,
    CallStarted,
    CaseOpened,
    Decided,
    Digits,
    EarlierFetched,
    Heard,
    HungUp,
    LeftQueue,
    MovedByPeople,
    SentTo,
    Silence,
    Speech,
    Staffing,
    TakenOver,
    TextQueued,
    Unclear,
)
from ivr.prompts import Ask, Connect, HangUp, Prompt, Transfer
from ivr.records import Standing, VolumeAgreement, VolumeGroup, Whereabouts
from ivr.script import load_scripts
from ivr.state import Earlier, Place, State, read_state, write_state
from ivr.vocabulary import load_vocabularies

CATALOGUE = load_catalogue()
SCRIPTS = load_scripts()
LINE = Line("Test Line", CATALOGUE, SCRIPTS, load_vocabularies(SCRIPTS), hears=frozenset({"en", "de"}))
KEY = Secrets({1: b"1" * 32}).installation_key(1)
IDS = [
    write_installation_id(Installation(33, 7, 7), CATALOGUE.header_for(layout, 1), KEY) for layout in CATALOGUE.layouts.values()
]
AGREEMENT = "12345671"
PHRASES = sorted(
    {phrase for script in SCRIPTS.values() for words in script.words.values() for each in words.values() for phrase in each}
)

keys = st.one_of(
    st.sampled_from(
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#", "*0", "*1", "*9", "**", AGREEMENT, "25", "0000"]
    ),
    st.sampled_from([group for groups in IDS for group in groups] + ["".join(groups) for groups in IDS]),
    st.text("0123456789*#", max_size=60),
)
words = st.one_of(st.sampled_from(PHRASES), keys, st.text(max_size=30))
from_caller: st.SearchStrategy[Heard] = st.one_of(
    st.builds(Digits, keys),
    st.builds(lambda text: Speech((Alternative(text),)), words),
    st.lists(st.builds(Alternative, words, st.floats(-20, 0)), max_size=10).map(lambda listed: Speech(tuple(listed))),
    st.just(Silence()),
    st.just(Unclear()),
)
verdicts = st.one_of(
    st.builds(Granted, st.just(("123456",) * 8), st.integers(0, 9), st.just("x"), st.booleans(), st.booleans()),
    st.builds(Refused, st.sampled_from(RefusalCode), st.none() | st.integers(1, 9), st.none() | st.just("x")),
    st.just(AskFirst()),
    st.builds(NeedsAgent, st.sampled_from(AgentReason), st.none()),
)
groups = st.lists(st.builds(VolumeGroup, st.just("g"), st.just("G"), st.integers(0, 99), st.just(0)), max_size=9).map(tuple)
agreements = st.none() | st.builds(VolumeAgreement, st.just(AGREEMENT), groups)
standings = st.none() | st.builds(Standing, st.integers(1, 90), st.none() | st.integers(0, 9000))
opened = st.builds(
    CaseOpened, st.just("204817"), st.builds(Staffing, st.booleans(), st.integers(0, 2), st.just("always")), standings
)
whereabouts = st.sampled_from(Whereabouts)
from_house: st.SearchStrategy[Heard] = st.one_of(
    st.builds(Decided, verdicts),
    st.builds(AgreementLookedUp, agreements),
    opened,
    st.just(TextQueued()),
    st.builds(EarlierFetched, st.none()),
    st.builds(CallbackAnswered, st.booleans()),
    st.builds(TakenOver, st.none(), whereabouts),
)
from_people: st.SearchStrategy[Heard] = st.one_of(
    st.builds(LeftQueue, st.booleans()), st.builds(SentTo, whereabouts), st.just(MovedByPeople())
)
started = st.builds(
    CallStarted,
    country=st.none() | st.just("DE"),
    textable=st.booleans(),
    service_up=st.booleans(),
    recognised=st.booleans(),
    earlier=st.none() | st.just(Earlier("CAold", 1, 6)),
    caller_hint=st.sampled_from(["", "43"]),
    language=st.sampled_from(sorted(SCRIPTS)),
)
called = st.builds(CalledBack, st.sampled_from(["", "CAold"]), st.just("204817"), st.sampled_from(sorted(SCRIPTS)))
anything = st.one_of(
    from_caller, from_caller, from_house, from_people, started, called, st.just(AskedForPerson()), st.just(HungUp())
)
PEOPLE_OR_END = {Place.QUEUE, Place.WITH_AGENT, Place.ENDED}


def go_to(*heards: Heard) -> State:
    """The state after these were heard."""
    state = State()
    for heard in heards:
        state, _ = step(LINE, state, heard)
    return state


def keyed(*keys: str) -> list[Heard]:
    return [CallStarted(textable=True, caller_hint="43"), *map(Digits, keys)]


READING = [*keyed("1", *IDS[0]), Decided(Granted(("123456",) * 8, 0, "x", counted=True, late_activation_fault=True))]
MAKS = AgreementLookedUp(VolumeAgreement(AGREEMENT, (VolumeGroup("a", "A", 5, 0), VolumeGroup("b", "B", 5, 0))))
WAITING = [*keyed("1", IDS[0][0], "*0"), CaseOpened("204817", Staffing(True, 0, "always"))]
STARTS = [
    go_to(CallStarted()),
    go_to(CallStarted(service_up=False)),
    go_to(CallStarted(earlier=Earlier("CAold", 1, 6))),
    go_to(*keyed("1", IDS[0][0], IDS[0][1][:3])),
    go_to(*keyed("5")),
    go_to(*keyed("1", *IDS[1]), Decided(AskFirst())),
    go_to(*keyed("1", *IDS[0]), Decided(Refused(RefusalCode.UNKNOWN_KEY))),
    go_to(*keyed("1", *IDS[0]), Decided(Refused(RefusalCode.SERVICE_DOWN))),
    go_to(*READING),
    go_to(*READING, *[Silence()] * 8),
    go_to(*READING, *[Silence()] * 8, Digits("2"), *[Silence()] * 8),
    go_to(*keyed("4")),
    go_to(*keyed("2")),
    go_to(*keyed("2", AGREEMENT), MAKS),
    go_to(*keyed("2", AGREEMENT), MAKS, Digits("1")),
    go_to(*keyed("2", AGREEMENT), MAKS, Digits("1"), Digits("25")),
    go_to(*WAITING),
    go_to(*WAITING, LeftQueue()),
    go_to(*WAITING, LeftQueue(may_book=True), Digits("2")),
    go_to(*WAITING, LeftQueue(may_book=True), Digits("2"), Digits("2")),
    go_to(*WAITING, LeftQueue(may_book=True), Digits("2"), Digits("2"), Digits("12065550143")),
    go_to(*WAITING, SentTo(Whereabouts.AGENT)),
    readback.take_from_agent(go_to(*WAITING, SentTo(Whereabouts.AGENT)), Granted(("123456",) * 8, 0, "x", counted=True)),
    go_to(CalledBack("CAold", "204817")),
]
EARLIER = st.sampled_from([None, go_to(*keyed("1", IDS[0][0])), go_to(*READING, Silence())])
BOOKED = go_to(*WAITING, LeftQueue(may_book=True), Digits("2"), Digits("1"), CallbackAnswered(is_booked=True))


def test_the_random_calls_start_at_every_place() -> None:
    assert {state.place for state in STARTS} == set(Place) - {Place.START, Place.DECIDING, Place.ENDED}


def answer(state: State, data: st.DataObject) -> Heard:
    """What the house says to the errand under way."""
    match state.errand:
        case Decide():
            return data.draw(st.builds(Decided, verdicts))
        case FindAgreement():
            return data.draw(st.builds(AgreementLookedUp, agreements))
        case OpenCase():
            return data.draw(opened)
        case SendText():
            return TextQueued()
        case FetchEarlier():
            return EarlierFetched(data.draw(EARLIER))
        case BookCallback():
            return CallbackAnswered(data.draw(st.booleans()))
        case TakeOver():
            return TakenOver(data.draw(st.sampled_from([None, BOOKED])), data.draw(whereabouts))
    raise AssertionError(state.errand)


def check(state: State, prompts: tuple[Prompt, ...]) -> None:
    """What holds after every step."""
    assert read_state(write_state(state)) == state, "a state survives being stored"
    assert (state.errand is not None) == (state.place is Place.DECIDING)
    if state.errand or state.place is Place.START:
        assert prompts == (), "nothing is said while deciding, nor before the call has begun"
        return
    last = prompts[-1]
    expected = {Place.QUEUE: Transfer, Place.WITH_AGENT: Connect, Place.ENDED: HangUp}.get(state.place, Ask)
    assert isinstance(last, expected)
    assert "<Response>" in render(prompts, state), "every sentence has its values"
    assert not isinstance(last, Ask) or last.hears == (state.language in LINE.hears), "nobody is asked to speak to a deaf line"
    assert progress(state).place == state.place
    assert not state.begun or (
        state.begun[0].digits == state.partial and state.place in (Place.ENTRY, Place.EXPRESS, Place.ENDED)
    )
    assert state.callback.number == "" or state.place is Place.CALLBACK_CONSENT, "a keyed number is kept until its yes only"


def render(prompts: tuple[Prompt, ...], state: State) -> str:
    return twiml.render(prompts, SCRIPTS[state.language], "CA1", "/voice?turn=1")


def talk(state: State, heards: list[Heard], data: st.DataObject) -> State:
    for heard in heards:
        turns_before, place_before = state.turns, state.place
        state, prompts = step(LINE, state, heard)
        if place_before is Place.ENDED:
            assert (state.place, state.turns) == (Place.ENDED, turns_before), "after the end nothing begins"
        while state.errand:
            check(state, prompts)
            state, prompts = step(LINE, state, answer(state, data))
        check(state, prompts)
    return state


starts = st.builds(
    lambda state, language: replace(state, language=language),
    st.sampled_from([State(), *STARTS]),
    st.sampled_from(sorted(SCRIPTS)),
)
"""Every place in every language of the line, two of which are not heard."""


@settings(max_examples=2000, deadline=None)
@given(starts, st.lists(anything, min_size=1, max_size=25), st.data())
def test_every_place_has_an_answer_to_everything_heard(start: State, heards: list[Heard], data: st.DataObject) -> None:
    talk(start, heards, data)


@settings(max_examples=500, deadline=None)
@given(starts, st.lists(from_caller, max_size=15), st.data())
def test_whatever_was_said_before_a_caller_who_falls_silent_reaches_the_end(
    start: State, heards: list[Heard], data: st.DataObject
) -> None:
    state = talk(start, heards, data)
    for _ in range(60):
        if state.place in PEOPLE_OR_END:
            return
        state, _ = step(LINE, state, Silence())
        while state.errand:
            state, _ = step(LINE, state, answer(state, data))
    raise AssertionError(f"still talking into silence at {state.place}")


@given(from_caller)
def test_no_call_goes_round_for_ever(heard: Heard) -> None:
    state, prompts = step(LINE, State(place=Place.MENU, turns=MAXIMUM_TURNS), heard)
    assert state.place is Place.ENDED
    assert isinstance(prompts[-1], HangUp)


@settings(max_examples=300, deadline=None)
@given(starts, st.lists(from_caller, max_size=15), st.data())
def test_an_answer_to_no_question_changes_nothing(start: State, heards: list[Heard], data: st.DataObject) -> None:
    state = talk(start, heards, data)
    late = data.draw(from_house)
    assert step(LINE, state, late)[0] == state


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(IDS[0]), min_size=9, max_size=9), st.lists(from_caller, max_size=12), st.data())
def test_the_line_speaks_of_no_installation_digits(entered: list[str], heards: list[Heard], data: st.DataObject) -> None:
    """Prompts are stored and logged by the telephony side; a group must never be echoed in one. A last group of two digits may
    also be a place in the queue."""
    state, prompts = step(LINE, State(), CallStarted(language=data.draw(st.sampled_from(sorted(SCRIPTS)))))
    for heard in [Digits("1"), *map(Digits, entered), *heards]:
        state, prompts = step(LINE, state, heard)
        while state.errand:
            state, prompts = step(LINE, state, answer(state, data))
        xml = render(prompts, state)
        assert not any(group in xml for group in IDS[0] if len(group) > 2)


def test_every_place_is_a_room_or_known_to_wait() -> None:
    assert set(Place) - set(ROOMS) == {Place.START, Place.DECIDING, Place.QUEUE, Place.WITH_AGENT, Place.ENDED}


@settings(max_examples=500, deadline=None)
@given(starts, st.lists(anything, min_size=1, max_size=12), st.data())
def test_no_happening_holds_a_digit_of_an_id_and_every_turn_but_a_quiet_wait_has_one(
    start: State, heards: list[Heard], data: st.DataObject
) -> None:
    state = start
    for heard in heards:
        before = state
        state, prompts = step(LINE, before, heard)
        while state.errand:
            state, prompts = step(LINE, state, answer(state, data))
        told = happened(LINE, before, heard, state, prompts)
        assert told is not None or heard == Silence() or before.place is Place.ENDED
        text = json.dumps(told.detail) if told else ""
        assert not re.search(r"\d{3}", text), "keys of menus are single, numbers of words and digits are small"
