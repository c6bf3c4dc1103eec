"""The exchange's REST face, as our own commands ask it."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import aiohttp
import click

from pbx.call import API_VERSION

ANSWER_SECONDS = 5.0
NO_EXCHANGE = "no exchange runs; start one with `activation-center serve`."

Row = Mapping[str, Any]
Rows = Sequence[Row]
FindExchange = Callable[[], str | None]


class AccountSettings(Protocol):
    """What the commands find in click's `ctx.obj`: the account whose exchange it is."""

    @property
    def account_sid(self) -> str: ...
    @property
    def auth_token(self) -> str: ...


class ExchangeClient:
    """One exchange that runs. Everything raises ClickException when it does not answer, or not this account."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str, account_sid: str) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._folder = f"{self._base_url}/{API_VERSION}/Accounts/{account_sid}"

    async def listing(self, name: str, **wanted: str) -> Rows:
        """Every resource of a kind, such as `Calls`, or `Calls/CA…/Notifications`."""
        answer = await self._ask("GET", f"{self._folder}/{name}.json", params={"PageSize": "1000", **wanted})
        rows: Rows = next(value for value in answer.values() if isinstance(value, list))
        return rows

    async def fetch(self, name: str) -> Row:
        return await self._ask("GET", f"{self._folder}/{name}.json")

    async def create(self, name: str, **fields: str) -> Row:
        return await self._ask("POST", f"{self._folder}/{name}.json", data=fields)

    async def page(self, path: str) -> Row:
        """What has no word in Twilio's API."""
        return await self._ask("GET", self._base_url + path)

    @asynccontextmanager
    async def stream(self, path: str, **wanted: str) -> AsyncIterator[AsyncIterator[Row]]:
        """Messages as they come, once this has been entered."""
        try:
            socket = await self._session.ws_connect(self._base_url + path, params=wanted)
        except aiohttp.ClientError:
            raise self._silent() from None
        try:
            yield (message.json() async for message in socket)
        finally:
            await socket.close()

    async def _ask(self, method: str, url: str, **sent: Any) -> Row:
        try:
            async with self._session.request(method, url, **sent) as response:
                answer: Row = await response.json()
                if response.status >= 400:
                    told = answer.get("message", "")
                    raise click.ClickException(
                        f"the exchange at {self._base_url} refused: HTTP status {response.status}. {told}"
                    )
                return answer
        except (aiohttp.ClientError, TimeoutError, ValueError):
            raise self._silent() from None

    def _silent(self) -> click.ClickException:
        return click.ClickException(f"no exchange answers at {self._base_url}; start one with `activation-center serve`.")


@asynccontextmanager
async def ask_exchange(settings: AccountSettings, find_exchange: FindExchange) -> AsyncIterator[ExchangeClient]:
    """The exchange that runs. Raises ClickException when none does."""
    base_url = find_exchange()
    if base_url is None:
        raise click.ClickException(NO_EXCHANGE)
    headers = {"Authorization": aiohttp.encode_basic_auth(settings.account_sid, settings.auth_token)}
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=ANSWER_SECONDS, sock_read=ANSWER_SECONDS)
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
        yield ExchangeClient(session, base_url, settings.account_sid)
