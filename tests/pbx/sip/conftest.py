"""A running exchange with real ports on loopback, and phones that are sockets or sipp."""

import asyncio
import hashlib
import re
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import monotonic

import pytest

from pbx.audio.port import Connection
from pbx.rtp.ports import MediaPorts
from pbx.sip.call import SipCall
from pbx.sip.exchange import SipAccount, SipExchange

HOST = "127.0.0.1"
REALM = "centre.test"
PASSWORDS = {"amira": "open sesame", "ben": "alakazam"}
KNOWN = ("activate", "+15550100", "user", "vivekg", "UserB")
SCENARIOS = Path(__file__).parent / "scenarios"

OFFER = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 40000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)

_numbers = count(1)


@dataclass
class Holding:
    """A leg of ten lines: it remembers what its phone did."""

    connection: Connection
    keys: str = ""
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    hang_ups: int = 0
    pressed: asyncio.Event = field(default_factory=asyncio.Event)

    def press(self, digit: str) -> None:
        self.keys += digit
        self.pressed.set()

    def phone_hung_up(self) -> None:
        self.hang_ups += 1
        self.gone.set()


class Centre:
    """An exchange under test: every call that reaches it is put into `calls`, unless `on_call` does something else."""

    def __init__(self, ports: int = 20) -> None:
        self.calls: asyncio.Queue[SipCall] = asyncio.Queue()
        self._skipped = 0.0
        self.now = datetime.now(UTC)
        self.on_call: Callable[[SipCall], None] = self.calls.put_nowait
        first = free_range(ports * 2)
        self.ports = MediaPorts(first, first + ports * 2 - 1, HOST)
        self.free_at_first = self.ports.free
        self.sip = SipExchange(
            SipAccount(REALM, PASSWORDS.get), self.ports, lambda call: self.on_call(call), KNOWN.__contains__, lambda: self.now
        )

    async def next_call(self) -> tuple[SipCall, Holding]:
        call = await within(self.calls.get())
        return call, self.hold(call)

    def hold(self, connection: Connection) -> Holding:
        holding = Holding(connection)
        connection.attach(holding)
        return holding

    async def answered(self, phone: "SocketPhone", body: str = OFFER) -> "tuple[Answer, SipCall, Holding]":
        """A call of that phone's, answered: what it was told, and both ends of the call here."""
        inviting = asyncio.create_task(phone.invite(body=body))
        call, holding = await self.next_call()
        await call.answer()
        return await within(inviting), call, holding

    def jump(self, seconds: float) -> None:
        """So much time passes at once for every timer."""
        loop = asyncio.get_running_loop()
        self._skipped += seconds
        loop.time = lambda: monotonic() + self._skipped  # type: ignore[method-assign]


@asynccontextmanager
async def running(ports: int = 20) -> AsyncIterator[Centre]:
    centre = Centre(ports)
    await centre.sip.start(HOST, 0)
    try:
        yield centre
    finally:
        await centre.sip.close()
    assert centre.ports.free == centre.free_at_first, "every port for sound was given back"


async def within(awaitable, seconds: float = 10.0):
    return await asyncio.wait_for(awaitable, seconds)


