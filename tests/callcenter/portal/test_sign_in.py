"""Signing in to the portal: who gets in, for how long, and that a contact is never an agent."""

from dataclasses import replace

import pytest

from callcenter.floor.accounts import invite
from callcenter.floor.acting import Acting
from callcenter.floor.audit import Act
from callcenter.floor.people import Role
from callcenter.floor.staff import command_line

PASSWORD, FIRST, NEW = "seven calm ferries", "a first password", "eleven tall lanterns"


def sign_in(browser, name, password):
    return browser.send("/portal/sign-in", name=name, password=password)


def choose(browser, path="/portal/password", **fields):
    return browser.send(path, form_on=path, **{"new": NEW, "again": NEW, **fields})


def invited(centre, contact, token="a token"):
    acting = Acting(command_line(centre.clock.now), b"k", centre.clock.now)
    return centre.store.transaction(lambda tx: invite(tx, acting, contact, token))


def test_whoever_is_not_signed_in_gets_no_further_than_the_form(centre):
    for path in ("/portal", "/portal/agreements/40718621", "/portal/register"):
        answer = centre.browser().get(path)
        assert (answer.status_code, answer.location) == (303, "/portal/sign-in")


def test_a_first_password_opens_nothing_but_the_page_to_change_it(centre):
    browser = centre.browser()
    assert sign_in(browser, "Larkspur-1 ", FIRST).status_code == 303
    assert browser.get("/portal").location == "/portal/password"
    assert "not your present password" in choose(browser, present="wrong").text
    assert choose(browser, present=FIRST).location == "/portal"
    assert browser.get("/portal").status_code == 200
    assert sign_in(centre.browser(), "larkspur-1", FIRST).status_code == 422
    assert sign_in(centre.browser(), "larkspur-1", NEW).status_code == 303


@pytest.mark.parametrize(("new", "again", "says"), [("short", "short", "12 to 128"), (NEW, "another", "not the same")])
def test_a_new_password_has_to_do(centre, new, again, says):
    browser = centre.contact()
    answer = choose(browser, present=PASSWORD, new=new, again=again)
    assert (answer.status_code, says in answer.text) == (422, True)


def test_a_wrong_password_an_unknown_name_and_an_account_without_a_password_get_one_answer(centre):
    centre.store.transaction(
        lambda tx: tx.accounts.save(replace(tx.accounts.find("larkspur-2"), password_hash="", must_change=False))
    )
    pages = [sign_in(centre.browser(), name, "wrong").text for name in ("larkspur-1", "nobody-1", "larkspur-2")]
    assert len({page.partition("<h1")[2].partition("csrf_token")[0] for page in pages}) == 1
    assert sign_in(centre.browser(), "larkspur-2", "").status_code == 422


def test_what_is_typed_into_the_form_is_not_repeated(centre):
    typed = "QW3RT-YU5PA-SD6FG-HJ7KZ-XC8VB"
    assert typed not in sign_in(centre.browser(), typed, typed).text
    assert typed not in str(centre.acts())


def test_ten_failures_lock_the_name_for_a_quarter_of_an_hour(centre):
    browser = centre.browser()
    for _ in range(10):
        assert sign_in(browser, "larkspur-2", "wrong").status_code == 422
    refused = sign_in(centre.browser(), "larkspur-2", FIRST)
    assert (refused.status_code, "Wait 15 minutes" in refused.text) == (429, True)
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert sign_in(centre.browser(), "larkspur-1", FIRST).status_code == 303
    centre.clock.turn(minutes=15)
    assert sign_in(centre.browser(), "larkspur-2", FIRST).status_code == 303


def test_failures_at_the_present_password_are_bounded_too(centre):
    browser = centre.contact()
    for _ in range(10):
        choose(browser, present="wrong")
    assert choose(browser, present=PASSWORD).status_code == 429


def test_a_session_ends_when_nothing_is_done_for_half_an_hour_and_after_twelve(centre):
    browser = centre.contact()
    centre.clock.turn(minutes=29)
    assert browser.get("/portal").status_code == 200
    centre.clock.turn(minutes=31)
    assert browser.get("/portal").location == "/portal/sign-in"
    busy = centre.contact()
    for _ in range(29):
        centre.clock.turn(minutes=25)
        busy.get("/portal")
    assert busy.get("/portal").location == "/portal/sign-in"


def test_a_copy_of_the_cookie_is_worth_nothing_after_signing_out(centre):
    browser, thief = centre.contact(), centre.browser()
    cookie = browser.client.get_cookie("activation_center_portal", path="/portal")
    thief.client.set_cookie("activation_center_portal", cookie.value, path="/portal")
    assert thief.get("/portal").status_code == 200
    browser.send("/portal/sign-out")
    assert thief.get("/portal").location == "/portal/sign-in"


