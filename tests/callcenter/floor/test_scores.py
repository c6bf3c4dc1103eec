"""Scores: what an agent did, held against what the story expects."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from callcenter.floor.customers import Passed
from callcenter.floor.queue import Handling
from callcenter.floor.requests import Change, ReasonCode, Request
from callcenter.floor.scores import Mark, score
from callcenter.floor.training_records import Expected

EXPECTED = Expected(verify=True, reason="new purchase", wrap_ups=("limit raised",), seconds=300)


def handling(now: datetime, seconds: float = 120, outcome: str = "limit raised") -> Handling:
    return Handling("h", "CA1", "100001", "amira", now, wrapped_at=now + timedelta(seconds=seconds), outcome=outcome)


def asked(now: datetime, after_seconds: float = 60, **facts: Any) -> Request:
    reason = facts.pop("reason", ReasonCode.NEW_PURCHASE)
    asker = facts.pop("asker", "amira")
    return Request("r", Change.RAISE, asker, now + timedelta(seconds=after_seconds), reason, **facts)


def passed(now: datetime, after_seconds: float = 30) -> Passed:
    return Passed("91234567", "c", "private fact", now + timedelta(seconds=after_seconds))


def test_who_does_everything_right_has_all_points(now: datetime) -> None:
    assert score(EXPECTED, handling(now), [asked(now)], [passed(now)]).points == (4, 4)


def test_a_change_before_the_caller_was_verified_is_wrong(now: datetime) -> None:
    assert score(EXPECTED, handling(now), [asked(now)], [passed(now, 90)]).verified is Mark.WRONG
    assert score(EXPECTED, handling(now), [asked(now)], []).verified is Mark.MISSING


@pytest.mark.parametrize(("reason", "mark"), [(ReasonCode.NEW_PURCHASE, Mark.RIGHT), (ReasonCode.TEST_LAB, Mark.WRONG)])
def test_the_reason_is_the_storys(now: datetime, reason: ReasonCode, mark: Mark) -> None:
    assert score(EXPECTED, handling(now), [asked(now, reason=reason)], [passed(now)]).reason is mark


def test_a_change_not_asked_for_is_missing_and_a_colleagues_does_not_count(now: datetime) -> None:
    assert score(EXPECTED, handling(now), [], [passed(now)]).reason is Mark.MISSING
    assert score(EXPECTED, handling(now), [asked(now, asker="bruno")], [passed(now)]).reason is Mark.MISSING


def test_wrap_up_and_time_are_held_against_the_story(now: datetime) -> None:
    slow = score(EXPECTED, handling(now, 301, "other"), [asked(now)], [passed(now)])
    assert (slow.wrap_up, slow.time, slow.seconds, slow.points) == (Mark.WRONG, Mark.WRONG, 301, (2, 4))


def test_what_the_story_does_not_ask_for_counts_neither_way(now: datetime) -> None:
    only_listen = Expected(verify=False, reason="", wrap_ups=("activated",), seconds=300)
    plain = score(only_listen, handling(now, outcome="activated"), [], [])
    assert (plain.verified, plain.reason, plain.points) == (Mark.NOT_ASKED, Mark.NOT_ASKED, (2, 2))
    assert score(only_listen, handling(now, outcome="activated"), [asked(now)], []).reason is Mark.WRONG
