"""A stand-in for the telephony side's REST API: remembers what it was asked, answers what the test says."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

SID, TOKEN = "AC" + "0" * 32, "token"


@dataclass
class RestApi:
    """Takes everything as Twilio does, and answers with `status`; a refusal repeats the number, as Twilio's do.

    `bodies` and `refusals` (status, error code) are by method and path below the account.
    """

    status: int = 201
    extra: dict[str, object] = field(default_factory=dict)
    instead: bytes = b""
    bodies: dict[str, dict[str, object]] = field(default_factory=dict)
    refusals: dict[str, tuple[int, int]] = field(default_factory=dict)
    received: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self, method: str, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        here = f"{method} {urlsplit(path).path.removeprefix(f'/2010-04-01/Accounts/{SID}/')}"
        self.asked.append(here)
        self.paths.append(path)
        self.received.append(form)
        status, code = self.refusals.get(here, (200 if method == "GET" else self.status, 21211))
        if status == 204:
            return status, b""
        words = f"The 'To' number {form.get('To')} is not a valid phone number."
        said = {"sid": "SM" + "0" * 32, "code": code, "message": words, "status": status}
        return status, self.instead or json.dumps(self.bodies.get(here) or {**said, **self.extra}).encode()


@pytest.fixture
def rest_api() -> Iterator[RestApi]:
    api = RestApi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            status, answer = api.answer(self.command, self.path, form)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_DELETE = do_POST

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    api.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield api
    server.shutdown()
    thread.join()
    server.server_close()
