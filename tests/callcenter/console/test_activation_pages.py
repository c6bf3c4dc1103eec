"""Activations at the console: what each shows, who sees how much of a machine's fingerprint, and an export with nobody in it."""

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from activation.catalogue import Catalogue, Channel
from activation.claims import Claim, Door, Granted
from activation.desk import Desk
from activation.hardware import COMPONENTS, hash_hardware, pieces
from activation.installation_id import Installation, write_installation_id
from activation.keys import ProductKey, write_key
from activation.rules import KeyRecord
from activation.secrets import Secrets
from callcenter.console import activation_pages
from callcenter.floor.audit import Act
from callcenter.floor.keys import FloorKey

SERIAL = 4
Activate = Callable[..., Granted]


def hardware(machine: str) -> int:
    return hash_hardware({component.name: f"{machine} {component.name}" for component in COMPONENTS})


@pytest.fixture
def label(catalogue: Catalogue, secrets: Secrets) -> str:
    """The key's text."""
    product = catalogue.product_named("windows-7-professional")
    assert product
    return write_key(ProductKey(1, product.code, SERIAL), secrets)


@pytest.fixture
def activate(console: Any, catalogue: Catalogue, secrets: Secrets, label: str) -> Activate:
    """Has a computer activated, at the same desk as everybody."""
    product = catalogue.product_named("windows-7-professional")
    assert product
    record = KeyRecord(SERIAL, product.code, Channel.MAK, 50, 0)
    key = FloorKey(ProductKey(1, product.code, SERIAL), record, console.clock.now)
    console.store.transaction(lambda tx: tx.keys.add(key, label[-5:]))
    desk = Desk(catalogue, secrets, console.centre.new_id)
    header = catalogue.header_for(product.layout, 1)

    def ask(machine: str = "machine", door: Door = Door.WEB) -> Granted:
        installation = Installation(product.code, SERIAL, hardware(machine))
        groups = write_installation_id(installation, header, secrets.installation_key(1))
        claim = Claim("".join(groups), door, country="GB")
        verdict = console.store.transaction(lambda tx: desk.decide(claim, tx.ledger, console.clock.now))
        assert isinstance(verdict, Granted)
        return verdict

    return ask


def newest(console: Any) -> Any:
    return console.store.read(lambda tx: tx.activations.newest(1))[0]


def record_of(console: Any, machine_id: str = "") -> str:
    return f"/console/activations/{machine_id or newest(console).id}"


def test_each_record_shows_key_installation_fingerprint_time_and_channel(console: Any, activate: Activate, label: str) -> None:
    # row 3
    activate(door=Door.WEB)
    activate(door=Door.PHONE)
    page = console.signed_in("amira").read("/console/activations")
    each = newest(console)
    for shown in (label[-5:], each.short_id, "Windows 7 Professional", "MAK", "2026-03-14 15:09 UTC"):
        assert shown in page
    listed = console.signed_in("amira").get("/console/activations").text
    assert re.findall(r'data-label="Channel">(\w+)<', listed) == ["telephone", "web"]
    record = console.signed_in("amira").read(record_of(console))
    assert "Machine fingerprint" in record
    assert f"product key ending in …{label[-5:]}" in record
    assert "again, free" in record
    assert label not in page + record


def test_an_agent_sees_a_digest_and_cannot_open_the_fingerprint(console: Any, activate: Activate) -> None:
    # row 26: only masked fields
    activate()
    whole = f"{hardware('machine'):016x}"
    for name in ("amira", "dana", "celeste"):
        browser = console.signed_in(name)
        pages = browser.get("/console/activations").text + browser.get(record_of(console)).text
        assert whole not in pages
        assert whole[-5:] not in pages
        assert "Show the whole fingerprint" not in pages
        assert browser.send(f"{record_of(console)}/fingerprint").status_code == 403
    assert Act.REVEALED not in {entry.act for entry in console.acts()}


