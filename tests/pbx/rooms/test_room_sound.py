"""What is done with a conference's sound: it is recorded, and watched for who speaks.

Source: https://www.twilio.com/docs/voice/twiml/conference, record and statusCallbackEvent.
"""

from datetime import UTC, datetime
from itertools import count

import pytest

from pbx.audio.clock import Clock
from pbx.call import Call
from pbx.recording import RecordingPlan, RecordingReport, Source
from pbx.request import Method
from pbx.rooms.conferences import LocalConferences
from pbx.rooms.seat import Notification, Terms
from pbx.rooms.tones import room_sound
from pbx.shelf import RecordingShelf, RecordingStatus
from voices.sound import Sound

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LOUD, QUIET = Sound.of_pcm(b"\x00\x20" * 160).mulaw(), b"\xff" * 160
EVERY_EVENT = frozenset({"in-progress", "completed", "absent"})


class Voice:
    """Somebody who says one thing all the time."""

    def __init__(self, says, call_sid=""):
        self.latest, self.call_sid = says, call_sid

    def is_heard_by(self, other):
        return True


class House:
    """Conferences with sound, a shelf, and a clock that beats when it is told to."""

    def __init__(self, is_trimmed=False, report=None):
        self.clock, self.told, sids = Clock(), [], count(1)
        self.shelf = RecordingShelf(lambda prefix: f"{prefix}{next(sids):032x}", lambda: "http://exchange.test")
        self.rooms = LocalConferences(
            lambda prefix: f"{prefix}{next(sids):032x}",
            lambda: NOW,
            self.told.append,
            lambda: room_sound(self.clock),
            self.shelf,
        )
        self.recorded = RecordingPlan(Source.CONFERENCE, is_trimmed=is_trimmed, report=report)

    def enters(self, sid, says=QUIET, **terms):
        call = Call(sid, "AC1", "+1", "+2", lambda: NOW)
        participant = self.rooms.admit("room", call, Terms(beep="false", **terms), lambda hearing: None)
        self.voice = Voice(says, sid)
        participant.bridge.enter(self.voice)
        return participant

    def beats(self, times):
        for _ in range(times):
            self.clock.beat()

    @property
    def room(self):
        return next(iter(self.rooms))


def test_it_is_recorded_from_its_start_to_its_end():
    house = House()
    house.enters("CA1", LOUD, recording=house.recorded)
    house.beats(50)  # music, which is never recorded
    assert list(house.shelf) == []
    house.enters("CA2")
    house.beats(100)
    house.room.end()
    (kept,) = house.shelf
    assert (kept.source, kept.status, kept.channels) == ("Conference", RecordingStatus.COMPLETED, 1)
    assert (kept.conference_sid, kept.call_sid, kept.sound) == (house.room.sid, "CA1", LOUD * 100)


def test_whoever_is_there_at_the_start_may_wish_it():
    house = House()
    house.enters("CA1")
    house.enters("CA2", LOUD, recording=house.recorded)
    house.beats(1)
    house.room.end()
    assert [kept.sound for kept in house.shelf] == [LOUD]


def test_nothing_is_recorded_that_nobody_wished():
    house = House()
    house.enters("CA1")
    house.enters("CA2", LOUD)
    house.beats(1)
    house.room.end()
    assert list(house.shelf) == []


def test_silence_at_both_ends_is_left_out_if_wished():
    house = House(is_trimmed=True)
    house.enters("CA1", recording=house.recorded)
    house.enters("CA2")
    house.beats(10)
    speaker = Voice(LOUD)
    house.room.sound.bridge.enter(speaker)
    house.beats(3)
    speaker.latest = QUIET
    house.beats(10)
    house.room.end()
    (kept,) = house.shelf
    assert kept.sound == QUIET + LOUD * 3 + QUIET


