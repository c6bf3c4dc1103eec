"""Passing callers on, cold and warm."""

import pytest

from callcenter.floor import supervision, switchboard
from callcenter.floor.people import Availability
from callcenter.floor.queue import EntryStatus, Handling, Parting
from ivr.records import Whereabouts


def consulting(desks, colleague: str = "bruno") -> str:
    """Amira has a caller and asks a colleague."""
    sid = desks.with_agent("amira")
    desks.be(colleague)
    assert isinstance(desks.act("amira", switchboard.consult, colleague), Handling)
    return sid


def test_a_cold_transfer_keeps_the_place_for_the_colleague_alone(desks) -> None:
    sid = desks.with_agent("amira", wait_seconds=30)
    desks.be("bruno")
    before = desks.entry(sid)
    desks.later(100)
    assert desks.act("amira", switchboard.transfer, to_agent="bruno", to_seniors=False).parting is Parting.TRANSFERRED
    entry = desks.entry(sid)
    assert (entry.status, entry.for_agent, entry.place_at) == (EntryStatus.WAITING, "bruno", before.place_at)
    assert desks.where(sid) is Whereabouts.QUEUE
    assert desks.sent() == [
        {"do": "drop", "call": sid, "label": "agent-amira"},
        {"do": "redirect", "call": sid, "path": "/voice/moved"},
    ], "a phone that still rings stops first"
    assert desks.doing("amira") is Availability.WRAP_UP
    desks.be("sofia")
    assert desks.answer("sofia", sid).sentence == "This caller waits for Bruno Castellani."
    desks.later(9)
    assert isinstance(desks.answer("bruno", sid), Handling)
    answered = desks.entry(sid)
    assert (answered.answered_at - answered.entered_at).total_seconds() == 9, "talking to amira was no waiting"


def test_a_transfer_to_the_seniors_is_answered_by_a_senior_or_a_supervisor(desks) -> None:
    sid = desks.with_agent("amira")
    for name in ("sofia", "bruno"):
        desks.be(name)
    desks.act("amira", switchboard.transfer, to_agent=None, to_seniors=True)
    assert desks.answer("bruno", sid).code == "calls.needs_senior"
    assert isinstance(desks.answer("sofia", sid), Handling)


@pytest.mark.parametrize(
    ("to_agent", "to_seniors", "code"),
    [
        (None, False, "calls.no_target"),
        ("amira", False, "calls.yourself"),
        ("nobody", False, "calls.no_colleague"),
        ("ada", False, "calls.no_colleague"),
        ("bruno", False, "calls.colleague_busy"),
        (None, True, "calls.no_senior"),
    ],
)
def test_a_transfer_to_nobody_who_is_there_leaves_the_caller_with_the_agent(
    desks, to_agent: str | None, to_seniors: bool, code: str
) -> None:
    sid = desks.with_agent("amira")
    assert desks.act("amira", switchboard.transfer, to_agent=to_agent, to_seniors=to_seniors).code == code
    assert desks.where(sid) is Whereabouts.AGENT
    assert desks.doing("amira") is Availability.ON_CALL


def test_a_disabled_colleague_is_nobody(desks) -> None:
    desks.with_agent("amira")
    desks.hire("bruno", is_disabled=True)
    assert desks.act("amira", switchboard.transfer, to_agent="bruno", to_seniors=False).code == "calls.no_colleague"


def test_a_colleague_who_is_still_being_rung_is_not_rung_into_the_next_persons_call(desks) -> None:
    consulting(desks)
    desks.be("sofia")
    desks.sent()
    desks.act("amira", switchboard.transfer, to_agent="sofia", to_seniors=False)
    dropped = [one["label"] for one in desks.sent() if one["do"] == "drop"]
    assert dropped == ["agent-amira", "agent-bruno"]


def test_a_name_that_is_no_colleagues_is_not_repeated(desks) -> None:
    desks.with_agent("amira")
    typed = "-".join(["B4DK3"] * 5)
    for refusal in (
        desks.act("amira", switchboard.transfer, to_agent=typed, to_seniors=False),
        desks.act("amira", switchboard.consult, typed),
    ):
        assert refusal.sentence == "Nobody with this name serves calls here; choose a colleague."


def test_consulting_holds_the_caller_and_rings_the_colleague(desks) -> None:
    sid = consulting(desks)
    assert [(one["do"], one.get("label")) for one in desks.sent()] == [("ring", "agent-bruno"), ("hold", None)]
    assert desks.doing("bruno") is Availability.ON_CALL
    assert desks.entry(sid).answered_by == "amira"
    assert desks.parts(sid)[0].held_since == desks.now


