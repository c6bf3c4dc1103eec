"""Calls whose sound this process carries: a phone on one side, the interpreter on the other, a line at the switchboard."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Protocol
from xml.sax.saxutils import escape

from pbx.audio.leg import SoundLeg
from pbx.audio.port import Connection, Ringing, Unanswered
from pbx.call import Call, CallStatus
from pbx.exchange.equipment import Equipment, note_ringing
from pbx.exchange.stations import CLIENT, Stations
from pbx.exchange.switchboard import CallOrder, Switchboard, Text
from pbx.interpreter import NOWHERE, Interpreter, Number
from pbx.line import Line
from pbx.request import Destination, Twiml
from pbx.rooms.places import LineConferences, LineQueues
from pbx.scene import Surroundings, Target

log = logging.getLogger(__name__)


class Incoming(Connection, Protocol):
    """A phone that calls: `user` is the user part it dialled, `caller` its address or number."""

    @property
    def user(self) -> str: ...

    @property
    def caller(self) -> str: ...

    @property
    def caller_name(self) -> str: ...


class Carrying:
    """Takes calls from phones, and rings phones for calls that are ordered."""

    def __init__(self, switchboard: Switchboard, stations: Stations, equipment: Equipment, surroundings: Surroundings) -> None:
        self._switchboard = switchboard
        self._stations = stations
        self._equipment = equipment
        self._surroundings = surroundings
        self._tasks: set[asyncio.Task[None]] = set()

    def is_known(self, user: str) -> bool:
        """Whether a call to this name or number would be taken."""
        return self._switchboard.numbers.dialled(user) is not None or self._stations.has(user)

    def take(self, connection: Incoming) -> None:
        """A phone calls: a number's webhook says what happens, or another phone is rung. Nobody known is refused."""
        number = self._switchboard.numbers.dialled(connection.user)
        if number is not None:
            self._begin(connection, number.phone_number, number.line, number.first_request)
        elif self._stations.has(connection.user):
            self._begin(connection, CLIENT + connection.user, NOWHERE, _to_phone(connection.user))
        else:
            connection.reject("unknown")

    def ring(self, line: Line, order: CallOrder) -> bool:
        station = self._stations.find(Target(order.called, username=order.username, password=order.password))
        if station is None:
            return False
        ringing = station.ring(order.shown_caller or order.caller, order.shown_name, line.call.sid)
        note_ringing(line, ringing)
        self._start(self._reach(line, ringing, order))
        return True

    def show(self, text: Text) -> None:
        self._stations.show_text(text.recipient, text.sender, text.body)

    async def close(self) -> None:
        """Hang up on everybody, and wait until that is done."""
        for line in self._switchboard:
            if line.figures is not None and not line.call.status.is_final:
                line.hang_up()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _begin(self, connection: Incoming, called: str, number: Number, destination: Destination) -> None:
        switchboard = self._switchboard
        sid, name = switchboard.new_sid("CA"), connection.caller_name or None
        call = Call(sid, switchboard.account_sid, connection.caller, called, switchboard.clock, caller_name=name)
        line = switchboard.register(call)
        self._start(self._carry(line, connection, self._equipment.pick_up(line, connection), number, destination))

    async def _reach(self, line: Line, ringing: Ringing, order: CallOrder) -> None:
        answer = await ringing.answered()
        if isinstance(answer, Unanswered):
            line.end(CallStatus(answer.status))
        elif line.call.status.is_final:
            answer.hang_up()
        else:
            leg = self._equipment.pick_up(line, answer)
            line.call.answer()
            if order.recording is not None:
                line.record(order.recording, self._switchboard.shelf)
            await self._carry(line, answer, leg, _number_of(order), order.destination)

    async def _carry(self, line: Line, connection: Connection, leg: SoundLeg, number: Number, destination: Destination) -> None:
        """The whole call. One that breaks off for a fault of ours has failed."""
        try:
            async with self._equipment.open_wire() as wire:
                interpreter = Interpreter(number, line.call, leg, wire, self._around(line))
                line.carrier = interpreter
                await interpreter.run(destination)
        finally:
            self._equipment.put_down(connection, leg)
            line.end(CallStatus.FAILED)

    def _around(self, line: Line) -> Surroundings:
        queues = LineQueues(line, self._switchboard.queues)
        return replace(self._surroundings, queues=queues, conferences=LineConferences(line, self._switchboard.conferences))

    def _start(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("A call broke off.", exc_info=error)


def _number_of(order: CallOrder) -> Number:
    """A call that is ordered has no number of its own, but may have a fallback."""
    fallback = order.fallback
    return NOWHERE if fallback is None else Number("", fallback.url, fallback_method=fallback.method)


def _to_phone(user: str) -> Twiml:
    """What happens when one phone calls another."""
    return Twiml(f'<Response><Dial answerOnBridge="true"><Client>{escape(user)}</Client></Dial></Response>')
