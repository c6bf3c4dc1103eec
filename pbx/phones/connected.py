"""The exchange's end of a phone's connection: what the phone tells is noted, what it must know is sent."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import msgspec
from aiohttp import WSCloseCode, web

from pbx.call import Call, CallStatus
from pbx.debugger import Alert, Debugger
from pbx.exchange.switchboard import CallOrder, Switchboard, Text
from pbx.line import Line
from pbx.phones import messages
from pbx.phones.messages import FromPhone, Hello, InConference, InQueue, Standing, ToPhone, Trouble, Where
from pbx.request import Destination, WebhookRequest
from pbx.rooms.queues import Place
from pbx.rooms.seat import Hearing

HEARTBEAT_SECONDS = 20.0
LONGEST_REASON_BYTES = 120
"""A WebSocket's close frame holds 123 (RFC 6455, section 5.5)."""


@dataclass(frozen=True, slots=True)
class CarriedElsewhere:
    """A call that a phone carries in its own process."""

    sid: str
    send: Callable[[ToPhone], None]

    def redirect(self, destination: Destination, fallback: WebhookRequest | None = None) -> None:
        self.send(messages.Redirect(sid=self.sid, where=Where.of(destination), fallback=fallback))

    def hang_up(self) -> None:
        self.send(messages.HangUp(sid=self.sid))


class ConnectedPhone:
    """One attached phone; at most one call at a time."""

    def __init__(self, switchboard: Switchboard, debugger: Debugger, send: Callable[[ToPhone], None]) -> None:
        self.number = ""
        self._waits = False
        self._switchboard = switchboard
        self._debugger = debugger
        self._send = send
        self._line: Line | None = None
        self._visit = ""
        """The stay in a queue or conference that the phone told of last."""
        switchboard.phones.append(self)

    @property
    def may_ring(self) -> bool:
        return self._waits and (self._line is None or self._line.call.status.is_final)

    def ring(self, call: Call, order: CallOrder) -> CarriedElsewhere:
        self._line = self._switchboard.line(call.sid)
        where, caller = Where.of(order.destination), order.shown_caller or call.caller
        self._send(messages.Ring(sid=call.sid, caller=caller, called=call.called, where=where))
        return CarriedElsewhere(call.sid, self._send)

    def show(self, text: Text) -> None:
        self._send(messages.TextMessage(sender=text.sender, body=text.body))

    def note(self, message: FromPhone) -> None:
        """The phone says who it is, how its call stands, or what went wrong in it."""
        match message:
            case Hello(number=number, may_ring=may_ring):
                self.number, self._waits = number, may_ring
            case Standing():
                self._note_call(message)
            case Trouble(sid=sid, at=at, level=level, code=code, url=url, line=line, detail=detail):
                self._debugger.keep(Alert(at, sid, level, code, url, line, detail))

    def vanish(self) -> None:
        """The connection is gone, and with it the call."""
        self._switchboard.phones.remove(self)
        if self._line is not None:
            answered = self._line.call.status is CallStatus.IN_PROGRESS
            self._line.end(CallStatus.COMPLETED if answered else CallStatus.NO_ANSWER)

    def _note_call(self, standing: Standing) -> None:
        line = self._line_of(standing)
        if line.call.ended_at is not None:
            return  # ended from here; the phone has not heard of it yet
        line.call.answered_at = standing.answered_at
        if standing.status.is_final:
            line.end(standing.status)
        else:
            line.progress(standing.status)
            self._note_stay(line, standing.stay)

    def _line_of(self, standing: Standing) -> Line:
        """The call of this phone; new to the exchange, or known to it from an earlier connection that broke off."""
        if self._line is None or self._line.call.sid != standing.sid:
            account_sid, clock = self._switchboard.account_sid, self._switchboard.clock
            call = Call(standing.sid, account_sid, standing.caller, standing.called, clock, direction=standing.direction)
            self._line = self._switchboard.register(call, CarriedElsewhere(standing.sid, self._send))
        return self._line

    def _note_stay(self, line: Line, stay: InQueue | InConference | None) -> None:
        """A stay begins when the phone first tells of it, and ends when it tells of it no more, or when it is ended here."""
        visit = stay.visit if stay is not None else ""
        if visit != self._visit:
            self._visit = visit
            line.leave_rooms()
            match stay:
                case InQueue():
                    tell_place = partial(self._tell_place, visit)
                    line.waiting = self._switchboard.queues.admit(stay.queue, line.call, stay.joined_at, tell_place)
                case InConference():
                    tell_hearing = partial(self._tell_hearing, visit)
                    rooms = self._switchboard.conferences
                    line.participant = rooms.admit(stay.conference, line.call, stay.terms, tell_hearing)
        if isinstance(stay, InConference) and line.participant is not None:
            line.participant.heard_out(stay.heard_out, stay.failure)

    def _tell_place(self, visit: str, place: Place) -> None:
        self._send(messages.PlaceTold(visit=visit, place=place))

    def _tell_hearing(self, visit: str, hearing: Hearing) -> None:
        self._send(messages.HearingTold(visit=visit, hearing=hearing))


async def serve_phone(switchboard: Switchboard, debugger: Debugger, request: web.Request) -> web.WebSocketResponse:
    """One phone's connection, until either end closes it; a phone that makes no sense is told so and let go."""
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS)
    await socket.prepare(request)
    outbox: asyncio.Queue[ToPhone] = asyncio.Queue()
    phone = ConnectedPhone(switchboard, debugger, outbox.put_nowait)
    sending = asyncio.create_task(_send_out(socket, outbox))
    try:
        async for frame in socket:
            phone.note(messages.read_from_phone(frame.data))
    except msgspec.MsgspecError as error:
        await socket.close(code=WSCloseCode.UNSUPPORTED_DATA, message=str(error).encode()[:LONGEST_REASON_BYTES])
    finally:
        sending.cancel()
        phone.vanish()
    return socket


async def _send_out(socket: web.WebSocketResponse, outbox: asyncio.Queue[ToPhone]) -> None:
    with suppress(ConnectionError):  # the reader sees the end of the connection, too, and acts on it
        while True:
            await socket.send_bytes(messages.write(await outbox.get()))
