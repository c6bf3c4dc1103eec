"""What the switchboard remembers of calls."""

from datetime import UTC, datetime
from itertools import count

from pbx.call import Call, CallStatus
from pbx.exchange.switchboard import REMEMBERED, TIDIED_EVERY, Switchboard
from pbx.shelf import RecordingShelf

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def a_switchboard():
    numbers = count()

    def new_sid(prefix):
        return f"{prefix}{next(numbers):032}"

    shelf = RecordingShelf(new_sid, lambda: "http://127.0.0.1:1")
    return Switchboard("AC1", new_sid, lambda: NOW, lambda _: None, lambda _seconds, _call: None, str, shelf)


def begin(switchboard):
    return switchboard.register(Call(switchboard.new_sid("CA"), "AC1", "+1", "+2", lambda: NOW, CallStatus.IN_PROGRESS))


def test_the_latest_calls_that_are_over_can_be_looked_up_and_the_rest_are_forgotten():
    switchboard = a_switchboard()
    over = [begin(switchboard) for _ in range(2 * REMEMBERED)]
    for line in over:
        line.end(CallStatus.COMPLETED)
    for _ in range(TIDIED_EVERY + 1):
        begin(switchboard)
    known = [line for line in over if switchboard.line(line.call.sid) is line]
    assert known == over[-REMEMBERED:]


def test_a_call_that_goes_on_is_never_forgotten():
    switchboard = a_switchboard()
    lasting = begin(switchboard)
    for _ in range(3 * REMEMBERED):
        begin(switchboard).end(CallStatus.COMPLETED)
    assert switchboard.line(lasting.call.sid) is lasting
    assert len(list(switchboard)) <= REMEMBERED + TIDIED_EVERY + 1
