"""Being called back instead of waiting: by the caller's own yes, on a number that nobody keeps before it, once."""

import pytest

from ivr.errand import BookCallback, OpenCase, TakeOver
from ivr.heard import CalledBack, HungUp, LeftQueue, SentTo, Staffing
from ivr.phone_numbers import keyed_number
from ivr.prompts import Connect, HangUp, Transfer
from ivr.records import Whereabouts
from ivr.state import Place, State

CALLED = CalledBack("CAold", "204817", textable=True, caller_hint="43")


def left_queue(phone, hint: str = "43", **left):
    """A caller who waited for more activations and pressed star."""
    phone.call(caller_hint=hint).press("2", phone.agreement.number, "1", "25", "1")
    return phone.hear(LeftQueue(**{"may_book": True, **left}))


def test_the_callback_is_offered_while_people_are_there(phone) -> None:
    assert "To wait for a person, press 1. To be called back, 2. To go back, star." in left_queue(phone).words
    assert phone.press("2").place is Place.CALLBACK_CONSENT


def test_it_is_not_offered_once_the_centre_has_closed(phone) -> None:
    assert "called back" not in left_queue(phone, may_book=False).words
    assert phone.press("2").place is Place.AFTER_QUEUE


def test_only_after_a_yes_is_the_calling_number_taken(phone) -> None:
    left_queue(phone).press("2")
    assert "on the number you are calling from. It ends in  4 3 If that is right, press 1." in phone.words
    assert not any(isinstance(errand, BookCallback) for errand in phone.errands)
    phone.press("1")
    assert phone.errands[-1] == BookCallback("")
    assert "We will call you at your turn." in phone.words
    assert "2 0 4 8 1 7" in phone.words
    assert "This simulator activates no real product. Goodbye." in phone.words
    assert phone.prompts[-1] == HangUp()


def test_who_will_be_called_back_has_nothing_to_resume_and_stays_with_the_people(phone, groups) -> None:
    phone.call(caller_hint="43").press("1", groups[0], "*0").hear(LeftQueue(may_book=True)).press("2", "1")
    assert phone.state.is_with_people
    assert not phone.state.is_unfinished
    assert phone.hear(HungUp()).state.is_with_people, "hanging up is what the caller was told to do"


def test_another_number_is_keyed_read_back_and_confirmed(phone) -> None:
    left_queue(phone).press("2", "2")
    assert "country code first, then pound" in phone.words
    assert (phone.ask.digits, phone.ask.finish_key) == (17, "#")
    phone.press("004930231251")
    assert "at your turn, on  4 9 3 0 2 3 1 2 5 1 If that is right, press 1." in phone.words
    assert phone.press("1").errands[-1] == BookCallback("+4930231251")
    assert phone.state.callback.number == "", "the number is the people's now"


def test_a_withheld_number_is_asked_for(phone) -> None:
    left_queue(phone, hint="").press("2")
    assert phone.place is Place.CALLBACK_NUMBER
    phone.speak("four nine three zero two three one two five one")
    assert phone.press("1").errands[-1] == BookCallback("+4930231251")


@pytest.mark.parametrize("keys", ["1", "0", "*"])
def test_a_keyed_number_is_forgotten_with_any_other_answer(phone, keys: str) -> None:
    left_queue(phone).press("2", "2", "12065550143")
    assert phone.state.callback.number == "+12065550143"
    assert phone.press(keys).state.callback.number == ""


def test_a_no_asks_for_the_number_again(phone) -> None:
    left_queue(phone).press("2", "2", "12065550143").speak("no")
    assert (phone.place, phone.state.callback.number) == (Place.CALLBACK_NUMBER, "")


@pytest.mark.parametrize("keyed", ["112", "0", "00", "123456789012345678", ""])
def test_what_is_no_telephone_number_is_not_called(keyed: str) -> None:
    assert keyed_number(keyed) is None


def test_three_numbers_that_will_not_do_lead_back_to_the_person_one_was_waiting_for(phone) -> None:
    left_queue(phone).press("2", "2", "112", "112")
    assert "That is not a telephone number." in phone.words
    assert phone.press("112").errands[-1] == OpenCase("agent.more_activations")


