"""Refusals of the HTTP services as RFC 9457 problem details: a stable `code` for programs, a sentence for people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from logging import getLogger

from flask import Response, jsonify

PROBLEM_JSON = "application/problem+json"
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


def busy(fault: Exception) -> Response:
    """What a service says, in English, where the database could not be used; the operator reads why."""
    getLogger(__name__).warning("%s", fault)
    sentence = "The activation centre is very busy. Wait a few seconds, then send the same request again."
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, BUSY, sentence, retry_after_seconds=BUSY_SECONDS).response()
