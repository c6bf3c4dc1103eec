"""The live floor, for supervisors: calls in the menu, in the queue and at desks, the agents, and joining a call (E1.11)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from callcenter.console.centre import Transaction
from callcenter.console.fragments import Scene, fragment
from callcenter.console.queue import QueueList, handling_of, presence_of, queue, why
from callcenter.console.shell import act, done, needs
from callcenter.console.words import place_words
from callcenter.floor import supervision
from callcenter.floor.acting import Acting
from callcenter.floor.calls import CallSummary
from callcenter.floor.people import Agent, Presence
from callcenter.floor.permissions import Action, may
from callcenter.floor.presence import supervision_of
from callcenter.floor.queue import Handling
from callcenter.floor.refusals import Refusal

_ACTS: Mapping[str, tuple[Callable[[Transaction, Acting, str], object], str]] = {
    "listen": (supervision.listen, "You are listening; nobody hears you."),
    "coach": (supervision.coach, "You are coaching; the agent alone hears you."),
    "barge": (supervision.barge, "You are in the call; everybody hears you."),
    "take over": (supervision.take_over, "The call is yours now."),
    "leave": (supervision.leave, "You have left the call. Say that you are available when you want calls of your own."),
}
_UNKNOWN = Refusal("supervision.unknown", "Choose one of: " + ", ".join(_ACTS) + ".")


@dataclass(frozen=True, slots=True)
class OnTheLine:
    """A call that the line serves."""

    call: CallSummary
    place: str


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A call that an agent has; `joined` says how whoever looks is in it, `others` who else is."""

    handling: Handling
    agent: str
    why: str
    joined: str
    others: tuple[str, ...]
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who serves calls, and what they are doing."""

    full_name: str
    role: str
    presence: Presence | None
    handling: Handling | None


@dataclass(frozen=True, slots=True)
class Floor:
    """Everything at once; `may_join` says whether who looks may supervise."""

    on_the_line: tuple[OnTheLine, ...]
    waiting: QueueList
    at_desks: tuple[AtDesk, ...]
    wrapping_up: int
    agents: tuple[Colleague, ...]
    may_join: bool


@fragment("floor", Action.SEE_FLOOR, follows_calls=True)
def floor(scene: Scene) -> Floor:
    """The floor as a supervisor sees it."""
    snapshot = scene.snapshot
    with_people = {entry.call_sid for entry in snapshot.waiting} | {one.call_sid for one in snapshot.handlings}
    return Floor(
        on_the_line=tuple(OnTheLine(call, place_words(call.place)) for call in snapshot.live if call.sid not in with_people),
        waiting=queue(scene),
        at_desks=tuple(_at_desk(scene, one) for one in snapshot.handlings if one.parted_at is None),
        wrapping_up=sum(one.parted_at is not None for one in snapshot.handlings),
        agents=tuple(_colleague(scene, agent) for agent in scene.glance.people.values() if _serves(agent)),
        may_join=may(scene.agent.role, Action.SUPERVISE),
    )


def register(blueprint: Blueprint) -> None:
    """`/floor`, `/supervise`."""
    blueprint.add_url_rule("/floor", "floor", page)
    blueprint.add_url_rule("/supervise", "supervise", supervise, methods=["POST"])


@needs(Action.SEE_FLOOR)
def page() -> ResponseReturnValue:
    """The live floor."""
    return render_template("console/floor.html")


@needs(Action.SUPERVISE)
def supervise() -> ResponseReturnValue:
    """Listens to, coaches in, joins, leaves or takes over another agent's call."""
    known = _ACTS.get(request.form.get("act", ""))
    if known is None:
        return done(_UNKNOWN, url_for("console.floor"), "")
    work, sentence = known
    result = act(lambda tx, acting: work(tx, acting, request.form.get("call_sid", "")))
    to = url_for("console.call", number=result.case_number) if isinstance(result, Handling) else url_for("console.floor")
    return done(result, to, sentence)


def _at_desk(scene: Scene, handling: Handling) -> AtDesk:
    joined = {
        one.agent: there.mode.value
        for one in scene.snapshot.presences
        if (there := supervision_of(one)) and there.call_sid == handling.call_sid
    }
    mine = joined.pop(scene.agent.name, "")
    others = tuple(f"{scene.glance.full_name(name)} ({mode})" for name, mode in joined.items())
    name = scene.glance.full_name(handling.agent)
    return AtDesk(handling, name, why(scene, handling.case_number), mine, others, handling.agent == scene.agent.name)


def _colleague(scene: Scene, agent: Agent) -> Colleague:
    return Colleague(agent.full_name, agent.role.value, presence_of(scene, agent.name), handling_of(scene, agent.name))


def _serves(agent: Agent) -> bool:
    return not agent.is_disabled and may(agent.role, Action.SERVE_CALLS)
