"""Phones being rung at once: the first that answers is kept, the others are let go."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from pbx.audio.port import Unanswered
from pbx.call import Call, CallStatus
from pbx.scene import Answered, Attempt, Dialler, Target
from pbx.verbs.dialled import LIKELIEST_FIRST, DialStatus
from pbx.verbs.nouns import Noun


@dataclass(frozen=True, slots=True)
class Reached:
    """The phone that took the call."""

    noun: Noun
    attempt: Attempt
    answered: Answered


class Ringing:
    """One round of phones."""

    def __init__(self, dialler: Dialler, parent: Call, caller: str) -> None:
        self._dialler = dialler
        self._parent = parent
        self._caller = caller
        self._refusals: set[DialStatus] = set()
        self._attempts: list[Attempt] = []
        self.latest: Call | None = None
        """The child call that was begun last."""
        self.sip_response: int | None = None
        """The last final response of a SIP phone that did not take the call."""

    @property
    def status(self) -> DialStatus:
        """How it came out that nobody took the call."""
        return next((status for status in LIKELIEST_FIRST if status in self._refusals), DialStatus.FAILED)

    async def first_of(self, nouns: Sequence[Noun], within_seconds: float) -> Reached | None:
        """The phone that answers first, or None when none does in that time."""
        tasks = [asyncio.create_task(self._ring(noun)) for noun in nouns]
        winner: Reached | None = None
        try:
            async with asyncio.timeout(within_seconds):
                winner = await _first_reached(tasks)
        except TimeoutError:
            self._time_out()
        finally:
            await _let_go(tasks, winner)
        return winner

    def _time_out(self) -> None:
        """Whoever still rings did not answer; who has refused already stays as it is."""
        self._refusals.add(DialStatus.NO_ANSWER)
        for attempt in self._attempts:
            attempt.call.end(CallStatus.NO_ANSWER)

    async def _ring(self, noun: Noun) -> Reached | None:
        """One noun, at each of its addresses in turn."""
        for target in noun.targets:
            attempt = self._attempt(target)
            outcome = await attempt.answered()
            if isinstance(outcome, Answered):
                return Reached(noun, attempt, outcome)
            self._note(target, outcome)
        return None

    def _attempt(self, target: Target) -> Attempt:
        attempt = self._dialler.ring(self._parent, target, self._caller)
        self._attempts.append(attempt)
        self.latest = attempt.call
        return attempt

    def _note(self, target: Target, outcome: Unanswered) -> None:
        self._refusals.add(DialStatus(outcome.status))
        if target.address.startswith("sip"):
            self.sip_response = outcome.response_code


async def _first_reached(tasks: Sequence["asyncio.Task[Reached | None]"]) -> Reached | None:
    for finished in asyncio.as_completed(tasks):
        reached = await finished
        if reached is not None:
            return reached
    return None


async def _let_go(tasks: Sequence["asyncio.Task[Reached | None]"], winner: Reached | None) -> None:
    """Nobody rings any longer; of two who answered at one moment, the second is hung up on."""
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Reached) and outcome is not winner:
            outcome.attempt.end()
