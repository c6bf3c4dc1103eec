"""Agreements, keys and approvals as pages: what is known is there, what is masked stays masked, empty lists say so."""

from datetime import timedelta

from activation.digits import with_check_digit
from activation.keys import write_key
from callcenter.floor.audit import Act
from callcenter.floor.customers import Agreement, Contact, Right


def test_agreements_are_found_by_number_and_by_organisation(desk, console):
    browser = console.signed_in("amira")
    assert "Nordhafen Reederei" in browser.read("/console/agreements")
    found = browser.read("/console/agreements?q=larkspur")
    assert "Larkspur Veterinary Clinic" in found
    assert "Nordhafen" not in found
    assert "Calder" in browser.read("/console/agreements?q=5120%203471")
    assert "No agreement has “nobody”" in browser.read("/console/agreements?q=nobody")


def test_an_agreement_shows_contacts_with_rights_and_keys_masked(desk, console):
    text = console.signed_in("felix").read("/console/agreements/40718621")
    assert "Imogen Fairweather" in text
    assert all(right in text for right in ("fetch keys", "raise counts", "change contacts"))
    assert "+441632960107" not in text
    assert "…07" in text
    assert "SIM••-•••••-•••••-•••••-" in text


def test_a_number_changed_lately_is_said(desk, console):
    browser = console.signed_in("amira")
    assert "lately: not to be called back" in browser.read("/console/agreements/51203471")
    assert "lately" not in browser.read("/console/agreements/40718621")


def test_revealing_a_key_takes_the_right_and_is_on_the_record(desk, console):
    key = console.store.read(lambda tx: tx.keys.get(3002))
    text = write_key(key.key, console.centre.secrets)
    assert console.signed_in("amira").send("/console/keys/3002/reveal").status_code == 403
    assert text[:11] not in console.signed_in("felix").get("/console/keys/3002").text
    shown = console.signed_in("felix").send("/console/keys/3002/reveal").text
    assert all(f'<b class="mono">{symbol}</b>' in shown for symbol in text[-5:])
    assert (console.acts()[-1].act, console.acts()[-1].subject) == (Act.REVEALED, "key/3002")


def test_pages_that_are_not_there_say_so(desk, console):
    browser = console.signed_in("celeste")
    for path in ("/console/agreements/00000000", "/console/keys/9999", "/console/approvals/none"):
        assert browser.get(path).status_code == 404


def test_an_empty_approvals_page_says_what_would_be_there(desk, console):
    text = console.signed_in("celeste").read("/console/approvals")
    assert "Nothing waits for approval." in text
    assert "No change has been asked for yet." in text


def test_an_expired_request_can_no_longer_be_approved(desk, console):
    caller = desk.reads(3002)
    browser = desk.verified("amira", caller, "40718621", "larkspur-1")
    browser.send(
        f"/console/calls/{caller.case}/change",
        contact="larkspur-1",
        serial="3002",
        change="raise",
        amount="200",
        reason="merger",
    )
    (held,) = console.store.read(lambda tx: tx.requests.held())
    console.clock.turn(days=2)
    assert held.expires_at is not None
    assert held.expires_at - held.asked_at == timedelta(hours=24)
    supervisor = console.signed_in("celeste")
    assert "It has expired and can no longer be approved." in supervisor.read(f"/console/approvals/{held.id}")
    supervisor.send(f"/console/approvals/{held.id}/approve")
    assert console.store.read(lambda tx: tx.keys.get(3002)).record.allowed == 25


def test_unlocking_names_what_can_be_locked(desk, console):
    supervisor = console.signed_in("celeste")
    supervisor.send("/console/unlock", scope="sign-in/amira")
    assert "Only a case, an agreement or an agent can be locked." in supervisor.read("/console")


# row 83
def test_a_key_of_the_organisations_other_agreement_is_served_and_flagged_as_information(desk, console):
    number, since = with_check_digit("6230999"), console.clock.now - timedelta(days=90)
    beside = Agreement(number, "open", "Larkspur Veterinary Clinic", "GB", 5, True, since)
    imogen = Contact("larkspur-9", number, "Imogen Fairweather", "+441632960107", frozenset(Right), since)
    console.store.transaction(lambda tx: tx.agreements.add_missing([beside], [imogen]))
    caller = desk.reads(3002)
    browser = desk.verified("amira", caller, number, "larkspur-9")
    page = browser.read(f"/console/calls/{caller.case}")
    assert "information The key of this call belongs to agreement 40718621 of the same organisation." in page
    wish = {"serial": "3002", "change": "raise", "amount": "5", "reason": "merger", "contact": "larkspur-9"}
    browser.send(f"/console/calls/{caller.case}/change", **wish)
    assert console.store.read(lambda tx: tx.keys.get(3002)).record.allowed == 30
