import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.audio.frame import FRAME_BYTES
from pbx.rtp.playout import HELD_BACK_TICKS, MOST_HELD_FRAMES, Playout
from voices.sound import Sound

START = 1000


def frame(number):
    return bytes([number % 256]) * FRAME_BYTES


def arrive(playout, *numbers, start=START):
    for number in numbers:
        playout.arrived((start + number * FRAME_BYTES) % (1 << 32), frame(number))


def ticks(playout, count):
    return [playout.next() for _ in range(count)]


def talking(numbers, start=START):
    """A phone that sends a frame before every tick, of these numbers, None for one that does not come; what is heard of it."""
    playout, heard = Playout(), []
    for number in numbers:
        if number is not None:
            arrive(playout, number, start=start)
        heard.append(playout.next())
    return heard


def test_nothing_is_heard_of_a_phone_that_says_nothing():
    assert ticks(Playout(), 3) == [None] * 3


@pytest.mark.parametrize("start", [0, START, (1 << 32) - 10 * FRAME_BYTES])
def test_sound_is_held_back_two_ticks_and_then_flows_also_where_timestamps_wrap(start):
    heard = talking(range(50), start)
    assert heard == [None] * HELD_BACK_TICKS + [frame(number) for number in range(50 - HELD_BACK_TICKS)]


def test_frames_out_of_order_are_heard_in_order_and_doubled_ones_once():
    playout = Playout()
    arrive(playout, 1, 0, 0, 3, 2, 2, 4, 1)
    assert ticks(playout, 7)[HELD_BACK_TICKS:] == [frame(number) for number in range(1, 5)] + [playout_fade(4)]


def playout_fade(number):
    """What follows a frame when nothing comes."""
    playout = Playout()
    arrive(playout, number)
    return ticks(playout, HELD_BACK_TICKS + 2)[-1]


def test_a_frame_that_comes_just_before_its_time_is_in_time():
    playout = Playout()
    arrive(playout, 0)
    ticks(playout, HELD_BACK_TICKS)
    arrive(playout, 2)
    assert playout.next() == frame(0)
    arrive(playout, 1)
    assert ticks(playout, 2) == [frame(1), frame(2)]


def loudness(heard):
    return int(abs(Sound.of_mulaw(heard).samples.astype(int)).sum())


def test_a_lost_frame_is_the_one_before_it_fading_and_all_others_stay_in_place():
    heard = talking([*range(10), None, *range(11, 30)])[HELD_BACK_TICKS:]
    assert heard[:10] == [frame(number) for number in range(10)]
    assert heard[11:] == [frame(number) for number in range(11, 28)]
    concealed = Sound.of_mulaw(heard[10]).samples.astype(int)
    assert numpy.all(numpy.diff(abs(concealed)) <= 0)
    assert 0.5 < loudness(heard[10]) / loudness(frame(9)) < 1


def test_a_longer_loss_fades_away_and_costs_no_time():
    heard = talking([*range(10), *[None] * 2, *range(12, 40)])[HELD_BACK_TICKS:]
    assert loudness(heard[9]) > loudness(heard[10]) > loudness(heard[11])
    assert heard[12:] == [frame(number) for number in range(12, 38)]


def test_a_phone_that_falls_silent_is_faded_out_and_then_not_heard():
    heard = talking([*range(10), *[None] * 20])[HELD_BACK_TICKS:]
    assert heard[:10] == [frame(number) for number in range(10)]
    assert loudness(heard[9]) > loudness(heard[10]) > loudness(heard[11]) > loudness(heard[12])
    assert heard[13:] == [None] * (len(heard) - 13)


def test_it_is_heard_again_when_it_talks_again_whatever_its_timestamps_are():
    playout = Playout()
    for start in (START, START + 90_000, 5, 4_000_000_000):
        arrive(playout, *range(5), start=start)
        heard = ticks(playout, 12)
        assert heard[HELD_BACK_TICKS : HELD_BACK_TICKS + 5] == [frame(number) for number in range(5)]
        assert heard[-1] is None


