"""The scripted caller against a line that is a script too: what it gives, hears again, and when it gives up."""

import asyncio

import pytest

from pbx.demo.caller import Caller, by_keys
from pbx.demo.computer import DemoFailed, Shown
from pbx.demo.cues import Cues, asked_number, cue

CUES = Cues(
    menu=cue(["To activate a computer, press 1."]),
    group=cue(["Key in or say group 1 of your installation ID.", "Group {number}.", "Group {number} again, please."]),
    computers=cue(["On how many computers is this copy installed?"]),
    approved=cue(["It is approved."]),
    accepted=cue(["Did the computer accept it?"]),
    farewell=cue(["Thank you. Goodbye."]),
    trouble=cue(["Activation is out of order.", "Your case number is"]),
)
BLOCKS = {"A": "111111", "B": "222222"}
SHOWN = Shown("office-pc", ("333333", "444444"), len(BLOCKS), 6)


class Line:
    """Says what it is to say next whenever a key is pressed; the caller's phone, ear and computer in one."""

    def __init__(self, *rounds: tuple[str, ...], mishears: int = 0) -> None:
        self._rounds, self._mishears, self._block = list(rounds), mishears, ""
        self._captions: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self.is_gone, self.quiet_seconds = asyncio.Event(), 9.0
        self.pressed: list[str] = []
        self.typed: tuple[str, ...] = ()

    def go_on(self) -> None:
        for words in self._rounds.pop(0) if self._rounds else ():
            self._block = BLOCKS.get(words[0], "") if words[1:2] == "." else ""
            self._captions.put_nowait({"speaker": "line", "words": words})
            if "Goodbye" in words:
                self.is_gone.set()

    async def captions(self):
        self.go_on()
        while True:
            yield await self._captions.get()

    def press_keys(self, keys: str) -> None:
        self.pressed.append(keys)
        self.go_on()

    async def hear_quiet(self, seconds: float) -> None:
        await asyncio.sleep(0)

    def listen_anew(self) -> "asyncio.Queue[bytes]":
        return asyncio.Queue()

    async def block(self, frames: "asyncio.Queue[bytes]", length: int) -> str:
        while await frames.get():
            pass
        self._mishears -= 1
        return self._block[:2] if self._mishears >= 0 else self._block

    def is_block(self, digits: str) -> bool:
        return digits in BLOCKS.values()

    def type_in(self, blocks: tuple[str, ...]) -> str | None:
        self.typed = blocks
        return None


OPENING = (
    ("To activate a computer, press 1.",),
    ("Key in or say group 1 of your installation ID.",),
    ("Group 2.",),
)
APPROVED, A, B, ACCEPTED = "It is approved.", "A. 1 1 1 1 1 1", "B. 2 2 2 2 2 2", "Did the computer accept it?"
CLOSING = (("Thank you. Goodbye.",),)


def call(line: Line) -> list[str]:
    shown: list[str] = []

    async def whole() -> None:
        caller = Caller(line, line.captions(), line, line, CUES, SHOWN, shown.append)
        await asyncio.wait_for(caller.call(by_keys(caller), 0.0), 10)

    asyncio.run(whole())
    return shown


def test_groups_are_given_as_they_are_asked_for_and_blocks_typed_as_they_are_heard():
    line = Line(*OPENING, (APPROVED, A), (B,), (ACCEPTED,), *CLOSING)
    call(line)
    assert line.pressed == ["1", "333333", "444444", "1", "1", "1"]
    assert line.typed == ("111111", "222222")


def test_a_block_that_was_not_understood_is_asked_for_again():
    line = Line(*OPENING, (APPROVED, A), (A,), (B,), (ACCEPTED,), *CLOSING, mishears=1)
    call(line)
    assert line.pressed[3:] == ["2", "1", "1", "1"]
    assert line.typed == ("111111", "222222")


def test_a_block_that_went_by_unheard_is_never_taken_for_another_and_is_heard_when_all_are_said_again():
    line = Line(*OPENING, (APPROVED, A, B), (ACCEPTED,), (A,), (B,), (ACCEPTED,), *CLOSING)
    call(line)
    assert line.pressed[3:] == ["1", "5", "1", "1", "1"]
    assert line.typed == ("111111", "222222")


def test_a_tone_accepts_a_group_unless_the_line_asks_in_words():
    line = Line(*OPENING[:2], ("♪", "Group 2."), (APPROVED, A), (B,), (ACCEPTED,), *CLOSING)
    call(line)
    assert line.pressed[1:3] == ["333333", "444444"]
    line = Line(*OPENING[:2], ("♪",), (APPROVED, A), (B,), (ACCEPTED,), *CLOSING)
    call(line)
    assert line.pressed[1:3] == ["333333", "444444"]


def test_a_line_that_goes_another_way_is_told_in_its_own_words():
    with pytest.raises(DemoFailed, match="the line said: Your case number is 1 2 3"):
        call(Line(*OPENING, ("Your case number is 1 2 3. A person will call back.",)))


def test_blocks_that_are_never_understood_are_given_up():
    line = Line(*OPENING, (APPROVED, A), *[(A,)] * 20, mishears=99)
    with pytest.raises(DemoFailed, match="0 of 2 blocks were understood"):
        call(line)


@pytest.mark.parametrize(
    ("words", "number"),
    [("Key in or say group 1 of your installation ID.", 1), ("Thank you. Group 7.", 7), ("Group 3 is not right.", None)],
)
def test_a_cue_knows_which_group_is_asked_for(words, number):
    found = CUES.group.search(words)
    assert (found and asked_number(found)) == number
