"""The webhooks against Twilio's contract: the real app on a real database, requests signed as Twilio signs them."""

import logging
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from activation.confirmation_id import check_confirmation_id
from data.switches import OUTAGE
from house.instance import House
from house.web import create_app
from ivr.heard import Silence
from ivr.house import Incoming
from ivr.phone_numbers import PhoneNumber
from ivr.state import read_state

CALLER, WITHHELD = "+12065550143", "anonymous"
NUMBER, GERMAN_NUMBER = "+18005550199", "+493023125142"
MAK, RETAIL_N, MAK_USED_UP = 3006, 1005, 3002
FOREIGN_KEY = "BCDFG-HJKMP-QRTVW-XY234-6789B"

ShowId = Callable[[int, int], tuple[str, ...]]
numbers = count(1)


@dataclass
class Telephony:
    """The telephony side of one centre: signs with its token as Twilio does."""

    house: House
    client: FlaskClient

    def post(self, url: str, parameters: dict[str, str], base: str = "http://localhost", **headers: str) -> TestResponse:
        signature = RequestValidator(self.house.auth_token).compute_signature(base + url, parameters)
        return self.client.post(url, data=parameters, headers={"X-Twilio-Signature": signature, **headers})

    def dial(self, caller: str = CALLER, number: str = NUMBER) -> "Call":
        return Call(self, f"CA{next(numbers):032x}", caller, number).go()


@dataclass
class Call:
    """One call: `go` posts to where the last document said, as Twilio would."""

    telephony: Telephony
    sid: str
    caller: str
    number: str
    url: str = "/voice"
    answer: str = ""

    def post(self, url: str, **parameters: str) -> TestResponse:
        standard = {"CallSid": self.sid, "From": self.caller, "To": self.number, "CallStatus": "in-progress"}
        return self.telephony.post(url, standard | parameters)

    def go(self, url: str | None = None, **parameters: str) -> "Call":
        response = self.post(url or self.url, **parameters)
        assert (response.status_code, response.mimetype) == (200, "text/xml")
        self.answer = response.get_data(as_text=True)
        following = self.document.find("Gather")
        following = self.document.find("Enqueue") if following is None else following
        if following is not None:
            self.url = following.get("action", "")
        return self

    def press(self, *keys: str) -> "Call":
        for each in keys:
            self.go(Digits=each)
        return self

    def hang_up(self) -> None:
        assert self.post("/voice/status", CallStatus="completed").status_code == 204

    @property
    def document(self) -> ElementTree.Element:
        return ElementTree.fromstring(self.answer)

    @property
    def words(self) -> str:
        return " ".join("".join(say.itertext()) for say in self.document.iter("Say"))

    @property
    def block(self) -> str:
        return "".join(each.text or "" for each in self.document.iter("say-as"))


@pytest.fixture
def telephony(house: House) -> Telephony:
    return Telephony(house, create_app(house).test_client())


def test_a_whole_call_through_signed_webhooks(telephony: Telephony, house: House, show_id: ShowId) -> None:
    groups = show_id(MAK, 0xAAAA)
    call = telephony.dial()
    assert "This is a simulator" in call.words
    call.press("1", *groups)
    blocks = [call.block]
    while "Did the computer accept" not in call.words:
        call.go()
        blocks.append(call.block)
    key = house.secrets.confirmation_key(1, house.find_key(MAK).product)  # type: ignore[union-attr]

    layout = house.catalogue.products[house.find_key(MAK).product].layout  # type: ignore[union-attr]
    assert check_confirmation_id("".join(blocks), "".join(groups), layout, key) == 0
    assert call.press("1").document.find("Hangup") is not None


# The signature (Twilio: webhooks security).


@pytest.mark.parametrize("path", ["/voice", "/voice/status", "/voice/wait", "/voice/fallback", "/voice/apology"])
@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": "AAAA"}, {"X-Twilio-Signature": ""}])
def test_a_request_without_the_right_signature_is_forbidden(telephony: Telephony, path: str, headers: dict[str, str]) -> None:
    assert telephony.client.post(path, data={"CallSid": "CA1"}, headers=headers).status_code == 403


