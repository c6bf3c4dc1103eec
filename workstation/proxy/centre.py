"""What the tool asks the activation centre: a batch of installation IDs, a key's count. Nothing personal is in either.

Whatever comes back is a value: an answer, a request to come again later, or a sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from importlib.metadata import version
from typing import Annotated

import msgspec
import requests
from msgspec import Meta, Struct

from activation.redaction import redact
from workstation.proxy.collection import Digits, Received, Refusal, Row

TIMEOUT_SECONDS = 120.0
USUAL_WAIT_SECONDS = 2.0
"""How long to wait where the centre does not say."""
_LATER = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
"""Answers after which some of a request may have been decided, so that it has to go out again under its own identifier."""
_USER_AGENT = f"activation-center-proxy/{version('activation-center')}"


class _Granted(Struct, tag_field="status", tag="granted"):
    row_id: str
    confirmation_id: tuple[Digits, ...]
    issue_number: Annotated[int, Meta(ge=0, le=9)]
    counted: bool


class _Refused(Struct, tag_field="status", tag="refused"):
    row_id: str
    code: str
    detail: str
    group: int | None = None
    right_product: str | None = None


class _Answers(Struct):
    rows: tuple[_Granted | _Refused, ...]
    remaining: dict[str, int] = {}


class _Problem(Struct):
    detail: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of each row, by its number, and what is left of the keys, by their last blocks."""

    rows: dict[int, Received | Refusal]
    remaining: dict[str, int]


class Count(Struct, frozen=True):
    """A volume key's count as the centre tells it; `key` is its last block."""

    key: str
    allowed: int
    used: int
    remaining: int


@dataclass(frozen=True, slots=True)
class Later:
    """No answer yet; the same request may be sent again after so many seconds."""

    wait_seconds: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The request as a whole was turned down, nothing in it was decided, and asking again in the same way will not help."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Centre:
    """An activation centre at its base URL."""

    url: str

    def ask(self, request_id: str, rows: Sequence[Row]) -> Answered | Later | Rejected:
        """Has these rows decided (`POST /activate/batch`); the same ID and rows get the same answer, and use nothing twice."""
        document = self._post("batch", {"request_id": request_id, "rows": [_asked(row) for row in rows]})
        if not isinstance(document, bytes):
            return document
        try:
            answers = msgspec.json.decode(document, type=_Answers)
        except (ValueError, RecursionError) as wrong:
            return self._not_understood(wrong)
        told = {answer.row_id: _told(answer) for answer in answers.rows}
        if told.keys() != {str(row.row_id) for row in rows}:
            return self._not_understood("it is about other rows")
        return Answered({int(row_id): answer for row_id, answer in told.items()}, answers.remaining)

    def count(self, product_key: str) -> Count | Later | Rejected:
        """What is left of a key (`POST /activate/counts`, row 75)."""
        document = self._post("counts", {"product_key": product_key})
        if not isinstance(document, bytes):
            return document
        try:
            return msgspec.json.decode(document, type=Count)
        except (ValueError, RecursionError) as wrong:
            return self._not_understood(wrong)

    def _post(self, service: str, body: object) -> bytes | Later | Rejected:
        """The document that a service answers with."""
        headers = {"Content-Type": "application/json", "User-Agent": _USER_AGENT, "Accept-Language": "en"}
        try:
            answer = requests.post(
                f"{self.url}/activate/{service}",
                data=msgspec.json.encode(body),
                headers=headers,
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.Timeout:
            return Later(USUAL_WAIT_SECONDS, redact(f"The activation centre at {self.url} has not answered in time."))
        except requests.ConnectionError:
            return Later(USUAL_WAIT_SECONDS, redact(f"No activation centre answers at {self.url}."))
        except (requests.RequestException, ValueError):  # some malformed addresses are urllib3's ValueErrors
            return Rejected(redact(f"{self.url} is not the address of an activation centre, such as http://HOST:PORT."))
        if answer.status_code == HTTPStatus.OK:
            return answer.content
        sentence = redact(
            _reason(answer.content) or f"The centre at {self.url} answered with HTTP status {answer.status_code}."
        )
        return Later(_wait_seconds(answer), sentence) if answer.status_code in _LATER else Rejected(sentence)

    def _not_understood(self, wrong: object) -> Rejected:
        sentence = f"The answer of {self.url} is not an activation centre's: {wrong}. It may be of another version."
        return Rejected(redact(sentence))


def _asked(row: Row) -> dict[str, str]:
    """All that is told of a computer."""
    asked = {"row_id": str(row.row_id), "installation_id": row.installation_id}
    return asked | {"product_key": row.product_key} if row.product_key else asked


def _told(answer: _Granted | _Refused) -> Received | Refusal:
    if isinstance(answer, _Granted):
        return Received(answer.confirmation_id, answer.issue_number, answer.counted)
    return Refusal(answer.code, redact(answer.detail), answer.group, answer.right_product)


def _reason(document: bytes) -> str | None:
    """The sentence of an RFC 9457 problem; None when the answer is something else (a proxy's error page)."""
    try:
        return msgspec.json.decode(document, type=_Problem).detail
    except (ValueError, RecursionError):
        return None


def _wait_seconds(answer: requests.Response) -> float:
    """The seconds that Retry-After asks for (RFC 9110, 10.2.3); what is no number of seconds counts as not said."""
    asked = answer.headers.get("Retry-After", "")
    return float(asked) if asked.isdecimal() and asked.isascii() else USUAL_WAIT_SECONDS
