"""Agreements and limits on a call: the agreement found, the caller verified, the change asked for."""

from http import HTTPStatus

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from callcenter.console import exceptions_pages, new_key_pages, reveal
from callcenter.console.centre import Transaction, centre
from callcenter.console.claimants import claimant_of
from callcenter.console.deciding import Served, serve_waiting
from callcenter.console.my_call import on_my_call
from callcenter.console.reasons import Panel
from callcenter.console.shell import needs
from callcenter.floor import limits, verification
from callcenter.floor.acting import Acting
from callcenter.floor.calls import Case
from callcenter.floor.customers import Agreement, Passed
from callcenter.floor.keys import read_serial
from callcenter.floor.permissions import Action
from callcenter.floor.private_facts import FactKind
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import Change, Counter, Method, ReasonCode, Request, RequestStatus
from callcenter.floor.verification import CODE_PURPOSE, Claimant

CHOOSE_METHOD = Refusal("desk.no_method", "Choose how to verify the caller.", HTTPStatus.UNPROCESSABLE_ENTITY)
INCOMPLETE = Refusal("desk.change_incomplete", "Choose what to change, on which key, and why.", HTTPStatus.UNPROCESSABLE_ENTITY)


def register(blueprint: Blueprint) -> None:
    """The steps of a change on a call."""
    for path, view in {"agreement": agreement, "verify": verify, "change": change}.items():
        blueprint.add_url_rule(f"/calls/<number>/{path}", f"call_{path}", needs(Action.ASK_CHANGES)(view), methods=["POST"])
    exceptions_pages.register(blueprint)
    new_key_pages.register(blueprint)
    reveal.register(blueprint)


def agreement(number: str) -> ResponseReturnValue:
    """Looks the agreement up that the caller names; wrong numbers count towards a lock."""
    keyed = request.form.get("agreement", "")

    def work(tx: Transaction, acting: Acting, case: Case) -> Agreement | Refusal:
        return verification.find_agreement(tx, acting, case.number, keyed, centre().policy)

    def told(found: object) -> str:
        assert isinstance(found, Agreement)  # a refusal says its own sentence
        return f"The agreement of {found.organisation} is active and fits this call. Now verify who is calling."

    return on_my_call(number, work, told, Panel.LIMIT, talking=False)


def verify(number: str) -> ResponseReturnValue:
    """One step of verifying the contact: ring the number on file, note what came of it, check a code or a fact."""

    def work(tx: Transaction, acting: Acting, case: Case) -> object:
        claimant = claimant_of(tx, case, request.form.get("contact", ""))
        return claimant if isinstance(claimant, Refusal) else _verify(tx, acting, claimant)

    return on_my_call(number, work, _told_verified, Panel.LIMIT, talking=False)


def _verify(tx: Transaction, acting: Acting, claimant: Claimant) -> object:
    policy, given = centre().policy, request.form
    match given.get("do"):
        case "ring":
            return verification.call_contact(tx, acting, claimant, policy)
        case "call-back":
            return verification.call_back(tx, acting, claimant, policy)
        case "not-confirmed":
            return verification.not_confirmed(tx, acting, claimant, Method.CALL_BACK, policy)
        case "code":
            key = centre().secrets.purpose(CODE_PURPOSE)
            return verification.one_time_code(tx, acting, claimant, given.get("code", ""), key, policy)
        case "fact" if given.get("fact") in FactKind.__members__:
            kind, serial = FactKind[given["fact"]], given.get("fact_serial", type=read_serial)
            return verification.private_fact(tx, acting, claimant, kind, given.get("answer", ""), policy, serial)
    return CHOOSE_METHOD


def _told_verified(result: object) -> str:
    if isinstance(result, Passed):
        return f"Verified by {result.method}. What is asked for now is done in their name."
    return "The number on file is being called. Ask whether they know of this call, then say below what they answered."


def change(number: str) -> ResponseReturnValue:
    """Asks for the change; whoever waits on the line for it gets their activation in the same transaction."""

    def work(tx: Transaction, acting: Acting, case: Case) -> object:
        claimant = claimant_of(tx, case, request.form.get("contact", ""))
        wish = claimant if isinstance(claimant, Refusal) else read_wish(claimant)
        if isinstance(wish, Refusal):
            return wish
        asked = limits.ask(tx, acting, wish, centre().policy, centre().new_id, centre().catalogue)
        return asked if isinstance(asked, Refusal) else (asked, serve_waiting(tx, centre(), acting, asked))

    return on_my_call(number, work, told_change, Panel.LIMIT, talking=False)


def read_wish(claimant: Claimant | None) -> limits.Wish | Refusal:
    """The form's wish; without a claimant it is the vendor's own."""
    given = request.form
    serial, chosen, reason = given.get("serial", type=read_serial), given.get("change", ""), given.get("reason", "")
    if serial is None or chosen not in _CHANGES or reason not in list(ReasonCode):
        return INCOMPLETE
    wanted = Change(chosen)
    counter, _, seat = given.get("counter", "").partition("/")
    needs_amount = wanted in (Change.RAISE, Change.LOWER)
    amount = limits.read_amount(given.get("amount", "")) if needs_amount else 0
    if isinstance(amount, Refusal):
        return amount
    return limits.Wish(
        change=wanted,
        serial=serial,
        reason=ReasonCode(reason),
        amount=amount,
        counter=Counter(counter) if needs_amount and counter in list(Counter) else None,
        seat=seat or None,
        words=given.get("words", ""),
        claimant=claimant,
        product_group=given.get("product_group") or None,
    )


_CHANGES = frozenset({Change.RAISE, Change.LOWER, Change.BLOCK, Change.UNBLOCK})


def told_change(result: object) -> str:
    """What became of a change, and of the caller who waited for it."""
    assert isinstance(result, tuple)
    asked, served = result
    assert isinstance(asked, Request)
    assert isinstance(served, Served)
    if asked.status is RequestStatus.HELD:
        return "More than one person may do alone, so a second person decides. This page says so as soon as they have."
    return f"Done: {asked.change.value} applied. {served.sentence}".strip()
