"""The scene of the proxy tool: many computers that reach nobody, one that asks for all of them."""

import asyncio
import secrets
import time
from datetime import UTC, datetime

from stories.backstage import StoryFailed
from stories.stage import Stage
from workstation.keeping.files import MachineFolder
from workstation.proxy.applying import Applied, Outcome, apply
from workstation.proxy.centre import Centre
from workstation.proxy.collecting import collect, look_at
from workstation.proxy.collection import Collection
from workstation.proxy.sending import Sent, plan, send

FITTING = 9
"""Of the ten computers; the last one is of another product group."""


async def install_ten(stage: Stage) -> None:
    """Nine computers that the key is for, and one that it is not for."""
    own_key = stage.backstage.media_key(stage.story.other_product)
    for _ in range(FITTING):
        await asyncio.to_thread(stage.add_computer().install, stage.key.key)
    await asyncio.to_thread(stage.add_computer().install_other, stage.key.key, own_key)
    titles = [computer.machine.media.product.title for computer in (stage.computers[0], stage.computers[-1])]
    stage.tell("Computers", f"{FITTING} with {titles[0]} and one with {titles[1]}, all with the same key")


async def batch(stage: Stage) -> None:
    """Collected, sent in one request, and applied to those that were granted."""
    collected = collect(Collection(), look_at(computer.machine for computer in stage.computers))
    stage.tell("Proxy", f"collects {collected.added} installation IDs and sends one request")
    sent = await asyncio.to_thread(_send, stage, collected.collection)
    if sent.problems:
        raise StoryFailed(f"The batch was not answered: {sent.problems[0]}")
    for row in sent.collection.rows:
        if row.refused:
            stage.tell("Proxy", f"{row.name} refused: {row.refused.sentence}")
    results = await asyncio.to_thread(_apply, stage, sent.collection)
    active = [result for result in results if result.outcome is Outcome.ACTIVATED]
    stage.tell("Proxy", f"types {len(active)} confirmation IDs in; {len(results) - len(active)} computer goes without")
    for end, left in sent.collection.remaining.items():
        stage.tell("Proxy", f"was told what is left of the key that ends in {end}: {left}")


def _send(stage: Stage, collection: Collection) -> Sent:
    planned = plan(collection, lambda: secrets.token_hex(16))
    sent = Sent(planned)
    for step in send(planned, Centre(stage.backstage.base_url), time.sleep):
        sent = sent.then(step)
    return sent


def _apply(stage: Stage, collection: Collection) -> list[Applied]:
    names = [computer.name for computer in stage.computers]
    return list(apply(collection, MachineFolder(stage.backstage.home), names, datetime.now(UTC)))
