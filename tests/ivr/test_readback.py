"""The read-back, and what follows if the computer refuses the ID (the caller's side of requirement rows 87-92)."""

from dataclasses import replace

import pytest

from activation.claims import AgentReason, NeedsAgent, RefusalCode, Refused
from ivr.account import collected
from ivr.errand import OpenCase, SendText
from ivr.heard import LeftQueue
from ivr.prompts import Spell
from ivr.state import Place, Workaround


@pytest.fixture
def reading(phone, groups):
    """A phone on which block A is being read."""
    return phone.call(textable=True).press("1", *groups)


def block(phone) -> Spell:
    spell = phone.ask.spoken[-1]
    assert isinstance(spell, Spell)
    return spell


def test_a_block_is_its_letter_then_its_digits_at_a_pace_to_type_along_with(reading) -> None:
    assert (block(reading).label, block(reading).pace_seconds) == ("A", 0.7)
    assert block(reading).characters == reading.state.readback.blocks[0]
    assert reading.ask.digits == 1


def test_silence_goes_on_by_itself_through_all_blocks(reading) -> None:
    letters = [block(reading).label]
    for _ in range(7):
        letters.append(block(reading.wait()).label)
    assert letters == list("ABCDEFGH")
    assert "Did the computer accept it?" in reading.wait().words


def test_the_keys_of_the_read_back(reading) -> None:
    assert block(reading.press("1")).label == "B"
    assert block(reading.press("2")).label == "B"
    assert block(reading.press("9")).label == "B"
    assert block(reading.press("1")).label == "C"
    assert block(reading.press("3")).label == "B"
    assert block(reading.press("5")).label == "A"
    assert "This is the first block." in reading.press("3").words


@pytest.mark.parametrize(
    ("words", "label"),
    [("next", "C"), ("repeat please", "B"), ("go back", "A"), ("from the beginning", "A"), ("say again", "B")],
)
def test_words_do_what_the_keys_do(reading, words: str, label: str) -> None:
    assert block(reading.press("1").speak(words)).label == label


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("next", "repeat", "back", "slower", "wait")),
        ("de", ("weiter", "wiederholen", "zurück", "langsamer", "warten Sie")),
        ("fr", ("suivant", "répétez", "retour", "plus lentement", "attendez")),
        ("es", ("siguiente", "repita", "atrás", "más despacio", "espere")),
    ],
)
def test_in_each_language_words_do_exactly_what_the_keys_do(phone, groups, language: str, said: tuple[str, ...]) -> None:
    phone.call(language=language).press("1", *groups, "1")
    for words, key in zip(said, "12347", strict=True):
        spoken, pressed = replace(phone).speak(words), replace(phone).press(key)
        assert (spoken.state, spoken.prompts) == (pressed.state, pressed.prompts), words
        assert (spoken.state.readback, spoken.words) != (phone.state.readback, phone.words) or key == "2", "it did something"


@pytest.mark.parametrize("way", ["key", "words"])
def test_wait_holds_the_reading_until_the_caller_says_next(reading, way: str) -> None:
    reading.press("7") if way == "key" else reading.speak("hold on")
    assert reading.words == "I wait. To go on, press 1."
    assert reading.ask.timeout_seconds == 30
    assert [reading.wait().words for _ in range(3)] == [""] * 3
    assert block(reading.speak("next") if way == "words" else reading.press("1")).label == "B"
    assert block(reading.wait()).label == "C", "from then on silence goes on again"


def test_a_wait_that_nobody_ends_goes_on_with_the_block_in_hand(reading) -> None:
    reading.press("1", "7").wait(3)
    assert reading.ask.spoken == ()
    assert block(reading.wait()).label == "B"
    assert reading.ask.timeout_seconds == 2


def test_while_the_line_waits_what_is_said_to_others_is_no_answer(reading) -> None:
    reading.press("7").speak(*["where did you put it"] * 9)
    assert (reading.place, reading.words) == (Place.READBACK, "")
    assert block(reading.press("2")).label == "A"


def test_every_key_of_the_read_back_ends_the_wait(reading) -> None:
    for key, label in (("2", "A"), ("1", "B"), ("5", "A"), ("4", "A")):
        assert block(reading.press("7").wait(2).press(key)).label == label


def test_slower_is_half_as_slow_again_three_times(reading) -> None:
    paces = [block(reading.press("4")).pace_seconds for _ in range(3)]
    assert paces == [1.05, 1.57, 2.36]
    assert "as slow as I can" in reading.press("4").words
    assert block(reading.press("1")).pace_seconds == 2.36


