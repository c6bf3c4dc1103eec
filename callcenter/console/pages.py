"""What every page is drawn with: the pages one may go to, the live parts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_login import current_user

from callcenter.console.centre import centre
from callcenter.console.shell import i_may, me
from callcenter.console.words import clock_words, initials
from callcenter.floor.permissions import Action


@dataclass(frozen=True, slots=True)
class Destination:
    """A page in the navigation: who may go there (whoever may do one of these), the key that goes there, the live count
    beside its name."""

    label: str
    href: str
    key: str
    actions: tuple[Action, ...]
    fragment: str = ""

    @property
    def is_here(self) -> bool:
        """Whether the page shown is this one or below it."""
        return request.path == self.href or (self.href != "/console" and request.path.startswith(self.href))


NAVIGATION = (
    Destination("Calls", "/console", "g c", (Action.SEE_CALLS,)),
    Destination("Floor", "/console/floor", "g f", (Action.SEE_FLOOR,)),
    Destination("Training", "/console/training", "g t", (Action.TRAIN,)),
    Destination("Approvals", "/console/approvals", "g a", (Action.SEE_CUSTOMERS,), "approvals"),
    Destination("Agreements", "/console/agreements", "g g", (Action.SEE_CUSTOMERS,)),
    Destination("Activations", "/console/activations", "g v", (Action.SEE_CUSTOMERS,)),
    Destination("Search", "/console/search", "/", (Action.SEE_CALLS,)),
    Destination("Registrations", "/console/registrations", "g n", (Action.SEE_REGISTRATIONS,)),
    Destination("Reports", "/console/reports", "g r", (Action.SEE_REPORTS,)),
    Destination("Statistics", "/console/statistics", "g k", (Action.SEE_REPORTS,)),
    Destination("Debugger", "/console/debugger", "g d", (Action.SEE_DEBUGGER,)),
    Destination("People", "/console/people", "g p", (Action.MANAGE_PEOPLE, Action.SEE_AUDIT)),
    Destination("Record", "/console/audit", "g u", (Action.SEE_AUDIT,)),
    Destination("Settings", "/console/settings", "g s", (Action.SEE_SETTINGS,)),
)


def page_parts() -> Mapping[str, Any]:
    """What templates may use; who is not signed in sees a bare page."""
    parts: dict[str, Any] = {
        "line_name": centre().line_name,
        "now": centre().clock(),
        "clock_words": clock_words,
        "initials": initials,
        "Action": Action,
        "me": None,
    }
    if current_user.is_authenticated:
        parts |= {"me": me(), "i_may": i_may}
        if not me().must_change:  # whoever has a first password goes nowhere else yet
            parts |= {"nav": tuple(_nav()), "serves": i_may(Action.SERVE_CALLS), "stream": url_for("console.stream")}
    return parts


def _nav() -> Iterator[Destination]:
    return (destination for destination in NAVIGATION if any(map(i_may, destination.actions)))
