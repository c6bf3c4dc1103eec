"""Exceptions for keys without an agreement: who gives them, how many, and that each serves once."""

from datetime import timedelta
from typing import Any

import pytest

from callcenter.floor import approvals, changes, exceptions, limits
from callcenter.floor.audit import Act
from callcenter.floor.people import Role
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import ReasonCode, Request, RequestStatus

MAK, RETAIL = 3001, 1001


def ask(floor: Any, case: str | None = None, role: Role = Role.SENIOR_AGENT, **rest: Any) -> Request | Refusal:
    number = case or floor.open_case(RETAIL, "agent.too_many_replacements")
    reason, words = rest.get("reason", ReasonCode.HARDWARE_FAILURE), rest.get("words", "")
    return floor.do(
        lambda tx: exceptions.ask_exception(
            tx, floor.acting("bruno", role), tx.cases.find(number), reason, words, floor.policy, floor.new_id
        )
    )


def usable(floor: Any, case: str, serial: int = RETAIL) -> Request | None:
    return floor.do(lambda tx: exceptions.usable_exception(tx, case, serial, floor.policy, floor.now))


def spend(floor: Any, exception: Request) -> bool:
    return floor.do(lambda tx: exceptions.spend_exception(tx, floor.acting("bruno"), exception, floor.policy))


@pytest.mark.parametrize("role", [Role.SENIOR_AGENT, Role.SUPERVISOR])
def test_a_senior_gives_an_exception_at_once(floor: Any, role: Role) -> None:
    given = ask(floor, role=role)
    assert isinstance(given, Request)
    assert (given.status, given.decider, given.serial) == (RequestStatus.APPLIED, None, RETAIL)
    assert usable(floor, given.case_number) == given
    assert floor.acts() == [Act.APPLIED]


def test_an_agent_is_told_to_hand_the_call_over(floor: Any) -> None:
    refused = ask(floor, role=Role.AGENT)
    assert refused == exceptions.FOR_SENIORS
    assert "transfer the call to the seniors" in refused.sentence


def test_only_so_many_for_a_key_without_a_second_person(floor: Any) -> None:
    given = [ask(floor).status for _ in range(floor.policy.exceptions_alone + 1)]
    assert given == [RequestStatus.APPLIED, RequestStatus.APPLIED, RequestStatus.HELD]
    floor.later(floor.policy.exception_window + timedelta(microseconds=1))
    assert ask(floor).status is RequestStatus.APPLIED


def test_a_held_exception_serves_once_it_is_approved(floor: Any) -> None:
    for _ in range(floor.policy.exceptions_alone):
        ask(floor)
    held = ask(floor)
    assert usable(floor, held.case_number) is None
    floor.do(lambda tx: approvals.approve(tx, floor.celeste(), held.id, "", floor.policy))
    exception = usable(floor, held.case_number)
    assert exception is not None
    assert exception.decider == "celeste"


def test_a_held_exception_fails_when_the_key_was_blocked_meanwhile(floor: Any) -> None:
    for _ in range(floor.policy.exceptions_alone):
        ask(floor)
    held = ask(floor)
    floor.do(lambda tx: tx.keys.set_blocked(RETAIL, blocked=True))
    failed = floor.do(lambda tx: approvals.approve(tx, floor.celeste(), held.id, "", floor.policy))
    assert failed.status is RequestStatus.FAILED
    assert usable(floor, held.case_number) is None


def test_an_exception_serves_once(floor: Any) -> None:
    given = ask(floor)
    assert (spend(floor, given), spend(floor, given)) == (True, False)
    assert usable(floor, given.case_number) is None
    assert floor.acts() == [Act.APPLIED, Act.EXCEPTION_USED]
    floor.later(timedelta(days=30))
    assert usable(floor, given.case_number) is None


def test_an_exception_is_for_its_case_only_and_lapses(floor: Any) -> None:
    given = ask(floor)
    assert usable(floor, floor.open_case(RETAIL)) is None
    assert usable(floor, given.case_number, MAK) is None, "nor for another key"
    floor.later(floor.policy.approval_expires_after)
    assert usable(floor, given.case_number) is None


def test_a_case_has_one_exception_at_a_time(floor: Any) -> None:
    first = ask(floor)
    assert ask(floor, first.case_number) == exceptions.GIVEN_ALREADY
    spend(floor, first)
    assert ask(floor, first.case_number).status is RequestStatus.APPLIED
    held = ask(floor)
    assert held.status is RequestStatus.HELD
    assert ask(floor, held.case_number) == exceptions.HELD_ALREADY


def test_a_volume_key_gets_none(floor: Any) -> None:
    assert ask(floor, floor.open_case(MAK)) == changes.EXCEPTION_FOR_VOLUME


def test_a_blocked_key_gets_none(floor: Any) -> None:
    floor.do(lambda tx: tx.keys.set_blocked(RETAIL, blocked=True))
    assert ask(floor) == changes.BLOCKED


def test_without_a_whole_installation_id_there_is_no_key_to_except(floor: Any) -> None:
    assert ask(floor, floor.open_case(serial=None)) == exceptions.NO_ID_YET


def test_other_needs_words(floor: Any) -> None:
    assert ask(floor, reason=ReasonCode.OTHER) == limits.NEEDS_WORDS
    assert ask(floor, reason=ReasonCode.OTHER, words="flood in the cellar").words == "flood in the cellar"


def test_nothing_is_counted_and_no_limit_moves(floor: Any) -> None:
    before = floor.key(RETAIL)
    spend(floor, ask(floor))
    assert floor.key(RETAIL) == before