def test_a_text_message_is_sent_once_and_the_reading_goes_on(reading) -> None:
    reading.press("6")
    assert reading.errands[-1] == SendText()
    assert "on its way" in reading.words
    assert block(reading).label == "A"
    assert "already" in reading.press("6").words
    assert reading.errands.count(SendText()) == 1


def test_no_text_message_is_offered_or_sent_to_a_withheld_number(phone, groups) -> None:
    assert "text message" not in phone.call(textable=False).press("1", *groups).words
    assert "cannot send text messages" in phone.press("6").words


def test_a_person_in_the_middle_of_the_read_back(reading) -> None:
    assert reading.press("0").errands[-1] == OpenCase("agent.asked")


def read_out(phone):
    return phone.wait(8)


def test_accepted_is_a_thank_you_and_the_end(reading) -> None:
    read_out(reading).speak("yes")
    assert (reading.place, reading.words) == (Place.ENDED, "Thank you. Goodbye.")
    assert reading.state.accepted
    assert not reading.state.is_unfinished


def test_silence_after_the_last_block_ends_with_what_to_do(reading) -> None:
    read_out(reading).wait(3)
    assert reading.place is Place.ENDED
    assert "call us again" in reading.words
    assert reading.state.is_unfinished


def refuse(phone) -> str:
    """The caller says no to "did the computer accept it?"; what the line says next."""
    return str(phone.press("2").words)


def test_the_workarounds_come_in_order_each_unlocked_by_the_failure_of_the_one_before(phone, groups) -> None:
    """Rows 87-92 from the caller's end: typing, another ID, the internet, the fault and its fix, a person."""
    issues = iter(range(10))
    granting = phone.verdict
    phone.verdict = lambda claim: granting(claim, next(issues), late_activation_fault=True)
    read_out(phone.call().press("1", *groups))
    assert "check the typing" in refuse(phone)
    assert "accept it now" in read_out(phone).words
    first = phone.state.readback.blocks
    assert "another confirmation ID" in refuse(phone)
    assert phone.state.readback.blocks != first
    assert "accept this one" in read_out(phone).words
    assert "choose the internet" in refuse(phone)
    explained = refuse(phone)
    assert all(words in explained for words in ("thirty days of grace", "safe mode", "recovery console", "restart"))
    assert refuse(phone) != explained
    assert phone.errands[-1] == OpenCase("agent.id_refused")


def test_editions_without_the_fault_skip_its_explanation(reading) -> None:
    for _ in range(2):
        refuse(read_out(reading))
    read_out(reading)
    assert "choose the internet" in refuse(reading)
    refuse(reading)
    assert reading.errands[-1] == OpenCase("agent.id_refused")


def test_another_id_may_need_a_person_after_too_many(reading) -> None:
    refuse(read_out(reading))
    read_out(reading)
    reading.verdict = lambda claim: NeedsAgent(AgentReason.TOO_MANY_REISSUES)
    refuse(reading)
    assert reading.errands[-1] == OpenCase(AgentReason.TOO_MANY_REISSUES)


def test_another_id_that_an_outage_prevents_is_not_counted_as_tried(reading) -> None:
    refuse(read_out(reading))
    read_out(reading)
    granting, reading.verdict = reading.verdict, lambda claim: Refused(RefusalCode.SERVICE_DOWN)
    assert "out of order" in refuse(reading)
    reading.verdict = granting
    assert "another confirmation ID" in reading.press("1").words


def test_a_person_in_the_middle_and_back_goes_on_at_the_block(reading) -> None:
    reading.press("1", "1", "0").hear(LeftQueue()).press("*")
    assert block(reading).label == "C"


def test_another_computer_in_the_same_call_starts_with_a_clean_slate(reading, groups) -> None:
    reading.verdict = lambda claim: Refused(RefusalCode.UNKNOWN_KEY)
    refuse(read_out(reading))
    read_out(reading)
    refuse(reading)
    assert "We do not know the key" in reading.words
    assert reading.press("1").state.readback is None
    assert "product" not in collected(reading.state)


def test_a_new_call_about_a_refused_id_reads_another_one_and_goes_on_from_there(phone, groups) -> None:
    phone.call().press("3")
    assert "your installation ID once more" in phone.words
    assert "another confirmation ID" in phone.press(*groups).words
    assert "1 next, 2 repeat" in phone.words, "the keys were not told on this call yet"
    assert phone.state.readback.workaround is Workaround.ANOTHER_ID
    read_out(phone)
    assert "choose the internet" in refuse(phone)


def test_hear_it_all_again_from_the_question(reading) -> None:
    assert block(read_out(reading).press("5")).label == "A"
    assert block(read_out(reading).press("*")).label == "H"
