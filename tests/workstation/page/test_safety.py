"""Who may use the page, what it refuses, and what it lets browsers do."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from page_people import Person, Room, said

FOREIGN = "V9XYZ-7QWER-TYPLK-JHGFD-SAMNB"
"""Shaped like a product key that is not ours."""


def test_a_form_from_elsewhere_changes_nothing(room: Room, person: Person) -> None:
    person.set_up("guarded")
    before = room.machine("guarded")
    for token in ("", "made-up"):
        answer = person.client.post("/workstation/computers/guarded/do/day", data={"csrf_token": token})
        assert answer.status_code == 400
    stranger = Person(room.app.test_client())
    assert stranger.client.post("/workstation/computers/guarded/do/day", data={"csrf_token": person.token()}).status_code == 400
    assert room.machine("guarded") == before


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/new", {"name": "foreign", "source": "own", "key": FOREIGN}),
        ("/new", {"name": FOREIGN, "source": "demo", "demo": "1004"}),
        ("/computers/safe/do/key", {"key": FOREIGN}),
        ("/computers/safe/do/routes", {"activation_url": f"http://127.0.0.1/{FOREIGN}"}),
        ("/computers/safe/activate/telephone", {"block": FOREIGN.split("-")}),
        ("/computers/safe/activate/telephone/check", {"block": FOREIGN.split("-")}),
        ("/computers/safe/registration/form", {"name": "I", "address": FOREIGN, "country": "GB"}),
        ("/computers/safe/copy", {"as": FOREIGN}),
        (f"/computers/{FOREIGN}/do/day", {}),
        (f"/computers/safe/activate/telephone?country={FOREIGN}", {}),
    ],
)
def test_a_foreign_key_is_refused_unread_at_every_door_and_never_shown_again(
    room: Room, person: Person, caplog: pytest.LogCaptureFixture, path: str, fields: dict[str, object]
) -> None:
    if not room.folder.holds("safe"):
        person.set_up("safe")
    before = room.machine("safe")
    answer = person.post(path, **fields)
    assert answer.status_code == 400
    assert "not a simulator key" in said(answer)
    page = person.get("/computers/safe/activate/telephone").text
    kept = "".join(file.read_text() for file in room.folder.folder.iterdir())
    assert not any(FOREIGN[:11] in text for text in (answer.text, page, kept, caplog.text))
    assert room.machine("safe") == before


def test_every_page_runs_only_its_own_scripts_and_may_be_framed_by_nobody(room: Room, person: Person) -> None:
    person.set_up("strict")
    for path in ("", "/new", "/computers/strict", "/computers/strict/activate/telephone", "/computers/nobody"):
        page = person.get(path)
        policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["frame-src"] == "'self'"
        assert not re.search(r"<script>|<style|\sstyle=|\son\w+=", page.text)
        assert page.headers["Cache-Control"] == "no-store"


def test_the_telephone_may_be_framed_by_this_centre_only(room: Room, person: Person) -> None:
    policy = person.client.get("/phone").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy


def test_the_session_is_a_cookie_of_this_page_alone(room: Room, person: Person) -> None:
    person.get("/new")
    cookie = person.client.get_cookie("activation_center_workstation", path="/workstation")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")
    assert "Set-Cookie" not in person.client.get("/phone").headers
    assert "activation_center=" in person.client.get("/console/sign-in").headers["Set-Cookie"], "the console has its own"


def test_behind_a_public_address_the_page_says_that_it_is_not_offered(closed_centre: Callable[[bool], FlaskClient]) -> None:
    client = closed_centre(False)
    for path in ("/workstation", "/workstation/new", "/workstation/computers/any"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "`page = true` in the section [workstation]" in said(answer)
    with client.get("/workstation/static/page.css") as style:
        assert style.status_code == 200


def test_behind_a_public_address_it_can_be_opened_and_hands_out_no_demo_key(
    closed_centre: Callable[[bool], FlaskClient],
) -> None:
    client = closed_centre(True)
    assert "There are no computers here yet" in client.get("/workstation").text
    assert "Demo key" not in client.get("/workstation/new").text


def test_the_start_page_leads_here(person: Person) -> None:
    assert 'href="/workstation"' in person.client.get("/").text