def test_a_new_password_ends_every_other_session(centre):
    browser, other = centre.contact(), centre.browser()
    sign_in(other, "larkspur-1", PASSWORD)
    centre.clock.turn(seconds=1)
    choose(browser, present=PASSWORD)
    assert browser.get("/portal").status_code == 200
    assert other.get("/portal").location == "/portal/sign-in"


def test_a_contacts_session_opens_nothing_at_the_console_nor_an_agents_at_the_portal(centre):
    contact, agent = centre.contact(), centre.agent("celeste2", Role.SUPERVISOR)
    assert contact.get("/console").location.startswith("/console/sign-in")
    assert agent.get("/portal").location == "/portal/sign-in"
    ours = contact.client.get_cookie("activation_center_portal", path="/portal").value
    theirs = agent.client.get_cookie("activation_center", path="/console").value
    for name, path, value in (("activation_center", "/console", ours), ("activation_center_portal", "/portal", theirs)):
        forged = centre.browser()
        forged.client.set_cookie(name, value, path=path)
        assert forged.get(path).status_code == 303, "signed for the other room"


def test_the_same_name_in_both_rooms_is_two_people(centre):
    """An agent whose name is a contact's ID, and the other way round."""
    centre.agent("larkspur-1", Role.ADMINISTRATOR)
    contact = centre.contact("larkspur-1")
    assert contact.get("/console/people").status_code == 303
    assert centre.acts()[-1].actor == "contact:larkspur-1"


def test_an_invitation_is_good_once_and_for_a_day(centre):
    invited(centre, "larkspur-1")
    assert sign_in(centre.browser(), "larkspur-1", FIRST).status_code == 422, "the password before is void"
    browser, link = centre.browser(), "/portal/link/a token"
    assert "You sign in as larkspur-1" in browser.read(link)
    assert browser.get(link).status_code == 200, "looking uses nothing up"
    assert choose(browser, link, new="short", again="short").status_code == 422
    assert choose(browser, link).location == "/portal"
    assert "Imogen Fairweather" in browser.read("/portal/agreements/40718621/people")
    assert centre.browser().get(link).status_code == 404
    invited(centre, "larkspur-1", "another")
    centre.clock.turn(days=1)
    assert "has been used, is older than a day" in centre.browser().read("/portal/link/another")


def test_an_invitation_ends_the_sessions_there_are(centre):
    browser = centre.contact()
    centre.clock.turn(seconds=1)
    invited(centre, "larkspur-1")
    assert browser.get("/portal").location == "/portal/sign-in"


def test_somebody_in_two_agreements_signs_in_once(centre):
    assert invited(centre, "nordhafen-3").name == "nordhafen-1"
    assert choose(centre.browser(), "/portal/link/a token").location == "/portal"


def test_a_form_from_elsewhere_changes_nothing(centre):
    browser = centre.contact()
    answer = browser.client.post("/portal/agreements/40718621/code", data={"csrf_token": "forged"})
    assert (answer.status_code, "Nothing was changed" in answer.text) == (400, True)
    assert Act.CODE_ISSUED not in {each.act for each in centre.acts()}


def test_every_page_says_what_may_be_loaded_and_is_kept_by_nobody(centre):
    answer = centre.contact().get("/portal")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert (answer.headers["Cache-Control"], answer.headers["X-Frame-Options"]) == ("no-store", "DENY")
    cookie = centre.contact().client.get_cookie("activation_center_portal", path="/portal")
    assert (cookie.http_only, cookie.path) == (True, "/portal")


def test_coming_and_going_is_on_the_record(centre):
    sign_in(centre.browser(), "larkspur-1", "wrong")
    sign_in(centre.browser(), "somebody else", "wrong")
    centre.contact().send("/portal/sign-out")
    assert [(each.act, each.actor) for each in centre.acts()] == [
        (Act.SIGN_IN_FAILED, "contact:larkspur-1"),
        (Act.SIGN_IN_FAILED, "somebody unknown"),
        (Act.SIGNED_IN, "contact:larkspur-1"),
        (Act.SIGNED_OUT, "contact:larkspur-1"),
    ]


def test_the_consoles_record_shows_what_contacts_did(centre):
    browser = centre.contact()
    browser.send("/portal/agreements/40718621/code")
    auditor = centre.agent("felix2", Role.AUDITOR)
    assert "contact:larkspur-1" in auditor.read("/console/audit")


def test_pages_that_are_not_there_say_so(centre):
    browser = centre.contact()
    for path in ("/portal/nothing", "/portal/agreements/00000000", "/portal/agreements/62309581"):
        answer = browser.get(path)
        assert (answer.status_code, "There is no such page" in answer.text) == (404, True)
    answer = browser.send("/portal/editions")
    assert (answer.status_code, "There is no such page" in answer.text) == (404, True), "a page opened as an act"
