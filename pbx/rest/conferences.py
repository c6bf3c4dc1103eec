"""Conferences. Source: https://www.twilio.com/docs/voice/api/conference-resource."""

from collections.abc import Sequence

from aiohttp import web

from pbx.call import API_VERSION
from pbx.request import Method
from pbx.rest.answers import Resource, is_dated, page, rfc2822
from pbx.rest.form import Form
from pbx.rest.resource import Resources
from pbx.rooms.conference import Conference

REGION = "us1"
"""Where Twilio's conferences are mixed unless it is told otherwise."""


class Conferences(Resources):
    """The conferences of the exchange, live and over."""

    def routes(self) -> Sequence[web.RouteDef]:
        one = self.path("/Conferences/{conference}.json")
        return [
            web.get(self.path("/Conferences.json"), self.index),
            web.get(one, self.fetch),
            web.post(one, self.update),
        ]

    async def index(self, request: web.Request) -> web.Response:
        wanted = request.query
        shown = [
            self._show(room)
            for room in reversed(list(self.switchboard.conferences))
            if wanted.get("FriendlyName", room.name) == room.name
            and wanted.get("Status", room.status) == room.status
            and is_dated(request, "DateCreated", room.created_at)
            and is_dated(request, "DateUpdated", room.updated_at)
        ]
        return page(request, "conferences", shown)

    async def fetch(self, request: web.Request) -> web.Response:
        return web.json_response(self._show(self.room(request)))

    async def update(self, request: web.Request) -> web.Response:
        """End the conference, or announce something to everybody in it."""
        form, room = await Form.of(request), self.room(request)
        if form.has("AnnounceUrl"):
            announcement = form.content("AnnounceUrl", "AnnounceMethod", Method.POST)
            room.announce(announcement)
        if form.has("Status"):
            form.one_of("Status", ("completed",), "completed")
            room.end()
        return web.json_response(self._show(room))

    def _show(self, room: Conference) -> Resource:
        uri = self.path(f"/Conferences/{room.sid}")
        return {
            "sid": room.sid,
            "account_sid": self.switchboard.account_sid,
            "friendly_name": room.name,
            "status": room.status,
            "region": REGION,
            "reason_conference_ended": room.reason,
            "call_sid_ending_conference": room.ended_by.call.sid if room.ended_by is not None else None,
            "api_version": API_VERSION,
            "date_created": rfc2822(room.created_at),
            "date_updated": rfc2822(room.updated_at),
            "uri": f"{uri}.json",
            "subresource_uris": {"participants": f"{uri}/Participants.json", "recordings": f"{uri}/Recordings.json"},
        }
