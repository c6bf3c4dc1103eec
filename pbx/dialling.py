"""One call made from a terminal: the phone is put together here, used once, and the outcome judged."""

import asyncio
import secrets
import sys
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TextIO
from urllib.parse import urlsplit

import click
from rich.console import Console

from pbx.call import Call, Ending
from pbx.codes import CallError, presentable
from pbx.interpreter import Interpreter, Number
from pbx.queues import Queues
from pbx.script import ScriptError, Step
from pbx.scripted import ScriptedCaller
from pbx.terminal import TerminalCaller, read_lines
from pbx.typed import Caller, TypedPhone
from pbx.webhooks import open_webhooks
from pbx.witness import ConsoleWitness, Transcript, Witness, Witnessed

CONNECT_SECONDS = 5.0
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Dialling:
    """A call to be made: by the person at the terminal, or by a script when there are steps."""

    number: Number
    caller: str
    called: str
    account_sid: str
    auth_token: str
    steps: tuple[Step, ...]
    transcript: TextIO | None
    redact: Callable[[str], str]


async def dial(dialling: Dialling) -> None:
    """Make the call. Raises ClickException when nothing answers, the line fails, or the call strays from the script."""
    await _check_running(dialling.number.voice_url)
    call = Call(_new_sid("CA"), dialling.account_sid, dialling.caller, dialling.called, _now)
    console = Console(highlight=False, markup=False)
    scripted = ScriptedCaller(dialling.steps, call) if dialling.steps else None
    ending, failure = await _carry(dialling, call, scripted or _person(call, console), console)
    if scripted is not None:
        _judge_script(scripted, ending, dialling.redact)
    elif ending is Ending.FAILED:
        raise click.ClickException(dialling.redact(f"the line failed with {failure}"))


async def _carry(dialling: Dialling, call: Call, caller: Caller, console: Console) -> tuple[Ending, CallError | None]:
    """The call itself, from the first request to the status callback: how it ended, and what first failed."""
    types = sys.stdin.isatty() and not dialling.steps
    witnesses: list[Witness] = [ConsoleWitness(console, shows_acts=not types)]
    if dialling.transcript is not None:
        witnesses.append(Transcript(dialling.transcript))
    phone = TypedPhone(Witnessed(caller, witnesses, dialling.redact))
    async with open_webhooks(dialling.auth_token, _new_token) as webhooks:
        interpreter = Interpreter(dialling.number, call, phone, webhooks, Queues(_new_sid, _now))
        ending = await interpreter.run()
    for witness in witnesses:
        witness.ended(ending)
    return ending, interpreter.failure


def _person(call: Call, console: Console) -> TerminalCaller:
    types = sys.stdin.isatty()
    if types:
        console.print("Calling. Type ? for help.", style="dim")
    return TerminalCaller(call, read_lines(sys.stdin.fileno(), sys.stdin.encoding), console, prompts=types)


def _judge_script(scripted: ScriptedCaller, ending: Ending, redact: Callable[[str], str]) -> None:
    try:
        scripted.finish(ending)
    except ScriptError as error:
        raise click.ClickException(redact(str(error))) from None


async def _check_running(url: str) -> None:
    """Somebody listens at the URL. Raises ClickException with the way to start a centre when nobody does."""
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS[parts.scheme]
        host = parts.hostname or ""
    except (ValueError, KeyError):
        raise click.ClickException("the voice URL must look like http://127.0.0.1:8000/voice.") from None
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, UnicodeError):
        place = presentable(url)
        raise click.ClickException(f"no centre answers at {place}; start one with `activation-center serve`.") from None
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


def _new_sid(prefix: str) -> str:
    return prefix + secrets.token_hex(16)


def _new_token() -> str:
    return str(uuid.uuid4())


def _now() -> datetime:
    return datetime.now(UTC)
