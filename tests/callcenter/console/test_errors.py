"""What is shown when something does not work."""

from typing import Any

import pytest

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"


@pytest.mark.parametrize(
    "path", ["/console", "/console/help", "/console/nothing", "/console/floor", "/console/static/console.css"]
)
def test_every_answer_carries_the_strict_policy(console: Any, path: str) -> None:
    with console.signed_in("amira").get(path) as answer:
        assert answer.headers["Content-Security-Policy"].startswith(POLICY)
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_pages_are_kept_by_no_cache(console: Any) -> None:
    assert console.signed_in("amira").get("/console").headers["Cache-Control"] == "no-store"


def test_no_page_of_the_frame_holds_inline_scripts_or_styles(console: Any) -> None:
    browser = console.signed_in("celeste")
    for path in ("/console", "/console/floor", "/console/help", "/console/profile", "/console/password"):
        page = browser.get(path).text
        assert " style=" not in page
        assert "<style" not in page
        assert "<script>" not in page
        assert " onclick=" not in page


def test_a_page_of_another_role_says_who_may(console: Any) -> None:
    answer = console.signed_in("amira").get("/console/floor")
    assert answer.status_code == 403
    assert "see the live floor: supervisor, administrator, auditor" in answer.text


@pytest.mark.parametrize("token", ["", "forged"])
def test_a_form_without_the_right_token_changes_nothing(console: Any, token: str) -> None:
    browser = console.signed_in("amira")
    answer = browser.client.post("/console/availability", data={"csrf_token": token, "availability": "available"})
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.text
    assert console.presence("amira") is None


def test_a_token_of_another_session_is_worth_nothing(console: Any) -> None:
    theirs = console.signed_in("bruno").get("/console/session").json["token"]
    browser = console.signed_in("amira")
    answer = browser.client.post("/console/availability", data={"csrf_token": theirs, "availability": "available"})
    assert answer.status_code == 400


def test_a_page_that_does_not_exist_helps_on(console: Any) -> None:
    answer = console.signed_in("amira").get("/console/nothing/here")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert 'href="/console"' in answer.text


def test_an_act_opened_as_a_page_is_no_page(console: Any) -> None:
    assert "There is no such page" in console.signed_in("amira").get("/console/answer").text


def test_a_page_opened_as_an_act_is_no_page(console: Any) -> None:
    answer = console.signed_in("amira").send("/console/help")
    assert (answer.status_code, "There is no such page" in answer.text) == (404, True)


def test_an_unexpected_error_is_a_page_without_a_traceback_even_when_the_database_is_gone(console: Any) -> None:
    browser = console.signed_in("amira")
    console.app.config["PROPAGATE_EXCEPTIONS"] = False
    console.store.close()
    console.centre.store.read = None  # type: ignore[method-assign]
    answer = browser.get("/console")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "Traceback" not in answer.text


def test_a_script_without_a_session_is_told_so_and_keeps_what_was_typed(console: Any) -> None:
    for path in ("/console/stream", "/console/fragments", "/console/session"):
        answer = console.browser().get(path)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
        assert answer.json["code"] == "signed_out"


def test_help_lists_the_keys_of_the_role(console: Any) -> None:
    assert "Answer the next caller" in console.signed_in("amira").read("/console/help")
    auditor = console.signed_in("felix").read("/console/help")
    assert "Answer the next caller" not in auditor
    assert "Go to Record" in auditor
