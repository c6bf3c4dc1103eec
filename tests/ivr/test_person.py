"""Handing the call to a person, told honestly, and the way back if nobody comes."""

import pytest

from ivr.heard import AskedForPerson, LeftQueue, Staffing
from ivr.prompts import HangUp, Transfer
from ivr.state import OpenCase, Place


def test_nobody_at_the_desk_is_said_with_the_case_number_and_the_caller_may_wait(phone) -> None:
    phone.call().press("0")
    assert "Nobody is at the desk just now." in phone.words
    assert "Your case number is  2 0 4 8 1 7" in phone.words
    assert phone.prompts[-1] == Transfer()


def test_somebody_there_is_not_said_to_be_nobody(phone) -> None:
    phone.staffing = Staffing(True, 2, "")
    assert "Nobody" not in phone.call().press("0").words
    assert phone.place is Place.QUEUE


def test_outside_opening_hours_the_hours_and_the_case_number_are_said_and_the_call_ends(phone) -> None:
    phone.staffing = Staffing(False, 0, "Monday to Friday, from 8:00 to 18:00")
    phone.call().press("0")
    assert "Our people are here Monday to Friday, from 8:00 to 18:00." in phone.words
    assert "2 0 4 8 1 7" in phone.words
    assert phone.prompts[-1] == HangUp()


def test_outside_opening_hours_a_call_may_be_gone_on_with(phone, groups) -> None:
    phone.staffing = Staffing(False, 0, "Monday")
    assert phone.call().press("1", groups[0], "*0").state.is_unfinished


def test_back_from_the_queue_0_is_the_person_one_was_waiting_for(phone) -> None:
    phone.call().press("2", phone.agreement.number, "1", "25", "1").hear(LeftQueue()).press("0")
    assert phone.errands[-1] == OpenCase("agent.more_activations")


def test_back_from_the_queue_the_caller_may_wait_again_or_go_on_where_the_call_stopped(phone, groups) -> None:
    phone.call().press("1", groups[0], "*0").hear(LeftQueue())
    assert "Your case number is  2 0 4 8 1 7 You are still with us. To wait for a person, press 1." in phone.words
    assert phone.press("1").place is Place.QUEUE
    phone.hear(LeftQueue()).press("*")
    assert "We go on where we stopped. Group 2." in phone.words


def test_back_from_the_queue_without_groups_star_is_the_main_menu(phone) -> None:
    assert phone.call().press("0").hear(LeftQueue()).press("*").place is Place.MENU


@pytest.mark.parametrize("keys", [(), ("1",), ("5",), ("2",), ("4",)])
def test_a_person_can_be_asked_for_from_everywhere_after_an_apology(phone, keys) -> None:
    assert phone.call().press(*keys).hear(AskedForPerson()).errands[-1] == OpenCase("agent.asked")
