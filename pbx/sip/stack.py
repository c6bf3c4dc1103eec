"""SIP over one port: lines, transactions and timers put together, and the edge that nothing raised gets past."""

import asyncio
from collections.abc import Callable
from typing import Any

from sippy.ESipHeaderCSV import ESipHeaderCSV
from sippy.Exceptions.SipHandlingError import SipHandlingError
from sippy.Network_server import Remote_address
from sippy.Time.MonoTime import MonoTime

from pbx.sip.flows import Address, Flow, Line, bracketed
from pbx.sip.journal import Journal
from pbx.sip.message import Message
from pbx.sip.request import Headers, Request
from pbx.sip.screening import Refusal, acknowledges_refusal, answer_to, begins_call, screen
from pbx.sip.sockets import bound_pair
from pbx.sip.tcp import TcpLine
from pbx.sip.timers import Timers
from pbx.sip.transactions import Transactions
from pbx.sip.udp import UdpLine

RAISED_BY_SIPPY = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    ESipHeaderCSV,
    SipHandlingError,
)
"""What its parsing and its states raise of messages they did not expect; forty thousand spoiled ones raised nothing else."""
RETRY_AFTER: Headers = (("Retry-After", "5"),)
TOO_MANY = Refusal(503, "Service Unavailable", RETRY_AFTER)
"""Said to whoever calls when too many do. Source: RFC 3261, section 21.5.4."""
FAREWELL_SECONDS = 1.0
"""How long a closing stack waits for phones to answer its BYEs."""


class Stack:
    """The exchange's SIP over one port, UDP and TCP. `on_request` gets each request outside the dialogs that are known.

    While there is no room for another call, whoever calls is told so before anything is done for them. Taken one and all, too
    many would all be late, would all ask again, and would be given up half done.
    """

    def __init__(
        self, on_request: Callable[[Request], None], on_lost: Callable[[Address], None], has_room: Callable[[], bool]
    ) -> None:
        self.journal = Journal()
        self.manager: Any = None
        self.config: dict[str, Any] = {}
        self._on_request = on_request
        self._on_lost = on_lost
        self._has_room = has_room
        self._lines: dict[str, UdpLine | TcpLine] = {}
        self._message = Message("", (), "")

    @property
    def port(self) -> int:
        return self._lines["udp"].port

    async def open(self, host: str, port: int) -> None:
        """Listen. Raises OSError with a sentence when the port is taken."""
        udp_socket, tcp_socket = bound_pair(host, port)
        self._timers = Timers(self._guarded)
        self.config = {"_sip_address": host, "_sip_port": port, "_sip_logger": self.journal, "_timers": self._timers}
        self.manager = Transactions(self.config, self._ask, self.flow_to)
        self.config["_sip_tm"] = self.manager
        tcp = TcpLine(self._receive, self._on_lost, self.journal)
        await tcp.open(tcp_socket)
        self._lines = {"udp": UdpLine(udp_socket, self._receive, self.journal), "tcp": tcp}

    async def close(self) -> None:
        """Stop: requests of ours that are under way get a second to be answered."""
        deadline = asyncio.get_running_loop().time() + FAREWELL_SECONDS
        while self.manager.tclient and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.02)
        for line in self._lines.values():
            await line.close()
        self._timers.close()
        self.manager.shutdown()

    def flow_to(self, address: Address) -> Flow:
        """The way to somebody who did not call us; what is neither UDP nor TCP goes over UDP."""
        line: Line = self._lines.get(address.transport, self._lines["udp"])
        return Flow(line, address, is_pinned=False)

    def request(self, raw: Any, transaction: Any) -> Request:
        """The request that is being read, as our files see it."""
        return Request(raw, transaction, self._message, self.manager)

    def _ask(self, raw: Any, transaction: Any) -> object:
        request = self.request(raw, transaction)
        self._on_request(request)
        return request.outcome

    def _receive(self, data: bytes, flow: Flow) -> None:
        message = Message.parse(data)
        if message is None or acknowledges_refusal(message):
            return
        refusal = None if message.is_response else screen(message)
        if refusal is not None:
            self._refuse(message, refusal, flow)
        elif begins_call(message) and not self._has_room() and not self.manager.knows(str(message)):
            self._turn_away(message, flow)
        else:
            self._handle(message, flow)

    def _handle(self, message: Message, flow: Flow) -> None:
        self._message = message
        address = (bracketed(flow.peer.host), flow.peer.port)
        remote = Remote_address(address, flow.transport)
        self._guarded(self.manager.handleIncoming, str(message), remote, flow, MonoTime())

    def _turn_away(self, message: Message, flow: Flow) -> None:
        self.journal.tell("too many calls at once", f"{flow.peer} is told to come again")
        self.manager.answer_alike(str(message), answer_to(message, TOO_MANY), flow)

    def _refuse(self, message: Message, refusal: Refusal, flow: Flow) -> None:
        self.journal.tell("refused", f"{flow.peer}: {refusal.code} {refusal.reason}")
        if message.values("via") and not message.method.startswith(("ACK", "SIP/")):
            flow.send_to(answer_to(message, refusal), (flow.peer.host, flow.peer.port))

    def _guarded(self, work: Callable[..., object], *values: object) -> None:
        """The edge: whatever a packet or a timer makes sippy raise is told, and the next one is served."""
        try:
            work(*values)
        except RAISED_BY_SIPPY as error:
            self.journal.tell("unreadable message", type(error).__name__)