def test_the_callback_is_told_of_the_beginning_and_the_end():
    house = House(report=RecordingReport("http://centre.test/recorded", Method.POST, EVERY_EVENT))
    house.enters("CA1", recording=house.recorded)
    house.enters("CA2")
    house.beats(50)
    house.room.end()
    begun, over = (request.parameters for request in house.told)
    assert (begun["RecordingStatus"], over["RecordingStatus"], over["RecordingDuration"]) == ("in-progress", "completed", "1")
    for told in (begun, over):
        assert (told["ConferenceSid"], told["RecordingSource"], told["RecordingChannels"]) == (
            house.room.sid,
            "Conference",
            "1",
        )
        assert {"AccountSid", "RecordingSid", "RecordingUrl", "RecordingStartTime"} <= told.keys()
        assert "CallSid" not in told


def test_the_legacy_callback_is_told_the_length_and_the_size_once():
    house = House(report=RecordingReport("http://centre.test/old", Method.POST, is_legacy=True))
    house.enters("CA1", recording=house.recorded)
    house.enters("CA2")
    house.beats(50)
    house.room.end()
    (told,) = (request.parameters for request in house.told)
    (kept,) = house.shelf
    assert (told["EventName"], told["Duration"], told["RecordingUrl"]) == ("conference-record-end", "1", kept.url)
    assert told["RecordingFileSize"] == str(len(kept.wav()))


def test_it_can_be_paused_and_stopped_before_the_end():
    house = House()
    house.enters("CA1", LOUD, recording=house.recorded)
    house.enters("CA2")
    house.beats(2)
    running = house.room.recording
    running.pause(keeps_time=False)
    house.beats(2)
    assert running.recording.status is RecordingStatus.PAUSED
    running.go_on()
    house.beats(2)
    assert running.stop().sound == LOUD * 4
    house.beats(2)
    house.room.end()
    assert [kept.sound for kept in house.shelf] == [LOUD * 4]


def test_whoever_is_muted_is_not_recorded():
    class Muted(Voice):
        def is_heard_by(self, other):
            return False

    house = House()
    house.enters("CA1", recording=house.recorded)
    house.enters("CA2")
    house.room.sound.bridge.enter(Muted(LOUD))
    house.beats(2)
    house.room.end()
    assert [kept.sound for kept in house.shelf] == [QUIET * 2]


@pytest.mark.parametrize("others", [0, 1])
def test_the_recording_does_not_count_as_a_participant(others):
    house = House()
    house.enters("CA1", recording=house.recorded)
    for number in range(others):
        house.enters(f"CA{number + 2}")
    assert len(house.room.participants) == others + 1


def speech(house):
    told = [(request.parameters["CallSid"], request.parameters["StatusCallbackEvent"]) for request in house.told]
    house.told.clear()
    return told


SPEAKER = Notification("http://centre.test/events", events=frozenset({"speaker"}))


def test_who_begins_and_ceases_to_speak_is_told():
    house = House()
    house.enters("CA1", notification=SPEAKER)
    house.enters("CA2", LOUD)
    house.beats(4)
    assert speech(house) == []
    house.beats(1)
    assert speech(house) == [("CA2", "participant-speech-start")]
    house.beats(100)
    house.voice.latest = QUIET
    house.beats(49)
    assert speech(house) == []
    house.beats(1)
    assert speech(house) == [("CA2", "participant-speech-stop")]


def test_a_short_pause_is_no_end_and_a_click_no_beginning():
    house = House()
    house.enters("CA1", notification=SPEAKER)
    house.enters("CA2", LOUD)
    house.beats(5)
    speech(house)
    for says, beats in ((QUIET, 30), (LOUD, 1), (QUIET, 30)):
        house.voice.latest = says
        house.beats(beats)
    assert speech(house) == []


def test_nothing_is_told_of_speakers_that_nobody_asked_for_nor_after_the_end():
    house = House()
    house.enters("CA1", notification=Notification("http://centre.test/events", events=frozenset({"join"})))
    house.enters("CA2", LOUD)
    house.told.clear()
    house.beats(10)
    assert speech(house) == []
    house = House()
    house.enters("CA1", notification=SPEAKER)
    house.enters("CA2", LOUD)
    house.room.end()
    house.beats(10)
    assert speech(house) == []