def free_range(ports: int) -> int:
    """The first of so many ports that are free now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        return min(probe.getsockname()[1], 65535 - ports) & ~1


@dataclass(frozen=True)
class Answer:
    """A SIP message that came back."""

    text: str

    @property
    def code(self) -> int:
        return int(self.text.split(" ", 2)[1]) if self.text.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        return self.text.split(" ", 1)[0]

    def header(self, name: str) -> str:
        found = re.search(rf"^{name}: *(.*?)\r?$", self.text, re.IGNORECASE | re.MULTILINE)
        return found[1] if found else ""

    def headers(self, name: str) -> list[str]:
        return re.findall(rf"^{name}: *(.*?)\r?$", self.text, re.IGNORECASE | re.MULTILINE)

    @property
    def body(self) -> str:
        return self.text.partition("\r\n\r\n")[2]


class SocketPhone:
    """A phone that says over UDP exactly what it is told to say."""

    def __init__(self, centre_port: int) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((HOST, 0))
        self.socket.setblocking(False)
        self.centre = (HOST, centre_port)
        self.port = self.socket.getsockname()[1]
        self.call_id = f"call-{next(_numbers)}@{HOST}"
        self.tag = f"tag{next(_numbers)}"
        self.to = ""
        self.sequence = 0
        self.contact = f"<sip:caller@{HOST}:{self.port}>"
        self.branch = ""

    def close(self) -> None:
        self.socket.close()

    def send(self, data: str | bytes) -> None:
        self.socket.sendto(data.encode() if isinstance(data, str) else data, self.centre)

    async def receive(self, seconds: float = 5.0) -> Answer:
        data = await within(asyncio.get_running_loop().sock_recv(self.socket, 65535), seconds)
        return Answer(data.decode())

    def heard_nothing(self) -> bool:
        """Whether nothing has arrived that was not taken."""
        try:
            self.socket.recv(65535)
        except BlockingIOError:
            return True
        return False

    async def final(self) -> Answer:
        """The next final response."""
        while (answer := await self.receive()).code < 200:
            pass
        return answer

    def request(self, method: str, *headers: str, body: str = "", kind: str = "application/sdp", user: str = "activate") -> str:
        """A request of this phone's one call; an ACK and a CANCEL belong to the INVITE before them."""
        if method not in ("ACK", "CANCEL"):
            self.sequence += 1
            self.branch = f"z9hG4bK{next(_numbers)}"
        lines = [
            f"{method} sip:{user}@{HOST}:{self.centre[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP {HOST}:{self.port};branch={self.branch};rport",
            f"From: <sip:caller@{HOST}>;tag={self.tag}",
            f"To: {self.to or f'<sip:{user}@{HOST}>'}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {self.sequence} {method}",
            *([f"Contact: {self.contact}"] if self.contact else []),
            "Max-Forwards: 70",
            *headers,
            *([f"Content-Type: {kind}"] if body else []),
            f"Content-Length: {len(body.encode())}",
        ]
        return "\r\n".join(lines) + "\r\n\r\n" + body

    async def invite(self, *headers: str, body: str = OFFER, user: str = "activate") -> Answer:
        """Call, and acknowledge whatever comes of it."""
        self.send(self.request("INVITE", *headers, body=body, user=user))
        answer = await self.final()
        self.to = answer.header("To")
        self.send(self.request("ACK"))
        return answer

    async def ask(
        self, method: str, *headers: str, body: str = "", kind: str = "application/sdp", user: str = "activate"
    ) -> Answer:
        self.send(self.request(method, *headers, body=body, kind=kind, user=user))
        return await self.final()


@dataclass
class Callee:
    """A phone that is rung, and answers what it is told to."""

    phone: SocketPhone
    invite: Answer | None = None

    async def rung(self, code: int = 180, *headers: str, body: str = "") -> Answer:
        while (invite := await self.phone.receive()).method == "ACK":
            pass
        assert invite.method == "INVITE"
        self.invite = invite
        self.answer(code, *headers, body=body)
        return self.invite

    def answer(self, code: int, *headers: str, body: str = "", to: Answer | None = None) -> None:
        request = to or self.invite
        kept = [line for line in request.text.split("\r\n") if line.startswith(("Via", "From", "To", "Call-ID", "CSeq"))]
        kept = [line + ";tag=callee" if line.startswith("To") and "tag=" not in line else line for line in kept]
        contact = f"Contact: <sip:callee@127.0.0.1:{self.phone.port}>"
        kind = ["Content-Type: application/sdp"] if body else []
        lines = [f"SIP/2.0 {code} Whatever", *kept, contact, *headers, *kind, f"Content-Length: {len(body)}", "", ""]
        self.phone.send("\r\n".join(lines) + body)

    async def acknowledged(self) -> Answer:
        acknowledgement = await self.phone.receive()
        assert acknowledgement.method == "ACK"
        return acknowledgement


