from itertools import count
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.rtp.keys import KEYS, KeysHeard, KeysTold

SAMPLES_A_TICK = 160


def pressed(keys, *, ticks=5, gap_ticks=4, start=1000, ends=3):
    """(timestamp, payload, marked) of each packet a phone sends for these keys."""
    packets, timestamp = [], start
    for key in keys:
        code = KEYS.index(key)
        event = [(timestamp, pack("!BBH", code, 10, tick * SAMPLES_A_TICK), tick == 1) for tick in range(1, ticks + 1)]
        event += [(timestamp, pack("!BBH", code, 0x80 | 10, ticks * SAMPLES_A_TICK), False)] * ends
        packets.append(event)
        timestamp = (timestamp + (ticks + gap_ticks) * SAMPLES_A_TICK) % (1 << 32)
    return packets


def heard(packets):
    keys = KeysHeard()
    return "".join(filter(None, (keys.heard(*packet) for packet in packets)))


def flat(events):
    return [packet for event in events for packet in event]


keys_typed = st.text(st.sampled_from(KEYS), min_size=1, max_size=12)


@given(keys_typed, st.integers(0, (1 << 32) - 1), st.integers(2, 30), st.integers(3, 20))
def test_each_key_counts_once(keys, start, ticks, gap_ticks):
    assert heard(flat(pressed(keys, start=start, ticks=ticks, gap_ticks=gap_ticks))) == keys


@given(keys_typed, st.data())
def test_each_key_counts_once_whichever_of_its_packets_are_lost_doubled_or_swapped(keys, data):
    packets = []
    for event in pressed(keys, gap_ticks=5):
        kept = data.draw(st.lists(st.sampled_from(range(len(event))), min_size=1, max_size=12))
        packets += [event[index] for index in kept]
    assert heard(packets) == keys


def test_a_key_is_heard_with_its_first_packet_and_not_when_it_is_let_go():
    assert KeysHeard().heard(*pressed("5")[0][0]) == "5"


def test_packets_of_a_key_that_come_after_the_next_has_begun_count_for_nothing():
    first, second = pressed("12")
    assert heard([*first[:3], *second[:2], *first[3:], *second[2:]]) == "12"


def test_the_same_key_pressed_fast_counts_each_time_even_if_no_end_ever_arrives():
    assert heard(flat(pressed("0000", ticks=3, gap_ticks=2, ends=0))) == "0000"
    unmarked = [(timestamp, payload, False) for timestamp, payload, _ in flat(pressed("0000", ticks=3, gap_ticks=2, ends=0))]
    assert heard(unmarked) == "0000"


def test_a_marked_packet_is_another_key_even_where_the_end_of_the_one_before_it_is_lost_and_no_time_is_between():
    assert heard(flat(pressed("77", ticks=3, gap_ticks=0, ends=0))) == "77"


def test_a_key_held_for_longer_than_a_duration_can_tell_is_one_key():
    """RFC 4733, section 2.5.1.3: eight seconds and more are sent in segments, only the first of which is marked."""
    segments = [(1000 + segment * 0xFFFF, pack("!BBH", 7, 10, 0xFFFF), segment == 0) for segment in range(4)]
    assert heard(segments) == "7"


def test_a_phone_that_counts_its_timestamps_on_within_a_key_presses_it_once():
    packets = [(1000 + tick * 160, pack("!BBH", 7, 10, tick * 160 + 160), tick == 0) for tick in range(8)]
    assert heard(packets) == "7"


def test_a_phone_that_counts_anew_is_still_heard():
    keys = KeysHeard()
    assert keys.heard(4_000_000_000, pack("!BBH", 1, 0x8A, 800), False) == "1"
    assert keys.heard(3_000_000_000, pack("!BBH", 2, 0x8A, 800), True) == "2"
    keys.restart()
    assert keys.heard(2_999_999_999, pack("!BBH", 2, 0x8A, 800), True) == "2"


@pytest.mark.parametrize("payload", [b"", b"\x01", b"\x01\x0a\x00", pack("!BBH", 16, 10, 160), pack("!BBH", 255, 10, 160)])
def test_what_is_too_short_or_no_key_is_none_and_harms_no_other(payload):
    keys = KeysHeard()
    assert keys.heard(500, payload, True) is None
    assert heard([(500, payload, True), *flat(pressed("42"))]) == "42"


def test_a_payload_with_more_in_it_than_an_event_is_read_as_one():
    assert KeysHeard().heard(1000, pack("!BBH", 11, 10, 160) + b"more", True) == "#"


def told(keys):
    """What is sent for these keys, tick by tick, until nothing more is."""
    teller = KeysTold()
    teller.tell(keys)
    ticks = [teller.next() for _ in range(400)]
    while ticks and ticks[-1][0] is None:
        ticks.pop()
    return ticks


def test_a_key_is_sent_marked_first_lengthening_and_ended_three_times():
    assert told("5") == [
        *((pack("!BBH", 5, 10, 160 * tick), tick == 1) for tick in range(1, 6)),
        *[(pack("!BBH", 5, 0x80 | 10, 800), False)] * 3,
    ]


def test_between_keys_there_is_sound_again():
    assert [event is None for event, _ in told("11")] == [False] * 8 + [True] * 4 + [False] * 8


@pytest.mark.parametrize(("pause", "ticks"), [("w", 25), ("W", 50), ("ww", 50)])
def test_pauses_last_as_long_as_twilio_says(pause, ticks):
    silent = [event is None for event, _ in told(pause + "1")]
    assert silent.index(False) == ticks


@given(keys_typed)
def test_what_is_told_is_heard(keys):
    hearing, timestamps, started = KeysHeard(), count(1000, SAMPLES_A_TICK), 0
    heard_keys = []
    for (event, begins), timestamp in zip(told(keys), timestamps, strict=False):
        started = timestamp if begins else started
        heard_keys.append(event and hearing.heard(started, event, begins))
    assert "".join(filter(None, heard_keys)) == keys


def test_what_is_no_key_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="'x' is not a key"):
        KeysTold().tell("12x")
