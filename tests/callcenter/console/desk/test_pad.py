"""The digit pad: the server is the judge, with scripts and without; what fails is remembered nowhere."""

import json

from callcenter.floor.audit import Act


def by_script(browser, path, **fields):
    """The same form, sent by the page's script."""
    token = browser.get("/console/profile").text.split('name="csrf_token" value="')[1].split('"')[0]
    return browser.client.post(path, data={"csrf_token": token, **fields}, headers={"Accept": "application/json"})


def test_an_agent_finishes_the_digits_that_were_kept_and_decides(
    desk, console
):  # row 1: the caller stopped, nothing is asked anew
    caller = desk.stops_at(1004, 4)
    browser = desk.answers("amira", caller)
    at = f"/console/calls/{caller.case}"
    rest = {f"group-{number}": digits for number, digits in enumerate(desk.installation_id(1004), start=1) if number > 4}
    browser.send(f"{at}/groups", **rest)
    assert "This is a genuine installation ID. Decide now." in browser.read(at)
    browser.send(f"{at}/decide", computers="1")
    assert "A confirmation ID was issued." in browser.read(at)
    assert caller.state.readback is not None
    assert [act.act for act in console.acts()][-2:] == [Act.GROUPS_ENTERED, Act.DECIDED]


def test_every_group_gets_a_verdict_as_soon_as_it_is_typed(desk):
    caller = desk.stops_at(1004, 4)
    browser = desk.answers("amira", caller)
    groups = desk.installation_id(1004)
    wrong = groups[5][:-1] + str((int(groups[5][-1]) + 1) % 10)
    told = by_script(browser, f"/console/calls/{caller.case}/groups", **{"group-5": groups[4], "group-6": wrong}).json
    assert told["groups"] == [
        {"number": 5, "verdict": "accepted", "sentence": "accepted"},
        {"number": 6, "verdict": "failed", "sentence": "check digit wrong"},
    ]
    assert told["whole"]["sentence"] == "Group 6: The check digit does not hold: one of these digits is wrong."


def test_digits_that_fail_are_kept_and_told_nowhere(desk, console):
    caller = desk.stops_at(1004, 4)
    browser = desk.answers("amira", caller)
    by_script(browser, f"/console/calls/{caller.case}/groups", **{"group-5": "864209"})
    kept = console.store.read(
        lambda tx: (tx.calls.find(caller.sid).state, tx.timeline.of_call(caller.sid), tx.audit.after(0, 99))
    )
    assert "864209" not in repr(kept)
    assert "864209" not in browser.get(f"/console/calls/{caller.case}").text


def test_a_group_is_taken_however_it_is_spaced(desk):
    caller = desk.stops_at(1004, 4)
    browser = desk.answers("amira", caller)
    group = desk.installation_id(1004)[4]
    told = by_script(browser, f"/console/calls/{caller.case}/groups", **{"group-5": f" {group[:3]}-{group[3:]} "}).json
    assert told["groups"][0]["verdict"] == "accepted"


def test_deciding_with_groups_missing_is_refused_in_words(desk):
    caller = desk.stops_at(1004, 4)
    browser = desk.answers("amira", caller)
    answer = by_script(browser, f"/console/calls/{caller.case}/decide", computers="1")
    assert (answer.status_code, answer.json["code"]) == (409, "desk.not_whole")
    assert "Some groups are still missing" in answer.json["detail"]


def test_what_comes_back_to_the_script_holds_no_digit_of_the_id(desk):
    caller = desk.stops_at(1004, 4)
    browser = desk.answers("amira", caller)
    group = desk.installation_id(1004)[4]
    assert group not in json.dumps(by_script(browser, f"/console/calls/{caller.case}/groups", **{"group-5": group}).json)


def test_an_agent_reads_the_confirmation_id_out_once_and_it_is_on_the_record(desk, console):
    caller = desk.stops_at(1004, 4)
    browser = desk.answers("amira", caller)
    at = f"/console/calls/{caller.case}"
    browser.send(f"{at}/groups", **{f"group-{n}": digits for n, digits in enumerate(desk.installation_id(1004), start=1)})
    browser.send(f"{at}/decide", computers="1")
    shown = browser.send(f"{at}/reveal", what="confirmation").text
    first = caller.state.readback.blocks[0]
    assert "Block A, Alfa" in shown
    assert all(f'<b class="mono">{digit}</b>' in shown for digit in first)
    assert console.acts()[-1].act == Act.READ_OUT
    assert "Block A, Alfa" not in browser.get(at).text


def test_an_agent_does_not_see_the_installation_id_and_a_supervisor_does_on_the_record(desk, console):
    caller = desk.reads(3002)
    browser = desk.answers("amira", caller)
    at = f"/console/calls/{caller.case}"
    browser.send(f"{at}/reveal", what="installation")
    assert "Only supervisors and auditors see this unmasked." in browser.read(at)
    shown = console.signed_in("celeste").send(f"{at}/reveal", what="installation").text
    assert all(f'<b class="mono">{digit}</b>' in shown for digit in desk.installation_id(3002)[0])
    assert console.acts()[-1].act == Act.REVEALED
