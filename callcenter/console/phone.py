"""The agent's telephone: a browser window of its own, so that a call goes on while pages of the desk come and go."""

from http import HTTPStatus

from flask import Blueprint, abort, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from callcenter.console.centre import BrowserPhones, centre
from callcenter.console.shell import me, problem
from callcenter.floor.refusals import Refusal

CLIENT = "client:"
"""Addresses of the exchange's own phones; nobody knows of others whether they are there."""

NO_PHONE = Refusal(
    "phone.missing",
    "You have no phone just now, so nobody could be put through to you. Open yours with Phone, at the top of the page, or "
    "switch on the telephone on your desk; then try again.",
)
WINDOW = "console.phone"
"""The page that alone may reach the exchange."""


def register(blueprint: Blueprint) -> None:
    """`/phone`, the window, and `/phone-token`, which says to the exchange whose it is: for everybody their own."""
    blueprint.add_url_rule("/phone", "phone", window)
    blueprint.add_url_rule("/phone-token", "phone_token", token)
    blueprint.context_processor(lambda: {"has_phone": centre().phones is not None})


def missing() -> Refusal | None:
    """Why whoever is signed in can take no call: the phone they would be rung on is known not to be there."""
    phones, address = centre().phones, me().rung_at
    if phones is None or not address.startswith(CLIENT) or phones.is_there(address):
        return None
    return NO_PHONE


def window() -> ResponseReturnValue:
    """The telephone of whoever is signed in."""
    return render_template("console/phone.html", phone=_phones().place(url_for("console.phone_token")))


def token() -> ResponseReturnValue:
    """What makes this browser the phone `client:NAME` of whoever is signed in."""
    handed_out = _phones().hand_out(me().name)
    if handed_out is None:
        sentence = "No exchange runs here just now; your phone comes back by itself when one does."
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "no_exchange", sentence)
    return jsonify(handed_out)


def _phones() -> BrowserPhones:
    phones = centre().phones
    if phones is None:
        abort(HTTPStatus.NOT_FOUND)
    return phones
