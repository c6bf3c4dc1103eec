"""Callers whom people move, through signed webhooks: the real app, the real floor, agents who press their buttons."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from activation.claims import Granted
from activation.installation_id import Installation, write_installation_id
from callcenter.floor import switchboard
from callcenter.floor.acting import Acting
from callcenter.floor.people import Availability
from callcenter.floor.queue import EntryKind, EntryStatus, Parting
from callcenter.floor.refusals import Refusal
from data.demo import load_demo
from data.instance import create_instance
from data.sqlite import SqliteConnection
from house.instance import House
from house.web import create_app
from ivr.assistance import Assistance
from ivr.state import Place, State, read_state

CALLER, NUMBER = "+12065550143", "+18005550199"
MAK, MAK_USED_UP = 3006, 3002
numbers = count(1)


@dataclass
class Centre:
    """One centre with the telephony side in front of it: signs with its token as Twilio does."""

    house: House
    client: FlaskClient

    def post(self, url: str, **parameters: str) -> TestResponse:
        signature = RequestValidator(self.house.auth_token).compute_signature(f"http://localhost{url}", parameters)
        return self.client.post(url, data=parameters, headers={"X-Twilio-Signature": signature})

    def dial(self, caller: str = CALLER) -> "Call":
        return Call(self, f"CA{next(numbers):032x}", {"From": caller, "To": NUMBER, "Direction": "inbound"}).go("/voice")

    def call_back(self, case: str, person: str = CALLER) -> "Call":
        call = Call(self, f"CA{next(numbers):032x}", {"From": NUMBER, "To": person, "Direction": "outbound-api"})
        return call.go(f"/voice/callback?case={case}")

    def do(self, work: Callable[[Any], Any]) -> Any:
        return self.house.store.transaction(work)

    def show_id(self, serial: int) -> tuple[str, ...]:
        """The groups that a new computer with this key shows."""
        product = self.house.catalogue.products[self.house.find_key(serial).product]  # type: ignore[union-attr]
        header = self.house.catalogue.header_for(product.layout, 1)
        installation = Installation(product.code, serial, next(numbers) << 40)
        return write_installation_id(installation, header, self.house.secrets.installation_key(1))

    def answer(self, call: "Call", agent: str = "amira") -> Any:
        """An agent becomes available and presses Answer."""
        self.be_available(agent)
        return self.press(switchboard.answer, agent, call_sid=call.sid, new_id=lambda: f"part{next(numbers)}")

    def be_available(self, agent: str) -> None:
        self.press(switchboard.set_availability, agent, wanted=Availability.AVAILABLE, reason="")

    def acting(self, name: str) -> Acting:
        agent = self.house.store.read(lambda tx: tx.people.find(name))
        return Acting(agent, b"k" * 32, datetime.now(UTC))

    def press(self, button: Callable[..., Any], agent: str = "amira", **options: Any) -> Any:
        """The agent presses a button of the call bar."""
        pressed = self.do(lambda tx: button(tx, self.acting(agent), **options))
        assert not isinstance(pressed, Refusal), pressed
        return pressed


@dataclass
class Call:
    """One call: `go` posts to where the last document said, as Twilio would."""

    centre: Centre
    sid: str
    parameters: dict[str, str]
    url: str = ""
    answer: str = ""

    def go(self, url: str | None = None, **parameters: str) -> "Call":
        response = self.centre.post(url or self.url, **self.standard, **parameters)
        assert (response.status_code, response.mimetype) == (200, "text/xml")
        self.answer = response.get_data(as_text=True)
        for verb in ("Gather", "Enqueue", "Dial"):
            if (following := self.document.find(verb)) is not None and "wait" not in following.get("action", ""):
                self.url = following.get("action", "")
        return self

    def press(self, *keys: str) -> "Call":
        for each in keys:
            self.go(Digits=each)
        return self

    def moved(self) -> "Call":
        return self.go("/voice/moved")

    def hang_up(self, url: str = "/voice/status", status: str = "completed") -> None:
        assert self.centre.post(url, **self.standard, CallStatus=status).status_code == 204

    @property
    def standard(self) -> dict[str, str]:
        return {"CallSid": self.sid, **self.parameters}

    @property
    def document(self) -> ElementTree.Element:
        return ElementTree.fromstring(self.answer)

    @property
    def words(self) -> str:
        return " ".join("".join(say.itertext()) for say in self.document.iter("Say"))

    @property
    def spelled(self) -> str:
        return "".join(each.text or "" for each in self.document.iter("say-as"))

    @property
    def conference(self) -> ElementTree.Element:
        found = self.document.find("Dial/Conference")
        assert found is not None, self.answer
        return found

    @property
    def is_enqueued(self) -> bool:
        return self.document.find("Enqueue") is not None

    @property
    def leaves(self) -> bool:
        return self.document.find("Leave") is not None

    @property
    def state(self) -> State | None:
        record = self.centre.house.store.read(lambda tx: tx.calls.find(self.sid))
        return read_state(record.state) if record.state else None

    @property
    def entry(self) -> Any:
        return self.centre.house.store.read(lambda tx: tx.queue.find(self.sid))

    @property
    def timeline(self) -> Any:
        return self.centre.house.store.read(lambda tx: tx.timeline.of_call(self.sid))


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    """A centre as `init` leaves it, open around the clock."""
    create_instance(tmp_path / "instance")
    house = House(tmp_path / "instance", {"ACTIVATION_CENTER_TELEPHONY_URL": "http://127.0.0.1:9"})
    moment = datetime.now(UTC)
    house.database.migrate(moment)
    load_demo(house.store, house.catalogue, house.secrets, lambda: "first password", moment)
    yield Centre(house, create_app(house).test_client())
    house.store.close()


@pytest.fixture
def call(centre: Centre) -> Call:
    """A caller with two groups in, who waits for a person."""
    call = centre.dial().press("1", *centre.show_id(MAK)[:2], "*0")
    assert call.is_enqueued
    return call


# Meeting the agent.


def test_an_answered_caller_meets_the_agent_in_the_conference_named_by_the_call(centre: Centre, call: Call) -> None:
    centre.answer(call)
    conference = call.moved().conference
    assert conference.text == call.sid
    assert conference.attrib == {
        "beep": "false",
        "startConferenceOnEnter": "true",
        "endConferenceOnExit": "true",
        "waitUrl": "/voice/music",
        "waitMethod": "GET",
        "participantLabel": "caller",
    }
    dial = call.document.find("Dial")
    assert dial is not None
    assert re.fullmatch(r"/voice\?turn=\d+", dial.get("action", ""))


def test_a_move_that_arrives_twice_gets_the_same_document_and_changes_nothing(centre: Centre, call: Call) -> None:
    centre.answer(call)
    first, before = call.moved().answer, call.state
    assert call.moved().answer == first
    assert call.state == before


def test_the_wait_document_lets_an_answered_caller_go_even_if_no_rest_call_ever_comes(centre: Centre, call: Call) -> None:
    action = call.url
    assert not call.go("/voice/wait", QueueSid="QU1", QueueTime="5").leaves
    centre.answer(call)
    assert call.go("/voice/wait", QueueSid="QU1", QueueTime="25").leaves
    assert call.go(action, QueueResult="leave").conference.text == call.sid


def test_star_in_the_moment_of_the_answer_leads_to_the_agent(centre: Centre, call: Call) -> None:
    action = call.url
    call.go("/voice/wait", Digits="*")
    centre.answer(call)
    assert call.go(action, QueueResult="leave").conference.text == call.sid


@pytest.mark.parametrize("result", ["redirected", "redirected-from-bridged", "bridging-in-process"])
def test_the_queues_word_of_a_move_changes_nothing(centre: Centre, call: Call, result: str) -> None:
    action, waiting, before = call.url, call.answer, call.state
    centre.answer(call)
    assert call.go(action, QueueResult=result).answer == waiting
    assert call.state == before
    assert call.moved().conference.text == call.sid
    call.go(action, QueueResult=result)
    assert call.state.place is Place.WITH_AGENT, "in either order"


def test_an_apology_on_the_way_to_the_agent_still_leads_there(centre: Centre, call: Call, monkeypatch) -> None:
    centre.answer(call)
    with monkeypatch.context() as context:
        context.setattr("ivr.conversation.step", lambda *_: 1 / 0)
        call.moved()
    assert "something went wrong on our side" in call.words
    assert call.go(Digits="0").conference.text == call.sid


# Away from the agent.


def test_back_to_the_line_goes_on_where_the_call_stopped(centre: Centre, call: Call) -> None:
    centre.answer(call)
    call.moved()
    centre.press(switchboard.back_to_line)
    assert "We go on where we stopped. Group 3." in call.moved().words


def test_a_raised_limit_and_the_confirmation_id_in_the_same_call(centre: Centre) -> None:
    """The heart of the floor: no activations left, an agent raises the count, the line reads the ID."""
    call = centre.dial().press("1", *centre.show_id(MAK_USED_UP))
    assert "no activations left" in call.words
    centre.answer(call)
    call.moved()
    assistance = Assistance(centre.house.conversation)
    assert not isinstance(centre.do(lambda tx: assistance.decide(tx, call.sid)), Granted)
    centre.do(lambda tx: tx.keys.raise_allowed(MAK_USED_UP, 1))
    granted = centre.do(lambda tx: assistance.decide(tx, call.sid))
    assert isinstance(granted, Granted)
    centre.press(switchboard.back_to_line)
    assert "Thank you for waiting. Here is your confirmation ID." in call.moved().words
    blocks = [call.spelled]
    while "Did the computer accept" not in call.go().words:
        blocks.append(call.spelled)
    assert tuple(blocks) == granted.confirmation_id


def test_a_transferred_caller_waits_again_at_the_old_place(centre: Centre, call: Call) -> None:
    centre.answer(call)
    call.moved()
    place_at = call.entry.place_at
    other = centre.dial("+12065550199").press("0")
    centre.be_available("bruno")
    centre.press(switchboard.transfer, to_agent=None, to_seniors=True)
    assert call.moved().is_enqueued
    assert call.entry.place_at == place_at
    assert "You are number 2 in line." in other.go("/voice/wait").words


def test_a_conference_that_ends_asks_where_the_caller_should_be(centre: Centre, call: Call) -> None:
    centre.answer(call)
    after_conference = call.moved().url
    centre.press(switchboard.back_to_line)
    assert "Group 3." in call.go(after_conference, DialCallStatus="answered", CallStatus="in-progress").words


def test_a_conference_that_ends_by_accident_is_entered_again(centre: Centre, call: Call) -> None:
    centre.answer(call)
    call.moved()
    assert call.go(DialCallStatus="answered", CallStatus="in-progress").conference.text == call.sid


@pytest.mark.parametrize("by", ["the conference", "the status callback"])
def test_a_caller_who_hangs_up_on_the_agent_is_gone_for_both(centre: Centre, call: Call, by: str) -> None:
    handling = centre.answer(call)
    call.moved()
    if by == "the conference":
        call.go(DialCallStatus="completed", CallStatus="completed")
    call.hang_up()
    call.hang_up()
    assert (call.state.place, call.entry.status) == (Place.ENDED, EntryStatus.CLOSED)
    parted = centre.house.store.read(lambda tx: tx.handlings.of_call(call.sid))[0]
    assert (parted.id, parted.parting) == (handling.id, Parting.CALLER_HUNG_UP)


def test_whoever_hangs_up_in_the_queue_has_abandoned_it_and_may_go_on_later(call: Call) -> None:
    call.hang_up()
    assert call.entry.status is EntryStatus.ABANDONED
    assert call.state.is_unfinished


def test_a_call_to_a_number_that_nobody_knows_is_moved_to_the_beginning(centre: Centre) -> None:
    stranger = Call(centre, "CAnever seen".replace(" ", ""), {"From": CALLER, "To": NUMBER})
    assert "This is a simulator" in stranger.moved().words


# Waiting.


def test_every_round_tells_position_and_plays_music(centre: Centre, call: Call) -> None:
    second = centre.dial("+12065550199").press("0")
    centre.be_available("amira")
    assert "You are the next in line." in call.go("/voice/wait", QueueSid="QU7").words
    assert "You are number 2 in line." in second.go("/voice/wait", QueueSid="QU7").words
    gather = second.document.find("Gather")
    assert gather is not None
    assert [child.tag for child in gather][-1] == "Play"
    assert gather.findtext("Play") == "/voice/music"
    assert call.entry.queue_sid == "QU7", "agents dequeue by it"


def test_with_somebody_there_nobody_is_sent_away_for_waiting_long(centre: Centre, call: Call) -> None:
    assert call.go("/voice/wait", QueueTime="300").leaves
    centre.be_available("amira")
    assert not call.go("/voice/wait", QueueTime="3000").leaves


def test_closing_time_with_nobody_there_ends_the_waiting_with_the_hours(centre: Centre, call: Call) -> None:
    action = call.url
    centre.house.conversation = replace(
        centre.house.conversation, hours=lambda now, language: (False, "Monday, from 8:00 to 9:00")
    )
    centre.client = create_app(centre.house).test_client()
    call.go("/voice/wait", QueueTime="20")
    assert call.leaves
    assert "We have closed for today. Our people are here Monday, from 8:00 to 9:00." in call.words
    assert "To be called back" not in call.go(action, QueueResult="leave").words


def test_star_and_1_keeps_the_place(centre: Centre, call: Call) -> None:
    action, place_at = call.url, call.entry.place_at
    call.go(action, QueueResult="leave")
    assert call.entry.status is EntryStatus.LEFT
    assert call.press("1").is_enqueued
    assert (call.entry.status, call.entry.place_at) == (EntryStatus.WAITING, place_at)


# The music.


def test_the_music_is_a_sound_that_may_be_kept(centre: Centre) -> None:
    response = centre.client.get("/voice/music")
    assert (response.status_code, response.mimetype) == (200, "audio/wav")
    assert response.data[:4] == b"RIFF"
    assert "max-age=86400" in response.headers["Cache-Control"]
    again = centre.client.get("/voice/music", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert centre.post("/voice/music").data == response.data
    assert centre.client.post("/voice/music").status_code == 403


@pytest.mark.parametrize("path", ["/voice", "/voice/moved", "/voice/wait", "/voice/callback?case=100001", "/voice/status"])
def test_nothing_else_is_given_to_who_only_asks_for_it(centre: Centre, path: str) -> None:
    assert centre.client.get(path).status_code == 405
    assert centre.client.post(path, data={"CallSid": "CA1"}).status_code == 403


# Being called back.


@pytest.fixture
def booked(call: Call) -> Call:
    """The caller has asked to be called back, and hung up."""
    call.go(QueueResult="leave").press("2", "1")
    assert "We will call you at your turn." in call.words
    call.hang_up()
    return call


def test_a_booked_callback_keeps_place_and_state_without_the_caller(centre: Centre, booked: Call) -> None:
    assert (booked.entry.kind, booked.entry.status) == (EntryKind.CALLBACK, EntryStatus.WAITING)
    assert len([group for group in booked.state.entry.groups if group]) == 2
    assert "short while ago" not in centre.dial().words, "the call is the people's, and not offered anew"
    assert booked.timeline[-1].kind == "callback booked"


def test_the_number_called_back_is_in_no_table_in_clear(centre: Centre, booked: Call) -> None:
    centre.house.store.close()
    folder = centre.house.home
    stored = b"".join(path.read_bytes() for path in folder.iterdir() if path.name.startswith("activation.db"))
    assert CALLER.encode()[1:] not in stored


def test_the_person_called_back_presses_1_and_meets_the_agent_in_the_new_call(centre: Centre, booked: Call) -> None:
    case = booked.entry.case_number
    centre.answer(booked)
    called = centre.call_back(case)
    assert "This is a simulator and activates no real product." in called.words
    assert called.spelled == case
    assert called.press("1").conference.text == called.sid
    assert (booked.state, booked.entry) == (None, None), "everything is the new call's"
    assert (called.entry.status, called.entry.case_number) == (EntryStatus.ANSWERED, case)
    centre.press(switchboard.back_to_line)
    assert "Group 3." in called.moved().words


def test_a_text_message_goes_to_the_person_called_not_to_ourselves(centre: Centre, booked: Call) -> None:
    centre.answer(booked)
    called = centre.call_back(booked.entry.case_number).press("1")
    centre.press(switchboard.back_to_line)
    called.moved().press("**", "**").press("**").press("1", *centre.show_id(MAK), "6")
    assert "on its way" in called.words
    kinds = []
    while item := centre.do(lambda tx: tx.outbox.claim_next(datetime.now(UTC), 60)):
        kinds.append((item.kind.value, item.payload.get("to")))
        centre.do(lambda tx, id=item.id: tx.outbox.done(id))
    assert ("text message", CALLER) in kinds


def test_an_agent_who_gave_up_meanwhile_leaves_the_person_next_in_the_queue(centre: Centre, booked: Call) -> None:
    centre.answer(booked)
    called = centre.call_back(booked.entry.case_number)
    centre.press(switchboard.hang_up)
    assert called.press("1").is_enqueued
    assert called.entry.status is EntryStatus.WAITING


@pytest.mark.parametrize("how", ["silence", "hanging up", "the phone was never picked up"])
def test_a_callback_that_reaches_nobody_is_over_and_the_agent_free(centre: Centre, booked: Call, how: str) -> None:
    case = booked.entry.case_number
    handling = centre.answer(booked)
    if how == "silence":
        called = centre.call_back(case).go().go().go()
        assert called.document.find("Hangup") is not None
    elif how == "hanging up":
        centre.call_back(case).hang_up()
    else:
        Call(centre, "CAnoanswer", {}).hang_up(f"/voice/status?case={case}", "no-answer")
    assert booked.entry.status is EntryStatus.CLOSED
    assert centre.house.store.read(lambda tx: tx.handlings.of_call(booked.sid))[0].id == handling.id
    assert centre.house.store.read(lambda tx: tx.handlings.of_call(booked.sid))[0].parted_at is not None
    assert not booked.state.is_with_people
    assert booked.timeline[-1].kind in ("callback not reached", "was left by the caller")
    assert "Your case is closed by now." in centre.call_back(case).words


def test_the_callback_of_a_case_that_nobody_knows_says_goodbye(centre: Centre) -> None:
    assert "Your case is closed by now." in centre.call_back("999999").words
    assert centre.post("/voice/callback?case=x", CallSid="CA1").status_code == 400


def test_the_first_webhook_of_a_callback_may_arrive_twice(centre: Centre, booked: Call) -> None:
    called = centre.call_back(booked.entry.case_number)
    assert called.go(f"/voice/callback?case={booked.entry.case_number}").answer == called.answer
    assert called.state.callback.of == booked.sid


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/voice/moved", "/voice/wait", "/voice/callback?case=100001", "/voice/callback?case=100002"]),
    parameters=st.dictionaries(
        st.sampled_from(
            ["Digits", "QueueResult", "QueueTime", "QueueSid", "DialCallStatus", "CallStatus", "Direction", "Weird"]
        ),
        st.one_of(st.sampled_from(["*", "1", "leave", "answered", "outbound-api", "9" * 30]), st.text(max_size=20)),
    ),
)
def test_whatever_arrives_while_people_have_the_caller_gets_a_document(
    centre: Centre, call: Call, path: str, parameters: dict[str, str]
) -> None:
    call.parameters = {"From": CALLER, "To": NUMBER}
    assert call.go(path, **parameters).document.tag == "Response"


# What is told of a call, and what it costs.


def test_the_timeline_of_a_call_has_every_turn_and_no_digit_of_an_id(centre: Centre) -> None:
    groups = centre.show_id(MAK)
    call = centre.dial().press("1", groups[0], groups[1][:5] + str((int(groups[1][5]) + 1) % 10), "*0")
    centre.answer(call)
    call.moved().hang_up()
    told = [(each.actor, each.kind, each.detail.get("place"), each.detail.get("to")) for each in call.timeline]
    assert [one for one in told if one[0] in ("caller", "line")] == [
        ("caller", "call started", "start", "menu"),
        ("caller", "turn", "menu", "entry"),
        ("caller", "turn", "entry", "entry"),
        ("caller", "turn", "entry", "entry"),
        ("caller", "turn", "entry", "queue"),
        ("line", "moved", "queue", "with agent"),
        ("caller", "call ended", "with agent", "ended"),
    ]
    assert call.timeline[3].detail["failed_group"] == 2
    assert call.timeline[2].detail["said"] == ["entry.group"]
    assert not any(group in repr(call.timeline) for group in groups)


def test_an_ordinary_turn_is_one_reading_and_two_writing_statements(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = centre.show_id(MAK)
    call = centre.dial().press("1", *groups[:2])
    statements: list[str] = []
    for name in ("one", "all", "run"):
        original = getattr(SqliteConnection, name)

        def counted(self: Any, sql: str, _original: Any = original, **parameters: Any) -> Any:
            statements.append(sql.split()[0])
            return _original(self, sql, **parameters)

        monkeypatch.setattr(SqliteConnection, name, counted)
    call.press(groups[2])
    assert sorted(statements) == ["INSERT", "SELECT", "UPDATE"]
