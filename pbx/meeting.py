"""Two phones brought together: by the Dial of one of them."""

import asyncio

from pbx.audio.bridge import Bridge
from pbx.leg import Leg
from pbx.rooms.seat import Hearing, Hears
from pbx.side_by_side import until_first

COMPANY = Hearing(Hears.TALKING, others=1)


class Meeting:
    """Begins when the one who was called is ready, and is over for both as soon as it is for one."""

    def __init__(self, bridge: Bridge | None) -> None:
        """No bridge: the phones have no sound."""
        self._bridge = bridge
        self._begun = asyncio.Event()
        self._over = asyncio.Event()

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    def begin(self) -> None:
        """Whoever was called is ready."""
        self._begun.set()

    def part(self) -> None:
        self._over.set()

    async def over(self) -> None:
        """Return once one has left."""
        await self._over.wait()

    async def begun(self) -> bool:
        """Wait for the one who was called; False when that one is gone before it began. Whoever gives up waiting parts."""
        try:
            async with until_first(self._begun.wait(), self._over.wait()):
                return not self.is_over
        except asyncio.CancelledError:
            self.part()
            raise

    async def talk(self, leg: Leg, star_leaves: bool = False) -> None:
        """Hear the other until one leaves. Raises HungUp."""
        try:
            async with until_first(leg.confer(self._bridge, COMPANY, star_leaves), self._over.wait()) as (talking, _):
                if talking.done():
                    talking.result()
        finally:
            self.part()
