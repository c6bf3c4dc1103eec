"""The digit pad: groups taken from the agent and judged at once, the decision on the whole. Digits come in and never go out."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from activation.claims import Verdict
from callcenter.console import deciding
from callcenter.console.centre import Transaction, centre
from callcenter.console.my_call import act_on_my_call, desk_of, on_my_call
from callcenter.console.reasons import Panel
from callcenter.console.shell import by_script, done, needs
from callcenter.floor.acting import Acting
from callcenter.floor.audit import Act
from callcenter.floor.calls import Case
from callcenter.floor.case_acts import record_in_case
from callcenter.floor.permissions import Action
from callcenter.floor.refusals import Refusal
from ivr.assistance import WHOLE, GroupFault, GroupVerdict

LONGEST_GROUP = 40
"""Characters read of one field; a group has six digits, and people put things between them."""
CALLER_AWAY = Refusal("desk.digits_erased", "The caller is not with the people any more, so the digits stay as they are.")
NO_GROUPS = Refusal("desk.no_groups", "Type at least one group.", HTTPStatus.UNPROCESSABLE_ENTITY)
NOT_WHOLE = Refusal("desk.not_whole", "Some groups are still missing. Finish them, then decide.")

Verdicts = tuple[GroupVerdict, ...]


def register(blueprint: Blueprint) -> None:
    """Taking groups, and deciding."""
    serve = needs(Action.SERVE_CALLS)
    blueprint.add_url_rule("/calls/<number>/groups", "call_groups", serve(groups), methods=["POST"])
    blueprint.add_url_rule("/calls/<number>/decide", "call_decide", serve(decide), methods=["POST"])


def groups(number: str) -> ResponseReturnValue:
    """Keeps the groups that pass; the page's script gets a verdict for each, a browser without it a sentence."""
    typed = _typed(request.form)

    def work(tx: Transaction, acting: Acting, case: Case) -> Verdicts | Refusal:
        if not typed:
            return NO_GROUPS
        verdicts = centre().assistance.enter_groups(tx, case.call_sid, typed)
        if not verdicts:
            return CALLER_AWAY
        taken = ",".join(str(each.number) for each in verdicts if each.is_right and each.number != WHOLE)
        refused = ",".join(str(each.number) for each in verdicts if not each.is_right and each.number != WHOLE)
        record_in_case(tx, acting, Act.GROUPS_ENTERED, case.number, {"taken": taken, "refused": refused})
        return verdicts

    result = act_on_my_call(number, work)
    if isinstance(result, tuple):
        return jsonify(_as_json(result)) if by_script() else done(result, desk_of(number, Panel.GROUPS), _sentence(result))
    return done(result, desk_of(number, Panel.GROUPS), "")


def _typed(form: Mapping[str, str]) -> Mapping[int, str]:
    """The fields that hold something, by group."""
    filled = {name.partition("-")[2]: text.strip()[:LONGEST_GROUP] for name, text in form.items() if name.startswith("group-")}
    return {int(group): text for group, text in filled.items() if group.isdecimal() and text}


def _as_json(verdicts: Verdicts) -> Mapping[str, object]:
    """A verdict for each group, in the words of the page, and one on the whole."""
    return {
        "groups": [_one(each) for each in verdicts if each.number != WHOLE],
        "whole": _about_all(verdicts),
    }


def _about_all(verdicts: Verdicts) -> Mapping[str, object]:
    """The line below the pad: the whole ID once it is there, else what was wrong with a group."""
    whole = next((each for each in verdicts if each.number == WHOLE), None)
    if whole:
        return {"verdict": _kind(whole), "sentence": _whole_sentence(whole)}
    failed = [each for each in verdicts if each.fault]
    return {"verdict": "failed" if failed else "", "sentence": " ".join(map(_told_of, failed))}


def _told_of(failed: GroupVerdict) -> str:
    return f"Group {failed.number}: {failed.fault.value}" if failed.fault else ""


def _one(verdict: GroupVerdict) -> Mapping[str, object]:
    sentence = _SHORT[verdict.fault] if verdict.fault else "accepted"
    return {"number": verdict.number, "verdict": _kind(verdict), "sentence": sentence}


_SHORT: Mapping[GroupFault, str] = {
    GroupFault.NO_SUCH_GROUP: "no such group",
    GroupFault.NOT_DIGITS: "digits only",
    GroupFault.LENGTH: "too short or long",
    GroupFault.LAYOUT: "no ID begins so",
    GroupFault.FIRST_GROUP: "group 1 first",
    GroupFault.CHECK: "check digit wrong",
}
"""What fits under a group; the line below the pad has the whole sentence."""


def _kind(verdict: GroupVerdict | None) -> str:
    if verdict is None:
        return ""
    return "accepted" if verdict.is_right else "failed"


def _whole_sentence(whole: GroupVerdict | None) -> str:
    if whole is None:
        return ""
    return whole.fault.value if whole.fault else "This is a genuine installation ID. Decide now."


def _sentence(verdicts: Verdicts) -> str:
    """What came of a form of groups, in one breath."""
    failed = [_told_of(each) for each in verdicts if each.fault and each.number != WHOLE]
    whole = next((each for each in verdicts if each.number == WHOLE), None)
    if failed:
        return " ".join(failed)
    return f"The groups are kept. {_whole_sentence(whole)}".strip()


def decide(number: str) -> ResponseReturnValue:
    """The desk's decision on the installation ID; `computers` answers what is asked for copies without an agreement."""
    computers = request.form.get("computers", type=int)

    def work(tx: Transaction, acting: Acting, case: Case) -> Verdict | Refusal:
        verdict = deciding.decide(tx, centre(), acting, case, computers)
        return NOT_WHOLE if verdict is None else verdict

    return on_my_call(number, work, _told, Panel.GROUPS)


def _told(verdict: object) -> str:
    assert not isinstance(verdict, Refusal)
    return deciding.verdict_words(verdict, centre().catalogue)  # type: ignore[arg-type]  # whatever is no refusal is a verdict
