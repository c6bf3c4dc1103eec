"""The exchange as SIP phones see it: one port that takes calls, makes them, and knows who is registered."""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pbx.audio.port import Station
from pbx.rtp.ports import MediaPorts, NoPortsLeft
from pbx.sip import sdp
from pbx.sip.bindings import Binding, Bindings, Registration
from pbx.sip.call import SipCall
from pbx.sip.connection import SipConnection
from pbx.sip.dialog import warning
from pbx.sip.digest import Digest
from pbx.sip.methods import answer_options, refuse_method
from pbx.sip.registrar import Registrar
from pbx.sip.request import ACCEPT, Headers, Request
from pbx.sip.sdp import Incompatible, Session
from pbx.sip.stack import RETRY_AFTER, Stack
from pbx.sip.stations import AddressedStation, RegisteredStation
from pbx.sip.texts import send_text

MOST_COMING = 64
"""Calls that have come and do not ring yet. They wait for nothing but their turn: so many, and this machine is behind."""
_IN_DIALOG_ONLY = ("BYE", "INFO")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SipAccount:
    """For whom phones register: the realm they are asked in, and everybody's password; None for whom nobody knows."""

    realm: str
    password_of: Callable[[str], str | None]


class SipExchange:
    """SIP over UDP and TCP on one port. `on_call` gets each call to a number that `is_known`, ringing."""

    def __init__(
        self,
        account: SipAccount,
        ports: MediaPorts,
        on_call: Callable[[SipCall], None],
        is_known: Callable[[str], bool],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.ports = ports
        self._on_call = on_call
        self._is_known = is_known
        self._registrar = Registrar(Digest(account.realm, account.password_of), Bindings(now))
        self.stack = Stack(self._asked, self._registrar.bindings.lost, lambda: self._coming < MOST_COMING)
        self._calls: dict[SipConnection, None] = {}
        self._arrived: set[tuple[str, str]] = set()
        self._coming = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._giving_back: set[asyncio.Task[None]] = set()
        self._is_closing = False

    async def start(self, host: str, port: int) -> None:
        """Listen; port 0 finds a free one. Raises OSError with a sentence when the port is in use."""
        self._is_closing = False
        await self.stack.open(host, port)

    async def close(self) -> None:
        """Hang up every call, give back what was taken, and stop."""
        self._is_closing = True
        for task in tuple(self._tasks):
            task.cancel()
        for call in tuple(self._calls):
            call.abandon()
        await self.stack.close()
        await asyncio.gather(*self._tasks, *self._giving_back, return_exceptions=True)

    @property
    def port(self) -> int:
        return self.stack.port

    def registrations(self) -> tuple[Registration, ...]:
        """Every phone that is registered now."""
        return self._registrar.bindings.registrations()

    def station(self, user: str) -> Station | None:
        """The phones of a registered user; None when none is registered."""
        return RegisteredStation(self, user) if self.bindings(user) else None

    def station_at(self, uri: str, username: str = "", password: str = "", headers: Mapping[str, str] | None = None) -> Station:
        """Whoever has this SIP URI; user name and password are for whom it asks for them."""
        return AddressedStation(self, uri, username, password, headers or {})

    def bindings(self, user: str) -> tuple[Binding, ...]:
        return self._registrar.bindings.of(user)

    def show_text(self, user: str, sender: str, words: str) -> None:
        """Send a text message to every phone of a registered user."""
        for binding in self.bindings(user):
            send_text(self.stack, binding, sender, words)

    def is_talking(self, bindings: Collection[Binding]) -> bool:
        peers = {binding.flow.peer for binding in bindings}
        return any(call.source in peers for call in self._calls)

    def begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def begun(self, connection: SipConnection) -> None:
        self._calls[connection] = None

    def over(self, connection: SipConnection) -> None:
        self._calls.pop(connection, None)
        self._arrived.discard((connection.call_id, connection.caller_tag))
        if connection.has_port:
            task = asyncio.get_running_loop().create_task(connection.port.close())
            self._giving_back.add(task)
            task.add_done_callback(self._giving_back.discard)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("a SIP call was given up", exc_info=task.exception())

    def _asked(self, request: Request) -> None:
        """A request that belongs to no call that is known."""
        if request.method == "INVITE":
            self._invited(request)
        elif request.method == "REGISTER":
            self._registrar.register(request)
        elif request.is_in_dialog or request.method in _IN_DIALOG_ONLY:
            request.reply(481, "Call Does Not Exist")
        elif request.method == "OPTIONS":
            answer_options(request)
        else:
            refuse_method(request)

    def _invited(self, request: Request) -> None:
        refusal = self._refusal(request)
        if refusal is not None:
            request.reply(*refusal)
            return
        offered = sdp.read(request.body) if request.body else None
        if isinstance(offered, Incompatible):
            request.reply(488, "Not Acceptable Here", (warning(offered),))
        else:
            self._take(request, offered)

    def _refusal(self, request: Request) -> tuple[int, str, Headers] | None:
        """Why a call is not taken, before its sound is looked at."""
        if request.is_in_dialog:
            return 481, "Call Does Not Exist", ()
        if self._is_merged(request):
            return 482, "Loop Detected", ()
        if request.message.value("contact") == "*":
            return 400, "Malformed Contact", ()
        if not request.accepts_sdp:
            return 406, "Not Acceptable", ()
        if request.body and request.body_type != "application/sdp":
            return 415, "Unsupported Media Type", ACCEPT
        if self._is_closing:
            return 503, "Service Unavailable", ()
        return None if self._is_known(request.user) else (404, "Not Found", ())

    def _is_merged(self, request: Request) -> bool:
        """Whether this call has arrived already, another way. Source: RFC 3261, section 8.2.2.2."""
        return (request.call_id, request.caller_tag) in self._arrived

    def _take(self, request: Request, offered: Session | None) -> None:
        call = SipCall(self.stack, request, offered, self.over)
        self._calls[call] = None
        self._arrived.add((call.call_id, call.caller_tag))
        self._coming += 1
        self.begin(self._ring(call)).add_done_callback(self._came)

    def _came(self, _ringing: asyncio.Task[None]) -> None:
        self._coming -= 1

    async def _ring(self, call: SipCall) -> None:
        with ExitStack() as giving_up:
            giving_up.callback(call.refuse, 500, "Server Internal Error")
            try:
                port = await self.ports.open()
            except NoPortsLeft as error:
                self.stack.journal.tell("no ports", error)
                call.refuse(503, "Service Unavailable", RETRY_AFTER)
                return
            if call.is_over:
                await port.close()
                return
            call.ring(port)
            self._on_call(call)
            giving_up.pop_all()
