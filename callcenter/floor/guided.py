"""The agents' guided questions: which to ask in a case, when, and the answers kept (B1.9-10).

A question appears once the answers before it lead there; so each way round a refused confirmation ID is unlocked by the failure
of the one before (row 91). Answers are options, never free text: nothing personal can be among them.
"""

from collections.abc import Mapping

from callcenter.floor.acting import Acting
from callcenter.floor.audit import Act
from callcenter.floor.calls import Case
from callcenter.floor.case_acts import record_in_case
from callcenter.floor.questions import ENTRY, HOST_KEY, LICENCE, REFUSED_CONFIRMATION, VOLUME, Question, Script
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal

Answers = Mapping[str, str]

_ENTRY_REASONS = frozenset({"agent.three_bad_groups", "agent.whole", "agent.unclear"})
_HOST_KEY_REASONS = frozenset({"agent.kms_host_limit", "agent.kms_issue_limit"})
_VOLUME_REASONS = frozenset(
    {
        "agent.mak_limit",
        "agent.more_activations",
        "agent.new_key",
        "agent.kms",
        "agent.other_volume",
        "agent.no_volume_key",
        "agent.unknown_agreement",
        "refused.over_limit",
    }
)


def script_for(reason: str) -> Script:
    """The questions for the reason (sentence key) why the line stopped."""
    if reason in _ENTRY_REASONS:
        return ENTRY
    if reason == "agent.id_refused":
        return REFUSED_CONFIRMATION
    if reason in _HOST_KEY_REASONS:
        return HOST_KEY
    return VOLUME if reason in _VOLUME_REASONS else LICENCE


def visible(script: Script, answers: Answers) -> tuple[Question, ...]:
    """The questions to ask now: an answer to a question that is not asked any more unlocks nothing."""
    shown: list[Question] = []
    standing: dict[str, str] = {}
    for question in script.questions:
        if all(standing.get(id) in wanted for id, wanted in question.when.items()):
            shown.append(question)
            if question.id in answers:
                standing[question.id] = answers[question.id]
    return tuple(shown)


def keep_answers(tx: Transaction, acting: Acting, case: Case, given: Answers) -> Answers | Refusal:
    """Stores the answers with the case: those to questions that are asked, and only from their options."""
    asked = visible(script_for(case.reason), given)
    kept = {question.id: given[question.id] for question in asked if given.get(question.id)}
    for question in asked:
        if kept.get(question.id) not in (None, *(option.id for option in question.options)):
            return Refusal("guided.option", f"Choose one of the answers to “{question.words}”")
    tx.cases.save_answers(case.number, kept)
    record_in_case(tx, acting, Act.ANSWERS_KEPT, case.number, kept)
    return kept
