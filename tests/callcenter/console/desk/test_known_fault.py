"""What agents do about a right confirmation ID that is refused (KB 824345), a swapped image and a key of the old kind."""

import json
import re

import pytest

from activation.hardware import COMPONENTS, hash_hardware
from activation.installation_id import Installation, write_installation_id
from callcenter.floor.audit import Act

SERVER_2003, WINDOWS_7 = 1001, 1004
BLOCKS = {SERVER_2003: 7, WINDOWS_7: 8}
QUESTION = re.compile(r'<fieldset class="choice question"[^>]*>.*?</fieldset>', re.DOTALL)


def is_refused_everywhere(desk, serial=SERVER_2003):
    """A caller whose computer refused the confirmation ID after everything the line could suggest."""
    caller = desk.reads(serial)
    while not caller.state.reason:
        while caller.state.place != "accepted" and not caller.state.reason:
            caller.press("1")
        caller.press("2")
    assert caller.state.reason == "agent.id_refused"
    return caller


def questions(browser, caller):
    """The page's questions that are asked now, by their answers' field."""
    page = browser.get(f"/console/calls/{caller.case}").text
    asked = [text for text in QUESTION.findall(page) if "hidden" not in text.split(">", 1)[0]]
    return [re.search(r'name="answer-([^"]+)"', text).group(1) for text in asked]


def wrap_up(browser, caller, outcome):
    browser.send(f"/console/calls/{caller.case}/back")
    browser.send(f"/console/calls/{caller.case}/wrap-up", outcome=outcome)


# row 89
# row 90
def test_the_article_shows_the_fix_and_both_ways_to_install_it(desk):
    caller = is_refused_everywhere(desk)
    page = desk.answers("amira", caller).get(f"/console/calls/{caller.case}").text
    article = page[page.index("KB 824345") :]
    assert "replaces two system files" in article
    assert "thirty days of grace again, and the same confirmation ID is accepted" in article
    ways = re.findall(r"<li>(.*?)</li>", article[article.index("article-ways") :])[:2]
    assert ways[0].startswith("Safe mode:")
    assert ways[1].startswith("Recovery console:")
    assert all("restart" in way for way in ways)


# row 91
def test_the_script_steps_in_order_and_each_step_is_unlocked_by_the_failure_of_the_one_before(desk):
    caller = is_refused_everywhere(desk)
    browser = desk.answers("amira", caller)
    answers = {}
    for step, failure, unlocked in [
        ("typing", "no", "another"),
        ("another", "no", "internet"),
        ("internet", "none", "fix"),
        ("fix", "safe mode", "fixed"),
    ]:
        assert questions(browser, caller) == [*answers, step]
        answers[step] = failure
        browser.send(f"/console/calls/{caller.case}/answers", **{f"answer-{name}": said for name, said in answers.items()})
        assert questions(browser, caller) == [*answers, unlocked]


# row 91
@pytest.mark.parametrize("step", ["typing", "another", "internet"])
def test_a_way_round_that_worked_unlocks_no_other(desk, step):
    caller = is_refused_everywhere(desk)
    browser = desk.answers("amira", caller)
    order = ["typing", "another", "internet"]
    failed = order[: order.index(step)]
    browser.send(
        f"/console/calls/{caller.case}/answers", **{f"answer-{name}": "no" for name in failed}, **{f"answer-{step}": "yes"}
    )
    assert questions(browser, caller) == [*failed, step]


# row 92
def test_the_fix_sent_is_a_disposition_with_no_charge(desk, console):
    caller = is_refused_everywhere(desk)
    browser = desk.answers("amira", caller)
    assert "Known issue, fix sent (no charge)" in browser.read(f"/console/calls/{caller.case}")
    wrap_up(browser, caller, "known issue, fix sent")
    page = console.signed_in("celeste").get(f"/console/calls/{caller.case}").text
    assert "<dt>Outcome</dt><dd>Known issue, fix sent</dd>" in page
    assert "<dt>Charge</dt><dd>No charge</dd>" in page
    wrapped = next(act for act in reversed(console.acts()) if act.act == Act.WRAPPED_UP)
    assert json.loads(wrapped.detail) == {"outcome": "known issue, fix sent", "charge": "no charge"}


# row 92
def test_the_fix_is_not_sent_for_a_system_that_never_had_the_fault(desk, console):
    caller = is_refused_everywhere(desk, WINDOWS_7)
    browser = desk.answers("amira", caller)
    wrap_up(browser, caller, "known issue, fix sent")
    page = browser.read(f"/console/calls/{caller.case}")
    assert "Windows 7 Home Premium does not have the known fault" in page
    assert Act.WRAPPED_UP not in [act.act for act in console.acts()]
    browser.send(f"/console/calls/{caller.case}/wrap-up", outcome="other")
    assert Act.WRAPPED_UP in [act.act for act in console.acts()]


# row 7
def test_the_agent_sees_why_a_computer_of_a_maker_without_the_makers_image_has_to_be_activated(desk):
    caller = desk.reads(1008, "garage")
    caller.press("2", "0")
    browser = desk.answers("amira", caller)
    browser.send(f"/console/calls/{caller.case}/answers", **{"answer-origin": "preinstalled"})
    assert "image" in questions(browser, caller)
    browser.send(f"/console/calls/{caller.case}/answers", **{"answer-origin": "preinstalled", "answer-image": "no"})
    page = browser.get(f"/console/calls/{caller.case}").text
    assert "own image is activated without a call" in page
    assert re.search(r'name="answer-image" value="no" checked', page)


# row 86
def test_a_key_of_the_old_kind_in_a_new_product_gets_a_clear_message(desk, console):
    centre = console.centre
    product = centre.catalogue.product_named("windows-7-professional")
    hardware = hash_hardware({component.name: f"attic {component.name}" for component in COMPONENTS})
    groups = write_installation_id(
        Installation(product.code, SERVER_2003, hardware),
        centre.catalogue.header_for(product.layout, 1),
        centre.secrets.installation_key(1),
    )
    caller = desk.dials()
    caller.press("1", *groups[:4], "*0")
    browser = desk.answers("amira", caller)
    at = f"/console/calls/{caller.case}"
    browser.send(f"{at}/groups", **{f"group-{number}": group for number, group in enumerate(groups, start=1)})
    browser.send(f"{at}/decide", computers="1")
    page = browser.read(at)
    assert "The key is an old one, for Windows Server 2003 Standard Edition." in page
    assert "Keys of the Windows XP and Server 2003 kind differ from those of the newer products" in page
