"""Participants of a conference. Source: https://www.twilio.com/docs/voice/api/conference-participant-resource."""

from collections.abc import Sequence
from dataclasses import replace

from aiohttp import web

from pbx.call import CallStatus
from pbx.request import Twiml
from pbx.rest.answers import Problem, Resource, not_found, page, rfc2822
from pbx.rest.changes import change_participant
from pbx.rest.form import Form
from pbx.rest.invitation import invitation, room_terms
from pbx.rest.orders import ordered
from pbx.rest.resource import Resources
from pbx.rooms.conference import Conference
from pbx.rooms.conferences import CONFERENCE_SID
from pbx.rooms.participant import Participant
from pbx.rooms.seat import Terms

ROOM_UNKNOWN, LABEL_TAKEN = 16022, 16025
NOWHERE = Twiml("")
"""Where a phone that is rung for a conference goes, until it is known which."""
STATUSES = {CallStatus.QUEUED: "queued", CallStatus.RINGING: "ringing"}
"""Of who is not in the conference yet."""
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
        """Who is in it, and who is being rung for it."""
        wanted = {name.lower(): request.query[name].lower() == "true" for name in FILTERS if name in request.query}
        shown = [self._show(participant) for participant in _everybody(self.room(request))]
        return page(request, "participants", [one for one in shown if wanted.items() <= one.items()])

    async def fetch(self, request: web.Request) -> web.Response:
        return web.json_response(self._show(self._one_of(_everybody(self.room(request)), request)))

    async def create(self, request: web.Request) -> web.Response:
        """Ring a phone; whoever answers is in the conference, which a name that is not in use creates."""
        form = await Form.of(request)
        order, terms = ordered(form, NOWHERE), room_terms(form)
        room = self._room_to_enter(request, terms)
        line = self.switchboard.make_call(replace(order, destination=invitation(room.sid, terms)))
        participant = Participant(room, line.call, terms, line.created_at, lambda hearing: None)
        room.expect(participant)
        line.on_end = lambda: room.expect_no_more(participant)
        return web.json_response({**self._show(participant), "queue_time": "0"}, status=201)

    async def update(self, request: web.Request) -> web.Response:
        form, room = await Form.of(request), self.room(request)
        participant = self._one_of(room.participants, request)
        change_participant(room, participant, form)
        return web.json_response(self._show(participant))

    async def remove(self, request: web.Request) -> web.Response:
        """Put a participant out of the room; the call goes on with its next verb. Who still rings rings no more."""
        room = self.room(request)
        participant = self._one_of(_everybody(room), request)
        line = self.switchboard.line(participant.call.sid)
        if participant in room.participants:
            room.remove(participant, kicked=True)
        elif line is not None:
            line.cancel()
        return web.Response(status=204)

    def _room_to_enter(self, request: web.Request, terms: Terms) -> Conference:
        """The live conference of that sid or name, or a new one of the name. Raises Problem 16022 or, for a label, 16025."""
        name = request.match_info["conference"]
        room = self.switchboard.conferences.live(name)
        if room is None and CONFERENCE_SID.fullmatch(name):
            raise Problem(404, ROOM_UNKNOWN, "The conference does not exist or is over")
        if room is not None and terms.label and any(one.terms.label == terms.label for one in room.participants):
            raise Problem(400, LABEL_TAKEN, "A participant of that Label is in the conference already")
        return room or self.switchboard.conferences.open(name, self.switchboard.account_sid, terms)

    def _one_of(self, participants: Sequence[Participant], request: web.Request) -> Participant:
        """By call sid or label."""
        key = request.match_info["participant"]
        participant = next((one for one in participants if key in (one.call.sid, one.terms.label)), None)
        if participant is None:
            raise not_found(request)
        return participant

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
            "status": STATUSES.get(participant.call.status, "connected"),
            "queue_time": None,
            "date_created": rfc2822(participant.joined_at),
            "date_updated": rfc2822(participant.updated_at),
            "uri": self.path(f"/Conferences/{room_sid}/Participants/{participant.call.sid}.json"),
        }


def _everybody(room: Conference) -> Sequence[Participant]:
    """Who is in it, and who was invited and has not answered."""
    invited = (one for one in room.expected.values() if one.call.answered_at is None and not one.call.status.is_final)
    return [*room.participants, *invited]
