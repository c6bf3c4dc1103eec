"""A call as the exchange knows it: in which order it is told what."""

import gc
import weakref
from datetime import UTC, datetime

from pbx.call import Call, CallStatus
from pbx.line import Line
from pbx.request import Twiml
from pbx.rooms.conferences import LocalConferences
from pbx.rooms.seat import Terms

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ELSEWHERE = Twiml("<Response/>")


class Carrier:
    """Writes down what it is told."""

    def __init__(self, told):
        self.told = told

    def redirect(self, destination, fallback=None):
        self.told.append(destination)

    def hang_up(self):
        self.told.append("hang up")


def line_in_conference():
    """A call in a conference, and what its phone is told from now on."""
    told = []
    call = Call("CA1", "AC1", "+1", "+2", lambda: NOW, CallStatus.IN_PROGRESS)
    conferences = LocalConferences(lambda prefix: prefix, lambda: NOW, told.append)
    line = Line(call, told.append, NOW, NOW, Carrier(told))
    line.participant = conferences.admit("room", call, Terms(), lambda hearing: told.append(hearing.what))
    told.clear()
    return line, told


def test_a_moved_call_hears_where_it_goes_before_it_hears_that_its_conference_is_over():
    """The other way round it would ask its Dial's action first."""
    line, told = line_in_conference()
    line.redirect(ELSEWHERE)
    assert told == [ELSEWHERE, "over"]


def test_a_call_that_is_hung_up_hears_that_before_its_conference_is_over():
    line, told = line_in_conference()
    line.hang_up()
    assert told == ["hang up", "over"]


def test_only_the_first_end_counts():
    line, _ = line_in_conference()
    line.end(CallStatus.COMPLETED)
    line.end(CallStatus.FAILED)
    assert (line.call.status, line.participant) == (CallStatus.COMPLETED, None)


def test_a_call_that_is_over_is_remembered_without_what_carried_it():
    """Hundreds of them are; a leg is fifty kilobytes."""
    line, told = line_in_conference()
    carrier = weakref.ref(line.carrier)
    line.end(CallStatus.COMPLETED)
    gc.collect()
    assert (carrier(), line.figures, line.tap) == (None, None, None)
    line.redirect(ELSEWHERE)
    assert told == ["over"], "whoever moves it later moves nothing"
