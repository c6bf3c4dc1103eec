"""Calls at the desks, through the floor's own functions and the real store."""

from threading import Barrier, Thread

import pytest

from callcenter.floor import callers, switchboard
from callcenter.floor.people import Availability
from callcenter.floor.presence import BreakReason
from callcenter.floor.queue import EntryKind, EntryStatus, Handling, Parting
from callcenter.floor.refusals import Refusal
from ivr.records import Whereabouts

AVAILABLE, ON_CALL, WRAP_UP, BREAK, OFFLINE = (
    Availability.AVAILABLE,
    Availability.ON_CALL,
    Availability.WRAP_UP,
    Availability.BREAK,
    Availability.OFFLINE,
)


def test_answering_gives_the_agent_the_caller_and_rings_the_agent_before_the_caller_is_moved(desks) -> None:
    sid = desks.arrive(wait_seconds=31)
    desks.be("amira")
    handling = desks.answer("amira", sid)
    assert (handling.agent, handling.call_sid, handling.answered_at) == ("amira", sid, desks.now)
    assert desks.entry(sid).answered_by == "amira"
    assert desks.doing("amira") is ON_CALL
    assert desks.where(sid) is Whereabouts.AGENT
    assert [(one["do"], one["call"]) for one in desks.sent()] == [("ring", sid), ("dequeue", sid)]
    assert desks.happened(sid) == ["answered"]
    assert "answered" in desks.acts()


def test_an_agent_without_a_phone_is_not_rung(desks) -> None:
    sid = desks.arrive()
    desks.be("sofia")
    desks.answer("sofia", sid)
    assert [one["do"] for one in desks.sent()] == ["dequeue"]


def test_the_queue_that_the_telephony_side_named_is_told_to_it(desks) -> None:
    sid = desks.arrive()
    desks.do(lambda tx: callers.standing(tx, sid, "QU7", desks.now))
    desks.be("sofia")
    desks.answer("sofia", sid)
    assert desks.sent() == [{"do": "dequeue", "call": sid, "queue": "QU7", "path": "/voice/moved"}]


def test_the_slower_of_two_agents_hears_who_was_faster(desks) -> None:
    sid = desks.arrive()
    desks.be("amira")
    desks.be("bruno")
    desks.answer("amira", sid)
    refusal = desks.answer("bruno", sid)
    assert refusal.sentence == "Amira Haddad was faster and has this call."
    assert desks.doing("bruno") is AVAILABLE


