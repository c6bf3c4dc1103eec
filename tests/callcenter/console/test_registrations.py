"""Who registered: seen by customer service and marketing, exported and erased on record; another matter than activations."""

import csv
from dataclasses import replace
from datetime import datetime
from io import StringIO
from typing import Any

import pytest

from callcenter.floor.registrations import Registrant, Registration
from data.store import Store


@pytest.fixture
def registered(store: Store, now: datetime) -> Registration:
    rosa = Registration("r1", 21, "GB", True, Registrant("Rosa Lindgren", "4 Heron Lane, Ely", "rosa@example.org"), now)
    ivo = replace(rosa, id="r2", wants_mailings=False, registrant=Registrant("=Ivo Brandt", "Elm Row 9, Ulm"))
    store.transaction(lambda tx: [tx.registrations.add(each, each.id) for each in (rosa, ivo)])
    return rosa


# row 53
@pytest.mark.parametrize("name", ["amira", "dana", "celeste", "mara"])
def test_customer_service_and_marketing_see_who_registered(console: Any, registered: Registration, name: str) -> None:
    page = console.signed_in(name).read("/console/registrations")
    assert "Rosa Lindgren" in page
    assert "never lent or sold" in page


# row 53
@pytest.mark.parametrize("name", ["erin", "felix"])
def test_who_sees_activation_data_does_not_see_who_registered(console: Any, registered: Registration, name: str) -> None:
    browser = console.signed_in(name)
    assert browser.get("/console/search").status_code == 200
    refused = browser.get("/console/registrations")
    assert refused.status_code == 403
    assert "Rosa" not in refused.text


# row 53
def test_marketing_sees_no_activation_data(console: Any, registered: Registration) -> None:
    mara = console.signed_in("mara")
    for page in ("/console/search", "/console/agreements", "/console/keys/3001", "/console/calls/1", "/console/reports"):
        assert mara.get(page).status_code == 403, page
    landed = mara.get("/console", follow_redirects=True)
    assert landed.request.path == "/console/registrations"


def test_a_name_finds_its_registration_and_stands_in_no_address(console: Any, registered: Registration) -> None:
    found = console.signed_in("mara").send("/console/registrations", form_on="/console/registrations", q="rosa")
    assert found.status_code == 200
    assert "Rosa Lindgren" in found.text
    assert "Ivo Brandt" not in found.text


def test_erasing_forgets_the_person_and_records_only_that_it_happened(
    console: Any, store: Store, registered: Registration
) -> None:
    amira = console.signed_in("amira")
    assert amira.send("/console/registrations/r1/erase").status_code == 303
    assert [each.id for each in store.read(lambda tx: tx.registrations.all())] == ["r2"]
    last = console.acts()[-1]
    assert (last.act, last.subject, last.personal) == ("erased a registration", "registrations", None)
    amira.send("/console/registrations/r1/erase")
    assert "not there any more" in amira.read("/console/registrations")
    assert console.acts()[-1] == last


def test_the_export_is_an_act_and_starts_no_formula(console: Any, registered: Registration) -> None:
    file = console.signed_in("mara").send("/console/registrations/export")
    assert file.mimetype == "text/csv"
    rows = {row["name"]: row for row in csv.DictReader(StringIO(file.text))}
    assert rows["Rosa Lindgren"]["wants_mailings"] == "yes"
    assert "'=Ivo Brandt" in rows
    last = console.acts()[-1]
    assert (last.actor, last.act, last.subject) == ("mara", "exported", "registrations")


def test_without_registrations_the_page_says_so(console: Any) -> None:
    page = console.signed_in("mara").read("/console/registrations")
    assert "Nobody has registered yet" in page
    assert "Export" not in page
