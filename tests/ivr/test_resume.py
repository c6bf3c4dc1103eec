"""A dropped call goes on: the last accepted group is the proof, and only a conversation is taken over, never a decision."""

from dataclasses import replace

import pytest

from ivr.heard import HungUp
from ivr.state import Earlier, Place, State


@pytest.fixture
def dropped(phone, groups) -> State:
    """A call that was cut off after three groups, with a failure on the second."""
    phone.call().press("1", groups[0], groups[1][:-1] + "x").press(groups[1], groups[2])
    return phone.state


def again(phone, dropped: State):
    """The same caller calls a second time."""
    phone.state = State()
    return phone.call(earlier=Earlier("CAold", dropped))


def test_the_last_accepted_group_is_asked_for(phone, groups, dropped) -> None:
    again(phone, dropped)
    assert "Your last call was cut off. To go on with it, key in group 3 again." in phone.words
    assert phone.ask.digits == 6


def test_keying_it_goes_on_with_groups_and_failure_counts(phone, groups, dropped) -> None:
    again(phone, dropped).press(groups[2])
    assert "We go on where we stopped. Group 4." in phone.words
    assert phone.state.entry == dropped.entry
    assert phone.state.took_over == "CAold"
    assert phone.press(*groups[3:]).place is Place.READBACK


def test_a_wrong_group_gets_one_more_try_then_the_call_starts_anew_without_the_old_digits(
    phone, groups, dropped, wrong_group
) -> None:
    again(phone, dropped).press(wrong_group(groups[2]))
    assert "not the group we have" in phone.words
    phone.press(wrong_group(groups[2]))
    assert phone.place is Place.MENU
    assert groups[0] not in repr(phone.state)
    assert phone.state.took_over == ""


def test_star_starts_anew(phone, groups, dropped) -> None:
    assert again(phone, dropped).press("*").place is Place.MENU


def test_the_read_back_goes_on_at_its_block_and_pace(phone, groups) -> None:
    phone.call().press("1", *groups, "4", "1", "1")
    at = phone.state.readback
    phone.hear(HungUp())
    again(phone, phone.state).press(groups[-1])
    assert phone.place is Place.READBACK
    assert phone.state.readback == at
    assert len(phone.errands) == 1, "nothing is decided again"


def test_a_call_cut_off_at_the_question_goes_on_at_the_question(phone, groups) -> None:
    phone.call().press("1", *groups).wait(8).hear(HungUp())
    again(phone, phone.state).press(groups[-1])
    assert phone.place is Place.ACCEPTED


def test_a_complete_id_without_an_answer_is_decided_now(phone, groups, dropped) -> None:
    complete = replace(dropped, entry=replace(dropped.entry, groups=groups))
    assert again(phone, complete).press(groups[-1]).place is Place.READBACK


def test_a_finished_call_is_not_resumed(phone, groups) -> None:
    phone.call().press("1", *groups).wait(8).press("1")
    assert again(phone, phone.state).place is Place.MENU


def test_an_outage_is_told_first_even_then(phone, groups, dropped) -> None:
    phone.state = State()
    phone.call(earlier=Earlier("CAold", dropped), service_up=False)
    assert phone.place is Place.OUTAGE
