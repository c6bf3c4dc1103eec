"""The typed phone: a person at a terminal, whose lines the test types, and what each line means."""

import asyncio
import io
import os

import pytest
from rich.console import Console

from pbx.call import Call, Whereabouts
from pbx.leg import HungUp, Key, Listening, Recognition, Recording, RecordingTerms, Utterance
from pbx.rooms.seat import Hearing, Hears
from pbx.side_by_side import until_first
from pbx.speech import Span, Speech
from pbx.terminal.terminal import TerminalCaller, TypedLines, read_lines
from pbx.terminal.typed import Act, Keys, Silence, TypedPhone, Words

SPEECH = Recognition("en-US", (), "default", True, 5)
BOTH, KEYS, WORDS = Listening(True, SPEECH), Listening(True), Listening(False, SPEECH)


class Terminal:
    """A typed phone with these lines already typed; the end of the input follows."""

    def __init__(self, *typed: str, waiting: bool = False) -> None:
        lines = TypedLines()
        for line in (*typed, None):
            lines.feed(line)
        self.screen = io.StringIO()
        call = Call("CA1", "AC2", "+1", "+2", clock=lambda: None, whereabouts=Whereabouts.QUEUE if waiting else None)
        console = Console(file=self.screen, highlight=False, markup=False)
        self.phone = TypedPhone(TerminalCaller(call, lines, console, prompts=False))

    async def question(self, listening: Listening = BOTH, most: int = 99) -> object:
        """What one Gather hears: an utterance, silence (None) or a string of keys."""
        self.phone.flush_keys()
        heard = await self.phone.next_input(listening, 5)
        if not isinstance(heard, Key):
            return heard
        keys = heard.digit
        while len(keys) < most and (key := await self.phone.next_input(KEYS, 5)):
            keys += key.digit
        return keys


def asked(terminal: Terminal, *questions: tuple[Listening, int]) -> list[object]:
    async def ask() -> list[object]:
        return [await terminal.question(*question) for question in questions]

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        ("123456", "123456"),
        (" 12 34*# ", "1234*#"),
        ("one two", Utterance("one two", 1.0)),
        ("12a", Utterance("12a", 1.0)),
        ("١٢", Utterance("١٢", 1.0)),
        ("", None),
        ("   ", None),
    ],
)
def test_a_line_is_keys_words_or_silence(line, heard):
    assert asked(Terminal(line), (BOTH, 99)) == [heard]


def test_the_end_of_a_line_of_keys_lets_the_timer_run_out():
    assert asked(Terminal("12", "34"), (BOTH, 6), (BOTH, 6)) == ["12", "34"]


def test_several_groups_on_one_line_answer_several_questions():
    assert asked(Terminal("1 123456 654321"), (BOTH, 1), (BOTH, 6), (BOTH, 6)) == ["1", "123456", "654321"]


def test_keys_left_over_barge_into_the_next_prompt():
    async def barge() -> object:
        terminal = Terminal("12")
        await terminal.question(BOTH, 1)
        return await terminal.phone.next_input(BOTH, None)

    assert asyncio.run(barge()) == Key("2")


def test_a_new_line_waits_until_the_prompt_is_over():
    async def wait() -> None:
        async with asyncio.timeout(0.01):
            await Terminal("12").phone.next_input(BOTH, None)

    with pytest.raises(TimeoutError):
        asyncio.run(wait())


@pytest.mark.parametrize("typed", [("!",), ()])
def test_an_exclamation_mark_and_the_end_of_the_input_hang_up(typed):
    with pytest.raises(HungUp):
        asked(Terminal(*typed), (BOTH, 1))


def test_a_question_mark_shows_help_and_asks_again():
    terminal = Terminal("?", "5")
    assert asked(terminal, (BOTH, 1)) == ["5"]
    assert "hang up" in terminal.screen.getvalue()


@pytest.mark.parametrize(
    ("listening", "line", "next_line", "heard"),
    [(KEYS, "one", "5", "5"), (WORDS, "5", "one", Utterance("one", 1.0))],
)
def test_a_line_of_the_wrong_kind_is_explained_and_asked_for_again(listening, line, next_line, heard):
    terminal = Terminal(line, next_line)
    assert asked(terminal, (listening, 1)) == [heard]
    assert "The line listens to" in terminal.screen.getvalue()


