"""The trainer's desk: who may, what is refused, what a reset touches and what it leaves, when traffic sends the next caller."""

from datetime import timedelta
from typing import Any

import pytest

from callcenter.floor import training
from callcenter.floor.refusals import Refusal
from callcenter.floor.training_records import Expected, Run, RunStatus, Switch, Traffic, TrainingStory

STORY = TrainingStory(
    9, "A raise", "told", "Imogen", "Larkspur", "says", 1, Expected(True, "new purchase", ("limit raised",), 300)
)
STORIES = {9: STORY}


def start(desks: Any, name: str = "celeste", story: int = 9, crowd: int | None = None) -> Run | Refusal:
    return desks.do(lambda tx: training.start(tx, desks.acting(name), STORIES, story, desks.new_id, crowd=crowd))


def open_runs(desks: Any) -> tuple[Run, ...]:
    return desks.store.read(lambda tx: tx.training.open_runs())


def test_a_supervisor_starts_a_caller_and_it_is_on_record(desks: Any) -> None:
    run = start(desks)
    assert isinstance(run, Run)
    assert [each.id for each in open_runs(desks)] == [run.id]
    assert desks.acts()[-1] == "started simulated callers"


@pytest.mark.parametrize("name", ["amira", "sofia", "ada"])
def test_nobody_else_trains(desks: Any, name: str) -> None:
    assert start(desks, name) == training.NOT_A_TRAINER
    assert desks.act(name, training.reset_day) == training.NOT_A_TRAINER
    assert desks.act(name, training.stop_traffic) == training.NOT_A_TRAINER
    assert desks.act(name, training.turn, Switch.OUTAGE, on=True) == training.NOT_A_TRAINER
    assert open_runs(desks) == ()


def test_an_unknown_story_and_too_many_callers_are_refused(desks: Any) -> None:
    assert start(desks, story=1) == training.NO_STORY
    assert start(desks, crowd=training.LARGEST_CROWD + 1) == training.WRONG_CROWD
    assert isinstance(start(desks, crowd=training.LARGEST_CROWD), Run)
    assert start(desks, crowd=training.MOST_AT_ONCE - training.LARGEST_CROWD + 1) == training.FULL
    assert len(open_runs(desks)) == training.LARGEST_CROWD


def test_who_has_not_called_yet_never_will_and_who_is_on_the_line_is_told_to_hang_up(desks: Any) -> None:
    on_the_line, waiting = start(desks), start(desks)
    assert isinstance(on_the_line, Run)
    assert isinstance(waiting, Run)
    claimed = desks.do(lambda tx: tx.training.claim(desks.now, 15))
    for run in (on_the_line, waiting):
        desks.act("celeste", training.stop, run.id)
    stopped = [run for run in (on_the_line, waiting) if run.id != claimed.id]
    after = desks.store.read(lambda tx: {run.id: tx.training.find(run.id) for run in (on_the_line, waiting)})
    assert after[claimed.id].stop_wanted
    assert after[claimed.id].status is RunStatus.UNDER_WAY
    assert after[stopped[0].id].status is RunStatus.STOPPED


def test_a_reset_ends_what_is_simulated_and_leaves_customers_alone(desks: Any) -> None:
    customer = desks.arrive()
    start(desks)
    desks.act("celeste", training.turn, Switch.OUTAGE, on=True)
    desks.act("celeste", training.start_traffic, STORIES, [9], 60)
    assert desks.act("celeste", training.reset_day) == 1
    assert open_runs(desks) == ()
    assert desks.store.read(lambda tx: (tx.training.traffic(), tx.switches.is_on("outage"))) == (None, False)
    assert desks.entry(customer).status.value == "waiting"


def test_a_reset_clears_the_queue_of_simulated_callers_whose_player_died_and_of_nobody_else(desks: Any) -> None:
    customer, left_behind, under_way = desks.arrive(), desks.arrive(), desks.arrive()
    run = start(desks)
    assert isinstance(run, Run)
    desks.do(lambda tx: tx.training.claim(desks.now, 15))
    for sid in (left_behind, under_way):
        desks.do(lambda tx, sid=sid: tx.training.mark_call(sid, 9, desks.now))
    desks.do(lambda tx: tx.training.note(run.id, doing="waits", call_sid=under_way, serial=None, agreement=None))
    desks.act("celeste", training.reset_day)
    waiting = [entry.call_sid for entry in desks.store.read(lambda tx: tx.queue.waiting())]
    assert waiting == [customer, under_way]
    desks.do(lambda tx: training.finish(tx, run.id, RunStatus.STOPPED, "hung up", desks.now))
    assert [entry.call_sid for entry in desks.store.read(lambda tx: tx.queue.waiting())] == [customer]


def test_that_nobody_plays_is_known_when_a_wish_or_the_traffic_has_waited_too_long(desks: Any) -> None:
    def nobody_plays() -> bool:
        played: bool = desks.store.read(lambda tx: training.nobody_plays(tx, desks.now))
        return played

    run = start(desks)
    assert isinstance(run, Run)
    assert not nobody_plays()
    desks.later(11)
    assert nobody_plays()
    desks.do(lambda tx: tx.training.claim(desks.now, 15))
    assert not nobody_plays()
    desks.act("celeste", training.start_traffic, STORIES, [9], 60)
    desks.later(11)
    assert nobody_plays()
    desks.do(lambda tx: training.send_due(tx, desks.new_id, desks.now))
    assert not nobody_plays()


def test_traffic_sends_the_stories_in_turn_and_makes_up_for_nothing(desks: Any) -> None:
    stories = {9: STORY, 4: STORY}

    def begin(tx: Any) -> Traffic | Refusal:
        return training.start_traffic(tx, desks.acting("celeste"), stories, [9, 4], 60)

    assert isinstance(desks.do(begin), Traffic)

    def due() -> int | None:
        run = desks.do(lambda tx: training.send_due(tx, desks.new_id, desks.now))
        return run.story if run else None

    assert (due(), due()) == (9, None)
    desks.later(60)
    assert (due(), due()) == (4, None)
    desks.later(3600)
    assert (due(), due()) == (9, 4), "the one that was due, and the next a pause after it was due"
    assert due() is None
    traffic = desks.store.read(lambda tx: tx.training.traffic())
    assert traffic.sent == 4
    assert traffic.next_at > desks.now + timedelta(seconds=59)


@pytest.mark.parametrize(("chosen", "per_hour"), [([], 10), ([9], 0), ([9], training.MOST_PER_HOUR + 1)])
def test_traffic_needs_a_story_and_a_number(desks: Any, chosen: list[int], per_hour: int) -> None:
    assert desks.act("celeste", training.start_traffic, STORIES, chosen, per_hour) == training.WRONG_TRAFFIC
