"""What an agent did for a simulated caller, held against the story: verified first? right reason? right code? time."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from callcenter.floor.customers import Passed
from callcenter.floor.queue import Handling
from callcenter.floor.requests import Change, Request
from callcenter.floor.training_records import Expected, Run, Transaction

_COUNTS = frozenset({Change.RAISE, Change.NEW_KEY, Change.EXCEPTION})


class Mark(StrEnum):
    """How one thing was done."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"
    NOT_ASKED = "not asked for"


@dataclass(frozen=True, slots=True)
class Score:
    """One handling of one simulated call; `seconds` runs from the answer to the end of wrap-up."""

    agent: str
    verified: Mark
    reason: Mark
    wrap_up: Mark
    time: Mark
    seconds: int
    outcome: str

    @property
    def points(self) -> tuple[int, int]:
        """Right ones, of those asked for."""
        asked = [mark for mark in (self.verified, self.reason, self.wrap_up, self.time) if mark is not Mark.NOT_ASKED]
        return sum(mark is Mark.RIGHT for mark in asked), len(asked)


def score(expected: Expected, handling: Handling, requests: Sequence[Request], passes: Sequence[Passed]) -> Score:
    """The marks of one handling that is wrapped up; `requests` and `passes` are those of its case."""
    assert handling.wrapped_at is not None  # a call that is not wrapped up has no score yet
    mine = [each for each in requests if each.asker == handling.agent and each.change in _COUNTS]
    seconds = round((handling.wrapped_at - handling.answered_at).total_seconds())
    return Score(
        agent=handling.agent,
        verified=_verified(expected, mine, passes),
        reason=_reason(expected, mine),
        wrap_up=Mark.RIGHT if handling.outcome in expected.wrap_ups else Mark.WRONG,
        time=Mark.RIGHT if seconds <= expected.seconds else Mark.WRONG,
        seconds=seconds,
        outcome=handling.outcome,
    )


def scores_of(tx: Transaction, run: Run, expected: Expected | None) -> tuple[Score, ...]:
    """The scores of everybody who had the call and has wrapped it up."""
    if expected is None or run.call_sid is None:
        return ()
    wrapped = [each for each in tx.handlings.of_call(run.call_sid) if each.wrapped_at is not None]
    return tuple(
        score(expected, each, tx.requests.of_case(each.case_number), tx.verifications.passes(each.case_number))
        for each in wrapped
    )


def _verified(expected: Expected, requests: Sequence[Request], passes: Sequence[Passed]) -> Mark:
    """Whether the caller was verified before anything was asked for."""
    if not expected.verify:
        return Mark.NOT_ASKED
    if not passes:
        return Mark.MISSING
    first = min(each.at for each in passes)
    return Mark.RIGHT if all(first <= each.asked_at for each in requests) else Mark.WRONG


def _reason(expected: Expected, requests: Sequence[Request]) -> Mark:
    if not expected.reason:
        return Mark.NOT_ASKED if not requests else Mark.WRONG
    if not requests:
        return Mark.MISSING
    return Mark.RIGHT if requests[-1].reason.value == expected.reason else Mark.WRONG
