"""Signing in and staying signed in: who gets in, for how long, and how often one may try."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask

from callcenter.floor.audit import Act
from callcenter.floor.passwords import hash_password, is_password

PASSWORD = "seven calm ferries"
SIGN_IN = "/console/sign-in"
ON_SIGN_IN = {"form_on": SIGN_IN}


def change(console: Any, name: str, **changes: object) -> None:
    console.store.transaction(lambda tx: tx.people.save(replace(tx.people.find(name), **changes)))


def try_to_sign_in(console: Any, name: str, password: str) -> Any:
    return console.browser().send(SIGN_IN, **ON_SIGN_IN, name=name, password=password)


def test_who_knows_the_password_gets_in_and_it_is_on_the_record(console: Any) -> None:
    browser = console.signed_in("amira")
    assert "Amira Doe" in browser.read()
    assert [(entry.act, entry.actor) for entry in console.acts()] == [(Act.SIGNED_IN, "amira")]
    assert console.centre.anchors.all() == ((1, console.acts()[0].digest),)


def test_names_may_be_written_in_capitals(console: Any) -> None:
    assert try_to_sign_in(console, " Amira ", PASSWORD).status_code == 303


@pytest.mark.parametrize("name", ["amira", "nobody at all"])
def test_a_wrong_password_and_an_unknown_name_are_told_apart_by_nobody(console: Any, name: str) -> None:
    answer = try_to_sign_in(console, name, "a wrong password")
    assert answer.status_code == 422
    assert "The name and the password do not go together." in answer.text


def test_an_unknown_name_costs_a_password_check_too(console: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    monkeypatch.setattr("callcenter.console.sign_in.is_password", lambda hashed, password: checked.append(hashed) or False)
    try_to_sign_in(console, "nobody", "x")
    try_to_sign_in(console, "amira", "x")
    assert [hashed.split("$")[1] for hashed in checked] == ["argon2id", "argon2id"]


def test_what_was_typed_as_an_unknown_name_is_kept_nowhere(console: Any) -> None:
    try_to_sign_in(console, "my secret password", "x")
    assert [entry.actor for entry in console.acts()] == ["somebody unknown"]


def test_a_disabled_account_does_not_get_in(console: Any) -> None:
    change(console, "amira", is_disabled=True)
    assert try_to_sign_in(console, "amira", PASSWORD).status_code == 422


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_on_from_there(console: Any) -> None:
    browser = console.browser()
    asked = browser.get("/console/profile?x=1")
    assert asked.status_code == 303
    form = asked.headers["Location"]
    answer = browser.send(form, form_on=form, name="amira", password=PASSWORD, next="/console/profile?x=1")
    assert answer.headers["Location"] == "/console/profile?x=1"


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/console",
        "//elsewhere.example/console",
        "/\\elsewhere",
        "/console\\..",
        "javascript:1",
        "/portal",
        "/console\n",
    ],
)
def test_signing_in_never_leads_away_from_the_console(console: Any, target: str) -> None:
    answer = console.browser().send(SIGN_IN, **ON_SIGN_IN, name="amira", password=PASSWORD, next=target)
    assert answer.headers["Location"] == "/console"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(console: Any) -> None:
    cookie = try_to_sign_in(console, "amira", PASSWORD).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/console" in cookie
    assert "Secure" not in cookie


def test_behind_https_the_cookie_travels_by_https_only(console: Any) -> None:
    console.app.config["SESSION_COOKIE_SECURE"] = True
    assert "Secure" in console.browser().get(SIGN_IN).headers["Set-Cookie"]


def test_a_session_ends_half_an_hour_after_the_last_page(console: Any) -> None:
    browser = console.signed_in("amira")
    for _ in range(3):
        console.clock.turn(minutes=29)
        assert browser.get("/console").status_code == 200
    console.clock.turn(minutes=30)
    assert browser.get("/console").status_code == 303


def test_what_a_page_fetches_by_itself_keeps_no_session_alive(console: Any) -> None:
    browser = console.signed_in("amira")
    for _ in range(3):
        console.clock.turn(minutes=9)
        assert browser.get("/console/fragments?show=bar").status_code == 200
    console.clock.turn(minutes=4)
    assert browser.get("/console/fragments?show=bar").status_code == 401


def test_a_session_ends_after_twelve_hours_whatever_is_done(console: Any) -> None:
    browser = console.signed_in("amira")
    for _ in range(35):
        console.clock.turn(minutes=20)
        assert browser.get("/console").status_code == 200
    console.clock.turn(minutes=20)
    assert browser.get("/console").status_code == 303


def test_signing_out_ends_every_copy_of_the_cookie_in_every_worker(console: Any, make_app: Callable[[], Flask]) -> None:
    browser = console.signed_in("amira")
    copy = browser.client.get_cookie("activation_center", path="/console").value
    assert browser.send("/console/sign-out").headers["Location"] == SIGN_IN
    thief = make_app().test_client()
    thief.set_cookie("activation_center", copy, path="/console")
    assert thief.get("/console").status_code == 303
    assert [entry.act for entry in console.acts()] == [Act.SIGNED_IN, Act.SIGNED_OUT]


def test_disabling_an_account_ends_its_sessions_at_once(console: Any) -> None:
    browser = console.signed_in("amira")
    change(console, "amira", is_disabled=True)
    assert browser.get("/console").status_code == 303


def test_sessions_older_than_the_account_allows_are_void(console: Any) -> None:
    browser = console.signed_in("amira")
    console.clock.turn(seconds=1)
    change(console, "amira", sessions_from=console.clock.now)
    assert browser.get("/console").status_code == 303


def test_ten_wrong_passwords_lock_a_name_in_every_worker_until_a_quarter_of_an_hour_is_over(
    console: Any, make_app: Callable[[], Flask]
) -> None:
    for _ in range(10):
        assert try_to_sign_in(console, "amira", "a wrong password").status_code == 422
    other_worker = replace(console, app=make_app())
    refused = try_to_sign_in(other_worker, "AMIRA", PASSWORD)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 900
    assert "Wait 15 minutes, then try again." in refused.text
    assert try_to_sign_in(console, "bruno", PASSWORD).status_code == 303
    console.clock.turn(minutes=15, seconds=1)
    assert try_to_sign_in(console, "amira", PASSWORD).status_code == 303


def test_fifty_wrong_passwords_from_one_address_are_enough_whatever_the_names(console: Any) -> None:
    browser = console.browser()
    form = browser.get(SIGN_IN).text.split('name="csrf_token" value="')[1].split('"')[0]
    answers = [
        browser.client.post(SIGN_IN, data={"csrf_token": form, "name": f"name{index}", "password": "x"}).status_code
        for index in range(51)
    ]
    assert answers == [422] * 50 + [429]


def test_signing_in_well_uses_no_attempts_up(console: Any) -> None:
    for _ in range(12):
        console.signed_in("amira")


def test_the_names_tried_stand_nowhere_in_the_database(console: Any, tmp_path: Path) -> None:
    try_to_sign_in(console, "my secret password", "x")
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("centre.db*"))
    assert b"somebody unknown" in kept
    assert b"my secret password" not in kept


def test_a_first_password_is_changed_before_anything_else(console: Any) -> None:
    change(console, "amira", must_change=True)
    browser = console.signed_in("amira")
    for path in ("/console", "/console/profile", "/console/fragments?show=bar", "/console/nothing"):
        assert browser.get(path).headers["Location"] == "/console/password"
    changed = browser.send(
        "/console/password", form_on="/console/password", present=PASSWORD, new="nine grey herons", again="nine grey herons"
    )
    assert changed.headers["Location"] == "/console"
    assert browser.get("/console").status_code == 200
    agent = console.store.read(lambda tx: tx.people.find("amira"))
    assert is_password(agent.password_hash, "nine grey herons")
    assert not agent.must_change


def test_a_new_password_ends_the_other_sessions_only(console: Any) -> None:
    elsewhere, here = console.signed_in("amira"), console.signed_in("amira")
    console.clock.turn(seconds=1)
    here.send("/console/password", present=PASSWORD, new="nine grey herons", again="nine grey herons")
    assert here.get("/console").status_code == 200
    assert elsewhere.get("/console").status_code == 303


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"present": "wrong"}, "This is not your present password."),
        ({"again": "another thing"}, "The two new passwords are not the same."),
        ({"new": "short", "again": "short"}, "A password has 12 to 128 characters"),
        ({"new": "grey heron amira", "again": "grey heron amira"}, "must not contain your name"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(console: Any, fields: dict[str, str], sentence: str) -> None:
    browser = console.signed_in("amira")
    before = console.store.read(lambda tx: tx.people.find("amira"))
    good = {"present": PASSWORD, "new": "nine grey herons", "again": "nine grey herons"}
    answer = browser.send("/console/password", **good | fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert console.store.read(lambda tx: tx.people.find("amira")) == before


def test_a_hash_made_at_another_cost_is_renewed_at_the_next_sign_in(console: Any) -> None:
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    change(console, "amira", password_hash=old)
    console.signed_in("amira")
    kept = console.store.read(lambda tx: tx.people.find("amira")).password_hash
    assert kept != old
    assert is_password(kept, PASSWORD)
    assert kept.split("$")[3] == hash_password("x").split("$")[3]


@pytest.fixture
def disabled_meanwhile(console: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody disables amira's account while her new hash is made."""

    def slowly(password: str) -> str:
        change(console, "amira", is_disabled=True)
        return hash_password(password)

    monkeypatch.setattr("callcenter.console.sign_in.hash_password", slowly)