def test_one_changed_parameter_breaks_the_signature(telephony: Telephony) -> None:
    signature = RequestValidator(telephony.house.auth_token).compute_signature("http://localhost/voice", {"CallSid": "CA1"})
    response = telephony.client.post("/voice", data={"CallSid": "CA2"}, headers={"X-Twilio-Signature": signature})
    assert response.status_code == 403


@pytest.mark.parametrize("base", ["https://line.example.com", "https://line.example.com:443"])
def test_behind_a_proxy_that_ends_tls_the_public_address_is_what_was_signed(telephony: Telephony, base: str) -> None:
    """The request arrives as http on an inner host; Twilio signed the https address, with or without its port."""
    assert telephony.post("/voice?turn=0", {"CallSid": f"CA{next(numbers)}"}, base).status_code == 200
    assert telephony.post("/voice?turn=0", {"CallSid": "CA1"}, "https://other.example.com").status_code == 403


@pytest.mark.parametrize("query", ["?turn=0&x=a%2Fb&y=%C3%A9+z", "?turn=0&x=%7E~", "?"])
def test_the_address_is_checked_as_it_was_sent_escapes_and_all(telephony: Telephony, query: str) -> None:
    url = f"/voice{query}".rstrip("?")
    assert telephony.post(url, {"CallSid": f"CA{next(numbers)}"}, "http://localhost").status_code == 200


def test_empty_and_odd_parameters_are_part_of_the_signature(telephony: Telephony) -> None:
    parameters = {
        "CallSid": f"CA{next(numbers)}",
        "FromCity": "",
        "CallToken": '{"a": "b c"}',
        "StirVerstat": "TN-Validation-Passed-A",
    }
    assert telephony.post("/voice", parameters).status_code == 200


# What Gather is told (Twilio: Gather).


def test_prompts_stand_inside_the_gather_and_silence_comes_back_to_the_same_turn(telephony: Telephony) -> None:
    call = telephony.dial()
    gather, redirect = call.document
    assert (gather.tag, gather.get("input"), redirect.tag) == ("Gather", "dtmf speech", "Redirect")
    assert gather.get("action") == redirect.text == "/voice?turn=1"
    assert [child.tag for child in gather] == ["Say"] * 5, "the greeting, the menu, and each other language"
    assert [child.tag for child in call.document] == ["Gather", "Redirect"], "nothing is said where keys would be lost"


def test_a_group_is_gathered_as_the_key_table_says(telephony: Telephony) -> None:
    gather = telephony.dial().press("1").document.find("Gather")
    assert gather is not None
    assert {name: gather.get(name) for name in ("numDigits", "finishOnKey", "timeout")} == {
        "numDigits": "6",
        "finishOnKey": "",
        "timeout": "4",
    }
    assert "$OOV_CLASS_DIGIT_SEQUENCE" in gather.get("hints", "")


def test_the_limits_of_twiml_are_kept_in_every_document_of_a_call(telephony: Telephony, show_id: ShowId) -> None:
    call = telephony.dial()
    documents = [call.answer]
    for keys in ("4", "*", "2", "**", "1", "*1", "**", "1", *show_id(MAK, 0xBBBB), *[""] * 9, "2", "0"):
        documents.append((call.press(keys) if keys else call.go()).answer)
    for document in documents:
        for say in ElementTree.fromstring(document).iter("Say"):
            assert 0 < len("".join(say.itertext())) <= 3000
        for gather in ElementTree.fromstring(document).iter("Gather"):
            hints = gather.get("hints", "").split(",")
            assert len(hints) <= 500
            assert max(map(len, hints)) <= 100
            assert 1 <= int(gather.get("timeout", "5")) <= 600


def test_speech_does_what_keys_do(telephony: Telephony, show_id: ShowId) -> None:
    call = telephony.dial().go(SpeechResult="Activate a computer.", Confidence="0.9")
    call.go(SpeechResult=" ".join(show_id(MAK, 1)[0]) + ".")
    assert "Group 2." in call.words


# Numbered turns.


def state_of(call: Call):
    record = call.telephony.house.store.read(lambda transaction: transaction.calls.find(call.sid))
    assert record is not None
    return record