@pytest.mark.parametrize("keys", [("2", "0"), ("2", "2", "*0"), ("0",), ("1",)])
def test_everywhere_there_the_caller_may_wait_on_for_the_same_person(phone, keys: tuple[str, ...]) -> None:
    assert left_queue(phone).press(*keys).errands[-1] == OpenCase("agent.more_activations")
    assert phone.prompts[-1] == Transfer()


@pytest.mark.parametrize("keys", [("2", "*"), ("2", "2", "**"), ("2", "2", "12065550143", "*")])
def test_the_way_back_is_the_question_before(phone, keys: tuple[str, ...]) -> None:
    assert left_queue(phone).press(*keys).place is Place.AFTER_QUEUE


def test_a_centre_that_closed_meanwhile_books_nothing_and_says_so(phone) -> None:
    left_queue(phone)
    phone.staffing = Staffing(False, 0, "Monday")
    assert "so we cannot call you back" in phone.press("2", "1").words
    assert "To be called back" not in phone.words
    assert not phone.state.is_with_people


# The call that people make.


def booked(phone, groups, **started: object) -> State:
    """A call with one group that asked for a callback."""
    phone.call(caller_hint="43", **started).press("1", groups[0], "*0").hear(LeftQueue(may_book=True)).press("2", "1")
    return phone.state


def test_the_person_called_hears_who_calls_and_that_it_is_a_simulator_first(phone) -> None:
    phone.hear(CALLED)
    assert phone.words.startswith("Test Line. This is a simulator and activates no real product.")
    assert (
        "You asked us to call you back. Your case number is  2 0 4 8 1 7 To be connected with a person, press 1." in phone.words
    )


def test_until_1_is_pressed_the_new_call_knows_nothing_of_the_old_one(phone, groups) -> None:
    phone.earlier = booked(phone, groups)
    phone.state = State()
    phone.hear(CALLED).wait().press("0", "9")
    assert phone.errands.count(TakeOver("CAold")) == 0
    assert groups[0] not in repr(phone.state)


def test_1_connects_and_everything_goes_on_in_the_new_call(phone, groups) -> None:
    phone.earlier = booked(phone, groups, country="DE")
    phone.state = State()
    phone.hear(CALLED).press("1")
    assert phone.errands[-1] == TakeOver("CAold")
    assert (phone.place, phone.prompts[-1]) == (Place.WITH_AGENT, Connect())
    assert (phone.state.entry, phone.state.country) == (phone.earlier.entry, "DE")
    assert (phone.state.replaces, phone.state.textable) == ("CAold", True)
    assert not phone.state.callback.is_booked
    assert "Group 2." in phone.hear(SentTo(Whereabouts.LINE)).words


@pytest.mark.parametrize(("wanted", "place"), [(Whereabouts.QUEUE, Place.QUEUE), (Whereabouts.LINE, Place.ENTRY)])
def test_an_agent_who_was_lost_meanwhile_leaves_the_queue_or_the_line(phone, groups, wanted, place: Place) -> None:
    phone.earlier, phone.wanted = booked(phone, groups), wanted
    phone.state = State()
    assert phone.hear(CALLED).press("1").place is place


def test_a_call_erased_by_now_still_connects(phone) -> None:
    assert phone.hear(CALLED).speak("yes").place is Place.WITH_AGENT
    assert phone.hear(SentTo(Whereabouts.LINE)).place is Place.MENU


@pytest.mark.parametrize("words", ["", "please leave a message after the tone or press 0 for an operator", "a person"])
def test_an_answering_machine_is_connected_to_nobody(phone, words: str) -> None:
    phone.hear(CALLED)
    for _ in range(3):
        assert phone.place is Place.CALLED_BACK
        phone.speak(words) if words else phone.wait()
    assert (phone.place, phone.errands) == (Place.ENDED, [])
    assert "Nobody answers, so we hang up." in phone.words


def test_a_case_that_is_over_by_now_is_said_to_be(phone) -> None:
    phone.hear(CalledBack("", "204817"))
    assert "This is a simulator" in phone.words
    assert "Your case is closed by now." in phone.words
    assert phone.prompts[-1] == HangUp()
