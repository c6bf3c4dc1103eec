"""`POST /register`: what it takes, what it refuses by name, what it keeps."""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from activation.catalogue import Catalogue
from callcenter.floor.registrations import Registrant
from callcenter.service.registration import MOST_AN_HOUR, Registry, registration_blueprint
from data.store import Store

FOREIGN_KEY = "BCDFG-HJKMP-QRTVW-XY234-6789B"
FORM = {
    "request_id": "r-1",
    "product": "windows-7-professional",
    "name": " Rosa Lindgren ",
    "address": "4 Heron Lane\nEly",
    "email": "rosa@example.org",
    "country": "GB",
    "mailings": True,
}


@pytest.fixture
def client(store: Store, catalogue: Catalogue, now: datetime) -> FlaskClient:
    ids = count(1)
    app = Flask(__name__)
    app.register_blueprint(registration_blueprint(Registry(store, catalogue, lambda: now, lambda: f"id{next(ids)}")))
    return app.test_client()


@pytest.fixture
def refused(client: FlaskClient, store: Store) -> Callable[[object], str]:
    """Sends something that is refused; its sentence."""

    def send(form: object) -> str:
        answer = client.post("/register", json=form)
        assert answer.status_code == 400
        assert answer.mimetype == "application/problem+json"
        assert answer.json["code"] == "malformed_request"
        assert store.read(lambda tx: tx.registrations.all()) == ()
        return str(answer.json["detail"])

    return send


def test_a_registration_is_kept_with_what_it_said(
    client: FlaskClient, store: Store, catalogue: Catalogue, now: datetime
) -> None:
    assert client.post("/register", json=FORM).status_code == 201
    (kept,) = store.read(lambda tx: tx.registrations.all())
    product = catalogue.product_named("windows-7-professional")
    assert product
    assert (kept.product, kept.country, kept.wants_mailings, kept.registered_at) == (product.code, "GB", True, now)
    assert kept.registrant == Registrant("Rosa Lindgren", "4 Heron Lane\nEly", "rosa@example.org")


def test_sent_again_it_is_kept_once(client: FlaskClient, store: Store) -> None:
    client.post("/register", json=FORM)
    assert client.post("/register", json=FORM).status_code == 200
    assert len(store.read(lambda tx: tx.registrations.all())) == 1


@pytest.mark.parametrize("field", ["installation_id", "product_key", "hardware_hash", "product_id"])
def test_a_field_of_activation_is_refused_by_its_name(refused: Callable[[object], str], field: str) -> None:
    assert field in refused(FORM | {field: "1"})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "  "}, "$.name"),
        ({"address": ""}, "$.address"),
        ({"country": "gb"}, "$.country"),
        ({"mailings": "yes"}, "$.mailings"),
        ({"email": "nobody"}, "e-mail"),
        ({"product": "windows-12"}, "product"),
        ({"request_id": "a b"}, "$.request_id"),
    ],
)
def test_a_field_that_will_not_do_is_named(refused: Callable[[object], str], change: dict[str, Any], words: str) -> None:
    assert words in refused(FORM | change)


@pytest.mark.parametrize("field", ["name", "address", "email", "product"])
def test_a_foreign_key_is_refused_unread(refused: Callable[[object], str], field: str) -> None:
    assert "HJKMP" not in refused(FORM | {field: FOREIGN_KEY})


def test_a_field_called_like_a_foreign_key_is_not_repeated(refused: Callable[[object], str]) -> None:
    assert "HJKMP" not in refused(FORM | {FOREIGN_KEY: "1"})


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 3000, b"\xff"])
def test_what_is_no_registration_is_a_sentence(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/register", data=body)
    assert (answer.status_code, answer.json["code"]) == (400, "malformed_request")


def test_too_much_is_a_sentence(client: FlaskClient) -> None:
    assert client.post("/register", data=b"x" * 5000).status_code == 413


def test_one_address_cannot_fill_the_table(client: FlaskClient, store: Store) -> None:
    for number in range(MOST_AN_HOUR):
        assert client.post("/register", json=FORM | {"request_id": f"r-{number}"}).status_code == 201
    answer = client.post("/register", json=FORM | {"request_id": "one more"})
    assert answer.status_code == 400, "a request that is malformed is not counted"
    answer = client.post("/register", json=FORM | {"request_id": "one-more"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    assert len(store.read(lambda tx: tx.registrations.all())) == MOST_AN_HOUR
