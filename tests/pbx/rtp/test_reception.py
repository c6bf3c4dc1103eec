import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.rtp import reception
from pbx.rtp.reception import Reception

FRAME_SAMPLES = 160


@pytest.fixture
def arrive(monkeypatch):
    """Have packets (sequence number, timestamp, second of arrival) come, and tell how they came over."""
    moment = [0.0]
    monkeypatch.setattr(reception, "monotonic", lambda: moment[0])

    def arrive(packets):
        counted = Reception()
        for sequence, timestamp, seconds in packets:
            moment[0] = seconds
            counted.count(sequence % 65536, timestamp % (1 << 32))
        return counted

    return arrive


def frames(numbers, late=lambda number: 0.0, first=0):
    return [(first + number, first + number * FRAME_SAMPLES, number * 0.02 + late(number)) for number in numbers]


@given(st.integers(0, (1 << 32) - 1))
def test_a_punctual_phone_has_no_jitter_and_no_loss_also_where_its_numbers_wrap(first):
    with pytest.MonkeyPatch.context() as patch:
        moments = iter(index * 0.02 for index in range(100))
        patch.setattr(reception, "monotonic", lambda: next(moments))
        counted = Reception()
        for number in range(100):
            counted.count((first + number) % 65536, (first + number * FRAME_SAMPLES) % (1 << 32))
    assert counted.jitter_seconds == pytest.approx(0.0, abs=1e-9)
    assert (counted.lost_packets, counted.packets_received) == (0, 100)


def test_jitter_tends_towards_the_mean_difference_between_two_packets(arrive):
    counted = arrive(frames(range(500), late=lambda number: 0.008 if number % 2 else 0.0))
    assert counted.jitter_seconds == pytest.approx(0.008, rel=0.01)
    assert counted.jitter == 64


def test_a_silence_in_which_timestamps_go_on_is_no_jitter(arrive):
    assert arrive([(1, 0, 0.0), (2, 160, 0.02), (3, 80_160, 10.02)]).jitter_seconds == pytest.approx(0.0)


def test_a_key_whose_packets_all_have_one_timestamp_is_no_jitter(arrive):
    key = [(2 + index, 160, 0.02 + 0.02 * index) for index in range(8)]
    assert arrive([(1, 0, 0.0), *key, (10, 160 + 8 * 160, 0.18)]).jitter_seconds == pytest.approx(0.0)


def test_what_comes_out_of_order_is_neither_jitter_nor_loss(arrive):
    counted = arrive(frames([0, 2, 1, 3, 5, 4, 6], late=lambda number: 0.0))
    assert counted.lost_packets == 0
    assert counted.packets_expected == 7


def test_what_does_not_come_is_lost(arrive):
    assert arrive(frames([0, 1, 4, 5, 9])).lost_packets == 5
    assert arrive(frames([0, 1, 3], first=65_534)).lost_packets == 1


def test_nothing_is_lost_of_nothing():
    assert Reception().lost_packets == 0
