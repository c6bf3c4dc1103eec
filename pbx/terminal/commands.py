"""The command `call`: dial the line from a terminal, or play a script against it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TextIO

import click

from pbx.interpreter import Number
from pbx.terminal.dialling import Dialling, dial
from pbx.terminal.script import ScriptError, Step, parse_script

FICTITIOUS_CALLER = "+12065550143"
"""A number from a range reserved for fiction."""

HELP = """\
Call the line as a phone would: signed webhooks out, TwiML in.

Keys, words or an empty line (silence) answer the line; ! or Ctrl-D hangs up; ? shows help. A pipe may do the typing.

\b
Examples:
  activation-center call
  activation-center call --script activate.txt --workstation office-pc
  activation-center call --wait --from +12065550143

\b
A script has one step a line; --set and --workstation fill in its {names}:
  hear "first group"
  keys {group1}
  say one two three
  silence
  wait
  hear "confirmation ID"
  end hung-up-by-line

After wait the call goes on in real time until the next words are said or the line asks: write it where a queue or an
agent takes the time they take.

A call that strays from its script ends with exit status 1 and the line of the script where it did.
"""

OPTIONS = (
    click.Option(["--url"], help="Voice webhook to call.  [default: the centre's]"),
    click.Option(["--fallback-url"], help="Webhook to turn to when a document fails.  [default: /fallback below --url]"),
    click.Option(["--status-url"], help="Webhook told how the call ended.  [default: /status below --url]"),
    click.Option(["--from", "caller"], default=FICTITIOUS_CALLER, show_default=True, help="Number of this phone."),
    click.Option(["--to", "called"], help="Number that is called.  [default: the centre's]"),
    click.Option(["--wait", "waits"], is_flag=True, help="Wait for a call to the number of --from and answer it."),
    click.Option(["--script"], type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Play this script."),
    click.Option(["--set", "assignments"], multiple=True, metavar="NAME=VALUE", help="A value for the script."),
    click.Option(["--workstation"], metavar="NAME", help="This workstation's values for the script."),
    click.Option(["--transcript"], type=click.File("w", encoding="utf-8", lazy=False), help="Write the call down as a script."),
)

Values = Mapping[str, str]


class LineSettings(Protocol):
    """What the command finds in click's `ctx.obj`: the centre's line, and the account that signs its webhooks."""

    @property
    def voice_url(self) -> str: ...
    @property
    def account_sid(self) -> str: ...
    @property
    def auth_token(self) -> str: ...
    @property
    def line_number(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Given:
    """The options of one invocation."""

    url: str | None
    fallback_url: str | None
    status_url: str | None
    caller: str
    called: str | None
    waits: bool
    script: Path | None
    assignments: tuple[str, ...]
    workstation: str | None
    transcript: TextIO | None


def no_exchange() -> str | None:
    """Where the exchange is when nobody runs one."""
    return None


def call_command(
    values_for_workstation: Callable[[str], Values],
    redact: Callable[[str], str],
    find_exchange: Callable[[], str | None] = no_exchange,
) -> click.Command:
    """The command `call`.

    `values_for_workstation` gives a workstation's values for scripts and raises ClickException for a name it does not
    know; `redact` removes from a text what may never be shown or kept; `find_exchange` gives the base URL of the exchange
    that runs, if one does, to which the phone attaches for the time of the call.
    """

    @click.pass_obj
    def call(settings: LineSettings, /, **options: Any) -> None:
        given = Given(**options)
        if given.script is None and (given.assignments or given.workstation):
            raise click.UsageError("--set and --workstation give values to a script; add --script FILE.")
        values = {**(values_for_workstation(given.workstation) if given.workstation else {}), **_assigned(given)}
        steps = _steps(given.script, values, redact) if given.script else ()
        asyncio.run(dial(_dialling(settings, given, steps, redact, find_exchange)))

    return click.Command("call", callback=call, params=list(OPTIONS), help=HELP, short_help="Call the line.")


def _dialling(
    settings: LineSettings,
    given: Given,
    steps: tuple[Step, ...],
    redact: Callable[[str], str],
    find_exchange: Callable[[], str | None],
) -> Dialling:
    voice_url = given.url or settings.voice_url
    below = voice_url.partition("#")[0].partition("?")[0].rstrip("/")
    return Dialling(
        number=Number(voice_url, given.fallback_url or f"{below}/fallback", given.status_url or f"{below}/status"),
        caller=given.caller,
        called=given.called or settings.line_number,
        account_sid=settings.account_sid,
        auth_token=settings.auth_token,
        steps=steps,
        waits=given.waits,
        transcript=given.transcript,
        redact=redact,
        find_exchange=find_exchange,
    )


def _assigned(given: Given) -> Values:
    """The values of --set. Raises BadParameter for one without a name or an equals sign."""
    pairs = [assignment.partition("=") for assignment in given.assignments]
    if not all(name and equals for name, equals, _ in pairs):
        raise click.BadParameter("write NAME=VALUE, for example --set group1=123456.", param_hint="--set")
    return {name: value for name, _, value in pairs}


def _steps(script: Path, values: Values, redact: Callable[[str], str]) -> tuple[Step, ...]:
    try:
        return parse_script(script.read_text(encoding="utf-8"), values)
    except UnicodeDecodeError:
        raise click.ClickException(f"{script} is not a text file in UTF-8.") from None
    except OSError as error:
        raise click.ClickException(f"{script} cannot be read: {error.strerror}.") from None
    except ScriptError as error:
        raise click.ClickException(redact(str(error))) from None
