"""What may be sent is exactly what is listed (rows 20 to 22); anything else is refused by name, and nothing is repeated."""

import json
from string import ascii_lowercase

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcenter.service.activation.fields import ActivationRequest, BatchRequest, CountsRequest
from callcenter.service.activation.reading import Malformed, Wrong, read_request

RETAIL, RETAIL_2003 = 1, 11
WHOLE = {
    "sent_at": "2026-03-14T15:09:26Z",
    "language": "en-GB",
    "product_id": "SIM1E-000-00000001-12345",
    "product_version": "6.1.7601",
    "activation_version": "1.0",
    "pre_activated": False,
    "computers": 1,
}
PERSONAL = ("name", "email", "mail", "phone", "telephone", "address", "company", "user_name", "serial_number", "computer_name")
FOREIGN = "BCDFG-HJKMP-QRTVW-XY234-6789B"


def test_every_listed_field_is_accepted(web) -> None:
    # row 21: header data, product ID and key, hardware hash, date and time, language, versions
    answer = web.ask(RETAIL, **WHOLE, product_key=web.label(RETAIL), hardware_hash=web.hash_of("machine"))
    assert answer.status_code == 200


def test_later_generations_also_send_an_example_address_and_the_first_does_not(web) -> None:
    # rows 21, 22: the address is accepted from a newer system and not on the list of the 2003 generation
    assert web.ask(RETAIL, ip_address="192.0.2.7").status_code == 200
    refused = web.ask(RETAIL_2003, ip_address="192.0.2.7")
    assert (refused.status_code, refused.get_json()["code"]) == (400, "malformed_request")
    assert "ip_address" in refused.get_json()["detail"]
    assert web.ask(RETAIL_2003).status_code == 200


@pytest.mark.parametrize("field", PERSONAL)
def test_nothing_personal_can_travel(web, field: str) -> None:
    # rows 20, 21: a request has no name, mail or phone field; others are refused by name
    refused = web.ask(RETAIL, **{field: "Ada"})
    assert (refused.status_code, refused.get_json()["code"]) == (400, "malformed_request")
    assert f"not known here: {field}." in refused.get_json()["detail"]
    assert web.used(RETAIL) == 0


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "lacks the field request_id"),
        ({"request_id": "a"}, "lacks the field installation_id"),
        ({"request_id": "a b"}, "The field request_id is not what it should be"),
        ({"request_id": "a\n"}, "The field request_id"),
        ({"request_id": "a" * 65}, "The field request_id"),
        ({"request_id": "a", "installation_id": 12}, "The field installation_id"),
        ({"request_id": "a", "installation_id": "1" * 257}, "The field installation_id"),
        ({"request_id": "a", "installation_id": "1", "hardware_hash": "12"}, "The field hardware_hash"),
        ({"request_id": "a", "installation_id": "1", "sent_at": "yesterday"}, "The field sent_at"),
        ({"request_id": "a", "installation_id": "1", "sent_at": "2026-03-14T15:09:26"}, "The field sent_at"),
        ({"request_id": "a", "installation_id": "1", "sent_at": "2026-03-14T15:09:26+01:00"}, "The field sent_at"),
        ({"request_id": "a", "installation_id": "1", "language": "d'oh"}, "The field language"),
        ({"request_id": "a", "installation_id": "1", "ip_address": "here"}, "The field ip_address"),
        ({"request_id": "a", "installation_id": "1", "computers": 0}, "The field computers"),
        ({"request_id": "a", "installation_id": "1", "computers": True}, "The field computers"),
        ({"request_id": "a", "installation_id": "1", "product_key": "SIMON"}, "not a simulator key"),
    ],
)
def test_what_will_not_do_is_said_by_the_fields_name(web, body: dict[str, object], sentence: str) -> None:
    refused = web.post(**body)
    assert refused.status_code == 400
    assert sentence in refused.get_json()["detail"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"null", b"\xff\xfe", b'{"a": "\xff"}', b'"text"', b'{"request_id":' + b"[" * 8000, b"[" * 8000]
)
def test_what_is_no_json_object_is_said(web, body: bytes) -> None:
    refused = web.client.post("/activate", data=body, content_type="application/json")
    assert (refused.status_code, refused.get_json()["code"]) == (400, "malformed_request")


