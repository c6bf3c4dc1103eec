"""`POST /register`: what an owner tells about themselves, of their own will (rows 49-53).

It stands apart from activation: the request names a product and a person, never a key, an installation or hardware, and a
request that brings such a field along is refused by the field's name.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Protocol, TypeVar

import msgspec
from flask import Blueprint, Response, jsonify, request
from limits import RateLimitItemPerHour
from msgspec import Meta
from werkzeug.exceptions import RequestEntityTooLarge

from activation.catalogue import Catalogue
from activation.redaction import holds_foreign_key
from callcenter.floor.askers import digest_address
from callcenter.floor.records import RateCounters
from callcenter.floor.registrations import Registrant, Registration, Registrations
from callcenter.rate_limits import take
from callcenter.service.problems import TOO_LARGE, Problem, answer_with_problems

MOST_BODY_BYTES = 4096
MOST_AN_HOUR = 60
"""Registrations from one address; nobody fills in more by hand."""

Result = TypeVar("Result")
Line = Annotated[str, Meta(min_length=1, max_length=120)]
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_PER_ADDRESS = RateLimitItemPerHour(MOST_AN_HOUR)


class Transaction(Protocol):
    """One open transaction, as far as this service needs it."""

    @property
    def registrations(self) -> Registrations: ...
    @property
    def rate_counters(self) -> RateCounters: ...


class Store(Protocol):
    """The database."""

    def transaction(self, work: Callable[[Transaction], Result]) -> Result:
        """Runs `work` in one transaction and commits; on a conflict again."""


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body, field by field; `email` may stay empty."""

    request_id: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    product: Line
    name: Line
    address: Annotated[str, Meta(min_length=1, max_length=400)]
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    mailings: bool
    email: Annotated[str, Meta(max_length=254)] = ""


@dataclass(frozen=True, slots=True)
class Registry:
    """What registering needs: where to keep them, which products there are, the time and new IDs."""

    store: Store
    catalogue: Catalogue
    clock: Callable[[], datetime]
    new_id: Callable[[], str]


def registration_blueprint(registry: Registry) -> Blueprint:
    """The service at `POST /register`: 201 for a new registration, 200 for one sent a second time."""
    blueprint = Blueprint("registration", __name__)
    answer_with_problems(blueprint, "/register")

    @blueprint.post("/register")
    def register() -> Response:
        request.max_content_length = MOST_BODY_BYTES
        form = _read(request.get_data(), registry.catalogue)
        if isinstance(form, Problem):
            return form.response()
        kept = _keep(registry, form, request.remote_addr or "")
        if isinstance(kept, Problem):
            return kept.response()
        answer = jsonify(registered=True)
        answer.status_code = HTTPStatus.CREATED if kept else HTTPStatus.OK
        return answer

    @blueprint.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> Response:
        sentence = f"A registration has at most {MOST_BODY_BYTES} bytes."
        return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE, sentence).response()

    return blueprint


def _read(body: bytes, catalogue: Catalogue) -> Form | Problem:
    """The form, or which field will not do; what was typed is never repeated."""
    try:
        form = msgspec.convert(_trimmed(msgspec.json.decode(body)), type=Form)
    except (ValueError, RecursionError) as wrong:
        sentence = (
            "The registration names a field that does not belong to it." if holds_foreign_key(str(wrong)) else f"{wrong}."
        )
        return _malformed(sentence)
    if any(holds_foreign_key(text) for text in (form.name, form.address, form.email, form.product)):
        return _malformed("A registration holds no product key. Nothing was kept.")
    if form.email and not _EMAIL.fullmatch(form.email):
        return _malformed("The e-mail address is not one. Correct it or leave it empty.")
    if catalogue.product_named(form.product) is None:
        return _malformed("There is no product of that short name.")
    return form


def _trimmed(document: Any) -> Any:
    if not isinstance(document, dict):
        return document
    return {name: value.strip() if isinstance(value, str) else value for name, value in document.items()}


def _malformed(sentence: str) -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, "malformed_request", sentence)


def _keep(registry: Registry, form: Form, address: str) -> bool | Problem:
    """Whether it is a new one."""
    now, id = registry.clock(), registry.new_id()

    def work(tx: Transaction) -> bool | Problem:
        if more := take(tx.rate_counters, _PER_ADDRESS, f"register/{digest_address(address)}", now):
            sentence = "Those were many registrations from one address. Try again later."
            return Problem(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", sentence, retry_after_seconds=more.seconds)
        return tx.registrations.add(_registration(form, registry.catalogue, id, now), form.request_id)

    return registry.store.transaction(work)


def _registration(form: Form, catalogue: Catalogue, id: str, now: datetime) -> Registration:
    product = catalogue.product_named(form.product)
    assert product is not None  # `_read` has looked
    registrant = Registrant(form.name, form.address, form.email)
    return Registration(id, product.code, form.country, form.mailings, registrant, now)
