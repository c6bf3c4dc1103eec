"""Acts on the call that an agent has: who has it, and that an act meant for one call never falls on another."""

from collections.abc import Callable
from http import HTTPStatus

from flask import url_for
from flask.typing import ResponseReturnValue

from callcenter.console.centre import Transaction
from callcenter.console.reasons import Panel
from callcenter.console.shell import act, done
from callcenter.floor.acting import Acting
from callcenter.floor.calls import Case
from callcenter.floor.queue import EntryStatus, Handling
from callcenter.floor.refusals import Refusal

NO_CASE = Refusal("desk.no_case", "There is no case with this number.", HTTPStatus.NOT_FOUND)
NOT_YOURS = Refusal("desk.not_your_call", "You do not have this call, so nothing was changed.")
CALLER_AWAY = Refusal("desk.caller_away", "The caller is not with you any more, so nothing was changed. You can still wrap up.")

CallWork = Callable[[Transaction, Acting, Case], object]


def desk_of(number: str, panel: Panel | None = None) -> str:
    """The address of a case's page, opened at a panel."""
    return url_for("console.call", number=number, _anchor=panel.value if panel else None)


def my_handling(
    tx: Transaction, acting: Acting, case: Case, *, talking: bool = False, passed_on: bool = False
) -> Handling | Refusal:
    """The agent's own open part in this call. `talking` asks that the caller is still there; without it the call may be over,
    but only `passed_on` allows for a caller whom somebody else has or will have."""
    handling = tx.handlings.open_of_agent(acting.agent.name)
    if handling is None or handling.case_number != case.number:
        return NOT_YOURS
    if handling.parted_at is None or passed_on:
        return handling
    return handling if not talking and _ended_with(tx, handling) else CALLER_AWAY


def _ended_with(tx: Transaction, handling: Handling) -> bool:
    """Whether this part was the last one that anybody had in the call."""
    entry = tx.queue.find(handling.call_sid)
    return entry is not None and entry.status is EntryStatus.CLOSED and entry.answered_by == handling.agent


def act_on_my_call(number: str, work: CallWork, *, talking: bool = True, passed_on: bool = False) -> object:
    """Runs an act on the agent's own call; a refusal when it is not the agent's (any more), as `my_handling` says."""

    def run(tx: Transaction, acting: Acting) -> object:
        case = tx.cases.find(number)
        if case is None:
            return NO_CASE
        handling = my_handling(tx, acting, case, talking=talking, passed_on=passed_on)
        return handling if isinstance(handling, Refusal) else work(tx, acting, case)

    return act(run)


def on_my_call(
    number: str,
    work: CallWork,
    sentence: str | Callable[[object], str],
    panel: Panel | None = None,
    *,
    talking: bool = True,
    passed_on: bool = False,
) -> ResponseReturnValue:
    """Runs an act on the agent's own call and goes back to its page, with the sentence or what the result is told as."""
    result = act_on_my_call(number, work, talking=talking, passed_on=passed_on)
    told = sentence if isinstance(sentence, str) else "" if isinstance(result, Refusal) else sentence(result)
    return done(result, desk_of(number, panel), told)
