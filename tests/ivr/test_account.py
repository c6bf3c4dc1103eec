"""What a conversation tells of itself: how far it has come, and one happening a turn."""

import pytest

from activation.claims import RefusalCode, Refused
from ivr.account import Event, happened, progress
from ivr.heard import Alternative, Digits, Heard, HungUp, LeftQueue, SentTo, Silence, Speech, Staffing, Unclear
from ivr.records import Whereabouts
from ivr.state import Place


def told(phone, heard: Heard):
    """What the timeline is told of this turn."""
    before = phone.state
    phone.hear(heard)
    return happened(phone.line, before, heard, phone.state, phone.prompts)


@pytest.mark.parametrize(
    ("heard", "detail"),
    [
        (Digits("1"), {"heard": "key", "key": "1"}),
        (Digits("123456"), {"heard": "key", "key": "1"}),
        (Speech((Alternative("activate a computer please"),)), {"heard": "speech", "words": 4, "key": "1"}),
        (Speech((Alternative("what is this"),)), {"heard": "speech", "words": 3}),
        (Unclear(), {"heard": "unclear"}),
        (Silence(), {"heard": "silence"}),
    ],
)
def test_at_a_menu_the_key_is_told_and_of_speech_what_it_was_taken_for(phone, heard: Heard, detail) -> None:
    found = told(phone.call(), heard)
    assert detail.items() <= found.detail.items()
    assert (found.actor, found.event, found.detail["place"]) == ("caller", Event.TURN, "menu")


@pytest.mark.parametrize(
    ("heard", "detail"),
    [
        (Digits("123456"), {"heard": "digits", "count": 6}),
        (Digits("12*0"), {"heard": "key", "key": "*0"}),
        (Speech((Alternative("one two three"),)), {"heard": "speech", "words": 3, "count": 3}),
        (Speech((Alternative("go back"),)), {"heard": "speech", "words": 2, "key": "**"}),
    ],
)
def test_where_digits_are_data_only_their_number_is_told(phone, heard: Heard, detail) -> None:
    assert detail.items() <= told(phone.call().press("1"), heard).detail.items()


def test_a_quiet_wait_is_no_happening_a_reminder_is(phone) -> None:
    phone.call().press("1")
    assert [told(phone, Silence()) is None for _ in range(3)] == [True, True, False]


def test_sentences_verdicts_and_the_group_that_failed_are_told(phone, groups, wrong_group) -> None:
    phone.call().press("1", groups[0])
    failed = told(phone, Digits(wrong_group(groups[1])))
    assert (failed.detail["failed_group"], failed.detail["said"]) == (2, ["entry.bad", "entry.again"])
    phone.verdict = lambda claim: Refused(RefusalCode.UNKNOWN_KEY)
    phone.press(*groups[1:-1])
    assert told(phone, Digits(groups[-1])).detail["verdicts"] == [RefusalCode.UNKNOWN_KEY]


def test_of_the_read_back_the_letter_of_the_block_is_told_and_no_digit(phone, groups) -> None:
    phone.call().press("1", *groups[:-1])
    found = told(phone, Digits(groups[-1]))
    assert found.detail["block"] == "A"
    assert "granted.intro" in found.detail["said"]
    assert not any(block in repr(found.detail) for block in phone.state.readback.blocks)


def test_moves_callbacks_and_ends_are_told_as_such(phone) -> None:
    phone.call(caller_hint="43").press("0")
    moved = told(phone, SentTo(Whereabouts.AGENT))
    assert (moved.actor, moved.event, moved.detail["to"]) == ("line", Event.MOVED, "with agent")
    phone.hear(SentTo(Whereabouts.QUEUE)).hear(LeftQueue(may_book=True)).press("2")
    assert told(phone, Digits("1")).event is Event.CALLBACK_BOOKED
    assert told(phone, HungUp()) is None, "after the end nothing happens"


def test_progress_of_a_whole_call(phone, groups, wrong_group) -> None:
    phone.call()
    assert not progress(phone.state).keyed
    phone.press("1", wrong_group(groups[0]))
    assert (progress(phone.state).keyed, progress(phone.state).reasked) == (True, 1)
    phone.press(*groups)
    reading = progress(phone.state)
    assert (reading.place, reading.granted, reading.completed, reading.handed_over) == (Place.READBACK, True, False, False)
    assert progress(phone.wait(8).state).completed, "heard to the end, and not refused"
    assert not progress(phone.press("2").state).completed, "now it is read once more"
    assert progress(phone.wait(8).press("1").state).completed


def test_a_computer_that_refuses_every_id_completes_nothing(phone, groups) -> None:
    phone.call().press("1", *groups).wait(8).press("2").wait(8).press("2").wait(8).press("2")
    assert (phone.place, progress(phone.state).completed) == (Place.ACCEPTED, False)


def test_reading_the_whole_id_again_asks_every_group_again(phone, groups) -> None:
    phone.verdict = lambda claim: Refused(RefusalCode.WHOLE_CHECK)
    assert progress(phone.call().press("1", *groups).state).reasked == len(groups)


def test_counts_of_a_call_outlive_the_way_back_to_the_menu(phone, groups, wrong_group) -> None:
    phone.call().press("1", wrong_group(groups[0]), "**")
    assert (phone.place, progress(phone.state).reasked) == (Place.MENU, 1)


def test_a_call_handed_over_stays_so(phone) -> None:
    phone.staffing = Staffing(True, 1, "")
    assert progress(phone.call().press("0").hear(LeftQueue()).press("*").state).handed_over
