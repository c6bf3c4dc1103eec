"""A browser that calls and is rung: what its page is told, and what the leg of the call is told."""

import asyncio
import base64
from typing import Any

from pbx.audio.port import Unanswered
from pbx.browser.call import BrowserCall

HELLO = bytes(range(160))


def sound(mulaw: bytes, timestamp: int = 0) -> dict[str, Any]:
    return {"track": "inbound", "chunk": "1", "timestamp": str(timestamp), "payload": base64.b64encode(mulaw).decode()}


def test_a_browser_calls_and_the_leg_learns_whom_and_from_where(with_exchange):
    async def story(exchange):
        browser = await exchange.registered("visitor-00c0ffee")
        await browser.tell("call", to="sip:activate@127.0.0.1")
        calling = await browser.hear("calling")
        call = await exchange.next_call()
        assert (call.user, call.caller, call.call_id) == ("activate", "client:visitor-00c0ffee", calling["streamSid"])

    with_exchange(story)


def test_sound_goes_both_ways_once_the_call_is_answered(with_exchange, until):
    async def story(exchange):
        browser, call, _leg = await exchange.in_call()
        await browser.tell("media", media=sound(HELLO * 3))
        await until(lambda: call.port.figures.received_frames)
        assert [call.port.take() for _tick in range(4)] == [HELLO, HELLO, HELLO, None]
        call.port.give(HELLO)
        call.port.give(HELLO)
        heard = [(await browser.hear("media"))["media"] for _tick in range(2)]
        assert [base64.b64decode(each["payload"]) for each in heard] == [HELLO, HELLO]
        assert [each["timestamp"] for each in heard] == ["0", "20"]

    with_exchange(story)


def test_there_is_no_sound_before_the_answer(with_exchange, until, leg):
    async def story(exchange):
        browser = await exchange.registered()
        await browser.tell("call", to="activate")
        await browser.hear("calling")
        call = await exchange.next_call()
        call.attach(leg)
        call.port.give(HELLO)
        await browser.tell("media", media=sound(HELLO * 3))
        await browser.tell("dtmf", dtmf={"digit": "1"})
        await until(lambda: leg.pressed)
        assert call.port.take() is None
        call.hang_up()
        await browser.hear("ended")

    with_exchange(story)


def test_a_key_is_told_once_for_each_press_and_in_order(with_exchange, until):
    async def story(exchange):
        browser, _call, leg = await exchange.in_call()
        for digit in "0011223344*#":
            await browser.tell("dtmf", dtmf={"track": "inbound_track", "digit": digit})
        await until(lambda: len(leg.pressed) == 12)
        assert leg.pressed == "0011223344*#"

    with_exchange(story)


def test_keys_and_a_hang_up_before_the_leg_is_there_are_told_when_it_comes(with_exchange, until, leg):
    async def story(exchange):
        browser = await exchange.registered()
        await browser.tell("call", to="activate")
        await browser.hear("calling")
        call = await exchange.next_call()
        await browser.tell("dtmf", dtmf={"digit": "7"})
        await browser.tell("hang-up")
        await until(lambda: call.is_over)
        call.attach(leg)
        assert (leg.pressed, leg.hung_up) == ("7", 1)

    with_exchange(story)


def test_a_phone_on_hold_sends_nothing_and_is_sent_nothing_and_keys_still_count(with_exchange, until):
    async def story(exchange):
        browser, call, leg = await exchange.in_call()
        await browser.tell("hold", on=True)
        await until(lambda: not call.port.is_open)
        call.port.give(HELLO)
        await browser.tell("media", media=sound(HELLO * 3))
        await browser.tell("dtmf", dtmf={"digit": "5"})
        await until(lambda: leg.pressed == "5")
        assert call.port.take() is None
        await browser.tell("hold", on=False)
        await until(lambda: call.port.is_open)
        call.caption("Line", "Welcome back.")
        told = await browser.hear("caption")  # and not the sound that was given during the hold
        assert (told["speaker"], told["words"]) == ("Line", "Welcome back.")

    with_exchange(story)


def test_whoever_hangs_up_the_other_is_told_once(with_exchange, until):
    async def story(exchange):
        browser, call, leg = await exchange.in_call()
        call.hang_up()
        assert (await browser.hear("ended"))["reason"] == "hung-up"
        await browser.socket.close()
        await until(lambda: not exchange.stations.addresses())
        assert leg.hung_up == 0

        browser, call, leg = await exchange.in_call()
        await browser.tell("hang-up")
        await until(lambda: leg.hung_up)
        call.hang_up()
        await browser.socket.close()
        await until(lambda: not exchange.stations.addresses())
        assert leg.hung_up == 1

    with_exchange(story)


