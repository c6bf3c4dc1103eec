"""We ring a phone at its address: it answers, or not, and what we make of that."""

import asyncio
import hashlib
import re

import pytest

from pbx.audio.port import Unanswered

ANSWER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8 96\r\na=rtpmap:96 telephone-event/8000\r\n"


def ring(centre, phone, **more):
    return centre.sip.station_at(f"sip:bob@127.0.0.1:{phone.port}", **more).ring("+15550123", "Zoë", "CA1")


def test_a_phone_that_answers_is_a_connection_with_sound(calling, callee_at):
    async def scenario(centre, phone):
        ringing = ring(centre, phone, headers={"X-Ticket": "7\r\nEvil: yes", "Via": "no"})
        rang = asyncio.Event()
        ringing.on_ringing(rang.set)
        callee = callee_at(phone)
        invite = await callee.rung()
        assert invite.text.startswith(f"INVITE sip:bob@127.0.0.1:{phone.port} SIP/2.0\r\n")
        assert invite.header("From").startswith('"Zoë" <sip:+15550123@127.0.0.1')
        assert invite.header("X-Ticket") == "7Evil: yes"
        assert invite.header("X-Twilio-CallSid") == "CA1"
        assert "RTP/AVP 0 8 101" in invite.body
        await rang.wait()
        callee.answer(200, body=ANSWER)
        connection = await ringing.answered()
        assert await callee.acknowledged()
        assert connection.port.figures.codec == "PCMA"
        assert connection.parameters["SipCallId"] == invite.header("Call-ID")
        connection.hang_up()
        assert (await phone.receive()).method == "BYE"

    calling(scenario)


@pytest.mark.parametrize(
    ("code", "status"),
    [(486, "busy"), (600, "busy"), (603, "busy"), (480, "no-answer"), (408, "no-answer"), (404, "failed"), (302, "failed")],
)
def test_a_phone_that_does_not_take_the_call_says_how(calling, code, status, callee_at):
    async def scenario(centre, phone):
        ringing = ring(centre, phone)
        await callee_at(phone).rung(code)
        assert await ringing.answered() == Unanswered(status, code)
        acknowledgement = (await phone.receive()).text
        assert acknowledgement.startswith(f"ACK sip:bob@127.0.0.1:{phone.port} SIP/2.0")

    calling(scenario)


def test_a_refusal_that_comes_again_is_acknowledged_again(calling, callee_at):
    async def scenario(centre, phone):
        ringing, callee = ring(centre, phone), callee_at(phone)
        await callee.rung(486)
        await ringing.answered()
        first = await callee.acknowledged()
        callee.answer(486)
        assert (await callee.acknowledged()).text == first.text

    calling(scenario)


def test_a_call_given_up_is_cancelled_and_one_that_answers_all_the_same_is_hung_up(calling, callee_at):
    async def scenario(centre, phone):
        ringing, callee, rang = ring(centre, phone), callee_at(phone), asyncio.Event()
        ringing.on_ringing(rang.set)
        await callee.rung()
        await rang.wait()
        ringing.give_up()
        assert await ringing.answered() == Unanswered("canceled")
        cancel = await phone.receive()
        assert cancel.method == "CANCEL"
        callee.answer(200, to=cancel)
        callee.answer(200, body=ANSWER)
        assert {(await phone.receive()).method, (await phone.receive()).method} == {"ACK", "BYE"}

    calling(scenario)


def test_whoever_stops_waiting_gives_the_call_up(calling, callee_at):
    async def scenario(centre, phone):
        ringing, rang = ring(centre, phone), asyncio.Event()
        ringing.on_ringing(rang.set)
        waiting = asyncio.create_task(ringing.answered())
        await callee_at(phone).rung()
        await rang.wait()
        waiting.cancel()
        assert (await phone.receive()).method == "CANCEL"

    calling(scenario)


def test_a_phone_that_says_nothing_does_not_answer(calling):
    async def scenario(centre, phone):
        ringing = ring(centre, phone)
        await phone.receive()
        centre.jump(33)
        assert await ringing.answered() == Unanswered("no-answer", 408)

    calling(scenario)


def test_a_phone_that_asks_who_calls_is_told(calling, callee_at):
    async def scenario(centre, phone):
        ringing, callee = ring(centre, phone, username="centre", password="secret"), callee_at(phone)
        await callee.rung(401, 'WWW-Authenticate: Digest realm="bob.test", nonce="abc", algorithm=MD5, qop="auth"')
        again = await callee.rung()
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', again.header("Authorization")))
        first = md5("centre:bob.test:secret")
        second = md5(f"INVITE:{given['uri']}")
        assert given["response"] == md5(f"{first}:abc:{given['nc']}:{given['cnonce']}:auth:{second}")
        callee.answer(200, body=ANSWER)
        assert not isinstance(await ringing.answered(), Unanswered)

    calling(scenario)


def test_a_phone_that_refuses_our_password_fails(calling, callee_at):
    async def scenario(centre, phone):
        ringing, callee = ring(centre, phone, username="centre", password="wrong"), callee_at(phone)
        for _ in range(2):
            await callee.rung(401, 'WWW-Authenticate: Digest realm="bob.test", nonce="abc", algorithm=MD5, qop="auth"')
        assert await ringing.answered() == Unanswered("failed", 401)

    calling(scenario)


@pytest.mark.parametrize("body", ["", "nonsense", ANSWER.replace("RTP/AVP 8", "RTP/AVP 18"), ANSWER.replace("40000", "0")])
def test_an_answer_without_sound_for_us_fails_and_is_hung_up(calling, body, callee_at):
    async def scenario(centre, phone):
        ringing = ring(centre, phone)
        await callee_at(phone).rung(200, body=body)
        assert await ringing.answered() == Unanswered("failed", 488)
        assert {(await phone.receive()).method, (await phone.receive()).method} == {"ACK", "BYE"}

    calling(scenario)


@pytest.mark.parametrize(
    "uri", ["", "bob", "sip:", "sip:bob@127.0.0.1:99999", "tel:+1555", "sip:bob@no such host", "sip:bob@name.invalid"]
)
def test_what_is_no_address_is_a_call_that_failed(calling, uri):
    async def scenario(centre, phone):
        assert await centre.sip.station_at(uri).ring("+1555", "", "").answered() == Unanswered("failed")

    calling(scenario)


def test_a_call_without_a_port_left_fails(calling):
    async def scenario(centre, phone):
        await centre.answered(phone)
        assert await ring(centre, phone).answered() == Unanswered("failed")

    calling(scenario, ports=1)


def test_the_phone_that_we_rang_hangs_up_holds_and_presses_keys_like_any_other(calling, callee_at):
    async def scenario(centre, phone):
        ringing, callee = ring(centre, phone), callee_at(phone)
        await callee.rung(200, body=ANSWER)
        connection = await ringing.answered()
        acknowledgement = await callee.acknowledged()
        holding = centre.hold(connection)
        phone.call_id, phone.tag, phone.to = acknowledgement.header("Call-ID"), "callee", acknowledgement.header("From")
        assert (await phone.ask("INFO", body="Signal=9\r\n", kind="application/dtmf-relay")).code == 200
        held = await phone.invite(body=ANSWER + "a=sendonly\r\n")
        assert (held.code, "a=recvonly" in held.body) == (200, True)
        assert (await phone.ask("BYE")).code == 200
        assert (holding.keys, holding.hang_ups) == ("9", 1)

    calling(scenario)


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()
