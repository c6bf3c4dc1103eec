"""Two who talk because one of them dialled: until one leaves, the star is pressed, or the time is up."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from pbx.codes import Code, Notice
from pbx.meeting import Meeting
from pbx.scene import Scene
from pbx.side_by_side import until_first
from pbx.tape import Tape
from pbx.verbs.dialled import Dialled
from pbx.verbs.recording_report import TOLD_TO_ACTION, begin_recording, recording_parameters
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
    recorded = terms.recorded
    if recorded is None or recorded.from_ringing is not while_ringing:
        yield
        return
    tape, begun = Tape(), begin_recording(scene, "DialVerb", terms.report, 2 if recorded.dual else 1)
    remove = scene.leg.tap(tape)
    try:
        yield
    finally:
        remove()
        shelf = scene.surroundings.recordings
        if shelf is None or begun is None:
            scene.note(Notice(Code.INTERNAL, terms.url, terms.line, "this phone's exchange keeps no recordings"))
        else:
            told = recording_parameters(shelf.finish(begun, tape.channels(recorded.dual)[1]))
            dialled.beyond.update({name: told[name] for name in TOLD_TO_ACTION})
            if terms.report is not None:
                terms.report.tell(scene, "completed", told)
