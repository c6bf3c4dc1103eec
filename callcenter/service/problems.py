"""Refusals of the HTTP services as RFC 9457 problem details: a stable `code` for programs, a sentence for people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from logging import getLogger

from flask import Blueprint, Response, current_app, jsonify, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException, MethodNotAllowed

PROBLEM_JSON = "application/problem+json"
TOO_LARGE = "too_large"
BUSY = "busy"
"""The code of a request whose turn at the database did not come."""
BUSY_SECONDS = 10
"""When to send it again: as long as it has waited in vain."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal. `code` never changes once published; `detail` says what was wrong and what to do; `members` are further
    ones of this kind of problem. After `retry_after_seconds` the same request may do."""

    status: HTTPStatus
    code: str
    detail: str
    members: Mapping[str, str | int] = field(default_factory=dict)
    retry_after_seconds: int | None = None

    def document(self) -> dict[str, str | int]:
        """The problem as it is sent; `type` is blank (RFC 9457, 4.2.1), `code` tells kinds apart."""
        said: dict[str, str | int] = {"type": "about:blank", "title": self.status.phrase, "status": int(self.status)}
        return said | {"detail": self.detail, "code": self.code, **self.members}

    def response(self) -> Response:
        """The problem as `application/problem+json`."""
        answer = jsonify(self.document())
        answer.status_code, answer.mimetype = self.status, PROBLEM_JSON
        if self.retry_after_seconds is not None:
            answer.headers["Retry-After"] = str(self.retry_after_seconds)
        return answer


FAULTS: Mapping[HTTPStatus, str] = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.INTERNAL_SERVER_ERROR: "internal_error",
}
"""What Flask answers by itself where no service does, and the problem's code."""
_IN_ENGLISH = {
    "not_found": "There is nothing at this address. Compare it with the description of the service.",
    "method_not_allowed": "This address takes another method: the header Allow names it.",
    "internal_error": "The activation centre has failed at this request. Send the same request again later.",
}
_SERVICES = "activation-center-services"


def answer_with_problems(blueprint: Blueprint, path: str, sentence: Callable[[str], str] = _IN_ENGLISH.__getitem__) -> None:
    """Makes a problem of what Flask would answer with a page at `path` and below it; `sentence` words its code.

    Most of these requests reach no view, so Flask asks the application about them and never the blueprint.
    """

    def keep(state: BlueprintSetupState) -> None:
        state.app.extensions.setdefault(_SERVICES, {})[path] = sentence
        for status in FAULTS:
            state.app.register_error_handler(status, _problem_or_page)

    blueprint.record(keep)


def _problem_or_page(fault: HTTPException) -> Response | HTTPException:
    sentences: Mapping[str, Callable[[str], str]] = current_app.extensions[_SERVICES]
    asked = next((path for path in sentences if request.path == path or request.path.startswith(f"{path}/")), None)
    if asked is None or fault.code is None:
        return fault
    status = HTTPStatus(fault.code)
    answer = Problem(status, FAULTS[status], sentences[asked](FAULTS[status])).response()
    if isinstance(fault, MethodNotAllowed) and fault.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(fault.valid_methods))  # RFC 9110, 15.5.6
    return answer


def busy(fault: Exception) -> Response:
    """What a service says, in English, where the database could not be used; the operator reads why."""
    getLogger(__name__).warning("%s", fault)
    sentence = "The activation centre is very busy. Wait a few seconds, then send the same request again."
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, BUSY, sentence, retry_after_seconds=BUSY_SECONDS).response()
