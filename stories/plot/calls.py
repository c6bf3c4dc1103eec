"""Scenes on the telephone, as the caller has them."""

import asyncio

from stories.backstage import StoryFailed
from stories.stage import Stage


async def call(stage: Stage) -> None:
    """The caller calls; the story goes on beside the call."""
    stage.tell(stage.caller, f"calls: “{stage.story.caller.says}”")
    stage.begin_call()


async def call_alone(stage: Stage) -> None:
    """The whole call, with nobody but the line."""
    await call(stage)
    await call_ends(stage)
    if stage.heard.refusal:
        stage.tell(stage.caller, "has understood, and hangs up")


async def call_by_voice(stage: Stage) -> None:
    """A telephone call over SIP and RTP; the caller speaks, and hears the answer with a recogniser."""
    stage.tell(stage.caller, f"calls over SIP and speaks: “{stage.story.caller.says}”")
    name, show = stage.computer.name, stage.narration.show
    await asyncio.to_thread(stage.backstage.call_by_voice, name, show)


async def call_ends(stage: Stage) -> None:
    """The caller and the line come to their end."""
    ending = await stage.call_over()
    stage.tell("Telephone", ending.sentence.replace("You hung up", f"{stage.caller} hung up"))


async def type_again(stage: Stage) -> None:
    """The confirmation ID heard in the call, typed once more."""
    if fault := stage.computer.type_in(stage.heard.confirmation_id):
        raise StoryFailed(f"The computer did not take the confirmation ID: {fault}")
    stage.tell("Computer", f"takes the confirmation ID now: {stage.computer.shows}")