@pytest.mark.parametrize("_round", range(5))
def test_of_agents_who_press_at_the_same_moment_one_gets_the_call(desks, _round: int) -> None:
    sid, names = desks.arrive(), ("amira", "bruno", "sofia", "celeste")
    for name in names:
        desks.be(name)
    results: dict[str, object] = {}
    together = Barrier(len(names))

    def press(name: str) -> None:
        together.wait()
        results[name] = desks.answer(name, sid)

    threads = [Thread(target=press, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [name for name, result in results.items() if isinstance(result, Handling)]
    assert winners == [desks.entry(sid).answered_by]
    assert [name for name in names if desks.doing(name) is ON_CALL] == winners
    assert len(desks.parts(sid)) == 1


def test_pressing_answer_twice_is_answering_once(desks) -> None:
    sid = desks.with_agent("amira")
    again = desks.answer("amira", sid)
    assert again == desks.parts(sid)[0]
    assert desks.sent() == []


def test_nobody_answers_a_second_call_before_the_first_is_over_and_has_its_code(desks) -> None:
    desks.with_agent("amira")
    other = desks.arrive()
    assert desks.answer("amira", other).code == "presence.on_call"
    desks.act("amira", switchboard.back_to_line)
    assert desks.answer("amira", other).code == "presence.wrap_up"
    desks.act("amira", switchboard.wrap_up, "activated", "", "")
    assert isinstance(desks.answer("amira", other), Handling)


@pytest.mark.parametrize(("availability", "code"), [(BREAK, "presence.on_break"), (OFFLINE, "presence.offline")])
def test_who_is_not_available_answers_nothing(desks, availability: Availability, code: str) -> None:
    sid = desks.arrive()
    desks.be("amira")
    desks.be("amira", availability, "meal")
    assert desks.answer("amira", sid).code == code
    assert desks.where(sid) is Whereabouts.QUEUE


def test_a_caller_who_is_gone_cannot_be_answered(desks) -> None:
    abandoned, left, over = desks.arrive(), desks.arrive(), desks.with_agent("bruno")
    desks.gone(abandoned)
    desks.do(lambda tx: desks.line.leave(tx, left, desks.now, hung_up=False))
    desks.act("bruno", switchboard.hang_up)
    desks.be("amira")
    codes = [desks.answer("amira", sid).code for sid in (abandoned, left, over, "CA unheard of")]
    assert codes == ["calls.abandoned", "calls.left", "calls.closed", "calls.unknown"]


def test_a_caller_is_answered_in_a_language_the_agent_speaks(desks) -> None:
    sid = desks.arrive(language="de")
    desks.be("amira")
    desks.be("bruno")
    assert desks.answer("amira", sid).code == "calls.language"
    assert isinstance(desks.answer("bruno", sid), Handling)


def test_hold_adds_up_and_pressing_twice_changes_nothing(desks) -> None:
    sid = desks.with_agent("amira")
    for seconds in (10, 5):
        desks.act("amira", switchboard.hold, on=True)
        desks.act("amira", switchboard.hold, on=True)
        desks.later(seconds)
        handling = desks.act("amira", switchboard.hold, on=False)
        desks.act("amira", switchboard.hold, on=False)
    assert (handling.held_seconds, handling.held_since) == (15, None)
    assert [one["on"] for one in desks.sent()] == ["yes", "no", "yes", "no"]
    assert desks.happened(sid).count("put on hold") == 2


def test_mute_is_remembered_by_the_timeline(desks) -> None:
    sid = desks.with_agent("amira")

    def muted() -> bool:
        return switchboard.is_muted(desks.store.read(lambda tx: tx.timeline.of_call(sid)), "amira")

    assert not muted()
    desks.act("amira", switchboard.mute, on=True)
    assert muted()
    desks.act("amira", switchboard.mute, on=False)
    assert not muted()
    assert [(one["label"], one["on"]) for one in desks.sent()] == [("agent-amira", "yes"), ("agent-amira", "no")]


def test_back_to_the_line_the_caller_belongs_to_the_line_and_the_agent_to_the_wrap_up(desks) -> None:
    sid = desks.with_agent("amira")
    handling = desks.act("amira", switchboard.back_to_line)
    assert (handling.parting, handling.parted_at) == (Parting.BACK_TO_LINE, desks.now)
    assert desks.where(sid) is Whereabouts.LINE
    assert desks.doing("amira") is WRAP_UP
    assert desks.sent() == [
        {"do": "drop", "call": sid, "label": "agent-amira"},
        {"do": "redirect", "call": sid, "path": "/voice/moved"},
    ], "a phone that still rings stops first"


def test_hanging_up_ends_the_call(desks) -> None:
    sid = desks.with_agent("amira")
    assert desks.act("amira", switchboard.hang_up).parting is Parting.AGENT_HUNG_UP
    assert desks.sent() == [{"do": "drop", "call": sid, "label": "agent-amira"}, {"do": "hang_up", "call": sid}]
    desks.gone(sid)
    assert desks.entry(sid).status is EntryStatus.CLOSED


@pytest.mark.parametrize("act", [switchboard.back_to_line, switchboard.hang_up, switchboard.complete_transfer])
def test_without_a_call_there_is_nothing_to_end(desks, act) -> None:
    desks.be("amira")
    assert desks.act("amira", act).code == "calls.none"


@pytest.mark.parametrize(("is_held", "parting"), [(False, Parting.CALLER_HUNG_UP), (True, Parting.HUNG_UP_ON_HOLD)])
def test_a_caller_who_hangs_up_leaves_the_agent_to_the_wrap_up(desks, is_held: bool, parting: Parting) -> None:
    sid = desks.with_agent("amira")
    if is_held:
        desks.act("amira", switchboard.hold, on=True)
    desks.later(8)
    desks.gone(sid)
    (handling,) = desks.parts(sid)
    assert (handling.parting, handling.held_since, handling.held_seconds) == (parting, None, 8 if is_held else 0)
    assert desks.doing("amira") is WRAP_UP
    assert desks.entry(sid).status is EntryStatus.CLOSED
    assert desks.act("amira", switchboard.back_to_line).code == "calls.over"


def test_a_call_without_a_code_is_not_over_and_a_code_is_one_of_the_list(desks) -> None:
    desks.with_agent("amira")
    assert desks.act("amira", switchboard.wrap_up, "activated", "", "").code == "calls.not_parted"
    desks.act("amira", switchboard.back_to_line)
    for code in ("", "fine", "not coded", "consulted"):
        assert desks.act("amira", switchboard.wrap_up, code, "", "").code == "calls.outcome"
    assert desks.act("amira", switchboard.wrap_up, "activated", "n" * 4001, "").code == "calls.note_too_long"
    assert desks.doing("amira") is WRAP_UP
    wrapped = desks.act("amira", switchboard.wrap_up, "activated", " slow reader ", "send the form")
    assert (wrapped.outcome, wrapped.note, wrapped.follow_up) == ("activated", "slow reader", "send the form")
    assert desks.doing("amira") is AVAILABLE
    assert desks.act("amira", switchboard.wrap_up, "activated", "", "").code == "calls.none"


def test_a_foreign_product_key_in_a_note_is_not_kept(desks) -> None:
    sid = desks.with_agent("amira")
    desks.act("amira", switchboard.hang_up)
    desks.act("amira", switchboard.wrap_up, "refused", "read me ABCDE-FGHIJ-KLMNO-PQRST-UVWX2", "")
    assert desks.parts(sid)[0].note == "read me [product key removed]"


def test_a_break_asked_for_during_a_call_begins_after_wrap_up(desks) -> None:
    desks.with_agent("amira")
    noted = desks.be("amira", BREAK, BreakReason.MEAL)
    assert (noted.availability, noted.reason) == (ON_CALL, "meal")
    desks.act("amira", switchboard.back_to_line)
    desks.act("amira", switchboard.wrap_up, "activated", "", "")
    presence = desks.store.read(lambda tx: tx.presences.find("amira"))
    assert (presence.availability, presence.reason) == (BREAK, "meal")


def test_a_break_asked_for_during_a_call_can_be_withdrawn(desks) -> None:
    desks.with_agent("amira")
    desks.be("amira", BREAK, BreakReason.MEAL)
    desks.be("amira", AVAILABLE)
    desks.act("amira", switchboard.back_to_line)
    desks.act("amira", switchboard.wrap_up, "activated", "", "")
    assert desks.doing("amira") is AVAILABLE


def test_nobody_walks_off_with_a_caller_on_the_line_or_a_call_without_a_code(desks) -> None:
    desks.with_agent("amira")
    assert desks.be("amira", OFFLINE).code == "presence.on_call"
    desks.act("amira", switchboard.hang_up)
    assert desks.be("amira", OFFLINE).code == "presence.wrap_up"
    assert desks.be("amira", AVAILABLE).code == "presence.wrap_up"


@pytest.mark.parametrize(
    ("name", "wanted", "reason", "code"),
    [
        ("amira", ON_CALL, "", "presence.not_chosen"),
        ("amira", BREAK, "", "presence.break_reason"),
        ("amira", BREAK, "football", "presence.break_reason"),
        ("ada", AVAILABLE, "", "presence.role"),
    ],
)
def test_a_state_that_cannot_be_chosen_is_refused(desks, name: str, wanted: Availability, reason: str, code: str) -> None:
    assert desks.be(name, wanted, reason).code == code
    assert desks.doing(name) is OFFLINE


def test_saying_again_what_is_so_keeps_the_time_since_when(desks) -> None:
    since = desks.be("amira").since
    desks.later(60)
    assert desks.be("amira").since == since
    assert desks.acts() == ["set availability"]


def test_an_auditor_answers_no_call(desks) -> None:
    sid = desks.arrive()
    refusal = desks.answer("ada", sid)
    assert isinstance(refusal, Refusal)
    assert desks.where(sid) is Whereabouts.QUEUE


def booked(desks, number: str = "+12065550143") -> str:
    sid = desks.arrive()
    desks.do(lambda tx: desks.line.leave(tx, sid, desks.now, hung_up=False))
    desks.later(40)
    desks.do(lambda tx: desks.line.book_callback(tx, sid, number, desks.now))
    desks.gone(sid)
    return sid


def test_a_callback_keeps_the_place_when_the_caller_hangs_up(desks) -> None:
    first = booked(desks)
    second = desks.arrive()
    assert [one.call_sid for one in desks.store.read(lambda tx: tx.queue.waiting())] == [first, second]
    assert desks.where(first) is Whereabouts.LINE


def test_answering_a_callback_has_the_caller_called_and_the_number_is_erased_once_they_are_there(desks) -> None:
    sid = booked(desks)
    case = desks.entry(sid).case_number
    desks.be("amira")
    desks.answer("amira", sid)
    assert desks.sent() == [{"do": "call_back", "to": "+12065550143", "case": case}]
    desks.do(lambda tx: desks.line.called_back(tx, sid, "CA new", desks.now))
    entry = desks.entry("CA new")
    assert (entry.kind, entry.case_number, entry.answered_by) == (EntryKind.CALLED_BACK, case, "amira")
    assert desks.entry(sid) is None
    assert desks.where("CA new") is Whereabouts.AGENT
    assert desks.store.read(lambda tx: tx.queue.callback_number("CA new")) is None
    assert [(one["do"], one["call"], one["label"]) for one in desks.sent()] == [("ring", "CA new", "agent-amira")]
    assert desks.act("amira", switchboard.back_to_line).call_sid == "CA new"


def test_nobody_is_held_or_sent_anywhere_who_has_not_been_reached_yet(desks) -> None:
    sid = booked(desks)
    for name in ("amira", "bruno"):
        desks.be(name)
    desks.answer("amira", sid)
    desks.sent()
    held = desks.act("amira", switchboard.hold, on=True)
    consulted = desks.act("amira", switchboard.consult, "bruno")
    assert {held.code, consulted.code, desks.act("amira", switchboard.back_to_line).code} == {"calls.not_reached"}
    assert desks.sent() == []


def test_giving_up_a_callback_closes_it_and_erases_the_number(desks) -> None:
    sid = booked(desks)
    desks.be("amira")
    desks.answer("amira", sid)
    desks.sent()
    desks.act("amira", switchboard.hang_up)
    assert desks.sent() == []
    assert desks.entry(sid).status is EntryStatus.CLOSED
    assert desks.store.read(lambda tx: tx.queue.callback_number(sid)) is None


def test_who_picks_up_after_the_agent_gave_up_is_next_in_the_queue(desks) -> None:
    sid = booked(desks)
    desks.be("amira")
    desks.answer("amira", sid)
    desks.act("amira", switchboard.hang_up)
    desks.do(lambda tx: desks.line.called_back(tx, sid, "CA new", desks.now))
    assert desks.where("CA new") is Whereabouts.QUEUE


def test_a_second_call_to_the_same_person_moves_nothing(desks) -> None:
    sid = booked(desks)
    desks.be("amira")
    desks.answer("amira", sid)
    desks.do(lambda tx: desks.line.called_back(tx, sid, "CA new", desks.now))
    desks.do(lambda tx: desks.line.called_back(tx, sid, "CA newer", desks.now))
    assert desks.where("CA new") is Whereabouts.AGENT
    assert desks.where("CA newer") is Whereabouts.LINE


def test_who_was_called_back_and_does_not_want_to_be_connected_is_not_called_again(desks) -> None:
    sid = booked(desks)
    desks.be("amira")
    desks.answer("amira", sid)
    desks.do(lambda tx: desks.line.leave(tx, sid, desks.now, hung_up=False))
    assert desks.entry(sid).status is EntryStatus.CLOSED
    assert desks.doing("amira") is WRAP_UP


def test_a_callback_whose_number_nobody_can_read_is_closed(desks) -> None:
    sid = booked(desks)
    desks.do(lambda tx: tx.queue.erase_callback(sid))
    desks.be("amira")
    assert desks.answer("amira", sid).code == "calls.no_number"
    assert desks.entry(sid).status is EntryStatus.CLOSED
    assert desks.doing("amira") is AVAILABLE


def test_who_wants_a_callback_at_the_moment_of_the_answer_waits_for_it(desks) -> None:
    sid = desks.with_agent("amira")
    desks.do(lambda tx: desks.line.book_callback(tx, sid, "+12065550143", desks.now))
    assert (desks.entry(sid).status, desks.entry(sid).kind) == (EntryStatus.WAITING, EntryKind.CALLBACK)
    assert desks.doing("amira") is WRAP_UP
