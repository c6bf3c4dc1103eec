"""Registration: optional, personal, for one product, and apart from activation, which it never touches (rows 49 to 53).

The wizard sends it by HTTPS. The standalone one may, when port 443 cannot be reached, send it by plain HTTP to port 80, after a
warning. The setup log gets two facts and no more: the country, and whether mailings are wanted (row 52).
"""

import re
from dataclasses import dataclass
from http import HTTPStatus

import msgspec

from activation.redaction import holds_foreign_key
from workstation.activating import connection
from workstation.activating.addresses import (
    ACTIVATION_PATH,
    PROBE_PATH,
    REGISTRATION_PATH,
    Address,
    activation_address,
    probe_address,
)
from workstation.activating.connection import Answer, Failure
from workstation.computer.declined import Declined
from workstation.computer.machine import Machine
from workstation.keeping.setup_log import Code, Step
from workstation.words import say

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_EMAIL = 120, 400, 254
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_COUNTRY = re.compile("[A-Z]{2}")
_ACCEPTED = (HTTPStatus.OK, HTTPStatus.CREATED)


@dataclass(frozen=True, slots=True)
class Form:
    """What the owner tells; `email` may be empty, `country` is ISO 3166 in two letters."""

    name: str
    address: str
    email: str
    country: str
    mailings: bool


@dataclass(frozen=True, slots=True)
class Registered:
    """It was taken; `steps` are the two facts for the log, after a line on how it went where it went in clear."""

    sentence: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """It was not taken, and why. `is_blocked`: the encrypted way cannot be reached, and nothing was sent."""

    sentence: str
    steps: tuple[Step, ...]
    is_blocked: bool = False


def read_form(name: str, address: str, email: str, country: str, mailings: bool, language: str) -> Form | Declined:
    """What was typed, put in order, or the first thing about it that will not do."""
    form = Form(name.strip(), address.strip(), email.strip(), country.strip().upper(), mailings)
    if fault := _fault(form):
        return Declined(say(f"registration.{fault}", language))
    return form


def register(machine: Machine, form: Form, request_id: str) -> Registered | NotRegistered:
    """Sends the form by HTTPS; by HTTP only to a centre on this very machine."""
    address = activation_address(machine)
    if isinstance(address, Declined):
        return _not_sent(address.sentence)
    if not (address.is_secure or address.is_loopback):
        return _not_sent(say("internet.not_encrypted", machine.language, host=address.host))
    return _send(machine, form, request_id, address.instead_of(ACTIVATION_PATH, REGISTRATION_PATH))


def register_in_clear(machine: Machine, form: Form, request_id: str) -> Registered | NotRegistered:
    """Sends the form by plain HTTP, as the standalone wizard does when 443 is blocked (row 51); the log tells it."""
    address = probe_address(machine)
    if isinstance(address, Declined):
        return _not_sent(address.sentence)
    outcome = _send(machine, form, request_id, address.instead_of(PROBE_PATH, REGISTRATION_PATH))
    if isinstance(outcome, NotRegistered):
        return outcome
    words = say("registration.log_in_clear", machine.language, host=address.host, port=address.port)
    return Registered(outcome.sentence, (Step(Code.REGISTRATION_IN_CLEAR, words), *outcome.steps))


def warning_in_clear(machine: Machine) -> str | None:
    """What to tell before a form goes without encryption (row 51); None where there is no such way."""
    secure, plain = activation_address(machine), probe_address(machine)
    if isinstance(secure, Declined) or isinstance(plain, Declined):
        return None
    return say("registration.warning", machine.language, host=secure.host, port=secure.port, plain_port=plain.port)


def _fault(form: Form) -> str | None:
    """The key of the sentence on what is wrong with a form."""
    if any(holds_foreign_key(text) for text in (form.name, form.address, form.email)):
        return "foreign"
    if not form.name or len(form.name) > LONGEST_NAME:
        return "bad_name"
    if not form.address or len(form.address) > LONGEST_ADDRESS:
        return "bad_address"
    if form.email and not (_EMAIL.fullmatch(form.email) and len(form.email) <= LONGEST_EMAIL):
        return "bad_email"
    return None if _COUNTRY.fullmatch(form.country) else "bad_country"


def _send(machine: Machine, form: Form, request_id: str, address: Address) -> Registered | NotRegistered:
    body = {"request_id": request_id, "product": machine.media.product.name, **msgspec.to_builtins(form)}
    answer, language = connection.send(address, body, {"Accept-Language": machine.language}), machine.language
    if isinstance(answer, Answer) and answer.status in _ACCEPTED:
        return Registered(say("registration.thanks", language), _facts(form, language))
    if isinstance(answer, Answer):
        sentence = say("registration.refused", language, reason=_reason(answer))
        return _not_sent(sentence)
    sentence = say(f"registration.{answer.value}", language, host=address.host, port=address.port)
    return _not_sent(sentence, is_blocked=answer is Failure.SILENT)


def _facts(form: Form, language: str) -> tuple[Step, ...]:
    """The two facts that are logged."""
    consent = "registration.log_mailings" if form.mailings else "registration.log_no_mailings"
    return (
        Step(Code.REGISTRATION, say("registration.log_country", language, country=form.country)),
        Step(Code.REGISTRATION, say(consent, language)),
    )


def _not_sent(sentence: str, *, is_blocked: bool = False) -> NotRegistered:
    return NotRegistered(sentence, (Step(Code.REGISTRATION_FAILED, sentence),), is_blocked)


class _Problem(msgspec.Struct):
    detail: str


def _reason(answer: Answer) -> str:
    try:
        return connection.fit_to_show(msgspec.json.decode(answer.body, type=_Problem).detail)
    except (ValueError, RecursionError):
        return f"HTTP {answer.status}."
