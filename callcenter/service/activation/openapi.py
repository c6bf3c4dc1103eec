"""`GET /activate/openapi.json`: the description, drawn from the fields and codes that the service itself works with."""

from functools import cache
from http import HTTPStatus
from typing import Any

import msgspec

from activation.claims import AgentReason, RefusalCode
from activation.tally import ASK_FIRST
from callcenter.service.activation.fields import (
    Activated,
    ActivationRequest,
    BatchAnswer,
    BatchRequest,
    Counts,
    CountsRequest,
    ProblemAnswer,
)
from callcenter.service.activation.wording import (
    MALFORMED_REQUEST,
    REQUEST_ID_REUSED,
    TOO_MANY_REQUESTS,
    short_code,
    status_of,
)
from callcenter.service.problems import BUSY, FAULTS, PROBLEM_JSON, TOO_LARGE

Json = dict[str, Any]

_TYPES = (ActivationRequest, BatchRequest, CountsRequest, Activated, BatchAnswer, Counts, ProblemAnswer)
_DECIDES_NOTHING = "A key's counts, for whoever has the key."


def codes_by_status() -> dict[HTTPStatus, tuple[str, ...]]:
    """Every code of a problem, under the status that it comes with."""
    codes: dict[HTTPStatus, list[str]] = {
        HTTPStatus.BAD_REQUEST: [MALFORMED_REQUEST],
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: [TOO_LARGE],
        HTTPStatus.CONFLICT: [ASK_FIRST, REQUEST_ID_REUSED, *(short_code(reason.value) for reason in AgentReason)],
        HTTPStatus.TOO_MANY_REQUESTS: [TOO_MANY_REQUESTS],
        HTTPStatus.INTERNAL_SERVER_ERROR: [FAULTS[HTTPStatus.INTERNAL_SERVER_ERROR]],
        HTTPStatus.SERVICE_UNAVAILABLE: [BUSY],
    }
    for refusal in RefusalCode:
        codes.setdefault(status_of(refusal), []).append(short_code(refusal.value))
    return {status: tuple(codes[status]) for status in sorted(codes)}


@cache
def describe() -> Json:
    """The whole description (OpenAPI 3.1)."""
    (_, components) = msgspec.json.schema_components(_TYPES, ref_template="#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Activation Center",
            "version": "1",
            "description": "Activation over the web. A simulator: it activates no real product.",
        },
        "paths": {
            "/activate": {"post": _operation("activate", "One installation asks.", ActivationRequest, Activated)},
            "/activate/batch": {
                "post": _operation("activateBatch", "Many installations ask at once.", BatchRequest, BatchAnswer)
            },
            "/activate/counts": {"post": _operation("counts", _DECIDES_NOTHING, CountsRequest, Counts)},
            "/activate/probe": {"get": _probe()},
        },
        "components": {"schemas": components},
    }


def _operation(name: str, summary: str, asked: type, answered: type) -> Json:
    responses = {"200": _content(summary, "application/json", answered)}
    for status, codes in codes_by_status().items():
        responses[str(int(status))] = _content(f"One of: {', '.join(codes)}.", PROBLEM_JSON, ProblemAnswer)
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [_header("User-Agent", "The activation software and its version."), _header("Accept-Language", _SPOKEN)],
        "requestBody": {"required": True, **_content("", "application/json", asked)},
        "responses": responses,
    }


_SPOKEN = "The languages of the answer's sentences, where the request names none: en, de, fr, es."


def _header(name: str, description: str) -> Json:
    return {"name": name, "in": "header", "description": description, "schema": {"type": "string"}}


def _content(description: str, media_type: str, what: type) -> Json:
    content = {"content": {media_type: {"schema": {"$ref": f"#/components/schemas/{what.__name__}"}}}}
    return {"description": description, **content} if description else content


def _probe() -> Json:
    said = {"200": {"description": "The service is there."}, "503": {"description": "Activation is out of order."}}
    return {"operationId": "probe", "summary": "Is the service there? Any status below 500 says so.", "responses": said}
