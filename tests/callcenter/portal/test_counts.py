"""Asking for more or fewer activations at the portal, decided by the centre's own approvals."""

from dataclasses import replace

import pytest

from callcenter.floor.audit import Act
from callcenter.floor.people import Role
from callcenter.floor.requests import Change, Initiator, Method, RequestStatus

LARKSPUR, CALDER, NORDHAFEN = "40718621", "51203471", "62309581"
PATH = f"/portal/agreements/{NORDHAFEN}/keys/3007"
RAISE = {"change": "raise", "amount": "400", "reason": "merger", "counter": "installations"}
LOWER = {**RAISE, "change": "lower", "amount": "600"}


def ask(browser, **changes):
    return browser.send(PATH, form_on=PATH, **{**RAISE, **changes})


def held(centre):
    return centre.store.read(lambda tx: tx.requests.held())


# row 76
# row 74
@pytest.mark.parametrize(("wish", "allowed"), [(RAISE, 1400), (LOWER, 600)], ids=["increase", "decrease"])
def test_a_wish_waits_at_the_approvals_and_the_customer_sees_what_became_of_it(centre, wish, allowed):
    browser = centre.contact("nordhafen-1")
    assert ask(browser, **wish).status_code == 303
    (waiting,) = held(centre)
    assert (waiting.initiator, waiting.verified_by) == (Initiator.CUSTOMER, Method.PORTAL)
    assert "waits for approval" in browser.read("/portal")
    assert centre.key(3007).record.allowed == 1000
    supervisor = centre.agent("celeste2", Role.SUPERVISOR)
    listed = supervisor.read("/console/approvals")
    assert "from the portal" in listed
    assert "nordhafen-1" in listed
    shown = supervisor.read(f"/console/approvals/{waiting.id}")
    assert "Asked by Friederike Albers When" in shown
    assert "Came from the portal" in shown
    assert "At whose wish the customer’s" in shown
    supervisor.send(f"/console/approvals/{waiting.id}/approve", words="Agreed with the reseller.")
    assert centre.key(3007).record.allowed == allowed
    home = browser.read("/portal")
    assert "applied key 3007" in home
    assert "Agreed with the reseller." in home
    assert f"allowed {allowed}" in browser.read(f"/portal/agreements/{NORDHAFEN}")
    assert [(each.act, each.actor) for each in centre.acts() if each.act in (Act.ASKED, Act.APPROVED)] == [
        (Act.ASKED, "contact:nordhafen-1"),
        (Act.APPROVED, "celeste2"),
    ]


# row 76
def test_a_refusal_is_seen_with_its_words_and_changes_nothing(centre):
    browser = centre.contact("nordhafen-1")
    ask(browser)
    (waiting,) = held(centre)
    centre.agent("celeste2", Role.SUPERVISOR).send(f"/console/approvals/{waiting.id}/refuse", words="Not without a plan.")
    assert "refused" in (home := browser.read("/portal"))
    assert "Not without a plan." in home
    assert centre.key(3007).record.allowed == 1000


# row 76
def test_a_small_raise_is_applied_at_once_and_shares_its_room_with_the_phone(centre):
    browser = centre.contact("nordhafen-1")
    assert "A raise of up to 100 activations is applied at once" in browser.read(PATH)
    ask(browser, amount="60")
    assert centre.key(3007).record.allowed == 1060
    assert "A raise of up to 40 activations" in browser.read(PATH)
    desk = centre.agent("erin2", Role.ADMINISTRATOR).read("/console/keys/3007")
    assert "Up to 40 more activations can be given at once" in desk
    ask(browser, amount="60")
    assert [request.amount for request in held(centre)] == [60]


# row 74
@pytest.mark.parametrize(
    ("contact", "number", "allowance"),
    [("larkspur-1", LARKSPUR, 50), ("calder-1", CALDER, 500), ("nordhafen-1", NORDHAFEN, 1000)],
)
def test_the_allowance_of_a_new_mak_depends_on_the_kind_of_agreement(centre, contact, number, allowance):
    browser = centre.contact(contact)
    product = "server-2008-standard" if number != CALDER else "windows-7-professional"
    page = browser.send(f"/portal/agreements/{number}/request", kind="mak", product=product).text
    assert f"{allowance} computers allowed" in page


# row 74
def test_a_change_at_the_vendors_wish_is_told_apart_for_the_customer(centre):
    manager = centre.agent("erin2", Role.ADMINISTRATOR)
    manager.send("/console/keys/3007/change", serial="3007", **{**RAISE, "amount": "20", "reason": "vendor-side correction"})
    ask(browser := centre.contact("nordhafen-1"), amount="10")
    page = browser.read(PATH)
    assert "by the vendor · vendor-side correction" in page
    assert "by the customer · merger" in page
    raises = centre.store.read(lambda tx: tx.requests.of_key(3007))
    assert {(each.initiator, each.asker) for each in raises} == {
        (Initiator.CUSTOMER, "contact:nordhafen-1"),
        (Initiator.VENDOR, "erin2"),
    }


