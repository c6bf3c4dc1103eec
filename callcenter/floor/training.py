"""The trainer's desk: simulated callers that a supervisor wants on the line, steady traffic of them, and a clean floor after.

Here it is written down what is wanted; a process of its own plays the callers and says what they are doing. Their keys are made
for training, so no customer's count changes.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

from callcenter.floor import switchboard
from callcenter.floor.acting import Acting, record
from callcenter.floor.audit import Act
from callcenter.floor.permissions import Action, may
from callcenter.floor.refusals import Refusal
from callcenter.floor.training_records import Run, RunStatus, Switch, Traffic, TrainingStory, Transaction

LARGEST_CROWD = 30
MOST_PER_HOUR = 240
MOST_AT_ONCE = 40
"""Simulated callers under way; more are refused."""
PLAYED_WITHIN = timedelta(seconds=10)
"""A player that runs looks every second; a wish that has waited for longer than this has none."""
LOOKED_AT = timedelta(hours=1)
"""How the latest callers were served can be looked at for so long after a reset; no `demo` takes longer to tell."""

NOT_A_TRAINER = Refusal("training.role", "Supervisors and administrators have the trainer's desk.", status=HTTPStatus.FORBIDDEN)
NO_STORY = Refusal("training.story", "There is no such story for simulated callers.", HTTPStatus.NOT_FOUND)
NO_RUN = Refusal("training.run", "There is no such simulated caller.", HTTPStatus.NOT_FOUND)
FULL = Refusal("training.full", f"There are {MOST_AT_ONCE} simulated callers already; stop some, or let them come to an end.")
WRONG_CROWD = Refusal(
    "training.crowd", f"Write how many callers should wait: 1 to {LARGEST_CROWD}.", HTTPStatus.UNPROCESSABLE_ENTITY
)
WRONG_TRAFFIC = Refusal(
    "training.traffic",
    f"Choose at least one story, and how many calls an hour: 1 to {MOST_PER_HOUR}.",
    HTTPStatus.UNPROCESSABLE_ENTITY,
)

Stories = Mapping[int, TrainingStory]


def start(
    tx: Transaction, acting: Acting, stories: Stories, story: int, new_id: Callable[[], str], *, crowd: int | None = None
) -> Run | Refusal:
    """One simulated caller, or a crowd of them who all wait for a person."""
    if crowd is not None and not 1 <= crowd <= LARGEST_CROWD:
        return WRONG_CROWD
    callers = crowd or 1
    if refusal := _fault(tx, acting, stories, story, callers):
        return refusal
    runs = [Run(new_id(), story, acting.name, acting.now, is_crowd=crowd is not None) for _ in range(callers)]
    for run in runs:
        tx.training.add(run)
    record(tx, acting, Act.TRAINING_STARTED, f"story/{story}", {"callers": len(runs)})
    return runs[0]


def start_traffic(tx: Transaction, acting: Acting, stories: Stories, chosen: Sequence[int], per_hour: int) -> Traffic | Refusal:
    """Steady traffic, in place of what there was."""
    if not 1 <= per_hour <= MOST_PER_HOUR or not chosen:
        return WRONG_TRAFFIC
    for story in chosen:
        if refusal := _fault(tx, acting, stories, story, 1):
            return refusal
    traffic = Traffic(tuple(chosen), per_hour, acting.name, acting.now, acting.now)
    tx.training.set_traffic(traffic)
    record(tx, acting, Act.TRAINING_STARTED, "traffic", {"per hour": per_hour, "stories": " ".join(map(str, chosen))})
    return traffic


def stop(tx: Transaction, acting: Acting, id: str) -> Run | Refusal:
    """One simulated caller hangs up."""
    if not may(acting.agent.role, Action.TRAIN):
        return NOT_A_TRAINER
    run = tx.training.find(id)
    if run is None:
        return NO_RUN
    _stop(tx, [run], acting.now)
    record(tx, acting, Act.TRAINING_STOPPED, f"run/{id}", {"story": run.story})
    return run


def stop_traffic(tx: Transaction, acting: Acting) -> Refusal | None:
    """No more calls are begun; those under way come to their end."""
    if not may(acting.agent.role, Action.TRAIN):
        return NOT_A_TRAINER
    tx.training.set_traffic(None)
    record(tx, acting, Act.TRAINING_STOPPED, "traffic", {})
    return None


def nobody_plays(tx: Transaction, now: datetime) -> bool:
    """Whether somebody is wanted, or traffic is due, and nothing comes of it: the process that plays callers does not run."""
    traffic = tx.training.traffic()
    due = [run.wanted_at for run in tx.training.open_runs() if run.status is RunStatus.WANTED]
    return any(at < now - PLAYED_WITHIN for at in [*due, *([traffic.next_at] if traffic else [])])


def reset_day(tx: Transaction, acting: Acting) -> int | Refusal:
    """Ends every simulated call and all traffic, outage and corrected media; how many callers were sent away.

    What was made for earlier callers, their keys and agreements, is taken away. Customers' calls and counts stay as they are.
    """
    if not may(acting.agent.role, Action.TRAIN):
        return NOT_A_TRAINER
    runs = tx.training.open_runs()
    _stop(tx, runs, acting.now)
    _clear_queue(tx, acting.now)
    tx.training.set_traffic(None)
    for switch in (Switch.OUTAGE, Switch.CORRECTED_MEDIA):
        tx.switches.set(switch.value, False, acting.now)
    keys = tx.training.take_away(acting.now - LOOKED_AT)
    record(tx, acting, Act.TRAINING_RESET, "day", {"callers": len(runs), "keys taken away": keys})
    return len(runs)


def turn(tx: Transaction, acting: Acting, switch: Switch, *, on: bool) -> Refusal | None:
    """Turns a switch on or off."""
    if not may(acting.agent.role, Action.TRAIN):
        return NOT_A_TRAINER
    tx.switches.set(switch.value, on, acting.now)
    record(tx, acting, Act.SWITCHED, f"switch/{switch.value}", {"on": on})
    return None


def send_due(tx: Transaction, new_id: Callable[[], str], now: datetime) -> Run | None:
    """Begins the call of the steady traffic that is due, if one is; calls missed while nobody looked are not made up for."""
    traffic = tx.training.traffic()
    if traffic is None or traffic.next_at > now:
        return None
    run = Run(new_id(), traffic.next_story, traffic.started_by, now)
    due = max(traffic.next_at + traffic.pause, now)
    tx.training.set_traffic(_sent(traffic, due))
    if len(tx.training.open_runs()) >= MOST_AT_ONCE:
        return None
    tx.training.add(run)
    return run


def finish(tx: Transaction, id: str, status: RunStatus, doing: str, now: datetime) -> None:
    """The caller is gone, and waits nowhere any more, however the call ended."""
    run = tx.training.find(id)
    tx.training.end(id, status, doing, now)
    if run is not None and run.call_sid is not None:
        switchboard.caller_gone(tx, run.call_sid, now)


def _clear_queue(tx: Transaction, now: datetime) -> None:
    """Simulated callers whose player died leave the queue; those under way hang up by themselves."""
    for entry in tx.queue.waiting():
        run = tx.training.of_call(entry.call_sid)
        if tx.training.story_of_call(entry.call_sid) is not None and (run is None or not run.is_open):
            switchboard.caller_gone(tx, entry.call_sid, now)


def _sent(traffic: Traffic, next_at: datetime) -> Traffic:
    return Traffic(traffic.stories, traffic.per_hour, traffic.started_by, traffic.since, next_at, traffic.sent + 1)


def _stop(tx: Transaction, runs: Sequence[Run], now: datetime) -> None:
    """Who has not called yet never will; who is on the line is told to hang up."""
    for run in runs:
        if run.status is RunStatus.WANTED:
            tx.training.end(run.id, RunStatus.STOPPED, "never called", now)
    tx.training.want_stop([run.id for run in runs if run.status is RunStatus.UNDER_WAY])


def _fault(tx: Transaction, acting: Acting, stories: Stories, story: int, more: int) -> Refusal | None:
    if not may(acting.agent.role, Action.TRAIN):
        return NOT_A_TRAINER
    if story not in stories:
        return NO_STORY
    return FULL if len(tx.training.open_runs()) + more > MOST_AT_ONCE else None
