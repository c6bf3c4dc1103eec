"""Registering agreements: the programmes' rules, what is served by call only, and the lock on guessing."""

import pytest

from activation.digits import check_digit_holds, with_check_digit
from callcenter.floor.agreement_rules import STARTED_A_DAY
from callcenter.floor.audit import Act
from callcenter.floor.customers import Right
from callcenter.floor.people import Role

LARKSPUR, NORDHAFEN, NORDHAFEN_OPEN = "40718621", "62309581", "71934286"
CALL_ONLY = [("gumnut-1", "70415265", "SPLA", "+611800975707"), ("tellerand-1", "81526371", "ISV Royalty", "+46846500442")]
CALL_ONLY += [("maple-1", "92637480", "HVMS", "+16135550142")]


def start(browser, programme, licences, **fields):
    return browser.send("/portal/register/start", form_on="/portal/register", programme=programme, licences=licences, **fields)


def join(browser, number, **fields):
    return browser.send("/portal/register/join", form_on="/portal/register", number=number, **fields)


def agreements(centre):
    return centre.store.read(lambda tx: tx.agreements.all())


# row 11
def test_open_is_refused_below_five_licences_and_accepted_from_five_on(centre):
    browser, before = centre.contact(), len(agreements(centre))
    refused = start(browser, "open", "4")
    assert (refused.status_code, "Open starts at 5 licences; 4 are too few." in refused.text) == (422, True)
    assert len(agreements(centre)) == before
    number = start(browser, "open", "5").location.rpartition("/")[2]
    found = {each.number: each for each in agreements(centre)}[number]
    assert (found.programme, found.licences, found.organisation) == ("open", 5, "Larkspur Veterinary Clinic")
    assert check_digit_holds(number)
    assert f"{number} Open fetch keys raise counts change contacts" in browser.read("/portal")


# row 11
@pytest.mark.parametrize("programme", ["select", "enterprise"])
def test_the_larger_programmes_start_higher(centre, programme):
    browser = centre.contact()
    assert "starts at 250 licences" in start(browser, programme, "249").text
    assert start(browser, programme, "250").status_code == 303


# row 79
@pytest.mark.parametrize(("contact", "number", "title", "ring"), CALL_ONLY)
def test_agreements_that_are_served_by_call_only_are_refused_with_the_number_to_call(centre, contact, number, title, ring):
    browser = centre.contact(contact)
    said = f"{title} agreements are not in the portal: they are served by call. Ring {ring}"
    assert said in browser.read("/portal")
    for path in ("", "/request", "/licences", "/code", "/people", "/keys/3009"):
        page = browser.get(f"/portal/agreements/{number}{path}")
        assert (page.status_code, said in page.text) == (403, True), path
    for path in ("/request", "/second", "/code", "/people", "/keys/3009/reveal", "/licences/base"):
        answer = browser.send(f"/portal/agreements/{number}{path}", kind="mak", product="windows-7-professional", key="x")
        assert answer.status_code in (303, 403), path
    assert {each.act for each in centre.acts()} == {Act.SIGNED_IN}


# row 79
@pytest.mark.parametrize("programme", ["spla", "isv-royalty", "hvms"])
def test_no_such_agreement_is_started_here(centre, programme):
    answer = start(centre.contact(), programme, "500")
    assert (answer.status_code, "served by call. Ring +448081570142" in answer.text) == (403, True)
    assert not [each for each in agreements(centre) if each.programme == programme and each.licences == 500]


def test_a_number_of_ones_own_organisation_is_joined_after_a_day_and_without_rights(centre):
    browser = centre.contact("nordhafen-2")
    assert join(browser, "7193 4286").status_code == 303
    browser.get("/portal")  # where the answer is told
    assert "71934286" not in browser.read("/portal")
    centre.clock.turn(days=1)
    centre.clerk_works()
    browser = centre.contact("nordhafen-2")
    assert "71934286 Open look only" in browser.read("/portal")
    (joined,) = [
        each
        for each in centre.store.read(lambda tx: tx.agreements.of_account("nordhafen-2"))
        if each.agreement == NORDHAFEN_OPEN
    ]
    assert (joined.rights, joined.account) == (frozenset(), "nordhafen-2")


