"""Raising and lowering limits with the caller on the line: the heart of the desk, entered as agents and supervisors enter it."""

import pytest

from callcenter.floor import locks
from callcenter.floor.audit import Act
from callcenter.floor.requests import Initiator, Method, RequestStatus
from callcenter.floor.verification import CODE_PURPOSE, issue_code

VISTA, LARKSPUR = 3002, "40718621"
"""A MAK that is used up, 25 of 25, and its agreement."""


def ask(browser, caller, **fields):
    asked = {
        "contact": "larkspur-1",
        "serial": str(VISTA),
        "change": "raise",
        "amount": "10",
        "reason": "new purchase",
        **fields,
    }
    return browser.send(f"/console/calls/{caller.case}/change", **asked)


def key(console, serial=VISTA):
    return console.store.read(lambda tx: tx.keys.get(serial)).record


def requests(console, caller):
    return console.store.read(lambda tx: tx.requests.of_case(caller.case))


def test_a_small_raise_is_applied_at_once_and_the_waiting_activation_with_it(desk, console):  # row 76
    caller = desk.reads(VISTA)
    browser = desk.verified("amira", caller, LARKSPUR, "larkspur-1")
    ask(browser, caller)
    assert (key(console).allowed, key(console).used) == (35, 26)
    assert caller.state.readback is not None
    assert "Done: raise applied. A confirmation ID was issued." in browser.read(f"/console/calls/{caller.case}")


def test_a_second_raise_leaves_the_confirmation_id_that_nobody_has_heard_yet_alone(desk, console):
    caller = desk.reads(VISTA)
    browser = desk.verified("amira", caller, LARKSPUR, "larkspur-1")
    ask(browser, caller)
    first = caller.state.readback
    ask(browser, caller, amount="5")
    assert caller.state.readback == first
    assert (key(console).allowed, key(console).used) == (40, 26)
    assert [each.act for each in console.acts()].count(Act.DECIDED) == 1
    assert "The confirmation ID is already there." in browser.read(f"/console/calls/{caller.case}")


def test_a_mistyped_agreement_number_is_said_to_be_one_and_locks_nothing(desk):
    caller = desk.reads(VISTA)
    browser, at = desk.answers("amira", caller), f"/console/calls/{caller.case}"
    for _ in range(6):
        browser.send(f"{at}/agreement", agreement="40718612")
        assert "That is no agreement number" in browser.read(at)
    browser.send(f"{at}/agreement", agreement=LARKSPUR)
    assert "is active and fits this call" in browser.read(at)


def test_nothing_is_raised_without_an_agreement_number_that_matches(desk, console):  # row 80
    caller = desk.reads(VISTA)
    browser = desk.answers("amira", caller)
    ask(browser, caller)
    assert "Find the agreement first" in browser.read(f"/console/calls/{caller.case}")
    browser.send(f"/console/calls/{caller.case}/agreement", agreement="51203471")
    assert "another organisation" in browser.read(f"/console/calls/{caller.case}")
    assert key(console).allowed == 25


def test_nothing_is_raised_for_a_caller_who_is_not_verified(desk, console):
    caller = desk.reads(VISTA)
    browser = desk.answers("amira", caller)
    browser.send(f"/console/calls/{caller.case}/agreement", agreement=LARKSPUR)
    ask(browser, caller)
    assert "Verify the caller first" in browser.read(f"/console/calls/{caller.case}")
    assert key(console).allowed == 25


def test_nothing_is_raised_for_a_contact_without_the_right(desk, console):
    caller = desk.reads(VISTA)
    browser = desk.verified("amira", caller, LARKSPUR, "larkspur-2")
    ask(browser, caller, contact="larkspur-2")
    assert "That contact may not raise counts." in browser.read(f"/console/calls/{caller.case}")
    assert key(console).allowed == 25


