"""Phones at the desks that go down, or are never picked up, while somebody has a part in a call."""

import pytest

from callcenter.floor import supervision, switchboard
from callcenter.floor.audit import Act
from callcenter.floor.people import Availability
from callcenter.floor.queue import EntryStatus, Handling, Parting
from ivr.records import Whereabouts


def phone_gone(desks, sid: str, agent: str, part: str = "") -> None:
    desks.do(lambda tx: switchboard.phone_gone(tx, sid, agent, part, desks.now))


def test_the_caller_of_an_agent_whose_phone_died_is_first_in_the_queue_again(desks) -> None:
    sid = desks.with_agent("amira", wait_seconds=5)
    later = desks.arrive()
    phone_gone(desks, sid, "amira", desks.parts(sid)[0].id)
    assert [one.call_sid for one in desks.store.read(lambda tx: tx.queue.waiting())] == [sid, later]
    assert desks.where(sid) is Whereabouts.QUEUE
    assert {"do": "redirect", "call": sid, "path": "/voice/moved"} in desks.sent()
    assert desks.happened(sid)[-1] == Act.LOST
    assert desks.parts(sid)[0].parting is Parting.LOST
    desks.be("bruno")
    assert isinstance(desks.answer("bruno", sid), Handling)


def test_the_agent_still_has_the_wrap_up_and_is_free_after_it(desks) -> None:
    sid = desks.with_agent("amira")
    phone_gone(desks, sid, "amira")
    assert desks.doing("amira") is Availability.WRAP_UP
    assert isinstance(desks.act("amira", switchboard.wrap_up, "other", "my phone died", ""), Handling)
    assert desks.doing("amira") is Availability.AVAILABLE


def test_of_a_part_that_was_over_before_it_is_no_news(desks) -> None:
    sid = desks.with_agent("amira")
    first = desks.parts(sid)[0].id
    desks.be("sofia")
    desks.act("amira", switchboard.transfer, to_agent=None, to_seniors=True)
    desks.act("amira", switchboard.wrap_up, "other", "", "")
    desks.answer("sofia", sid)
    desks.act("sofia", switchboard.transfer, to_agent="amira", to_seniors=False)
    assert desks.answer("amira", sid).id != first
    phone_gone(desks, sid, "amira", first)
    assert (desks.entry(sid).status, desks.entry(sid).answered_by) == (EntryStatus.ANSWERED, "amira")


def test_the_ends_of_one_calls_phones_may_be_told_in_any_order(desks) -> None:
    sid = desks.with_agent("amira")
    phone_gone(desks, sid, "amira", desks.parts(sid)[0].id)
    desks.gone(sid)
    assert desks.parts(sid)[0].parting is Parting.CALLER_HUNG_UP
    assert (desks.entry(sid).status, desks.entry(sid).answered_by) == (EntryStatus.CLOSED, "amira")
    phone_gone(desks, sid, "amira", desks.parts(sid)[0].id)
    assert desks.entry(sid).status is EntryStatus.CLOSED


def test_who_hangs_up_while_waiting_for_the_next_agent_has_given_up(desks) -> None:
    sid = desks.with_agent("amira")
    phone_gone(desks, sid, "amira")
    desks.later(3)
    desks.gone(sid)
    assert desks.parts(sid)[0].parting is Parting.LOST
    assert desks.entry(sid).status is EntryStatus.ABANDONED


def test_a_consulted_colleague_whose_phone_dies_leaves_the_caller_with_the_agent(desks) -> None:
    sid = desks.with_agent("amira")
    desks.be("bruno")
    desks.act("amira", switchboard.consult, "bruno")
    desks.sent()
    phone_gone(desks, sid, "bruno", desks.parts(sid)[1].id)
    assert (desks.doing("bruno"), desks.entry(sid).answered_by) == (Availability.AVAILABLE, "amira")
    assert desks.sent() == [{"do": "hold", "call": sid, "on": "no"}]


def test_a_supervisor_whose_phone_dies_has_left_and_the_call_goes_on(desks) -> None:
    sid = desks.with_agent("amira")
    desks.act("celeste", supervision.listen, sid)
    phone_gone(desks, sid, "celeste")
    assert desks.doing("celeste") is Availability.OFFLINE
    assert desks.where(sid) is Whereabouts.AGENT


@pytest.mark.parametrize("agent", ["nobody", "bruno"])
def test_a_phone_of_somebody_without_a_part_changes_nothing(desks, agent: str) -> None:
    sid = desks.with_agent("amira")
    before = desks.store.read(lambda tx: (tx.presences.all(), tx.handlings.of_call(sid)))
    phone_gone(desks, sid, agent)
    assert desks.store.read(lambda tx: (tx.presences.all(), tx.handlings.of_call(sid))) == before
