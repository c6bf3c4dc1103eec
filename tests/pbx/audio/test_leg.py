"""A leg with sound, on the real clock with the ticks in the test's hand: what its phone is told, and when that stops."""

import asyncio

import pytest

from pbx.audio.frame import FRAME_BYTES, SILENCE
from pbx.leg import HungUp, Key, Listening, RecordingTerms
from pbx.rooms.seat import Hearing, Hears
from pbx.speech import Span, Speech

KEYS = Listening(keys=True)
ONE, TWO = b"\x10" * FRAME_BYTES, b"\x20" * FRAME_BYTES
HELLO = Speech((Span("Hello there."),), language="en-US")
TALKING = Hearing(Hears.TALKING, others=1)


def test_two_sounds_after_each_other_leave_no_gap(at_desk):
    async def act(desk):
        async def both():
            await desk.leg.emit(ONE * 3)
            await desk.leg.emit(TWO * 2)

        await desk.until(both())
        return desk.port.told

    told = at_desk(act)
    begins = told.index(ONE)
    assert told[begins : begins + 5] == [ONE] * 3 + [TWO] * 2


def test_sentences_said_before_follow_each_other_without_a_gap(at_desk):
    async def act(desk):
        second = Speech((Span("Goodbye."),), language="en-US")
        frames = [len(await desk._narrator.speech(speech)) / FRAME_BYTES for speech in (HELLO, second)]

        async def both():
            await desk.leg.say(HELLO)
            await desk.leg.say(second)

        told = len(desk.port.told)
        await desk.until(both())
        return len(desk.port.told) - told, sum(-(-count // 1) for count in frames)

    ticks, frames = at_desk(act)
    assert ticks == frames


def test_what_does_not_fill_its_last_frame_is_filled_up_with_silence(at_desk):
    async def act(desk):
        await desk.until(desk.leg.emit(ONE + b"\x10"))
        return desk.port.told

    assert at_desk(act)[-1] == b"\x10" + SILENCE[1:]


def test_a_sound_returns_with_its_last_frame_and_not_before(at_desk):
    async def act(desk):
        playing = asyncio.create_task(desk.leg.emit(ONE * 3))
        await asyncio.sleep(0)
        await desk.beat(2)
        assert not playing.done()
        await desk.beat()
        assert playing.done()

    at_desk(act)


@pytest.mark.parametrize("takes_events", [True, False])
def test_keys_are_told_beside_the_sound_where_the_phone_takes_them_so_and_as_tones_where_not(at_desk, takes_events):
    sent = []

    def send_keys(keys):
        sent.append(keys)
        return takes_events

    async def act(desk):
        connection = type(desk.connection)()
        connection.port.send_keys = send_keys
        leg = desk.another(connection)
        await desk.until(leg.sound("1w#"))
        leg.phone_hung_up()
        return connection.port.told

    told = at_desk(act)
    assert sent == ["1w#"]
    assert len([frame for frame in told if frame != SILENCE]) == (0 if takes_events else 16)
    assert len(told) >= 49, "it takes its time either way"


def test_nothing_to_play_is_over_at_once(at_desk):
    async def act(desk):
        await asyncio.wait_for(desk.leg.emit(b""), 1)
        await asyncio.wait_for(desk.leg.say(Speech((Span(" "),))), 5)
        return desk.captions

    assert at_desk(act) == []


@pytest.mark.parametrize("what", ["say", "emit", "music", "tones", "ring back"])
def test_barge_in_stops_every_kind_of_sound_within_one_frame(at_desk, what):
    async def act(desk):
        doings = {
            "say": lambda: desk.leg.say(HELLO),
            "emit": lambda: desk.leg.emit(ONE * 500),
            "music": lambda: desk.leg.play(None),
            "tones": lambda: desk.leg.sound("123456789"),
            "ring back": lambda: desk.leg.ring_back("de"),
        }
        playing = asyncio.create_task(doings[what]())
        async with asyncio.timeout(20):
            while not desk.port.told or desk.port.told[-1] == SILENCE:
                await desk.beat()
                await asyncio.sleep(0.001)
        desk.leg.press("1")
        playing.cancel()
        told = len(desk.port.told)
        await asyncio.wait([playing])
        await desk.beat(3)
        return desk.port.told[told:]

    assert at_desk(act) == [SILENCE] * 3


def test_what_comes_after_a_cancelled_sound_begins_at_once(at_desk):
    async def act(desk):
        first = asyncio.create_task(desk.leg.emit(ONE * 50))
        await asyncio.sleep(0)
        await desk.beat(2)
        first.cancel()
        second = asyncio.create_task(desk.leg.emit(TWO))
        await asyncio.sleep(0)
        await desk.beat()
        await second
        return desk.port.told

    assert at_desk(act)[-2:] == [ONE, TWO]


@pytest.mark.parametrize(
    "doing",
    [
        lambda leg: leg.emit(ONE * 50),
        lambda leg: leg.say(HELLO),
        lambda leg: leg.play(None),
        lambda leg: leg.sound("12"),
        lambda leg: leg.ring_back(),
        lambda leg: leg.pause(60),
        lambda leg: leg.next_input(KEYS, None),
        lambda leg: leg.next_input(KEYS, 60),
        lambda leg: leg.confer(None, TALKING, False),
    ],
)
def test_a_hang_up_breaks_off_whatever_is_being_done_and_everything_after_it(at_desk, doing):
    async def act(desk):
        task = asyncio.ensure_future(doing(desk.leg))
        await asyncio.sleep(0)
        desk.leg.phone_hung_up()
        with pytest.raises(HungUp):
            await asyncio.wait_for(task, 5)
        with pytest.raises(HungUp):
            await doing(desk.leg)
        assert desk.leg.hung_up
        told = len(desk.port.told)
        await desk.beat(2)
        assert len(desk.port.told) == told, "a phone that is gone is told nothing"

    at_desk(act)


def test_a_hang_up_does_not_wait_for_a_recording_that_does_not_come(at_desk):
    async def act(desk):
        asked = asyncio.Event()

        async def never_answer(reader, writer):
            asked.set()
            await reader.read()
            writer.close()

        async with await asyncio.start_server(never_answer, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            playing = asyncio.create_task(desk.leg.play(f"http://127.0.0.1:{port}/a.wav"))
            await asked.wait()
            desk.leg.phone_hung_up()
            with pytest.raises(HungUp):
                await asyncio.wait_for(playing, 1)

    at_desk(act)


def test_cancelling_from_outside_is_no_hang_up(at_desk):
    async def act(desk):
        pausing = asyncio.create_task(desk.leg.pause(60))
        await asyncio.sleep(0)
        pausing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await pausing
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await desk.leg.pause(60)
        assert not desk.leg.hung_up

    at_desk(act)


def test_a_phone_that_takes_too_long_has_not_hung_up(at_desk):
    async def act(desk):
        async def answer():
            raise TimeoutError

        desk.connection.answer = answer
        with pytest.raises(TimeoutError):
            await desk.leg.answer()
        return desk.leg.hung_up

    assert at_desk(act) is False


def test_answering_rejecting_and_hanging_up_reach_the_phone_once(at_desk):
    async def act(desk):
        await desk.leg.answer()
        await desk.leg.hang_up()
        await desk.leg.hang_up()
        refused = type(desk.connection)()
        await desk.another(refused).reject("busy")
        return desk.connection.done, refused.done

    assert at_desk(act) == (["answer", "hang up"], ["reject busy"])


def test_the_last_word_is_out_before_the_line_drops(at_desk):
    """A phone plays late what it is sent: the leg goes on ticking for a fifth of a second."""

    async def act(desk):
        began_at = asyncio.get_running_loop().time()
        await desk.leg.hang_up()
        assert asyncio.get_running_loop().time() - began_at >= 0.2

    at_desk(act)


def test_a_leg_the_clock_gives_up_hangs_its_phone_up(at_desk):
    async def act(desk):
        desk.port.take = lambda: 1 / 0
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        with pytest.raises(ZeroDivisionError):
            desk.clock.beat()
        await desk.beat()
        return desk.leg.hung_up, desk.connection.done

    assert at_desk(act) == (True, ["hang up"])


# Keys


def test_keys_wait_in_order_for_who_asks_and_are_forgotten_by_a_new_question(at_desk):
    async def act(desk):
        desk.leg.press("1")
        desk.leg.flush_keys()
        desk.leg.press("2")
        desk.leg.press("3")
        return [await desk.leg.next_input(KEYS, 1), await desk.leg.next_input(KEYS, 1)]

    assert at_desk(act) == [Key("2"), Key("3")]


def test_nobody_pressing_anything_is_none_after_the_time_and_no_later(at_desk):
    async def act(desk):
        began_at = asyncio.get_running_loop().time()
        assert await desk.leg.next_input(KEYS, 0.1) is None
        return asyncio.get_running_loop().time() - began_at

    assert 0.09 <= at_desk(act) < 0.6


def test_keys_not_listened_for_are_dropped_and_do_not_restart_the_timer(at_desk):
    async def act(desk):
        began_at = asyncio.get_running_loop().time()
        asking = asyncio.create_task(desk.leg.next_input(Listening(keys=False), 0.8))
        await asyncio.sleep(0.7)
        desk.leg.press("1")
        assert await asking is None
        assert asyncio.get_running_loop().time() - began_at < 1.4
        return await desk.leg.next_input(KEYS, 0)

    assert at_desk(act) is None


def test_cancelling_a_question_loses_no_key(at_desk):
    async def act(desk):
        asking = asyncio.create_task(desk.leg.next_input(KEYS, None))
        await asyncio.sleep(0)
        asking.cancel()
        desk.leg.press("7")
        await asyncio.wait([asking])
        return await desk.leg.next_input(KEYS, 1)

    assert at_desk(act) == Key("7")


def test_sentences_and_keys_are_captioned_as_they_begin(at_desk):
    async def act(desk):
        saying = asyncio.create_task(desk.leg.say(HELLO))
        async with asyncio.timeout(20):
            while not desk.captions:
                await asyncio.sleep(0.001)
        desk.leg.press("5")
        saying.cancel()
        return desk.captions

    assert at_desk(act) == [("line", "Hello there."), ("keys", "5")]


def test_what_has_no_words_is_captioned_too(at_desk):
    async def act(desk):
        playing = asyncio.create_task(desk.leg.play(None))
        async with asyncio.timeout(20):
            while not desk.captions:
                await asyncio.sleep(0.001)
        playing.cancel()
        return desk.captions

    assert at_desk(act) == [("line", "♪")]


# Bridges and taps


class Room:
    """A bridge that hands everybody what the others said last."""

    def __init__(self):
        self.voices = []

    def enter(self, voice):
        self.voices.append(voice)

    def leave(self, voice):
        self.voices.remove(voice)

    def heard_by(self, voice):
        heard = [other.latest for other in self.voices if other is not voice and other.is_heard_by(voice)]
        return heard[0] if heard else None


def in_room(at_desk, first: Hearing, second: Hearing) -> list[bytes]:
    """What two phones are told that say ONE and TWO, in one tick of a room they share."""

    async def act(desk):
        room, other = Room(), type(desk.connection)()
        leg, other_leg = desk.leg, desk.another(other)
        leg.call_sid, other_leg.call_sid = "CA1", "CA2"
        tasks = [
            asyncio.create_task(leg.confer(room, first, False)),
            asyncio.create_task(other_leg.confer(room, second, False)),
        ]
        await asyncio.sleep(0)
        desk.port.to_say.append(ONE)
        other.port.to_say.append(TWO)
        await desk.beat()
        told = [desk.port.told[-1], other.port.told[-1]]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        assert room.voices == []
        other_leg.phone_hung_up()
        return told

    return at_desk(act)


def test_those_in_a_bridge_hear_each_other_in_the_same_tick_and_leave_it_when_cancelled(at_desk):
    assert in_room(at_desk, TALKING, TALKING) == [TWO, ONE]


def test_a_muted_participant_is_not_heard_and_hears(at_desk):
    assert in_room(at_desk, TALKING, Hearing(Hears.TALKING, muted=True)) == [SILENCE, ONE]


@pytest.mark.parametrize(("coached", "muted", "heard"), [("CA1", False, TWO), ("CA3", False, SILENCE), ("CA1", True, SILENCE)])
def test_a_coach_is_heard_by_the_one_who_is_coached_alone_and_muted_by_nobody(at_desk, coached, muted, heard):
    coach = Hearing(Hears.TALKING, muted=muted, coaching=True, coached=coached)
    assert in_room(at_desk, TALKING, coach) == [heard, ONE]


@pytest.mark.parametrize("star_leaves", [True, False])
def test_the_star_leaves_a_conference_where_it_may_and_one_pressed_before_does_not(at_desk, star_leaves):
    async def act(desk):
        desk.leg.press("*")
        conferring = asyncio.create_task(desk.leg.confer(None, TALKING, star_leaves))
        await desk.beat()
        desk.leg.press("1")
        await desk.beat()
        assert not conferring.done()
        desk.leg.press("*")
        await desk.beat()
        over = conferring.done()
        conferring.cancel()
        return over

    assert at_desk(act) is star_leaves


class Notes:
    """A tap that writes everything down."""

    def __init__(self):
        self.notes = []

    def heard(self, frame):
        self.notes.append(("heard", frame))

    def said(self, frame):
        self.notes.append(("said", frame))

    def pressed(self, digit):
        self.notes.append(("pressed", digit))


def test_a_tap_gets_both_directions_in_every_tick_and_the_keys_until_it_is_taken_out(at_desk):
    async def act(desk):
        tap = Notes()
        remove = desk.leg.tap(tap)
        desk.says(ONE)
        playing = asyncio.create_task(desk.leg.emit(TWO * 2))
        await asyncio.sleep(0)
        await desk.beat()
        desk.leg.press("4")
        await desk.beat()
        remove()
        await desk.beat()
        await playing
        return tap.notes

    assert at_desk(act) == [("heard", ONE), ("said", TWO), ("pressed", "4"), ("heard", SILENCE), ("said", TWO)]


# Recording

LOUD = b"\x00\x80" * (FRAME_BYTES // 2)


def recorded(at_desk, said: bytes, *, press_at: int | None = None, hang_up_at: int | None = None, **terms):
    """A recording of what the phone says; a key or a hang-up comes after so many frames."""
    whole = {"silence_seconds": 5, "longest_seconds": 60, "finish_keys": "1#", "beeps": False, "trims_silence": False, **terms}

    async def act(desk):
        recording = asyncio.create_task(desk.leg.record(RecordingTerms(**whole)))
        await asyncio.sleep(0)
        desk.says(said)
        for tick in range(4000):
            if tick == press_at:
                desk.leg.press("5")
                desk.leg.press("#")
            if tick == hang_up_at:
                desk.leg.phone_hung_up()
            await desk.beat()
            if recording.done():
                return recording.result(), desk
        pytest.fail("the recording never ended")

    return at_desk(act)


def test_a_recording_ends_with_so_much_silence_and_keeps_what_was_said(at_desk):
    recording, _ = recorded(at_desk, LOUD * 50, silence_seconds=1)
    assert recording.ended_by == ""
    assert recording.sound == LOUD * 50 + SILENCE * 50


def test_silence_before_and_after_is_trimmed_to_a_breath(at_desk):
    recording, _ = recorded(at_desk, SILENCE * 30 + LOUD * 50, silence_seconds=1, trims_silence=True)
    assert recording.sound == SILENCE + LOUD * 50 + SILENCE


def test_where_silence_does_not_end_it_the_longest_time_does(at_desk):
    recording, _ = recorded(at_desk, LOUD * 10, silence_seconds=0, longest_seconds=2)
    assert (recording.ended_by, len(recording.sound)) == ("", 2 * 8000)


def test_a_recording_of_nothing_is_kept(at_desk):
    recording, _ = recorded(at_desk, b"", silence_seconds=1, trims_silence=True)
    assert len(recording.sound) == 8000


def test_a_finish_key_ends_a_recording_and_others_do_not(at_desk):
    recording, _ = recorded(at_desk, LOUD * 100, press_at=20)
    assert (recording.ended_by, recording.sound) == ("#", LOUD * 20)


def test_a_hang_up_ends_a_recording_and_is_raised_by_what_comes_next(at_desk):
    recording, desk = recorded(at_desk, LOUD * 100, hang_up_at=20)
    assert (recording.ended_by, recording.sound) == ("hangup", LOUD * 20)
    with pytest.raises(HungUp):
        asyncio.run(desk.leg.pause(0))


def test_a_beep_comes_before_the_recording_and_is_not_part_of_it(at_desk):
    recording, desk = recorded(at_desk, LOUD * 75, silence_seconds=1, beeps=True)
    assert desk.port.told[5] != SILENCE
    assert recording.sound == LOUD * 50 + SILENCE * 50, "half a second of it was said during the beep"


class Fetching:
    """A narrator's recordings, each fetched once or not at all."""

    def __init__(self, desk):
        self.asked = []
        desk._narrator.recording = self.recording

    async def recording(self, url):
        self.asked.append(url)
        return ONE if url == "one" else TWO


def test_what_has_been_prepared_is_played_without_being_fetched_again(at_desk):
    async def act(desk):
        fetching = Fetching(desk)

        async def play():
            async with desk.leg.prepared(["one", "two"]):
                asked = list(fetching.asked)
                async with desk.leg.prepared(["one"]):
                    await desk.leg.play("one")
                await desk.leg.play("two")
            await desk.leg.play("one")
            return asked

        return await desk.until(play()), fetching.asked, [frame for frame in desk.port.told if frame != SILENCE]

    assert at_desk(act) == (["one", "two"], ["one", "two", "one"], [ONE, TWO, ONE])


def test_a_hang_up_does_not_wait_for_what_is_being_prepared(at_desk):
    async def act(desk):
        async def never(url):
            await asyncio.Future()

        desk._narrator.recording = never

        async def prepare():
            async with desk.leg.prepared(["one"]):
                pytest.fail("it never comes")

        preparing = asyncio.create_task(prepare())
        await asyncio.sleep(0)
        desk.leg.phone_hung_up()
        with pytest.raises(HungUp):
            await desk.until(preparing)

    at_desk(act)