def test_the_one_time_code_of_the_portal_verifies_once(desk, console):
    caller = desk.reads(VISTA)
    browser = desk.answers("amira", caller)
    at, secret = f"/console/calls/{caller.case}", console.centre.secrets.purpose(CODE_PURPOSE)
    code = console.store.transaction(
        lambda tx: issue_code(tx, secret, LARKSPUR, "larkspur-1", console.clock.now, lambda below: 482910)
    )
    browser.send(f"{at}/agreement", agreement=LARKSPUR)
    browser.send(f"{at}/verify", contact="larkspur-1", do="code", code=f"{code[:3]} {code[3:]}")
    assert "Verified by one-time code from the portal." in browser.read(at)
    browser.send(f"{at}/verify", contact="larkspur-1", do="code", code=code)
    assert "That did not verify the caller" in browser.read(at)


def test_a_private_fact_is_compared_by_the_server(desk, console):
    caller = desk.reads(VISTA)
    browser = desk.answers("amira", caller)
    at = f"/console/calls/{caller.case}"
    browser.send(f"{at}/agreement", agreement=LARKSPUR)
    browser.send(f"{at}/verify", contact="larkspur-1", do="fact", fact="COUNT_LEFT", fact_serial="3001", answer="1")
    passed = console.store.read(lambda tx: tx.verifications.passes(caller.case))
    assert [each.method for each in passed] == [Method.PRIVATE_FACT]


def test_ringing_the_number_on_file_calls_the_contact_into_the_call(desk, console):
    caller = desk.reads(VISTA)
    browser = desk.answers("amira", caller)
    browser.send(f"/console/calls/{caller.case}/agreement", agreement=LARKSPUR)
    browser.send(f"/console/calls/{caller.case}/verify", contact="larkspur-1", do="ring")
    assert "The number on file is being called." in browser.read(f"/console/calls/{caller.case}")
    assert console.acts()[-1].act == Act.CALLED_CONTACT
    assert not console.store.read(lambda tx: tx.verifications.passes(caller.case))


def test_a_number_changed_lately_is_not_called_back(desk, console):
    caller = desk.dials()
    caller.press("4", "3", "51203471")
    browser = desk.verified("amira", caller, "51203471", "calder-1")
    assert "The number on file was changed on" in browser.read(f"/console/calls/{caller.case}")
    assert not console.store.read(lambda tx: tx.verifications.passes(caller.case))


def test_wrong_agreement_numbers_lock_the_case_until_a_supervisor_unlocks_it(desk, console):
    caller = desk.reads(VISTA)
    browser = desk.answers("amira", caller)
    at = f"/console/calls/{caller.case}"
    for _ in range(console.centre.policy.wrong_numbers_before_lock):
        browser.send(f"{at}/agreement", agreement="51203471")
    browser.send(f"{at}/agreement", agreement=LARKSPUR)
    assert "Too many attempts failed in this case" in browser.read(at)
    assert console.signed_in("bruno").send("/console/unlock", scope=f"case/{caller.case}").status_code == 403
    console.signed_in("celeste").send("/console/unlock", scope=f"case/{caller.case}")
    browser.send(f"{at}/agreement", agreement=LARKSPUR)
    assert "active and fits this call" in browser.read(at)


def test_a_large_raise_is_held_and_the_approval_serves_the_caller_who_waits(desk, console):  # rows 35, 76
    caller = desk.reads(VISTA)
    browser = desk.verified("amira", caller, LARKSPUR, "larkspur-1")
    ask(browser, caller, amount="200")
    assert key(console).allowed == 25
    (held,) = requests(console, caller)
    answer = console.signed_in("celeste").send(f"/console/approvals/{held.id}/approve", words="Fine.")
    assert answer.status_code == 303
    assert (key(console).allowed, key(console).used) == (225, 26)
    assert caller.state.readback is not None
    page = browser.read(f"/console/calls/{caller.case}")
    assert "was approved by Celeste Doe and applied." in page
    assert "Back to the line: it reads the ID out" in page


def test_an_approval_after_the_caller_is_gone_raises_and_says_so(desk, console):
    caller = desk.reads(VISTA)
    ask(desk.verified("amira", caller, LARKSPUR, "larkspur-1"), caller, amount="200")
    caller.hang_up()
    (held,) = requests(console, caller)
    supervisor = console.signed_in("celeste")
    supervisor.send(f"/console/approvals/{held.id}/approve")
    assert "The caller is gone" in supervisor.read(f"/console/approvals/{held.id}")
    assert (key(console).allowed, key(console).used) == (225, 25)
    assert "the caller was gone already" in supervisor.read(f"/console/calls/{caller.case}")


