"""The telephone's page and its tokens, as a browser asks for them."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from callcenter.service.pages import pages_blueprint
from callcenter.service.phone import Choice, Phones, choices, phone_blueprint
from pbx.browser.token import token_verifier

SID, TOKEN = "AC" + "0" * 32, "0123456789abcdef0123456789abcdef"


@pytest.fixture
def open_page() -> Callable[..., FlaskClient]:
    def serve(exchange_url: str | None = "http://127.0.0.1:4321", browser_url: str = "") -> FlaskClient:
        app = Flask("phones", static_folder=None)
        numbers = choices([("Ireland", "+353209100142", False), ("United States", "+18005550199", True)])
        app.register_blueprint(phone_blueprint("The Line", Phones(SID, TOKEN, lambda: exchange_url, numbers, browser_url)))
        app.register_blueprint(pages_blueprint("The Line", "+18005550199", lambda: None))
        return app.test_client()

    return serve


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_opens_the_page_gets_a_name_of_their_own_that_the_exchange_believes(open_page, method):
    browser, verify = open_page(), token_verifier(SID, TOKEN)
    first, second = (getattr(browser, method)("/phone/token") for _each in range(2))
    assert first.json["identity"] != second.json["identity"]
    assert first.json["identity"].startswith("visitor-")
    assert verify(first.json["token"]).name == first.json["identity"]
    assert first.json["url"] == "ws://127.0.0.1:4321/browser"
    assert first.headers["Cache-Control"] == "no-store"


def test_the_token_says_nothing_but_what_twilios_would(open_page):
    import jwt  # noqa: PLC0415 - what another library reads in it

    token = open_page().get("/phone/token").json["token"]
    header, claims = jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})
    assert (header["cty"], header["alg"]) == ("twilio-fpa;v=1", "HS256")
    assert (claims["iss"], claims["sub"], claims["exp"] - claims["nbf"]) == (SID, SID, 3600)
    assert claims["grants"]["voice"] == {"incoming": {"allow": True}}


def test_without_an_exchange_the_phone_is_dead_in_a_sentence(open_page):
    answer = open_page(None).get("/phone/token")
    assert (answer.status_code, answer.json["code"]) == (503, "no_exchange")
    assert "No exchange runs" in answer.json["detail"]
    assert "data-may-connect" not in open_page(None).get("/phone").text


def test_an_exchange_behind_https_is_reached_by_wss(open_page):
    assert open_page("https://line.example.com/exchange/").get("/phone/token").json["url"] == (
        "wss://line.example.com/exchange/browser"
    )


def test_browsers_reach_an_exchange_behind_a_proxy_there_and_nowhere_else(open_page):
    browser = open_page(browser_url="wss://line.example.com/exchange")
    assert browser.get("/phone/token").json["url"] == "wss://line.example.com/exchange/browser"
    assert "connect-src 'self' wss://line.example.com;" in browser.get("/phone").headers["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["192.0.2.7", "centre.example", "[2001:db8::7]"])
def test_a_page_opened_on_another_machine_reaches_the_exchange_under_the_name_it_was_opened_by(open_page, host):
    browser, opened_at = open_page(), {"base_url": f"http://{host}:8000"}
    assert browser.get("/phone/token", **opened_at).json["url"] == f"ws://{host}:4321/browser"
    assert f"connect-src 'self' ws://{host}:*;" in browser.get("/phone", **opened_at).headers["Content-Security-Policy"]


def test_an_exchange_on_an_address_of_its_own_is_reached_there_however_the_page_was_opened(open_page):
    browser = open_page("http://192.0.2.9:4321")
    assert browser.get("/phone/token", base_url="http://centre.example:8000").json["url"] == "ws://192.0.2.9:4321/browser"


def test_a_host_that_is_none_changes_no_policy(open_page):
    policy = open_page().get("/phone", headers={"Host": "x; script-src *"}).headers["Content-Security-Policy"]
    assert "connect-src 'self' ws://127.0.0.1:*;" in policy


def test_the_page_may_run_its_own_scripts_and_reach_the_exchange_and_nothing_else(open_page):
    page = open_page().get("/phone")
    policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert (policy["script-src"], policy["style-src"]) == ("'self'", "'self'")
    assert policy["connect-src"] == "'self' ws://127.0.0.1:*"
    assert "<script>" not in page.text
    assert "style=" not in page.text
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_offers_the_line_first_and_the_activation_numbers_by_country(open_page):
    page = open_page().get("/phone").text
    assert page.index('value="activate"') < page.index('value="+353209100142"') < page.index('value="+18005550199"')
    assert "United States: +18005550199, free of charge" in page
    assert choices([])[0] == Choice("The line of this centre", "activate")


def test_an_address_of_the_page_chooses_a_number_of_the_list_and_no_other(open_page):
    browser = open_page()
    assert 'value="+353209100142" selected' in browser.get("/phone?number=%2B353209100142").text
    assert 'data-part="number" value="+353209100142"' in browser.get("/phone?number=%2B353209100142").text
    elsewhere = browser.get("/phone?number=%2B19005550100").text
    assert "+19005550100" not in elsewhere
    assert 'data-part="number" value="activate"' in elsewhere


def test_in_a_frame_of_this_centre_nothing_is_around_the_telephone(open_page):
    page, framed = open_page().get("/phone"), open_page().get("/phone?embedded")
    assert "frame-ancestors 'self'" in framed.headers["Content-Security-Policy"]
    assert ("page-keys" in page.text, "page-keys" in framed.text) == (True, False)
    assert "<h1>Telephone</h1>" in framed.text


def test_the_start_page_leads_to_the_phone(open_page):
    assert 'href="/phone"' in open_page().get("/").text
