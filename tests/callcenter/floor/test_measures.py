"""The measures against an example computed by hand. All times are of one Monday in London, where it is winter (UTC).

The line. Nine calls come in on Monday; the tenth, on Tuesday morning, is only there to be a repeat.

    call  caller  from   to     what became of it                                        keyed  granted  asked again
    A     one     09:00  09:06  helped by the line                                        09:01  09:05    2
    B     two     09:10  09:14  helped by the line, but calls again (I)                   09:12  09:13    1
    C     three   09:20  09:22  hung up on the line while reading groups                  09:21  -        3
    D     four    09:30  09:50  to an agent after 2 minutes                               09:31  -        0
    E     five    10:00  10:10  to the queue after 1 minute, hung up there at 10:03       -      -        0
    F     six     10:20  10:30  to the queue after 1 minute, hung up 10 seconds later     -      -        0
    G     none    10:40  10:46  number withheld, helped by the line                       10:41  10:45    0
    H     seven   11:00  11:40  to an agent after 5 minutes                               -      -        0
    I     two     11:00  11:01  hung up at the menu                                       -      -        0
    J     one     Tuesday 09:01 (A's caller, a day and a minute after A: no repeat)

Containment raw: A, B, C, G, I ended on the line: 5 of 9. True: A and G; B called again within a day, C and I got nothing: 2 of 9.
Time with the line, seconds: A 360, B 240, C 120, D 120, E 60, F 60, G 360, H 300, I 60 = 1680 / 9.
Asked again: A 2, B 1, C 3, D 0, G 0 = 6 groups in 5 calls with digits.
First digit after, seconds: A 60, B 120, C 60, D 60, G 60 = 360 / 5.  Activation after: A 300, B 180, G 300 = 780 / 3.

The queue. Target 20 seconds.

    D  entered 09:32:00  answered 09:32:15   15 s, in time
    E  entered 10:01:00  hung up  10:03:00  120 s, abandoned
    F  entered 10:21:00  hung up  10:21:10   10 s, abandoned within the target: short
    H  entered 11:05:00  answered 11:06:05   65 s, late
    K  entered 11:30:00  a callback, reached at 12:00: does not count
    L  entered 12:00:00  still waiting at 12:01, the moment of the report: 60 s, past the target

Abandoned: E, F of D, E, F, H, L: 2 of 5. Waits that are over: D 15, E 120, F 10, H 65 = 210 / 4, the longest 120 (L, who waits still, 60).
Service level: in time D. Counted D, E, H, L: 1 of 4; short ones against 1 of 5; for 2 of 5.

The agents' parts.

    D  amira    09:32:15 to 09:42:15, 120 s of them on hold, wrapped up 09:43:15: talk 480, hold 120, wrap-up 60
    H  bruno    11:06:05 to 11:11:05, transferred, wrapped up 11:11:25:           talk 300, hold   0, wrap-up 20
    H  sofia    11:11:05 to 11:21:05, wrapped up 11:22:05:                        talk 600, hold   0, wrap-up 60
    H  celeste  consulted, not her call: not counted
    M  amira    11:50:00 on, caller still there: not finished, not counted

Two handled calls: talk 1380 / 2 = 690, hold 60, wrap-up 140 / 2 = 70: average handle time 820 seconds.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from callcenter.floor.facts import CallFact, CaseFact, Facts
from callcenter.floor.figures import Share, Waits
from callcenter.floor.measures import Period, Report, ShortAbandons, report
from callcenter.floor.queue import EntryKind, EntryStatus, Handling, Parting, QueueEntry
from callcenter.floor.requests import Change, ReasonCode, Request, RequestStatus

MONDAY = datetime(2026, 1, 12, tzinfo=UTC)
PERIOD = Period(MONDAY, MONDAY + timedelta(days=1), now=MONDAY.replace(hour=12, minute=1), zone=ZoneInfo("Europe/London"))


def at(clock: str) -> datetime:
    hour, minute, second = (*map(int, clock.split(":")), 0)[:3]
    return MONDAY.replace(hour=hour, minute=minute, second=second)


def call(sid: str, caller: str | None, began: str, ended: str, place: str = "ended", **rest: object) -> CallFact:
    known = {"handed_over": False, "completed": False, "reasked": 0, "keyed_at": None, "granted_at": None}
    return CallFact(sid, caller, at(began), at(ended), place, **(known | rest))  # type: ignore[arg-type]


def entry(
    sid: str, entered: str, status: EntryStatus, ended: str | None = None, kind: EntryKind = EntryKind.CALL
) -> QueueEntry:
    closed_at = at(ended) if ended else None
    return QueueEntry(sid, "100001", kind, "en", at(entered), at(entered), status, closed_at=closed_at)


def part(sid: str, agent: str, answered: str, parted: str, wrapped: str, parting: Parting, held: float = 0) -> Handling:
    return Handling(f"{sid} {agent}", sid, "100001", agent, at(answered), held, None, at(parted), parting, at(wrapped))


def request(change: Change, status: RequestStatus) -> Request:
    return Request("id", change, "amira", at("09:40"), ReasonCode.NEW_PURCHASE, status=status)


TUESDAY_CALL = replace(call("J", "one", "09:00", "09:05"), started_at=MONDAY + timedelta(days=1, hours=9, minutes=1))

FACTS = Facts(
    calls=(
        call("A", "one", "09:00", "09:06", completed=True, reasked=2, keyed_at=at("09:01"), granted_at=at("09:05")),
        call("B", "two", "09:10", "09:14", completed=True, reasked=1, keyed_at=at("09:12"), granted_at=at("09:13")),
        call("C", "three", "09:20", "09:22", place="entry", reasked=3, keyed_at=at("09:21")),
        call("D", "four", "09:30", "09:50", handed_over=True, keyed_at=at("09:31")),
        call("E", "five", "10:00", "10:10", handed_over=True),
        call("F", "six", "10:20", "10:30", handed_over=True),
        call("G", None, "10:40", "10:46", completed=True, keyed_at=at("10:41"), granted_at=at("10:45")),
        call("H", "seven", "11:00", "11:40", handed_over=True),
        call("I", "two", "11:00", "11:01", place="menu"),
        TUESDAY_CALL,
    ),
    entries=(
        entry("D", "09:32", EntryStatus.CLOSED, "09:42:15"),
        entry("E", "10:01", EntryStatus.ABANDONED, "10:03"),
        entry("F", "10:21", EntryStatus.ABANDONED, "10:21:10"),
        entry("H", "11:05", EntryStatus.CLOSED, "11:21:05"),
        entry("K", "11:30", EntryStatus.CLOSED, "12:00", EntryKind.CALLED_BACK),
        entry("L", "12:00", EntryStatus.WAITING),
    ),
    handlings=(
        part("D", "amira", "09:32:15", "09:42:15", "09:43:15", Parting.HUNG_UP_ON_HOLD, held=120),
        part("H", "bruno", "11:06:05", "11:11:05", "11:11:25", Parting.TRANSFERRED),
        part("H", "celeste", "11:08:05", "11:09:05", "11:09:05", Parting.CONSULTED),
        part("H", "sofia", "11:11:05", "11:21:05", "11:22:05", Parting.BACK_TO_LINE),
        Handling("M amira", "M", "100002", "amira", at("11:50")),
    ),
    cases=(
        CaseFact(at("09:32"), "agent.mak_limit"),
        CaseFact(at("11:05"), "agent.mak_limit"),
        CaseFact(at("10:01"), "agent.three_bad_groups"),
    ),
    requests=(
        request(Change.RAISE, RequestStatus.APPLIED),
        request(Change.RAISE, RequestStatus.HELD),
        request(Change.LOWER, RequestStatus.APPLIED),
        request(Change.EXCEPTION, RequestStatus.APPLIED),
    ),
)


@pytest.fixture(scope="module")
def monday() -> Report:
    return report(FACTS, PERIOD, target_seconds=20)


def test_containment(monday: Report) -> None:
    assert monday.total.calls == 9
    assert monday.total.contained == Share(5, 9)
    assert monday.total.truly_contained == Share(2, 9)


def test_who_hangs_up_on_the_line_is_counted_by_place_and_apart_from_the_queue_and_from_hold(monday: Report) -> None:
    assert monday.total.hung_up_on_line == {"entry": 1, "menu": 1}
    assert monday.total.hung_up_on_hold == 1


def test_time_with_the_line_to_the_first_digit_and_to_the_activation(monday: Report) -> None:
    assert monday.total.line_seconds == pytest.approx(1680 / 9)
    assert monday.total.first_digit_seconds == 72
    assert monday.total.activation_seconds == 260
    assert monday.total.reasked_per_call == pytest.approx(1.2)


def test_abandonment_leaves_callbacks_out(monday: Report) -> None:
    assert (monday.total.queued, monday.total.callbacks) == (5, 1)
    assert monday.total.abandoned == Share(2, 5)
    assert monday.total.abandoned.percent == 40


def test_waits_count_from_entering_the_queue(monday: Report) -> None:
    assert monday.total.waits == Waits(count=4, average_seconds=52.5, longest_seconds=120)


def test_the_longest_wait_may_be_that_of_a_caller_who_waits_still() -> None:
    waits = report(FACTS, replace(PERIOD, now=at("12:05")), target_seconds=20).total.waits
    assert waits == Waits(count=4, average_seconds=52.5, longest_seconds=300)


def test_a_call_that_an_agent_lost_keeps_its_first_wait_and_its_time_with_the_line() -> None:
    again = replace(entry("D", "09:32", EntryStatus.WAITING), entered_at=at("11:59"))
    facts = replace(FACTS, entries=(again, *FACTS.entries[1:]))
    before, after = (report(one, PERIOD, target_seconds=20).total for one in (FACTS, facts))
    assert (after.waits, after.service_level, after.line_seconds) == (before.waits, before.service_level, before.line_seconds)


@pytest.mark.parametrize(
    ("short", "level"),
    [(ShortAbandons.IGNORE, Share(1, 4)), (ShortAbandons.AGAINST, Share(1, 5)), (ShortAbandons.FOR, Share(2, 5))],
)
def test_service_level_says_how_short_abandons_count(short: ShortAbandons, level: Share) -> None:
    made = report(FACTS, PERIOD, target_seconds=20, short_abandons=short)
    assert made.total.service_level == level
    assert (made.target_seconds, made.short_abandons) == (20, short)


def test_handle_time_has_its_parts(monday: Report) -> None:
    handle_time = monday.total.handle_time
    assert handle_time.calls == 2
    assert (handle_time.talk_seconds, handle_time.hold_seconds, handle_time.wrap_up_seconds) == (690, 60, 70)
    assert handle_time.average_seconds == 820


def test_transfers_by_reason_and_limit_requests_by_outcome(monday: Report) -> None:
    assert monday.total.transfers == {"agent.mak_limit": 2, "agent.three_bad_groups": 1}
    assert monday.total.limit_requests == {"applied": 2, "held": 1}


def test_every_hour_has_its_own_figures_and_they_add_up(monday: Report) -> None:
    assert list(monday.by_hour) == [9, 10, 11, 12]
    assert [figures.calls for figures in monday.by_hour.values()] == [4, 3, 2, 0]
    assert monday.by_hour[9].truly_contained == Share(1, 4), "B's second call is in another hour"
    assert sum(figures.queued for figures in monday.by_hour.values()) == monday.total.queued
    assert monday.by_hour[10].service_level == Share(0, 1)


def test_days_and_hours_are_those_of_the_centre() -> None:
    """Thirteen hours ahead A to G called on Monday evening, H and I after midnight."""
    auckland = replace(PERIOD, zone=ZoneInfo("Pacific/Auckland"))
    by_day = report(FACTS, auckland, target_seconds=20).by_day
    assert {day: figures.calls for day, figures in by_day.items()} == {date(2026, 1, 12): 7, date(2026, 1, 13): 2}


def test_of_nothing_nothing_is_said() -> None:
    empty = report(Facts(), PERIOD, target_seconds=20)
    assert (empty.by_day, empty.by_hour) == ({}, {})
    total = empty.total
    assert {total.contained.percent, total.abandoned.percent, total.service_level.percent} == {None}
    assert {total.line_seconds, total.handle_time.average_seconds, total.waits.longest_seconds, total.reasked_per_call} == {
        None
    }


def test_the_database_has_the_facts_of_a_call_with_an_agent(desks) -> None:
    began = desks.now
    desks.with_agent("amira", wait_seconds=12)
    made = desks.store.read(lambda tx: tx.measures.facts(began, began + timedelta(days=1)))
    period = Period(began, began + timedelta(days=1), desks.now, ZoneInfo("Europe/London"))
    total = report(made, period, target_seconds=20).total
    assert (total.calls, total.queued, total.service_level) == (1, 1, Share(1, 1))
    assert (total.waits.longest_seconds, total.transfers) == (12, {"agent.mak_limit": 1})
