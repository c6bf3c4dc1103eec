"""Queues and members by REST: https://www.twilio.com/docs/voice/api/queue-resource and .../member-resource."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from twilio.base.exceptions import TwilioRestException

SCRIPT = 'hear "please hold"\nwait\nhear "elsewhere"\nend hung-up-by-line'


@pytest.fixture
def queue(floor, request):
    """The name of a queue of this test's own, on a centre whose line leads there."""
    name = request.node.name[:64]
    floor.centre.pages.update(
        {
            "/voice": f'<Say>Please hold.</Say><Enqueue action="/dequeued" waitUrl="/wait">{name}</Enqueue>',
            "/wait": "<Pause/>",
            "/elsewhere": "<Say>You are elsewhere.</Say>",
        }
    )
    return name


def enter(floor, number):
    """One more caller in the queue; the call, and the first that the wait URL was told of it."""
    call = floor.call(SCRIPT, number=number)
    return call, floor.centre.hears("/wait", From=number)


def find(floor, name):
    return next(queue for queue in floor.client.queues.list() if queue.friendly_name == name)


def test_a_queue_and_its_members_have_the_fields_that_twilios_client_reads(floor, queue):
    call, told = enter(floor, "+12065550131")
    shown = floor.client.queues(told["QueueSid"]).fetch()
    assert (shown.friendly_name, shown.current_size, shown.max_size) == (queue, 1, 1000)
    assert (shown.account_sid, shown.average_wait_time < 60) == (told["AccountSid"], True)
    member = floor.client.queues(shown.sid).members(told["CallSid"]).fetch()
    assert (member.call_sid, member.position, member.queue_sid) == (told["CallSid"], 1, shown.sid)
    assert abs((datetime.now(UTC) - member.date_enqueued).total_seconds()) < 60
    assert member.wait_time < 60
    floor.client.queues(shown.sid).members("Front").update(url=floor.url("/elsewhere"))
    call.result(20)


def test_phones_in_processes_of_their_own_stand_in_one_queue_and_move_up(floor, queue):
    first_call, _ = enter(floor, "+12065550131")
    _, second = enter(floor, "+12065550132")
    assert (second["QueuePosition"], second["CurrentQueueSize"]) == ("2", "2")
    members = floor.client.queues(second["QueueSid"]).members
    assert [member.position for member in members.list()] == [1, 2]
    members("Front").update(url=floor.url("/elsewhere"), method="POST")
    first_call.result(20)
    moved_up = floor.centre.hears("/wait", CallSid=second["CallSid"], QueuePosition="1")
    assert moved_up["CurrentQueueSize"] == "1"
    members(second["CallSid"]).update(url=floor.url("/elsewhere"))


def test_a_member_is_dequeued_to_a_url_and_the_action_hears_of_it(floor, queue):
    call, told = enter(floor, "+12065550131")
    dequeued = floor.client.queues(told["QueueSid"]).members(told["CallSid"]).update(url=floor.url("/elsewhere"))
    assert (dequeued.call_sid, dequeued.position) == (told["CallSid"], 1)
    call.result(20)
    form = floor.centre.hears("/dequeued")
    assert (form["QueueResult"], form["QueueSid"]) == ("redirected", told["QueueSid"])
    assert find(floor, queue).current_size == 0


def test_of_two_agents_who_take_the_same_caller_one_does_and_the_other_is_told(floor, queue):
    call, told = enter(floor, "+12065550131")

    def take(_):
        try:
            floor.client.queues(told["QueueSid"]).members(told["CallSid"]).update(url=floor.url("/elsewhere"))
        except TwilioRestException as refused:
            return refused.status
        return 200

    with ThreadPoolExecutor() as agents:
        assert sorted(agents.map(take, range(4))) == [200, 404, 404, 404]
    call.result(20)
    assert len(floor.centre.forms("/elsewhere")) == 1


def test_who_hangs_up_has_left_the_queue(floor, queue):
    floor.centre.pages["/wait"] = "<Say>Wait.</Say><Pause/>"
    floor.call('hear "wait"\nend waiting').result(20)
    assert find(floor, queue).current_size == 0


def test_nobody_is_in_front_of_an_empty_queue(floor, queue):
    call, told = enter(floor, "+12065550131")
    members = floor.client.queues(told["QueueSid"]).members
    members("Front").update(url=floor.url("/elsewhere"))
    call.result(20)
    with pytest.raises(TwilioRestException) as refused:
        members("Front").update(url=floor.url("/elsewhere"))
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_a_member_is_not_moved_without_a_url(floor, queue):
    call, told = enter(floor, "+12065550131")
    with pytest.raises(TwilioRestException) as refused:
        floor.client.queues(told["QueueSid"]).members("Front").update(url="elsewhere")
    assert (refused.value.status, refused.value.code) == (400, 21205)
    floor.client.queues(told["QueueSid"]).members("Front").update(url=floor.url("/elsewhere"))
    call.result(20)


def test_a_queue_is_created_renamed_resized_and_deleted(floor):
    queue = floor.client.queues.create(friendly_name="new", max_size=7)
    assert (queue.friendly_name, queue.max_size, queue.current_size) == ("new", 7, 0)
    queue = queue.update(friendly_name="newer", max_size=8)
    assert (queue.friendly_name, queue.max_size) == ("newer", 8)
    assert [one.sid for one in floor.client.queues.list() if one.friendly_name == "newer"] == [queue.sid]
    assert queue.delete()
    assert [one for one in floor.client.queues.list() if one.sid == queue.sid] == []


def test_a_queue_in_which_somebody_waits_is_told_its_size_and_is_not_deleted(floor):
    queue = floor.client.queues.create(friendly_name="small", max_size=3)
    floor.centre.pages |= {"/voice": '<Enqueue waitUrl="/wait">small</Enqueue>', "/wait": "<Play>/music.wav</Play>"}
    floor.call('wait\nhear "the end"\nend hung-up-by-line')
    form = floor.centre.hears("/wait")
    assert (form["QueueSid"], form["MaxQueueSize"]) == (queue.sid, "3")
    with pytest.raises(TwilioRestException) as refused:
        queue.delete()
    assert (refused.value.status, refused.value.code) == (400, 22002)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"friendly_name": ""}, 22001), ({"friendly_name": "x" * 65}, 20001), ({"friendly_name": "a", "max_size": 5001}, 20001)],
)
def test_a_queue_that_will_not_do_is_refused(floor, wrong, code):
    with pytest.raises(TwilioRestException) as refused:
        floor.client.queues.create(**wrong)
    assert (refused.value.status, refused.value.code) == (400, code)


def test_two_queues_do_not_have_one_name(floor):
    queue = floor.client.queues.create(friendly_name="one name")
    other = floor.client.queues.create(friendly_name="another name")
    for act in (lambda: floor.client.queues.create(friendly_name="one name"), lambda: other.update(friendly_name="one name")):
        with pytest.raises(TwilioRestException) as refused:
            act()
        assert refused.value.code == 22003
    assert (queue.delete(), other.delete()) == (True, True)
