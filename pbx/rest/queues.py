"""Queues and those who wait. Sources: https://www.twilio.com/docs/voice/api/queue-resource and .../member-resource."""

from collections.abc import Sequence

from aiohttp import web

from pbx.request import WebhookRequest
from pbx.rest.answers import BAD_PARAMETER, Problem, Resource, not_found, page, rfc2822
from pbx.rest.form import Form
from pbx.rest.resource import Resources
from pbx.rooms.queues import LARGEST_MAXIMUM_SIZE, MAXIMUM_SIZE, Queue, Waiting

FRONT = "Front"
NAME_TAKEN, NOT_EMPTY, NO_NAME = 22003, 22002, 22001
"""Sources: https://www.twilio.com/docs/api/errors/22001 and the two that follow."""
LONGEST_NAME_CHARACTERS = 64
SIZES = range(1, LARGEST_MAXIMUM_SIZE + 1)


class QueueResources(Resources):
    """The queues of the exchange and their members."""

    def routes(self) -> Sequence[web.RouteDef]:
        members = self.path("/Queues/{queue}/Members")
        return [
            web.get(self.path("/Queues.json"), self.index),
            web.post(self.path("/Queues.json"), self.create),
            web.get(self.path("/Queues/{queue}.json"), self.fetch),
            web.post(self.path("/Queues/{queue}.json"), self.update),
            web.delete(self.path("/Queues/{queue}.json"), self.remove),
            web.get(f"{members}.json", self.list_members),
            web.get(members + "/{member}.json", self.fetch_member),
            web.post(members + "/{member}.json", self.dequeue),
        ]

    async def index(self, request: web.Request) -> web.Response:
        return page(request, "queues", [self._show(queue) for queue in self.switchboard.queues])

    async def create(self, request: web.Request) -> web.Response:
        form = await Form.of(request)
        name = self._free_name(form.required("FriendlyName", NO_NAME))
        queue = self.switchboard.queues.create(name, form.number("MaxSize", MAXIMUM_SIZE, SIZES))
        return web.json_response(self._show(queue), status=201)

    async def update(self, request: web.Request) -> web.Response:
        """Another name, or another size; who waits already stays."""
        form, queue = await Form.of(request), self._queue(request)
        maximum_size = form.number("MaxSize", queue.maximum_size, SIZES)
        name = form.text("FriendlyName").strip() or queue.name
        if name != queue.name:
            self.switchboard.queues.rename(queue, self._free_name(name))
        queue.maximum_size = maximum_size
        queue.moved_up()
        return web.json_response(self._show(queue))

    async def remove(self, request: web.Request) -> web.Response:
        """Raises Problem 22002 while anybody waits in it."""
        queue = self._queue(request)
        if queue.waiting:
            raise Problem(400, NOT_EMPTY, "Queue is not empty")
        self.switchboard.queues.delete(queue)
        return web.Response(status=204)

    async def fetch(self, request: web.Request) -> web.Response:
        return web.json_response(self._show(self._queue(request)))

    async def list_members(self, request: web.Request) -> web.Response:
        return page(request, "queue_members", [self._show_member(member) for member in self._queue(request).waiting])

    async def fetch_member(self, request: web.Request) -> web.Response:
        return web.json_response(self._show_member(self._member(request)))

    async def dequeue(self, request: web.Request) -> web.Response:
        """Send a caller, or whoever is in Front, to another document. Of two who ask, the second finds nobody."""
        form = await Form.of(request)
        destination = WebhookRequest(form.url("Url"), form.method("Method"))
        member = self._member(request)
        line = self.switchboard.line(member.call.sid)
        if line is None:
            raise not_found(request)
        shown = self._show_member(member)
        line.redirect(destination)
        return web.json_response(shown)

    def _free_name(self, name: str) -> str:
        if len(name) > LONGEST_NAME_CHARACTERS:
            raise Problem(400, BAD_PARAMETER, f"FriendlyName has at most {LONGEST_NAME_CHARACTERS} characters")
        if self.switchboard.queues.get(name) is not None:
            raise Problem(400, NAME_TAKEN, "Queue already exists")
        return name

    def _queue(self, request: web.Request) -> Queue:
        sid = request.match_info["queue"]
        queue = next((queue for queue in self.switchboard.queues if queue.sid == sid), None)
        if queue is None:
            raise not_found(request)
        return queue

    def _member(self, request: web.Request) -> Waiting:
        sid = request.match_info["member"]
        members = self._queue(request).waiting
        member = next((member for member in members if sid in (FRONT, member.call.sid)), None)
        if member is None:
            raise not_found(request)
        return member

    def _show(self, queue: Queue) -> Resource:
        uri = self.path(f"/Queues/{queue.sid}")
        return {
            "sid": queue.sid,
            "account_sid": self.switchboard.account_sid,
            "friendly_name": queue.name,
            "current_size": len(queue.waiting),
            "average_wait_time": queue.average_wait_seconds,
            "max_size": queue.maximum_size,
            "date_created": rfc2822(queue.created_at),
            "date_updated": rfc2822(queue.updated_at),
            "uri": f"{uri}.json",
            "subresource_uris": {"members": f"{uri}/Members.json"},
        }

    def _show_member(self, member: Waiting) -> Resource:
        return {
            "call_sid": member.call.sid,
            "queue_sid": member.queue.sid,
            "date_enqueued": rfc2822(member.joined_at),
            "position": member.place.position,
            "wait_time": member.waited_seconds,
            "uri": self.path(f"/Queues/{member.queue.sid}/Members/{member.call.sid}.json"),
        }