def test_a_webhook_that_arrives_twice_gets_the_same_document_and_changes_nothing(telephony: Telephony, show_id: ShowId) -> None:
    call = telephony.dial().press("1")
    url, group = call.url, show_id(MAK, 2)[0]
    first = call.go(url, Digits=group).answer
    before = state_of(call)
    assert call.go(url, Digits=group).answer == first
    assert call.go(url, Digits="999999").answer == first
    assert state_of(call) == before


def test_the_first_webhook_of_a_call_may_arrive_twice_too(telephony: Telephony) -> None:
    call = telephony.dial()
    assert call.go("/voice").answer == call.answer
    assert state_of(call).turn == 1


@pytest.mark.parametrize("turn", ["1", "0", "77", "-3", "x", "", "99999999999999999999"])
def test_a_turn_out_of_order_gets_the_current_prompt(telephony: Telephony, show_id: ShowId, turn: str) -> None:
    call = telephony.dial().press("1", *show_id(MAK, 3)[:2])
    current = call.answer
    assert call.go(f"/voice?turn={turn}", Digits="1").answer == current
    assert "Group 3." in current


def test_a_grant_is_counted_once_however_often_its_webhook_arrives(telephony: Telephony, house: House, show_id: ShowId) -> None:
    *groups, last = show_id(MAK, 0xCCCC)
    call = telephony.dial().press("1", *groups)
    used = house.find_key(MAK).used  # type: ignore[union-attr]
    with ThreadPoolExecutor(8) as threads:
        responses = list(threads.map(lambda _: call.post(call.url, Digits=last).get_data(), range(8)))
    assert len(set(responses)) == 1
    assert house.find_key(MAK).used == used + 1  # type: ignore[union-attr]


def test_any_worker_serves_any_turn(house: House, show_id: ShowId) -> None:
    """A new app for every turn, with a database connection of its own: nothing is kept in a worker."""
    call = Call(Telephony(house, create_app(house).test_client()), f"CA{next(numbers)}", CALLER, NUMBER).go()
    for keys in ("1", *show_id(MAK, 0xDDDD)):
        other = House(house.home, {})
        call.telephony = Telephony(other, create_app(other).test_client())
        call.press(keys)
        other.store.close()
    assert len(call.block) == 6


def test_an_unknown_call_at_a_later_turn_starts_from_the_beginning(telephony: Telephony) -> None:
    call = Call(telephony, f"CA{next(numbers)}", CALLER, NUMBER)
    assert "This is a simulator" in call.go("/voice?turn=17", Digits="123456").words


# Anything may arrive.


@pytest.mark.parametrize(
    "parameters",
    [
        {"Digits": "1" * 10**6},
        {"Digits": "١٢٣٤٥٦"},
        {"Digits": "123456"},
        {"Digits": "abc; DROP TABLE calls"},
        {"Digits": "\x00"},
        {"SpeechResult": "one " * 250_000},
        {"SpeechResult": "</Say><Hangup/>"},
        {"SpeechResult": "   "},
        {"SpeechResult": "日本語 \u202e"},
        {"Digits": "", "SpeechResult": ""},
        {"From": "", "To": ""},
        {"QueueResult": "leave"},
        {"Confidence": "very"},
    ],
    ids=lambda parameters: " ".join(f"{name} of {len(value)}" for name, value in parameters.items()),
)
@pytest.mark.parametrize("keys", [(), ("1",), ("5",), ("2",), ("0",)])
def test_whatever_arrives_gets_a_document_to_go_on_with(
    telephony: Telephony, keys: tuple[str, ...], parameters: dict[str, str]
) -> None:
    call = telephony.dial(WITHHELD).press(*keys).go(**parameters)
    assert call.document.tag == "Response"
    assert [child.tag for child in call.document][-1] in ("Redirect", "Enqueue")
    assert call.go().document.tag == "Response", "and the call goes on"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parameters=st.dictionaries(
        st.sampled_from(
            ["Digits", "SpeechResult", "Confidence", "QueueResult", "DialCallStatus", "Direction", "From", "To", "Weird"]
        ),
        st.text(max_size=40),
    )
)
def test_no_parameters_whatever_lose_a_call(telephony: Telephony, parameters: dict[str, str]) -> None:
    call = telephony.dial(WITHHELD).press("1").go(**parameters)
    assert call.document.tag == "Response"


