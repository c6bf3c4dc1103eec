"""A Dial to phones: they ring, the first that answers hears its whisper, then talks with the caller.

Source: https://www.twilio.com/docs/voice/twiml/dial and .../number.
"""

from dataclasses import dataclass

from pbx.call import Call
from pbx.codes import CallError, Code
from pbx.meeting import Meeting
from pbx.scene import Dialler, Scene
from pbx.verbs.attend import Attend
from pbx.verbs.connection import connect
from pbx.verbs.dialled import Dialled, DialStatus
from pbx.verbs.nouns import Noun
from pbx.verbs.ringing import Reached, Ringing
from pbx.verbs.terms import DialTerms

SIP_OK = 200
TOLD_OF_SIP = ("SipCallId", "SipHeader_")


@dataclass(frozen=True, slots=True)
class Phones:
    """Rung all at once, or in turn."""

    nouns: tuple[Noun, ...]

    async def meet(self, scene: Scene, terms: DialTerms, dialled: Dialled) -> None:
        await connect(scene, terms, dialled, lambda: self._reach(scene, terms, dialled), lambda: _ring_back(scene, terms))

    async def _reach(self, scene: Scene, terms: DialTerms, dialled: Dialled) -> Meeting | None:
        """Where the caller meets the phone that answered; None when none did, or it was gone after its whisper."""
        dialler = scene.surroundings.dialler
        reached = await self._ring(scene, dialler, terms, dialled) if dialler is not None else None
        if reached is None:
            if dialled.child is None:
                dialled.status = DialStatus.FAILED  # there was nobody to be rung
            self._note_failure(scene, terms, dialled)
            return None
        dialled.connected(reached.answered.call, scene.call.clock())
        _note_sip(dialled, SIP_OK, reached.answered.call)
        meeting = Meeting(scene.surroundings.new_bridge())
        attend = Attend(meeting, reached.noun.digits, reached.noun.whisper)
        reached.attempt.carried_by(scene.beside(reached.answered, attend))
        return meeting if await meeting.begun() else None

    async def _ring(self, scene: Scene, dialler: Dialler, terms: DialTerms, dialled: Dialled) -> Reached | None:
        for nouns in [(noun,) for noun in self.nouns] if terms.in_turn else [self.nouns]:
            ringing = Ringing(dialler, scene.call, terms.caller_id or scene.call.caller)
            reached = await ringing.first_of(nouns, terms.timeout_seconds)
            if reached is not None:
                return reached
            dialled.status, dialled.child = ringing.status, ringing.latest
            _note_sip(dialled, ringing.sip_response, ringing.latest)
        return None

    def _note_failure(self, scene: Scene, terms: DialTerms, dialled: Dialled) -> None:
        if self.nouns and dialled.status is DialStatus.FAILED:
            scene.note(CallError(Code.NUMBER_UNKNOWN, terms.url, "nobody can be reached there", terms.line))


def _note_sip(dialled: Dialled, response_code: int | None, child: Call | None) -> None:
    """What is told of a SIP phone beyond others. Source: https://www.twilio.com/docs/voice/twiml/sip#dial-action."""
    if child is None or not child.called.startswith("sip"):
        return
    if response_code is not None:
        dialled.beyond["DialSipResponseCode"] = str(response_code)
    dialled.beyond |= {f"Dial{name}": value for name, value in child.parameters().items() if name.startswith(TOLD_OF_SIP)}


async def _ring_back(scene: Scene, terms: DialTerms) -> None:
    """What the caller hears meanwhile; one whose call is not answered hears it from their own network."""
    if terms.answers_on_bridge and scene.call.answered_at is None:
        await scene.leg.pause(terms.time_limit_seconds)
    else:
        await scene.leg.ring_back(terms.ring_tone)
