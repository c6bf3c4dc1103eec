"""Participants of a conference. Source: https://www.twilio.com/docs/voice/api/conference-participant-resource."""

import re
from collections.abc import Sequence

from aiohttp import web

from pbx.line import Line
from pbx.rest.answers import Problem, Resource, not_found, page, rfc2822
from pbx.rest.calls import NO_RECIPIENT, NO_SENDER, ordered
from pbx.rest.changes import change_participant
from pbx.rest.form import Form
from pbx.rest.invitation import invitation, room_terms
from pbx.rest.resource import Resources
from pbx.rooms.conferences import Conference
from pbx.rooms.participant import Participant

ROOM_UNKNOWN = 16022
CONFERENCE_SID = re.compile(r"CF[0-9a-f]{32}", re.ASCII)
FILTERS = ("Muted", "Hold", "Coaching")


class Participants(Resources):
    """Who is in a conference. Nobody is listed in one that is over."""

    def routes(self) -> Sequence[web.RouteDef]:
        everybody = self.path("/Conferences/{conference}/Participants.json")
        one = self.path("/Conferences/{conference}/Participants/{participant}.json")
        return [
            web.get(everybody, self.index),
            web.post(everybody, self.create),
            web.get(one, self.fetch),
            web.post(one, self.update),
            web.delete(one, self.remove),
        ]

    async def index(self, request: web.Request) -> web.Response:
        wanted = {name.lower(): request.query[name].lower() == "true" for name in FILTERS if name in request.query}
        shown = [self._show(participant) for participant in self._room(request).participants]
        return page(request, "participants", [one for one in shown if wanted.items() <= one.items()])

    async def fetch(self, request: web.Request) -> web.Response:
        return web.json_response(self._show(self._participant(request)))

    async def create(self, request: web.Request) -> web.Response:
        """Ring a phone; whoever answers is in the conference, which a name that is not in use creates."""
        form = await Form.of(request)
        caller, called = form.required("From", NO_SENDER), form.required("To", NO_RECIPIENT)
        terms = room_terms(form)
        name = request.match_info["conference"]
        rooms = self.switchboard.conferences
        room = rooms.live(name)
        if room is None and CONFERENCE_SID.fullmatch(name):
            raise Problem(404, ROOM_UNKNOWN, "The conference does not exist or is over")
        room = room or rooms.open(name, self.switchboard.account_sid, terms)
        order = ordered(form, caller, called, invitation(room.sid, terms))
        line = self.switchboard.make_call(order)
        room.expect(line.call.sid, terms.label)
        line.on_end = lambda: room.expect_no_more(line.call.sid)
        shown = self._show(Participant(room, line.call, terms, line.created_at, lambda hearing: None))
        return web.json_response({**shown, "status": "queued", "queue_time": "0"}, status=201)

    async def update(self, request: web.Request) -> web.Response:
        form, participant = await Form.of(request), self._participant(request)
        change_participant(self._room(request), participant, form)
        return web.json_response(self._show(participant))

    async def remove(self, request: web.Request) -> web.Response:
        """Put a participant out of the room; the call goes on with its next verb. Who still rings rings no more."""
        ringing = self._ringing(request)
        if ringing is not None:
            ringing.cancel()
        else:
            self._room(request).remove(self._participant(request), kicked=True)
        return web.Response(status=204)

    def _room(self, request: web.Request) -> Conference:
        room = self.switchboard.conferences.get(request.match_info["conference"])
        if room is None:
            raise not_found(request)
        return room

    def _participant(self, request: web.Request) -> Participant:
        """By call sid or label."""
        key = request.match_info["participant"]
        present = self._room(request).participants
        participant = next((one for one in present if key in (one.call.sid, one.terms.label)), None)
        if participant is None:
            raise not_found(request)
        return participant

    def _ringing(self, request: web.Request) -> Line | None:
        """The call, by its sid or label, to somebody who was invited and has not answered."""
        key = request.match_info["participant"]
        invited = self._room(request).expected.items()
        lines = [self.switchboard.line(sid) for sid, label in invited if key in (sid, label)]
        return next((line for line in lines if line is not None and line.call.answered_at is None), None)

    def _show(self, participant: Participant) -> Resource:
        terms, room_sid = participant.terms, participant.room.sid
        return {
            "account_sid": self.switchboard.account_sid,
            "call_sid": participant.call.sid,
            "conference_sid": room_sid,
            "label": terms.label or None,
            "muted": terms.muted,
            "hold": participant.held is not None,
            "coaching": bool(terms.coaches),
            "call_sid_to_coach": terms.coaches or None,
            "start_conference_on_enter": terms.starts_on_enter,
            "end_conference_on_exit": terms.ends_on_exit,
            "status": "connected",
            "queue_time": None,
            "date_created": rfc2822(participant.joined_at),
            "date_updated": rfc2822(participant.updated_at),
            "uri": self.path(f"/Conferences/{room_sid}/Participants/{participant.call.sid}.json"),
        }
