"""The trainer's desk as its page is used: wishes are taken, that nobody plays them is said, the day is reset."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from callcenter.console.centre import Centre
from callcenter.floor.training_records import Expected, TrainingStory
from data.props import KeyMade, KeyWanted, Workshop, make_key
from ivr.records import NewCase

STORY = TrainingStory(
    9, "A raise", "told", "Imogen", "Larkspur", "says", 1, Expected(True, "new purchase", ("limit raised",), 300)
)
DESK = "/console/training"
NOBODY = "Nobody plays these callers."


@pytest.fixture
def centre(centre: Centre) -> Centre:
    return replace(centre, stories={9: STORY})


def send(browser: Any, act: str, **fields: str) -> str:
    """The page after an act."""
    answer = browser.send(f"{DESK}/{act}", form_on=DESK, **fields)
    assert answer.status_code == 303, answer.text
    page: str = browser.read(DESK)
    return page


@pytest.mark.parametrize(
    ("act", "fields", "sentence"),
    [
        ("start", {"story": "9"}, "A simulated caller is on the way."),
        ("start", {"story": "1"}, "There is no such story for simulated callers."),
        ("crowd", {"story": "9", "callers": "8"}, "Simulated callers on the way to the queue: 8."),
        ("crowd", {"story": "9", "callers": "0"}, "Write how many callers should wait: 1 to 30."),
        ("traffic", {"story": "9", "per_hour": "12"}, "Calls an hour from now on: 12."),
        ("traffic", {"per_hour": "12"}, "Choose at least one story"),
        ("switch", {"switch": "outage", "on": "yes"}, "Outage: on."),
        ("switch", {"switch": "gravity", "on": "yes"}, "There is no such switch."),
        ("stop", {"run": "nobody"}, "There is no such simulated caller."),
        ("reset", {}, "The day is reset. Simulated callers sent away: 0;"),
    ],
)
def test_each_act_says_what_came_of_it(console: Any, act: str, fields: Mapping[str, str], sentence: str) -> None:
    assert sentence in send(console.signed_in("celeste"), act, **fields)


def test_a_wish_that_nobody_plays_is_said_on_the_page(console: Any) -> None:
    trainer = console.signed_in("celeste")
    assert NOBODY not in send(trainer, "start", story="9")
    console.clock.turn(seconds=11)
    page = trainer.read(DESK)
    assert NOBODY in page
    assert "without --no-exchange" in page
    assert NOBODY not in send(trainer, "reset")


def test_an_agent_has_no_such_desk(console: Any) -> None:
    agent = console.signed_in("amira")
    assert agent.get(DESK).status_code == 403
    assert agent.send(f"{DESK}/reset").status_code == 403


def test_cases_can_be_read_after_what_was_made_for_them_is_taken_away(console: Any, centre: Centre) -> None:
    workshop = Workshop(centre.catalogue, centre.secrets, lambda below: below // 2)
    wanted = KeyWanted("windows-7-professional", "mak", 50, 50, "open", "Imogen Tate", "Larkspur")

    def work(tx: Any) -> tuple[KeyMade, str]:
        made = make_key(tx, workshop, wanted, console.clock.now)
        number = tx.cases.open(NewCase(entry.call_sid, "agent.mak_limit", "en", {}, made.serial), console.clock.now)
        tx.verifications.passed(number, made.agreement, made.contact, "fact", console.clock.now)
        return made, number

    entry = console.arrive()
    made, number = console.store.transaction(work)
    trainer = console.signed_in("celeste")
    assert made.agreement in trainer.read("/console/agreements")
    console.clock.turn(seconds=timedelta(hours=2).total_seconds())
    trainer = console.signed_in("celeste")
    send(trainer, "reset")
    assert made.agreement not in trainer.read("/console/agreements")
    assert number in trainer.read(f"/console/calls/{number}")
