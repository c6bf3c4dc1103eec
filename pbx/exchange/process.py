"""The exchange process: phones with sound and without on one side, the REST face on the other, a switchboard between."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from aiohttp import web

from pbx.browser.socket import BROWSER_PATH, serve_browser
from pbx.browser.token import token_verifier
from pbx.exchange.pace import collect_in_small_steps
from pbx.exchange.plan import Places, Plan, Running, is_this_machine, shown, sip_address
from pbx.exchange.wiring import Wiring, wired
from pbx.phones.attachment import PHONES_PATH
from pbx.phones.connected import serve_phone
from pbx.rest.face import authenticated, rest_routes
from pbx.rest.state import State

FAREWELL_SECONDS = 2.0
LARGEST_REQUEST_BYTES = 64 * 1024


class PortInUse(Exception):
    """Somebody else listens there; the sentence names the place and the option that chooses another."""


def exchange_application(wiring: Wiring, host: str) -> web.Application:
    """The exchange's doors, opened at this host. All are behind the account's token but the browser phones', which have tokens
    of their own."""
    account = wiring.plan.account
    middlewares = [authenticated(account.sid, account.auth_token, open_paths=frozenset({BROWSER_PATH}))]
    application = web.Application(middlewares=middlewares, client_max_size=LARGEST_REQUEST_BYTES)
    application.add_routes(rest_routes(wiring.switchboard, wiring.debugger))
    application.add_routes(State(wiring.switchboard, wiring.transcripts, wiring.phones).routes())
    verify = token_verifier(account.sid, account.auth_token)
    origins, take = wiring.plan.origins, wiring.carrying.take
    browsers = serve_browser(wiring.browsers, verify, origins, take, has_other_names=not is_this_machine(host))
    phones = partial(serve_phone, wiring.switchboard, wiring.debugger)
    application.add_routes([web.get(PHONES_PATH, phones), web.get(BROWSER_PATH, browsers)])
    return application


@asynccontextmanager
async def open_exchange(plan: Plan, places: Places) -> AsyncIterator[Running]:
    """An exchange that runs. Raises PortInUse."""
    async with AsyncExitStack() as stack:
        wiring = await stack.enter_async_context(wired(plan))
        application = exchange_application(wiring, places.host)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=FAREWELL_SECONDS)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        try:
            await web.TCPSite(runner, places.host, places.port).start()
        except OSError as error:
            where = f"{places.host} port {places.port}"
            raise PortInUse(f"Cannot listen on {where}: {error.strerror or error}. Choose another with --port.") from None
        wiring.base_url = _base_url(places.host, runner.addresses[0][1])
        wiring.clock.start()
        stack.push_async_callback(wiring.clock.stop)
        stack.push_async_callback(wiring.carrying.close)
        sip_address = None
        if places.sip_port is not None:
            sip_address = await _open_sip(wiring, stack, places.host, places.sip_port)
        yield Running(wiring.base_url, sip_address)


async def run_exchange(plan: Plan, places: Places, note: Callable[[Running], None]) -> None:
    """Serve until told to stop (SIGINT, SIGTERM). `note` learns where it is reached. Raises PortInUse."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with open_exchange(plan, places) as running:
        collect_in_small_steps()
        note(running)
        await stopped.wait()


async def _open_sip(wiring: Wiring, stack: AsyncExitStack, host: str, port: int) -> str:
    """SIP phones can register and call from now on; what they dial for the line."""
    # The one place that imports SIP: its library is not to be had on every platform, which `speaks_sip` tells beforehand.
    from pbx.rtp.ports import MediaPorts  # noqa: PLC0415
    from pbx.sip.exchange import SipAccount, SipExchange  # noqa: PLC0415

    plan, carrying = wiring.plan, wiring.carrying
    ports = MediaPorts(*plan.rtp_ports, bind_host=host)
    account = SipAccount(shown(host), plan.password_of)
    sip = SipExchange(account, ports, carrying.take, carrying.is_known)
    try:
        await sip.start(host, port)
    except OSError as error:
        raise PortInUse(error.strerror) from None
    stack.push_async_callback(sip.close)
    wiring.stations.sip = sip
    wiring.registrations = sip.registrations
    return sip_address(host, sip.port)


def _base_url(host: str, port: int) -> str:
    return f"http://{shown(host)}:{port}"
