"""The person's own page: where they are rung, and the languages they speak."""

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from callcenter.console.centre import Transaction
from callcenter.console.shell import act, done, me
from callcenter.floor import staff
from callcenter.floor.acting import Acting
from callcenter.floor.people import Agent
from callcenter.floor.refusals import Refusal


def register(blueprint: Blueprint) -> None:
    """`/profile`."""
    blueprint.add_url_rule("/profile", "profile", profile, methods=["GET", "POST"])


def profile() -> ResponseReturnValue:
    """The form, and the change."""
    if request.method == "GET":
        return _page(me().phone, " ".join(sorted(me().languages)))
    phone, words = request.form.get("phone", "").strip(), request.form.get("languages", "")
    languages = staff.read_languages([words])
    if languages is None:
        return _page(phone, words, {"languages": staff.NO_LANGUAGE}), HTTPStatus.UNPROCESSABLE_ENTITY
    result = act(lambda tx, acting: _keep(tx, acting, phone, languages))
    if isinstance(result, Refusal):
        return _page(phone, words, {"phone": result.sentence}), result.status
    return done(result, url_for("console.profile"), "Your profile is saved.")


def _keep(tx: Transaction, acting: Acting, phone: str, languages: frozenset[str]) -> Agent | Refusal:
    """Only what the page is about; name and role are as they are by now."""
    present = staff.find(tx, acting.agent.name)
    if isinstance(present, Refusal):
        return present
    return staff.change(tx, acting, replace(present, phone=phone, languages=languages))


def _page(phone: str, languages: str, wrong: dict[str, str] | None = None) -> str:
    has_client = me().has_client
    return render_template("console/profile.html", phone=phone, languages=languages, has_client=has_client, wrong=wrong or {})
