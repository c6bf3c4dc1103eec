"""The exchange process: one switchboard behind a REST face, and the WebSocket its phones attach to."""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from pbx.courier import Courier
from pbx.identity import new_sid, new_token, now
from pbx.phones.attachment import PHONES_PATH
from pbx.phones.connected import serve_phone
from pbx.rest.face import authenticated, rest_routes
from pbx.switchboard import Switchboard
from pbx.webhooks import open_webhooks

FAREWELL_SECONDS = 2.0
LARGEST_REQUEST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Account:
    """Whose exchange it is: the sid and the token that sign webhooks and open the REST face."""

    sid: str
    auth_token: str


def exchange_application(account: Account, switchboard: Switchboard) -> web.Application:
    """The switchboard's doors, all behind the account's token."""
    middlewares = [authenticated(account.sid, account.auth_token)]
    application = web.Application(middlewares=middlewares, client_max_size=LARGEST_REQUEST_BYTES)
    application.add_routes(rest_routes(switchboard))
    application.add_routes([web.get(PHONES_PATH, partial(serve_phone, switchboard))])
    return application


async def run_exchange(
    account: Account, host: str, port: int, note_address: Callable[[str], None], redact: Callable[[str], str]
) -> None:
    """Serve until told to stop (SIGINT, SIGTERM). `note_address` learns the base URL. Raises OSError for a port in use."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with open_webhooks(account.auth_token, new_token) as webhooks:
        courier = Courier(webhooks)
        switchboard = Switchboard(account.sid, new_sid, now, courier.send, loop.call_later, redact)
        runner = web.AppRunner(exchange_application(account, switchboard), access_log=None, shutdown_timeout=FAREWELL_SECONDS)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port)
            await site.start()
            note_address(_base_url(host, runner))
            await stopped.wait()
        finally:
            await runner.cleanup()
            await courier.finish()


def _base_url(host: str, runner: web.AppRunner) -> str:
    """Where the exchange is reached from this machine; the port is the one it got when it asked for any."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - only compared
    port = runner.addresses[0][1]
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
