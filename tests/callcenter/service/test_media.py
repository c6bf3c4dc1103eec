"""`POST /media`: what a key is exchanged for, and what it refuses without ever repeating it."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from activation.catalogue import Catalogue, Channel
from activation.keys import ProductKey, write_key
from activation.rules import KeyRecord
from activation.secrets import Secrets
from callcenter.service.media import MOST_BODY_BYTES, media_blueprint

FOREIGN_KEYS = [
    "BCDFG-HJKMP-QRTVW-XY234-6789B",
    "bcdfg hjkmp qrtvw xy234 6789b",
    "BCDFGHJKMPQRTVWXY2346789B",
    "My key: BCDFG–HJKMP–QRTVW–XY234–6789B!",
]
RETAIL, MAK, MAK_B, VOLUME, BLOCKED, STRANGE = range(1, 7)


@pytest.fixture(scope="module")
def records(catalogue: Catalogue) -> dict[int, KeyRecord]:
    def record(serial: int, product: str, channel: Channel) -> KeyRecord:
        found = catalogue.product_named(product)
        assert found
        return KeyRecord(serial, found.code, channel, allowed=1, used=0)

    keys = [
        record(RETAIL, "windows-7-home-premium", Channel.RETAIL),
        record(MAK, "windows-7-professional", Channel.MAK),
        record(MAK_B, "server-2008-r2-standard", Channel.MAK),
        record(VOLUME, "server-2003-standard", Channel.VOLUME),
        replace(record(BLOCKED, "windows-7-professional", Channel.MAK), blocked=True),
        KeyRecord(STRANGE, 255, Channel.RETAIL, allowed=1, used=0),
    ]
    return {key.serial: key for key in keys}


@pytest.fixture(scope="module")
def client(catalogue: Catalogue, secrets: Secrets, records: dict[int, KeyRecord]) -> FlaskClient:
    application = Flask(__name__)
    application.register_blueprint(media_blueprint(catalogue, secrets, records.get))
    return application.test_client()


@pytest.fixture(scope="module")
def keys(secrets: Secrets, records: dict[int, KeyRecord]) -> dict[int, str]:
    """Every key's text by serial, made in the first epoch, and one that no database knows."""
    known = {serial: write_key(ProductKey(1, record.product, serial), secrets) for serial, record in records.items()}
    return known | {999: write_key(ProductKey(1, 30, 999), secrets)}


def problem(answer: TestResponse) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json"
    body = answer.get_json()
    assert body["status"] == answer.status_code
    assert body["detail"].endswith(".")
    return answer.status_code, body["code"]


@pytest.mark.parametrize("as_form", [True, False])
def test_a_genuine_key_gets_its_media_by_json_and_by_form(client: FlaskClient, keys: dict[int, str], as_form: bool) -> None:
    body = {"key": keys[RETAIL]}
    answer = client.post("/media", data=body) if as_form else client.post("/media", json=body)
    document = answer.get_json()
    assert answer.status_code == 200
    assert document["product"]["name"] == "windows-7-home-premium"
    assert (document["channel"], document["serial"], document["grace_days"]) == ("retail", RETAIL, 30)
    assert document["header"]["layout"]["groups"] == [6] * 9
    assert document["countries"][0].keys() == {"code", "title", "number", "toll_free", "language"}
    assert document["late_activation_fault"] is False


def test_the_media_hold_the_newest_epochs_derived_keys_of_that_product_alone(
    client: FlaskClient, keys: dict[int, str], secrets: Secrets
) -> None:
    document = client.post("/media", json={"key": keys[RETAIL]}).get_json()
    installation_key = secrets.installation_key(2)
    assert document["header"]["epoch"] == 2
    assert document["keys"] == {
        "cipher": installation_key.cipher.hex(),
        "tag": installation_key.tag.hex(),
        "confirmation": secrets.confirmation_key(2, document["product"]["code"]).hex(),
    }


def test_no_secret_of_the_centre_is_in_the_media(client: FlaskClient, keys: dict[int, str], secrets: Secrets) -> None:
    text = client.post("/media", json={"key": keys[MAK]}).get_data(as_text=True)
    kept = [*secrets.masters.values(), *(secrets.product_key_secret(epoch) for epoch in secrets.masters)]
    assert not any(secret.hex() in text for secret in kept)
    assert keys[MAK] not in text


def test_media_are_not_to_be_kept_by_caches(client: FlaskClient, keys: dict[int, str]) -> None:
    assert client.post("/media", json={"key": keys[MAK]}).cache_control.no_store


@pytest.mark.parametrize("shape", [str.lower, lambda key: key.replace("-", " "), lambda key: f"  {key}\n"])
def test_a_key_is_read_as_people_type_it(client: FlaskClient, keys: dict[int, str], shape: Callable[[str], str]) -> None:
    assert client.post("/media", json={"key": shape(keys[MAK])}).status_code == 200


