"""Whole spoken calls through signed webhooks: the real app, alternatives as our exchange posts them, single texts as Twilio's."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import pytest
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from activation.claims import RefusalCode
from activation.confirmation_id import check_confirmation_id
from activation.digits import with_check_digit
from callcenter.console.desk_reading import group_lines
from house.instance import House
from house.web import create_app
from ivr.state import State, read_state

MAK = 3006
NAMES = ["oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
numbers = count(1)

ShowId = Callable[[int, int], tuple[str, ...]]


@dataclass
class Call:
    """One call; `say` posts alternatives, `twilio_says` one text, `press` keys, to where the last document said."""

    house: House
    client: FlaskClient
    sid: str
    answer: str = ""
    url: str = "/voice"

    def post(self, **parameters: str) -> "Call":
        standard = {"CallSid": self.sid, "From": "+12065550143", "To": "+18005550199"} | parameters
        signature = RequestValidator(self.house.auth_token).compute_signature(f"http://localhost{self.url}", standard)
        response = self.client.post(self.url, data=standard, headers={"X-Twilio-Signature": signature})
        assert response.status_code == 200
        self.answer = response.get_data(as_text=True)
        if following := re.search(r'<Gather[^>]* action="([^"]*)"', self.answer):
            self.url = following[1].replace("&amp;", "&")
        return self

    def press(self, *keys: str) -> "Call":
        for each in keys:
            self.post(Digits=each)
        return self

    def say(self, *alternatives: str) -> "Call":
        listed = [{"text": text, "score": -0.8 * rank} for rank, text in enumerate(alternatives)]
        return self.post(SpeechResult=alternatives[0], Confidence="0.9", Alternatives=json.dumps(listed))

    def twilio_says(self, text: str) -> "Call":
        return self.post(SpeechResult=text, Confidence="0.87")

    @property
    def state(self) -> State:
        record = self.house.store.read(lambda transaction: transaction.calls.find(self.sid))
        assert record is not None
        return read_state(record.state)


@pytest.fixture
def call(house: House) -> Call:
    return Call(house, create_app(house).test_client(), f"CAspoken{next(numbers):026d}").post()


def words(digits: str) -> str:
    return " ".join(NAMES[int(digit)] for digit in digits)


def changed(group: str, place: int) -> str:
    return group[:place] + str((int(group[place]) + 5) % 10) + group[place + 1 :]


def assert_granted(call: Call, groups: tuple[str, ...]) -> None:
    """The confirmation ID that is read out is this installation ID's."""
    reading = call.state.readback
    assert reading is not None
    key = call.house.find_key(MAK)
    assert key is not None
    product = call.house.catalogue.products[key.product]
    secret = call.house.secrets.confirmation_key(1, product.code)
    assert check_confirmation_id("".join(reading.blocks), "".join(groups), product.layout, secret) is not None


def test_the_right_id_is_found_though_two_groups_best_guesses_were_wrong(call: Call, show_id: ShowId) -> None:
    groups = show_id(MAK, 0x51)
    call.say("activate", "agent", "[unk]")
    for number, group in enumerate(groups):
        holds_and_is_wrong = with_check_digit(changed(group, 4)[:-1])
        heard = {2: (words(holds_and_is_wrong), words(group)), 6: (words(changed(group, 4)), "[unk]", words(group))}
        call.say(*heard.get(number, (words(group), words(changed(group, 2)))))
    assert_granted(call, groups)
    assert call.state.entry.groups == groups
    assert call.state.reasked == 0


def test_a_word_that_may_have_been_none_is_not_acted_on_but_asked_again(call: Call) -> None:
    """A cough that sounds a little like "agent" must fetch nobody, and one like "two" must ask for no status."""
    menu = call.state.place
    for heard in ("agent", "two"):
        call.say(heard, "[unk]")
        assert call.state.place == menu
    assert call.say("activate", "agent", "[unk]").state.place != menu


def test_a_digit_that_may_have_been_none_still_counts_in_a_group(call: Call, show_id: ShowId) -> None:
    """The group's check digit tells whether it was one."""
    groups = show_id(MAK, 0x57)
    call.press("1").say(words(groups[0]), "[unk]")
    assert call.state.entry.groups[0] == groups[0]


def test_accepted_groups_are_answered_with_a_tone(call: Call, show_id: ShowId) -> None:
    groups = show_id(MAK, 0x52)
    call.press("1").say(words(groups[0])).say(words(groups[1]))
    assert "<Play>/voice/tone" in call.answer
    assert "<Say" not in call.answer


def test_a_call_heard_by_twilio_is_put_right_by_likely_confusions(call: Call, show_id: ShowId) -> None:
    groups = show_id(MAK, 0x53)
    call.twilio_says("Activate a computer.")
    for number, group in enumerate(groups):
        call.twilio_says(" ".join(changed(group, number % 6) if number in (3, 5) else group) + ".")
    assert_granted(call, groups)
    assert call.state.reasked == 0


def test_a_group_never_heard_right_is_asked_again_alone_and_may_be_keyed(call: Call, show_id: ShowId) -> None:
    groups = show_id(MAK, 0x54)
    call.press("1")
    for number, group in enumerate(groups):
        call.say(*(wrong(group) if number in (4, 6) else [words(group)]))
    assert "Group 5 again, please." in call.answer
    assert_granted(call.press(groups[4]), groups)
    assert call.state.reasked == 1, "the others tell group 7"


def test_where_the_others_cannot_tell_a_group_either_the_whole_was_refused_and_the_pad_knows_which_is_missing(
    call: Call, show_id: ShowId
) -> None:
    groups = show_id(MAK, 0x5A)
    call.press("1")
    for number, group in enumerate(groups):
        nothing_holds = [words(changed(group, place)) for place in (2, 3)]
        call.say(*{4: nothing_holds, 6: wrong(group)}.get(number, [words(group)]))
        if number == 5:
            lines = group_lines(call.state, call.house.catalogue.layouts["default"])
            assert [line.number for line in lines if line.accepted] == [1, 2, 3, 4, 6]
    assert call.state.verdicts == (RefusalCode.WHOLE_CHECK,)
    assert "Group 5 again, please." in call.answer
    assert_granted(call.say(words(groups[4])), groups)


def wrong(group: str) -> list[str]:
    return [words(with_check_digit(changed(group, place)[:-1])) for place in (2, 3)]


def test_a_webhook_with_alternatives_that_arrives_twice_is_searched_once(call: Call, show_id: ShowId) -> None:
    *groups, last = show_id(MAK, 0x55)
    call.press("1")
    for number, group in enumerate(groups):
        call.say(*(wrong(group) if number == 4 else [words(group)]))
    url = call.url
    first = call.say(*wrong(last)).answer
    call.url = url
    assert call.say(*wrong(last)).answer == first
    assert call.state.searches == 1


def test_no_candidate_of_an_unfinished_id_stands_in_a_document_or_in_the_timeline(call: Call, show_id: ShowId) -> None:
    groups = show_id(MAK, 0x56)
    call.press("1")
    for group in groups[:4]:
        call.say(words(group), words(with_check_digit(changed(group, 4)[:-1])))
        assert group not in call.answer
    assert sum(len(heard.candidates) for heard in call.state.entry.heard if heard) == 8
    told = call.house.store.read(lambda transaction: repr(transaction.timeline.of_call(call.sid)))
    assert not any(group in told for group in groups)
