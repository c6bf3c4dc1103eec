"""The service's routes. Everything is JSON; what goes wrong is an RFC 9457 problem in the asker's language."""

from collections.abc import Callable
from http import HTTPStatus
from logging import getLogger
from typing import TypeVar

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from callcenter.service.activation.batch import activate_batch
from callcenter.service.activation.fields import ActivationRequest, BatchRequest, CountsRequest
from callcenter.service.activation.openapi import describe
from callcenter.service.activation.reading import Malformed, Wrong, read_request
from callcenter.service.activation.sentences import language_for
from callcenter.service.activation.service import Asker, Reply, Service, reply
from callcenter.service.activation.wording import OUTAGE_SECONDS
from callcenter.service.problems import answer_with_problems

_log = getLogger(__name__)

_PATH = "/activate"
MOST_BYTES = 8 * 1024
"""Of a request about one installation."""
MOST_BATCH_BYTES = 4 * 1024 * 1024
"""Of a batch: 10,000 rows as computers write them fit in with room to spare."""

Asked = TypeVar("Asked", ActivationRequest, BatchRequest, CountsRequest)


def activation_blueprint(service: Service) -> Blueprint:
    """`POST /activate`, `/activate/batch`, `/activate/counts`; `GET /activate/probe` and `/activate/openapi.json`."""
    blueprint = Blueprint("activation", __name__, url_prefix=_PATH)
    answer_with_problems(blueprint, _PATH, lambda code: service.wording(_asker(service, None)).sentences[code])

    @blueprint.post("")
    def activate() -> Response:
        return _answer(service, ActivationRequest, MOST_BYTES, service.activate)

    @blueprint.post("/batch")
    def batch() -> Response:
        return _answer(service, BatchRequest, MOST_BATCH_BYTES, lambda asked, asker: activate_batch(service, asked, asker))

    @blueprint.post("/counts")
    def counts() -> Response:
        return _answer(service, CountsRequest, MOST_BYTES, service.count)

    @blueprint.get("/probe")
    def probe() -> Response:
        """Whether the service is there (row 30): any status below 500."""
        if service.is_up():
            return Response("up\n", mimetype="text/plain")
        out_of_order = Response("out of order\n", HTTPStatus.SERVICE_UNAVAILABLE, mimetype="text/plain")
        out_of_order.headers["Retry-After"] = str(OUTAGE_SECONDS)
        return out_of_order

    @blueprint.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(describe())

    return blueprint


def _answer(service: Service, kind: type[Asked], most_bytes: int, work: Callable[[Asked, Asker], Reply]) -> Response:
    """Reads the request, lets it be worked on, and sends the reply."""
    asked = _read(kind, most_bytes)
    asker = _asker(service, None if isinstance(asked, Malformed) else asked)
    done = _done(service, asked, asker, work)
    answer = Response(done.body, done.status, content_type=done.media_type)
    answer.headers["Content-Language"] = asker.language
    answer.cache_control.no_store = True  # a confirmation ID is nobody else's
    if done.retry_after_seconds is not None:
        answer.headers["Retry-After"] = str(done.retry_after_seconds)
    return answer


def _done(service: Service, asked: Asked | Malformed, asker: Asker, work: Callable[[Asked, Asker], Reply]) -> Reply:
    """What came of it; where its turn at the database did not come, what a batch had kept by then stays kept."""
    if isinstance(asked, Malformed):
        return reply(service.wording(asker).malformed(asked))
    try:
        return work(asked, asker)
    except service.storage_fault as fault:
        _log.warning("%s", fault)
        return reply(service.wording(asker).busy())


def _read(kind: type[Asked], most_bytes: int) -> Asked | Malformed:
    request.max_content_length = most_bytes
    try:
        body = request.get_data()
    except RequestEntityTooLarge:
        return Malformed(Wrong.TOO_LARGE)
    return read_request(body, kind) if request.is_json else Malformed(Wrong.NOT_JSON)


def _asker(service: Service, asked: ActivationRequest | BatchRequest | CountsRequest | None) -> Asker:
    """Who asks: the address that the server sees, and what the request says of itself."""
    seen = request.remote_addr or ""
    told = None if asked is None or isinstance(asked, CountsRequest) else asked.ip_address
    wanted, accepted = asked.language if asked else None, [tag for tag, _ in request.accept_languages]
    return Asker(seen, service.geography.country(seen, told), language_for(wanted, accepted, service.language))