@pytest.mark.parametrize(
    "parameters", [{}, {"CallSid": ""}, {"CallSid": "x" * 65}, {"CallSid": "CAé"}, {"CallSid": FOREIGN_KEY.replace("-", "")}]
)
def test_a_webhook_without_a_call_is_told_what_is_missing(telephony: Telephony, parameters: dict[str, str]) -> None:
    response = telephony.post("/voice", parameters)
    assert response.status_code == 400
    assert "CallSid" in response.get_data(as_text=True)


# When something breaks.


def test_an_exception_apologises_offers_a_person_and_is_logged_with_the_call(
    telephony: Telephony, house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    call = telephony.dial().press("1")
    current = call.answer

    def broken(*_: object) -> None:
        raise RuntimeError("the desk fell over")

    with monkeypatch.context() as context, caplog.at_level(logging.ERROR):
        context.setattr("ivr.conversation.step", broken)
        call.press("123456")
    assert "something went wrong on our side" in call.words
    assert call.sid in caplog.text
    apology = call.url
    assert same_prompt(call.go(apology, Digits="1").answer, current), "1 goes on where the call stood"
    call.go(apology, Digits="0")
    assert call.document.find("Enqueue") is not None, "0 is a person"
    assert call.go(apology, Digits="0").answer == call.answer, "and a replay changes nothing"


def test_a_person_can_be_reached_even_if_the_first_webhook_broke(telephony: Telephony, monkeypatch: pytest.MonkeyPatch) -> None:
    call = Call(telephony, f"CA{next(numbers)}", CALLER, NUMBER)
    with monkeypatch.context() as context:
        context.setattr("ivr.conversation.step", lambda *_: 1 / 0)
        call.go()
    assert call.press("0").document.find("Enqueue") is not None


def same_prompt(document: str, other: str) -> bool:
    """Whether two documents differ in nothing but the count of apologies in their addresses."""
    return re.sub(r"&amp;failures=\d+", "", document) == other


@pytest.mark.parametrize("answer", ["0", "1", ""])
def test_what_breaks_again_and_again_says_goodbye_instead_of_going_round(
    telephony: Telephony, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    call = telephony.dial()
    monkeypatch.setattr("ivr.conversation.step", lambda *_: 1 / 0)
    for _ in range(10):
        call.go(Digits=answer)
        if call.document.find("Hangup") is not None:
            return
    raise AssertionError(call.answer)


def test_after_a_turn_that_worked_the_count_of_apologies_starts_again(
    telephony: Telephony, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = telephony.dial()
    for _ in range(6):
        with monkeypatch.context() as context:
            context.setattr("ivr.conversation.step", lambda *_: 1 / 0)
            call.press("4")
        assert call.document.find("Hangup") is None
        call.press("1", "4", "*")


def test_the_fallback_url_goes_on_with_the_call(telephony: Telephony, caplog: pytest.LogCaptureFixture) -> None:
    call = telephony.dial().press("1")
    current = call.answer
    with caplog.at_level(logging.ERROR):
        call.go("/voice/fallback", ErrorCode="11200", ErrorUrl="http://localhost/voice?turn=2")
    assert "11200" in caplog.text
    assert same_prompt(call.press("1").answer, current)


def test_log_lines_cannot_be_forged_through_parameters(telephony: Telephony, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        telephony.dial().go("/voice/fallback", ErrorCode="1\nERROR all is lost", ErrorUrl="\r\nx")
    assert "\nERROR all is lost" not in caplog.text


# The queue.


def test_a_person_is_enqueue_with_a_wait_url_and_the_case_is_stored(
    telephony: Telephony, house: House, show_id: ShowId
) -> None:
    call = telephony.dial().press("1", *show_id(MAK_USED_UP, 5))
    enqueue = call.document.find("Enqueue")
    assert enqueue is not None
    assert (enqueue.text, enqueue.get("waitUrl")) == ("agents", "/voice/wait")
    assert "no activations left" in call.words
    number = call.block
    assert re.fullmatch(r"\d{6}", number)
    case = house.store.read(lambda transaction: transaction.cases.find(number))
    assert (case.call_sid, case.reason) == (call.sid, "agent.mak_limit")
    assert case.collected["installation_id"] == "".join(show_id(MAK_USED_UP, 5))


def test_digits_that_did_not_authenticate_are_not_in_the_case(telephony: Telephony, house: House, show_id: ShowId) -> None:
    groups = show_id(MAK, 6)
    call = telephony.dial().press("1", *groups[:4], "*0")
    case = house.store.read(lambda transaction: transaction.cases.find(call.block))
    assert case.collected["groups_accepted"] == [1, 2, 3, 4]
    assert not any(group in repr(case) for group in groups)


def test_waiting_is_spoken_and_star_leaves_the_queue(telephony: Telephony) -> None:
    call = telephony.dial().press("0")
    action = call.url
    waiting = call.go("/voice/wait", QueueTime="5", QueuePosition="1")
    assert "or to leave the queue, press star." in waiting.words
    assert [child.tag for child in waiting.document.iter() if child.tag in ("Say", "Play")][-1] == "Play", "then music"
    assert call.go("/voice/wait", Digits="*").document.find("Leave") is not None
    assert call.go("/voice/wait", QueueTime="301").document.find("Leave") is not None
    assert "You are still with us." in call.go(action, QueueResult="leave").words


@pytest.mark.parametrize("result", ["hangup", "bridged"])
def test_hanging_up_in_the_queue_or_after_a_person_ends_the_call(telephony: Telephony, result: str) -> None:
    call = telephony.dial().press("0")
    assert call.go(call.url, QueueResult=result).document.find("Hangup") is not None


@pytest.mark.parametrize("waited", ["", "soon", "-1", "299", "٣٠"])
def test_a_wait_that_is_short_or_no_number_goes_on(telephony: Telephony, waited: str) -> None:
    assert telephony.dial().press("0").go("/voice/wait", QueueTime=waited).document.find("Leave") is None


@pytest.mark.parametrize("waited", ["300", "9" * 10_000])
def test_a_wait_that_was_long_enough_ends(telephony: Telephony, waited: str) -> None:
    assert telephony.dial().press("0").go("/voice/wait", QueueTime=waited).document.find("Leave") is not None


# Dropped calls.


def test_a_dropped_call_is_resumed_by_its_last_group(telephony: Telephony, house: House, show_id: ShowId) -> None:
    caller = "+12065550101"
    groups = show_id(MAK, 7)
    dropped = telephony.dial(caller).press("1", *groups[:3])
    dropped.hang_up()
    call = telephony.dial(caller)
    assert "key in group 3 again" in call.words
    assert "Group 4." in call.press(groups[2]).words
    assert state_of(dropped).state == b"", "the old call gave its digits away"
    assert len(call.press(*groups[3:]).block) == 6


def test_what_arrives_after_the_phone_is_down_changes_nothing(telephony: Telephony, show_id: ShowId) -> None:
    call = telephony.dial(WITHHELD).press("1", *show_id(MAK, 15)[:8])
    call.hang_up()
    call.hang_up()
    assert call.press(show_id(MAK, 15)[8]).document.find("Hangup") is not None


def test_a_withheld_number_resumes_nothing(telephony: Telephony, show_id: ShowId) -> None:
    telephony.dial(WITHHELD).press("1", *show_id(MAK, 8)[:3]).hang_up()
    assert "You called a short while ago" not in telephony.dial(WITHHELD).words


def test_a_call_that_waits_for_a_person_is_not_offered_to_the_next_one(
    telephony: Telephony, house: House, show_id: ShowId
) -> None:
    caller = "+12065550106"
    telephony.dial(caller).press("1", *show_id(MAK, 16)[:3], "*0")
    later = replace(house.conversation, clock=lambda: house.conversation.clock() + timedelta(minutes=5))
    new_call = Incoming("CAwhile waiting", None, Silence(), PhoneNumber(caller), PhoneNumber(NUMBER))
    assert "short while ago" not in later.answer(new_call)


def test_started_anew_the_old_call_is_erased(telephony: Telephony, show_id: ShowId) -> None:
    caller = "+12065550107"
    dropped = telephony.dial(caller).press("1", *show_id(MAK, 17)[:3])
    dropped.hang_up()
    telephony.dial(caller).press("*")
    assert state_of(dropped).state == b""


def test_of_two_unfinished_calls_neither_is_offered(telephony: Telephony, show_id: ShowId) -> None:
    caller = "+12065550102"
    first, second = telephony.dial(caller), telephony.dial(caller)
    first.press("1", *show_id(MAK, 9)[:3]).hang_up()
    second.press("1", *show_id(MAK, 10)[:3]).hang_up()
    assert "You called a short while ago" not in telephony.dial(caller).words


def test_a_call_that_goes_on_elsewhere_is_not_offered(telephony: Telephony, show_id: ShowId) -> None:
    caller = "+12065550103"
    telephony.dial(caller).press("1", *show_id(MAK, 11)[:3])
    assert "You called a short while ago" not in telephony.dial(caller).words


def test_after_thirty_minutes_nothing_is_offered_and_the_digits_are_erased(
    telephony: Telephony, house: House, show_id: ShowId
) -> None:
    caller = "+12065550104"
    dropped = telephony.dial(caller).press("1", *show_id(MAK, 12)[:3])
    dropped.hang_up()
    later = replace(house.conversation, clock=lambda: house.conversation.clock() + timedelta(minutes=31))
    new_call = Incoming("CAlater", None, Silence(), PhoneNumber(caller), PhoneNumber(NUMBER))
    assert "short while ago" not in later.answer(new_call)
    assert later.forget_stale() >= 1
    assert (state_of(dropped).state, state_of(dropped).answer) == (b"", "")


def test_the_callers_number_is_in_no_table(telephony: Telephony, house: House, show_id: ShowId) -> None:
    caller = "+12065550105"
    call = telephony.dial(caller).press("1", *show_id(MAK, 13), "6")
    assert "on its way" in call.words
    house.store.close()
    stored = b"".join(path.read_bytes() for path in house.home.iterdir() if path.name.startswith("activation.db"))
    assert caller.encode() not in stored
    assert caller.encode()[1:] not in stored


# Outages, regions, foreign keys.


def test_an_outage_is_told_before_any_digit_is_asked_for(telephony: Telephony, house: House) -> None:
    moment = house.conversation.clock()
    house.store.transaction(lambda transaction: transaction.switches.set(OUTAGE, True, moment))
    try:
        assert "out of order" in telephony.dial(WITHHELD).words
    finally:
        house.store.transaction(lambda transaction: transaction.switches.set(OUTAGE, False, moment))


def test_the_number_dialled_is_the_region(telephony: Telephony, show_id: ShowId) -> None:
    groups = show_id(RETAIL_N, 14)
    assert "does not activate in the country" in telephony.dial(WITHHELD, NUMBER).press("1", *groups).words
    assert len(telephony.dial(WITHHELD, GERMAN_NUMBER).press("1", *groups).block) == 6


def test_a_foreign_product_key_said_or_keyed_is_kept_nowhere(
    telephony: Telephony, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        call = (
            telephony.dial(FOREIGN_KEY, FOREIGN_KEY)
            .go(SpeechResult=FOREIGN_KEY)
            .press("1")
            .go(SpeechResult=FOREIGN_KEY)
            .go(Digits=FOREIGN_KEY)
        )
        call.go("/voice/fallback", ErrorCode=FOREIGN_KEY, ErrorUrl=FOREIGN_KEY)
    house.store.close()
    stored = b"".join(path.read_bytes() for path in house.home.iterdir() if path.name.startswith("activation.db"))
    assert FOREIGN_KEY.encode() not in stored
    assert FOREIGN_KEY not in call.answer
    assert FOREIGN_KEY not in caplog.text


def test_states_on_disk_are_states(telephony: Telephony) -> None:
    assert read_state(state_of(telephony.dial(WITHHELD)).state).turns == 0
