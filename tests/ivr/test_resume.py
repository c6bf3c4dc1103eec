"""A dropped call goes on: a group of it is the proof, and only a conversation is taken over, never a person's decision."""

from dataclasses import replace

import pytest

from activation.claims import RefusalCode, Refused
from ivr.heard import HungUp
from ivr.state import Earlier, Place, State


@pytest.fixture
def dropped(phone, groups) -> State:
    """A call that was cut off after three groups, with a failure on the second."""
    phone.call().press("1", groups[0], groups[1][:-1] + "x").press(groups[1], groups[2])
    return phone.state


def again(phone, dropped: State, **started):
    """The same caller calls a second time."""
    phone.state, phone.earlier = State(), dropped
    proof = dropped.entry.proof
    return phone.call(earlier=Earlier("CAold", proof + 1, len(dropped.entry.groups[proof])), **started)


def test_the_last_accepted_group_is_asked_for(phone, groups, dropped) -> None:
    again(phone, dropped)
    assert "To go on with that call, key in group 3 again." in phone.words
    assert phone.ask.digits == 6


def test_keying_it_goes_on_with_groups_and_failure_counts(phone, groups, dropped) -> None:
    again(phone, dropped).press(groups[2])
    assert "We go on where we stopped. Group 4." in phone.words
    assert phone.state.entry == dropped.entry
    assert phone.state.replaces == "CAold"
    assert phone.press(*groups[3:]).place is Place.READBACK


def test_two_digits_are_no_proof_the_last_group_of_six_is_asked_for(phone, groups, dropped) -> None:
    complete = replace(dropped, entry=replace(dropped.entry, groups=groups))
    again(phone, complete)
    assert phone.ask.digits == 6
    assert phone.press(groups[-1] if len(groups[-1]) == 6 else groups[-2]).place is Place.READBACK


def test_a_wrong_group_gets_one_more_try_then_the_call_starts_anew(phone, groups, dropped, wrong_group) -> None:
    again(phone, dropped).press(wrong_group(groups[2]))
    assert "not the group we have. You called a short while ago" in phone.words
    phone.press(wrong_group(groups[2]))
    assert phone.place is Place.MENU
    assert phone.state.replaces == "", "a stranger's guesses take nothing from the caller"


def test_until_the_group_is_keyed_the_new_call_holds_no_digit_of_the_old_one(phone, groups, dropped) -> None:
    assert not any(group in repr(again(phone, dropped).state) for group in groups)


def test_asking_again_gives_no_further_tries(phone, groups, dropped, wrong_group) -> None:
    again(phone, dropped).press(wrong_group(groups[2]), "*9", wrong_group(groups[2]))
    assert "That is not the group we have. We start anew." in phone.words


def test_noise_between_two_halves_of_a_group_starts_the_group_anew(phone, groups, dropped) -> None:
    again(phone, dropped).press(groups[2][:2]).speak("blah")
    assert phone.ask.digits == 6
    assert "Group 4." in phone.press(groups[2]).words


def test_star_starts_anew_and_the_old_call_is_done_with(phone, groups, dropped) -> None:
    assert again(phone, dropped).press("*").place is Place.MENU
    assert phone.state.replaces == "CAold"


def test_a_group_keyed_in_two_breaths_is_one_group_and_one_left_unfinished_costs_no_try(phone, groups, dropped) -> None:
    again(phone, dropped).press(groups[2][:2]).wait(2)
    assert "key in group 3" in phone.words
    assert phone.press(groups[2][:4]).words == ""
    assert "Group 4." in phone.press(groups[2][4:]).words


def test_again_says_the_question_again_even_after_a_silence(phone, groups, dropped) -> None:
    assert "key in group 3" in again(phone, dropped).wait().press("*9").words


def test_the_read_back_goes_on_at_its_block_and_pace(phone, groups) -> None:
    phone.call().press("1", *groups, "4", "1", "1")
    at = phone.state.readback
    phone.hear(HungUp())
    again(phone, phone.state)
    phone.press(groups[phone.earlier.entry.proof])
    assert phone.place is Place.READBACK
    assert phone.state.readback == at
    assert len([errand for errand in phone.errands if type(errand).__name__ == "Decide"]) == 1, "nothing is decided again"


def test_a_call_cut_off_at_the_question_goes_on_at_the_question(phone, groups) -> None:
    phone.call().press("1", *groups).wait(8).hear(HungUp())
    again(phone, phone.state)
    assert phone.press(groups[phone.earlier.entry.proof]).place is Place.ACCEPTED


def test_a_call_that_is_erased_or_taken_over_by_now_starts_anew(phone, groups, dropped) -> None:
    again(phone, dropped)
    phone.earlier = None
    assert "We start anew." in phone.press(groups[2]).words


def test_a_call_whose_computer_accepted_is_not_worth_resuming(phone, groups) -> None:
    assert phone.call().press("1", *groups).wait(8).state.is_unfinished
    assert not phone.press("1").state.is_unfinished


@pytest.mark.parametrize(("code", "worth_it"), [(RefusalCode.UNKNOWN_KEY, False), (RefusalCode.SERVICE_DOWN, True)])
def test_a_final_refusal_leaves_nothing_to_resume_an_outage_does(phone, groups, code: RefusalCode, worth_it: bool) -> None:
    phone.verdict = lambda claim: Refused(code)
    phone.call().press("1", *groups).hear(HungUp())
    assert phone.state.is_unfinished is worth_it


def test_an_outage_is_told_first_even_then(phone, groups, dropped) -> None:
    assert again(phone, dropped, service_up=False).place is Place.OUTAGE
