"""Text messages by REST: https://www.twilio.com/docs/messaging/api/message-resource."""

import pytest
from twilio.base.exceptions import TwilioRestException

FROM = "+12065550100"


def test_a_message_is_taken_and_can_be_read_again(floor):
    sent = floor.client.messages.create(to="+12065550151", from_=FROM, body="Block A: 123456")
    assert (sent.status, sent.direction, sent.num_segments) == ("queued", "outbound-api", "1")
    shown = floor.client.messages(sent.sid).fetch()
    assert (shown.to, shown.from_, shown.body, shown.status) == ("+12065550151", FROM, "Block A: 123456", "sent")
    assert shown.date_sent is not None
    assert [message.sid for message in floor.client.messages.list(to="+12065550151")] == [sent.sid]
    assert floor.client.messages.list(from_="+12065550199") == []


def test_the_status_callback_is_told_that_it_is_sent(floor):
    sent = floor.client.messages.create(to="+12065550151", from_=FROM, body="Hello.", status_callback=floor.url("/sent"))
    form = floor.centre.hears("/sent")
    assert (form["MessageSid"], form["SmsSid"], form["MessageStatus"], form["SmsStatus"]) == (
        sent.sid,
        sent.sid,
        "sent",
        "sent",
    )
    assert (form["To"], form["From"], "Body" in form) == ("+12065550151", FROM, False)


def test_what_may_not_be_kept_is_not_kept(floor):
    sent = floor.client.messages.create(to="+12065550151", from_=FROM, body="Your key: SECRET")
    assert floor.client.messages(sent.sid).fetch().body == "Your key: (removed)"


def test_a_message_appears_on_the_phone_that_has_the_number(floor, capsys):
    floor.centre.pages.update({"/voice": '<Enqueue waitUrl="/wait">texted</Enqueue>', "/wait": "<Pause/>"})
    call = floor.call("wait\nend hung-up-by-line", number="+12065550152")
    sid = floor.centre.hears("/wait")["CallSid"]
    floor.client.messages.create(to="+12065550152", from_=FROM, body="Block A:\n123456\x1b[2J")
    floor.client.messages.create(to="+12065550153", from_=FROM, body="for somebody else")
    floor.client.calls(sid).update(status="completed")
    call.result(20)
    lines = capsys.readouterr().out.splitlines()
    assert "(Text message from +12065550100: Block A: 123456 [2J)" in lines
    assert not any("somebody else" in line for line in lines)


@pytest.mark.parametrize(
    ("given", "code"), [({"to": ""}, 21604), ({"from_": ""}, 21603), ({"body": ""}, 21602), ({"body": "x" * 1601}, 21617)]
)
def test_a_message_that_lacks_something_is_refused(floor, given, code):
    with pytest.raises(TwilioRestException) as refused:
        floor.client.messages.create(**{"to": "+12065550151", "from_": FROM, "body": "hello", **given})
    assert (refused.value.status, refused.value.code) == (400, code)
