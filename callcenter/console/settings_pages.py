"""The settings as a page: what is in force, and where it is changed. Nothing here changes anything."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from callcenter.console.centre import centre
from callcenter.console.shell import needs
from callcenter.floor.permissions import Action
from callcenter.floor.policy import Policy
from callcenter.floor.policy_settings import POLICY_SETTINGS


def register(blueprint: Blueprint) -> None:
    """The page `/console/settings`."""
    blueprint.add_url_rule("/settings", view_func=settings)


@needs(Action.SEE_SETTINGS)
def settings() -> ResponseReturnValue:
    """Every setting that the console goes by, beside its default."""
    here, default = centre(), Policy()
    rows = [(setting, setting.written(here.policy), setting.written(default)) for setting in POLICY_SETTINGS]
    return render_template("console/settings.html", rows=rows, here=here)
