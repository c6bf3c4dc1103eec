"""The command `demo` with a number: a story against the centre that runs; alone it keeps what it was."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

import click

from pbx.demo.computer import DemoFailed
from stories.backstage import Backstage
from stories.story import StoryError, every_story, story_of

HELP = """Watch a whole activation by telephone, or a story.

Alone, a scripted caller dials the line over SIP, gives the installation ID of a demo computer, hears the confirmation
ID with the recogniser, and types it into the computer (the options are for this one). With a NUMBER, that story is played
against the centre that runs, and everybody in it: callers, computers, agents at their desks. `demo --list` lists them.

The centre must be running: `activation-center serve`. A story that ends otherwise than it should exits with status 1."""


def fictitious_number() -> str:
    """A telephone number for a caller, from a range reserved for fiction; those of agents in stories are below it."""
    return f"+1206555{random.SystemRandom().randrange(2000, 10_000)}"


def with_stories(demo: click.Command, backstage: Callable[[Any], Backstage]) -> click.Command:
    """The command with stories; `backstage` makes what they are handed of what click has in `ctx.obj`."""

    @click.pass_context
    def demo_or_story(ctx: click.Context, /, number: int | None, lists: bool, **options: Any) -> None:
        if lists:
            list_stories()
        elif number is None:
            ctx.invoke(demo.callback or click.UsageError, **options)
        else:
            play_story(number, backstage(ctx.obj))

    parameters = [
        click.Argument(["number"], type=int, required=False),
        *demo.params,
        click.Option(["--list", "lists"], is_flag=True, help="List the stories."),
    ]
    return click.Command(
        "demo", callback=demo_or_story, params=parameters, help=HELP, short_help="Watch a whole call, or a story."
    )


def list_stories() -> None:
    """Every story by its number."""
    for story in _stories():
        click.echo(f"{story.number:>3}  {story.title}")


def play_story(number: int, backstage: Backstage) -> None:
    """Tells the story of this number. Raises ClickException where there is none, or where it ends otherwise."""
    numbers = [str(story.number) for story in _stories()]
    story = story_of(number)
    if story is None:
        raise click.ClickException(f"There is no story {number}; there are {', '.join(numbers)}. `demo --list` names them.")
    from stories.telling import tell_story  # noqa: PLC0415 - telephones and pages come with it; for whoever tells one only

    try:
        asyncio.run(tell_story(story, backstage, fictitious_number(), click.echo))
    except DemoFailed as failed:
        raise click.ClickException(str(failed)) from None


def _stories() -> tuple[Any, ...]:
    try:
        return every_story()
    except StoryError as wrong:
        raise click.ClickException(str(wrong)) from None
