"""Supervisors in other people's calls."""

import pytest

from callcenter.floor import supervision, switchboard
from callcenter.floor.call_commands import Mode
from callcenter.floor.people import Availability
from callcenter.floor.presence import Supervision, supervision_of
from callcenter.floor.queue import Handling, Parting
from ivr.records import Whereabouts


@pytest.mark.parametrize(
    ("act", "mode", "coached", "said"),
    [
        (supervision.listen, Mode.LISTEN, "", "listened in"),
        (supervision.coach, Mode.COACH, "agent-amira", "coached"),
        (supervision.barge, Mode.TALK, "", "barged in"),
    ],
)
def test_a_supervisor_is_rung_into_the_call_and_everybody_can_see_it(desks, act, mode: Mode, coached: str, said: str) -> None:
    sid = desks.with_agent("amira")
    assert desks.act("celeste", act, sid) == Supervision(mode, sid)
    (command,) = desks.sent()
    assert (command["do"], command["label"], command["mode"], command["coached"]) == (
        "ring",
        "supervisor-celeste",
        mode,
        coached,
    )
    assert supervision_of(desks.store.read(lambda tx: tx.presences.find("celeste"))) == Supervision(mode, sid)
    assert desks.happened(sid)[-1] == said
    assert desks.acts()[-1] == said


def test_changing_the_way_of_supervising_rings_nobody_again(desks) -> None:
    sid = desks.with_agent("amira")
    desks.act("celeste", supervision.listen, sid)
    desks.sent()
    desks.act("celeste", supervision.coach, sid)
    desks.act("celeste", supervision.coach, sid)
    desks.act("celeste", supervision.barge, sid)
    assert [(one["do"], one["mode"]) for one in desks.sent()] == [("mode", "coach"), ("mode", "talk")]


def test_leaving_hangs_the_supervisor_up_alone(desks) -> None:
    sid = desks.with_agent("amira")
    desks.act("celeste", supervision.listen, sid)
    desks.sent()
    desks.act("celeste", supervision.leave, sid)
    assert desks.sent() == [{"do": "drop", "call": sid, "label": "supervisor-celeste"}]
    assert desks.doing("celeste") is Availability.OFFLINE
    assert desks.act("celeste", supervision.leave, sid).code == "supervision.none"
    assert desks.where(sid) is Whereabouts.AGENT


@pytest.mark.parametrize("attending", [False, True])
def test_taking_over_makes_the_call_the_supervisors_and_leaves_the_agent_the_wrap_up(desks, attending: bool) -> None:
    sid = desks.with_agent("amira")
    desks.act("amira", switchboard.hold, on=True)
    if attending:
        desks.act("celeste", supervision.listen, sid)
    desks.sent()
    handling = desks.act("celeste", supervision.take_over, sid)
    assert isinstance(handling, Handling)
    assert [one.parting for one in desks.parts(sid)] == [Parting.TAKEN_OVER, None]
    assert desks.entry(sid).answered_by == "celeste"
    assert desks.doing("amira") is Availability.WRAP_UP
    come_in = "mode" if attending else "ring"
    assert [one["do"] for one in desks.sent()] == ["hold", come_in, "drop"]
    assert desks.act("celeste", switchboard.back_to_line).parting is Parting.BACK_TO_LINE


def test_a_consulted_colleague_stays_when_a_supervisor_takes_over(desks) -> None:
    sid = desks.with_agent("amira")
    desks.be("bruno")
    desks.act("amira", switchboard.consult, "bruno")
    desks.act("celeste", supervision.take_over, sid)
    desks.act("celeste", switchboard.complete_transfer)
    assert desks.entry(sid).answered_by == "bruno"


def test_a_call_that_is_nobodys_or_ones_own_is_not_supervised(desks) -> None:
    waiting = desks.arrive()
    assert desks.act("celeste", supervision.listen, waiting).code == "supervision.not_answered"
    assert desks.act("celeste", supervision.listen, "CA unheard of").code == "supervision.not_answered"
    own = desks.with_agent("celeste")
    assert desks.act("celeste", supervision.take_over, own).code == "supervision.own"


def test_a_supervisor_is_with_one_call_at_a_time_and_answers_none_meanwhile(desks) -> None:
    one, other = desks.with_agent("amira"), desks.with_agent("bruno")
    waiting = desks.arrive()
    desks.act("celeste", supervision.listen, one)
    assert desks.act("celeste", supervision.listen, other).code == "supervision.other_call"
    assert desks.answer("celeste", waiting).code == "presence.supervising"
    assert desks.be("celeste").code == "presence.supervising"


def test_a_supervisor_with_a_call_of_their_own_supervises_nobody(desks) -> None:
    desks.with_agent("celeste")
    other = desks.with_agent("amira")
    assert desks.act("celeste", supervision.listen, other).code == "presence.on_call"
    desks.act("celeste", switchboard.hang_up)
    assert desks.act("celeste", supervision.take_over, other).code == "presence.wrap_up"


def test_without_phones_there_is_nothing_to_listen_with_and_nobody_to_coach(desks) -> None:
    sid, silent = desks.with_agent("amira"), desks.with_agent("sofia")
    assert desks.act("celeste", supervision.coach, silent).code == "supervision.nobody_to_coach"
    desks.hire("celeste", phone="")
    assert desks.act("celeste", supervision.listen, sid).code == "supervision.no_phone"
    assert desks.doing("celeste") is Availability.OFFLINE


def test_when_the_call_ends_the_supervisor_is_with_nobody(desks) -> None:
    sid = desks.with_agent("amira")
    desks.act("celeste", supervision.listen, sid)
    desks.gone(sid)
    assert desks.doing("celeste") is Availability.OFFLINE
