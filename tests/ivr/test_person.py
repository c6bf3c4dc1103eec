"""Handing the call to a person, told honestly, and the way back if nobody comes."""

from dataclasses import replace

import pytest

from ivr.dialogue import readback
from ivr.errand import OpenCase
from ivr.heard import AskedForPerson, Digits, LeftQueue, MovedByPeople, SentTo, Silence, Staffing
from ivr.prompts import Connect, HangUp, Transfer
from ivr.records import Standing, Whereabouts
from ivr.state import Place


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


# Told while waiting.


@pytest.mark.parametrize(
    ("standing", "told"),
    [
        (Standing(1, None), "You are the next in line."),
        (Standing(1, 20), "You are the next in line. The expected wait is less than a minute."),
        (Standing(2, 89), "You are number 2 in line. The expected wait is about a minute."),
        (Standing(2, 91), "You are number 2 in line. The expected wait is about 2 minutes."),
        (Standing(7, 3600), "You are number 7 in line. The expected wait is about 60 minutes."),
        (Standing(40, 4000), "You are number 40 in line. The expected wait is more than an hour."),
        (None, "One moment, please."),
    ],
)
def test_position_and_expected_wait_are_told_as_far_as_anybody_can_tell(phone, standing, told: str) -> None:
    phone.staffing, phone.standing = Staffing(True, 2, ""), standing
    assert phone.call().press("0").words.endswith(told)


# People move the caller.


def waiting(phone, *keys: str):
    """A caller who has pressed these keys and now waits for a person."""
    phone.call().press(*keys)
    return phone.press("*0" if phone.place is Place.ENTRY else "0")


def test_a_caller_who_is_answered_meets_the_person(phone) -> None:
    waiting(phone).hear(SentTo(Whereabouts.AGENT))
    assert (phone.place, phone.words) == (Place.WITH_AGENT, "Here is a person for you.")
    assert phone.prompts[-1] == Connect()
    assert phone.hear(SentTo(Whereabouts.AGENT)).words == "", "whoever is there already is not told again"


def test_a_transferred_caller_waits_again_and_is_told_so(phone) -> None:
    waiting(phone).hear(SentTo(Whereabouts.AGENT)).hear(SentTo(Whereabouts.QUEUE))
    assert (phone.place, phone.prompts[-1]) == (Place.QUEUE, Transfer())
    assert "The next person will be with you." in phone.words


def test_back_on_the_line_the_call_goes_on_where_it_stopped(phone, groups) -> None:
    waiting(phone, "1", groups[0]).hear(SentTo(Whereabouts.AGENT)).hear(SentTo(Whereabouts.LINE))
    assert "We go on where we stopped. Group 2." in phone.words


def test_back_on_the_line_the_confirmation_id_just_issued_is_read_from_its_first_block(phone, groups) -> None:
    phone.call(textable=True).press("1", *groups, "1", "1", "0").hear(SentTo(Whereabouts.AGENT))
    granted = phone.verdict(phone.errands[0].claim, 4)
    phone.state = readback.take_from_agent(phone.state, granted)
    assert phone.state.reason == "agent.asked", "should the caller wait again, the reason is still known"
    phone.hear(SentTo(Whereabouts.LINE))
    assert "Thank you for waiting. Here is your confirmation ID." in phone.words
    assert "6 a text message" in phone.words
    assert phone.ask.spoken[-1].label == "A"
    assert phone.ask.spoken[-1].characters == granted.confirmation_id[0]
    phone.press("0").hear(LeftQueue()).press("*")
    assert "Here is your confirmation ID" not in phone.words, "it is announced once"


def test_a_grant_while_the_caller_waits_is_read_out_to_who_leaves_the_queue(phone, groups) -> None:
    phone.call().press("1", *groups, "0")
    phone.state = readback.take_from_agent(phone.state, phone.verdict(phone.errands[0].claim, 1))
    assert "Here is your confirmation ID." in phone.hear(LeftQueue()).press("*").words


def test_an_id_that_a_person_completed_is_decided_when_the_line_goes_on(phone, groups) -> None:
    waiting(phone, "1", groups[0]).hear(SentTo(Whereabouts.AGENT))
    completed = replace(phone.state.entry, groups=groups, authentic=True, finished_by_agent=True)
    phone.state = replace(phone.state, entry=completed)
    assert phone.hear(SentTo(Whereabouts.LINE)).place is Place.READBACK
    assert not phone.state.entry.finished_by_agent


@pytest.mark.parametrize("keys", [(), ("1",), ("5",), ("2",), ("4",)])
def test_who_is_on_the_line_already_is_asked_the_same_again(phone, keys) -> None:
    place = phone.call().press(*keys).place
    assert phone.hear(SentTo(Whereabouts.LINE)).place is place
    assert phone.hear(MovedByPeople()).place is place


def test_with_a_person_keys_and_silence_change_nothing(phone) -> None:
    waiting(phone).hear(SentTo(Whereabouts.AGENT))
    before = phone.state
    assert phone.hear(Digits("1")).hear(Silence()).state == before


def test_a_caller_who_is_moved_for_ever_is_hung_up_on_in_the_end(phone) -> None:
    waiting(phone)
    for _ in range(600):
        phone.hear(SentTo(Whereabouts.AGENT))
    assert phone.prompts[-1] == HangUp()


def test_a_caller_sent_to_the_queue_out_of_the_menu_may_wait_on_for_a_person(phone) -> None:
    phone.call().hear(SentTo(Whereabouts.QUEUE)).hear(LeftQueue()).press("0")
    assert "You asked for a person" in phone.words
