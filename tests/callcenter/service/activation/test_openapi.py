"""The description holds for the code: its fields, its codes, and what really comes over the wire."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from activation.claims import AgentReason, RefusalCode
from callcenter.service.activation.fields import ActivationRequest, BatchRequest, BatchRow, CountsRequest

RETAIL, MSDN, MAK, REGIONAL = 1, 3, 4, 8


@pytest.fixture
def described(web) -> dict[str, Any]:
    return web.client.get("/activate/openapi.json").get_json()


def schema(described: dict[str, Any], path: str, status: int | str) -> Draft202012Validator:
    """What an answer with this status is said to look like."""
    content = described["paths"][path]["post"]["responses"][str(status)]["content"]
    (media,) = content.values()
    return Draft202012Validator({**media["schema"], "components": described["components"]})


def test_the_description_is_sound(described: dict[str, Any]) -> None:
    validate(described)


@pytest.mark.parametrize("kind", [ActivationRequest, BatchRequest, BatchRow, CountsRequest])
def test_every_field_of_the_code_is_described_and_no_other(described: dict[str, Any], kind: type) -> None:
    # rows 21, 22: the list is closed
    said = described["components"]["schemas"][kind.__name__]
    assert set(said["properties"]) == set(kind.__struct_fields__)
    assert said["additionalProperties"] is False


def test_every_code_is_described_under_its_status(described: dict[str, Any]) -> None:
    responses = described["paths"]["/activate"]["post"]["responses"]
    said = " ".join(response["description"] for response in responses.values())
    wanted = {each.value.partition(".")[2] for kind in (RefusalCode, AgentReason) for each in kind}
    wanted |= {
        "ask_first",
        "malformed_request",
        "too_many_requests",
        "request_id_reused",
        "busy",
        "too_large",
        "internal_error",
    }
    assert {code for code in wanted if code not in said.replace(",", " ").replace(".", " ").split()} == set()
    assert set(responses) == {"200", "400", "403", "409", "413", "422", "429", "500", "503"}


def test_every_described_path_is_there_and_every_path_described(web, described: dict[str, Any]) -> None:
    rules = {rule.rule for rule in web.app.url_map.iter_rules() if rule.endpoint.startswith("activation.")}
    assert set(described["paths"]) | {"/activate/openapi.json"} == rules


def test_what_comes_over_the_wire_is_as_described(make_web, described: dict[str, Any]) -> None:
    web = make_web(requests_per_minute=7)
    answers = [
        web.ask(MAK, "one"),
        web.ask(MAK, "one", request_id="a"),
        web.ask(RETAIL, "one"),
        web.ask(RETAIL, "two"),
        web.ask(REGIONAL, seen="192.0.2.1"),
        web.ask(MAK, product="vista-business"),
        web.post(request_id="x"),
        web.ask(MAK, "other", request_id="a"),
        web.ask(MAK, "one"),
        web.ask(MAK, "one"),
    ]
    web.switch_outage(True)
    web.turn(minutes=2)
    answers.append(web.ask(MAK, "one"))
    assert [answer.status_code for answer in answers] == [200, 200, 200, 409, 403, 422, 400, 409, 200, 429, 503]
    for answer in answers:
        schema(described, "/activate", answer.status_code).validate(answer.get_json())


def test_a_batchs_answer_is_as_described(web, described: dict[str, Any]) -> None:
    rows = [{"row_id": str(n), "installation_id": web.shows(MAK, f"pc-{n}")} for n in range(6)]
    rows += [{"row_id": "bad", "installation_id": "1"}, {"row_id": "group", "installation_id": "2" * 54}]
    answer = web.batch(rows)
    schema(described, "/activate/batch", 200).validate(answer.get_json())
    counts = web.post("/activate/counts", product_key=web.label(MAK))
    schema(described, "/activate/counts", 200).validate(counts.get_json())
