"""One-time codes: what a contact reads to the agent, so that a call is known to come from them (E4.2)."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from callcenter.floor.acting import ActingContact, record
from callcenter.floor.audit import Act
from callcenter.floor.portal_records import Transaction
from callcenter.floor.refusals import Refusal
from callcenter.floor.verification import CODE_LASTS, CODE_PURPOSE, issue_code
from callcenter.portal.closed import closed
from callcenter.portal.portal import portal
from callcenter.portal.shell import act, look, standing_in

MINUTES = round(CODE_LASTS.total_seconds() / 60)


def register(blueprint: Blueprint) -> None:
    """The page, and a new code."""
    blueprint.add_url_rule("/agreements/<number>/code", "code", code)
    blueprint.add_url_rule("/agreements/<number>/code", "new_code", new_code, methods=["POST"])


def code(number: str) -> ResponseReturnValue:
    """What a code is for, and the button for one."""
    return _page(number, "")


def new_code(number: str) -> ResponseReturnValue:
    """Shows a new code, this once; the one before is void."""

    def work(tx: Transaction, acting: ActingContact) -> str | Refusal:
        here = portal()
        key, contact = here.secrets.purpose(CODE_PURPOSE), acting.contact
        record(tx, acting, Act.CODE_ISSUED, f"agreement/{number}", {"contact": contact.id})
        return issue_code(tx, key, number, contact.id, acting.now, here.choose)

    issued = act(number, work)
    return closed(number, issued) if isinstance(issued, Refusal) else _page(number, issued)


def _page(number: str, shown: str) -> ResponseReturnValue:
    licensing = look(lambda tx: standing_in(tx, number))
    if isinstance(licensing, Refusal):
        return closed(number, licensing)
    return render_template("portal/code.html", licensing=licensing, code=shown, minutes=MINUTES)
