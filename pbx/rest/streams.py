"""Streams of a call under way. Source: https://www.twilio.com/docs/voice/api/stream-resource."""

from collections.abc import Iterator, Sequence

from aiohttp import web
from lxml import etree

from pbx.interpreter import INLINE_URL, Interpreter
from pbx.reading import Reading
from pbx.rest.answers import BAD_PARAMETER, Problem, Resource, not_found, rfc2822
from pbx.rest.form import Form
from pbx.rest.resource import Resources
from pbx.verbs.stream import TRACKS, parse_stream

NOT_IN_PROGRESS = 21220
MOST_PARAMETERS = 99
ATTRIBUTES = {"url": "Url", "name": "Name", "track": "Track", "statusCallback": "StatusCallback"}
"""Those of the TwiML noun, each with what it is called in a form."""


class CallStreams(Resources):
    """A copy of a call's sound, sent to a WebSocket as Start does, begun and ended from outside."""

    def routes(self) -> Sequence[web.RouteDef]:
        folder = self.path("/Calls/{call}/Streams")
        return [web.post(f"{folder}.json", self.create), web.post(folder + "/{stream}.json", self.update)]

    async def create(self, request: web.Request) -> web.Response:
        """Raises Problem 21220 for a call that is not under way, or not carried here."""
        form, carrier, reading = await Form.of(request), self.line(request).carrier, Reading(INLINE_URL)
        terms = parse_stream(_noun(form), reading, TRACKS)
        if terms is None or reading.notices:
            raise Problem(400, BAD_PARAMETER, "; ".join(notice.detail for notice in reading.notices))
        if not isinstance(carrier, Interpreter) or carrier.call.answered_at is None or carrier.call.status.is_final:
            raise Problem(400, NOT_IN_PROGRESS, "Call is not in-progress. Cannot start a stream.")
        sid = terms.fork(carrier)
        if sid is None:
            raise Problem(400, BAD_PARAMETER, "The call has as many streams as it can have, or one of that Name")
        return web.json_response(self._show(request, sid, form.text("Name"), "in-progress"), status=201)

    async def update(self, request: web.Request) -> web.Response:
        """End a stream, by its sid or its name."""
        form, carrier = await Form.of(request), self.line(request).carrier
        form.one_of("Status", ("stopped",), "")
        stopped = carrier.forks.stop(request.match_info["stream"]) if isinstance(carrier, Interpreter) else None
        if stopped is None:
            raise not_found(request)
        return web.json_response(self._show(request, stopped.sid, stopped.name, "stopped"))

    def _show(self, request: web.Request, sid: str, name: str, status: str) -> Resource:
        call_sid = request.match_info["call"]
        return {
            "sid": sid,
            "account_sid": self.switchboard.account_sid,
            "call_sid": call_sid,
            "name": name or None,
            "status": status,
            "date_updated": rfc2822(self.switchboard.clock()),
            "uri": self.path(f"/Calls/{call_sid}/Streams/{sid}.json"),
        }


def _noun(form: Form) -> etree._Element:
    """The form as the TwiML noun, which is read in one place only."""
    noun = etree.Element("Stream")
    for attribute, name in ATTRIBUTES.items():
        if form.has(name):
            noun.set(attribute, form.text(name))
    noun.set("statusCallbackMethod", form.method("StatusCallbackMethod"))
    for name, value in _parameters(form):
        etree.SubElement(noun, "Parameter", name=name, value=value)
    return noun


def _parameters(form: Form) -> Iterator[tuple[str, str]]:
    """Parameter1.Name and Parameter1.Value, and so on."""
    for number in range(1, MOST_PARAMETERS + 1):
        if form.has(f"Parameter{number}.Name"):
            yield form.text(f"Parameter{number}.Name"), form.text(f"Parameter{number}.Value")
