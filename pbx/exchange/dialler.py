"""Phones rung by a Dial: each is a child call with a line of its own."""

import asyncio
from dataclasses import dataclass, field

from pbx.audio.leg import SoundLeg
from pbx.audio.port import Connection, Ringing, Unanswered
from pbx.call import Call, CallStatus, Direction
from pbx.exchange.equipment import Equipment, note_ringing
from pbx.exchange.stations import Stations
from pbx.exchange.switchboard import Switchboard
from pbx.line import Carrier, Line
from pbx.request import Destination, WebhookRequest
from pbx.scene import Answered, Attempt, Target

NOT_FOUND = 404


class LocalDialler:
    """`Dialler` for the calls of this exchange."""

    def __init__(self, switchboard: Switchboard, stations: Stations, equipment: Equipment) -> None:
        self._switchboard = switchboard
        self._stations = stations
        self._equipment = equipment

    def ring(self, parent: Call, target: Target, caller: str) -> Attempt:
        line = self._child_line(parent, target, caller)
        station = self._stations.find(target)
        if station is None:
            return NoPhone(line.call, line)
        ringing = station.ring(caller, parent.caller_name or "", line.call.sid)
        note_ringing(line, ringing)
        return RungPhone(line.call, line, ringing, self._equipment)

    def _child_line(self, parent: Call, target: Target, caller: str) -> Line:
        switchboard = self._switchboard
        call = Call(switchboard.new_sid("CA"), switchboard.account_sid, caller, target.address, switchboard.clock)
        call.status, call.direction, call.parent_sid = CallStatus.QUEUED, Direction.OUTBOUND_DIAL, parent.sid
        line = switchboard.register(call)
        line.report = target.report
        line.announce()
        return line


@dataclass(slots=True)
class RungPhone:
    """`Attempt` to reach a phone."""

    call: Call
    line: Line
    ringing: Ringing
    equipment: Equipment
    _connection: Connection | None = field(default=None, init=False)
    _leg: SoundLeg | None = field(default=None, init=False)

    async def answered(self) -> Answered | Unanswered:
        try:
            outcome = await self.ringing.answered()
        except asyncio.CancelledError:
            self.line.end(CallStatus.CANCELED)
            raise
        if isinstance(outcome, Unanswered):
            self.line.end(CallStatus(outcome.status))
            return outcome
        self._connection, self._leg = outcome, self.equipment.pick_up(self.line, outcome)
        self.line.carrier = self
        self.call.answer()
        return Answered(self.call, self._leg)

    def carried_by(self, carrier: Carrier) -> None:
        self.line.carrier = carrier

    def redirect(self, destination: Destination, fallback: WebhookRequest | None = None) -> None:
        """A call is moved once somebody carries it."""

    def hang_up(self) -> None:
        self.end()

    def end(self) -> None:
        if self._connection is None or self._leg is None:
            self.ringing.give_up()
            self.line.end(CallStatus.CANCELED)
        else:
            self.equipment.put_down(self._connection, self._leg)
            self.line.end(CallStatus.COMPLETED)


@dataclass(slots=True)
class NoPhone:
    """`Attempt` to reach somebody who is not there."""

    call: Call
    line: Line

    async def answered(self) -> Answered | Unanswered:
        self.line.end(CallStatus.FAILED)
        return Unanswered("failed", NOT_FOUND)

    def carried_by(self, carrier: Carrier) -> None:
        """Nobody ever carries it."""

    def end(self) -> None:
        self.line.end(CallStatus.FAILED)
