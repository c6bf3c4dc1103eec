"""Scenes at the caller's computer."""

import asyncio

from stories.backstage import StoryFailed
from stories.stage import Stage
from workstation.life.fixing import GRACE_AFTER_FIX_DAYS


async def install(stage: Stage) -> None:
    """The computer is installed with the story's key."""
    computer = stage.add_computer()
    await asyncio.to_thread(computer.install, stage.key.key)
    stage.tell("Computer", f"{computer.name} is installed: {computer.machine.media.product.title}, {computer.shows}")


async def install_again(stage: Stage) -> None:
    """The system once more, on the same parts."""
    stage.computer.install_again()
    stage.tell("Computer", f"is installed again on the same parts: {stage.computer.shows}")


async def install_other_product(stage: Stage) -> None:
    """Setup of a product that the key is not for."""
    computer, own_key = stage.add_computer(), stage.backstage.media_key(stage.story.other_product)
    await asyncio.to_thread(computer.install_other, stage.key.key, own_key)
    stage.tell("Computer", f"setup of {computer.machine.media.product.title} takes the key without looking what it is for")


async def grace_passes(stage: Stage) -> None:
    """The computer's clock goes on until the day after its grace."""
    left = stage.computer.days_left or 0
    stage.computer.let_days_pass(left + 1)
    stage.tell("Computer", f"{left + 1} days pass: {stage.computer.shows}")


async def fix(stage: Stage) -> None:
    """The fix of KB 824345 in safe mode, then a restart."""
    stage.computer.install_fix()
    stage.tell("Computer", f"gets the fix in safe mode and restarts: {stage.computer.shows}")
    if stage.computer.days_left != GRACE_AFTER_FIX_DAYS:
        raise StoryFailed("The fix did not give thirty days of grace again.")


async def swap_board(stage: Stage) -> None:
    """Another main board, beyond what an activation bears."""
    stage.computer.swap_board()
    stage.tell("Computer", f"gets another main board: {stage.computer.shows}")
    if stage.computer.days_left is None:
        raise StoryFailed("The new board did not take the computer out of tolerance.")
