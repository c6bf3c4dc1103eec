"""The player of simulated callers: the process, and how it learns what trainers of this instance want."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import click

from callcenter.floor import training
from callcenter.floor.training_records import RunStatus
from data.engine import StorageError
from data.store import Store, Transaction
from house.backstage import StoryBackstage
from house.instance import House
from house.moments import new_id
from stories.player import Doing, Player, Wish, until_told
from stories.story import every_story


@click.command()
@click.pass_obj
def trainer(house: House) -> None:
    """The player of simulated callers alone (`serve` starts it).

    It plays the callers that the trainer's desk wants.
    """
    stories = {story.number: story for story in every_story()}
    wishes = TrainerWishes(house.store, house.clock)
    player = Player(wishes, StoryBackstage(house), stories, expected=(StorageError,))
    asyncio.run(until_told(player.work))


@dataclass(frozen=True, slots=True)
class TrainerWishes:
    """What trainers of this instance want, for the player of simulated callers."""

    store: Store
    clock: Callable[[], datetime]

    def send_due(self) -> None:
        """Adds the caller whom the steady traffic is due."""
        self.store.transaction(lambda tx: training.send_due(tx, new_id, self.clock()))

    def claim(self, lease_seconds: float) -> Wish | None:
        """The next caller to play."""
        run = self.store.transaction(lambda tx: tx.training.claim(self.clock(), lease_seconds))
        return Wish(run.id, run.story, run.is_crowd) if run else None

    def renew(self, id: str, doing: Doing, lease_seconds: float) -> bool:
        """Says what the caller is doing; False when they are to hang up."""
        until = self.clock() + timedelta(seconds=lease_seconds)

        def work(tx: Transaction) -> bool:
            tx.training.note(id, doing=doing.words, call_sid=doing.call_sid, serial=doing.serial, agreement=doing.agreement)
            return tx.training.renew(id, until)

        return self.store.transaction(work)

    def end(self, id: str, *, failed: bool, stopped: bool, words: str) -> None:
        """The caller is gone."""
        status = RunStatus.STOPPED if stopped else RunStatus.FAILED if failed else RunStatus.ENDED
        self.store.transaction(lambda tx: training.finish(tx, id, status, words, self.clock()))
