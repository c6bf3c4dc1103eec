"""The help page: the keys that work everywhere, and how a call goes."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from callcenter.console.centre import centre
from callcenter.console.pages import NAVIGATION
from callcenter.console.shell import i_may
from callcenter.floor.permissions import Action

_OF_WHOEVER_SERVES = (
    ("Enter", "Answer the next caller"),
    ("a", "Be available"),
    ("b", "Choose a break"),
    ("x", "Go offline"),
    ("d", "Open your call"),
)
_OF_THE_PHONE = (
    ("p p", "Open your phone"),
    ("p a", "Phone: answer"),
    ("p d", "Phone: decline, or hang up"),
    ("p m", "Phone: mute the microphone"),
    ("p h", "Phone: hold"),
)
_OF_EVERYBODY = (("?", "List the keys of the page"), ("m", "Open your menu"), ("Escape", "Leave a field, close what is open"))


def register(blueprint: Blueprint) -> None:
    """`/help`."""
    blueprint.add_url_rule("/help", "help", page)


def page() -> ResponseReturnValue:
    """The page, with the keys of who is signed in."""
    going = tuple((there.key, f"Go to {there.label}") for there in NAVIGATION if any(map(i_may, there.actions)))
    serving = _OF_WHOEVER_SERVES if i_may(Action.SERVE_CALLS) else ()
    phoning = _OF_THE_PHONE if serving and centre().phones else ()
    return render_template("console/help.html", keys=(*serving, *phoning, *going, *_OF_EVERYBODY))