def test_a_contact_there_may_object_to_who_joins(centre):
    join(centre.contact("nordhafen-2"), NORDHAFEN_OPEN)
    path = f"/portal/agreements/{NORDHAFEN_OPEN}/people"
    owner = centre.contact("nordhafen-4")
    (waiting,) = centre.store.read(lambda tx: tx.proposed_contacts.of_agreement(NORDHAFEN_OPEN))
    owner.send(f"{path}/{waiting.id}/object", form_on=path)
    centre.clock.turn(days=2)
    centre.clerk_works()
    assert len(centre.store.read(lambda tx: tx.agreements.of_account("nordhafen-2"))) == 1


def test_whoever_is_named_already_is_not_named_twice(centre):
    browser = centre.contact("nordhafen-2")
    assert "You are named in that agreement already" in join(browser, NORDHAFEN).text
    join(browser, NORDHAFEN_OPEN)
    assert "or wait to be" in join(browser, NORDHAFEN_OPEN).text


def test_repeated_wrong_numbers_lock_until_a_supervisor_opens(centre):
    browser = centre.contact()
    unknown = with_check_digit("1234567")
    assert "It was not counted" in join(browser, "12345678" if unknown != "12345678" else "12345679").text
    answers = [join(browser, number).text for number in (unknown, NORDHAFEN, unknown, NORDHAFEN, unknown)]
    assert all("Your organisation has no agreement with that number." in answer for answer in answers)
    assert "4 more and it is locked" in answers[0]
    assert "It is locked now" in answers[4]
    locked = join(browser, LARKSPUR)
    assert (locked.status_code, "locked after 5 failed attempts" in locked.text) == (423, True)
    supervisor, page = centre.agent("celeste2", Role.SUPERVISOR), f"/console/agreements/{LARKSPUR}"
    assert "larkspur-1 tried too many agreement numbers at the portal" in supervisor.read(page)
    supervisor.send("/console/unlock", scope="account/larkspur-1")
    assert "tried too many" not in supervisor.read(page)
    assert "You are named in that agreement already" in join(browser, LARKSPUR).text


def test_numbers_of_others_are_not_told_apart_from_numbers_nobody_has(centre):
    browser = centre.contact()
    told = {
        join(browser, number).text.partition('role="alert">')[2][:53] for number in (NORDHAFEN, with_check_digit("1234567"))
    }
    assert len(told) == 1


def test_an_ended_agreement_opens_nothing(centre):
    answer = centre.contact("oldmill-1").get("/portal/agreements/53748509")
    assert "That agreement has ended" in answer.text
    assert answer.status_code == 409


def test_starting_takes_the_right_to_change_contacts_where_one_acts_from(centre):
    assert "You may not change contacts" in start(centre.contact("calder-1"), "open", "5").text
    browser = centre.contact("nordhafen-1")
    assert start(browser, "open", "5", home=NORDHAFEN_OPEN).status_code == 403, "rights are per licensing ID"
    assert start(browser, "open", "5", home=NORDHAFEN).status_code == 303
    assert "Choose the agreement of your organisation" in start(browser, "open", "5").text


def test_an_organisation_starts_so_many_agreements_in_a_day(centre):
    browser = centre.contact()
    assert start(browser, "open", "4").status_code == 422, "what is refused does not count"
    started = [start(browser, "open", "5", home=LARKSPUR) for _ in range(STARTED_A_DAY)]
    assert {answer.status_code for answer in started} == {303}
    newest = started[-1].location.rpartition("/")[2]
    for home in (LARKSPUR, newest):
        assert "as often as may be in a day" in start(browser, "open", "5", home=home).text
    assert centre.acts()[-1].act == Act.AGREEMENT_REFUSED
    assert start(centre.contact("nordhafen-1"), "open", "5", home=NORDHAFEN).status_code == 303, "another's count is its own"
    centre.clock.turn(days=1)
    assert start(centre.contact(), "open", "5", home=LARKSPUR).status_code == 303


@pytest.mark.parametrize("licences", ["", "five", "0", "-5", "9" * 5000])
def test_what_is_no_number_of_licences_is_said(centre, licences):
    answer = start(centre.contact(), "open", licences)
    assert (answer.status_code, "Write the number of licences in digits" in answer.text) == (422, True)


def test_who_starts_an_agreement_speaks_for_it_and_it_is_on_the_record(centre):
    number = start(centre.contact(), "open", "25").location.rpartition("/")[2]
    (owner,) = centre.store.read(lambda tx: tx.agreements.contacts(number))
    assert (owner.name, owner.rights, owner.account) == ("Imogen Fairweather", frozenset(Right), "larkspur-1")
    assert (centre.acts()[-1].act, centre.acts()[-1].actor) == (Act.AGREEMENT_STARTED, "contact:larkspur-1")
