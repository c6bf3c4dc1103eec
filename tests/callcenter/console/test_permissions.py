"""Who may do what: every action for every role, every page and every form for every role, forged forms, the auditor who writes.

The tables are written out here a second time on purpose: a change of what somebody may do is made in two places, or fails.
"""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from werkzeug.routing import Rule

from activation.catalogue import Catalogue
from activation.secrets import Secrets
from callcenter.floor.people import Role
from callcenter.floor.permissions import Action, may
from callcenter.floor.requests import Change, Counter, ReasonCode, Request
from data.demo import load_demo
from data.store import Store

PERSON = {
    Role.AGENT: "amira",
    Role.SENIOR_AGENT: "dana",
    Role.SUPERVISOR: "celeste",
    Role.ADMINISTRATOR: "erin",
    Role.AUDITOR: "felix",
    Role.MARKETING: "mara",
}
LETTERS = dict(zip("asvdum", Role, strict=True))
"""a: agent, s: senior agent, v: supervisor, d: administrator, u: auditor, m: marketing."""

ACTIONS = {
    Action.SERVE_CALLS: "asv",
    Action.ASK_CHANGES: "asv",
    Action.HANDLE_EXCEPTIONS: "sv",
    Action.APPROVE: "v",
    Action.SUPERVISE: "v",
    Action.SEE_FLOOR: "vdu",
    Action.SEE_REPORTS: "vdu",
    Action.SEE_CALLS: "asvdu",
    Action.SEE_CUSTOMERS: "asvdu",
    Action.REVEAL: "vu",
    Action.SEE_FINGERPRINTS: "du",
    Action.SEE_AUDIT: "du",
    Action.UNLOCK: "vd",
    Action.MANAGE_KEYS: "d",
    Action.MANAGE_PEOPLE: "d",
    Action.SEE_SETTINGS: "du",
    Action.SEE_DEBUGGER: "vd",
    Action.TRAIN: "vd",
    Action.SEE_REGISTRATIONS: "asvm",
}

ROUTES = {
    "GET /console": "asvdum",
    "POST /console/availability": "asv",
    "POST /console/answer": "asv",
    "GET /console/calls/<number>": "asvdu",
    "POST /console/calls/<number>/agreement": "asv",
    "POST /console/calls/<number>/answers": "asv",
    "POST /console/calls/<number>/back": "asv",
    "POST /console/calls/<number>/change": "asv",
    "POST /console/calls/<number>/consult": "asv",
    "POST /console/calls/<number>/decide": "asv",
    "POST /console/calls/<number>/exception": "asv",
    "POST /console/calls/<number>/groups": "asv",
    "POST /console/calls/<number>/hang-up": "asv",
    "POST /console/calls/<number>/hold": "asv",
    "POST /console/calls/<number>/mute": "asv",
    "POST /console/calls/<number>/new-key": "asv",
    "POST /console/calls/<number>/notes": "asv",
    "POST /console/calls/<number>/reveal": "asvu",
    "POST /console/calls/<number>/transfer": "asv",
    "POST /console/calls/<number>/verify": "asv",
    "POST /console/calls/<number>/wrap-up": "asv",
    "GET /console/floor": "vdu",
    "POST /console/supervise": "v",
    "GET /console/approvals": "asvdu",
    "GET /console/approvals/<id>": "asvdu",
    "POST /console/approvals/<id>/approve": "v",
    "POST /console/approvals/<id>/refuse": "v",
    "POST /console/approvals/<id>/withdraw": "asv",
    "GET /console/agreements": "asvdu",
    "GET /console/agreements/<number>": "asvdu",
    "GET /console/keys/<int(max=16777215):serial>": "asvdu",
    "POST /console/keys/<int(max=16777215):serial>/change": "d",
    "POST /console/keys/<int(max=16777215):serial>/reveal": "vu",
    "POST /console/unlock": "vd",
    "GET /console/search": "asvdu",
    "POST /console/search": "asvdu",
    "GET /console/registrations": "asvm",
    "POST /console/registrations": "asvm",
    "POST /console/registrations/export": "asvm",
    "POST /console/registrations/<id>/erase": "asvm",
    "GET /console/activations": "asvdu",
    "POST /console/activations/export": "vdu",
    "GET /console/activations/<id>": "asvdu",
    "POST /console/activations/<id>/fingerprint": "du",
    "GET /console/statistics": "vdu",
    "GET /console/statistics.csv": "vdu",
    "GET /console/debugger": "vd",
    "GET /console/reports": "vdu",
    "GET /console/reports.csv": "vdu",
    "GET /console/reports/<name>.svg": "vdu",
    "GET /console/people": "du",
    "POST /console/people": "d",
    "GET /console/people/<name>": "du",
    "POST /console/people/<name>": "d",
    "POST /console/people/<name>/disable": "d",
    "POST /console/people/<name>/enable": "d",
    "POST /console/people/<name>/reset": "d",
    "GET /console/audit": "du",
    "GET /console/audit/check": "du",
    "POST /console/audit/<int:number>/words": "u",
    "POST /console/audit/export": "du",
    "GET /console/settings": "du",
    "GET /console/training": "vd",
    "POST /console/training/start": "vd",
    "POST /console/training/crowd": "vd",
    "POST /console/training/traffic": "vd",
    "POST /console/training/stop": "vd",
    "POST /console/training/switch": "vd",
    "POST /console/training/reset": "vd",
}
OF_ONES_OWN = {
    "GET /console/",
    "GET /console/<path:_rest>",
    "POST /console/<path:_rest>",
    "GET /console/fragments",
    "GET /console/help",
    "GET /console/password",
    "POST /console/password",
    "GET /console/phone",
    "GET /console/phone-token",
    "GET /console/profile",
    "POST /console/profile",
    "GET /console/session",
    "GET /console/sign-in",
    "POST /console/sign-in",
    "POST /console/sign-out",
    "GET /console/static/<path:filename>",
    "GET /console/stream",
}
"""Nobody's business but one's own, or nobody's: no role is asked for."""

