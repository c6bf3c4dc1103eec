"""Recordings: of the account, of a call, of a conference. Source: https://www.twilio.com/docs/voice/api/recording."""

import asyncio
from collections.abc import Sequence

from aiohttp import web

from pbx.call import API_VERSION, CallStatus
from pbx.recording import Source
from pbx.rest.answers import Problem, Resource, is_dated, not_found, page, rfc2822
from pbx.rest.form import Form
from pbx.rest.orders import recording_plan
from pbx.rest.resource import Resources
from pbx.shelf import KeptRecording, RecordingStatus

CURRENT = "Twilio.CURRENT"
"""Stands for the recording that is under way."""
NOT_ELIGIBLE, STILL_GOES_ON = 21220, 20009
FOLDERS = ("", "/Calls/{call}", "/Conferences/{conference}")
WISHES = ("paused", "stopped", "in-progress")
SILENCE = "silence"
PAUSES = (SILENCE, "skip")


class Recordings(Resources):
    """What the exchange has recorded lately, each with its sound as a WAV file, and what it is recording."""

    def routes(self) -> Sequence[web.RouteDef]:
        routes = [web.post(self.path("/Calls/{call}/Recordings.json"), self.create)]
        for folder in FOLDERS:
            one = self.path(folder + "/Recordings/{recording}.json")
            routes.append(web.get(self.path(f"{folder}/Recordings.json"), self.index))
            routes += [web.get(one, self.fetch), web.delete(one, self.remove)]
            routes += [web.post(one, self.update)] if folder else []
        media = self.path("/Recordings/{recording}")
        return [*routes, web.get(f"{media}.wav", self.media), web.get(media, self.media)]

    async def index(self, request: web.Request) -> web.Response:
        """All of them, or those of one call or conference."""
        wanted = request.query
        shown = [
            self._show(one, request)
            for one in self._those_below(request)
            if wanted.get("CallSid", one.call_sid) == one.call_sid
            and wanted.get("ConferenceSid", one.conference_sid) == one.conference_sid
            and is_dated(request, "DateCreated", one.began_at)
        ]
        return page(request, "recordings", shown)

    async def create(self, request: web.Request) -> web.Response:
        """Record a call from now on. Raises Problem 21220 for one that is not under way, or not carried here."""
        form, line = await Form.of(request), self.line(request)
        plan = recording_plan(form, Source.CALL_BY_API)
        is_under_way = line.call.status is CallStatus.IN_PROGRESS
        running = line.record(plan, self.switchboard.shelf) if is_under_way else None
        if running is None:
            raise Problem(400, NOT_ELIGIBLE, "Requested resource is not eligible for recording")
        return web.json_response(self._show(running.recording, request), status=201)

    async def fetch(self, request: web.Request) -> web.Response:
        return web.json_response(self._show(self._recording(request), request))

    async def update(self, request: web.Request) -> web.Response:
        """Pause a recording that is under way, go on with it, or stop it. Raises Problem 21220 for one that is over."""
        form, recording = await Form.of(request), self._recording(request)
        wish, pause = form.one_of("Status", WISHES, ""), form.one_of("PauseBehavior", PAUSES, SILENCE)
        running = self.switchboard.shelf.running(recording.sid)
        if running is None:
            raise Problem(400, NOT_ELIGIBLE, "The recording is over")
        match wish:
            case "paused":
                running.pause(keeps_time=pause == SILENCE)
            case "stopped":
                running.stop()
            case _:
                running.go_on()
        shown = self._show(self.switchboard.shelf.get(recording.sid) or recording, request)
        return web.json_response({**shown, "status": wish})

    async def remove(self, request: web.Request) -> web.Response:
        """Raises Problem 20009 for one that is under way."""
        recording = self._recording(request)
        if self.switchboard.shelf.running(recording.sid) is not None:
            raise Problem(409, STILL_GOES_ON, "The recording is still in progress; stop it first")
        self.switchboard.shelf.delete(recording.sid)
        return web.Response(status=204)

    async def media(self, request: web.Request) -> web.Response:
        """The sound, for whoever knows its address, as with Twilio: so that it can be played in a call."""
        recording = self._recording(request)
        if recording.status is not RecordingStatus.COMPLETED:
            raise not_found(request)
        wav = await asyncio.to_thread(recording.wav)
        return web.Response(body=wav, content_type="audio/wav")

    def _those_below(self, request: web.Request) -> Sequence[KeptRecording]:
        """Those that the path is about, the latest first."""
        path = request.match_info
        call, conference = path.get("call"), path.get("conference")
        return [
            one for one in self.switchboard.shelf if call in (None, one.call_sid) and conference in (None, one.conference_sid)
        ]

    def _recording(self, request: web.Request) -> KeptRecording:
        sid, shelf = request.match_info["recording"], self.switchboard.shelf
        for one in self._those_below(request):
            if sid == one.sid or (sid == CURRENT and shelf.running(one.sid) is not None):
                return one
        raise not_found(request)

    def _show(self, recording: KeptRecording, request: web.Request) -> Resource:
        began_at, is_over = rfc2822(recording.began_at), recording.status is RecordingStatus.COMPLETED
        return {
            "sid": recording.sid,
            "account_sid": recording.account_sid,
            "call_sid": recording.call_sid,
            "conference_sid": recording.conference_sid,
            "source": recording.source,
            "status": recording.status,
            "channels": recording.channels,
            "duration": str(recording.duration_seconds) if is_over else "-1",
            "start_time": began_at,
            "date_created": began_at,
            "date_updated": began_at,
            "error_code": None,
            "price": None,
            "price_unit": "USD",
            "encryption_details": None,
            "api_version": API_VERSION,
            "uri": self.path(f"/Recordings/{recording.sid}.json"),
            **_particular(recording, request),
        }


def _particular(recording: KeptRecording, request: web.Request) -> Resource:
    """What Twilio tells only of the account's recordings, or only of a call's."""
    match request.match_info:
        case {"call": _}:
            return {"track": recording.track}
        case {"conference": _}:
            return {}
    return {"media_url": recording.url, "subresource_uris": {}}
