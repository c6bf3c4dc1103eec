"""The people's pages, by whoever manages them."""

import re
from dataclasses import replace
from typing import Any

import pytest

from callcenter.floor.audit import Act
from callcenter.floor.people import Agent, Role
from callcenter.floor.staff import read_languages

GINA = {"name": "gina", "full_name": "Gina Ferrari", "role": "senior agent", "languages": "en it", "phone": "+18005550142"}


def find(console: Any, name: str) -> Agent:
    agent: Agent | None = console.store.read(lambda tx: tx.people.find(name))
    assert agent
    return agent


def first_password(page: Any) -> str:
    found = re.search(r'class="big mono secret">([^<]+)<', page.text)
    assert found, page.text
    return found[1]


def test_an_added_person_signs_in_with_the_password_shown_once_and_must_change_it(console: Any) -> None:
    erin = console.signed_in("erin")
    password = first_password(erin.send("/console/people", **GINA))
    gina = find(console, "gina")
    assert (gina.role, gina.languages, gina.phone, gina.must_change) == (Role.SENIOR_AGENT, {"en", "it"}, "+18005550142", True)
    assert password not in erin.get("/console/people/gina").text
    browser = console.browser()
    browser.send("/console/sign-in", form_on="/console/sign-in", name="gina", password=password)
    assert browser.get("/console").location == "/console/password"
    assert [(entry.actor, entry.act, entry.subject) for entry in console.acts() if entry.act == Act.AGENT_ADDED] == [
        ("erin", "added an agent", "agent/gina")
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "amira"}, "The name amira is taken"),
        ({"name": "Gina"}, "begins with a letter"),
        ({"full_name": ""}, "Write the full name"),
        ({"full_name": "ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2"}, "Write the full name"),
        ({"phone": "none"}, "sip:name@host"),
        ({"languages": "italian"}, "two-letter codes"),
        ({"role": "boss"}, "Choose a role"),
    ],
)
def test_what_will_not_do_is_said_where_it_was_typed_and_kept_there(
    console: Any, change: dict[str, str], sentence: str
) -> None:
    answer = console.signed_in("erin").send("/console/people", **{**GINA, **change})
    assert answer.status_code in (409, 422)
    assert sentence in answer.text
    assert 'value="+18005550142"' in answer.text or "phone" in change
    assert console.store.read(lambda tx: tx.people.find("gina")) is None


def test_a_changed_role_counts_at_the_next_click(console: Any) -> None:
    amira, erin = console.signed_in("amira"), console.signed_in("erin")
    assert amira.get("/console/floor").status_code == 403
    form = {"full_name": "Amira Doe", "role": "supervisor", "languages": "en", "phone": ""}
    assert erin.send("/console/people/amira", **form).status_code == 303
    assert amira.get("/console/floor").status_code == 200


def test_a_disabled_person_is_signed_out_at_once_and_let_in_again_only_when_enabled(console: Any) -> None:
    amira, erin = console.signed_in("amira"), console.signed_in("erin")
    console.clock.turn(seconds=1)
    erin.send("/console/people/amira/disable")
    assert "/console/sign-in" in amira.get("/console").location
    assert "amira is disabled" in erin.read("/console/people/amira")
    erin.send("/console/people/amira/enable")
    assert "/console/sign-in" in amira.get("/console").location, "the old session is void"
    assert console.signed_in("amira").get("/console").status_code == 200


def test_a_reset_ends_the_sessions_and_the_old_password(console: Any) -> None:
    amira, erin = console.signed_in("amira"), console.signed_in("erin")
    console.clock.turn(seconds=1)
    password = first_password(erin.send("/console/people/amira/reset"))
    assert "/console/sign-in" in amira.get("/console").location
    console.clock.turn(seconds=1)
    old = console.browser().send("/console/sign-in", form_on="/console/sign-in", name="amira", password="seven calm ferries")
    assert old.status_code == 422
    fresh = console.browser().send("/console/sign-in", form_on="/console/sign-in", name="amira", password=password)
    assert fresh.status_code == 303


@pytest.mark.parametrize("path", ["disable", "reset"])
def test_the_own_account_is_refused_in_a_sentence(console: Any, path: str) -> None:
    erin = console.signed_in("erin")
    before = find(console, "erin")
    answer = erin.send(f"/console/people/erin/{path}")
    assert answer.status_code == 303
    assert "own" in erin.read("/console/people/erin")
    assert find(console, "erin") == before


def test_whoever_has_a_call_is_not_made_an_auditor(console: Any) -> None:
    entry = console.arrive()
    amira = console.signed_in("amira")
    amira.send("/console/availability", availability="available")
    amira.send("/console/answer", call_sid=entry.call_sid)
    form = {"full_name": "Amira Doe", "role": "auditor", "languages": "en", "phone": ""}
    answer = console.signed_in("erin").send("/console/people/amira", **form)
    assert (answer.status_code, "not wrapped up" in answer.text) == (409, True)


def test_whoever_may_open_people_finds_the_way_there(console: Any) -> None:
    for name, finds in {"felix": True, "erin": True, "amira": False}.items():
        assert ('href="/console/people"' in console.signed_in(name).get("/console/profile").text) == finds, name


def test_a_profile_saved_keeps_what_an_administrator_changed_meanwhile(console: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    amira = console.signed_in("amira")

    def slowly(words: list[str]) -> frozenset[str] | None:
        monkeypatch.undo()
        console.store.transaction(lambda tx: tx.people.save(replace(tx.people.find("amira"), full_name="Amira Stone")))
        return read_languages(words)

    monkeypatch.setattr("callcenter.console.profile.staff.read_languages", slowly)
    amira.send("/console/profile", phone="", languages="en de")
    kept = find(console, "amira")
    assert (kept.full_name, kept.phone, kept.languages) == ("Amira Stone", "", {"en", "de"})


def test_an_auditor_sees_people_and_no_form_that_changes_them(console: Any) -> None:
    console.store.transaction(lambda tx: tx.people.save(replace(tx.people.find("amira"), is_disabled=True)))
    felix = console.signed_in("felix")
    page = felix.get("/console/people").text + felix.get("/console/people/amira").text
    assert "disabled" in page
    assert "Add somebody" not in page
    assert "/console/people/amira/" not in page