def test_the_exclamation_mark_hangs_up_during_a_pause():
    with pytest.raises(HungUp):
        asyncio.run(Terminal("!").phone.pause(60))


def test_other_lines_wait_for_the_pause_to_end(in_virtual_time):
    async def pause_then_ask() -> object:
        terminal = Terminal("5")
        await terminal.phone.pause(3)
        return asyncio.get_running_loop().time(), await terminal.question()

    assert in_virtual_time(pause_then_ask()) == (3.0, "5")


def test_lines_typed_during_a_pause_in_a_queue_reach_nobody_and_the_end_of_the_input_leaves_it():
    terminal = Terminal("hello?", waiting=True)
    with pytest.raises(HungUp):
        asyncio.run(terminal.phone.pause(60))
    assert "nobody listens" in terminal.screen.getvalue()


def test_a_line_typed_between_two_rounds_of_a_queue_is_for_the_next_question(in_virtual_time):
    async def breathe_then_ask() -> object:
        terminal = Terminal("*", waiting=True)
        await terminal.phone.pause(1)
        return await terminal.question(KEYS)

    assert in_virtual_time(breathe_then_ask()) == "*"


def barged_in(terminal: Terminal, listening: Listening):
    """What barges into 20 seconds of music while the line listens, and the second at which somebody is heard."""

    async def play() -> object:
        async with until_first(terminal.phone.play(None), terminal.phone.next_input(listening, None)) as (music, heard):
            entered = heard.result() if heard.done() else music.result()
            return asyncio.get_running_loop().time(), entered

    return play()


@pytest.mark.parametrize("waiting", [False, True])
@pytest.mark.parametrize(
    ("lines", "listening", "heard"),
    [(("*",), KEYS, Key("*")), (("hello",), BOTH, Utterance("hello", 1.0)), (("", "hello", "?", "*"), KEYS, Key("*"))],
)
def test_a_line_typed_while_music_plays_in_a_question_barges_in(in_virtual_time, lines, listening, heard, waiting):
    terminal = Terminal(*lines, waiting=waiting)
    assert in_virtual_time(barged_in(terminal, listening)) == (0.0, heard)
    assert "nobody listens" not in terminal.screen.getvalue()


def test_the_end_of_the_input_hears_the_music_of_a_question_out_but_leaves_a_queue(in_virtual_time):
    assert in_virtual_time(barged_in(Terminal(), KEYS)) == (20.0, None)
    with pytest.raises(HungUp):
        in_virtual_time(barged_in(Terminal(waiting=True), KEYS))


def test_the_end_of_the_input_leaves_a_queue_that_never_asks():
    with pytest.raises(HungUp):
        asyncio.run(Terminal(waiting=True).phone.pause(1))


def test_the_end_of_the_input_does_not_cut_off_a_pause_of_the_line(in_virtual_time):
    in_virtual_time(Terminal().phone.pause(60))


def test_saying_nothing_makes_no_sound():
    heard: list[str] = []

    class Listener:
        def hear(self, words: str) -> None:
            heard.append(words)

    phone = TypedPhone(Listener())
    asyncio.run(phone.say(Speech((Span(" "),))))
    asyncio.run(phone.say(Speech((Span("hello"),))))
    assert heard == ["hello"]


def test_lines_are_read_from_a_pipe_as_they_come():
    async def read() -> list[str]:
        reading, writing = os.pipe()
        try:
            lines = read_lines(reading, "utf-8")
            os.write(writing, b"on")
            os.write(writing, b"e\n\xff two\nlast")
            os.close(writing)
            read = [await lines.next() for _ in range(3)]
            with pytest.raises(HungUp):
                await lines.next()
        finally:
            os.close(reading)
        return read

    assert asyncio.run(read()) == ["one", "� two", "last"]


# What a phone without a voice shows of sounds


def test_music_and_tones_are_shown_and_music_takes_its_time(in_virtual_time):
    seen: list[str] = []

    async def play() -> float:
        phone = TypedPhone(Watcher(seen))
        await phone.play(None)
        await phone.sound("ww12")
        return asyncio.get_running_loop().time()

    assert in_virtual_time(play()) == 20.0
    assert seen == ["♪ music", "♪ the tones ww12"]