# row 15
def test_every_page_that_changes_a_count_says_that_it_creates_no_invoice(centre):
    browser = centre.contact("nordhafen-1")
    assert "Changing a count creates no invoice." in browser.read(PATH)
    assert "changing one creates no invoice" in browser.read(f"/portal/agreements/{NORDHAFEN}")
    ask(browser, amount="5")
    assert "raised by 5 (installations). This creates no invoice." in browser.read("/portal")
    query = "step=3&kind=mak&product=windows-7-professional"
    assert "creates no invoice" in browser.read(f"/portal/agreements/{NORDHAFEN}/request?{query}")


def test_hosts_and_the_activations_of_one_host_are_asked_for_by_name(centre):
    browser, path = centre.contact("nordhafen-1"), f"/portal/agreements/{NORDHAFEN}/keys/4002"
    assert "Activations of the host ending in" in browser.read(path)
    browser.send(path, form_on=path, **{**RAISE, "counter": "hosts", "amount": "2"})
    assert centre.key(4002).record.allowed == 8
    host = centre.store.read(lambda tx: tx.keys.hosts(4002, 1))[0]
    counter = f"activations of one host/{host.seat}"
    browser.send(path, form_on=path, **{**RAISE, "counter": counter, "amount": "3"})
    assert centre.store.read(lambda tx: tx.keys.hosts(4002, 1))[0].issues_allowed == host.issues_allowed + 3


def test_ones_own_request_is_withdrawn_and_no_colleagues(centre):
    browser = centre.contact("nordhafen-1")
    ask(browser)
    (waiting,) = held(centre)
    path = f"/portal/agreements/{NORDHAFEN}/requests/{waiting.id}/withdraw"
    colleague = centre.contact("nordhafen-2")
    colleague.send(path)
    assert "Only whoever asked may withdraw" in colleague.read("/portal")
    browser.send(path)
    assert held(centre) == ()
    assert centre.acts()[-1].act == Act.WITHDREW


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"amount": "-5"}, "Say by how many"),
        ({"amount": "0"}, "Say by how many"),
        ({"change": "block"}, "Choose whether"),
        ({"reason": "vendor-side correction"}, "Choose whether"),
        ({"reason": "other"}, "say in words why"),
        ({"change": "lower", "amount": "10"}, "30 are in use"),
        ({"counter": "hosts"}, "A MAK counts installations"),
    ],
)
def test_what_cannot_be_asked_for_is_said_on_the_page_and_keeps_what_was_typed(centre, changes, says):
    browser = centre.contact("nordhafen-1")
    answer = ask(browser, words="as agreed" if changes.get("reason") != "other" else "", **changes)
    assert answer.status_code in (409, 422)
    assert says in answer.text.replace("&#39;", "'")
    assert held(centre) == ()
    assert centre.key(3007).record.allowed == 1000


def test_asking_takes_the_right_to_raise_counts_when_asked_and_when_decided(centre):
    browser = centre.contact("nordhafen-1")
    ask(browser)
    (waiting,) = held(centre)
    friederike = centre.store.read(lambda tx: tx.agreements.contact("nordhafen-1"))
    poorer = replace(friederike, rights=frozenset())
    centre.store.transaction(lambda tx: tx.agreements.save_contact(poorer))
    assert browser.get(PATH).status_code == 403
    assert browser.send(PATH, **RAISE).status_code == 403
    supervisor = centre.agent("celeste2", Role.SUPERVISOR)
    assert "Contact: may ask when this was asked, may not ask now." in supervisor.read(f"/console/approvals/{waiting.id}")
    supervisor.send(f"/console/approvals/{waiting.id}/approve")
    decided = centre.store.read(lambda tx: tx.requests.find(waiting.id))
    assert (decided.status, decided.change) == (RequestStatus.FAILED, Change.RAISE)
    assert centre.key(3007).record.allowed == 1000


def test_a_key_of_another_agreement_cannot_be_asked_about(centre):
    browser = centre.contact("nordhafen-1")
    assert browser.get(f"/portal/agreements/{NORDHAFEN}/keys/3001").status_code == 409
    browser.send(f"/portal/agreements/{NORDHAFEN}/keys/3001", **RAISE)
    assert held(centre) == ()


def test_words_that_hold_a_foreign_key_are_kept_without_it(centre):
    browser = centre.contact("nordhafen-1")
    ask(browser, words="for QW3RT-YU5PA-SD6FG-HJ7KZ-XC8VB")
    (waiting,) = held(centre)
    assert waiting.words == "for [product key removed]"
