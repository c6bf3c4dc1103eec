"""Telling a story: its scenes in order, the counts before and after, and whether it ended as it should."""

from collections.abc import Awaitable, Callable, Mapping

from stories.backstage import Backstage, Count, StoryFailed
from stories.narration import Narration, Show
from stories.plot import calls, computers, many, people, portal, web
from stories.stage import Stage
from stories.story import Scene, Story

SCENES: Mapping[Scene, Callable[[Stage], Awaitable[None]]] = {
    Scene.INSTALL: computers.install,
    Scene.INSTALL_ANOTHER: computers.install,
    Scene.INSTALL_AGAIN: computers.install_again,
    Scene.INSTALL_OTHER_PRODUCT: computers.install_other_product,
    Scene.SWAP_BOARD: computers.swap_board,
    Scene.GRACE_PASSES: computers.grace_passes,
    Scene.FIX: computers.fix,
    Scene.INSTALL_TEN: many.install_ten,
    Scene.BATCH: many.batch,
    Scene.WORKAROUNDS: people.workarounds,
    Scene.WEB: web.on_the_web,
    Scene.WEB_REFUSED: web.refused_on_the_web,
    Scene.CALL: calls.call,
    Scene.CALL_BY_VOICE: calls.call_by_voice,
    Scene.CALL_ALONE: calls.call_alone,
    Scene.CALL_ENDS: calls.call_ends,
    Scene.TYPE_AGAIN: calls.type_again,
    Scene.ANSWER: people.answer,
    Scene.TAKE_GROUPS: people.take_groups,
    Scene.VERIFY: people.verify,
    Scene.RAISE: people.ask_raise,
    Scene.APPROVE: people.approve,
    Scene.EXCEPTION: people.exception,
    Scene.PORTAL_REFUSED: portal.refused_at_portal,
    Scene.NEW_KEY: people.new_key,
    Scene.TO_LINE: people.to_line,
    Scene.HANG_UP: people.hang_up,
    Scene.WRAP_UP: people.wrap_up,
}


async def tell_story(story: Story, backstage: Backstage, number: str, show: Show) -> None:
    """The whole story against the centre that runs; the caller calls from `number`. Raises StoryFailed."""
    narration = Narration(show)
    narration.begin(f"{story.number}. {story.title}", story.told)
    stage = Stage(story, backstage, narration, f"story-{story.number}", number)
    if story.key is not None:
        stage.props = backstage.make(story.key, story.caller.name, story.caller.organisation)
    before = _count(stage)
    if before:
        stage.tell("Key", f"{stage.key.serial}: {before}, before")
    try:
        for scene in story.plot:
            await SCENES[scene](stage)
    finally:
        await stage.strike()
    _judge(stage, before)


def _count(stage: Stage) -> Count | None:
    return stage.backstage.count(stage.props.serial) if stage.props else None


def _judge(stage: Stage, before: Count | None) -> None:
    """Raises StoryFailed where the end is not the story's."""
    end, after = stage.story.end, _count(stage)
    if before and after:
        stage.tell("Key", f"{stage.key.serial}: {after}, after")
        grown = (after.used - before.used, after.allowed - before.allowed)
        if grown != (end.used, end.allowed):
            wanted = f"{before.used + end.used} of {before.allowed + end.allowed} used"
            raise StoryFailed(f"The story ends with {after}, and should with {wanted}.")
    if end.refusal not in stage.heard.refusal:
        raise StoryFailed(f"The line should have refused with “{end.refusal}”, and said: {stage.heard.refusal or 'nothing'}")
    stands = [computer.state for computer in stage.computers]
    wanted_states = [ending.value for ending in end.computers]
    if stands != wanted_states:
        raise StoryFailed(f"The computers are {_listed(stands)} in the end, and should be {_listed(wanted_states)}.")
    stage.narration.end("The story ends as it should.")


def _listed(states: list[str]) -> str:
    return ", ".join(states) or "none"
