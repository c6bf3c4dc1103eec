"""A phone and its call at the exchange: attached while one runs, on its own while none does."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from pbx.call import Call
from pbx.debugger import Alert
from pbx.phones.attachment import Attachment
from pbx.phones.distant import DistantRooms
from pbx.phones.messages import HangUp, HearingTold, PlaceTold, Redirect, Ring, Standing, TextMessage, ToPhone, Trouble
from pbx.request import Destination, WebhookRequest
from pbx.rooms.conferences import LocalConferences
from pbx.rooms.queues import LocalQueues
from pbx.rooms.seat import Seat, Terms
from pbx.scene import Conferences, Queues, Ticket


class Movable(Protocol):
    """A call under way that can be moved from outside."""

    def redirect(self, destination: Destination, fallback: WebhookRequest | None = None) -> None: ...

    def hang_up(self) -> None: ...


class ExtensionQueues:
    """The exchange's queues or, while there is none, the phone's own."""

    def __init__(self, attachment: Attachment, distant: DistantRooms, local: LocalQueues) -> None:
        self._attachment = attachment
        self._distant = distant
        self._local = local

    async def join(self, name: str, call: Call) -> Ticket:
        return await (self._distant.enter_queue(name) if self._attachment.is_up else self._local.join(name, call))


class ExtensionConferences:
    """The exchange's conferences or, while there is none, the phone's own."""

    def __init__(self, attachment: Attachment, distant: DistantRooms, local: LocalConferences) -> None:
        self._attachment = attachment
        self._distant = distant
        self._local = local

    async def join(self, name: str, call: Call, terms: Terms) -> Seat:
        if self._attachment.is_up:
            return await self._distant.enter_conference(name, terms)
        return await self._local.join(name, call, terms)


class Extension:
    """One phone, and what passes between it and the exchange about its one call."""

    def __init__(
        self,
        attach: Callable[[Callable[[ToPhone], None]], Attachment],
        new_sid: Callable[[str], str],
        clock: Callable[[], datetime],
        show: Callable[[str], None],
    ) -> None:
        """`attach` makes the connection, given what receives its messages; `show` puts a remark before the phone's holder."""
        self.attachment = attach(self._receive)
        self.rings: asyncio.Queue[Ring] = asyncio.Queue()
        self._show = show
        self._call: Call | None = None
        self._movable: Movable | None = None
        self._distant = DistantRooms(new_sid, clock, self._tell)

    def queues(self, local: LocalQueues) -> Queues:
        return ExtensionQueues(self.attachment, self._distant, local)

    def conferences(self, local: LocalConferences) -> Conferences:
        return ExtensionConferences(self.attachment, self._distant, local)

    def report(self, alert: Alert) -> None:
        """What went wrong in the phone's call, for the exchange's debugger."""
        trouble = Trouble(
            sid=alert.call_sid,
            at=alert.at,
            level=alert.level,
            code=alert.code,
            url=alert.url,
            detail=alert.detail,
            line=alert.line,
        )
        self.attachment.report(trouble)

    def carry(self, call: Call, movable: Movable) -> None:
        """From now on this is the phone's call, and this is what moves when the exchange says so."""
        self._call, self._movable = call, movable
        call.on_progress = self._tell
        self._tell()

    def _tell(self) -> None:
        call = self._call
        if call is not None:
            standing = Standing(
                sid=call.sid,
                caller=call.caller,
                called=call.called,
                direction=call.direction,
                status=call.status,
                answered_at=call.answered_at,
                stay=self._distant.stay,
            )
            self.attachment.tell(standing)

    def _receive(self, message: ToPhone) -> None:
        match message:
            case PlaceTold() | HearingTold():
                self._distant.learn(message)
            case Redirect(sid=sid) if self._movable is not None and self._carries(sid):
                self._movable.redirect(message.where.destination, message.fallback)
            case HangUp(sid=sid) if self._movable is not None and self._carries(sid):
                self._movable.hang_up()
            case Ring():
                self.rings.put_nowait(message)
            case TextMessage(sender=sender, body=body):
                self._show(f"Text message from {sender}: {body}")

    def _carries(self, sid: str) -> bool:
        return self._call is not None and self._call.sid == sid
