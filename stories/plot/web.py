"""Scenes on the internet route, as the wizard takes it."""

import asyncio

from stories.backstage import StoryFailed
from stories.stage import Stage
from workstation.activating.internet import Attempt, Ending


async def on_the_web(stage: Stage) -> None:
    """The computer asks the web service and takes what it answers."""
    attempt = await _ask(stage)
    if attempt.ending is not Ending.ACTIVATED:
        raise StoryFailed(f"The web said no: {attempt.sentence}")
    stage.tell("Computer", f"is activated and nothing was typed: {stage.computer.shows}")


async def refused_on_the_web(stage: Stage) -> None:
    """The web service says no, and the wizard leads to the telephone."""
    attempt = await _ask(stage)
    if attempt.ending is not Ending.REFUSED or not attempt.leads_to_telephone:
        raise StoryFailed("The web should have said no, and the computer shown the telephone.")
    stage.tell("Computer", f"goes on to the telephone page: {stage.computer.shows}")


async def _ask(stage: Stage) -> Attempt:
    """One attempt; asked on how many computers the copy is installed, the caller tells the truth."""
    stage.tell("Computer", "sends its installation ID over the internet")
    attempt = await asyncio.to_thread(stage.computer.ask_the_web)
    stage.tell("Web", attempt.sentence)
    if attempt.ending is Ending.QUESTION:
        truth = stage.story.caller.computers
        stage.tell(stage.caller, f"answers: {truth}")
        attempt = await asyncio.to_thread(stage.computer.ask_the_web, truth)
        stage.tell("Web", attempt.sentence)
    return attempt
