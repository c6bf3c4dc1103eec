"""Signed webhooks in, TwiML out, with Flask; the routes of sounds are in `sounds.py`. Any worker can serve any turn.

Anything may arrive here; the answer is a document that a caller can go on with, or a plain refusal to strangers.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, Response, abort, g, request
from twilio.request_validator import RequestValidator
from werkzeug.exceptions import HTTPException, InternalServerError

from activation.redaction import holds_foreign_key, redact
from ivr import twiml
from ivr.conversation import Conversation, Waiting
from ivr.heard import AskedForPerson, MovedByPeople, Silence
from ivr.house import Incoming
from ivr.phone_numbers import PhoneNumber
from ivr.script import Script
from ivr.sound_names import SoundNames

APOLOGIES_BEFORE_GOODBYE = 3
_LANGUAGE = re.compile(r"[?&]language=([a-z]+)")
_CASE_NUMBER = re.compile(r"[0-9]{6}", re.ASCII)
_SID = re.compile(r"[A-Za-z0-9]{2,64}", re.ASCII)
_LONGEST_LOGGED = 200

log = logging.getLogger(__name__)


class Webhooks:
    """The line's answers to webhooks. `public_url` is what Twilio calls us by when a proxy stands in between; with `names`,
    sentences go there as sound of ours."""

    def __init__(
        self,
        conversation: Conversation,
        scripts: Mapping[str, Script],
        auth_token: str,
        public_url: str | None = None,
        names: SoundNames | None = None,
    ) -> None:
        self._conversation, self._scripts = conversation, scripts
        self._validator, self._public_url, self._names = RequestValidator(auth_token), public_url, names

    def refuse_forged_requests(self) -> None:
        """What is signed is a webhook; a sound that never changes is for whoever plays it."""
        if request.method in ("GET", "HEAD"):
            return
        signature = request.headers.get("X-Twilio-Signature", "")
        for base in filter(None, (self._public_url, request.host_url)):
            if self._validator.validate(base.rstrip("/") + _path(), request.form, signature):
                g.called_as = base
                return
        abort(403, "The signature does not fit. Behind a proxy, set ACTIVATION_CENTER_PUBLIC_URL to the address Twilio calls.")

    def turn(self) -> Response:
        """The next turn of a call."""
        return self._document(self._conversation.answer(_incoming()))

    def status(self) -> Response:
        """What became of a call."""
        if twiml.is_over(request.form):
            self._conversation.hang_up(_sid(), _case_number())
        return Response(status=204)

    def wait(self) -> Response:
        """One more round in the queue."""
        following = self._conversation.wait(Waiting(_sid(), *twiml.waiting(request.form)))
        script = self._scripts[following.language]
        return self._document(twiml.render_wait(script, following.said, leave=following.leaves))

    def moved(self) -> Response:
        """People have moved a caller: to themselves, back into the queue, back to the line."""
        return self._document(self._conversation.answer(replace(_incoming(), heard=MovedByPeople())))

    def callback(self) -> Response:
        """Somebody answered the call that people made about a case."""
        if not _case_number():
            abort(400, "A callback needs the number of its case, six digits.")
        return self._document(self._conversation.answer(replace(_incoming(), case_number=_case_number())))

    def fallback(self) -> Response:
        """A document of ours, or a sound in it, did not reach the telephony side."""
        code, url = twiml.failure(request.form)
        log.error("Call %s came to the fallback: error %s at %s", _sid(), _loggable(code), _loggable(url))
        return self._apology()

    def apology(self) -> Response:
        """A person for who asks for one; else on with the prompt in hand, remembering how often that has failed."""
        incoming = _incoming()
        if twiml.asks_for_person(request.form):
            return self._document(self._conversation.answer(replace(incoming, heard=AskedForPerson())))
        answer = self._conversation.answer(replace(incoming, turn=None))
        return self._document(twiml.remember_failures(answer, _failures()))

    def apologise(self, error: Exception) -> Response | HTTPException:
        """The line's last resort, the one broad handler of the house: an apology, never silence."""
        if isinstance(error, HTTPException):
            return error
        if request.method != "POST":
            log.exception("The sound at %s failed", _loggable(request.path))
            return InternalServerError()
        log.exception("A webhook of call %s failed", _loggable(twiml.call_sid(request.form)))
        return self._apology()

    def _apology(self) -> Response:
        script, failures = self._script_of_call(), _failures() + 1
        if failures > APOLOGIES_BEFORE_GOODBYE:
            return _xml(twiml.render_goodbye(script))
        turn = f"&turn={request.args['turn']}" if request.args.get("turn", type=int) else ""
        language = f"&language={script.language}" if script.language != self._conversation.line.language else ""
        return _xml(twiml.render_apology(script, f"/voice/apology?failures={failures}{turn}{language}"))

    def _script_of_call(self) -> Script:
        """The language that the address names, this one or the one that failed; nothing is read for it that may fail too."""
        named = _LANGUAGE.search(request.full_path) or _LANGUAGE.search(twiml.failure(request.form)[1])
        usual = self._scripts[self._conversation.line.language]
        return self._scripts.get(named[1], usual) if named else usual

    def _document(self, document: str) -> Response:
        """On its way out. Telephony of our own calls no public URL and speaks itself; after a failure, words are safer."""
        if self._names is None or _failures() or g.called_as != self._public_url:
            return _xml(document)
        names = self._names
        return _xml(twiml.played(document, lambda utterance: f"/voice/sound/{names.write(utterance)}.wav"))


