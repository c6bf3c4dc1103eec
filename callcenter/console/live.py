"""Live pages by server-sent events: one poller a process looks at the floor, every open page hears what changed for it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from threading import Lock

from flask import Blueprint, Response, current_app, g, jsonify, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from callcenter.console import sessions
from callcenter.console.centre import STREAMS, Centre, centre
from callcenter.console.fragments import FRAGMENTS, Drawings, Fragment, Glance, Scene
from callcenter.console.shell import i_may, me, problem
from callcenter.console.watch import Watch
from callcenter.floor.people import Agent

_BEAT_SECONDS = 2.0
"""A page that hears nothing for five seconds says that it is not live."""
_SESSION_CHECKED_EVERY = timedelta(seconds=5)
_COME_BACK_SECONDS = 30
_EXTENSION = "activation-center-live"


class Live:
    """What one process needs for live pages: the poller and what is drawn already."""

    def __init__(self, kept: Centre) -> None:
        self.watch, self.drawings = Watch(kept), Drawings()
        self.turn = Lock()
        """One page at a time makes its news, so that a webhook that arrives meets one busy thread and not all of them."""


def keep_live(extensions: dict[str, object], kept: Centre) -> None:
    """Gives an application its live pages; the poller begins with the first of them."""
    extensions[_EXTENSION] = Live(kept)


def register(blueprint: Blueprint) -> None:
    """`/stream`, `/fragments` for pages that found no stream free, `/session` for pages that were signed out."""
    blueprint.add_url_rule("/stream", "stream", stream)
    blueprint.add_url_rule("/fragments", "fragments", fragments)
    blueprint.add_url_rule("/session", "session", session_state)
    blueprint.context_processor(lambda: {"live": live_part})


def stream() -> ResponseReturnValue:
    """Everything that the page shows live, whenever it changes."""
    watch = _live().watch
    if watch.attending() >= STREAMS:
        sentence = "Too many live pages are open here just now; this one looks for news every few seconds instead."
        answer = problem(HTTPStatus.SERVICE_UNAVAILABLE, "no_stream_free", sentence)
        answer.headers["Retry-After"] = str(_COME_BACK_SECONDS)
        return answer
    generate_csrf()  # a session without a form token gets one now, for no cookie can follow the headers
    events = stream_with_context(_events(_live(), me(), _asked_for(), request.args.get("case")))
    return Response(events, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


def fragments() -> ResponseReturnValue:
    """The same at one moment, for a page without a stream; it is a sign of life as well."""
    here, who = centre(), me()
    here.store.transaction(lambda tx: tx.presences.seen(who.name, here.clock()))
    scene = Scene(_live().watch.look(), who, request.args.get("case"), here)
    return jsonify(_message(here, _changed(_live(), _asked_for(), scene, {})))


def session_state() -> ResponseReturnValue:
    """The form token of the session there is now: a page goes on after signing in again, with what was typed on it."""
    return jsonify(token=generate_csrf(), name=me().name)


@pass_context
def live_part(context: Context, id: str) -> Markup:
    """A live part where a page shows it, as it is now; a page about one case is drawn with it as `shown_case`."""
    scene = Scene(_glance(), me(), context.get("shown_case"), centre())
    part = FRAGMENTS[id]
    drawn = _live().drawings.draw(part, part.view(scene), scene)
    return Markup('<div class="live" id="live-{id}" data-live="{id}">{drawn}</div>').format(id=id, drawn=drawn)


def _glance() -> Glance:
    """The floor, read once for all parts of a page."""
    if "glance" not in g:
        g.glance = _live().watch.look()
    glance: Glance = g.glance
    return glance


def _events(live: Live, agent: Agent, parts: tuple[Fragment, ...], case_number: str | None) -> Iterator[str]:
    """Lives as long as the page does, and no longer than the session: what has changed, or at least a beat."""
    here, seen, shown = centre(), 0, dict[str, object]()
    checked_at, follows_calls = here.clock(), any(part.follows_calls for part in parts)
    yield f"retry: 1000\n\n{_beat(here)}"
    with live.watch.attended_by(agent.name):
        while True:
            seen, glance = live.watch.wait(seen, _BEAT_SECONDS, follows_calls=follows_calls)
            if here.clock() - checked_at > _SESSION_CHECKED_EVERY:
                signed_in = sessions.find_signed_in(agent.name)
                if signed_in is None:
                    return
                agent, checked_at = signed_in.agent, here.clock()
            with live.turn:
                changed = _changed(live, parts, Scene(glance, agent, case_number, here), shown)
                news = f"data: {json.dumps(_message(here, changed))}\n\n"
            if changed:
                yield news
            elif live.watch.is_fresh():
                yield _beat(here)


def _changed(live: Live, parts: tuple[Fragment, ...], scene: Scene, shown: dict[str, object]) -> dict[str, str]:
    """The parts that would look otherwise than they were last shown, drawn; notes what is shown now."""
    views = {part.id: part.view(scene) for part in parts}
    changed = [part for part in parts if part.id not in shown or shown[part.id] != views[part.id]]
    shown.update(views)
    return {part.id: live.drawings.draw(part, views[part.id], scene) for part in changed}


def _message(here: Centre, changed: dict[str, str]) -> dict[str, object]:
    return {"now": here.clock().isoformat(), "parts": changed}


def _beat(here: Centre) -> str:
    return f"event: beat\ndata: {here.clock().isoformat()}\n\n"


def _asked_for() -> tuple[Fragment, ...]:
    """The parts that the page shows and the person may see; names that are none are left out."""
    asked = (FRAGMENTS.get(id) for id in request.args.get("show", "").split(","))
    return tuple(part for part in asked if part and i_may(part.action))


def _live() -> Live:
    found: Live = current_app.extensions[_EXTENSION]
    return found
