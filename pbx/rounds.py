"""What plays while a caller waits: the same content again and again."""

from collections.abc import Awaitable, Callable

from pbx.call import Ending
from pbx.scene import LeftQueue, Outcome, Scene

SHORTEST_ROUND_SECONDS = 1.0
"""Content that takes no time is not fetched faster than this."""


async def play_rounds(scene: Scene, play_one: Callable[[], Awaitable[Outcome]]) -> LeftQueue | Ending:
    """The content, for ever, until it leaves the queue or ends the call."""
    while True:
        began_at = scene.call.clock()
        outcome = await play_one()
        if isinstance(outcome, LeftQueue | Ending):
            return outcome
        took_seconds = (scene.call.clock() - began_at).total_seconds()
        if took_seconds < SHORTEST_ROUND_SECONDS:
            await scene.leg.pause(SHORTEST_ROUND_SECONDS - took_seconds)
