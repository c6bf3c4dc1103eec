"""Recordings. Source: https://www.twilio.com/docs/voice/api/recording."""

from collections.abc import Sequence

from aiohttp import web

from pbx.call import API_VERSION
from pbx.exchange.switchboard import Switchboard
from pbx.rest.answers import Resource, not_found, page, rfc2822
from pbx.rest.resource import Resources
from pbx.shelf import KeptRecording, RecordingShelf


class Recordings(Resources):
    """What the exchange has recorded lately, each with its sound as a WAV file."""

    def __init__(self, switchboard: Switchboard, shelf: RecordingShelf) -> None:
        super().__init__(switchboard)
        self._shelf = shelf

    def routes(self) -> Sequence[web.RouteDef]:
        one = self.path("/Recordings/{recording}.json")
        return [
            web.get(self.path("/Recordings.json"), self.index),
            web.get(self.path("/Calls/{call}/Recordings.json"), self.index),
            web.get(one, self.fetch),
            web.delete(one, self.remove),
            *self.media_routes(),
        ]

    def media_routes(self) -> Sequence[web.RouteDef]:
        return [web.get(self.path("/Recordings/{recording}" + ending), self.media) for ending in (".wav", "")]

    async def index(self, request: web.Request) -> web.Response:
        """All of them, or those of one call."""
        call_sid = request.match_info.get("call") or request.query.get("CallSid")
        shown = [self._show(one) for one in self._shelf if call_sid in (None, one.call_sid)]
        return page(request, "recordings", shown)

    async def fetch(self, request: web.Request) -> web.Response:
        return web.json_response(self._show(self._recording(request)))

    async def remove(self, request: web.Request) -> web.Response:
        self._shelf.delete(self._recording(request).sid)
        return web.Response(status=204)

    async def media(self, request: web.Request) -> web.Response:
        """The sound, for whoever knows its address, as with Twilio: so that it can be played in a call."""
        return web.Response(body=self._recording(request).wav, content_type="audio/wav")

    def _recording(self, request: web.Request) -> KeptRecording:
        recording = self._shelf.get(request.match_info["recording"])
        if recording is None:
            raise not_found(request)
        return recording

    def _show(self, recording: KeptRecording) -> Resource:
        uri = self.path(f"/Recordings/{recording.sid}")
        return {
            "sid": recording.sid,
            "account_sid": recording.account_sid,
            "call_sid": recording.call_sid,
            "conference_sid": None,
            "source": recording.source,
            "status": "completed",
            "channels": recording.channels,
            "duration": str(recording.duration_seconds),
            "start_time": rfc2822(recording.began_at),
            "date_created": rfc2822(recording.began_at),
            "date_updated": rfc2822(recording.began_at),
            "error_code": None,
            "price": None,
            "price_unit": "USD",
            "encryption_details": None,
            "media_url": recording.url,
            "api_version": API_VERSION,
            "uri": f"{uri}.json",
            "subresource_uris": {},
        }