def test_nobody_approves_their_own_and_the_page_says_why(desk, console):
    caller = desk.reads(VISTA)
    supervisor = desk.verified("celeste", caller, LARKSPUR, "larkspur-1")
    ask(supervisor, caller, amount="200")
    (held,) = requests(console, caller)
    assert "Nobody approves their own request" in supervisor.read(f"/console/approvals/{held.id}")
    supervisor.send(f"/console/approvals/{held.id}/approve")
    assert "You asked for this yourself" in supervisor.read(f"/console/approvals/{held.id}")
    assert requests(console, caller)[0].status is RequestStatus.HELD
    supervisor.send(f"/console/approvals/{held.id}/withdraw")
    assert requests(console, caller)[0].status is RequestStatus.REFUSED


def test_a_refusal_needs_words_and_reaches_the_desk(desk, console):
    caller = desk.reads(VISTA)
    browser = desk.verified("amira", caller, LARKSPUR, "larkspur-1")
    ask(browser, caller, amount="200")
    (held,) = requests(console, caller)
    supervisor = console.signed_in("celeste")
    supervisor.send(f"/console/approvals/{held.id}/refuse", words="")
    assert "Say why" in supervisor.read(f"/console/approvals/{held.id}")
    supervisor.send(f"/console/approvals/{held.id}/refuse", words="Ask your reseller for an order first.")
    page = browser.read(f"/console/calls/{caller.case}")
    assert "was refused by Celeste Doe. “Ask your reseller for an order first.”" in page
    assert key(console).allowed == 25


def test_the_approver_sees_what_has_changed_since(desk, console):
    caller = desk.reads(VISTA)
    ask(desk.verified("amira", caller, LARKSPUR, "larkspur-1"), caller, amount="200")
    console.store.transaction(lambda tx: tx.keys.raise_allowed(VISTA, 5))
    (held,) = requests(console, caller)
    supervisor = console.signed_in("celeste")
    assert "Allowed: 25 when this was asked, 30 now." in supervisor.read(f"/console/approvals/{held.id}")


def test_a_limit_is_not_lowered_below_what_is_used(desk, console):  # row 76
    caller = desk.reads(VISTA)
    browser = desk.verified("amira", caller, LARKSPUR, "larkspur-1")
    ask(browser, caller, change="lower", amount="20")
    assert "25 are in use, so the limit cannot be lower than that." in browser.read(f"/console/calls/{caller.case}")
    assert not requests(console, caller)


def test_more_hosts_are_asked_for_by_name(desk, console):  # row 58
    caller = desk.dials()
    caller.press("4", "2", "62309581")
    browser = desk.verified("amira", caller, "62309581", "nordhafen-1")
    at = f"/console/calls/{caller.case}"
    wish = {"contact": "nordhafen-1", "serial": "4002", "change": "raise", "amount": "2", "reason": "merger"}
    browser.send(f"{at}/change", **wish, product_group="windows-7")
    assert "For a KMS key say which limit" in browser.read(at)
    browser.send(f"{at}/change", **wish, product_group="windows-7", counter="hosts")
    assert key(console, 4002).allowed == 8
    host = console.store.read(lambda tx: tx.keys.hosts(4002, 1))[0]
    browser.send(f"{at}/change", **wish, product_group="windows-7", counter=f"activations of one host/{host.seat}")
    after = {each.seat: each.issues_allowed for each in console.store.read(lambda tx: tx.keys.hosts(4002, 9))}
    assert after[host.seat] == host.issues_allowed + 2


def test_every_page_that_changes_a_limit_says_that_it_creates_no_invoice(desk):  # row 15
    caller = desk.reads(VISTA)
    browser = desk.verified("amira", caller, LARKSPUR, "larkspur-1")
    assert "Creates no invoice." in browser.read(f"/console/calls/{caller.case}")


