"""The page of a call: everything known is on it the moment it is answered, for whoever may see it and as masked as it must be."""

import pytest

from callcenter.floor import callers
from callcenter.floor.audit import Act
from callcenter.floor.outcomes import OUTCOMES
from callcenter.floor.people import Availability
from callcenter.floor.requests import RequestStatus


def test_a_call_pops_with_reason_product_groups_key_and_agreement(desk):
    caller = desk.reads(3002)
    text = desk.answers("amira", caller).read(f"/console/calls/{caller.case}")
    assert "The volume key has no activations left." in text
    assert "Windows Vista Business" in text
    assert text.count("accepted") >= 9
    assert "number ending in 43" in text
    assert "SIM••-•••••-•••••-•••••-" in text
    assert "Larkspur Veterinary Clinic" in text


def test_the_page_never_holds_a_digit_of_the_installation_id(desk):
    caller = desk.reads(3002)
    page = desk.answers("amira", caller).get(f"/console/calls/{caller.case}").text
    assert not any(group in page for group in desk.installation_id(3002) if len(group) > 2)


def test_what_the_caller_asked_the_line_for_is_not_asked_again(desk):
    caller = desk.dials()
    caller.press("2", "40718621", "1", "15#", "1")
    text = desk.answers("amira", caller).read(f"/console/calls/{caller.case}")
    assert "The caller wants more activations on a volume key." in text
    assert "Agreement keyed40718621" in text
    assert "How many more15" in text


def test_a_group_that_failed_says_how_often(desk):
    caller = desk.dials()
    groups = desk.installation_id(1004)
    wrong = str((int(groups[2][-1]) + 1) % 10)
    caller.press("1", *groups[:2], *[groups[2][:-1] + wrong] * 3)
    text = desk.answers("amira", caller).read(f"/console/calls/{caller.case}")
    assert "One group of the installation ID failed its check three times." in text
    assert "failed 3 times" in text


def test_an_earlier_call_about_the_same_key_is_named(desk):
    first = desk.reads(3002, "one")
    first.hang_up()
    second = desk.reads(3002, "two", "+447700900177")
    text = desk.answers("amira", second).read(f"/console/calls/{second.case}")
    assert f"Case {first.case}, volume key used up" in text


def test_a_case_that_nobody_has_is_a_page_that_says_so(console, desk):
    assert console.signed_in("amira").get("/console/calls/999999").status_code == 404


@pytest.mark.parametrize("name", ["bruno", "celeste", "erin", "felix"])
def test_others_see_the_call_and_have_none_of_its_acts(desk, console, name):
    caller = desk.reads(3002)
    desk.answers("amira", caller)
    page = console.signed_in(name).get(f"/console/calls/{caller.case}").text
    assert "with Amira Doe" in page
    assert "Hang up" not in page


@pytest.mark.parametrize(
    "act",
    ["hold", "mute", "back", "hang-up", "transfer", "wrap-up", "groups", "decide", "agreement", "verify", "change", "notes"],
)
def test_an_act_on_somebody_elses_call_changes_nothing(desk, console, act):
    caller = desk.reads(3002)
    desk.answers("amira", caller)
    before = len(console.acts())
    answer = console.signed_in("bruno").send(f"/console/calls/{caller.case}/{act}", on="yes", **{"group-1": "1"})
    assert answer.status_code == 303
    assert len(console.acts()) == before + 1, "the sign-in is all that is on the record"
    assert console.store.read(lambda tx: tx.queue.find(caller.sid)).answered_by == "amira"


def test_the_call_bar_holds_and_takes_off_hold(desk, console):  # E1.5
    caller = desk.reads(3002)
    browser = desk.answers("amira", caller)
    browser.send(f"/console/calls/{caller.case}/hold", on="yes")
    assert console.store.read(lambda tx: tx.handlings.open_of_agent("amira")).held_since == console.clock.now
    assert "On hold" in browser.read(f"/console/calls/{caller.case}")
    browser.send(f"/console/calls/{caller.case}/hold", on="no")
    assert console.store.read(lambda tx: tx.handlings.open_of_agent("amira")).held_since is None


def test_a_consulted_colleague_gets_the_caller_when_the_transfer_is_completed(desk, console):
    caller = desk.reads(3002)
    browser = desk.answers("amira", caller)
    console.signed_in("bruno")
    console.is_doing("bruno", Availability.AVAILABLE)
    browser.send(f"/console/calls/{caller.case}/transfer", to="bruno", how="warm")
    assert "You are asking Bruno Doe" in browser.read(f"/console/calls/{caller.case}")
    browser.send(f"/console/calls/{caller.case}/consult", do="complete")
    assert console.store.read(lambda tx: tx.queue.find(caller.sid)).answered_by == "bruno"


def test_asking_a_group_of_people_first_is_refused_in_words(desk):
    caller = desk.reads(3002)
    browser = desk.answers("amira", caller)
    browser.send(f"/console/calls/{caller.case}/transfer", to="seniors", how="warm")
    assert "Choose the person to ask first" in browser.read(f"/console/calls/{caller.case}")


