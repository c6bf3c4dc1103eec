"""Gusts of sound become even frames; what would come too late is left out; the figures say what happened."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.audio.frame import FRAME_BYTES
from pbx.browser.port import CUSHION_BYTES, LONGEST_BYTES, BrowserPort
from pbx.browser.station import dialled_user


@dataclass
class Clock:
    now: float = 0.0
    given: list[bytes] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def port(self) -> BrowserPort:
        port = BrowserPort(self.given.append, self)
        port.is_open = True
        return port


def frame(number: int) -> bytes:
    return bytes([number % 256]) * FRAME_BYTES


def test_sound_begins_when_a_cushion_is_there_and_then_flows():
    port = Clock().port()
    port.arrive(frame(1) + frame(2), 0)
    assert port.take() is None
    port.arrive(frame(3), 40)
    assert [port.take() for _tick in range(3)] == [frame(1), frame(2), frame(3)]


def test_a_gap_is_counted_once_and_a_new_cushion_is_gathered():
    port = Clock().port()
    port.arrive(frame(1) * 3, 0)
    assert [port.take() for _tick in range(5)] == [frame(1)] * 3 + [None] * 2
    port.arrive(frame(2), 200)
    assert port.take() is None
    port.arrive(frame(2) * 2, 220)
    assert port.take() == frame(2)
    assert port.figures.lost_frames == 1


def test_after_a_gust_the_newest_is_heard():
    port = Clock().port()
    port.arrive(b"".join(map(frame, range(40))), 0)
    assert [port.take() for _tick in range(3)] == [frame(37), frame(38), frame(39)]


@given(st.lists(st.integers(0, 1000), max_size=40))
def test_pieces_of_any_length_are_heard_in_order_and_without_a_seam(lengths):
    port, said, heard = Clock().port(), b"", b""
    for number, length in enumerate(lengths):
        piece = bytes([number]) * length
        said += piece
        port.arrive(piece, number * 20)
        while (taken := port.take()) is not None:
            assert len(taken) == FRAME_BYTES
            heard += taken
    assert said.startswith(heard)
    assert len(said) - len(heard) < CUSHION_BYTES


@given(st.lists(st.one_of(st.binary(max_size=3 * LONGEST_BYTES), st.none()), max_size=60))
def test_never_more_waits_than_is_worth_waiting_for(story):
    port = Clock().port()
    for piece in story:
        if piece is None:
            port.take()
        else:
            port.arrive(piece, 0)
    taken = 0
    while port.take() is not None:
        taken += 1
    assert taken * FRAME_BYTES <= LONGEST_BYTES


def test_on_hold_there_is_no_sound_and_afterwards_nothing_old():
    clock = Clock()
    port = clock.port()
    port.arrive(frame(1) * 3, 0)
    port.close()
    port.arrive(frame(2) * 3, 20)
    port.give(frame(3))
    assert (port.take(), clock.given) == (None, [])
    port.is_open = True
    port.give(frame(4))
    assert (port.take(), clock.given) == (None, [frame(4)])


def test_jitter_is_nothing_for_even_sound_and_something_for_uneven():
    clock = Clock()
    even, uneven = clock.port(), clock.port()
    for number in range(50):
        clock.now = number * 0.02
        even.arrive(frame(1), number * 20)
        uneven.arrive(frame(1), number * 20 + (15 if number % 2 else 0))
    assert even.figures.jitter_seconds == pytest.approx(0, abs=1e-9)
    assert 0.01 < uneven.figures.jitter_seconds <= 0.015
    assert even.figures.received_frames == 50


@pytest.mark.parametrize(
    ("dialled", "user"),
    [
        ("activate", "activate"),
        ("sip:activate@127.0.0.1", "activate"),
        ("client:amira", "amira"),
        ("visitor-00c0ffee", "visitor-00c0ffee"),
        ("+1 (800) 555-0199", "+18005550199"),
        ("030/23125.142", "03023125142"),
        ("tel:+493023125142", "+493023125142"),
    ],
)
def test_what_is_dialled_has_many_spellings_and_one_user(dialled, user):
    assert dialled_user(dialled) == user
