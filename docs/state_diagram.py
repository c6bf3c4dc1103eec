"""Draws the README's state diagram by walking `step` itself: `python docs/state_diagram.py` rewrites it in README.md.

Left out so that it can be read: what holds at every question (0 a person, 9 again, silence and hanging up in the end).
"""

import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from activation.claims import AgentReason, AskFirst, Granted, NeedsAgent, RefusalCode, Refused
from activation.digits import with_check_digit
from data.catalogue import load_catalogue
from ivr.dialogue.line import Line
from ivr.dialogue.step import step
from ivr.entry import Entry
from ivr.errand import BookCallback, Decide, FetchEarlier, FindAgreement, OpenCase, SendText, TakeOver
from ivr.heard import (
    AgreementLookedUp,
    CallbackAnswered,
    CalledBack,
    CallStarted,
    CaseOpened,
    Decided,
    Digits,
    EarlierFetched,
    Heard,
    LeftQueue,
    SentTo,
    Silence,
    Staffing,
    TakenOver,
    TextQueued,
)
from ivr.records import VolumeAgreement, VolumeGroup, Whereabouts
from ivr.script import load_scripts
from ivr.spoken import load_vocabulary
from ivr.state import Earlier, Place, State, Workaround

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- state diagram: written by docs/state_diagram.py -->\n", "<!-- end of state diagram -->\n"

GROUP = with_check_digit("21111")
AGREEMENT = with_check_digit("1234567")
DROPPED = State(place=Place.ENTRY, entry=Entry(layout="default", groups=(GROUP, *[None] * 8)))
MAKS = tuple(VolumeGroup(name, name, 50, 50) for name in ("one", "other"))
GRANTED = Granted(("111111", "222222"), 0, "product", counted=True, late_activation_fault=True)

START = {
    "call": CallStarted(caller_hint="43"),
    "call, outage": CallStarted(service_up=False),
    "call, dropped one": CallStarted(earlier=Earlier("CA", 1, 6), caller_hint="43"),
    "called back": CalledBack("CA", "123456"),
}
MENU_KEYS = {key: Digits(key) for key in "12345"} | {"*": Digits("*")}
KEYS: dict[Place, dict[str, Heard]] = {
    Place.RESUME: {"a group of it": Digits(GROUP), "*": Digits("*")},
    Place.ENTRY: {
        "good group": Digits(GROUP),
        "bad group": Digits("211119"),
        "*1": Digits("*1"),
        "**": Digits("**"),
        "*0": Digits("*0"),
    },
    Place.EXPRESS: {"all groups": Digits(GROUP * 9), "some groups": Digits(GROUP * 2), "**": Digits("**")},
    Place.READBACK: {"1 or silence": Silence(), "3": Digits("3"), "6": Digits("6")},
    Place.AGREEMENT: {"number": Digits(AGREEMENT), "**": Digits("**")},
    Place.QUANTITY: {"how many": Digits("25"), "**": Digits("**")},
    Place.QUEUE: {"*": LeftQueue(may_book=True), "answered": SentTo(Whereabouts.AGENT)},
    Place.WITH_AGENT: {"transferred": SentTo(Whereabouts.QUEUE), "back to the line": SentTo(Whereabouts.LINE)},
    Place.CALLBACK_NUMBER: {"number": Digits("12065550143"), "**": Digits("**")},
    Place.CALLED_BACK: {"1": Digits("1")},
}
VERDICTS: dict[str, Heard] = {
    "granted": Decided(GRANTED),
    "refused": Decided(Refused(RefusalCode.UNKNOWN_KEY)),
    "not an ID": Decided(Refused(RefusalCode.WHOLE_CHECK)),
    "ask first": Decided(AskFirst()),
    "needs an agent": Decided(NeedsAgent(AgentReason.MAK_LIMIT)),
}
FOUND = {
    "no such agreement": None,
    "agreement": VolumeAgreement(AGREEMENT, MAKS),
    "agreement, one key": VolumeAgreement(AGREEMENT, MAKS[:1]),
}
REACHED = {"with an agent": Whereabouts.AGENT, "agent gone": Whereabouts.QUEUE}
CASES = {"case opened": True, "case opened, closed": False}

Edge = tuple[Place, str, Place]


def heard_at(state: State) -> dict[str, Heard]:
    """What may be heard in this state, by the words on the arrow."""
    match state.errand:
        case Decide():
            return VERDICTS
        case FindAgreement():
            return {words: AgreementLookedUp(agreement) for words, agreement in FOUND.items()}
        case OpenCase():
            return {words: CaseOpened("123456", Staffing(is_open, 1, "")) for words, is_open in CASES.items()}
        case SendText():
            return {"text sent": TextQueued()}
        case FetchEarlier():
            return {"its group": EarlierFetched(DROPPED), "erased by now": EarlierFetched(None)}
        case BookCallback():
            return {"callback booked": CallbackAnswered(True), "closed meanwhile": CallbackAnswered(False)}
        case TakeOver():
            return {words: TakenOver(None, to) for words, to in REACHED.items()}
    if state.place is Place.START:
        return dict(START)
    return KEYS.get(state.place, MENU_KEYS)


def walk(line: Line) -> Iterator[Edge]:
    """Every move between places, breadth first; states that differ in nothing that matters here are visited once."""
    waiting, seen = deque([State(textable=True, caller_hint="43")]), set()
    while waiting:
        state = waiting.popleft()
        for words, heard in heard_at(state).items():
            moved, _ = step(line, state, heard)
            yield state.place, words, moved.place
            if (outline := _outline(moved)) not in seen:
                seen.add(outline)
                waiting.append(replace(moved, misses=0, silences=0))


def _outline(state: State) -> tuple[object, ...]:
    reading = state.readback and (state.readback.at, state.readback.workaround)
    if state.readback and state.readback.workaround is Workaround.PERSON:
        reading = None
    return (
        state.place,
        type(state.errand),
        state.entry.at,
        reading,
        state.request and (state.request.reason, state.request.group),
    )


def draw() -> str:
    """The diagram as a Mermaid block."""
    line = Line("Diagram", load_catalogue(), load_scripts(), {"en": load_vocabulary("en")})
    arrows: dict[tuple[Place, Place], list[str]] = {}
    for here, words, there in walk(line):
        if here is not there and words not in arrows.setdefault((here, there), []):
            arrows[here, there].append(words)
    lines = [f"    {_name(here)} --> {_name(there)}: {', '.join(words)}" for (here, there), words in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```", ""])


def _name(place: Place) -> str:
    return "[*]" if place in (Place.START, Place.ENDED) else place.value.replace(" ", "_")


def write(text: str) -> str:
    """README's text with the diagram of today."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + draw() + END + after


if __name__ == "__main__":
    README.write_text(write(README.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(draw())
