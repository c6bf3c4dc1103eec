"""The guided questions: that they lead somewhere, unlock in order, and keep only answers that were offered."""

import tomllib
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.floor import guided
from callcenter.floor.articles import LATE_ACTIVATION
from callcenter.floor.audit import Act
from callcenter.floor.guided import script_for, visible
from callcenter.floor.questions import ENTRY, HOST_KEY, LICENCE, REFUSED_CONFIRMATION, VOLUME, Script

SCRIPTS = [LICENCE, ENTRY, REFUSED_CONFIRMATION, HOST_KEY]
RETAIL = 1001


def asked(script: Script, **answers: str) -> list[str]:
    return [question.id for question in visible(script, answers)]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.title)
def test_a_question_depends_only_on_answers_that_can_be_given_before_it(script: Script) -> None:
    before: dict[str, set[str]] = {}
    for question in script.questions:
        for id, wanted in question.when.items():
            assert wanted <= before[id]
        assert question.id not in before
        assert len(question.options) > 1
        before[question.id] = {option.id for option in question.options}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.title)
def test_every_question_can_be_reached(script: Script) -> None:
    for question in script.questions:
        answers, wanted = {}, dict(question.when)
        while wanted:
            id, options = wanted.popitem()
            answers[id] = sorted(options)[0]
            wanted |= next(each.when for each in script.questions if each.id == id)
        assert question.id in asked(script, **answers)


@settings(deadline=None)
@given(data=st.data())
def test_an_answer_to_a_question_that_is_not_asked_unlocks_nothing(data: st.DataObject) -> None:
    script = data.draw(st.sampled_from(SCRIPTS))
    answers = {
        question.id: data.draw(st.sampled_from(question.options)).id
        for question in script.questions
        if data.draw(st.booleans())
    }
    shown = {question.id for question in visible(script, answers)}
    only_shown = {id: answer for id, answer in answers.items() if id in shown}
    assert {question.id for question in visible(script, only_shown)} == shown


def test_the_ways_round_a_refused_confirmation_id_are_unlocked_by_failure_in_order() -> None:
    assert asked(REFUSED_CONFIRMATION) == ["typing"]
    assert asked(REFUSED_CONFIRMATION, typing="yes") == ["typing"]
    assert asked(REFUSED_CONFIRMATION, typing="no") == ["typing", "another"]
    assert asked(REFUSED_CONFIRMATION, typing="no", another="no") == ["typing", "another", "internet"]
    every = {"typing": "no", "another": "no", "internet": "none", "fix": "safe mode"}
    assert asked(REFUSED_CONFIRMATION, **every) == ["typing", "another", "internet", "fix", "fixed"]
    assert asked(REFUSED_CONFIRMATION, **(every | {"typing": "yes"})) == ["typing"], "what helped ends it"


def test_the_questions_of_retail_and_oem_follow_the_answers() -> None:
    assert asked(LICENCE) == ["origin", "computer", "installed on"]
    assert asked(LICENCE, origin="preinstalled", computer="same") == ["origin", "image", "computer", "changed", "installed on"]
    assert asked(LICENCE, origin="subscription", computer="another") == ["origin", "computer", "before", "installed on"]


def test_every_reason_that_the_line_can_give_has_its_script() -> None:
    sentences = tomllib.loads(files("ivr.script").joinpath("en.toml").read_text(encoding="utf-8"))
    reasons = [f"agent.{name}" for name in sentences["agent"]]
    by_script = {script.title: {each for each in reasons if script_for(each) is script} for script in [*SCRIPTS, VOLUME]}
    assert by_script[REFUSED_CONFIRMATION.title] == {"agent.id_refused"}
    assert by_script[ENTRY.title] == {"agent.three_bad_groups", "agent.whole", "agent.unclear"}
    assert by_script[HOST_KEY.title] == {"agent.kms_host_limit", "agent.kms_issue_limit"}
    assert {"agent.too_many_reissues", "agent.too_many_replacements"} <= by_script[LICENCE.title]
    assert guided._VOLUME_REASONS - {"refused.over_limit"} == by_script[VOLUME.title]
    assert script_for("refused.too_many_computers") is LICENCE


def test_the_article_tells_the_two_ways_and_that_it_costs_nothing() -> None:
    article = LATE_ACTIVATION
    assert [way.partition(":")[0] for way in article.ways] == ["Safe mode", "Recovery console"]
    assert "thirty days of grace again" in article.after
    assert "no charge" in article.charge


def keep(floor: Any, case: str, answers: dict[str, str]) -> Any:
    return floor.do(lambda tx: guided.keep_answers(tx, floor.acting(), tx.cases.find(case), answers))


def test_answers_are_kept_with_the_case_and_on_the_record(floor: Any) -> None:
    case = floor.open_case(RETAIL, "agent.too_many_replacements")
    kept = keep(floor, case, {"origin": "retail", "computer": "same", "changed": "board", "before": "removed", "stray": "x"})
    assert kept == {"origin": "retail", "computer": "same", "changed": "board"}
    assert floor.do(lambda tx: tx.cases.find(case).answers) == kept
    assert floor.acts() == [Act.ANSWERS_KEPT]


def test_an_answer_that_was_not_offered_is_refused_and_nothing_is_kept(floor: Any) -> None:
    case = floor.open_case(RETAIL, "agent.too_many_replacements")
    refused = keep(floor, case, {"origin": "retail", "computer": "my name is Imogen"})
    assert refused.code == "guided.option"
    assert floor.do(lambda tx: tx.cases.find(case).answers) == {}
    assert floor.acts() == []
