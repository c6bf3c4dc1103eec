"""The caller who plays a script.

Time does not pass for them: a pause is over at once, a silence is only said. Only where the script says `wait` it does.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise

from pbx.call import Call, Ending, Whereabouts
from pbx.leg import HungUp, Listening
from pbx.terminal.script import End, HangUp, Hear, ScriptError, Step, Wait
from pbx.terminal.typed import Act, Keys, Silence, Words

PATIENCE_SECONDS = 3600.0
"""How much of the line's silence a script listens to between two of its steps."""

REAL_PATIENCE_SECONDS = 300.0
"""How long, in real time, one `wait` of a script may take."""

GLANCE_SECONDS = 0.2
"""A question that is not the awaited one is left unanswered for this long."""


class ScriptedCaller:
    """A caller who does what the script says and hangs up when the line strays from it; `failure` then says how."""

    def __init__(self, steps: Sequence[Step], call: Call) -> None:
        self._steps = deque(steps)
        self._call = call
        self._said = ""
        self._waited_seconds = 0.0
        self._waiting_since: float | None = None
        self.failure: ScriptError | None = None

    @property
    def hung_up(self) -> bool:
        return self.failure is not None

    def hear(self, words: str) -> None:
        """Remember what the line says, to be compared when it next waits for the caller."""
        self._said = f"{self._said} {words}".strip()

    def see(self, event: str) -> None:
        """A script listens; it does not look."""

    async def act(self, listening: Listening) -> Act:
        if self._is_waiting() and (self._unheard() is not None or isinstance(self._upcoming(), End)):
            await self._wait(GLANCE_SECONDS)
            return Silence()
        self._check_heard()
        if self._wants_to_leave():
            raise HungUp
        return self._perform(self._steps[0], listening)

    def _perform(self, step: Step, listening: Listening) -> Act:
        match step.does:
            case Keys() if not listening.keys:
                raise self._strayed(step, "the line listens to words here, not to keys")
            case Words() if listening.speech is None:
                raise self._strayed(step, "the line listens to keys here, not to words")
            case Keys() | Words() | Silence() as act:
                self._steps.popleft()
                self._said, self._waited_seconds, self._waiting_since = "", 0.0, None
                return act
            case _:
                raise self._strayed(step, f"the line waits for the caller and does not end the call; {self._heard()}")

    async def pass_time(self, seconds: float, listening: Listening | None = None) -> None:
        """Leave here if that is what the script wants next; wait for real only where the script says so.

        A script hears every prompt out.
        """
        if self._wants_to_leave():
            raise HungUp
        if self._is_waiting():
            await self._wait(seconds)
            return
        await asyncio.sleep(0)
        self._waited_seconds += seconds
        if self._waited_seconds > PATIENCE_SECONDS:
            raise self._strayed(self._steps[0], f"the line asks nothing for an hour; {self._heard()}")

    async def _wait(self, seconds: float) -> None:
        """Real time passes. Raises HungUp when a `wait` has taken too long."""
        now = asyncio.get_running_loop().time()
        if self._waiting_since is None:
            self._waiting_since = now
        left_seconds = self._waiting_since + REAL_PATIENCE_SECONDS - now
        await asyncio.sleep(min(seconds, max(0, left_seconds)))
        if seconds >= left_seconds:
            sentence = f"nothing came of waiting for {REAL_PATIENCE_SECONDS:g} seconds; {self._heard()}"
            raise self._strayed(next(step for step in self._steps if isinstance(step.does, Wait)), sentence)

    def _is_waiting(self) -> bool:
        """Whether a `wait` is next, and the words that should follow it, if any, have not all been said."""
        rest = self._said.casefold()
        for step, following in pairwise(self._steps):
            if isinstance(step.does, Wait):
                return self._unheard() is not None or not isinstance(following.does, Hear)
            if not isinstance(step.does, Hear):
                return False
            _, found, rest = rest.partition(step.does.words.casefold())
            if not found:
                return False
        return False

    def _upcoming(self) -> Act | HangUp | End:
        """The next step that is more than listening; a script always ends with one."""
        return next(step.does for step in self._steps if not isinstance(step.does, Hear | Wait))

    def finish(self, ending: Ending) -> None:
        """The call is over: check what is left of the script. Raises ScriptError when the call strayed from it."""
        with suppress(HungUp):
            if self.failure is None:
                self._check_heard()
                self._check_ending(self._steps[0], ending)
        if self.failure is not None:
            raise self.failure

    def _check_ending(self, step: Step, ending: Ending) -> None:
        match step.does:
            case HangUp():
                as_expected = ending in {Ending.BY_CALLER, Ending.WAITING}
            case End(expected):
                as_expected = ending is expected
            case _:
                as_expected = False
        if not as_expected:
            raise self._strayed(step, f"the call was already over ({ending}); {self._heard()}")

    def _check_heard(self) -> None:
        """What the script wants to hear before the next input must have been said. Raises HungUp when it was not."""
        unheard = self._unheard()
        if unheard is not None and isinstance(unheard.does, Hear):
            raise self._strayed(unheard, f'the line did not say "{unheard.does.words}"; {self._heard()}')
        while isinstance(self._steps[0].does, Hear | Wait):
            self._steps.popleft()

    def _unheard(self) -> Step | None:
        """The first thing the script wants to hear now that was not said, or not in this order."""
        rest = self._said.casefold()
        for step in self._steps:
            if isinstance(step.does, Wait):
                continue
            if not isinstance(step.does, Hear):
                return None
            _, found, rest = rest.partition(step.does.words.casefold())
            if not found:
                return step
        return None

    def _wants_to_leave(self) -> bool:
        """Whether the next thing to do, with everything heard that should be, is to leave the call from this side."""
        if self._unheard() is not None:
            return False
        upcoming = self._upcoming()
        return upcoming == HangUp() or (upcoming == End(Ending.WAITING) and self._call.whereabouts is Whereabouts.QUEUE)

    def _strayed(self, step: Step, sentence: str) -> HungUp:
        """Note how the call strayed from the script; raising what comes back hangs up."""
        self.failure = ScriptError(step.line, sentence)
        return HungUp()

    def _heard(self) -> str:
        return f'heard instead: "{self._said}"' if self._said else "nothing was said"