def test_a_phone_that_says_it_falls_silent_is_not_concealed():
    playout = Playout()
    arrive(playout, *range(4))
    playout.pause()
    assert ticks(playout, 8)[HELD_BACK_TICKS:] == [*map(frame, range(4)), None, None]


@pytest.mark.parametrize("jump", [5_000, 1_000_000, -5_000, -1_000_000])
def test_timestamps_that_jump_are_another_beginning(jump):
    playout = Playout()
    arrive(playout, *range(4))
    ticks(playout, 3)
    arrive(playout, 0, 1, 2, start=(START + jump) % (1 << 32))
    assert ticks(playout, 5)[HELD_BACK_TICKS:] == [frame(0), frame(1), frame(2)]


def test_packets_later_than_they_were_are_waited_for_and_all_heard():
    """The network takes 60 ms more from now on: three frames are drawn out, none is lost."""
    heard = talking([*range(20), *[None] * 3, *range(20, 60)])
    whole = [each for each in heard if each in {frame(number) for number in range(60)}]
    assert whole == sorted(whole)
    assert set(whole) >= {frame(number) for number in range(57)}


def test_delay_that_is_not_needed_is_shed():
    playout, heard = Playout(), []
    arrive(playout, *range(8))
    for number in range(8, 600):
        arrive(playout, number)
        heard.append(playout.next())
    assert heard[-1] == frame(599 - MOST_HELD_FRAMES)
    assert None not in heard[HELD_BACK_TICKS:]


def test_nothing_is_left_out_of_what_came_while_nobody_took_it():
    """This machine stood still for 0.8 s in mid-call."""
    playout, heard = Playout(), []
    arrive(playout, *range(10))
    heard += ticks(playout, 6)
    arrive(playout, *range(10, 50))
    heard += ticks(playout, 48)
    assert heard[HELD_BACK_TICKS : HELD_BACK_TICKS + 40] == [frame(number) for number in range(40)]


def test_delay_is_shed_first_where_the_phone_is_quiet():
    playout, heard = Playout(), []
    for number in range(600):
        quiet = 100 <= number < 200
        playout.arrived(START + number * FRAME_BYTES, b"\xff" * FRAME_BYTES if quiet else frame(number % 60))
        if not 50 <= number < 75:
            heard.append(playout.next())
    loud = [each for each in heard if each and each != b"\xff" * FRAME_BYTES]
    assert len(loud) >= 500 - 2 * MOST_HELD_FRAMES


@pytest.mark.parametrize("packet_bytes", [80, 240, 320, 480])
def test_packets_of_any_length_become_frames_of_20_ms(packet_bytes):
    playout, heard = Playout(), []
    sound = numpy.random.default_rng(1).integers(0, 255, 48 * FRAME_BYTES, numpy.uint8).tobytes()
    sent = 0
    for tick in range(48):
        while sent < (tick + 1) * FRAME_BYTES:
            playout.arrived(START + sent, sound[sent : sent + packet_bytes])
            sent += packet_bytes
        heard.append(playout.next() or b"")
    assert sound.startswith(b"".join(heard))
    assert len(b"".join(heard)) >= 44 * FRAME_BYTES


@given(st.lists(st.tuples(st.integers(0, (1 << 32) - 1), st.binary(max_size=400)) | st.none(), max_size=60))
def test_whatever_arrives_a_tick_gives_a_frame_or_nothing(events):
    playout = Playout()
    for event in events:
        if event is None:
            heard = playout.next()
            assert heard is None or len(heard) == FRAME_BYTES
        else:
            playout.arrived(*event)


@given(st.permutations(range(8)), st.integers(0, (1 << 32) - 1))
def test_order_of_arrival_makes_no_difference_within_what_is_held(order, start):
    playout = Playout()
    arrive(playout, 0, start=start)
    arrive(playout, *order, start=start)
    assert ticks(playout, 8 + HELD_BACK_TICKS)[HELD_BACK_TICKS:] == [frame(number) for number in range(8)]
