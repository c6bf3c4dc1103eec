"""The exchange's queues and conferences as one call uses them that is carried here: its line knows where it is."""

from pbx.call import Call
from pbx.line import Line
from pbx.rooms.conferences import LocalConferences
from pbx.rooms.participant import Participant
from pbx.rooms.queues import LocalQueues, Waiting
from pbx.rooms.seat import Terms


class LineQueues:
    """`Queues` of one call."""

    def __init__(self, line: Line, queues: LocalQueues) -> None:
        self._line = line
        self._queues = queues

    async def join(self, name: str, call: Call) -> Waiting:
        self._line.waiting = await self._queues.join(name, call)
        return self._line.waiting


class LineConferences:
    """`Conferences` of one call."""

    def __init__(self, line: Line, conferences: LocalConferences) -> None:
        self._line = line
        self._conferences = conferences

    async def join(self, name: str, call: Call, terms: Terms) -> Participant:
        self._line.participant = await self._conferences.join(name, call, terms)
        return self._line.participant
