"""An exchange as it runs, Twilio's own client on one side, phones with scripts on the other, a signed centre behind them."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from flask import Flask, Response, abort, request
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.serving import make_server

from pbx.courier import Courier
from pbx.dialling import Dialling, dial
from pbx.exchange import Account, exchange_application
from pbx.identity import new_sid, new_token, now
from pbx.interpreter import Number
from pbx.script import parse_script
from pbx.switchboard import Switchboard
from pbx.webhooks import open_webhooks

ACCOUNT = Account("AC" + "2" * 32, "not-a-secret")
PATIENCE_SECONDS = 20.0


def redact(text: str) -> str:
    """What stands in for the house's redaction."""
    return text.replace("SECRET", "(removed)")


class Centre:
    """A Flask line that refuses what is not signed and keeps what it was told; tests put pages on it."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.told: list[tuple[str, dict[str, str]]] = []
        self._news = threading.Condition()
        application = Flask("centre")
        application.add_url_rule("/<path:path>", view_func=self.answer, methods=["GET", "POST"])
        self.server = make_server("127.0.0.1", 0, application, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, path: str) -> Response:
        if not RequestValidator(ACCOUNT.auth_token).validate(request.url, request.form, request.headers["X-Twilio-Signature"]):
            abort(403)
        with self._news:
            self.told.append((f"/{path}", request.values.to_dict()))
            self._news.notify_all()
        return Response(f"<Response>{self.pages.get(f'/{path}', '')}</Response>", mimetype="text/xml")

    def forms(self, path: str, **fields: str) -> list[dict[str, str]]:
        return [form for told, form in self.told if told == path and fields.items() <= form.items()]

    def hears(self, path: str, times: int = 1, **fields: str) -> dict[str, str]:
        """Wait until a path has been requested so often with these values; what the last request told."""
        with self._news:
            heard = self._news.wait_for(lambda: len(self.forms(path, **fields)) >= times, PATIENCE_SECONDS)
        assert heard, f"{path} was not requested {times} times with {fields}; told: {self.told}"
        return self.forms(path, **fields)[-1]


class RunningExchange:
    """An exchange on a free port, in a thread with a loop of its own; it can be stopped and started again."""

    def __init__(self) -> None:
        self.url: str | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.start()

    def start(self) -> None:
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(PATIENCE_SECONDS)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(PATIENCE_SECONDS)

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> None:
        self._webhooks = open_webhooks(ACCOUNT.auth_token, new_token)
        self._courier = Courier(await self._webhooks.__aenter__())
        switchboard = Switchboard(ACCOUNT.sid, new_sid, now, self._courier.send, self._loop.call_later, redact)
        self._runner = web.AppRunner(exchange_application(ACCOUNT, switchboard), shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def _stop(self) -> None:
        self.url = None
        await self._runner.cleanup()
        await self._courier.finish()
        await self._webhooks.__aexit__(None, None, None)


class Redirected(TwilioHttpClient):
    """Twilio's HTTP client, sent to the exchange instead."""

    def __init__(self, base_url: str) -> None:
        super().__init__(timeout=10)
        self._base = urlsplit(base_url)

    def request(self, method, url, *arguments, **options):
        here = urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc)
        return super().request(method, here.geturl(), *arguments, **options)


@dataclass
class Floor:
    """All of it, and the phones a test has used."""

    centre: Centre
    exchange: RunningExchange
    phones: ThreadPoolExecutor
    calls: list[Future[None]] = field(default_factory=list)

    @property
    def client(self) -> Client:
        return Client(ACCOUNT.sid, ACCOUNT.auth_token, http_client=Redirected(self.exchange.url or ""))

    def client_with(self, auth_token: str) -> Client:
        return Client(ACCOUNT.sid, auth_token, http_client=Redirected(self.exchange.url or ""))

    def url(self, path: str) -> str:
        return self.centre.url + path

    def call(self, script: str, path: str = "/voice", number: str = "+12065550143", waits: bool = False) -> Future[None]:
        """A phone that plays a script; its result raises when the call strays from it."""
        dialling = Dialling(
            number=Number(self.url(path), self.url("/fallback"), self.url("/status")),
            caller=number,
            called="+12065550100",
            account_sid=ACCOUNT.sid,
            auth_token=ACCOUNT.auth_token,
            steps=parse_script(script, {}),
            waits=waits,
            transcript=None,
            redact=redact,
            find_exchange=lambda: self.exchange.url,
        )
        self.calls.append(self.phones.submit(lambda: asyncio.run(dial(dialling))))
        return self.calls[-1]


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Centre, RunningExchange]]:
    centre, exchange = Centre(), RunningExchange()
    thread = threading.Thread(target=centre.server.serve_forever)
    thread.start()
    yield centre, exchange
    exchange.close()
    centre.server.shutdown()
    thread.join()
    centre.server.server_close()


@pytest.fixture
def floor(running: tuple[Centre, RunningExchange]) -> Iterator[Floor]:
    """A floor with an empty centre; whoever is still on a phone at the end is hung up on."""
    centre, exchange = running
    centre.pages.clear()
    centre.told.clear()
    with ThreadPoolExecutor() as phones:
        floor = Floor(centre, exchange, phones)
        yield floor
        for call in floor.client.calls.list():
            if call.status in ("queued", "ringing", "in-progress"):
                floor.client.calls(call.sid).update(status="completed")