def test_the_consulted_colleague_decides_nothing_about_the_caller(desks) -> None:
    consulting(desks)
    desks.sent()
    refusal = desks.act("bruno", switchboard.hang_up)
    assert refusal.sentence == "This call is Amira Haddad's; you are being consulted."
    assert desks.act("bruno", switchboard.complete_transfer).code == "calls.consulted"
    assert desks.act("bruno", switchboard.mute, on=True).agent == "bruno"
    assert [one["label"] for one in desks.sent()] == ["agent-bruno"]


def test_completing_the_transfer_gives_the_caller_to_the_colleague(desks) -> None:
    sid = consulting(desks)
    desks.sent()
    desks.later(20)
    handling = desks.act("amira", switchboard.complete_transfer)
    assert (handling.parting, handling.held_seconds) == (Parting.TRANSFERRED, 20)
    assert desks.entry(sid).answered_by == "bruno"
    assert [(one["do"], one.get("label", one.get("on"))) for one in desks.sent()] == [("hold", "no"), ("drop", "agent-amira")]
    assert desks.doing("amira") is Availability.WRAP_UP
    assert desks.act("bruno", switchboard.back_to_line).parting is Parting.BACK_TO_LINE


@pytest.mark.parametrize("who", ["amira", "bruno"])
def test_either_ends_the_consultation_and_the_caller_hears_the_agent_again(desks, who: str) -> None:
    sid = consulting(desks)
    desks.sent()
    desks.act(who, switchboard.end_consultation)
    assert [(one["do"], one.get("label", one.get("on"))) for one in desks.sent()] == [("drop", "agent-bruno"), ("hold", "no")]
    assert desks.doing("bruno") is Availability.AVAILABLE
    assert desks.doing("amira") is Availability.ON_CALL
    owner, consulted = desks.parts(sid)
    assert (owner.held_since, consulted.parting, consulted.outcome) == (None, Parting.CONSULTED, "consulted")


def test_a_consultation_can_be_had_again_and_again(desks) -> None:
    sid = consulting(desks)
    for _ in range(3):
        desks.act("amira", switchboard.end_consultation)
        assert isinstance(desks.act("amira", switchboard.consult, "bruno"), Handling)
    assert len(desks.parts(sid)) == 5


def test_one_colleague_at_a_time_is_consulted_and_only_one_who_is_free(desks) -> None:
    consulting(desks)
    desks.be("sofia")
    assert desks.act("amira", switchboard.consult, "sofia").code == "calls.consulting"
    desks.act("amira", switchboard.end_consultation)
    desks.be("sofia", Availability.BREAK, "meal")
    assert desks.act("amira", switchboard.consult, "sofia").sentence == "Sofia Lindqvist is on a break now."


def test_without_a_consultation_there_is_nothing_to_complete_or_to_end(desks) -> None:
    desks.with_agent("amira")
    assert desks.act("amira", switchboard.complete_transfer).code == "calls.nobody_consulted"
    assert desks.act("amira", switchboard.end_consultation).code == "calls.nobody_consulted"


@pytest.mark.parametrize(
    "end", [switchboard.back_to_line, switchboard.hang_up, "transfer", "caller"], ids=["line", "hang up", "transfer", "caller"]
)
def test_however_the_call_parts_the_consulted_colleague_is_free_again(desks, end) -> None:
    sid = consulting(desks)
    desks.be("sofia")
    if end == "caller":
        desks.gone(sid)
        assert desks.parts(sid)[0].parting is Parting.HUNG_UP_ON_HOLD
    elif end == "transfer":
        desks.act("amira", switchboard.transfer, to_agent="sofia", to_seniors=False)
    else:
        desks.act("amira", end)
    assert desks.doing("bruno") is Availability.AVAILABLE
    assert desks.doing("amira") is Availability.WRAP_UP
    assert [one.parting for one in desks.parts(sid)].count(Parting.CONSULTED) == 1


def test_the_coach_of_an_agent_coaches_the_one_who_has_the_call_next(desks) -> None:
    sid = desks.with_agent("amira")
    desks.act("celeste", supervision.coach, sid)
    desks.be("bruno")
    desks.act("amira", switchboard.consult, "bruno")
    desks.sent()
    desks.act("amira", switchboard.complete_transfer)
    modes = [one for one in desks.sent() if one["do"] == "mode"]
    assert modes == [{"do": "mode", "call": sid, "label": "supervisor-celeste", "mode": "coach", "coached": "agent-bruno"}]
