"""What Flask would answer with a page is a problem below the services' addresses, and a page elsewhere."""

import pytest
from flask.testing import FlaskClient

from callcenter.service.activation.service import Service
from callcenter.service.registration import Registry
from house.instance import House
from house.web import create_app


@pytest.fixture(scope="module")
def client(house: House) -> FlaskClient:
    app = create_app(house)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app.test_client()


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "allowed"),
    [
        ("GET", "/activate", 405, "method_not_allowed", "OPTIONS, POST"),
        ("DELETE", "/activate/batch", 405, "method_not_allowed", "OPTIONS, POST"),
        ("POST", "/activate/probe", 405, "method_not_allowed", "GET, HEAD, OPTIONS"),
        ("POST", "/activate/everything", 404, "not_found", None),
        ("GET", "/activate/batch/1", 404, "not_found", None),
        ("GET", "/media", 405, "method_not_allowed", "OPTIONS, POST"),
        ("POST", "/media/1", 404, "not_found", None),
        ("PUT", "/register", 405, "method_not_allowed", "OPTIONS, POST"),
    ],
)
def test_an_address_or_method_that_no_service_has_is_a_problem(
    client: FlaskClient, method: str, path: str, status: int, code: str, allowed: str | None
) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert (answer.json["status"], answer.json["code"], answer.headers.get("Allow")) == (status, code, allowed)


def test_it_is_said_in_the_askers_language(client: FlaskClient) -> None:
    answer = client.get("/activate/everything", headers={"Accept-Language": "fr"})
    assert answer.json["detail"].startswith("Il n'y a rien à cette adresse.")


@pytest.mark.parametrize(
    ("kind", "act", "method", "path"),
    [(Service, "is_up", "GET", "/activate/probe"), (Registry, "clock", "POST", "/register")],
)
def test_what_fails_unforeseen_is_a_problem_that_tells_nothing_of_the_inside(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, kind: type, act: str, method: str, path: str
) -> None:
    def fail(_self: object) -> None:
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(kind, act, property(fail))
    owner = {"name": "Ada", "address": "1 Example Road", "country": "GB", "mailings": False}
    form = {"request_id": "r-1", "product": "windows-7-professional", **owner}
    answer = client.open(path, method=method, json=form if method == "POST" else None)
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert answer.json["code"] == "internal_error"
    assert "inside" not in answer.text


@pytest.mark.parametrize("path", ["/nothing", "/activated", "/mediation"])
def test_elsewhere_it_is_a_page(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
