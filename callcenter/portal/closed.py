"""What an agreement's pages show when it is closed to the portal: ended, or served by call only (row 79)."""

from flask import render_template
from flask.typing import ResponseReturnValue

from callcenter.floor.refusals import Refusal


def closed(number: str, refusal: Refusal) -> ResponseReturnValue:
    """The page that says why, and where to turn."""
    return render_template("portal/closed.html", number=number, refusal=refusal), refusal.status
