"""Calls that REST orders: how long they ring and last, and what is shown, by a clock that is turned by hand."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from pbx.call import CallStatus
from pbx.exchange.switchboard import CallOrder, Switchboard
from pbx.request import Twiml
from pbx.shelf import RecordingShelf


class Timer:
    """Something that happens when its time has come, unless it is cancelled."""

    def __init__(self, at, act):
        self.at, self.act, self.is_cancelled = at, act, False

    def cancel(self):
        self.is_cancelled = True


class Phone:
    """A phone that rings, and is hung up on."""

    number, may_ring = "+2", True

    def __init__(self):
        self.callers, self.hung_up = [], False

    def ring(self, call, order):
        self.callers.append(order.shown_caller or order.caller)
        return self

    def hang_up(self):
        self.hung_up = True


class House:
    """A switchboard with one phone."""

    def __init__(self):
        self.now, self.timers, sids = datetime(2026, 1, 1, tzinfo=UTC), [], count(1)
        shelf = RecordingShelf(str, str)
        self.board = Switchboard(
            "AC1", lambda prefix: f"{prefix}{next(sids)}", lambda: self.now, lambda request: None, self.later, str, shelf
        )
        self.phone = Phone()
        self.board.phones.append(self.phone)

    def later(self, seconds, act):
        self.timers.append(Timer(self.now + timedelta(seconds=seconds), act))
        return self.timers[-1]

    def wait(self, seconds):
        """Let so much time pass, and everything happen that is due."""
        until = self.now + timedelta(seconds=seconds)
        while due := [timer for timer in self.timers if timer.at <= until and not timer.is_cancelled]:
            timer = min(due, key=lambda one: one.at)
            self.timers.remove(timer)
            self.now = max(self.now, timer.at)
            timer.act()
        self.now = until

    def orders(self, **how):
        line = self.board.make_call(CallOrder("+1", "+2", Twiml("<Response/>"), **how))
        self.wait(0)
        return line


@pytest.fixture
def house():
    return House()


def test_a_phone_rings_five_seconds_longer_than_the_timeout(house):
    line = house.orders(timeout_seconds=10)
    house.wait(14)
    assert line.call.status is CallStatus.RINGING
    house.wait(1)
    assert (line.call.status, house.phone.hung_up) == (CallStatus.NO_ANSWER, True)


def test_the_time_limit_counts_from_the_answer(house):
    line = house.orders(limit_seconds=60)
    house.wait(20)
    line.call.answer()
    house.wait(59)
    assert not house.phone.hung_up
    house.wait(1.1)
    assert house.phone.hung_up


@pytest.mark.parametrize(("limit", "seconds_left"), [(30, 20), (90, 80), (5, 0)])
def test_a_new_time_limit_replaces_the_old_and_counts_from_the_answer_too(house, limit, seconds_left):
    line = house.orders(limit_seconds=60)
    line.call.answer()
    house.wait(10)
    house.board.limit(line, limit)
    house.wait(seconds_left)
    assert not house.phone.hung_up
    house.wait(0.1)
    assert house.phone.hung_up


def test_a_time_limit_given_while_it_rings_counts_from_the_answer(house):
    line = house.orders(limit_seconds=60)
    house.board.limit(line, 5)
    house.wait(30)
    line.call.answer()
    house.wait(4)
    assert not house.phone.hung_up
    house.wait(1.1)
    assert house.phone.hung_up


def test_another_number_than_the_callers_may_be_shown(house):
    line = house.orders(shown_caller="+3")
    assert (house.phone.callers, line.call.caller) == (["+3"], "+1")