@asynccontextmanager
async def phone_of(centre: Centre) -> AsyncIterator[SocketPhone]:
    phone = SocketPhone(centre.sip.port)
    try:
        yield phone
    finally:
        phone.close()


async def a_call_succeeds(centre: Centre) -> None:
    """An ordinary call, from dialling to hanging up."""
    async with phone_of(centre) as phone:
        waiting = asyncio.create_task(centre.next_call())
        inviting = asyncio.create_task(phone.invite())
        call, holding = await waiting
        await call.answer()
        assert (await within(inviting)).code == 200
        assert (await phone.ask("BYE")).code == 200
        await within(holding.gone.wait())


@pytest.fixture(autouse=True)
def short_farewells(monkeypatch):
    """Most phones of these tests do not answer the last BYE."""
    monkeypatch.setattr("pbx.sip.stack.FAREWELL_SECONDS", 0.05)


@pytest.fixture(scope="session")
def calling():
    """Play a scenario against a running exchange, given it and a phone."""

    def play(scenario: Callable[[Centre, SocketPhone], Coroutine[None, None, None]], ports: int = 20) -> None:
        async def run() -> None:
            async with running(ports) as centre, phone_of(centre) as phone:
                await scenario(centre, phone)

        asyncio.run(run())

    return play


@pytest.fixture(scope="session")
def serves():
    """That the next ordinary call succeeds."""
    return a_call_succeeds


@pytest.fixture(scope="session")
def tortured(calling):
    """Send a message of RFC 4475, want this answer (None: silence), then want an ordinary call to succeed."""

    def torture(text: str, body: str | bytes, code: int | None) -> None:
        octets = body.replace("\n", "\r\n").encode() if isinstance(body, str) else body
        head = text.replace("\n", "\r\n").encode()
        written, _, part = head.partition(b"\r\n\r\n")
        octets = part + octets

        async def scenario(centre: Centre, phone: SocketPhone) -> None:
            phone.send(written.replace(b": *", b": %d" % len(octets)) + b"\r\n\r\n" + octets)
            if code is not None:
                while (answer := await phone.receive()).code == 100:
                    pass
                assert answer.code == code, answer.text
            while not centre.calls.empty():
                await centre.calls.get()
            await a_call_succeeds(centre)
            assert code is not None or phone.heard_nothing()

        calling(scenario)

    return torture


@pytest.fixture(scope="session")
def credentials():
    """What proves to the registrar who one is. Source: RFC 2617, section 3.2.2."""

    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    def prove(user: str, password: str, nonce: str, uri: str, count: str = "00000001") -> str:
        first, second = md5(f"{user}:{REALM}:{password}"), md5(f"REGISTER:{uri}")
        response = md5(f"{first}:{nonce}:{count}:c0ffee:auth:{second}")
        return (
            f'Digest username="{user}", realm="{REALM}", nonce="{nonce}", uri="{uri}", response="{response}", '
            f'algorithm=MD5, qop=auth, nc={count}, cnonce="c0ffee"'
        )

    return prove


@pytest.fixture(scope="session")
def register(credentials):
    """Have a phone registered for a user."""

    async def registered(phone: SocketPhone, user: str) -> None:
        challenge = await phone.ask("REGISTER", user=user)
        nonce = re.search(r'nonce="([^"]+)"', challenge.header("WWW-Authenticate"))[1]
        proof = credentials(user, PASSWORDS[user], nonce, f"sip:{user}@{HOST}:{phone.centre[1]}")
        assert (await phone.ask("REGISTER", f"Authorization: {proof}", user=user)).code == 200

    return registered


@pytest.fixture(scope="session")
def callee_at():
    return Callee


@pytest.fixture(scope="session")
def another_phone():
    return phone_of


@pytest.fixture(scope="session")
def exchange_running():
    return running


@pytest.fixture(scope="session")
def sipp(program: Callable[[str], str]) -> str:
    """Debian's sipp."""
    return program("sipp")
