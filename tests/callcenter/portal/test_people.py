"""Who speaks for an agreement: rights, their history, newcomers and the time for objections, numbers on file."""

import pytest

from callcenter.floor.audit import Act
from callcenter.floor.customers import Right
from callcenter.floor.people import Role
from data.outbox import OutboxKind
from data.post_office import PostOffice

LARKSPUR, CALDER, NORDHAFEN, NORDHAFEN_OPEN = "40718621", "51203471", "62309581", "71934286"
PATH = f"/portal/agreements/{LARKSPUR}/people"
NEW = {"name": "Odalys Pemberton", "phone": "+44 1632 960109", "right": ["raise counts"]}


def contacts(centre, number=LARKSPUR):
    return {each.id: each for each in centre.store.read(lambda tx: tx.agreements.contacts(number))}


def texts(centre):
    """Who was sent which text message since the last look."""
    post, sent = PostOffice(centre.store), []
    while item := post.claim_next(centre.clock.now, 60):
        if item.kind == OutboxKind.TEXT_MESSAGE:
            sent.append((item.payload["to"], item.payload["body"]))
        post.done(item.id)
    return sent


def proposed(centre, number=LARKSPUR):
    return centre.store.read(lambda tx: tx.proposed_contacts.of_agreement(number))


# row 85
def test_the_page_shows_who_may_do_what_and_the_history_of_changes(centre):
    browser = centre.contact()
    page = browser.read(PATH)
    assert "Imogen Fairweather (you)" in page
    assert "fetch keys raise counts change contacts" in page
    assert "Nothing has been changed yet." in page
    browser.send(f"{PATH}/larkspur-2/rights", form_on=PATH, right=["raise counts", "change contacts"])
    assert contacts(centre)["larkspur-2"].rights == {Right.RAISE_COUNTS, Right.CHANGE_CONTACTS}
    history = browser.read(PATH).partition("History")[2]
    assert "Imogen Fairweather changed a contact's rights: Tobias Quill fetch keys → change contacts, raise counts" in history


# row 85
def test_rights_hold_for_one_licensing_id_each(centre):
    browser = centre.contact("nordhafen-1")
    home = browser.read("/portal")
    assert "62309581 Enterprise fetch keys raise counts change contacts" in home
    assert "71934286 Open fetch keys Requests" in home
    assert browser.get(f"/portal/agreements/{NORDHAFEN}/people").status_code == 200
    assert "Only somebody with the right to change contacts names others." in browser.read(
        f"/portal/agreements/{NORDHAFEN_OPEN}/people"
    )
    browser.send(f"/portal/agreements/{NORDHAFEN_OPEN}/people/nordhafen-4/rights", right=[])
    assert Right.CHANGE_CONTACTS in contacts(centre, NORDHAFEN_OPEN)["nordhafen-4"].rights


# row 85
def test_somebody_new_is_a_contact_after_a_day_in_which_nobody_objected(centre):
    browser = centre.contact()
    texts(centre)
    browser.send(PATH, form_on=PATH, **NEW)
    assert "Named, not in force yet Odalys Pemberton" in browser.read(PATH)
    assert [to for to, body in texts(centre) if "Odalys Pemberton is to speak" in body] == ["+441632960107"]
    centre.clock.turn(hours=23, minutes=59)
    centre.clerk_works()
    assert len(contacts(centre)) == 2
    centre.clock.turn(minutes=1)
    centre.clerk_works()
    (odalys,) = [each for each in contacts(centre).values() if each.name == "Odalys Pemberton"]
    assert (odalys.phone, odalys.rights) == ("+441632960109", {Right.RAISE_COUNTS})
    assert proposed(centre) == ()
    assert "Odalys Pemberton is a contact of your agreement" in centre.contact("larkspur-2").read("/portal")


# row 85
def test_every_colleague_may_object_in_time(centre):
    centre.contact().send(PATH, form_on=PATH, **NEW)
    (waiting,) = proposed(centre)
    colleague = centre.contact("larkspur-2")
    colleague.send(f"{PATH}/{waiting.id}/object", form_on=PATH)
    centre.clock.turn(days=2)
    centre.clerk_works()
    assert len(contacts(centre)) == 2
    assert "Tobias Quill objected to a new contact" in centre.contact().read(PATH)


def test_nobody_outside_the_agreement_objects(centre):
    centre.contact().send(PATH, form_on=PATH, **NEW)
    (waiting,) = proposed(centre)
    stranger = centre.contact("nordhafen-1")
    stranger.send(f"/portal/agreements/{NORDHAFEN}/people/{waiting.id}/object")
    assert stranger.send(f"{PATH}/{waiting.id}/object").status_code == 404
    assert proposed(centre) == (waiting,)


