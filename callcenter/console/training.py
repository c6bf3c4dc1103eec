"""The trainer's desk: simulated callers started and stopped, steady traffic, switches, the day reset, and scores.

The page only writes down what is wanted; a process of its own plays the callers. Trainees see a caller's answers, where the
trainer lets them, and afterwards how they did.
"""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from callcenter.console.centre import Centre, Transaction, centre
from callcenter.console.fragments import Scene, fragment
from callcenter.console.shell import act, done, needs
from callcenter.floor import training
from callcenter.floor.permissions import Action
from callcenter.floor.refusals import Refusal
from callcenter.floor.scores import Score, scores_of
from callcenter.floor.training_records import Run, Switch, Traffic, TrainingStory

RUNS_SHOWN = 40
UNKNOWN_SWITCH = Refusal("training.switch", "There is no such switch.")
LONGEST_NUMBER = 4


@dataclass(frozen=True, slots=True)
class Caller:
    """A simulated caller, the story they play, their case where a person has it or had it, and the scores."""

    run: Run
    title: str
    case: str
    scores: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class Simulated:
    """What an agent sees beside a call of a simulated caller: what they would say, and afterwards how it went."""

    story: TrainingStory
    agreement: str
    facts: tuple[tuple[int, int], ...]
    """Keys of the agreement (serial) and how many activations are left on each, as the caller knows."""
    scores: tuple[Score, ...]
    is_told: bool
    """Whether the trainer lets the answers be seen."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A switch with its words and how it stands."""

    switch: Switch
    title: str
    hint: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything live on the trainer's desk."""

    callers: tuple[Caller, ...]
    nobody_plays: bool
    """Somebody is wanted, and no process plays them."""
    traffic: Traffic | None
    switches: tuple[Turned, ...]

    @property
    def under_way(self) -> tuple[Caller, ...]:
        """Those who are to call or on the line."""
        return tuple(each for each in self.callers if each.run.is_open)

    @property
    def over(self) -> tuple[Caller, ...]:
        """Those who are gone."""
        return tuple(each for each in self.callers if not each.run.is_open)


def register(blueprint: Blueprint) -> None:
    """`/training` and its acts."""
    train = needs(Action.TRAIN)
    blueprint.add_url_rule("/training", "training", train(page))
    for path, view in {
        "start": start,
        "crowd": crowd,
        "traffic": traffic,
        "stop": stop,
        "switch": switch,
        "reset": reset,
    }.items():
        blueprint.add_url_rule(f"/training/{path}", f"training_{path}", train(view), methods=["POST"])


def page() -> ResponseReturnValue:
    """The trainer's desk."""
    stories = tuple(centre().stories.values())
    crowds = tuple(each for each in stories if each.expected)
    return render_template("console/training.html", stories=stories, crowds=crowds, largest_crowd=training.LARGEST_CROWD)


@fragment("training", Action.TRAIN, follows_calls=True)
def desk(scene: Scene) -> Desk:
    """The callers, the traffic and the switches as they are."""
    return scene.read(lambda tx: _desk(tx, scene.centre))


def start() -> ResponseReturnValue:
    """One simulated caller."""
    story = _number("story")
    result = act(lambda tx, acting: training.start(tx, acting, centre().stories, story, centre().new_id))
    return _done(result, "A simulated caller is on the way.")


def crowd() -> ResponseReturnValue:
    """Many who wait at once."""
    story, callers = _number("story"), _number("callers")
    result = act(lambda tx, acting: training.start(tx, acting, centre().stories, story, centre().new_id, crowd=callers))
    return _done(result, f"Simulated callers on the way to the queue: {callers}.")


def traffic() -> ResponseReturnValue:
    """Steady traffic begins, or ends with `do=stop`."""
    if request.form.get("do") == "stop":
        return _done(act(training.stop_traffic), "The traffic is stopped; calls under way come to their end.")
    chosen = [int(text) for text in request.form.getlist("story") if text.isdecimal() and len(text) <= LONGEST_NUMBER]
    per_hour = _number("per_hour")
    result = act(lambda tx, acting: training.start_traffic(tx, acting, centre().stories, chosen, per_hour))
    return _done(result, f"Calls an hour from now on: {per_hour}.")


def stop() -> ResponseReturnValue:
    """One caller hangs up."""
    result = act(lambda tx, acting: training.stop(tx, acting, request.form.get("run", "")))
    return _done(result, "The caller is told to hang up.")


def switch() -> ResponseReturnValue:
    """Turns a switch."""
    name, on = request.form.get("switch", ""), request.form.get("on") == "yes"
    known = next((each for each in Switch if each.value == name), None)
    if known is None:
        return _done(UNKNOWN_SWITCH, "")
    words = TITLES[known][0]
    result = act(lambda tx, acting: training.turn(tx, acting, known, on=on))
    return _done(result, f"{words}: {'on' if on else 'off'}.")


def reset() -> ResponseReturnValue:
    """Ends everything that is simulated."""
    result = act(training.reset_day)
    ended = f"Simulated callers sent away: {result}; outage and corrected media: off."
    return _done(result, f"The day is reset. {ended} No customer's count was touched.")


TITLES = {
    Switch.OUTAGE: ("Outage", "The line tells callers before any digit that activation is down; the web says so, too."),
    Switch.CORRECTED_MEDIA: (
        "KB 824345 corrected on new media",
        "Off: Windows Server 2003 refuses right confirmation IDs after its grace, as it did. On: media from now on do not.",
    ),
    Switch.MARK_CALLERS: (
        "Mark simulated callers at the desk",
        "Agents see that a caller is simulated, and what the caller would answer.",
    ),
}


def simulated(tx: Transaction, here: Centre, call_sid: str) -> Simulated | None:
    """What is known of a simulated call for the page of its case; None for people's calls."""
    run = tx.training.of_call(call_sid)
    story = here.stories.get(run.story) if run else None
    if run is None or story is None:
        return None
    keys = tx.keys.of_agreement(run.agreement) if run.agreement else ()
    facts = tuple((key.record.serial, key.record.allowed - key.record.used) for key in keys if key.record.serial != run.serial)
    told = tx.switches.is_on(Switch.MARK_CALLERS.value)
    return Simulated(story, run.agreement or "", facts, scores_of(tx, run, story.expected), told)


def _desk(tx: Transaction, here: Centre) -> Desk:
    switches = tuple(Turned(each, *TITLES[each], tx.switches.is_on(each.value)) for each in Switch)
    callers = tuple(_caller(tx, here, run) for run in tx.training.newest(RUNS_SHOWN))
    return Desk(callers, training.nobody_plays(tx, here.clock()), tx.training.traffic(), switches)


def _caller(tx: Transaction, here: Centre, run: Run) -> Caller:
    story = here.stories.get(run.story)
    case = tx.cases.of_call(run.call_sid) if run.call_sid else None
    scores = scores_of(tx, run, story.expected if story else None)
    return Caller(run, story.title if story else f"story {run.story}", case.number if case else "", scores)


def _number(name: str) -> int:
    """A small number of the form; 0 for anything else."""
    text = request.form.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else 0


def _done(result: object, sentence: str) -> ResponseReturnValue:
    return done(result, url_for("console.training"), sentence)