def test_a_call_that_is_refused_says_why_and_the_phone_can_call_again(with_exchange):
    async def story(exchange):
        browser = await exchange.registered()
        for reason in ("busy", "rejected", "unknown"):
            browser.stream_sid = ""
            await browser.tell("call", to="activate")
            await browser.hear("calling")
            (await exchange.next_call()).reject(reason)
            assert (await browser.hear("ended"))["reason"] == reason

    with_exchange(story)


def test_a_browser_is_rung_and_takes_the_call(with_exchange, until):
    async def story(exchange):
        browser, rings = await exchange.registered(), []
        station = exchange.stations.station("client:amira")
        ringing = station.ring("+12065550111", "Case 123456", "CA1")
        ringing.on_ringing(lambda: rings.append("now"))
        assert station.is_busy
        ring = await browser.hear("ring")
        assert (ring["caller"], ring["callerName"], ring["callSid"]) == ("+12065550111", "Case 123456", "CA1")
        await browser.tell("ringing")
        await until(lambda: rings)
        ringing.on_ringing(lambda: rings.append("at once"))
        await browser.tell("answer")
        call = await ringing.answered()
        assert isinstance(call, BrowserCall)
        await browser.hear("answered")
        await browser.tell("media", media=sound(HELLO * 3))
        await until(lambda: call.port.figures.received_frames == 3)
        assert call.port.take() == HELLO
        assert rings == ["now", "at once"]

    with_exchange(story)


def test_a_call_nobody_takes_comes_out_as_what_became_of_it(with_exchange, until):
    async def story(exchange):
        browser = await exchange.registered()
        station = exchange.stations.station("client:amira")

        declined = station.ring("client:bruno", "", "CA1")
        assert await station.ring("client:celeste", "", "CA2").answered() == Unanswered("busy")
        await browser.hear("ring")
        await browser.tell("hang-up")
        assert await declined.answered() == Unanswered("busy")
        assert not station.is_busy

        given_up = station.ring("client:bruno", "", "CA3")
        await browser.hear("ring")
        given_up.give_up()
        assert await given_up.answered() == Unanswered("canceled")
        assert (await browser.hear("ended"))["reason"] == "canceled"

        cancelled = station.ring("client:bruno", "", "CA4")
        await browser.hear("ring")
        waiting = asyncio.create_task(cancelled.answered())
        await asyncio.sleep(0)
        waiting.cancel()
        assert (await browser.hear("ended"))["reason"] == "canceled"

        vanished = station.ring("client:bruno", "", "CA5")
        await browser.hear("ring")
        await browser.socket.close()
        assert await vanished.answered() == Unanswered("no-answer")

    with_exchange(story)


def test_an_answer_that_comes_after_the_ringing_stopped_changes_nothing(with_exchange, until):
    async def story(exchange):
        browser = await exchange.registered()
        station = exchange.stations.station("client:amira")
        ringing = station.ring("client:bruno", "", "CA1")
        await browser.hear("ring")
        ringing.give_up()
        await browser.tell("answer")
        await browser.hear("ended")
        again = station.ring("client:bruno", "", "CA2")
        await browser.hear("ring")
        assert await ringing.answered() == Unanswered("canceled")
        await browser.tell("answer")
        assert isinstance(await again.answered(), BrowserCall)

    with_exchange(story)


def test_of_two_browsers_of_one_person_the_newest_free_one_is_rung(with_exchange):
    async def story(exchange):
        await exchange.in_call("amira")
        newer = await exchange.registered("amira")
        exchange.stations.station("client:amira").ring("client:bruno", "", "CA1")
        await newer.hear("ring")
        older_station = exchange.stations.station("client:amira")
        assert older_station.is_busy
        assert exchange.stations.station("client:nobody") is None

    with_exchange(story)


def test_a_second_call_from_a_phone_in_a_call_is_not_made(with_exchange, until):
    async def story(exchange):
        browser, _call, leg = await exchange.in_call()
        await browser.tell("call", to="activate")
        await browser.tell("dtmf", dtmf={"digit": "1"})
        await until(lambda: leg.pressed == "1")
        assert exchange.calls.empty()

    with_exchange(story)


def test_a_text_message_is_shown_wherever_its_address_has_a_phone(with_exchange):
    async def story(exchange):
        browser = await exchange.registered("visitor-1")
        assert exchange.stations.show_text("client:visitor-1", "+18005550199", "Your confirmation ID")
        told = await browser.hear("text")
        assert (told["sender"], told["body"]) == ("+18005550199", "Your confirmation ID")
        assert not exchange.stations.show_text("client:visitor-2", "+18005550199", "Nobody there")

    with_exchange(story)