def turn_address(turn: int, language: str, usual: str) -> str:
    """Where a turn is answered. Another language than the line's usual one stands in it, so that an apology can be in it."""
    return f"/voice?turn={turn}" + (f"&language={language}" if language != usual else "")


def voice_blueprint(webhooks: Webhooks) -> Blueprint:
    """The routes below `/voice` that telephony sides call."""
    blueprint = Blueprint("voice", __name__, url_prefix="/voice")
    blueprint.before_request(webhooks.refuse_forged_requests)
    blueprint.register_error_handler(Exception, webhooks.apologise)
    blueprint.post("")(webhooks.turn)
    others = webhooks.status, webhooks.wait, webhooks.moved, webhooks.callback, webhooks.fallback, webhooks.apology
    for answer in others:
        blueprint.post(f"/{answer.__name__}")(answer)
    return blueprint


def _incoming() -> Incoming:
    turn = request.args.get("turn", type=int)
    caller, dialled = map(PhoneNumber, twiml.numbers(request.form))
    if twiml.is_moved_elsewhere(request.form):
        return Incoming(_sid(), None, Silence(), caller, dialled)
    return Incoming(_sid(), turn, twiml.heard(request.form), caller, dialled, country=twiml.country(request.form))


def _case_number() -> str:
    """The case about which people called; empty for calls that came in."""
    number = request.args.get("case", "")
    return number if _CASE_NUMBER.fullmatch(number) else ""


def _failures() -> int:
    """How often in a row this call has heard an apology; the line's own documents carry the count."""
    return request.args.get("failures", 0, type=int)


def _sid() -> str:
    sid = twiml.call_sid(request.form)
    if not _SID.fullmatch(sid) or holds_foreign_key(sid):
        abort(400, "A voice webhook needs a CallSid.")
    return sid


def _loggable(text: str) -> str:
    """What came in as it may stand in a log line: quoted, so that it forges no line, short, and without a foreign key."""
    return repr(redact(text[: 2 * _LONGEST_LOGGED])[:_LONGEST_LOGGED])


def _path() -> str:
    """The part of the address behind the host, as it was called."""
    return request.full_path if request.query_string else request.path


def _xml(document: str) -> Response:
    return Response(document, mimetype="text/xml")
