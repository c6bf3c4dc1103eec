"""The only file that says a Flask word: signed webhooks in, TwiML out. Any worker can serve any turn.

Anything may arrive here; the answer is a document that a caller can go on with, or a plain refusal to strangers.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import Blueprint, Response, abort, request
from twilio.request_validator import RequestValidator
from werkzeug.exceptions import HTTPException

from activation.redaction import holds_foreign_key, redact
from ivr import twiml
from ivr.conversation import Conversation, Waiting
from ivr.heard import AskedForPerson, MovedByPeople, Silence
from ivr.house import Incoming
from ivr.phone_numbers import PhoneNumber
from ivr.script import Script

APOLOGIES_BEFORE_GOODBYE = 3
MUSIC_KEPT_SECONDS = 24 * 3600
_CASE_NUMBER = re.compile(r"[0-9]{6}", re.ASCII)
_SID = re.compile(r"[A-Za-z0-9]{2,64}", re.ASCII)
_LONGEST_LOGGED = 200

log = logging.getLogger(__name__)


def voice_blueprint(
    conversation: Conversation,
    scripts: Mapping[str, Script],
    auth_token: str,
    public_url: str | None,
    music: Callable[[], bytes],
) -> Blueprint:
    """The routes below `/voice`. `public_url` is what Twilio calls us by when a proxy stands in between; `music` gives what
    waiting callers hear, as WAV."""
    blueprint = Blueprint("voice", __name__, url_prefix="/voice")
    validator = RequestValidator(auth_token)

    @blueprint.before_request
    def refuse_forged_requests() -> None:
        if request.method in ("GET", "HEAD"):
            return  # a sound that never changes, asked for by whoever plays it
        signature = request.headers.get("X-Twilio-Signature", "")
        if not any(validator.validate(url, request.form, signature) for url in _signed_urls(public_url)):
            abort(
                403,
                "The signature does not fit. Behind a proxy, set ACTIVATION_CENTER_PUBLIC_URL to the address Twilio calls.",
            )

    @blueprint.post("")
    def turn() -> Response:
        return _document(conversation.answer(_incoming()))

    @blueprint.post("/status")
    def status() -> Response:
        if twiml.is_over(request.form):
            conversation.hang_up(_sid(), _case_number())
        return Response(status=204)

    @blueprint.post("/wait")
    def wait() -> Response:
        following = conversation.wait(Waiting(_sid(), *twiml.waiting(request.form)))
        return _document(twiml.render_wait(scripts[following.language], following.said, leave=following.leaves))

    @blueprint.post("/moved")
    def moved() -> Response:
        """People have moved a caller: to themselves, back into the queue, back to the line."""
        return _document(conversation.answer(replace(_incoming(), heard=MovedByPeople())))

    @blueprint.post("/callback")
    def callback() -> Response:
        """Somebody answered the call that people made about a case."""
        if not _case_number():
            abort(400, "A callback needs the number of its case, six digits.")
        return _document(conversation.answer(replace(_incoming(), case_number=_case_number())))

    @blueprint.route("/music", methods=["GET", "POST"])
    def hold_music() -> Response:
        response = Response(music(), mimetype="audio/wav")
        response.cache_control.public, response.cache_control.max_age = True, MUSIC_KEPT_SECONDS
        response.add_etag()
        response.make_conditional(request)
        return response

    @blueprint.post("/fallback")
    def fallback() -> Response:
        code, url = twiml.failure(request.form)
        log.error("Call %s came to the fallback: error %s at %s", _sid(), _loggable(code), _loggable(url))
        return _apology()

    @blueprint.post("/apology")
    def apology() -> Response:
        """A person for who asks for one; else on with the prompt in hand, remembering how often that has failed."""
        incoming = _incoming()
        if twiml.asks_for_person(request.form):
            return _document(conversation.answer(replace(incoming, heard=AskedForPerson())))
        answer = conversation.answer(replace(incoming, turn=None))
        return _document(twiml.remember_failures(answer, _failures()))

    @blueprint.errorhandler(Exception)
    def apologise(error: Exception) -> Response | HTTPException:
        """The line's last resort, the one broad handler of the house: an apology, never silence."""
        if isinstance(error, HTTPException):
            return error
        log.exception("A webhook of call %s failed", _loggable(twiml.call_sid(request.form)))
        return _apology()

    def _apology() -> Response:
        script, failures = next(iter(scripts.values())), _failures() + 1
        if failures > APOLOGIES_BEFORE_GOODBYE:
            return _document(twiml.render_goodbye(script))
        turn = f"&turn={request.args['turn']}" if request.args.get("turn", type=int) else ""
        return _document(twiml.render_apology(script, f"/voice/apology?failures={failures}{turn}"))

    return blueprint


def _incoming() -> Incoming:
    turn = request.args.get("turn", type=int)
    caller, dialled = map(PhoneNumber, twiml.numbers(request.form))
    if twiml.is_moved_elsewhere(request.form):
        return Incoming(_sid(), None, Silence(), caller, dialled)
    return Incoming(_sid(), turn, twiml.heard(request.form), caller, dialled)


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


def _signed_urls(public_url: str | None) -> list[str]:
    """The addresses it may have been signed for: the public one, and the one it arrived at (a phone on this machine)."""
    path = request.full_path if request.query_string else request.path
    return [base.rstrip("/") + path for base in (public_url, request.host_url) if base]


def _document(xml: str) -> Response:
    return Response(xml, mimetype="text/xml")
