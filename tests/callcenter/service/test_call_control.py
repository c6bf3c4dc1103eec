"""Acts on calls through Twilio's real client; only the REST API behind it is a stand-in."""

from datetime import datetime

import pytest

from callcenter.floor import call_commands
from callcenter.floor.call_commands import Mode
from callcenter.floor.people import Agent, Role
from callcenter.service.call_control import CallControl
from callcenter.service.telephony import TelephonyError, rest_client

SID, CALL, QUEUE, ROOM = "AC" + "0" * 32, "CA" + "1" * 32, "QU" + "2" * 32, "CF" + "3" * 32
NUMBER, BASE = "+18005550199", "https://line.example.com"
MEMBER = f"POST Queues/{QUEUE}/Members/{CALL}.json"
ROOMS, RING = "GET Conferences.json", f"POST Conferences/{CALL}/Participants.json"


def someone(name: str, role: Role) -> Agent:
    return Agent(name, name, role, "", False, datetime(2026, 1, 1), phone=f"client:{name}")


AMIRA, CELESTE = someone("amira", Role.AGENT), someone("celeste", Role.SUPERVISOR)


@pytest.fixture
def control(rest_api) -> CallControl:
    return CallControl(rest_client(SID, "token", rest_api.url), NUMBER, BASE)


def participant(who: str, method: str = "POST") -> str:
    return f"{method} Conferences/{ROOM}/Participants/{who}.json"


@pytest.fixture
def room(rest_api) -> None:
    """The caller's conference, and an older one of the same name that is over."""
    rooms = [{"sid": "CF" + "9" * 32, "status": "completed"}, {"sid": ROOM, "status": "in-progress"}]
    rest_api.bodies[ROOMS] = {"conferences": rooms, "page_size": 20}


def test_ringing_somebody_in_begins_the_conference_named_by_the_call(control: CallControl, rest_api) -> None:
    control.perform(call_commands.ring(CALL, AMIRA))
    assert rest_api.asked == [RING]
    (form,) = rest_api.received
    expected = {
        "From": NUMBER,
        "To": "client:amira",
        "Label": "agent-amira",
        "Beep": "false",
        "EndConferenceOnExit": "false",
        "Muted": "false",
        "WaitUrl": f"{BASE}/voice/music",
        "WaitMethod": "GET",
    }
    assert {name: form.get(name) for name in expected} == expected
    assert "Coaching" not in form


def test_whose_phone_it_was_is_told_when_it_is_down_or_was_never_picked_up(control: CallControl, rest_api) -> None:
    control.perform(call_commands.ring(CALL, AMIRA, part="part 1&2"))
    assert rest_api.received[-1]["StatusCallback"] == f"{BASE}/voice/desk?call={CALL}&person=amira&part=part+1%262"


@pytest.mark.usefixtures("room")
def test_a_coach_is_heard_by_the_coached_agents_leg_alone(control: CallControl, rest_api) -> None:
    leg = "CA" + "7" * 32
    rest_api.bodies[participant("agent-amira", "GET")] = {"call_sid": leg}
    control.perform(call_commands.ring(CALL, CELESTE, Mode.COACH, AMIRA))
    assert rest_api.asked == [ROOMS, participant("agent-amira", "GET"), RING]
    form = rest_api.received[-1]
    assert (form["Label"], form["Coaching"], form["CallSidToCoach"], form["Muted"]) == (
        "supervisor-celeste",
        "true",
        leg,
        "false",
    )


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize(("mode", "muted"), [(Mode.LISTEN, "true"), (Mode.TALK, "false")])
def test_a_mode_is_changed_in_place(control: CallControl, rest_api, mode: Mode, muted: str) -> None:
    control.perform(call_commands.change_mode(CALL, CELESTE, mode))
    assert rest_api.asked[-1] == participant("supervisor-celeste")
    assert rest_api.received[-1] == {"Muted": muted, "Coaching": "false"}


def test_a_waiting_caller_is_taken_out_of_the_queue_by_the_call(control: CallControl, rest_api) -> None:
    control.perform(call_commands.dequeue(CALL, QUEUE))
    assert rest_api.asked == [MEMBER]
    assert rest_api.received == [{"Url": f"{BASE}/voice/moved", "Method": "POST"}]


def test_with_no_queue_known_the_call_itself_is_moved(control: CallControl, rest_api) -> None:
    control.perform(call_commands.dequeue(CALL, ""))
    assert rest_api.asked == [f"POST Calls/{CALL}.json"]
    assert rest_api.received == [{"Url": f"{BASE}/voice/moved", "Method": "POST"}]


def test_a_caller_who_is_in_no_queue_and_in_no_conference_is_moved_as_a_call(control: CallControl, rest_api) -> None:
    rest_api.refusals[MEMBER] = (404, 20404)
    rest_api.bodies[ROOMS] = {"conferences": [], "page_size": 20}
    control.perform(call_commands.dequeue(CALL, QUEUE))
    assert rest_api.asked == [MEMBER, ROOMS, f"POST Calls/{CALL}.json"]