@pytest.mark.parametrize("url", ["https://line.example/voice/tone", "http://127.0.0.1:8000/beep.wav?loud=1"])
def test_a_recording_whose_name_is_that_of_a_sign_is_shown_as_one_and_soon_over(in_virtual_time, url):
    seen: list[str] = []

    async def play() -> float:
        await TypedPhone(Watcher(seen)).play(url)
        return asyncio.get_running_loop().time()

    assert in_virtual_time(play()) == 0.2
    assert seen == [f"♪ {'tone' if 'tone' in url else 'beep'}"]


@pytest.mark.parametrize(
    ("hearing", "sentence"),
    [
        (Hearing(Hears.TALKING, others=1), "In a conference with 1 other."),
        (Hearing(Hears.TALKING, others=2, muted=True), "In a conference with 2 others. You are muted."),
        (Hearing(Hears.TALKING, others=2, coaching=True), "In a conference with 2 others. Only the agent you coach hears you."),
    ],
)
def test_a_conference_is_shown_and_only_the_star_leaves_it_where_it_may(in_virtual_time, hearing, sentence):
    seen: list[str] = []

    async def confer() -> None:
        phone = TypedPhone(Watcher(seen, Silence(), Keys("12"), Keys("3*4")))
        await phone.confer(None, hearing, star_leaves=True)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1000):
                await phone.confer(None, hearing, star_leaves=False)

    in_virtual_time(confer())
    assert seen == [sentence, sentence]


def test_the_tone_of_a_phone_far_away_rings_until_it_is_cancelled(in_virtual_time):
    seen: list[str] = []

    async def ring() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(60):
                await TypedPhone(Watcher(seen)).ring_back("de")
        return asyncio.get_running_loop().time()

    assert in_virtual_time(ring()) == 60.0
    assert seen == ["♪ a phone rings far away"]


def test_sound_of_any_kind_is_shown_by_its_length_and_lasts_so_long(in_virtual_time):
    seen: list[str] = []

    async def emit() -> float:
        await TypedPhone(Watcher(seen)).emit(b"\xff" * 12000)
        return asyncio.get_running_loop().time()

    assert in_virtual_time(emit()) == 1.5
    assert seen == ["♪ 1.5 seconds of sound"]


UNTIL_HASH = RecordingTerms(5, 120, "#", beeps=True, trims_silence=True)
FOR_EVER = RecordingTerms(0, 120, "#", beeps=True, trims_silence=True)


@pytest.mark.parametrize(
    ("terms", "acts", "ended_by"),
    [
        (UNTIL_HASH, [Keys("12"), Keys("3#4")], "#"),
        (UNTIL_HASH, [Words("hello")], ""),
        (UNTIL_HASH, [Silence()], ""),
        (FOR_EVER, [Words("hello"), Words("again"), Keys("#")], "#"),
    ],
)
def test_a_recording_ends_with_a_finish_key_or_with_what_is_said_where_silence_ends_it(terms, acts, ended_by):
    seen: list[str] = []
    assert asyncio.run(TypedPhone(Watcher(seen, *acts)).record(terms)) == Recording(b"", ended_by)
    assert seen == ["The line records you."]


def test_hanging_up_ends_a_recording_and_is_told_by_the_phone_afterwards():
    terminal = Terminal("!")
    assert asyncio.run(terminal.phone.record(UNTIL_HASH)) == Recording(b"", "hangup")
    assert terminal.phone.hung_up


def test_a_tap_is_told_of_keys_until_it_is_taken_out():
    keys: list[str] = []

    class Tap:
        pressed = keys.append

    async def press() -> None:
        terminal = Terminal("123")
        remove = terminal.phone.tap(Tap())
        await terminal.question(KEYS, most=2)
        remove()
        await terminal.phone.next_input(KEYS, None)

    asyncio.run(press())
    assert keys == ["1", "2"]


class Watcher:
    """A caller who only watches, and acts when asked."""

    hung_up = False

    def __init__(self, seen: list[str], *acts: Act) -> None:
        self.see = seen.append
        self._acts = iter(acts)

    async def act(self, listening: Listening) -> Act:
        return next(self._acts)

    async def pass_time(self, seconds: float, listening: Listening | None = None) -> None:
        await asyncio.sleep(seconds)
