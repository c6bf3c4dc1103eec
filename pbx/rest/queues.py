"""Queues and those who wait. Sources: https://www.twilio.com/docs/voice/api/queue-resource and .../member-resource."""

from collections.abc import Sequence

from aiohttp import web

from pbx.queues import MAXIMUM_SIZE, Queue, Waiting
from pbx.request import WebhookRequest
from pbx.rest.answers import Resource, not_found, page, rfc2822
from pbx.rest.form import Form
from pbx.rest.resource import Resources

FRONT = "Front"


class QueueResources(Resources):
    """The queues of the exchange and their members."""

    def routes(self) -> Sequence[web.RouteDef]:
        members = self.path("/Queues/{queue}/Members")
        return [
            web.get(self.path("/Queues.json"), self.index),
            web.get(self.path("/Queues/{queue}.json"), self.fetch),
            web.get(f"{members}.json", self.list_members),
            web.get(members + "/{member}.json", self.fetch_member),
            web.post(members + "/{member}.json", self.dequeue),
        ]

    async def index(self, request: web.Request) -> web.Response:
        return page(request, "queues", [self._show(queue) for queue in self.switchboard.queues])

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
            "max_size": MAXIMUM_SIZE,
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