def test_an_account_disabled_while_its_password_changes_stays_disabled_with_the_old_one(
    console: Any, request: pytest.FixtureRequest
) -> None:
    browser = console.signed_in("amira")
    form = browser.get("/console/password").text.split('name="csrf_token" value="')[1].split('"')[0]
    request.getfixturevalue("disabled_meanwhile")
    fields = {"csrf_token": form, "present": PASSWORD, "new": "nine grey herons", "again": "nine grey herons"}
    answer = browser.client.post("/console/password", data=fields)
    assert answer.headers["Location"] == SIGN_IN
    agent = console.store.read(lambda tx: tx.people.find("amira"))
    assert agent.is_disabled
    assert is_password(agent.password_hash, PASSWORD)
    assert Act.PASSWORD_CHANGED not in [entry.act for entry in console.acts()]


def test_an_account_disabled_while_its_hash_is_renewed_stays_disabled_and_does_not_get_in(
    console: Any, request: pytest.FixtureRequest
) -> None:
    change(console, "amira", password_hash=PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD))
    request.getfixturevalue("disabled_meanwhile")
    assert try_to_sign_in(console, "amira", PASSWORD).status_code == 422
    assert console.store.read(lambda tx: tx.people.find("amira")).is_disabled
    assert [entry.act for entry in console.acts()] == [Act.SIGN_IN_FAILED]