def test_a_form_is_no_json(web) -> None:
    assert web.client.post("/activate", data={"request_id": "a"}).get_json()["detail"].startswith("The request is not a JSON")


def test_a_request_that_is_too_large_is_said(web) -> None:
    refused = web.post(request_id="a", installation_id="1" * 9000)
    assert (refused.status_code, refused.get_json()["code"], refused.get_json()["detail"]) == (
        413,
        "too_large",
        "The request is too large. Send one installation alone, or fewer rows at a time.",
    )


@pytest.mark.parametrize(
    "field", ["product_key", "request_id", "installation_id", "product_version", "product_id", FOREIGN, FOREIGN.lower()]
)
def test_a_foreign_product_key_is_refused_unread_wherever_it_stands(web, field: str) -> None:
    body = {"request_id": "a", "installation_id": web.shows(RETAIL)} | {field: FOREIGN}
    refused = web.post(**body)
    assert refused.status_code in (400, 422)
    assert FOREIGN.lower() not in refused.text.lower()
    assert web.used(RETAIL) == 0


def test_the_key_and_the_hash_are_held_against_the_installation_id(web) -> None:
    for other in ({"product_key": web.label(2)}, {"hardware_hash": "0" * 16}):
        refused = web.ask(RETAIL, **other)
        assert refused.status_code == 400
        assert f"The field {next(iter(other))} does not belong to this installation ID." in refused.get_json()["detail"]
    invented = web.label(RETAIL)[:-1] + ("B" if web.label(RETAIL)[-1] != "B" else "C")
    assert web.count() == 0
    assert web.ask(RETAIL, product_key=invented).get_json()["code"] == "unknown_key"
    assert (web.used(RETAIL), web.count(), web.count(code="refused.unknown_key")) == (0, 1, 1)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KINDS = st.sampled_from([ActivationRequest, BatchRequest, CountsRequest])
NAMES = sorted({field for kind in (ActivationRequest, BatchRequest, CountsRequest) for field in kind.__struct_fields__})


@given(body=st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()), kind=KINDS)
def test_any_bytes_are_read_or_refused_as_a_value(body: bytes, kind: type) -> None:
    assert isinstance(read_request(body, kind), Malformed | kind)


@given(values=st.dictionaries(st.sampled_from(NAMES), json_values, max_size=6), kind=KINDS)
def test_a_request_is_read_only_when_every_field_is_of_its_kind(values: dict[str, object], kind: type) -> None:
    read = read_request(json.dumps(values).encode(), kind)
    if isinstance(read, Malformed):
        assert read.wrong in set(Wrong)
        assert read.field == "" or read.field.split(".")[0].split("[")[0] in NAMES
    else:
        assert read == msgspec.convert(values, kind)


@given(name=st.text(ascii_lowercase + "_", min_size=1, max_size=20).filter(lambda name: name not in NAMES and name[0] != "_"))
@settings(suppress_health_check=[HealthCheck.filter_too_much])
def test_a_field_that_is_not_listed_is_refused_by_name(name: str) -> None:
    body = {"request_id": "a", "installation_id": "1", name: "x"}
    assert read_request(json.dumps(body).encode(), ActivationRequest) == Malformed(Wrong.UNKNOWN_FIELD, name)


@given(name=st.text(max_size=40).filter(lambda name: not name.isascii() or " " in name))
def test_a_name_that_is_none_is_not_repeated(name: str) -> None:
    read = read_request(json.dumps({"request_id": "a", "installation_id": "1", name: 1}).encode(), ActivationRequest)
    assert isinstance(read, Malformed)
    assert read.field in ("…", "")