@pytest.mark.parametrize("name", ["erin", "felix"])
def test_an_auditor_or_administrator_sees_it_whole_and_that_is_on_the_record(
    console: Any, activate: Activate, name: str
) -> None:
    # row 26: few staff, and not unnoticed
    activate()
    browser = console.signed_in(name)
    shown = browser.send(f"{record_of(console)}/fingerprint")
    assert shown.status_code == 200
    network, disk = pieces(hardware("machine"))[:2]
    assert f"{network:05x}" in shown.text
    assert f"{disk:05x}" in shown.text
    entry = console.acts()[-1]
    assert (entry.actor, entry.act, entry.subject) == (name, Act.REVEALED, f"activation/{newest(console).id}")
    assert f"{network:05x}" not in browser.get(record_of(console)).text


def test_two_machines_have_two_digests_and_one_machine_one(console: Any, activate: Activate) -> None:
    activate("one")
    activate("one")
    activate("two")
    page = console.signed_in("amira").get("/console/activations").text
    digests = [cell.split("<")[0] for cell in page.split('data-label="Fingerprint">')[1:]]
    assert len(digests) == 3
    assert len(set(digests)) == 2


def test_the_list_is_filtered_by_key_and_channel(console: Any, activate: Activate, label: str) -> None:
    activate("one", door=Door.WEB)
    activate("two", door=Door.PHONE)
    browser = console.signed_in("amira")
    assert browser.get("/console/activations?door=phone").text.count('<th scope="row"') == 1
    assert browser.get(f"/console/activations?key={label[-5:].lower()}").text.count('<th scope="row"') == 2
    assert "No activation fits." in browser.read("/console/activations?key=BBBBB")


def test_an_empty_list_says_so(console: Any) -> None:
    assert "Nothing has been activated yet." in console.signed_in("amira").read("/console/activations")


def test_an_installation_that_is_none_is_not_found(console: Any) -> None:
    assert console.signed_in("amira").get("/console/activations/nothing").status_code == 404
    assert console.signed_in("felix").send("/console/activations/nothing/fingerprint").status_code == 404
    assert Act.REVEALED not in {entry.act for entry in console.acts()}


def test_an_export_has_no_name_mail_or_telephone_in_it(console: Any, activate: Activate, label: str, now: datetime) -> None:
    # row 20
    activate()
    file = console.signed_in("felix").send("/console/activations/export")
    (row,) = csv.DictReader(io.StringIO(file.text))
    assert set(row) == {"time", "key", "licence", "product", "installation", "fingerprint", "channel", "why", "issue"}
    assert not {word for column in row for word in ("name", "mail", "phone") if word in column}
    assert row["time"] == now.isoformat()
    assert (row["key"], row["licence"], row["product"]) == (label[-5:], "mak", "windows-7-professional")
    assert (row["channel"], row["why"], row["issue"]) == ("web", "first", "0")
    assert row["fingerprint"] not in f"{hardware('machine'):016x}"
    assert console.acts()[-1].act == Act.EXPORTED


def test_an_export_is_whole_and_keeps_nobody_waiting(console: Any, activate: Activate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activation_pages, "_PAGE", 2)
    for number in range(5):
        activate(f"machine {number}")
        console.clock.turn(seconds=1)
    parts = console.signed_in("felix").send("/console/activations/export").iter_encoded()
    begun = [next(parts), next(parts)]
    activate("somebody who comes meanwhile")
    rows = list(csv.DictReader(io.StringIO(b"".join([*begun, *parts]).decode())))
    assert [row["time"] for row in rows] == sorted({row["time"] for row in rows}, reverse=True)
    assert len(rows) == 5


def test_whoever_serves_calls_exports_nothing(console: Any, activate: Activate) -> None:
    # row 26
    activate()
    assert console.signed_in("amira").send("/console/activations/export").status_code == 403
    assert "Export as CSV" not in console.signed_in("amira").read("/console/activations")


@pytest.mark.long
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_an_accessibility_checker_finds_nothing_and_nothing_sticks_out(
    console: Any, activate: Activate, launch: Any, serve_app: Any, enter: Any, in_order: Any, scheme: str, width: int
) -> None:
    activate()
    with serve_app(console.app) as address:
        page = enter(launch(), address, "felix", color_scheme=scheme, viewport={"width": width, "height": 900})
        for path in ("/console/activations", record_of(console), "/console/statistics"):
            page.goto(path)
            in_order(page)
        page.goto(record_of(console))
        page.get_by_role("button", name="Show the whole fingerprint").click()
        page.get_by_role("heading", name="The whole fingerprint").wait_for()
        in_order(page)
        page.context.close()  # the server waits for its live pages
