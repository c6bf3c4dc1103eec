"""How ringing a phone comes out, for every kind of phone: told once, to whoever waits, and to nobody who has given up."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable

from pbx.audio.port import Connection, Unanswered


class Bell(ABC):
    """A `Ringing`, but for what makes the phone ring and be quiet again."""

    def __init__(self) -> None:
        self._outcome: asyncio.Future[Connection | Unanswered] = asyncio.get_running_loop().create_future()
        self._rings = False
        self._to_tell: list[Callable[[], None]] = []

    @property
    def has_come_out(self) -> bool:
        return self._outcome.done()

    async def answered(self) -> Connection | Unanswered:
        try:
            return await asyncio.shield(self._outcome)
        except asyncio.CancelledError:
            self.give_up()
            if not isinstance(outcome := self._outcome.result(), Unanswered):
                outcome.hang_up()  # answered in the very moment in which nobody wants the call any more
            raise

    def on_ringing(self, tell: Callable[[], None]) -> None:
        if self._rings:
            tell()
        else:
            self._to_tell.append(tell)

    def note_ringing(self) -> None:
        """The phone rings."""
        self._rings = True
        to_tell, self._to_tell = self._to_tell, []
        for tell in to_tell:
            tell()

    def come_out(self, outcome: Connection | Unanswered) -> bool:
        """It has come out so; whether that is news. Only the first outcome counts."""
        if self._outcome.done():
            return False
        self._outcome.set_result(outcome)
        return True

    @abstractmethod
    def give_up(self) -> None:
        """Stop ringing; unless it has come out already, it comes out as canceled."""
