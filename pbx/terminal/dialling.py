"""One call made from a terminal: the phone is put together here, used once, and the outcome judged."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TextIO
from urllib.parse import urlsplit

import click

from pbx.call import Call, Ending
from pbx.codes import CallError, presentable
from pbx.debugger import Debugger
from pbx.exchange.courier import Courier
from pbx.identity import new_sid, new_token, now
from pbx.interpreter import Interpreter, Number
from pbx.leg import HungUp
from pbx.phones.attachment import Attachment
from pbx.phones.extension import Extension
from pbx.phones.messages import Hello, ToPhone
from pbx.request import Destination, WebhookRequest
from pbx.rooms.conferences import LocalConferences
from pbx.rooms.queues import LocalQueues
from pbx.scene import Surroundings
from pbx.terminal.answering import await_call, incoming
from pbx.terminal.handset import Handset, Redact
from pbx.terminal.script import ScriptError, Step
from pbx.terminal.scripted import ScriptedCaller
from pbx.terminal.terminal import TerminalCaller
from pbx.webhooks import open_webhooks
from pbx.wire import Wire

CONNECT_SECONDS = 5.0
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Dialling:
    """A call to be made, or with `waits` to be waited for: by the person at the terminal, or by a script if there are steps."""

    number: Number
    caller: str
    called: str
    account_sid: str
    auth_token: str
    steps: tuple[Step, ...]
    waits: bool
    transcript: TextIO | None
    redact: Redact
    find_exchange: Callable[[], str | None]


async def dial(dialling: Dialling) -> None:
    """Make the call. Raises ClickException when nothing answers, the line fails, or the call strays from the script."""
    if not dialling.waits:
        await _check_running(dialling.number.voice_url)
    handset = Handset(dialling.steps, dialling.transcript, dialling.redact)
    async with open_webhooks(dialling.auth_token, new_token) as webhooks:
        courier = Courier(webhooks)
        extension = Extension(partial(_attach, dialling), new_sid, now, handset.show)
        await extension.attachment.open()
        try:
            await _use(dialling, handset, extension, webhooks, courier)
        finally:
            await courier.finish()
            await extension.attachment.close()


def _attach(dialling: Dialling, receive: Callable[[ToPhone], None]) -> Attachment:
    hello = Hello(number=dialling.caller, may_ring=dialling.waits)
    return Attachment(dialling.find_exchange, (dialling.account_sid, dialling.auth_token), hello, receive)


async def _use(dialling: Dialling, handset: Handset, extension: Extension, wire: Wire, courier: Courier) -> None:
    """One call at this phone, begun from either side."""
    if dialling.waits:
        try:
            call, destination = await _be_called(dialling, handset, extension)
        except HungUp:
            handset.show("You did not answer.")
            return
        # Whoever made this call is told how it goes by the exchange.
        number = Number(dialling.number.voice_url, dialling.number.fallback_url)
    else:
        call = Call(new_sid("CA"), dialling.account_sid, dialling.caller, dialling.called, now)
        destination, number = WebhookRequest(dialling.number.voice_url), dialling.number
    caller = handset.caller(call)
    queues = extension.queues(LocalQueues(new_sid, now))
    conferences = extension.conferences(LocalConferences(new_sid, now, courier.send))
    surroundings = Surroundings(queues, conferences, Debugger(now, dialling.redact, extension.report), courier.send)
    interpreter = Interpreter(number, call, handset.phone(caller), wire, surroundings)
    extension.carry(call, interpreter)
    ending = await interpreter.run(destination)
    handset.show_end(ending)
    _judge(caller, ending, interpreter.failure, dialling.redact)


async def _be_called(dialling: Dialling, handset: Handset, extension: Extension) -> tuple[Call, Destination]:
    if not extension.attachment.is_up:
        raise click.ClickException("--wait needs an exchange and none answers; start one with `activation-center serve`.")
    handset.show(f"Waiting for a call to {dialling.caller}.")
    return await await_call(extension, lambda ring: incoming(ring, dialling.account_sid, now), handset, handset.show)


def _judge(caller: ScriptedCaller | TerminalCaller, ending: Ending, failure: CallError | None, redact: Redact) -> None:
    """A script says itself whether the call went as it should; for a person only a line that failed is wrong."""
    if isinstance(caller, TerminalCaller):
        if ending is Ending.FAILED:
            raise click.ClickException(redact(f"the line failed with {failure}"))
        return
    try:
        caller.finish(ending)
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
