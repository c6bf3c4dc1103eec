"""Clients that keep a server busy and cost little themselves: prepared bytes over kept connections, one thread for all.

Each client sends its next request when it has the answer to the last, as a call does.
"""

import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from selectors import EVENT_READ, DefaultSelector
from time import perf_counter
from typing import Self
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

PATIENCE_SECONDS = 20.0
_NO_CONTENT = b"HTTP/1.1 204"
_GOOD = (b"HTTP/1.1 200", _NO_CONTENT)


class WrongAnswer(Exception):
    """A server answered something else than the bench is about; what it measured would mean nothing."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One signed request, ready to be sent, and what its answer must contain."""

    request: bytes
    expected: bytes


def signed_turn(port: int, path: str, form: Mapping[str, str], auth_token: str, expected: str) -> Turn:
    """A webhook as Twilio makes it. Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security."""
    host = f"127.0.0.1:{port}"
    signature = RequestValidator(auth_token).compute_signature(f"http://{host}{path}", form)
    body = urlencode(form).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nX-Twilio-Signature: {signature}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return Turn(head.encode() + body, expected.encode())


class Client:
    """One kept connection and the turns still to be taken on it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._turns: Iterator[Turn] = iter(())
        self._received = b""
        self.answer = b""

    def begin(self, turns: Iterable[Turn]) -> None:
        self._turns = iter(turns)
        self._send(next(self._turns))

    def _send(self, turn: Turn) -> None:
        self._turn, self._received, self._sent_at = turn, b"", perf_counter()
        self.socket.sendall(turn.request)

    def receive(self) -> float | None:
        """The seconds the turn took, once its answer is whole. Raises WrongAnswer."""
        chunk = self.socket.recv(65536)
        self._received += chunk
        head, complete, body = self._received.partition(b"\r\n\r\n")
        if chunk and (not complete or len(body) < _content_length(head)):
            return None
        seconds = perf_counter() - self._sent_at
        if not head.startswith(_GOOD) or self._turn.expected not in body:
            raise WrongAnswer(self._received[:2000].decode(errors="replace") or "The server closed the connection.")
        self.answer = body
        return seconds

    def go_on(self) -> bool:
        """Sends the next turn; False when there is none."""
        turn = next(self._turns, None)
        if turn is not None:
            self._send(turn)
        return turn is not None


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    if head.startswith(_NO_CONTENT):
        return 0
    raise WrongAnswer(head.decode(errors="replace"))


@dataclass(frozen=True, slots=True)
class Taken:
    """What some turns took: the seconds of each, and those from the first request to the last answer."""

    seconds: tuple[float, ...]
    wall_seconds: float


class Clients:
    """Some clients of one server, used together."""

    def __init__(self, port: int, count: int) -> None:
        self._clients = [Client(port) for _ in range(count)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients:
            client.socket.close()

    @property
    def last_answer(self) -> bytes:
        """The body of the first client's last answer."""
        return self._clients[0].answer

    def take(self, turns: Sequence[Sequence[Turn]]) -> Taken:
        """Every client takes its turns, all at the same time. Raises WrongAnswer, TimeoutError."""
        taken: list[float] = []
        began_at = perf_counter()
        with DefaultSelector() as selector:
            for client, own in zip(self._clients, turns, strict=True):
                selector.register(client.socket, EVENT_READ, client)
                client.begin(own)
            while selector.get_map():
                ready = selector.select(PATIENCE_SECONDS)
                if not ready:
                    raise TimeoutError(f"No answer within {PATIENCE_SECONDS:.0f} seconds.")
                for key, _ in ready:
                    taken += _receive(key.data, selector)
        return Taken(tuple(taken), perf_counter() - began_at)


def _receive(client: Client, selector: DefaultSelector) -> Iterator[float]:
    seconds = client.receive()
    if seconds is not None:
        yield seconds
        if not client.go_on():
            selector.unregister(client.socket)
