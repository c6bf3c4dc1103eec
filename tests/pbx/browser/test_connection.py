"""Who may have a phone, and that nothing a browser sends is fatal to more than its own connection."""

import base64
import time

import aiohttp
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.browser import messages, socket
from pbx.browser.token import token_verifier

SID, TOKEN = "AC" + "0" * 32, "0123456789abcdef0123456789abcdef"
NONSENSE = [
    "",
    "not JSON",
    "[]",
    "null",
    "{}",
    '{"event":"no such event"}',
    '{"event":"media","streamSid":"MZ1","media":{"payload":"not base64!"}}',
    '{"event":"media","streamSid":"MZ1","media":{"payload":"","timestamp":"-1"}}',
    '{"event":"media","streamSid":"MZ1","media":{"payload":"","timestamp":"9999999999999999"}}',
    '{"event":"dtmf","streamSid":"MZ1","dtmf":{"digit":"12"}}',
    '{"event":"dtmf","streamSid":"MZ1","dtmf":{"digit":"\\n"}}',
    '{"event":"call","to":""}',
    '{"event":"call","to":"' + "9" * 200 + '"}',
    '{"event":"call","to":"\\u0661\\u0662"}',
    '{"event":"hold","streamSid":"MZ1","on":"yes"}',
    '{"event":"start","streamSid":"MZ1","start":{"mediaFormat":{"encoding":"audio/l16","sampleRate":8000,"channels":1}}}',
]


@pytest.mark.parametrize("origin", [None, "null", "http://127.0.0.1:8001", "https://127.0.0.1:8000", "http://evil.example"])
def test_a_page_of_another_origin_gets_no_phone(with_exchange, origin):
    async def story(exchange):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await exchange.connect(origin=origin)
        assert refused.value.status == 403
        assert exchange.stations.addresses() == ()

    with_exchange(story)


@pytest.mark.parametrize("name", ["192.0.2.7", "centre.example", "[2001:db8::7]"])
def test_a_page_opened_on_another_machine_gets_a_phone_under_the_name_it_was_opened_by(with_exchange, name):
    async def story(exchange):
        browser = await exchange.connect(origin=f"http://{name}:8000", host=f"{name}:8001")
        await browser.hear("registered")

    with_exchange(story, has_other_names=True)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://evil.example:8000", "192.0.2.7:8001"),
        ("http://192.0.2.7:8080", "192.0.2.7:8001"),
        ("https://192.0.2.7:8000", "192.0.2.7:8001"),
        ("null", "192.0.2.7:8001"),
        ("http://[192.0.2.7:8000", "192.0.2.7:8001"),
        ("http://192.0.2.7:port", "192.0.2.7:8001"),
    ],
)
def test_a_page_of_another_server_gets_no_phone_where_other_machines_reach_the_exchange(with_exchange, origin, host):
    async def story(exchange):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await exchange.connect(origin=origin, host=host)
        assert refused.value.status == 403

    with_exchange(story, has_other_names=True)


def test_an_exchange_for_this_machine_alone_goes_by_no_other_name(with_exchange):
    async def story(exchange):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await exchange.connect(origin="http://centre.example:8000", host="centre.example:8001")

    with_exchange(story)


def test_a_token_that_is_not_good_gets_no_phone_and_is_asked_for_again(with_exchange, token_for):
    bad = {
        "forged": token_for("amira", secret="f" * 32),
        "too old": token_for("amira", ttl_seconds=-60),
        "of another account": token_for("amira", account="AC" + "1" * 32),
        "of nobody": token_for(""),
        "with a name that is none": token_for("amira\nbruno"),
        "no token": "nonsense",
    }

    async def story(exchange):
        for why, token in bad.items():
            browser = await exchange.connect(token=token)
            assert await browser.is_let_go() == socket.PROVE_AGAIN, why
        assert exchange.stations.addresses() == ()

    with_exchange(story)


def test_a_token_without_a_signature_is_never_believed(token_for):
    verify = token_verifier(SID, TOKEN)
    assert verify(token_for("amira")).name == "amira"
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    _header, claims, _signature = token_for("amira").split(".")
    assert verify(f"{header}.{claims}.") is None


def test_a_phone_that_does_not_greet_is_let_go(with_exchange):
    async def story(exchange):
        async with exchange.client.ws_connect(exchange.url, headers={"Origin": "http://127.0.0.1:8000"}) as silent:
            await silent.send_str('{"event":"call","to":"activate"}')
            assert (await silent.receive(timeout=5)).data == 1008
        assert exchange.calls.empty()

    with_exchange(story)


