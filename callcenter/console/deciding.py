"""Deciding on a caller's installation ID from the desk, and the verdict in words for the agent.

A change that serves the caller who waits decides in the change's own transaction: the raise and the activation are one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from activation.catalogue import Catalogue
from activation.claims import AskFirst, Granted, NeedsAgent, RefusalCode, Refused, Verdict
from callcenter.console.centre import Centre, Transaction
from callcenter.console.reasons import reason_for
from callcenter.floor.acting import Acting
from callcenter.floor.audit import Act
from callcenter.floor.calls import Case
from callcenter.floor.case_acts import record_in_case
from callcenter.floor.exceptions import spend_exception, usable_exception
from callcenter.floor.requests import Change, Request, RequestStatus
from ivr.dialogue.decision import verdict_code

_REFUSALS: Mapping[RefusalCode, str] = {
    RefusalCode.MALFORMED: "That is not an installation ID.",
    RefusalCode.GROUP_CHECK: "Group {group} does not pass its check: read it through with the caller.",
    RefusalCode.WHOLE_CHECK: "Every group passes its own check, but together they are no installation ID.",
    RefusalCode.NOT_AUTHENTIC: "No computer ever showed this installation ID.",
    RefusalCode.SERVICE_DOWN: "Activation is out of order just now; try again in a few minutes.",
    RefusalCode.UNKNOWN_KEY: "The key this computer was installed with is not known here.",
    RefusalCode.WRONG_PRODUCT: "The key is not for this product; it is a key for {right}.",
    RefusalCode.REGION: "This edition does not activate in the country the caller dialled.",
    RefusalCode.NOT_NEEDED: "This licence needs no activation.",
    RefusalCode.TOO_MANY_COMPUTERS: "This copy is on as many computers as its licence allows. Only an exception helps.",
    RefusalCode.OVER_LIMIT: "The volume key has no activations left.",
}
_OLD_GENERATION = "2003"
_OLD_KIND = (
    "The key is an old one, for {right}. Keys of the Windows XP and Server 2003 kind differ from those of the newer products "
    "and fit none of them: the computer needs a key of its own product."
)
_SERVES = frozenset({Change.RAISE, Change.UNBLOCK, Change.EXCEPTION})


@dataclass(frozen=True, slots=True)
class Served:
    """What a change meant for the caller who waited for an activation: a sentence, empty where nobody waited."""

    sentence: str = ""


ALREADY_THERE = Served("The confirmation ID is already there.")
CALLER_GONE = Served("The caller is gone, so no confirmation ID was issued; the change stands for the next call.")


def verdict_words(verdict: Verdict, catalogue: Catalogue) -> str:
    """The verdict as a sentence."""
    match verdict:
        case Refused(RefusalCode.WRONG_PRODUCT, _, right) if right and _is_of_the_old_kind(right, catalogue):
            return _OLD_KIND.format(right=right)
        case Granted():
            return "A confirmation ID was issued. Give the caller back to the line, or read it out yourself."
        case Refused(code, group, right):
            return _REFUSALS[code].format(group=group, right=right)
        case AskFirst():
            return "Ask the caller on how many computers the copy is installed, choose the answer, then decide again."
        case NeedsAgent(reason):
            return f"Not yet: {reason_for(reason).why}"


def _is_of_the_old_kind(title: str, catalogue: Catalogue) -> bool:
    """Whether a product or product group of this title is of the generation whose keys differ from all newer ones (row 86)."""
    old = (product for product in catalogue.products.values() if product.generation == _OLD_GENERATION)
    return any(title in (product.title, product.group.title) for product in old)


def serial_of(tx: Transaction, centre: Centre, case: Case) -> int | None:
    """The serial of the key that the call is about: that of the installation ID at hand, which people may have changed, or
    the case's while there is no whole one."""
    state = centre.assistance.view(tx, case.call_sid)
    at_hand = centre.assistance.key_serial(state) if state else None
    return case.serial if at_hand is None else at_hand


def decide(tx: Transaction, centre: Centre, acting: Acting, case: Case, computers: int | None = None) -> Verdict | None:
    """Has the desk decide on the call's installation ID, with the exception for its key if there is one; None unless whole."""
    serial = serial_of(tx, centre, case)
    exception = usable_exception(tx, case.number, serial, centre.policy, acting.now)
    verdict = centre.assistance.decide(tx, case.call_sid, computers=computers, waived=exception is not None)
    if verdict is None:
        return None
    if exception and isinstance(verdict, Granted):
        spend_exception(tx, acting, exception, centre.policy)
    record_in_case(tx, acting, Act.DECIDED, case.number, {"verdict": verdict_code(verdict)})
    return verdict


def serve_waiting(tx: Transaction, centre: Centre, acting: Acting, request: Request) -> Served:
    """Decides on the installation ID of the caller who waits for this change, in the change's own transaction."""
    case = tx.cases.find(request.case_number) if request.case_number else None
    if case is None or request.status is not RequestStatus.APPLIED or request.change not in _SERVES:
        return Served()
    state = centre.assistance.view(tx, case.call_sid)
    if state is None or not state.entry.is_complete:
        return Served()
    if state.readback and not state.readback.is_read_out:
        return ALREADY_THERE
    summary = tx.call_log.summary(case.call_sid)
    if summary and summary.closed_at:
        tx.timeline.add(case.call_sid, acting.now, acting.agent.name, Act.DECIDED.value, {"verdict": "caller gone"})
        return CALLER_GONE
    verdict = decide(tx, centre, acting, case, state.entry.computers)
    return Served(verdict_words(verdict, centre.catalogue)) if verdict else Served()
