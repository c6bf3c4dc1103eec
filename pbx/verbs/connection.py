"""Two who talk because one of them dialled: until one leaves, the star is pressed, or the time is up."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from pbx.codes import Code, Notice
from pbx.meeting import Meeting
from pbx.recording import TOLD_TO_ACTION, RunningRecording, recording_parameters
from pbx.scene import Scene
from pbx.side_by_side import until_first
from pbx.verbs.dialled import Dialled
from pbx.verbs.terms import DialTerms

Doing = Callable[[], Coroutine[Any, Any, Any]]


async def connect(
    scene: Scene,
    terms: DialTerms,
    dialled: Dialled,
    reach: Callable[[], Coroutine[Any, Any, Meeting | None]],
    meanwhile: Doing,
) -> None:
    """Bring the caller together with whom `reach` finds; `meanwhile` is what the caller hears. Raises HungUp."""
    if not terms.answers_on_bridge:
        await scene.pick_up()
    with _taped(scene, terms, dialled, while_ringing=True):
        meeting = await _met(reach, meanwhile)
        if meeting is None:
            return
        try:
            await scene.pick_up()
            dialled.bridged = True
            with _taped(scene, terms, dialled, while_ringing=False), suppress(TimeoutError):
                async with asyncio.timeout(terms.time_limit_seconds):
                    await meeting.talk(scene.leg, terms.star_leaves)
        finally:
            meeting.part()


async def _met(reach: Callable[[], Coroutine[Any, Any, Meeting | None]], meanwhile: Doing) -> Meeting | None:
    async with until_first(reach(), _for_ever(meanwhile)) as (reaching, hearing):
        if not reaching.done():
            hearing.result()
        return await reaching


async def _for_ever(hear: Doing) -> None:
    while True:
        await hear()


@contextmanager
def _taped(scene: Scene, terms: DialTerms, dialled: Dialled, *, while_ringing: bool) -> Iterator[None]:
    """Record what is to be recorded from here on."""
    plan, shelf = terms.recording, scene.surroundings.recordings
    if plan is None or terms.records_ringing is not while_ringing:
        yield
    elif shelf is None:
        scene.note(Notice(Code.INTERNAL, terms.url, terms.line, "this phone's exchange keeps no recordings"))
        yield
    else:
        begun = shelf.begin(scene.call, plan.source, scene.call.clock(), plan.channels, track=plan.track)
        running = RunningRecording(shelf, begun, plan, scene.leg.tap, scene.mention)
        try:
            yield
        finally:
            told = recording_parameters(running.stop())
            dialled.beyond.update({name: told[name] for name in TOLD_TO_ACTION})
