"""One-time codes: shown by the portal, asked for by the console."""

from callcenter.floor.audit import Act
from callcenter.floor.people import Role
from callcenter.floor.requests import Method

LARKSPUR = "40718621"
PATH = f"/portal/agreements/{LARKSPUR}/code"


def code_of(answer):
    return answer.text.partition("Your code: </span>")[2][:6]


def verifies(centre, agent, case, code):
    agent.send(f"/console/calls/{case}/agreement", agreement=LARKSPUR)
    agent.send(f"/console/calls/{case}/verify", contact="larkspur-1", do="code", code=code)
    return [each.method for each in centre.store.read(lambda tx: tx.verifications.passes(case))]


def answered(centre, name):
    sid, case = centre.calls_about_keys(LARKSPUR)
    agent = centre.agent(name, Role.AGENT)
    agent.send("/console/answer", call_sid=sid)
    return agent, case


def test_the_code_of_the_portal_verifies_the_caller_at_the_console_once(centre):
    code = code_of(centre.contact().send(PATH))
    assert code.isdecimal()
    agent, case = answered(centre, "amira2")
    assert verifies(centre, agent, case, code) == [Method.ONE_TIME_CODE]
    agent, case = answered(centre, "bruno2")
    assert verifies(centre, agent, case, code) == []


def test_the_next_code_makes_the_one_before_void_and_ten_minutes_make_any(centre):
    browser = centre.contact()
    first, second = code_of(browser.send(PATH)), code_of(browser.send(PATH))
    agent, case = answered(centre, "amira2")
    if first != second:
        assert verifies(centre, agent, case, first) == []
    centre.clock.turn(minutes=10)
    assert verifies(centre, agent, case, second) == []


def test_a_colleagues_code_is_no_proof_of_somebody_else(centre):
    code = code_of(centre.contact("larkspur-2").send(PATH))
    agent, case = answered(centre, "amira2")
    assert verifies(centre, agent, case, code) == []


def test_a_code_is_shown_when_it_is_asked_for_and_not_kept_on_the_page(centre):
    browser = centre.contact()
    assert "Your code:" not in browser.get(PATH).text
    code = code_of(browser.send(PATH))
    assert "Your code:" not in browser.get(PATH).text
    assert code not in str(centre.acts())
    issued = centre.acts()[-1]
    assert (issued.act, issued.actor, issued.subject) == (Act.CODE_ISSUED, "contact:larkspur-1", f"agreement/{LARKSPUR}")
