"""Every resource has exactly the fields that Twilio's own client reads: no field is missing, and none is made up."""

from collections.abc import Mapping
from typing import Any

import pytest
import requests
from twilio.base.instance_resource import InstanceResource
from twilio.rest.api.v2010.account.call import CallInstance
from twilio.rest.api.v2010.account.call.recording import RecordingInstance as CallRecordingInstance
from twilio.rest.api.v2010.account.conference import ConferenceInstance
from twilio.rest.api.v2010.account.conference.participant import ParticipantInstance
from twilio.rest.api.v2010.account.incoming_phone_number import IncomingPhoneNumberInstance
from twilio.rest.api.v2010.account.message import MessageInstance
from twilio.rest.api.v2010.account.notification import NotificationInstance
from twilio.rest.api.v2010.account.queue import QueueInstance
from twilio.rest.api.v2010.account.queue.member import MemberInstance
from twilio.rest.api.v2010.account.recording import RecordingInstance

ACCOUNT, TOKEN = "AC" + "2" * 32, "not-a-secret"


class Seen(dict):
    """A resource that notes which of its fields are read."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        super().__init__(fields)
        self.read: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.read.add(name)
        return super().get(name, default)


def fields_read(kind: type[InstanceResource], shown: Mapping[str, Any], *path: str) -> set[str]:
    seen = Seen(shown)
    kind(None, seen, ACCOUNT, *path)
    return seen.read


def fetch(floor, path: str) -> Any:
    answer = requests.get(f"{floor.exchange.url}/2010-04-01/Accounts/{ACCOUNT}/{path}", auth=(ACCOUNT, TOKEN), timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_call(floor):
    floor.centre.pages["/voice"] = "<Hangup/>"
    floor.call("end hung-up-by-line").result(20)
    call = fetch(floor, "Calls.json")["calls"][0]
    assert call.keys() == fields_read(CallInstance, call)


def test_an_incoming_phone_number(floor):
    number = fetch(floor, "IncomingPhoneNumbers.json")["incoming_phone_numbers"][0]
    assert number.keys() == fields_read(IncomingPhoneNumberInstance, number)


def test_a_queue_and_its_member(floor):
    floor.centre.pages["/voice"] = '<Enqueue waitUrl="/wait">some</Enqueue>'
    floor.centre.pages["/wait"] = "<Pause length='60'/>"
    floor.call('wait\nhear "the end"\nend hung-up-by-line')
    floor.centre.hears("/wait")
    queue = next(queue for queue in fetch(floor, "Queues.json")["queues"] if queue["friendly_name"] == "some")
    assert queue.keys() == fields_read(QueueInstance, queue) | {"subresource_uris"}
    member = fetch(floor, f"Queues/{queue['sid']}/Members.json")["queue_members"][0]
    assert member.keys() == fields_read(MemberInstance, member, queue["sid"])


def test_a_conference_and_its_participant(floor):
    floor.centre.pages["/voice"] = "<Dial><Conference waitUrl=''>fields</Conference></Dial>"
    floor.call('wait\nhear "the end"\nend hung-up-by-line')
    room = until(lambda: fetch(floor, "Conferences.json?FriendlyName=fields")["conferences"])[0]
    assert room.keys() == fields_read(ConferenceInstance, room)
    participant = fetch(floor, f"Conferences/{room['sid']}/Participants.json")["participants"][0]
    assert participant.keys() == fields_read(ParticipantInstance, participant, room["sid"])


def test_a_message(floor):
    floor.client.messages.create(to="+12065550143", from_="+12065550100", body="Hello.")
    message = fetch(floor, "Messages.json")["messages"][0]
    assert message.keys() == fields_read(MessageInstance, message)


def test_a_notification_and_a_recording(softphones):
    floor = softphones.floor
    floor.centre.pages |= {"/voice": '<Record maxLength="1" playBeep="false" action="/recorded"/>', "/recorded": "<Play/>"}
    phone = softphones.dial("activate")
    form = floor.centre.hears("/recorded")
    phone.is_gone(20)
    recording = fetch(floor, f"Recordings/{form['RecordingUrl'].rpartition('/')[2]}.json")
    assert recording.keys() == fields_read(RecordingInstance, recording)
    below = fetch(floor, f"Calls/{form['CallSid']}/Recordings.json")["recordings"][0]
    assert below.keys() == fields_read(CallRecordingInstance, below, form["CallSid"])
    notification = fetch(floor, f"Calls/{form['CallSid']}/Notifications.json")["notifications"][0]
    whole = fetch(floor, f"Notifications/{notification['sid']}.json")
    assert whole.keys() == fields_read(NotificationInstance, whole)


def until(found):
    """Ask again and again, each time over the network, until there is something."""
    for _ in range(2000):
        if answer := found():
            return answer
    return pytest.fail("there was nothing")
