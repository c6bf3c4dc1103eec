"""Calls. Source: https://www.twilio.com/docs/voice/api/call-resource."""

from collections.abc import Sequence

from aiohttp import web

from pbx.call import API_VERSION, CallStatus
from pbx.exchange.switchboard import LONGEST_CALL_SECONDS
from pbx.line import Line
from pbx.rest.answers import BAD_PARAMETER, Problem, Resource, is_dated, page, rfc2822
from pbx.rest.form import Form
from pbx.rest.orders import LIMIT_SECONDS, ordered
from pbx.rest.resource import Resources

NOT_IN_PROGRESS = 21220
STILL_GOES_ON = 20009
NEVER_HERE = dict.fromkeys(("answered_by", "forwarded_from", "group_sid", "trunk_sid", "price", "stir_verstat"))
"""Fields of a call that mean nothing on an exchange without carriers, bills and answering machines."""

BESIDE = ("TimeLimit", "StatusCallback")
"""What can be changed about a call that stays where it is."""
BELOW = {"notifications": "Notifications", "recordings": "Recordings"}
"""What is listed for each call by itself."""


class Calls(Resources):
    """The calls of the exchange, live and lately over."""

    def routes(self) -> Sequence[web.RouteDef]:
        return [
            web.get(self.path("/Calls.json"), self.index),
            web.post(self.path("/Calls.json"), self.create),
            web.get(self.path("/Calls/{call}.json"), self.fetch),
            web.post(self.path("/Calls/{call}.json"), self.update),
            web.delete(self.path("/Calls/{call}.json"), self.remove),
        ]

    async def index(self, request: web.Request) -> web.Response:
        wanted = request.query
        shown = [
            self.show(line)
            for line in self.switchboard
            if wanted.get("Status", line.call.status) == line.call.status
            and wanted.get("From", line.call.caller) == line.call.caller
            and wanted.get("To", line.call.called) == line.call.called
            and wanted.get("ParentCallSid", line.call.parent_sid) == line.call.parent_sid
            and is_dated(request, "StartTime", line.call.answered_at)
            and is_dated(request, "EndTime", line.call.ended_at)
        ]
        return page(request, "calls", shown)

    async def create(self, request: web.Request) -> web.Response:
        form = await Form.of(request)
        order = ordered(form, form.destination())
        return web.json_response(self.show(self.switchboard.make_call(order)), status=201)

    async def fetch(self, request: web.Request) -> web.Response:
        return web.json_response(self.show(self.line(request)))

    async def update(self, request: web.Request) -> web.Response:
        """Move the call, end it, or change what it is told and how long it lasts.

        Raises Problem 21220 for one that cannot be moved any more, or not yet.
        """
        form, line = await Form.of(request), self.line(request)
        limit_seconds = form.number("TimeLimit", LONGEST_CALL_SECONDS, LIMIT_SECONDS)
        line.report = form.report() or line.report
        if form.has("Status"):
            self._end(line, form.one_of("Status", ("completed", "canceled"), "completed"))
        elif form.has("Url") or form.has("Twiml") or not any(map(form.has, BESIDE)):
            self._move(line, form)
        if form.has("TimeLimit") and not line.call.status.is_final:
            self.switchboard.limit(line, limit_seconds)
        return web.json_response(self.show(line))

    async def remove(self, request: web.Request) -> web.Response:
        """Forget a call that is over. Raises Problem 20009 for one that is not."""
        line = self.line(request)
        if not line.call.status.is_final:
            raise Problem(409, STILL_GOES_ON, "The call is still in progress; end it first")
        self.switchboard.forget(line)
        return web.Response(status=204)

    def _move(self, line: Line, form: Form) -> None:
        if form.has("Url") and form.has("Twiml"):
            raise Problem(400, BAD_PARAMETER, "Url and Twiml exclude each other")
        destination, fallback = form.destination(), form.fallback()
        if line.call.status is not CallStatus.IN_PROGRESS:
            raise Problem(400, NOT_IN_PROGRESS, "Call is not in-progress. Cannot redirect.")
        line.redirect(destination, fallback)

    def _end(self, line: Line, wish: str) -> None:
        """`canceled` ends only a call that is not answered yet; one that is over already stays as it is."""
        status = line.call.status
        if status.is_final or (wish == "canceled" and status is CallStatus.IN_PROGRESS):
            return
        if status is CallStatus.IN_PROGRESS:
            line.hang_up()
        else:
            line.cancel()

    def show(self, line: Line) -> Resource:
        call = line.call
        uri = self.path(f"/Calls/{call.sid}")
        number = self.switchboard.numbers.dialled(call.called)
        return {
            **NEVER_HERE,
            "sid": call.sid,
            "account_sid": call.account_sid,
            "to": call.called,
            "to_formatted": call.called,
            "from": call.caller,
            "from_formatted": call.caller,
            "status": call.status,
            "direction": call.direction,
            "parent_call_sid": call.parent_sid,
            "caller_name": call.caller_name,
            "phone_number_sid": number.sid if number is not None else None,
            "date_created": rfc2822(line.created_at),
            "date_updated": rfc2822(line.updated_at),
            "start_time": rfc2822(call.answered_at),
            "end_time": rfc2822(call.ended_at),
            "duration": str(call.duration_seconds) if call.ended_at is not None else None,
            "price_unit": "USD",
            "queue_time": "0",
            "api_version": API_VERSION,
            "uri": f"{uri}.json",
            "subresource_uris": {name: f"{uri}/{folder}.json" for name, folder in BELOW.items()},
        }
