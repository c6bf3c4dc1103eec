"""How the REST face answers: JSON, pages, and problems. Source: https://www.twilio.com/docs/usage/twilios-response."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from email.utils import format_datetime
from operator import eq, ge, le
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

DEFAULT_PAGE_SIZE = 50
LARGEST_PAGE_SIZE = 1000

BAD_PARAMETER = 20001
COMPARISONS = {"": eq, "<": le, ">": ge}
"""How a filter by date ends, and what that means: both ends are included."""

Resource = Mapping[str, Any]


class Problem(Exception):
    """A request that cannot be done: HTTP status, Twilio's code, and the sentence."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(status, code, message)
        self.status = status
        self.code = code
        self.message = message

    def response(self) -> web.Response:
        body = {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
        return web.json_response(body, status=self.status)


def not_found(request: web.Request) -> Problem:
    return Problem(404, 20404, f"The requested resource {request.path} was not found")


def rfc2822(moment: datetime | None) -> str | None:
    """A moment in UTC as Twilio writes it; None for one that has not come."""
    return format_datetime(moment) if moment is not None else None


def is_dated(request: web.Request, name: str, moment: datetime | None) -> bool:
    """Whether a moment fits the query's filters of that name: `NAME=2026-01-31` that UTC day, `NAME<=` until, `NAME>=` from it.

    Raises Problem 20001 for what is no date. Source: /docs/voice/api/call-resource#read-multiple-call-resources.
    """
    for suffix, fits in COMPARISONS.items():
        given = request.query.get(name + suffix)
        if given is not None and (moment is None or not fits(moment.astimezone(UTC).date(), _day(name, given))):
            return False
    return True


def _day(name: str, given: str) -> date:
    try:
        return datetime.fromisoformat(given).date()
    except ValueError:
        raise Problem(400, BAD_PARAMETER, f"{name} must be a date such as 2026-01-31") from None


def page(request: web.Request, name: str, resources: Sequence[Resource]) -> web.Response:
    """One page of a listing, by Page and PageSize. Source: /docs/usage/twilios-response#pagination."""
    size = min(max(_whole_number(request, "PageSize", DEFAULT_PAGE_SIZE), 1), LARGEST_PAGE_SIZE)
    number = _whole_number(request, "Page", 0)
    start = number * size
    shown = resources[start : start + size]
    has_next = start + size < len(resources)
    body = {
        name: shown,
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + max(len(shown) - 1, 0),
        "uri": _page_uri(request, number, size),
        "first_page_uri": _page_uri(request, 0, size),
        "next_page_uri": _page_uri(request, number + 1, size) if has_next else None,
        "previous_page_uri": _page_uri(request, number - 1, size) if number else None,
    }
    return web.json_response(body)


def _page_uri(request: web.Request, number: int, size: int) -> str:
    kept = [(name, value) for name, value in request.query.items() if name not in ("Page", "PageSize", "PageToken")]
    return f"{request.path}?{urlencode([*kept, ('PageSize', size), ('Page', number)])}"


def _whole_number(request: web.Request, name: str, default: int) -> int:
    value = request.query.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 6 else default