def test_a_call_outlives_its_token_and_then_the_token_is_asked_for_again(with_exchange, token_for, until):
    async def story(exchange):
        token = token_for("amira", ttl_seconds=1)
        expires_at = token_verifier(SID, TOKEN)(token).expires_at
        browser = await exchange.connect(token=token)
        await browser.hear("registered")
        await browser.tell("call", to="activate")
        await browser.hear("calling")
        call = await exchange.next_call()
        await until(lambda: time.time() > expires_at)
        call.caption("Line", "still here")
        await browser.hear("caption")
        call.hang_up()
        await browser.hear("ended")
        assert await browser.is_let_go() == socket.PROVE_AGAIN

    with_exchange(story)


def test_messages_that_make_no_sense_leave_the_call_as_it_is(with_exchange, until):
    async def story(exchange):
        browser, call, leg = await exchange.in_call()
        for nonsense in NONSENSE:
            await browser.socket.send_str(nonsense)
        await browser.socket.send_bytes(b"\xff\xfe\x00")
        await browser.tell("dtmf", dtmf={"digit": "9"})
        await until(lambda: leg.pressed)
        assert leg.pressed == "9"
        assert not call.is_over

    with_exchange(story)


def test_a_browser_that_never_makes_sense_is_let_go_and_its_call_ends(with_exchange, until):
    async def story(exchange):
        browser, _call, leg = await exchange.in_call()
        for _again in range(socket.FORGIVEN_MESSAGES + 1):
            await browser.socket.send_str("nonsense")
        assert await browser.is_let_go() == 1008
        await until(lambda: leg.hung_up)
        await exchange.in_call("bruno")

    with_exchange(story)


def test_a_message_that_is_too_long_ends_its_own_connection_only(with_exchange, until):
    async def story(exchange):
        browser, _call, leg = await exchange.in_call()
        await browser.socket.send_str("x" * (messages.MAXIMUM_MESSAGE_BYTES + 1))
        assert await browser.is_let_go() == 1009
        await until(lambda: leg.hung_up)
        await exchange.in_call("bruno")

    with_exchange(story)


def test_a_flood_is_read_no_faster_than_a_phone_speaks_and_others_are_served_meanwhile(with_exchange, until):
    async def story(exchange):
        browser, call, _leg = await exchange.in_call()
        payload = base64.b64encode(bytes(160)).decode()
        began = time.monotonic()
        for _frame in range(1000):
            await browser.tell("media", media={"payload": payload, "timestamp": "0"})
        other, _other_call, other_leg = await exchange.in_call("bruno")
        await other.tell("dtmf", dtmf={"digit": "3"})
        await until(lambda: other_leg.pressed == "3")
        seconds = time.monotonic() - began
        assert call.port.figures.received_frames <= socket.BURST_MESSAGES + socket.MESSAGES_PER_SECOND * (seconds + 1)
        assert not call.is_over

    with_exchange(story)


def test_a_connection_that_breaks_ends_the_call_and_the_phone_can_come_back(with_exchange, until):
    async def story(exchange):
        browser, _call, leg = await exchange.in_call()
        browser.socket._response.connection.transport.abort()  # no farewell, as when a laptop is shut
        await until(lambda: leg.hung_up)
        assert leg.hung_up == 1
        again, _call, second = await exchange.in_call()
        await again.tell("dtmf", dtmf={"digit": "1"})
        await until(lambda: second.pressed)
        assert (leg.pressed, second.pressed) == ("", "1")

    with_exchange(story)


def test_what_was_for_the_last_call_is_not_for_the_next(with_exchange, until):
    async def story(exchange):
        browser, call, leg = await exchange.in_call()
        last = browser.stream_sid
        call.hang_up()
        await browser.hear("ended")
        browser.stream_sid = ""
        await browser.tell("call", to="activate")
        await browser.hear("calling")
        second, second_leg = await exchange.next_call(), type(leg)()
        second.attach(second_leg)
        now, browser.stream_sid = browser.stream_sid, last
        for late in ({"event": "dtmf", "dtmf": {"digit": "1"}}, {"event": "hang-up"}):
            await browser.socket.send_json({**late, "streamSid": last})
        browser.stream_sid = now
        await browser.tell("dtmf", dtmf={"digit": "2"})
        await until(lambda: second_leg.pressed)
        assert second_leg.pressed == "2"
        assert not second.is_over

    with_exchange(story)


def test_sound_a_slow_browser_does_not_fetch_is_left_out_and_not_kept(with_exchange, until):
    async def story(exchange):
        browser, call, _leg = await exchange.in_call()
        for _tick in range(socket.LATE_MESSAGES * 3):  # in one go, so that nothing is sent in between
            call.port.give(bytes(160))
        call.hang_up()
        heard = 0
        while (told := await browser.socket.receive_json(timeout=5))["event"] == "media":
            heard += 1
        assert told["event"] == "ended"
        assert heard == socket.LATE_MESSAGES

    with_exchange(story)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner) | st.lists(inner)
    )
)
def test_whatever_is_read_is_a_message_or_a_refusal(value):
    raw = msgspec.json.encode(value)
    with pytest.raises(msgspec.MsgspecError):
        messages.read_from_browser(raw)
