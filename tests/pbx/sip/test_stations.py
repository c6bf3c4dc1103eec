"""Registered phones are rung: one, all of a user at once, and one after the other."""

import asyncio

from pbx.audio.port import Unanswered

ANSWER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8 96\r\na=rtpmap:96 telephone-event/8000\r\n"


def test_a_registered_phone_is_rung_where_it_registered_from_at_the_contact_it_gave(
    calling, another_phone, register, callee_at
):
    async def scenario(centre, phone):
        phone.contact = "<sip:amira-7f3@192.0.2.44:5062;ob>"
        await register(phone, "amira")
        station = centre.sip.station("amira")
        assert not station.is_busy
        ringing = station.ring("sip:alice@phone.test", "", "")
        invite = await callee_at(phone).rung()
        assert invite.text.startswith("INVITE sip:amira-7f3@192.0.2.44:5062;ob SIP/2.0")
        assert invite.header("From").startswith("<sip:alice@")
        assert station.is_busy
        ringing.give_up()
        assert not station.is_busy

    calling(scenario)


def test_all_phones_of_a_user_ring_and_the_first_to_answer_has_the_call(calling, another_phone, register, callee_at):
    async def scenario(centre, phone):
        async with another_phone(centre) as second:
            await register(phone, "amira")
            await register(second, "amira")
            ringing, one, two = centre.sip.station("amira").ring("+1555", "", ""), callee_at(phone), callee_at(second)
            await asyncio.gather(one.rung(), two.rung())
            two.answer(200, body=ANSWER)
            connection = await ringing.answered()
            assert connection.source.port == second.port
            assert (await phone.receive()).method == "CANCEL"

    calling(scenario)


def test_phones_less_wanted_ring_when_the_others_have_not_answered_and_busy_is_what_is_told(
    calling, another_phone, register, callee_at
):
    async def scenario(centre, phone):
        async with another_phone(centre) as second:
            phone.contact += ";q=0.9"
            second.contact += ";q=0.1"
            await register(phone, "amira")
            await register(second, "amira")
            ringing = centre.sip.station("amira").ring("+1555", "", "")
            await callee_at(phone).rung(486)
            await callee_at(second).rung(480)
            assert await ringing.answered() == Unanswered("busy", 486)

    calling(scenario)
