"""The shelf: recordings are kept as long as there is room, and come as files that players read."""

import wave
from datetime import UTC, datetime
from io import BytesIO
from itertools import count

import pytest

from pbx.call import Call
from pbx.shelf import LARGEST_SHELF_BYTES, RecordingShelf
from pbx.tape import Tape
from voices.sound import Sound

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
CALL = Call("CA1", "AC1", "+1", "+2", lambda: BEGAN)


def put(shelf, source, channels, sound):
    return shelf.finish(shelf.begin(CALL, source, BEGAN, channels), sound)


def shelf():
    sids = count(1)
    return RecordingShelf(lambda prefix: f"{prefix}{next(sids)}", lambda: "http://exchange.test")


def test_a_recording_is_found_by_its_sid():
    kept = shelf()
    recording = put(kept, "RecordVerb", 1, b"\xff" * 16000)
    assert kept.get(recording.sid) is recording
    assert (recording.duration_seconds, recording.url) == (2, "http://exchange.test/2010-04-01/Accounts/AC1/Recordings/RE1")


def test_the_oldest_make_room():
    kept = shelf()
    third = b"\xff" * (LARGEST_SHELF_BYTES // 3 + 1)
    sids = [put(kept, "RecordVerb", 1, third).sid for _ in range(4)]
    assert [recording.sid for recording in kept] == sids[:1:-1]


def test_one_that_is_larger_than_the_shelf_is_kept_alone():
    kept = shelf()
    put(kept, "RecordVerb", 1, b"\xff")
    large = put(kept, "RecordVerb", 1, b"\xff" * (LARGEST_SHELF_BYTES + 1))
    assert list(kept) == [large]


def test_a_deleted_one_is_gone_and_gives_its_room_back():
    kept = shelf()
    half = b"\xff" * (LARGEST_SHELF_BYTES // 2)
    first, second = (put(kept, "RecordVerb", 1, half) for _ in range(2))
    assert (kept.delete(first.sid), kept.delete(first.sid)) == (True, False)
    third = put(kept, "RecordVerb", 1, half)
    assert list(kept) == [third, second]


@pytest.mark.parametrize("samples", [0, 1, 8000])
def test_every_chunk_of_the_file_has_the_length_it_says(samples):
    wav = put(shelf(), "RecordVerb", 1, b"\xff" * samples).wav()
    assert len(wav) % 2 == 0
    at, names = 12, []
    while at < len(wav):
        names.append(wav[at : at + 4])
        length = int.from_bytes(wav[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    assert (at, names) == (len(wav), [b"fmt ", b"data"])


def test_channels_stay_apart_in_the_file():
    file = put(shelf(), "DialVerb", 2, b"\xff\x80" * 8).wav()
    with wave.open(BytesIO(file)) as recording:
        assert (recording.getnchannels(), recording.getnframes()) == (2, 8)
        assert recording.readframes(1) == Sound.of_mulaw(b"\xff\x80").pcm()


LOUD, QUIET = Sound.of_pcm(b"\x00\x20" * 160).mulaw(), b"\xff" * 160


def test_a_tape_keeps_one_who_dialled_and_one_who_was_reached_apart_or_mixes_them():
    mixed, apart = Tape(), Tape(is_dual=True)
    for tape in (mixed, apart):
        tape.heard(LOUD)
        tape.said(QUIET)
    both = apart.sound()
    assert (both[::2], both[1::2]) == (LOUD, QUIET)
    assert mixed.sound() == LOUD


def test_a_mix_does_not_wrap_around():
    tape = Tape()
    loudest = Sound.of_pcm(b"\xff\x7f" * 160).mulaw()
    tape.heard(loudest)
    tape.said(loudest)
    assert Sound.of_mulaw(tape.sound()).samples.min() > 30000


def test_frames_that_never_came_are_silence_in_their_place():
    tape = Tape(is_dual=True)
    for _ in range(3):
        tape.said(QUIET)
    tape.heard(LOUD)
    assert tape.sound()[::2] == QUIET * 3 + LOUD


@pytest.mark.parametrize("track", ["both", "inbound", "outbound"])
@pytest.mark.parametrize("is_dual", [True, False])
def test_who_says_nothing_for_long_is_silent_in_their_place(track, is_dual):
    tape = Tape(track, is_dual=is_dual)
    for _ in range(170):
        tape.heard(LOUD)
    for _ in range(3):
        tape.heard(QUIET)
        tape.said(LOUD)
    heard, said = LOUD * 170 + QUIET * 3, QUIET * 170 + LOUD * 3
    if track == "inbound":
        said = QUIET * 173
    if track == "outbound":
        heard, said = QUIET * 3, LOUD * 3
    if is_dual:
        assert (tape.sound()[::2], tape.sound()[1::2]) == (heard, said)
    else:
        assert tape.sound() == {"both": LOUD * 173, "inbound": heard, "outbound": said}[track]


@pytest.mark.parametrize(("track", "kept"), [("both", LOUD * 2), ("inbound", LOUD + QUIET), ("outbound", QUIET + LOUD)])
def test_a_tape_may_take_down_one_end_only(track, kept):
    tape = Tape(track)
    for heard, said in ((LOUD, QUIET), (QUIET, LOUD)):
        tape.heard(heard)
        tape.said(said)
    assert tape.sound() == kept


@pytest.mark.parametrize(("keeps_time", "kept"), [(True, LOUD + QUIET + LOUD), (False, LOUD + LOUD)])
def test_while_a_tape_is_paused_there_is_silence_or_nothing(keeps_time, kept):
    tape = Tape("inbound")
    tape.heard(LOUD)
    tape.pause(keeps_time=keeps_time)
    tape.heard(LOUD)
    tape.go_on()
    tape.heard(LOUD)
    assert tape.sound() == kept


def test_silence_before_and_after_is_left_out_of_both_channels_at_once():
    tape = Tape(is_dual=True)
    for heard, said in ((QUIET, QUIET), (QUIET, QUIET), (LOUD, QUIET), (QUIET, LOUD), (QUIET, QUIET), (QUIET, QUIET)):
        tape.heard(heard)
        tape.said(said)
    both = tape.sound(is_trimmed=True)
    assert (both[::2], both[1::2]) == (QUIET + LOUD + QUIET * 2, QUIET * 2 + LOUD + QUIET)


def test_silence_alone_is_kept_whole():
    tape = Tape()
    tape.heard(QUIET)
    assert tape.sound(is_trimmed=True) == QUIET


def test_a_recording_under_way_makes_no_room_for_others():
    kept = shelf()
    begun = kept.begin(CALL, "DialVerb", BEGAN)
    kept.run(begun, object())
    put(kept, "RecordVerb", 1, b"\xff" * (LARGEST_SHELF_BYTES + 1))
    assert kept.get(begun.sid) is begun