NOBODY = {"number": "999999", "name": "nobody", "id": "none", "serial": 9, "_rest": "nowhere"}


def routes(console: Any) -> Iterator[tuple[str, str, Rule]]:
    for rule in console.app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield f"{method} {rule.rule}", method, rule


def address(console: Any, rule: Rule, values: dict[str, object]) -> str:
    with console.app.test_request_context():
        found = rule.build({name: values[name] for name in rule.arguments})
    assert found
    return found[1]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_every_action_is_allowed_to_exactly_these_roles(action: Action, role: Role) -> None:
    assert may(role, action) is (role in {LETTERS[letter] for letter in ACTIONS[action]})


def test_every_route_of_the_console_stands_in_one_of_the_two_tables(console: Any) -> None:
    there = {name for name, _, _ in routes(console)}
    assert there == ROUTES.keys() | OF_ONES_OWN
    assert ROUTES.keys().isdisjoint(OF_ONES_OWN)


@pytest.mark.parametrize("letter", LETTERS)
def test_every_page_and_form_opens_to_exactly_these_roles(console: Any, letter: str) -> None:
    browser = console.signed_in(PERSON[LETTERS[letter]])
    opened = {}
    for name, method, rule in routes(console):
        if name not in ROUTES:
            continue
        to = address(console, rule, NOBODY)
        answer = browser.get(to) if method == "GET" else browser.send(to)
        assert answer.status_code < 500, f"{name}: {answer.status}"
        opened[name] = answer.status_code != 403
    assert opened == {name: letter in letters for name, letters in ROUTES.items()}


def test_whoever_has_not_signed_in_gets_no_page_and_no_act(console: Any) -> None:
    browser = console.browser()
    for name, method, rule in routes(console):
        if name in ROUTES:
            answer = browser.client.open(address(console, rule, NOBODY), method=method)
            assert (answer.status_code, "/console/sign-in" in answer.location) == (303, True), name
    assert console.acts() == ()


@pytest.mark.parametrize("letter", LETTERS)
def test_a_forged_form_changes_nothing_whoever_is_signed_in(console: Any, letter: str) -> None:
    """A page elsewhere can make a browser send a form with its cookies, but not with the token."""
    browser = console.signed_in(PERSON[LETTERS[letter]])
    before = console.acts()
    for name, method, rule in routes(console):
        if method == "POST":
            for token in ({}, {"csrf_token": "forged"}):
                answer = browser.client.post(address(console, rule, {**NOBODY, "number": 1}), data=token)
                assert answer.status_code == 400, name
    assert console.acts() == before
    assert browser.get("/console/profile").status_code == 200, "a forged sign-out has signed somebody out"


def test_an_auditor_opens_everything_about_calls_and_changes_nothing(
    console: Any, store: Store, catalogue: Catalogue, secrets: Secrets, now: datetime, tmp_path: Path
) -> None:
    """On things that are there: a waiting caller, a held request, a key, an agent; with forms that would do something."""
    load_demo(store, catalogue, secrets, lambda: "first password", now)
    entry = console.arrive("agent.mak_limit")
    held = Request(
        "r1", Change.RAISE, "amira", now, ReasonCode.NEW_PURCHASE, counter=Counter.INSTALLATIONS, serial=3001, amount=9
    )
    store.transaction(lambda tx: tx.requests.add(held))
    felix = console.signed_in("felix")
    before = everything_but_the_record(tmp_path)
    opened = set()
    for name, method, rule in routes(console):
        if name in ROUTES:
            to = address(console, rule, things(rule, entry.case_number))
            answer = (
                felix.get(to) if method == "GET" else felix.send(to, **FORM, call_sid=entry.call_sid, case=entry.case_number)
            )
            assert answer.status_code < 500, f"{name}: {answer.status}"
            opened |= {name} if answer.status_code != 403 else set()
    assert everything_but_the_record(tmp_path) == before
    none_of_theirs = {
        "GET /console/registrations",
        "GET /console/training",
        "GET /console/debugger",
    }  # row 53, and other trades
    pages = {name for name in ROUTES if name.startswith("GET")} - none_of_theirs
    assert {name for name in opened if name.startswith("GET")} == pages


FORM = {
    "availability": "available",
    "mode": "listen",
    "do": "listen",
    "scope": "agreement/40718621",
    "name": "gina",
    "full_name": "Gina Doe",
    "role": "administrator",
    "languages": "en",
    "change": "block",
    "reason": "key leaked",
    "words": "because",
    "amount": "5",
    "format": "csv",
    "q": "3001",
}


def things(rule: Rule, case: str) -> dict[str, object]:
    number: object = "40718621" if "agreements" in rule.rule else 1 if "audit" in rule.rule else case
    name = "calls-by-day" if "reports" in rule.rule else "amira"
    return {"number": number, "name": name, "id": "r1", "serial": 3001}


def everything_but_the_record(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but those that looking changes too: the record of acts, counters, signs of life."""
    ours_to_change = {"audit", "audit_personal", "rate_counters", "presences"}
    with sqlite3.connect(folder / "centre.db") as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables - ours_to_change}
