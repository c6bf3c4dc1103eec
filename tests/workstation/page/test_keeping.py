"""The setup log and the registration of a computer, at its page."""

import re

import pytest
from page_people import RETAIL_2003, Person, Room, said

REGISTRATION = {
    "name": "Imogen Fairweather",
    "address": "4 Mill Lane, Larkspur",
    "email": "imogen@example.com",
    "country": "GB",
}


# row 38
def test_the_setup_log_is_shown_with_its_codes_and_can_be_downloaded(room: Room, person: Person) -> None:
    person.set_up("logged", RETAIL_2003)
    person.do("logged", "routes", probe_url="http://127.0.0.1:9/probe", activation_url="")
    person.send("/computers/logged/activate/internet")
    person.send("/computers/logged/activate/telephone", block=["123456"])
    person.send("/computers/logged/activate/telephone", block=room.issue("logged"))
    shown = person.read("/computers/logged/setuplog")
    for code in ("service is down", "phone page shown", "confirmation ID refused", "0x00000000 success"):
        assert code in shown
    file = person.get("/computers/logged/setuplog.txt")
    assert file.headers["Content-Disposition"] == 'attachment; filename="logged.setuplog.txt"'
    assert file.mimetype == "text/plain"
    assert re.search(r"^\S+ \S+ logged 0x00000000 success: ", file.text, re.MULTILINE)


# row 49
def test_activation_works_with_the_registration_left_empty(room: Room, person: Person) -> None:
    person.set_up("anonymous", RETAIL_2003)
    offered = said(person.send("/computers/anonymous/activate/telephone", block=room.issue("anonymous")))
    assert "Registration is optional" in offered
    assert room.machine("anonymous").activation
    assert "Thank you. There is nothing more to do." in person.read("/computers/anonymous/activate/done")
    assert room.house.store.read(lambda tx: len(tx.registrations.all())) == 0


# row 49
# row 50
@pytest.mark.parametrize("came", ["?came=wizard", ""])
def test_both_entries_begin_with_a_page_that_explains_and_end_in_a_registration(room: Room, person: Person, came: str) -> None:
    name = "registers" if came else "registers-later"
    person.set_up(name, RETAIL_2003)
    before = room.house.store.read(lambda tx: len(tx.registrations.all()))
    path = f"/computers/{name}/registration"
    assert f'href="/workstation{path}"' in person.get(f"/computers/{name}").text
    assert "Registration is optional" in person.read(path + came)
    answer = person.send(f"{path}/form{came}", **REGISTRATION, mailings="yes")
    assert "Thank you, you are registered." in said(answer)
    assert room.house.store.read(lambda tx: len(tx.registrations.all())) == before + 1
    log = person.get(f"/computers/{name}/setuplog.txt").text
    assert "Country or region: GB" in log
    assert "Consent to mailings: yes" in log
    assert not any(private in log for private in ("Imogen", "Larkspur", "example.com"))
    assert "Imogen" not in person.client.get_cookie("activation_center_workstation", path="/workstation").value
    assert room.machine(name).activation is None


def test_what_will_not_do_is_said_beside_what_was_typed(person: Person) -> None:
    person.set_up("unregistered", RETAIL_2003)
    answer = person.post("/computers/unregistered/registration/form", **(REGISTRATION | {"email": "nobody"}))
    assert answer.status_code == 422
    assert "The e-mail address is not one." in said(answer)
    assert 'value="Imogen Fairweather"' in answer.text


# row 51
def test_the_standalone_wizard_falls_back_to_plain_http_after_a_warning_and_the_other_does_not(
    room: Room, person: Person
) -> None:
    person.set_up("fallback", RETAIL_2003)
    person.do("fallback", "routes", probe_url=f"{room.url}/activate/probe", activation_url="https://127.0.0.1:9/activate")
    path = "/computers/fallback/registration/form"
    warned = person.post(path, **REGISTRATION)
    assert "HTTPS on port 9 of 127.0.0.1 cannot be reached" in said(warned)
    assert 'name="in_clear"' in warned.text
    assert 'name="in_clear"' not in person.post(f"{path}?came=wizard", **REGISTRATION).text
    assert "Thank you, you are registered." in said(person.send(path, **REGISTRATION, in_clear="yes"))
    assert "sent by plain HTTP" in person.get("/computers/fallback/setuplog.txt").text
