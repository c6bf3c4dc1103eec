"""Callers without an agreement: the guided questions, the exception, and no agreement asked of anybody."""

from callcenter.floor.audit import Act
from callcenter.floor.requests import RequestStatus

RETAIL_IN_USE = 1008


def over_the_count(desk, machine="garage"):
    """A caller whose retail copy is in use elsewhere, and who asked for a person when told so."""
    caller = desk.reads(RETAIL_IN_USE, machine)
    caller.press("2", "0")
    return caller


def except_for(browser, caller, **fields):
    return browser.send(f"/console/calls/{caller.case}/exception", **{"reason": "hardware failure", **fields})


def test_answers_are_kept_as_data_and_are_there_for_the_next_agent(desk, console):  # B1.9-10
    caller = over_the_count(desk)
    browser = desk.answers("amira", caller)
    at = f"/console/calls/{caller.case}"
    browser.send(f"{at}/answers", **{"answer-origin": "retail", "answer-computer": "another", "answer-before": "broken"})
    kept = console.store.read(lambda tx: tx.cases.find(caller.case)).answers
    assert kept == {"origin": "retail", "computer": "another", "before": "broken"}
    assert console.acts()[-1].act == Act.ANSWERS_KEPT


def test_the_way_round_a_refused_confirmation_id_opens_step_by_step(desk, console):  # row 91
    caller = desk.reads(1004)
    for not_accepted in ("2", "2", "22"):  # after checking the typing, after another ID, after the internet
        caller.press(*"1" * 8, *not_accepted)
    assert caller.state.reason == "agent.id_refused"
    browser = desk.answers("amira", caller)
    at = f"/console/calls/{caller.case}"
    browser.send(f"{at}/answers", **{"answer-typing": "yes", "answer-another": "no"})
    assert console.store.read(lambda tx: tx.cases.find(caller.case)).answers == {"typing": "yes"}
    browser.send(f"{at}/answers", **{"answer-typing": "no", "answer-another": "no"})
    assert console.store.read(lambda tx: tx.cases.find(caller.case)).answers == {"typing": "no", "another": "no"}


def test_an_answer_that_is_none_of_the_options_is_refused(desk, console):
    caller = over_the_count(desk)
    browser = desk.answers("amira", caller)
    browser.send(f"/console/calls/{caller.case}/answers", **{"answer-origin": "my name is Ada"})
    assert "Choose one of the answers" in browser.read(f"/console/calls/{caller.case}")
    assert console.store.read(lambda tx: tx.cases.find(caller.case)).answers == {}


def test_a_senior_makes_an_exception_and_the_activation_is_there(desk, console):  # row 1
    caller = over_the_count(desk)
    browser = desk.answers("dana", caller)
    except_for(browser, caller)
    assert "The exception is given, for one activation. A confirmation ID was issued." in browser.read(
        f"/console/calls/{caller.case}"
    )
    assert caller.state.readback is not None
    assert Act.EXCEPTION_USED in [act.act for act in console.acts()]


def test_an_agent_hands_exceptions_to_a_senior(desk, console):
    caller = over_the_count(desk)
    browser = desk.answers("amira", caller)
    assert "Transfer the caller to a senior" in browser.read(f"/console/calls/{caller.case}")
    except_for(browser, caller)
    assert "Exceptions are for senior agents" in browser.read(f"/console/calls/{caller.case}")
    assert not console.store.read(lambda tx: tx.requests.of_case(caller.case))


def test_the_exception_above_policy_is_held_and_approved_by_somebody_else(desk, console):
    for number in range(console.centre.policy.exceptions_alone):
        caller = desk.reads(RETAIL_IN_USE, f"machine {number}", f"+44770090020{number}")
        caller.press("2", "0")
        browser = desk.answers("dana", caller)
        except_for(browser, caller)
        browser.send(f"/console/calls/{caller.case}/back")
        browser.send(f"/console/calls/{caller.case}/wrap-up", outcome="exception made")
    caller = over_the_count(desk)
    except_for(desk.answers("dana", caller), caller)
    (held,) = console.store.read(lambda tx: tx.requests.of_case(caller.case))
    assert (held.status, caller.state.readback) == (RequestStatus.HELD, None)
    console.signed_in("celeste").send(f"/console/approvals/{held.id}/approve")
    assert caller.state.readback is not None


def test_a_volume_key_gets_no_exception(desk, console):
    caller = desk.reads(3002)
    browser = desk.answers("dana", caller)
    except_for(browser, caller)
    assert "A volume key gets no exception: raise its limit instead." in browser.read(f"/console/calls/{caller.case}")


def test_a_caller_who_stopped_in_the_middle_gets_an_exception_once_the_digits_are_whole(desk, console):
    caller = desk.dials()
    groups = desk.installation_id(RETAIL_IN_USE, "attic")
    caller.press("1", *groups[:5], "*0")
    browser = desk.answers("dana", caller)
    at = f"/console/calls/{caller.case}"
    except_for(browser, caller)
    assert "Finish the installation ID first" in browser.read(at)
    browser.send(f"{at}/groups", **{f"group-{number}": digits for number, digits in enumerate(groups, start=1) if number > 5})
    except_for(browser, caller)
    assert caller.state.readback is not None


def test_an_exception_for_one_key_activates_no_other(desk, console):
    desk.reads(1004, "first")
    caller = desk.reads(1004, "second", "+447700900115")
    caller.press("2", "0")
    browser, at = desk.answers("dana", caller), f"/console/calls/{caller.case}"
    other = desk.installation_id(RETAIL_IN_USE, "garage")
    browser.send(f"{at}/groups", **{"group-1": other[0], "group-3": "-"})
    except_for(browser, caller)
    browser.send(f"{at}/groups", **{f"group-{number}": group for number, group in enumerate(other, 1)})
    assert console.centre.assistance.key_serial(caller.state) == RETAIL_IN_USE
    browser.send(f"{at}/decide")
    assert caller.state.readback is None
    assert Act.EXCEPTION_USED not in [act.act for act in console.acts()]
    except_for(browser, caller)
    assert caller.state.readback is not None, "one for the ID at hand serves"
    given = console.store.read(lambda tx: tx.requests.of_case(caller.case))
    assert {each.serial for each in given} == {1004, RETAIL_IN_USE}
