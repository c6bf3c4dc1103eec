"""A person at work on the caller's conversation: digits finished with a verdict each, the claim decided, nothing kept that failed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activation.claims import AgentReason, AskFirst, Granted, NeedsAgent
from activation.correction import UNHEARD, Candidate, HeardGroup, hear_group
from activation.digits import with_check_digit
from activation.installation_id import Installation, write_installation_id
from activation.secrets import InstallationKey
from house.instance import House
from ivr.assistance import WHOLE, Assistance, GroupFault, GroupVerdict
from ivr.entry import Entry
from ivr.records import CallRecord, NewCall, Progress
from ivr.state import Place, State, read_state, write_state

MAK, MAK_USED_UP, RETAIL_N, SID = 3006, 3002, 1005, "CAassisted"
ShowId = Callable[[int, int], tuple[str, ...]]
PROGRESS = Progress("queue", True, False, 0, True, False)


class AtTheDesk:
    """One call with a state, and an agent who helps."""

    def __init__(self, house: House) -> None:
        self.house, self.assistance = house, Assistance(house.conversation)
        self.now: datetime = house.conversation.clock()
        self.keep(State(place=Place.WITH_AGENT, reason="agent.asked", case_number="100001"))

    def do(self, work: Callable[[Any], Any]) -> Any:
        return self.house.store.transaction(work)

    def keep(self, state: State) -> None:
        def work(tx: Any) -> None:
            tx.calls.open(NewCall(SID, None, "", "", self.now))
            record = CallRecord(SID, 7, write_state(state), "<Response/>")
            tx.calls.save(record, PROGRESS, unfinished=True, waiting=True, at=self.now)

        self.do(work)

    def enter(self, *groups: str, at: int = 1) -> tuple[GroupVerdict, ...]:
        return self.enter_by_number(dict(enumerate(groups, start=at)))

    def enter_by_number(self, groups: dict[int, str]) -> tuple[GroupVerdict, ...]:
        return self.do(lambda tx: self.assistance.enter_groups(tx, SID, groups))

    def decide(self, **options: Any) -> Any:
        return self.do(lambda tx: self.assistance.decide(tx, SID, **options))

    @property
    def record(self) -> CallRecord:
        return self.do(lambda tx: tx.calls.find(SID))

    @property
    def state(self) -> State:
        return read_state(self.record.state)


@pytest.fixture
def desk(house: House) -> AtTheDesk:
    return AtTheDesk(house)


def right(*numbers: int) -> tuple[GroupVerdict, ...]:
    return tuple(GroupVerdict(number) for number in numbers)


def wrong(group: str) -> str:
    return group[:-1] + str((int(group[-1]) + 1) % 10)


def test_view_shows_where_the_caller_stands_and_none_for_who_is_forgotten(desk: AtTheDesk) -> None:
    assert desk.do(lambda tx: desk.assistance.view(tx, SID)) == desk.state
    assert desk.do(lambda tx: desk.assistance.view(tx, "CAnobody")) is None


def test_groups_are_taken_as_people_type_them_and_the_whole_is_judged_when_it_is_there(
    desk: AtTheDesk, show_id: ShowId
) -> None:
    groups = show_id(MAK, 0x1001)
    assert desk.enter(groups[0], f" {groups[1][:3]}-{groups[1][3:]} ") == right(1, 2)
    assert desk.enter(*groups[2:], at=3) == right(3, 4, 5, 6, 7, 8, 9, WHOLE)
    assert desk.state.entry.groups == groups
    assert desk.state.entry.authentic
    assert desk.assistance.key_serial(desk.state) == MAK
    assert desk.record.turn == 7, "the caller's turn is the caller's"


def test_a_group_that_fails_is_a_verdict_and_kept_nowhere(desk: AtTheDesk, show_id: ShowId) -> None:
    groups = show_id(MAK, 0x1002)
    bad = wrong(groups[1])
    assert desk.enter(groups[0], bad, groups[2]) == (
        GroupVerdict(1),
        GroupVerdict(2, GroupFault.CHECK),
        GroupVerdict(3),
    )
    assert desk.state.entry.groups[:3] == (groups[0], None, groups[2])
    assert bad not in repr(desk.record)


def test_a_group_that_fails_leaves_the_one_that_was_kept(desk: AtTheDesk, show_id: ShowId) -> None:
    groups = show_id(MAK, 0x1003)
    desk.enter(*groups[:2])
    desk.enter(wrong(groups[1]), at=2)
    assert desk.state.entry.groups[1] == groups[1]


def test_after_a_wrong_first_group_the_others_are_judged_all_the_same(desk: AtTheDesk, show_id: ShowId) -> None:
    groups = show_id(MAK, 0x1004)
    verdicts = desk.enter(wrong(groups[0]), *groups[1:])
    assert verdicts == (GroupVerdict(1, GroupFault.CHECK), *right(2, 3, 4, 5, 6, 7, 8, 9))
    assert desk.enter(groups[0]) == right(1, WHOLE)


@pytest.mark.parametrize(
    ("number", "typed", "fault"),
    [
        (1, "12345x", GroupFault.NOT_DIGITS),
        (1, "١٢٣٤٥٦", GroupFault.NOT_DIGITS),
        (1, "12345", GroupFault.LENGTH),
        (2, with_check_digit("12345"), GroupFault.FIRST_GROUP),
    ],
)
def test_what_is_no_group_is_refused_with_the_reason(desk: AtTheDesk, number: int, typed: str, fault: GroupFault) -> None:
    assert desk.enter(typed, at=number) == (GroupVerdict(number, fault),)
    assert desk.state.entry == Entry()


def test_a_first_digit_that_means_nothing_is_told_as_such(desk: AtTheDesk, house: House) -> None:
    line = house.conversation.line
    fewer = replace(line.catalogue, headers={1: line.catalogue.headers[1]})
    desk.assistance = Assistance(replace(house.conversation, line=replace(line, catalogue=fewer)))
    assert desk.enter(with_check_digit("71111")) == (GroupVerdict(1, GroupFault.LAYOUT),)


@pytest.mark.parametrize("number", [-1, 0, 10])
def test_a_group_that_the_layout_does_not_have_is_refused(desk: AtTheDesk, show_id: ShowId, number: int) -> None:
    groups = show_id(MAK, 0x1005)
    desk.enter(groups[0])
    assert desk.enter(groups[1], at=number) == (GroupVerdict(number, GroupFault.NO_SUCH_GROUP),)


def test_kept_digits_may_be_overwritten_and_cleared(desk: AtTheDesk, show_id: ShowId) -> None:
    groups, others = show_id(MAK, 0x1006), show_id(MAK, 0x1007)
    desk.enter(*groups[:3])
    assert desk.enter_by_number({2: others[1], 3: ""}) == right(2, 3)
    assert desk.state.entry.groups[:3] == (groups[0], others[1], None)
    desk.enter_by_number({1: "", 2: ""})
    assert desk.state.entry == Entry(), "with the last group the layout is open again"


def test_a_first_group_of_another_layout_starts_the_id_anew(desk: AtTheDesk, house: House, show_id: ShowId) -> None:
    desk.enter(*show_id(MAK, 0x1008)[:3])
    older = next(header for header in house.catalogue.headers.values() if header.layout.name == "2003")
    first = with_check_digit(f"{older.digit}1111")
    assert desk.enter(first) == right(1)
    assert desk.state.entry.groups == (first, *[None] * 8)


def test_groups_of_two_ids_are_no_id_together_and_stay_in_the_calls_state(desk: AtTheDesk, show_id: ShowId) -> None:
    groups, others = show_id(MAK, 0x1009), show_id(MAK, 0x100A)
    assert desk.enter(*groups[:8], others[8])[-1] == GroupVerdict(WHOLE, GroupFault.WHOLE)
    assert not desk.state.entry.authentic
    assert desk.assistance.key_serial(desk.state) is None


def test_an_id_that_no_computer_shows_is_told_as_such(desk: AtTheDesk, house: House) -> None:

    header = house.catalogue.header_for(house.catalogue.layouts["default"], 1)
    forged = write_installation_id(Installation(33, MAK, 5), header, InstallationKey(b"x" * 32, b"y" * 32))
    assert desk.enter(*forged)[-1] == GroupVerdict(WHOLE, GroupFault.NOT_AUTHENTIC)


def test_entering_what_is_there_already_judges_again_and_changes_nothing(desk: AtTheDesk, show_id: ShowId) -> None:
    groups = show_id(MAK, 0x100B)
    desk.enter(*groups)
    assert isinstance(desk.decide(), Granted)
    before = desk.state
    assert desk.enter(*groups)[-1] == GroupVerdict(WHOLE)
    assert desk.state == before


def test_other_digits_forget_what_was_granted_for_the_ones_before(desk: AtTheDesk, show_id: ShowId) -> None:
    desk.enter(*show_id(MAK, 0x100C))
    desk.decide()
    desk.enter(*show_id(MAK, 0x100D))
    assert desk.state.readback is None


def test_a_grant_is_counted_and_waits_for_the_line_to_read_it(desk: AtTheDesk, house: House, show_id: ShowId) -> None:
    desk.enter(*show_id(MAK, 0x100E))
    used = house.find_key(MAK).used  # type: ignore[union-attr]
    verdict = desk.decide()
    assert isinstance(verdict, Granted)
    assert house.find_key(MAK).used == used + 1  # type: ignore[union-attr]
    reading = desk.state.readback
    assert reading is not None
    assert (reading.blocks, reading.at, reading.by_agent) == (verdict.confirmation_id, 0, True)
    assert (desk.state.place, desk.state.verdicts, desk.state.granted) == (Place.WITH_AGENT, ("granted",), True)


def test_what_is_not_complete_is_not_decided(desk: AtTheDesk, show_id: ShowId) -> None:
    desk.enter(*show_id(MAK, 0x100F)[:8])
    assert desk.decide() is None
    assert desk.state.verdicts == ()


def test_a_verdict_that_is_no_grant_is_noted_with_the_group_whose_limit_is_in_the_way(desk: AtTheDesk, show_id: ShowId) -> None:
    desk.enter(*show_id(MAK_USED_UP, 0x1010))
    verdict = desk.decide()
    assert isinstance(verdict, NeedsAgent)
    assert desk.state.verdicts == (AgentReason.MAK_LIMIT,)
    assert desk.state.product_group == verdict.product_group
    assert desk.state.readback is None


def test_an_exception_activates_one_more_computer_of_a_retail_copy(desk: AtTheDesk, show_id: ShowId) -> None:
    desk.keep(replace(desk.state, country="DE"))
    desk.enter(*show_id(RETAIL_N, 0x0123_4567_89AB_CDEF))
    assert isinstance(desk.decide(), Granted)
    desk.enter(*show_id(RETAIL_N, 0xFEDC_BA98_7654_3210))
    assert isinstance(desk.decide(), AskFirst)
    assert not isinstance(desk.decide(computers=2), Granted)
    assert isinstance(desk.decide(waived=True), Granted)


@pytest.mark.parametrize("place", [place for place in Place if place not in (Place.QUEUE, Place.WITH_AGENT)])
def test_on_the_line_the_state_is_the_callers_alone(desk: AtTheDesk, show_id: ShowId, place: Place) -> None:
    desk.enter(*show_id(MAK, 0x1011))
    desk.keep(replace(desk.state, place=place))
    before = desk.record
    assert desk.enter(*show_id(MAK, 0x1012)) == ()
    assert desk.decide() is None
    assert desk.record == before


def test_a_caller_who_is_gone_or_erased_is_helped_no_more(desk: AtTheDesk, show_id: ShowId) -> None:
    desk.do(lambda tx: tx.calls.forget(SID))
    assert desk.enter(*show_id(MAK, 0x1013)) == ()
    assert desk.decide() is None


typed_groups = st.dictionaries(
    st.integers(-2, 12), st.one_of(st.text(max_size=8), st.text("0123456789", max_size=7), st.integers(0, 8)), max_size=9
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(typed_groups, max_size=6))
def test_whatever_is_typed_gets_a_verdict_each_and_only_checked_groups_are_kept(
    desk: AtTheDesk, show_id: ShowId, entries: list[dict[int, Any]]
) -> None:
    groups = show_id(MAK, 0x2000)
    for typed in entries:
        given_groups = {number: groups[each] if isinstance(each, int) else each for number, each in typed.items()}
        verdicts = desk.enter_by_number(given_groups)
        assert [verdict.number for verdict in verdicts if verdict.number in typed][: len(typed)] == sorted(typed)
        entry = desk.state.entry
        assert all(each is None or with_check_digit(each[:-1]) == each for each in entry.groups)
        assert (entry.layout is None) == (not any(entry.groups))
        assert not entry.authentic or entry.is_complete


# Groups that the caller had said.


def said(groups: tuple[str, ...], *misheard: int) -> State:
    """All groups said; of the misheard ones the right digits are only the second guess."""
    entry = Entry(layout="default" if len(groups[-1]) == 6 else "2003", groups=(None,) * len(groups))
    for index, group in enumerate(groups):
        other = with_check_digit(group[:1] + str((int(group[1]) + 1) % 10) + group[2:-1])
        best = [Candidate(other), Candidate(group, 1.0)] if index in misheard else [Candidate(group)]
        heard = hear_group(best, len(group))
        entry = entry.with_group(index, heard.candidates[0].digits, heard)
    return State(place=Place.WITH_AGENT, reason="agent.whole", case_number="100001", entry=entry)


def test_one_group_typed_by_a_person_lets_the_others_be_put_right(desk: AtTheDesk, show_id: ShowId) -> None:
    groups = show_id(MAK, 0x61)
    desk.keep(said(groups, 1, 4))
    assert desk.enter(groups[4], at=5) == right(5, 0)
    assert desk.state.entry.groups == groups
    assert (desk.state.entry.heard, desk.state.entry.authentic) == ((), True)


def test_a_group_left_to_the_others_is_told_once_a_person_has_typed_the_one_that_was_wrong(
    desk: AtTheDesk, show_id: ShowId
) -> None:
    groups, others = show_id(MAK, 0x66), show_id(MAK, 0x67)
    state = said(groups)
    entry = state.entry.with_group(6, UNHEARD * 6, HeardGroup(absent=5.0))
    taken_for_another = hear_group([Candidate(others[3])], 6)
    desk.keep(replace(state, entry=entry.with_group(3, others[3], replace(taken_for_another, is_begun_with_keys=True))))
    assert desk.enter(groups[1], at=2) == (GroupVerdict(2, None),), "nothing is said of the whole before there is one"
    assert desk.enter(groups[3], at=4) == right(4, 0)
    assert desk.state.entry.groups == groups


def test_what_a_person_types_is_certain_and_never_altered(desk: AtTheDesk, show_id: ShowId) -> None:
    groups, others = show_id(MAK, 0x62), show_id(MAK, 0x63)
    desk.keep(said(groups, 1))
    assert not desk.enter(others[4], at=5)[-1].is_right
    assert desk.state.entry.groups[4] == others[4]
    assert desk.state.entry.heard_at(4) is None


def test_a_person_may_have_the_claim_decided_on_what_was_only_said(desk: AtTheDesk, show_id: ShowId) -> None:
    groups = show_id(MAK, 0x64)
    desk.keep(said(groups, 0, 7))
    assert isinstance(desk.decide(), Granted)
    assert desk.state.entry.groups == groups


def test_a_group_cleared_by_a_person_is_cleared_of_what_was_heard_too(desk: AtTheDesk, show_id: ShowId) -> None:
    desk.keep(said(show_id(MAK, 0x65), 2))
    desk.enter("", at=3)
    assert (desk.state.entry.groups[2], desk.state.entry.heard_at(2)) == (None, None)