def test_a_volume_key_installs_every_edition_of_its_group(client: FlaskClient, keys: dict[int, str]) -> None:
    own = client.post("/media", json={"key": keys[MAK]}).get_json()
    other = client.post("/media", json={"key": keys[MAK], "product": "windows-7-enterprise"}).get_json()
    assert (own["product"]["name"], other["product"]["name"]) == ("windows-7-professional", "windows-7-enterprise")
    assert own["product"]["group"] == other["product"]["group"]
    assert own["keys"]["confirmation"] != other["keys"]["confirmation"]


@pytest.mark.parametrize(
    ("serial", "product"),
    [
        (MAK, "vista-business"),
        (MAK, "windows-7-home-premium"),
        (MAK_B, "server-2008-r2-datacenter"),
        (RETAIL, "windows-7-ultimate"),
        (VOLUME, "server-2003-web"),
        (MAK, "no such product"),
    ],
)
def test_a_product_outside_the_keys_reach_is_refused_with_what_it_does_install(
    client: FlaskClient,
    keys: dict[int, str],
    records: dict[int, KeyRecord],
    catalogue: Catalogue,
    serial: int,
    product: str,
) -> None:
    answer = client.post("/media", json={"key": keys[serial], "product": product})
    assert problem(answer) == (422, "product_not_served")
    assert catalogue.products[records[serial].product].name in answer.get_json()["detail"]
    assert product not in answer.get_json()["detail"]


def test_an_empty_product_means_the_keys_own(client: FlaskClient, keys: dict[int, str]) -> None:
    answer = client.post("/media", data={"key": keys[RETAIL], "product": " "})
    assert answer.get_json()["product"]["name"] == "windows-7-home-premium"


def test_a_blocked_key_still_gets_its_media(client: FlaskClient, keys: dict[int, str]) -> None:
    assert client.post("/media", json={"key": keys[BLOCKED]}).status_code == 200


@pytest.mark.parametrize("serial", [999, STRANGE])
def test_a_key_that_the_database_or_the_catalogue_does_not_know_is_unknown(
    client: FlaskClient, keys: dict[int, str], serial: int
) -> None:
    assert problem(client.post("/media", json={"key": keys[serial]})) == (404, "key_unknown")


def test_a_mistyped_key_is_not_genuine(client: FlaskClient, keys: dict[int, str]) -> None:
    mistyped = keys[MAK][:-1] + ("B" if keys[MAK][-1] != "B" else "C")
    assert problem(client.post("/media", json={"key": mistyped})) == (422, "key_not_genuine")


@pytest.mark.parametrize("text", ["hello", "SIM", "SIM12-34567", "\ud800", "٣" * 25])
def test_a_text_that_is_no_key_is_told_the_shape(client: FlaskClient, text: str) -> None:
    assert problem(client.post("/media", json={"key": text})) == (422, "key_shape")


@pytest.mark.parametrize("field", ["key", "product"])
@pytest.mark.parametrize("foreign", FOREIGN_KEYS)
@pytest.mark.parametrize("as_form", [True, False])
def test_a_foreign_key_is_refused_unread_and_appears_nowhere(
    client: FlaskClient,
    keys: dict[int, str],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    field: str,
    foreign: str,
    as_form: bool,
) -> None:
    caplog.set_level(logging.DEBUG)
    body = {"key": keys[MAK], field: foreign}
    answer = client.post("/media", data=body) if as_form else client.post("/media", json=body)
    assert problem(answer) == (422, "key_foreign")
    seen = answer.get_data(as_text=True) + str(answer.headers) + caplog.text + "".join(capfd.readouterr())
    assert "hjkmp" not in seen.lower()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"", "application/x-www-form-urlencoded"),
        (b"null", "application/json"),
        (b"[]", "application/json"),
        (b'"key"', "application/json"),
        (b'{"key": 5}', "application/json"),
        (b'{"key": "  "}', "application/json"),
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * MOST_BODY_BYTES, "application/json"),
        (b"key", "text/plain"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
    ],
)
def test_a_request_without_a_key_is_told_how_to_send_one(client: FlaskClient, body: bytes, content_type: str) -> None:
    assert problem(client.post("/media", data=body, content_type=content_type)) == (400, "key_missing")


@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("length", [MOST_BODY_BYTES + 1, 1_000_000])
def test_a_body_beyond_the_limit_is_refused(client: FlaskClient, content_type: str, length: int) -> None:
    body = json.dumps({"key": "x" * length}).encode()
    assert problem(client.post("/media", data=body, content_type=content_type)) == (413, "too_large")
