"""Refusals of the HTTP services as RFC 9457 problem details: a stable `code` for programs, a sentence for people."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, jsonify


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal. `code` never changes once published; `detail` says what was wrong and what to do."""

    status: HTTPStatus
    code: str
    detail: str

    def response(self) -> Response:
        """The problem as `application/problem+json`; `type` is blank (RFC 9457, 4.2.1), `code` tells kinds apart."""
        title = self.status.phrase
        answer = jsonify(type="about:blank", title=title, status=self.status, detail=self.detail, code=self.code)
        answer.status_code = self.status
        answer.mimetype = "application/problem+json"
        return answer
