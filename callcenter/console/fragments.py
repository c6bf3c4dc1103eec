"""The live parts of pages: each is a value that the floor's state makes for a person, and a template that draws it.

A part is drawn again only when its value has changed, and once for everybody who sees the same value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from flask import current_app
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from callcenter.console.centre import Centre, Transaction
from callcenter.console.words import clock_words
from callcenter.floor.calls import Snapshot
from callcenter.floor.people import Agent
from callcenter.floor.permissions import Action

Result = TypeVar("Result")

_TOKEN = "form-token-of-whoever-reads-this"  # noqa: S105 - a placeholder
"""Stands in shared markup where each reader's own form token goes."""


@dataclass(frozen=True, slots=True)
class Glance:
    """The floor as everybody's pages show it: one snapshot, and who the people are."""

    snapshot: Snapshot
    people: Mapping[str, Agent]

    @property
    def without_calls(self) -> "Glance":
        """The same without the calls on the line: two of these are equal when nobody at a desk or in the queue moved."""
        return replace(self, snapshot=replace(self.snapshot, live=()))

    def full_name(self, name: str) -> str:
        """Somebody's full name; the short one while it is not known."""
        agent = self.people.get(name)
        return agent.full_name if agent else name


@dataclass(frozen=True, slots=True)
class Scene:
    """What one open page is drawn from: the floor, who looks, and the case the page is about."""

    glance: Glance
    agent: Agent
    case_number: str | None
    centre: Centre

    @property
    def snapshot(self) -> Snapshot:
        """The floor."""
        return self.glance.snapshot

    def read(self, work: Callable[[Transaction], Result]) -> Result:
        """Looks something up that the snapshot does not hold; parts of single pages only."""
        return self.centre.store.read(work)


@dataclass(frozen=True, slots=True)
class Fragment:
    """One live part. `view` makes a value that compares by what is seen, and hashes; `follows_calls` says whether it changes
    with every step that callers take on the line, and not only with what happens at desks and in the queue."""

    id: str
    action: Action
    view: Callable[[Scene], object]
    follows_calls: bool

    @property
    def template(self) -> str:
        """What draws it."""
        return f"console/live/{self.id}.html"


FRAGMENTS: dict[str, Fragment] = {}
"""Every live part, by the id that a page asks for it with."""


def fragment(
    id: str, action: Action, *, follows_calls: bool = False
) -> Callable[[Callable[[Scene], Result]], Callable[[Scene], Result]]:
    """Makes a function of a `Scene` the live part `id` for whoever may do `action`; `console/live/<id>.html` draws it."""

    def register(view: Callable[[Scene], Result]) -> Callable[[Scene], Result]:
        FRAGMENTS[id] = Fragment(id, action, view, follows_calls)
        return view

    return register


class Drawings:
    """What has been drawn for the present state of the floor, shared by all who look at it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._glance: Glance | None = None
        self._drawn: dict[tuple[str, object], str] = {}

    def draw(self, part: Fragment, view: object, scene: Scene) -> Markup:
        """The part's markup with the reader's own form token."""
        with self._lock:
            if self._glance is not scene.glance:
                self._glance, self._drawn = scene.glance, {}
            markup = self._drawn.get((part.id, view))
            if markup is None:
                markup = self._drawn[part.id, view] = _markup(part, view, scene.centre.clock())
        return Markup(markup.replace(_TOKEN, generate_csrf()))  # noqa: S704 - drawn by a template that escapes


def _markup(part: Fragment, view: object, now: datetime) -> str:
    """Drawn without Flask's own context, for nothing of one reader may get into what others see."""
    parts: dict[str, Any] = {"view": view, "now": now, "clock_words": clock_words, "csrf_token": lambda: _TOKEN}
    return current_app.jinja_env.get_template(part.template).render(parts)
