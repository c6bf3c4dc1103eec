"""The panels of a call's page: their tabs, and everything they offer that is the same for every call."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from callcenter.console.centre import centre
from callcenter.console.desk_view import CaseView
from callcenter.console.reasons import Panel
from callcenter.floor import articles, guided, kms
from callcenter.floor.outcomes import OUTCOMES
from callcenter.floor.private_facts import FactKind
from callcenter.floor.requests import ReasonCode


@dataclass(frozen=True, slots=True)
class Tab:
    """One panel as a tab: its title, and the key that opens it."""

    panel: Panel
    title: str
    key: str

    @property
    def value(self) -> str:
        """The panel's address on the page."""
        return self.panel.value

    @property
    def template(self) -> str:
        """What draws the panel."""
        return f"console/desk/{self.panel.value.replace('-', '_')}.html"


TABS = (
    Tab(Panel.GROUPS, "Installation ID", "i"),
    Tab(Panel.LIMIT, "Agreement and limit", "l"),
    Tab(Panel.QUESTIONS, "Questions", "q"),
    Tab(Panel.NEW_KEY, "New key", "n"),
    Tab(Panel.HELPERS, "Helpers", "p"),
    Tab(Panel.TIMELINE, "Timeline", "v"),
    Tab(Panel.WRAP_UP, "Wrap-up", "o"),
)


@dataclass(frozen=True, slots=True)
class HostKey:
    """A KMS host key to use, and the editions it activates."""

    title: str
    activates: tuple[str, ...]


def panel_parts(view: CaseView) -> Mapping[str, Any]:
    """What the panels' templates use besides the call itself."""
    catalogue, script = centre().catalogue, guided.script_for(view.case.reason)
    held = request.args.getlist("held")
    return {
        "panels": TABS,
        "first_panel": first_panel(view).value,
        "script": script,
        "shown_questions": {question.id for question in guided.visible(script, view.case.answers)},
        "article": articles.LATE_ACTIVATION,
        "kms_groups": kms.kms_groups(catalogue),
        "held": held,
        "right_keys": tuple(_host_key(group.title, group.name) for group in kms.right_keys(catalogue, held)),
        "downgrades": kms.DOWNGRADES,
        "programme": catalogue.programmes[view.agreement.programme] if view.agreement else None,
        "fact_kinds": tuple(FactKind),
        "reason_codes": tuple(ReasonCode),
        "policy": centre().policy,
        "outcomes": OUTCOMES,
    }


def first_panel(view: CaseView) -> Panel:
    """Where to begin: with the wrap-up once the caller is gone, else with what the reason calls for."""
    return Panel.WRAP_UP if view.is_mine and not view.is_talking else view.reason.panel


def _host_key(title: str, name: str) -> HostKey:
    return HostKey(title, tuple(product.title for product in kms.activated_by(centre().catalogue, name)))
