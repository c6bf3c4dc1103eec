"""Lost agents, callers kept for somebody who is gone, places that nobody will ever ask for."""

from datetime import timedelta

from callcenter.floor import supervision, switchboard, upkeep
from callcenter.floor.audit import Act
from callcenter.floor.people import Availability
from callcenter.floor.policy import Policy
from callcenter.floor.queue import EntryStatus, Handling, Parting
from ivr.records import Whereabouts

POLICY = Policy(lost_after=timedelta(seconds=20))


def find_lost(desks) -> tuple[str, ...]:
    return desks.do(lambda tx: switchboard.find_lost(tx, POLICY, desks.now))


def seen(desks, *names: str) -> None:
    for name in names:
        desks.do(lambda tx, name=name: tx.presences.seen(name, desks.now))


def test_a_lost_agents_caller_is_first_in_the_queue_again(desks) -> None:
    sid = desks.with_agent("amira", wait_seconds=5)
    later = desks.arrive()
    desks.later(21)
    desks.be("bruno")
    assert find_lost(desks) == ("amira",)
    assert [one.call_sid for one in desks.store.read(lambda tx: tx.queue.waiting())] == [sid, later]
    assert desks.where(sid) is Whereabouts.QUEUE
    assert desks.sent() == [
        {"do": "drop", "call": sid, "label": "agent-amira"},
        {"do": "redirect", "call": sid, "path": "/voice/moved"},
    ], "a phone that still rings stops first"
    assert isinstance(desks.answer("bruno", sid), Handling)


def test_a_lost_agents_caller_waits_anew_and_the_time_with_the_agent_is_no_waiting(desks) -> None:
    sid = desks.with_agent("amira", wait_seconds=5)
    desks.later(21)
    desks.be("bruno")
    find_lost(desks)
    desks.later(7)
    desks.answer("bruno", sid)
    answers = [one.detail for one in desks.store.read(lambda tx: tx.timeline.of_call(sid)) if one.kind == Act.ANSWERED]
    assert [detail["waited_seconds"] for detail in answers] == [5, 7]


def test_a_lost_agent_is_offline_and_does_not_hang_in_wrap_up(desks) -> None:
    sid = desks.with_agent("amira")
    desks.later(21)
    find_lost(desks)
    assert desks.doing("amira") is Availability.OFFLINE
    (handling,) = desks.parts(sid)
    assert (handling.parting, handling.outcome, handling.wrapped_at) == (Parting.LOST, "not coded", desks.now)
    desks.be("amira")
    assert isinstance(desks.answer("amira", sid), Handling)


def test_an_agent_whose_page_is_alive_is_not_lost(desks) -> None:
    sid = desks.with_agent("amira")
    desks.later(21)
    seen(desks, "amira")
    desks.later(19)
    assert find_lost(desks) == ()
    assert desks.where(sid) is Whereabouts.AGENT


def test_a_wrap_up_whose_page_is_gone_is_closed_without_a_code(desks) -> None:
    sid = desks.with_agent("amira")
    desks.act("amira", switchboard.back_to_line)
    desks.later(21)
    assert find_lost(desks) == ("amira",)
    (handling,) = desks.parts(sid)
    assert (handling.parting, handling.outcome) == (Parting.BACK_TO_LINE, "not coded")
    assert desks.where(sid) is Whereabouts.LINE


def test_who_is_available_at_a_dead_page_is_at_no_desk(desks) -> None:
    desks.be("amira")
    assert desks.do(lambda tx: desks.line.people(tx, "en", desks.now)) == 1
    desks.later(21)
    assert find_lost(desks) == ("amira",)
    assert desks.do(lambda tx: desks.line.people(tx, "en", desks.now)) == 0


def test_a_break_may_be_spent_away_from_the_page(desks) -> None:
    desks.be("amira", Availability.BREAK, "meal")
    desks.later(3600)
    assert find_lost(desks) == ()
    assert desks.doing("amira") is Availability.BREAK


