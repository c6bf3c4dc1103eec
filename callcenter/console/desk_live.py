"""The live part of a call's page: where the caller is, the bar of the call, what became of what was asked for."""

from dataclasses import dataclass

from callcenter.console.centre import Transaction
from callcenter.console.fragments import Scene, fragment
from callcenter.floor.people import Agent, Availability, Presence
from callcenter.floor.permissions import Action, may
from callcenter.floor.queue import EntryKind, EntryStatus, Handling, QueueEntry
from callcenter.floor.request_words import request_title
from callcenter.floor.requests import Request, RequestStatus
from callcenter.floor.switchboard import is_muted

ID = "desk"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody to transfer a call to, and what they are doing."""

    name: str
    full_name: str
    role: str
    doing: str


@dataclass(frozen=True, slots=True)
class News:
    """What became of a change that was asked for in this call."""

    id: str
    title: str
    status: RequestStatus
    decider: str
    words: str


@dataclass(frozen=True, slots=True)
class DeskLive:
    """What changes by itself while somebody works on a call. `handling` is the reader's own part in it."""

    number: str
    standing: str = ""
    standing_kind: str = "info"
    handling: Handling | None = None
    is_owner: bool = False
    is_muted: bool = False
    is_callback: bool = False
    has_confirmation: bool = False
    owner: str = ""
    consulted: str = ""
    colleagues: tuple[Colleague, ...] = ()
    news: tuple[News, ...] = ()

    @property
    def is_talking(self) -> bool:
        """Whether the reader is with the caller now."""
        return self.handling is not None and self.handling.parted_at is None


@fragment(ID, Action.SEE_CALLS, follows_calls=True)
def desk(scene: Scene) -> DeskLive:
    """The call of the page's case, as its reader sees it."""
    number = scene.case_number
    return scene.read(lambda tx: _desk(tx, scene, number)) if number else DeskLive("")


def _desk(tx: Transaction, scene: Scene, number: str) -> DeskLive:
    case, entry = tx.cases.find(number), tx.queue.of_case(number)
    if case is None:
        return DeskLive(number)
    handlings = [each for each in tx.handlings.of_call(case.call_sid) if each.parted_at is None or each.wrapped_at is None]
    mine = next((each for each in handlings if each.agent == scene.agent.name and each.wrapped_at is None), None)
    talking = [each for each in handlings if each.parted_at is None]
    owner = entry.answered_by if entry and entry.status is EntryStatus.ANSWERED else None
    consulted = next((each.agent for each in talking if owner and each.agent != owner), "")
    state = scene.centre.assistance.view(tx, case.call_sid)
    standing, kind = _standing(tx, scene, case.call_sid, mine, entry)
    is_talking = mine is not None and mine.parted_at is None
    return DeskLive(
        number=number,
        standing=standing,
        standing_kind=kind,
        handling=mine,
        is_owner=mine is not None and owner == mine.agent,
        is_muted=is_talking and is_muted(tx.timeline.of_call(case.call_sid), scene.agent.name),
        is_callback=entry is not None and entry.kind is EntryKind.CALLBACK,
        has_confirmation=state is not None and state.readback is not None and not state.accepted,
        owner=scene.glance.full_name(owner) if owner else "",
        consulted=scene.glance.full_name(consulted) if consulted else "",
        colleagues=_colleagues(scene) if is_talking else (),
        news=tuple(_news(scene, each) for each in tx.requests.of_case(number)),
    )


def _standing(tx: Transaction, scene: Scene, call_sid: str, mine: Handling | None, entry: QueueEntry | None) -> tuple[str, str]:
    """Where the caller is, in words, and their colour."""
    summary, status = tx.call_log.summary(call_sid), entry.status if entry else None
    if entry and entry.kind is EntryKind.CALLBACK and status is EntryStatus.ANSWERED:
        return "being called", "info"
    if mine and mine.parted_at is None:
        return ("on hold with you", "warn") if mine.held_since else ("with you", "good")
    if entry and entry.answered_by and status is EntryStatus.ANSWERED:
        return f"with {scene.glance.full_name(entry.answered_by)}", "info"
    if status is EntryStatus.WAITING:
        return "waits in the queue", "info"
    if summary and summary.closed_at:
        return "the caller's phone is down", "muted"
    return "with the line", "info"


def _news(scene: Scene, request: Request) -> News:
    decider = scene.glance.full_name(request.decider) if request.decider else ""
    return News(request.id, request_title(request), request.status, decider, request.decision_words)


def _colleagues(scene: Scene) -> tuple[Colleague, ...]:
    """Everybody at work who serves calls, whoever is free first."""
    doing = {presence.agent: presence for presence in scene.snapshot.presences}
    present = [
        (doing[name], agent)
        for name, agent in scene.glance.people.items()
        if name in doing and name != scene.agent.name and _serves(doing[name], agent)
    ]
    present.sort(key=lambda pair: (pair[0].availability is not Availability.AVAILABLE, pair[1].name))
    return tuple(
        Colleague(agent.name, agent.full_name, agent.role.value, presence.availability.value) for presence, agent in present
    )


def _serves(presence: Presence, agent: Agent) -> bool:
    at_work = presence.availability is not Availability.OFFLINE and not agent.is_disabled
    return at_work and may(agent.role, Action.SERVE_CALLS)
