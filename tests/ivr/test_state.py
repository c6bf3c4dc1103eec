"""A stored state is brought up to date when read, so that an upgrade drops no call."""

import json

import msgspec
import pytest

from ivr.errand import SendText
from ivr.state import VERSION, Place, Readback, State, read_state, write_state


def test_what_was_written_today_is_read_as_it_was() -> None:
    state = State(place=Place.ENTRY, country="DE", turns=3)
    assert read_state(write_state(state)) == state


def test_a_state_of_an_older_version_goes_through_every_step_between() -> None:
    stored = json.loads(write_state(State(place=Place.MENU, country="DE")))
    old = {**stored, "version": VERSION - 2, "land": stored.pop("country")}
    del old["country"]
    steps = {
        VERSION - 2: lambda raw: {**{k: v for k, v in raw.items() if k != "land"}, "country": raw["land"]},
        VERSION - 1: lambda raw: {**raw, "turns": raw["turns"] + 1},
    }
    upgraded = read_state(json.dumps(old).encode(), upgrades=steps)
    assert (upgraded.version, upgraded.country, upgraded.turns, upgraded.place) == (VERSION, "DE", 1, Place.MENU)


def test_a_field_that_a_later_version_added_takes_its_default() -> None:
    stored = json.loads(write_state(State(place=Place.MENU)))
    del stored["replaces"]
    assert read_state(json.dumps(stored).encode()).replaces == ""


def test_a_call_under_way_before_the_floor_was_built_goes_on() -> None:
    stored = json.loads(write_state(State(place=Place.DECIDING, errand=SendText(), readback=Readback(("1",), "x"))))
    for name in ("caller_hint", "callback", "reasked", "granted"):
        del stored[name]
    del stored["entry"]["finished_by_agent"], stored["readback"]["by_agent"]
    state = read_state(json.dumps(stored).encode())
    assert (state.errand, state.readback) == (SendText(), Readback(("1",), "x"))


@pytest.mark.parametrize("stored", [b"{}", b"[]", b'{"version": 1, "place": "nowhere"}'])
def test_what_never_was_a_state_is_an_error(stored: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        read_state(stored)