def test_a_lost_colleague_leaves_the_caller_with_the_agent(desks) -> None:
    sid = desks.with_agent("amira")
    desks.be("bruno")
    desks.act("amira", switchboard.consult, "bruno")
    desks.sent()
    desks.later(21)
    seen(desks, "amira")
    assert find_lost(desks) == ("bruno",)
    assert desks.where(sid) is Whereabouts.AGENT
    assert desks.sent() == [{"do": "drop", "call": sid, "label": "agent-bruno"}]
    assert desks.act("amira", switchboard.hold, on=False).held_seconds == 21


def test_a_colleague_consulted_by_a_lost_agent_is_free_and_can_answer_the_caller(desks) -> None:
    sid = desks.with_agent("amira")
    desks.be("bruno")
    desks.act("amira", switchboard.consult, "bruno")
    desks.later(21)
    seen(desks, "bruno")
    assert find_lost(desks) == ("amira",)
    assert desks.doing("bruno") is Availability.AVAILABLE
    assert isinstance(desks.answer("bruno", sid), Handling)


def test_a_supervisor_whose_page_is_gone_listens_no_more(desks) -> None:
    sid = desks.with_agent("amira")
    desks.act("celeste", supervision.listen, sid)
    desks.sent()
    desks.later(21)
    seen(desks, "amira")
    assert find_lost(desks) == ("celeste",)
    assert desks.sent() == [{"do": "drop", "call": sid, "label": "supervisor-celeste"}]


def test_a_lost_agents_callback_is_made_by_the_next(desks) -> None:
    sid = desks.arrive()
    desks.do(lambda tx: desks.line.book_callback(tx, sid, "+12065550143", desks.now))
    desks.gone(sid)
    desks.be("amira")
    desks.answer("amira", sid)
    desks.sent()
    desks.later(21)
    desks.be("bruno")
    find_lost(desks)
    assert desks.sent() == []
    desks.answer("bruno", sid)
    assert [one["do"] for one in desks.sent()] == ["call_back"]


def reserved(desks, **target: object) -> str:
    sid = desks.with_agent("amira")
    desks.act("amira", switchboard.transfer, **({"to_agent": None, "to_seniors": False} | target))
    return sid


def opened(desks) -> int:
    return desks.do(lambda tx: upkeep.open_reserved(tx, desks.now))


def test_a_caller_kept_for_a_colleague_is_everybodys_after_a_minute(desks) -> None:
    desks.be("bruno")
    sid = reserved(desks, to_agent="bruno")
    desks.later(59)
    assert opened(desks) == 0
    desks.later(2)
    assert opened(desks) == 1
    assert desks.entry(sid).for_agent is None


def test_a_caller_kept_for_somebody_who_went_home_is_everybodys_at_once(desks) -> None:
    desks.be("bruno")
    reserved(desks, to_agent="bruno")
    desks.be("bruno", Availability.OFFLINE)
    assert opened(desks) == 1


def test_a_caller_for_the_seniors_waits_for_them_as_long_as_one_is_there(desks) -> None:
    desks.be("sofia")
    sid = reserved(desks, to_seniors=True)
    desks.later(3600)
    assert opened(desks) == 0
    desks.be("sofia", Availability.OFFLINE)
    assert opened(desks) == 1
    assert not desks.entry(sid).needs_senior


def test_nobody_waits_for_more_than_a_day_and_no_number_is_kept_for_longer(desks) -> None:
    caller, booked = desks.arrive(), desks.arrive()
    desks.do(lambda tx: desks.line.book_callback(tx, booked, "+12065550143", desks.now))
    desks.later(24 * 3600)
    assert desks.do(lambda tx: upkeep.close_stale(tx, desks.now)) == 0
    desks.later(1)
    assert desks.do(lambda tx: upkeep.close_stale(tx, desks.now)) == 2
    assert (desks.entry(caller).status, desks.entry(booked).status) == (EntryStatus.ABANDONED, EntryStatus.CLOSED)
    assert desks.store.read(lambda tx: tx.queue.callback_number(booked)) is None
