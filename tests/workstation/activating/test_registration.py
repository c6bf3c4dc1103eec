"""Registration: separate and optional, in the wizard and by itself, its way without encryption, and what is logged of it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from callcenter.floor.registrations import Registrant
from workstation import registration as registering
from workstation.commands import registering as commands
from workstation.computer.traits import Routes

BLOCKED = "https://127.0.0.1:9/activate"
"""Nothing listens there."""
ROSA = ("--full-name", "Rosa Lindgren", "--address", "4 Harbour Lane, Ely", "--email", "rosa@example.org", "--country", "gb")
TYPED = "y\nRosa Lindgren\n4 Harbour Lane, Ely\n\nGB\ny\n"
"""What somebody types who wants to register: the first page, name, address, no e-mail, country, mailings."""


@pytest.fixture
def registered(house: Any) -> Any:
    """Every registration there is, as the table holds them; each test begins with none."""

    def all_of_them() -> Any:
        return house.store.read(lambda tx: tx.registrations.all())

    house.store.transaction(lambda tx: [tx.registrations.erase(each.id) for each in tx.registrations.all()])
    return all_of_them


# row 49
def test_activation_works_with_no_registration(room: Any, registered: Any) -> None:
    room.new()
    room.do("activate", "desk", "--yes")
    assert room.state() == "activated"
    assert registered() == ()


# row 49
def test_registering_does_not_activate_and_brings_nothing_of_the_computer_along(
    room: Any, registered: Any, serve: Any, service: Any
) -> None:
    room.new()
    room.do("regwiz", "desk", *ROSA, "--no-mailings", "--yes")
    (kept,) = registered()
    assert kept.registrant == Registrant("Rosa Lindgren", "4 Harbour Lane, Ely", "rosa@example.org")
    assert room.state() == "in grace"
    with serve(service.app()) as url:
        room.point(f"{url}/activate/probe", f"{url}/activate")
        room.do("regwiz", "desk", *ROSA, "--mailings", "--yes")
    assert service.seen == [("POST", "/register")]
    assert set(service.bodies[0]) == {"request_id", "product", "name", "address", "email", "country", "mailings"}
    machine = room.machine()
    assert machine.key not in str(service.bodies[0])
    assert f"{machine.media.serial:08d}" not in str(service.bodies[0])


# row 50
def test_the_wizard_offers_registration_after_activation_with_a_page_that_explains(room: Any, registered: Any) -> None:
    room.new()
    printed = room.do("activate", "desk", "--yes", "--register", typed=TYPED)
    assert printed.index("Activated over the internet") < printed.index("Registration is optional")
    assert "Thank you, you are registered." in printed
    (kept,) = registered()
    assert (kept.country, kept.wants_mailings, kept.registrant.email) == ("GB", True, "")


# row 50
@pytest.mark.parametrize("words", [("desk", "/r"), ("/R", "desk"), ("desk",)])
def test_regwiz_registers_later_with_the_same_page_first(room: Any, registered: Any, words: tuple[str, ...]) -> None:
    room.new()
    printed = room.do("regwiz", *words, typed=TYPED)
    assert printed.index("Registration is optional") < printed.index("Name")
    assert "never lent or sold" in printed
    assert len(registered()) == 1


def test_who_does_not_want_to_is_let_go(room: Any, registered: Any) -> None:
    room.new()
    assert "Not registered" in room.do("regwiz", "desk", "/r", typed="n\n")
    assert "Not registered" in room.do("activate", "desk", "--yes", "--register", typed="\n")
    assert registered() == ()


# row 51
def test_with_443_blocked_the_standalone_wizard_warns_and_goes_by_plain_http(room: Any, registered: Any) -> None:
    room.new()
    room.point(f"{room.url}/activate/probe", BLOCKED)
    outcome = room.run("regwiz", "desk", *ROSA, "--mailings", typed="y\ny\n")
    assert outcome.exit_code == 0, outcome.output
    assert "Warning: HTTPS on port 9 of 127.0.0.1 cannot be reached" in outcome.stderr
    assert len(registered()) == 1
    port = room.url.rpartition(":")[2]
    line = f"registration by HTTP: HTTPS cannot be reached; sent by plain HTTP to port {port} of 127.0.0.1, unencrypted."
    assert line in room.log()


# row 51
def test_who_is_warned_may_leave_it_at_that(room: Any, registered: Any) -> None:
    room.new()
    room.point(f"{room.url}/activate/probe", BLOCKED)
    assert "You are not registered" in room.fails("regwiz", "desk", *ROSA, "--mailings", typed="y\nn\n").stderr
    assert registered() == ()


# row 51
def test_the_wizards_own_registration_goes_by_https_or_not_at_all(
    room: Any, registered: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """443 is blocked between the activation and the registration that follows it."""
    room.new()

    def blocked(*asked: Any) -> Any:
        return registering.register(replace(asked[0], routes=Routes(f"{room.url}/activate/probe", BLOCKED)), *asked[1:])

    monkeypatch.setattr(commands, "register", blocked)
    outcome = room.fails("activate", "desk", "--yes", "--register", typed=TYPED)
    assert "Activated over the internet" in outcome.stdout
    assert "Nobody answers on port 9" in outcome.stderr
    assert "Warning" not in outcome.output
    assert registered() == ()


def test_somebody_with_a_false_certificate_gets_no_registration_in_clear_either(
    room: Any, registered: Any, serve: Any, service: Any
) -> None:
    room.new()
    with serve(service.app(), ssl_context="adhoc") as secure:
        room.point(f"{room.url}/activate/probe", f"{secure}/activate")
        outcome = room.fails("regwiz", "desk", *ROSA, "--mailings", "--yes")
    assert "cannot be trusted" in outcome.stderr
    assert registered() == ()


# row 52
@pytest.mark.parametrize(("wish", "words"), [("--mailings", "yes"), ("--no-mailings", "no")])
def test_two_facts_of_a_registration_are_logged_and_nothing_else(room: Any, registered: Any, wish: str, words: str) -> None:
    room.new()
    before = room.log()
    room.do("regwiz", "desk", *ROSA, wish, "--yes")
    added = room.log().removeprefix(before).splitlines()
    assert [line.partition(" desk ")[2] for line in added] == [
        "0x20AC0020 registration: Country or region: GB",
        f"0x20AC0020 registration: Consent to mailings: {words}",
    ]
    kept = "".join(file.read_text() for file in (room.home / "workstations").iterdir())
    assert "Rosa" not in kept
    assert "Harbour" not in kept


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--full-name", " ", "Give a name"),
        ("--full-name", "x" * 121, "Give a name"),
        ("--address", "", "Give an address"),
        ("--email", "nobody", "not one"),
        ("--country", "Britain", "two letters"),
        ("--address", "BCDFG-HJKMP-QRTVW-XY234-6789B", "looks like a product key"),
    ],
)
def test_a_form_that_will_not_do_is_told_and_not_sent(room: Any, registered: Any, option: str, value: str, words: str) -> None:
    room.new()
    outcome = room.fails("regwiz", "desk", *ROSA, option, value, "--mailings", "--yes")
    assert words in outcome.stderr
    assert "HJKMP" not in outcome.output
    assert registered() == ()


def test_what_the_centre_says_of_a_registration_is_told(room: Any, serve: Any, service: Any) -> None:
    service.status, service.answer = 429, {"detail": "That were many registrations."}
    room.new()
    with serve(service.app()) as url:
        room.point(f"{url}/probe", f"{url}/activate")
        assert "That were many registrations." in room.fails("regwiz", "desk", *ROSA, "--mailings", "--yes").stderr
    assert "0xA0AC0401 registration failed" in room.log()


def test_regwiz_without_a_computer_says_how_it_is_written(room: Any) -> None:
    outcome = room.run("regwiz", "/r")
    assert outcome.exit_code == 2
    assert "regwiz NAME /r" in outcome.stderr


def test_a_registration_is_no_part_of_what_the_request_viewer_shows(room: Any) -> None:
    room.new()
    room.do("regwiz", "desk", *ROSA, "--mailings", "--yes")
    assert json.loads(room.do("requests", "desk", "--json")) is None