def test_a_password_that_was_reset_meanwhile_stays_reset(console: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, reset = console.signed_in("amira"), hash_password("a first password")

    def slowly(password: str) -> str:
        change(console, "amira", password_hash=reset, must_change=True)
        return hash_password(password)

    monkeypatch.setattr("callcenter.console.sign_in.hash_password", slowly)
    browser.send("/console/password", present=PASSWORD, new="nine grey herons", again="nine grey herons")
    agent = console.store.read(lambda tx: tx.people.find("amira"))
    assert (agent.password_hash, agent.must_change) == (reset, True)


def test_another_name_in_the_form_buys_no_attempts_at_the_present_password(console: Any) -> None:
    browser = console.signed_in("amira")
    wrong = {"present": "a wrong password", "new": "nine grey herons", "again": "nine grey herons"}
    answers = [browser.send("/console/password", **wrong, name=f"name{index}").status_code for index in range(11)]
    assert answers == [422] * 10 + [429]


@pytest.mark.parametrize("name", ["B4DK3-Y7QWR-PLM2X-T9VBN-C6HJK", "123456 " * 9])
def test_a_key_or_an_id_typed_as_a_name_is_not_repeated(console: Any, name: str) -> None:
    page = try_to_sign_in(console, name, "x").text.lower()
    assert name.strip().lower() not in page
    assert 'value="nobody"' in try_to_sign_in(console, "nobody", "x").text