def test_a_change_at_the_vendors_wish_is_recorded_as_such(desk, console):  # row 74
    erin = console.signed_in("erin")
    erin.send(f"/console/keys/{VISTA}/change", serial=str(VISTA), change="raise", amount="5", reason="vendor-side correction")
    (asked,) = console.store.read(lambda tx: tx.requests.of_key(VISTA))
    assert (asked.initiator, asked.status, key(console).allowed) == (Initiator.VENDOR, RequestStatus.APPLIED, 30)
    assert console.signed_in("amira").send(f"/console/keys/{VISTA}/change", serial=str(VISTA)).status_code == 403


def test_a_page_meant_for_one_key_changes_no_other(desk, console):
    erin = console.signed_in("erin")
    erin.send(f"/console/keys/{VISTA}/change", serial="3001", change="raise", amount="5", reason="vendor-side correction")
    assert (key(console, 3001).allowed, key(console).allowed) == (50, 30)


@pytest.mark.parametrize(
    "wrong", [{"serial": "x"}, {"change": "exception"}, {"reason": "because"}, {"amount": "many"}, {"amount": "٣"}]
)
def test_what_no_form_sends_is_refused_in_words(desk, console, wrong):
    caller = desk.reads(VISTA)
    browser = desk.verified("amira", caller, LARKSPUR, "larkspur-1")
    assert ask(browser, caller, **wrong).status_code == 303
    assert key(console).allowed == 25
    assert not requests(console, caller)


def test_that_they_confirm_counts_only_once_the_number_on_file_was_rung(desk, console):
    caller = desk.reads(VISTA)
    browser, at = desk.answers("amira", caller), f"/console/calls/{caller.case}"
    browser.send(f"{at}/agreement", agreement=LARKSPUR)
    browser.send(f"{at}/verify", contact="larkspur-1", do="call-back")
    assert "Ring the number on file first." in browser.read(at)
    ask(browser, caller)
    assert key(console).allowed == 25
    browser.send(f"{at}/verify", contact="larkspur-1", do="ring")
    browser.send(f"{at}/verify", contact="larkspur-1", do="call-back")
    ask(browser, caller)
    assert key(console).allowed == 35


def test_a_serial_that_no_key_can_have_is_refused_in_words(desk, console):
    caller, huge = desk.reads(VISTA), str(10**30)
    browser, at = desk.verified("amira", caller, LARKSPUR, "larkspur-1"), f"/console/calls/{caller.case}"
    ask(browser, caller, serial=huge)
    assert "Choose what to change, on which key, and why." in browser.read(at)
    browser.send(f"{at}/verify", contact="larkspur-1", do="fact", fact="COUNT_LEFT", fact_serial=huge, answer="1")
    assert "That key does not belong to the agreement" in browser.read(at)
    assert browser.get(f"/console/keys/{huge}").status_code == 404


def test_what_is_no_product_group_is_not_said_back(desk, console):
    foreign = "-".join(["B4DK3"] * 5)
    caller = desk.reads(VISTA)
    browser = desk.verified("amira", caller, LARKSPUR, "larkspur-1")
    ask(browser, caller, product_group=foreign)
    page = browser.read(f"/console/calls/{caller.case}")
    assert "the caller asks about something else" in page
    assert foreign not in page


def test_an_agent_with_many_unknown_numbers_is_locked_until_a_supervisor_unlocks(desk, console):
    caller = desk.reads(VISTA)
    browser, at = desk.answers("amira", caller), f"/console/calls/{caller.case}"
    scope = locks.agent_scope("amira")
    for _ in range(locks.most_failures(scope, console.centre.policy) - 1):
        console.store.transaction(lambda tx: tx.verifications.failed(scope, console.clock.now))
    browser.send(f"{at}/agreement", agreement="11111114")
    browser.send(f"{at}/agreement", agreement=LARKSPUR)
    assert "until a supervisor unlocks it" in browser.read(at)
    supervisor = console.signed_in("celeste")
    assert "Unlock amira" in supervisor.read(at)
    supervisor.send("/console/unlock", scope="agent/amira")
    supervisor.send("/console/unlock", scope="agent/nobody")
    assert "Only a case, an agreement or an agent can be locked." in supervisor.read("/console")
    browser.send(f"{at}/agreement", agreement=LARKSPUR)
    assert "is active and fits this call" in browser.read(at)
