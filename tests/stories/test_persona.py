"""The caller of a story at the phone: answers what was asked last, misreads as told, and waits no longer than they would."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pbx.call import Call, Whereabouts
from pbx.leg import HungUp, Listening
from pbx.terminal.typed import Keys
from stories.cues import LineCues
from stories.persona import Errands, StoryCaller, misread
from stories.story import Errand, Person, WhenRefused, Wrong

GROUPS = ("205050", "499203")
KEYED = Listening(keys=True)


def cue(words: str) -> re.Pattern[str]:
    return re.compile(words)


CUES = LineCues(
    menu=cue("MENU"),
    resume=cue("RESUME"),
    group=cue(r"Group (\d)"),
    computers=cue("COMPUTERS"),
    block=cue(r"\b([A-J])\. ((?:\d ?)+)"),
    accepted=cue("ACCEPTED"),
    after_typing=cue("REMEDY"),
    refused=cue("REFUSED"),
    requests=cue("REQUESTS"),
    agreement=cue("AGREEMENT"),
    group_choice=cue("CHOICE"),
    quantity=cue("QUANTITY"),
    confirm=cue("CONFIRM"),
    left_queue=cue("LEFT"),
    case=cue(r"case ((?:\d ){6})"),
)


def caller(type_in: Callable[[tuple[str, ...]], str | None] = lambda blocks: None, **facts: object) -> StoryCaller:
    person = Person(name="Ines", says="hello", **facts)  # type: ignore[arg-type]
    call = Call("CA1", "AC1", "+12065550100", "+18005550199", lambda: datetime.now(UTC))
    return StoryCaller(person, Errands(GROUPS, "91234567", 5, type_in), CUES, call, pace=0)


def answer(who: StoryCaller, said: str) -> str:
    who.hear(said)
    act = asyncio.run(who.act(KEYED))
    assert isinstance(act, Keys)
    return act.digits


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("MENU", "1"),
        ("RESUME", "*"),
        ("Group 2", GROUPS[1]),
        ("Group 1 is not right. Group 1", GROUPS[0]),
        ("COMPUTERS", "1"),
        ("AGREEMENT", "91234567"),
        ("QUANTITY", "5#"),
        ("MENU Group 1", GROUPS[0]),
    ],
)
def test_the_question_asked_last_is_answered(said: str, keys: str) -> None:
    assert answer(caller(), said) == keys


def test_a_group_is_misread_so_often_and_then_right() -> None:
    who = caller(wrong=(Wrong(group=2, times=2),))
    assert [answer(who, "Group 2") for _ in range(3)] == [misread(GROUPS[1]), misread(GROUPS[1]), GROUPS[1]]


def test_the_computer_decides_whether_the_id_was_accepted() -> None:
    typed: list[tuple[str, ...]] = []

    def refuse(blocks: tuple[str, ...]) -> str | None:
        typed.append(blocks)
        return "It is not valid."

    who = caller(refuse)
    assert [answer(who, said) for said in ("A. 1 2 3", "B. 4 5 6", "ACCEPTED", "REMEDY")] == ["1", "1", "2", "2"]
    assert typed == [("123", "456")]
    assert (who.heard.accepted, who.heard.shown) == (False, "It is not valid.")


def test_another_errand_and_a_forgotten_agreement() -> None:
    assert answer(caller(errand=Errand.NEW_KEY), "MENU") == "4"
    assert answer(caller(has_agreement=False), "AGREEMENT") == "*0"
    assert answer(caller(computers=3), "COMPUTERS") == "2"


def test_who_is_refused_hangs_up_or_asks_for_a_person() -> None:
    with pytest.raises(HungUp):
        answer(caller(), "It is a key for something else. REFUSED")
    assert answer(caller(when_refused=WhenRefused.ASKS_FOR_A_PERSON), "REFUSED") == "0"


def test_patience_ends_with_the_music_and_not_with_a_conversation(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(seconds: float) -> None:
        """Time passes for nobody here."""

    monkeypatch.setattr(asyncio, "sleep", at_once)
    who = caller(patience_seconds=30)
    who._call.whereabouts = Whereabouts.QUEUE
    who.see("♪ music")
    asyncio.run(who.pass_time(20))
    who._call.whereabouts = Whereabouts.CONFERENCE
    who.see("In a conference with 1 other.")
    asyncio.run(who.pass_time(500))
    who.see("♪ music")
    with pytest.raises(HungUp):
        asyncio.run(who.pass_time(20))
