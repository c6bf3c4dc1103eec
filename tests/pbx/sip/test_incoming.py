"""A phone rings us: taken, refused, given up, held, and ended from either side."""

import asyncio

import pytest

BARE = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"


def test_a_call_is_tried_then_rings_then_is_answered_with_sound_where_the_exchange_listens(calling):
    async def scenario(centre, phone):
        phone.send(phone.request("INVITE", body=BARE))
        assert (await phone.receive()).code == 100
        call, _ = await centre.next_call()
        assert (await phone.receive()).code == 180
        await call.answer()
        answer = await phone.final()
        assert answer.code == 200
        assert f"m=audio {call.port.local_port} RTP/AVP 0 101" in answer.body
        assert "c=IN IP4 127.0.0.1" in answer.body
        assert answer.header("Contact").startswith("<sip:activate@127.0.0.1:")

    calling(scenario)


def test_a_number_that_nobody_has_is_not_found(calling):
    async def scenario(centre, phone):
        assert (await phone.invite(user="nobody")).code == 404
        assert centre.calls.empty()

    calling(scenario)


@pytest.mark.parametrize(("reason", "code"), [("busy", 486), ("rejected", 404)])
def test_a_rejected_call_is_told_why(calling, reason, code):
    async def scenario(centre, phone):
        inviting = asyncio.create_task(phone.invite())
        call, holding = await centre.next_call()
        call.reject(reason)
        assert (await inviting).code == code
        assert holding.hang_ups == 0

    calling(scenario)


def test_a_call_hung_up_while_it_rings_is_unavailable(calling):
    async def scenario(centre, phone):
        inviting = asyncio.create_task(phone.invite())
        call, _ = await centre.next_call()
        call.hang_up()
        assert (await inviting).code == 480

    calling(scenario)


def test_a_caller_who_gives_up_is_told_so_and_the_leg_once(calling):
    async def scenario(centre, phone):
        phone.send(phone.request("INVITE", body=BARE))
        call, holding = await centre.next_call()
        phone.send(phone.request("CANCEL"))
        answers = {(answer.code, answer.header("CSeq").split()[1]) for answer in [await phone.final(), await phone.final()]}
        assert answers == {(200, "CANCEL"), (487, "INVITE")}
        await holding.gone.wait()
        await call.answer()
        call.hang_up()
        assert holding.hang_ups == 1

    calling(scenario)


def test_what_happened_before_the_leg_came_is_told_when_it_comes(calling):
    async def scenario(centre, phone):
        phone.send(phone.request("INVITE", body=BARE))
        call = await centre.calls.get()
        phone.send(phone.request("CANCEL"))
        await phone.final()
        await phone.final()
        centre.calls.put_nowait(call)
        _, holding = await centre.next_call()
        assert holding.hang_ups == 1

    calling(scenario)


def test_the_line_hangs_up_and_the_phone_is_told(calling):
    async def scenario(centre, phone):
        _, call, holding = await centre.answered(phone)
        call.hang_up()
        goodbye = await phone.receive()
        assert goodbye.method == "BYE"
        assert holding.hang_ups == 0

    calling(scenario)


def test_a_repeated_invite_is_one_call_and_gets_the_same_answer(calling):
    async def scenario(centre, phone):
        invite = phone.request("INVITE", body=BARE)
        phone.send(invite)
        call, _ = await centre.next_call()
        await call.answer()
        first = await phone.final()
        for _ in range(3):
            phone.send(invite)
            assert (await phone.final()).text == first.text
        assert centre.calls.empty()

    calling(scenario)


def test_a_call_that_arrives_twice_on_different_ways_is_taken_once(calling):
    async def scenario(centre, phone):
        phone.send(phone.request("INVITE", body=BARE))
        await centre.next_call()
        phone.sequence -= 1
        phone.send(phone.request("INVITE", body=BARE))
        assert (await phone.final()).code == 482

    calling(scenario)


def test_an_answer_that_is_never_acknowledged_is_repeated_and_then_the_call_ends(calling):
    async def scenario(centre, phone):
        phone.send(phone.request("INVITE", body=BARE))
        call, holding = await centre.next_call()
        await call.answer()
        first = await phone.final()
        centre.jump(0.6)
        assert (await phone.final()).text == first.text
        centre.jump(40)
        while (message := await phone.receive()).method != "BYE":
            assert message.text == first.text
        await holding.gone.wait()
        assert holding.hang_ups == 1

    calling(scenario)


def test_a_call_without_a_port_left_for_its_sound_is_turned_away_and_the_next_one_is_served(calling, another_phone, serves):
    async def scenario(centre, phone):
        _, call, _ = await centre.answered(phone)
        async with another_phone(centre) as second:
            answer = await second.invite()
            assert (answer.code, answer.header("Retry-After")) == (503, "5")
        call.hang_up()
        await phone.receive()
        await serves(centre)

    calling(scenario, ports=1)


@pytest.mark.parametrize(
    ("sender", "caller", "name"),
    [
        ('"Alice" <sip:alice@phone.test:5070>', "sip:alice@phone.test", "Alice"),
        ("<sip:+15550123@gateway.test;user=phone>", "+15550123", ""),
        ('"Zoë Å" <sip:zoe@phone.test>', "sip:zoe@phone.test", "Zoë Å"),
        ("<tel:+15550123>", "+15550123", ""),
        ("sip:phone.test", "sip:phone.test", ""),
    ],
)
def test_the_caller_is_told_as_twilio_tells_callers(calling, sender, caller, name):
    async def scenario(centre, phone):
        phone.send(
            phone.request("INVITE", "X-Ticket: Seven of Nine", body=BARE).replace("<sip:caller@127.0.0.1>;tag", f"{sender};tag")
        )
        call, _ = await centre.next_call()
        assert (call.user, call.caller, call.caller_name) == ("activate", caller, name)
        assert call.parameters["SipCallId"] == phone.call_id == call.call_id
        assert call.parameters["SipHeader_X-Ticket"] == "Seven of Nine"
        assert call.parameters["SipDomain"] == "127.0.0.1"
        assert call.source.port == phone.port

    calling(scenario)


def test_a_call_that_the_house_fails_to_take_is_told_so_and_the_next_one_is_served(calling, serves, caplog):
    async def scenario(centre, phone):
        take, centre.on_call = centre.on_call, lambda call: [][call]
        assert (await phone.invite()).code == 500
        centre.on_call = take
        await serves(centre)
        assert "a SIP call was given up" in caplog.text

    calling(scenario)