def test_wrapping_up_needs_a_code_and_removes_what_looks_like_a_key(desk, console):  # E1.9
    caller = desk.reads(3002)
    browser = desk.answers("amira", caller)
    at = f"/console/calls/{caller.case}"
    browser.send(f"{at}/back")
    assert (
        "Choose a wrap-up code"
        in browser.client.post(f"{at}/wrap-up", data={"csrf_token": _token(browser), "note": "x"}, follow_redirects=True).text
    )
    foreign = "ABCDE-FGHJK-MNPQR-STVWX-YZ234"
    sent = browser.send(f"{at}/wrap-up", outcome="information given", note=f"they read {foreign} to me")
    assert sent.location == "/console"
    assert "Something shaped like a product key was removed" in browser.read("/console")
    page = browser.read(at)
    assert foreign not in page
    assert "they read [product key removed] to me" in page


def test_a_note_kept_before_wrap_up_is_there_again(desk):
    caller = desk.reads(3002)
    browser = desk.answers("amira", caller)
    browser.send(f"/console/calls/{caller.case}/notes", note="calls again on Monday", follow_up="")
    assert "calls again on Monday" in browser.get(f"/console/calls/{caller.case}").text


def test_a_kept_note_is_on_the_record_without_its_words(desk, console):
    caller = desk.reads(3002)
    browser = desk.answers("amira", caller)
    browser.send(f"/console/calls/{caller.case}/notes", note="calls again on Monday", follow_up="send the form")
    kept = console.acts()[-1]
    assert (kept.act, kept.actor) == (Act.NOTE_KEPT, "amira")
    assert "Monday" not in kept.detail
    assert "form" not in kept.detail


def test_a_note_that_is_too_long_is_refused_and_not_kept(desk, console):
    caller = desk.reads(3002)
    browser = desk.answers("amira", caller)
    before = len(console.acts())
    for field in ("note", "follow_up"):
        browser.send(f"/console/calls/{caller.case}/notes", **{field: "a" * 4001})
        assert "below 4000 characters" in browser.read(f"/console/calls/{caller.case}")
    assert len(console.acts()) == before
    assert console.store.read(lambda tx: tx.handlings.open_of_agent("amira")).note == ""


@pytest.mark.parametrize("is_answered", [False, True], ids=["waiting", "answered"])
def test_who_passed_the_caller_on_changes_nothing_more_in_wrap_up(desk, console, is_answered):
    caller = desk.reads(3002)
    browser = desk.answers("amira", caller)
    bruno = console.signed_in("bruno")
    console.is_doing("bruno", Availability.AVAILABLE)
    at = f"/console/calls/{caller.case}"
    browser.send(f"{at}/transfer", to="bruno")
    if is_answered:
        bruno.send("/console/answer", call_sid=caller.sid)
    before = len(console.acts())
    wish = {"contact": "larkspur-1", "serial": "3002", "change": "raise", "amount": "10", "reason": "new purchase"}
    for act, form in {
        "change": wish,
        "agreement": {"agreement": "40718621"},
        "answers": {"answer-product": "vista"},
        "exception": {"reason": "hardware failure"},
        "new-key": {"contact": "larkspur-1", "channel": "mak", "product_group": "vista"},
        "reveal": {"what": "confirmation"},
    }.items():
        browser.send(f"{at}/{act}", **form)
        assert "The caller is not with you any more" in browser.read("/console"), act
    assert len(console.acts()) == before
    browser.send(f"{at}/notes", note="passed on to Bruno")
    browser.send(f"{at}/wrap-up", outcome=OUTCOMES[0])
    assert [one.act for one in console.acts()[before:]] == [Act.NOTE_KEPT, Act.WRAPPED_UP]


def test_the_timeline_tells_of_the_line_and_of_people_without_a_digit(desk):  # E1.10
    caller = desk.reads(3002)
    browser = desk.answers("amira", caller)
    browser.send(f"/console/calls/{caller.case}/hold", on="yes")
    text = browser.read(f"/console/calls/{caller.case}")
    for told in ("Pressed 1", "Keyed 6 digits", "Decision: volume key used up", "in the queue", "Put on hold"):
        assert told in text


def test_a_held_change_is_said_on_the_page(desk, console):
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
    assert [each.status for each in console.store.read(lambda tx: tx.requests.held())] == [RequestStatus.HELD]
    assert "Raise the activations by 200 waits for a second person" in browser.read(f"/console/calls/{caller.case}")


def _token(browser):
    return browser.get("/console/profile").text.split('name="csrf_token" value="')[1].split('"')[0]


def test_a_callback_is_with_nobody_before_the_caller_is_there(desk, console):
    caller = desk.stops_at(1004, 2)
    booked = "+12065550143"
    console.store.transaction(lambda tx: callers.book_callback(tx, caller.sid, booked, console.clock.now))
    browser, at = desk.answers("amira", caller), f"/console/calls/{caller.case}"
    assert "with you" not in browser.read(at)
    assert "being called" in console.signed_in("bruno").read(at)
    console.store.transaction(lambda tx: callers.called_back(tx, caller.sid, "CA the way back", console.clock.now))
    assert "with you" in browser.read(at)
