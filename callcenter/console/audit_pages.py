"""The record of acts as a page: newest first, filtered, checked on demand, and exported as an act of its own (E4.10)."""

import json
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from callcenter.console.centre import Transaction, centre
from callcenter.console.shell import act, done, i_may, look, needs
from callcenter.floor import audit_reading
from callcenter.floor.acting import Acting, record
from callcenter.floor.audit import Act, AuditEntry
from callcenter.floor.permissions import Action
from callcenter.floor.refusals import Refusal

_SHOWN = 100
_MANY = 2000
_MEDIA_TYPES = {"csv": "text/csv", "json": "application/json"}


def register(blueprint: Blueprint) -> None:
    """The pages under `/console/audit`."""
    blueprint.add_url_rule("/audit", view_func=audit)
    blueprint.add_url_rule("/audit/check", view_func=check_audit)
    blueprint.add_url_rule("/audit/<int:number>/words", view_func=audit_words, methods=["POST"])
    blueprint.add_url_rule("/audit/export", view_func=export_audit, methods=["POST"])


@needs(Action.SEE_AUDIT)
def audit() -> ResponseReturnValue:
    """The newest acts, of one person, kind or subject where that is asked for."""
    wanted: dict[str, Any] = {name: request.args.get(name, "").strip() or None for name in ("actor", "act", "subject")}
    wants_many = bool(request.args.get("more"))
    limit = _MANY if wants_many else _SHOWN
    entries = look(lambda tx: tx.audit.newest(limit + 1, **wanted))
    return render_template(
        "console/audit.html",
        entries=entries[:limit],
        more=None if wants_many or len(entries) <= limit else url_for("console.audit", more="yes", **wanted),
        wanted=wanted,
        acts=[("", "Every act"), *((act.value, act.value[0].upper() + act.value[1:]) for act in Act)],
        detail_of=detail_of,
        link_to=link_to,
    )


@needs(Action.SEE_AUDIT)
def check_audit() -> ResponseReturnValue:
    """Reads the whole record and says whether it is whole."""
    check = audit_reading.check(centre().store.read, centre().audit_key, centre().anchors)
    return render_template("console/audit_check.html", check=check)


@needs(Action.SEE_AUDIT)
@needs(Action.REVEAL)
def audit_words(number: int) -> ResponseReturnValue:
    """Shows the personal words beside one act, this once; that is an act itself."""

    def reveal(tx: Transaction, who: Acting) -> tuple[AuditEntry, str | None] | None:
        found = tx.audit.after(number - 1, 1)
        if not found or found[0].number != number or found[0].personal is None:
            return None
        record(tx, who, Act.REVEALED, f"act/{number}", {"what": "personal words"})
        return found[0], tx.audit.personal_text(found[0].personal)

    revealed = act(reveal)
    if revealed is None:
        abort(HTTPStatus.NOT_FOUND)
    entry, words = revealed
    return render_template("console/audit_words.html", entry=entry, words=words, detail_of=detail_of)


@needs(Action.SEE_AUDIT)
def export_audit() -> ResponseReturnValue:
    """The whole record as a file, this export included; with the personal words only for whoever may reveal. It is read after
    the act, so that nobody who writes waits for it."""
    kind, personal = request.form.get("format", ""), bool(request.form.get("personal"))
    if kind not in _MEDIA_TYPES:
        fault = Refusal("audit.format", "Choose CSV or JSON.", HTTPStatus.UNPROCESSABLE_ENTITY)
        return done(fault, url_for("console.audit"), "")
    if personal and not i_may(Action.REVEAL):
        abort(HTTPStatus.FORBIDDEN, (Action.REVEAL,))
    write = audit_reading.as_csv if kind == "csv" else audit_reading.as_json

    def written(tx: Transaction) -> str:
        return write(audit_reading.whole(tx.audit), tx.audit.personal_text if personal else audit_reading.no_words)

    act(lambda tx, who: record(tx, who, Act.EXPORTED, "audit", {"format": kind, "personal": personal}))
    file = Response(look(written), mimetype=_MEDIA_TYPES[kind])
    file.headers["Content-Disposition"] = f'attachment; filename="record-of-acts.{kind}"'
    return file


def detail_of(entry: AuditEntry) -> str:
    """An entry's detail in words: `amount 50, counter installations`."""
    detail = json.loads(entry.detail)
    return ", ".join(f"{name.replace('_', ' ')} {_said(value)}" for name, value in detail.items() if value not in (None, ""))


def link_to(subject: str) -> str | None:
    """Where the subject of an act is shown, for subjects that have a page."""
    kind, _, name = subject.partition("/")
    if kind == "agent" and name:
        return url_for("console.person", name=name)
    if kind in ("case", "call", "key", "agreement") and name:
        return url_for("console.search", q=name)
    return None


def _said(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
