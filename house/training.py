"""The stories as the trainer's desk shows them."""

from collections.abc import Mapping

from callcenter.floor.training_records import Expected, TrainingStory
from stories.story import Done, every_story


def training_stories() -> Mapping[int, TrainingStory]:
    """What simulated callers can play, as the trainer's desk shows it."""

    def expected(done: Done) -> Expected:
        return Expected(done.verify, done.reason, done.wrap_up, done.seconds)

    return {
        story.number: TrainingStory(
            story.number,
            story.title,
            story.told,
            story.caller.name,
            story.caller.organisation,
            story.caller.says,
            story.caller.computers,
            expected(story.done) if story.done else None,
        )
        for story in every_story()
        if story.is_for_training
    }