@pytest.mark.usefixtures("room")
def test_a_caller_who_is_with_the_agent_already_is_left_there(control: CallControl, rest_api) -> None:
    rest_api.refusals[MEMBER] = (404, 20404)
    control.perform(call_commands.dequeue(CALL, QUEUE))
    assert rest_api.asked == [MEMBER, ROOMS, participant(CALL, "GET")]


@pytest.mark.usefixtures("room")
def test_an_agent_alone_in_the_conference_does_not_stand_for_the_caller(control: CallControl, rest_api) -> None:
    rest_api.refusals[MEMBER] = (404, 20404)
    rest_api.refusals[participant(CALL, "GET")] = (404, 20404)
    control.perform(call_commands.dequeue(CALL, QUEUE))
    assert rest_api.asked[-1] == f"POST Calls/{CALL}.json"


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize("on", [True, False])
def test_hold_plays_the_centres_music_to_the_caller(control: CallControl, rest_api, on: bool) -> None:
    control.perform(call_commands.hold(CALL, on=on))
    assert rest_api.asked[-1] == participant(CALL)
    assert rest_api.received[-1] == {"Hold": "true" if on else "false", "HoldUrl": f"{BASE}/voice/music", "HoldMethod": "GET"}


@pytest.mark.usefixtures("room")
def test_mute_is_the_agents_own_leg(control: CallControl, rest_api) -> None:
    control.perform(call_commands.mute(CALL, AMIRA, on=True))
    assert rest_api.asked[-1] == participant("agent-amira")
    assert rest_api.received[-1] == {"Muted": "true"}


@pytest.mark.usefixtures("room")
def test_dropping_somebody_leaves_the_others(control: CallControl, rest_api) -> None:
    rest_api.refusals[participant("agent-amira", "DELETE")] = (204, 0)
    control.perform(call_commands.drop(CALL, AMIRA))
    assert rest_api.asked == [ROOMS, participant("agent-amira", "DELETE")]


def test_a_callback_names_the_case_and_says_when_it_is_over(control: CallControl, rest_api) -> None:
    control.perform(call_commands.call_back("+12065550143", "100001"))
    assert rest_api.asked == ["POST Calls.json"]
    form = rest_api.received[0]
    assert (form["To"], form["From"]) == ("+12065550143", NUMBER)
    assert (form["Url"], form["StatusCallback"]) == (
        f"{BASE}/voice/callback?case=100001",
        f"{BASE}/voice/status?case=100001",
    )


@pytest.mark.parametrize(("status", "code"), [(404, 20404), (400, 21220)])
@pytest.mark.parametrize("command", [call_commands.redirect(CALL), call_commands.hang_up(CALL)], ids=["move", "hang up"])
def test_a_caller_who_is_gone_needs_nothing(control: CallControl, rest_api, command, status: int, code: int) -> None:
    rest_api.refusals[f"POST Calls/{CALL}.json"] = (status, code)
    control.perform(command)
    assert rest_api.asked == [f"POST Calls/{CALL}.json"]


@pytest.mark.usefixtures("room")
def test_somebody_who_has_left_needs_not_be_dropped(control: CallControl, rest_api) -> None:
    rest_api.refusals[participant("agent-amira", "DELETE")] = (404, 20404)
    control.perform(call_commands.drop(CALL, AMIRA))
    rest_api.bodies[ROOMS] = {"conferences": [], "page_size": 20}
    control.perform(call_commands.drop(CALL, AMIRA))
    assert rest_api.asked[-1] == ROOMS


def test_a_conference_that_has_not_begun_is_asked_for_again(control: CallControl, rest_api) -> None:
    rest_api.bodies[ROOMS] = {"conferences": [], "page_size": 20}
    with pytest.raises(TelephonyError, match="has not begun") as caught:
        control.perform(call_commands.hold(CALL, on=True))
    assert not caught.value.is_final


@pytest.mark.usefixtures("room")
def test_a_participant_who_has_not_come_yet_is_asked_for_again(control: CallControl, rest_api) -> None:
    rest_api.refusals[participant("agent-amira")] = (404, 20404)
    with pytest.raises(TelephonyError) as caught:
        control.perform(call_commands.mute(CALL, AMIRA, on=True))
    assert not caught.value.is_final


@pytest.mark.parametrize(("status", "is_final"), [(400, True), (401, False), (429, False), (503, False)])
def test_a_refusal_to_call_somebody_is_final_when_the_number_is_no_use(
    control: CallControl, rest_api, status: int, is_final: bool
) -> None:
    rest_api.status = status
    with pytest.raises(TelephonyError) as caught:
        control.perform(call_commands.call_back("+12065550143", "100001"))
    assert caught.value.is_final is is_final
    assert "2065550143" not in str(caught.value)


def test_a_telephony_side_that_cannot_be_reached_is_asked_again() -> None:
    control = CallControl(rest_client(SID, "token", "http://127.0.0.1:9"), NUMBER, BASE)
    with pytest.raises(TelephonyError, match="cannot be reached") as caught:
        control.perform(call_commands.redirect(CALL))
    assert not caught.value.is_final
