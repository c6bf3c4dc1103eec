"""A group of commands whose complaints never quote a foreign product key that was typed, and never are a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from activation.redaction import holds_foreign_key, redact


class GuardedGroup(click.Group):
    """A group whose complaints never quote a foreign product key that was typed, and never are a traceback."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reads the group's own options."""
        with _guard():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Reads the subcommand's arguments and runs it."""
        with _guard():
            return super().invoke(ctx)


@contextmanager
def _guard() -> Iterator[None]:
    try:
        yield
    except click.ClickException as complaint:
        words = complaint.format_message()
        if not holds_foreign_key(words):
            raise
        raise click.ClickException(redact(words)) from None
    except BrokenPipeError:
        raise  # the reader of a pipe went away; click ends quietly
    except OSError as failure:
        place = f" ({failure.filename})" if failure.filename else ""
        raise click.ClickException(redact(f"{failure.strerror}{place}.")) from None