def test_a_new_contact_can_be_verified_only_after_the_window(centre):
    """Until then the desk does not know them, so that no agent is talked into anything."""
    centre.contact().send(PATH, form_on=PATH, **NEW)
    agent = centre.agent("amira2", Role.AGENT)
    assert "Odalys" not in agent.read(f"/console/agreements/{LARKSPUR}").partition("Told to the customer")[0]
    centre.clock.turn(days=1, minutes=1)
    centre.clerk_works()
    page = centre.agent("bruno2", Role.AGENT).read(f"/console/agreements/{LARKSPUR}")
    assert "Odalys Pemberton" in page.partition("Told to the customer")[0]


# row 85
def test_a_number_changed_lately_is_not_called_back(centre):
    browser = centre.contact()
    texts(centre)
    browser.send(f"{PATH}/larkspur-1/phone", form_on=PATH, phone="+441632960155")
    assert contacts(centre)["larkspur-1"].phone == "+441632960155"
    assert [to for to, body in texts(centre) if "Another telephone number" in body] == ["+441632960107"], "the old number"
    assert "number changed lately: not called back" in browser.read(PATH)
    sid, case = centre.calls_about_keys(LARKSPUR)
    agent = centre.agent("amira2", Role.AGENT)
    agent.send("/console/answer", call_sid=sid)
    agent.send(f"/console/calls/{case}/agreement", agreement=LARKSPUR)
    agent.send(f"/console/calls/{case}/verify", contact="larkspur-1", do="ring")
    assert "too lately to trust" in agent.read(f"/console/calls/{case}")
    centre.clock.turn(days=31)
    assert "number changed lately" not in centre.contact().read(PATH)


def test_nobody_changes_their_own_rights_or_removes_themselves(centre):
    browser = centre.contact()
    for path, fields in ((f"{PATH}/larkspur-1/rights", {"right": []}), (f"{PATH}/larkspur-1/remove", {})):
        browser.send(path, form_on=PATH, **fields)
        assert "Nobody changes their own rights" in browser.read("/portal")
    assert contacts(centre)["larkspur-1"].rights == frozenset(Right)


def test_changing_people_takes_the_right_but_ones_own_number_does_not(centre):
    browser, before = centre.contact("larkspur-2"), contacts(centre)
    for path, fields in (
        (PATH, NEW),
        (f"{PATH}/larkspur-1/rights", {"right": []}),
        (f"{PATH}/larkspur-1/phone", {"phone": "+441632960166"}),
        (f"{PATH}/larkspur-1/remove", {}),
    ):
        browser.send(path, form_on="/portal", **fields)
    assert (contacts(centre), proposed(centre)) == (before, ())
    browser.send(f"{PATH}/larkspur-2/phone", form_on=PATH, phone="+441632960166")
    assert contacts(centre)["larkspur-2"].phone == "+441632960166"


def test_who_is_removed_is_signed_out_and_signs_in_no_more(centre):
    gone = centre.contact("larkspur-2")
    centre.contact().send(f"{PATH}/larkspur-2/remove", form_on=PATH)
    assert gone.get("/portal").location == "/portal/sign-in"
    answer = centre.browser().send("/portal/sign-in", name="larkspur-2", password="seven calm ferries")
    assert answer.status_code == 422
    assert "Imogen Fairweather removed a contact: larkspur-2" in centre.contact().read(PATH)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "full name"),
        ({"name": "x" * 81}, "full name"),
        ({"name": "QW3RT-YU5PA-SD6FG-HJ7KZ-XC8VB"}, "full name"),
        ({"phone": "01632 960109"}, "with its country"),
    ],
)
def test_what_is_wrong_with_a_newcomer_is_said(centre, changes, says):
    answer = centre.contact().send(PATH, form_on=PATH, **{**NEW, **changes})
    assert (answer.status_code, says in answer.text) == (422, True)
    assert proposed(centre) == ()


def test_nobody_is_pestered_with_text_messages_through_us(centre):
    browser = centre.contact()
    for last in range(6):
        browser.send(f"{PATH}/larkspur-1/phone", form_on=PATH, phone=f"+44163296015{last}")
    assert contacts(centre)["larkspur-1"].phone == "+441632960152"
    assert "as often as may be in a day" in browser.read(PATH)
    for number in range(12):
        browser.send(PATH, form_on=PATH, **{**NEW, "name": f"Odalys {number}"})
    assert len(proposed(centre)) == 10


def test_names_and_numbers_stand_outside_the_chain(centre):
    browser = centre.contact()
    browser.send(PATH, form_on=PATH, **NEW)
    browser.send(f"{PATH}/larkspur-2/phone", form_on=PATH, phone="+441632960155")
    for entry in centre.acts():
        assert not any(word in entry.detail for word in ("Odalys", "Tobias", "960")), entry
    assert {Act.CONTACT_PROPOSED, Act.PHONE_CHANGED} <= {entry.act for entry in centre.acts()}
