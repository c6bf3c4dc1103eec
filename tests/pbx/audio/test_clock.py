import asyncio

import pytest

from pbx.audio.clock import Clock
from pbx.audio.frame import FRAME_BYTES

ONE, OTHER = b"\x11" * FRAME_BYTES, b"\x22" * FRAME_BYTES


class Leg:
    """Writes down when it is ticked; does what it is told to in its turns."""

    def __init__(self, name, diary, *, says=None, on_listen=None, on_speak=None):
        self.name, self.diary, self.latest = name, diary, says
        self.on_listen, self.on_speak = on_listen, on_speak

    def listen(self):
        self.diary.append(("listen", self.name))
        if self.on_listen:
            self.on_listen()

    def speak(self):
        self.diary.append(("speak", self.name))
        if self.on_speak:
            self.on_speak()

    def drop(self):
        self.diary.append(("drop", self.name))


def fails():
    raise RuntimeError("out of order")


def ticked(in_virtual_time, *legs, seconds, batch=None, prepare=lambda clock: None):
    """The clock after so long, and what went wrong meanwhile."""
    errors = []

    async def run():
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: errors.append(context["exception"]))
        clock = Clock()
        for leg in legs:
            clock.add(leg)
        if batch is not None:
            clock.every(batch)
        prepare(clock)
        clock.start()
        await asyncio.sleep(seconds)
        await clock.stop()
        await asyncio.sleep(1)
        return clock

    return in_virtual_time(run()), errors


def test_all_listen_before_any_speaks(in_virtual_time):
    diary = []
    ticked(in_virtual_time, Leg("amira", diary), Leg("bob", diary), seconds=0.03)
    assert diary == [("listen", "amira"), ("listen", "bob"), ("speak", "amira"), ("speak", "bob")]


def test_a_minute_has_its_3000_ticks_each_at_its_time(in_virtual_time):
    moments = []
    leg = Leg("amira", [], on_listen=lambda: moments.append(asyncio.get_running_loop().time()))
    ticked(in_virtual_time, leg, seconds=60.01)
    assert len(moments) == 3000
    assert max(abs(moment - 0.02 * (index + 1)) for index, moment in enumerate(moments)) < 1e-6


def test_it_stops_when_told_to(in_virtual_time):
    clock, _ = ticked(in_virtual_time, seconds=0.49)
    assert clock.tick == clock.lateness.ticks == 24


def test_a_batch_hears_all_who_said_something_before_anybody_speaks(in_virtual_time):
    diary = []
    amira, bob, carol = Leg("amira", diary, says=ONE), Leg("bob", diary), Leg("carol", diary, says=OTHER)

    class Batch:
        def hear(self, frames):
            diary.append(dict(frames))

    ticked(in_virtual_time, amira, bob, carol, seconds=0.03, batch=Batch())
    assert diary[3:5] == [{amira: ONE, carol: OTHER}, ("speak", "amira")]


@pytest.mark.parametrize("turn", ["on_listen", "on_speak"])
def test_a_leg_that_raises_is_dropped_and_the_others_go_on_in_the_same_tick(in_virtual_time, turn):
    diary = []
    legs = [Leg("amira", diary), Leg("bob", diary, **{turn: fails}), Leg("carol", diary)]
    clock, errors = ticked(in_virtual_time, *legs, seconds=0.05)
    assert [str(error) for error in errors] == ["out of order"]
    assert diary.count(("drop", "bob")) == diary.count(("listen", "bob")) == 1
    for turns in [("listen", "amira"), ("speak", "amira"), ("listen", "carol"), ("speak", "carol")]:
        assert diary.count(turns) == 2
    assert clock.tick == 2


def test_several_legs_may_raise_in_one_tick(in_virtual_time):
    diary = []
    legs = [Leg(name, diary, on_listen=fails) for name in ("amira", "bob")] + [Leg("carol", diary)]
    _, errors = ticked(in_virtual_time, *legs, seconds=0.03)
    assert len(errors) == 2
    assert diary[-1] == ("speak", "carol")


def test_a_leg_that_leaves_in_a_tick_has_no_turn_in_it_any_more(in_virtual_time):
    diary, left = [], []
    bob = Leg("bob", diary)
    amira = Leg("amira", diary, on_listen=lambda: left[0].remove(bob))
    ticked(in_virtual_time, amira, bob, seconds=0.03, prepare=left.append)
    assert diary == [("listen", "amira"), ("speak", "amira")]


def held_up(seconds):
    """Takes so long, once."""
    taken = []

    def turn():
        if not taken:
            taken.append(True)
            asyncio.get_running_loop()._selector_clock.seconds += seconds

    return turn


def test_what_was_missed_for_longer_than_a_tenth_of_a_second_is_skipped(in_virtual_time):
    clock, _ = ticked(in_virtual_time, Leg("amira", [], on_speak=held_up(0.5)), seconds=0.985)
    assert clock.lateness.skipped_ticks == 24
    assert clock.tick == 49 - 24
    assert clock.lateness.worst_seconds == pytest.approx(0.48, abs=0.01)


def test_a_smaller_delay_is_made_up_for(in_virtual_time):
    clock, _ = ticked(in_virtual_time, Leg("amira", [], on_speak=held_up(0.09)), seconds=0.985)
    assert (clock.tick, clock.lateness.skipped_ticks) == (49, 0)
    assert clock.lateness.p99_seconds == pytest.approx(0.07, abs=0.01)
    assert clock.lateness.median_seconds < 0.005
