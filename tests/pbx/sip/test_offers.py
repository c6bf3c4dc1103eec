"""What a phone in a call offers of sound, and what it is told."""

import asyncio

import pytest

BARE = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"


def test_a_call_without_an_offer_is_offered_both_codecs_and_the_answer_comes_with_the_ack(calling):
    async def scenario(centre, phone):
        phone.send(phone.request("INVITE"))
        call, _ = await centre.next_call()
        answering = asyncio.create_task(call.answer())
        offered = await phone.final()
        phone.to = offered.header("To")
        assert "RTP/AVP 0 8 101" in offered.body
        assert not answering.done()
        phone.send(phone.request("ACK", body=BARE.replace("40000 RTP/AVP 0 101", "40000 RTP/AVP 8")))
        await answering
        assert call.port.figures.codec == "PCMA"
        assert (await phone.ask("BYE")).code == 200

    calling(scenario)


def test_an_offer_of_ours_that_is_answered_with_nothing_ends_the_call(calling):
    async def scenario(centre, phone):
        phone.send(phone.request("INVITE"))
        call, holding = await centre.next_call()
        answering = asyncio.create_task(call.answer())
        phone.to = (await phone.final()).header("To")
        phone.send(phone.request("ACK"))
        await answering
        assert (await phone.receive()).method == "BYE"
        assert holding.hang_ups == 1

    calling(scenario)


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (BARE + "a=sendonly\r\n", "a=recvonly"),
        (BARE + "a=inactive\r\n", "a=inactive"),
        (BARE.replace("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0"), "a=sendrecv"),
    ],
)
def test_a_phone_that_holds_is_sent_nothing_until_it_comes_back(calling, held, told):
    async def scenario(centre, phone):
        first, call, _ = await centre.answered(phone)
        answer = await phone.invite(body=held)
        assert answer.code == 200
        assert told in answer.body
        assert version(answer) == version(first) + 1
        call.port.give(b"\xff" * 160)
        assert call.port.figures.sent_frames == 0
        resumed = await phone.invite(body=BARE)
        assert "a=sendrecv" in resumed.body
        call.port.give(b"\xff" * 160)
        assert call.port.figures.sent_frames == 1

    calling(scenario)


def test_a_call_goes_on_after_an_offer_that_cannot_be_met(calling):
    async def scenario(centre, phone):
        _, _, holding = await centre.answered(phone)
        assert (await phone.invite(body=BARE.replace("RTP/AVP 0", "RTP/AVP 18"))).code == 488
        assert (await phone.invite()).code == 200
        offered = await phone.ask("INVITE")
        assert "RTP/AVP 0 8 101" in offered.body
        phone.send(phone.request("ACK", body=BARE))
        assert (await phone.ask("OPTIONS")).code == 200
        assert holding.hang_ups == 0

    calling(scenario)


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        (BARE.replace("RTP/AVP 0", "RTP/AVP 18"), 305),
        (BARE.replace("RTP/AVP", "RTP/SAVP"), 302),
        (BARE.replace("m=audio", "m=video"), 304),
        (BARE.replace("40000", "0"), 304),
        (BARE.replace("c=IN IP4 127.0.0.1", "c=IN IP4 phone.test"), 301),
        (BARE.replace("40000", "70000"), 399),
        ("nonsense", 399),
    ],
)
def test_a_call_whose_sound_we_do_not_speak_is_told_why(calling, body, warning):
    async def scenario(centre, phone):
        answer = await phone.invite(body=body)
        assert answer.code == 488
        assert answer.header("Warning").startswith(f'{warning} activation-center "')

    calling(scenario)


def test_a_body_that_is_no_session_description_is_refused_by_type(calling):
    async def scenario(centre, phone):
        phone.send(phone.request("INVITE", body="hello", kind="text/plain"))
        answer = await phone.final()
        assert (answer.code, answer.header("Accept")) == (415, "application/sdp")

    calling(scenario)


def test_a_description_with_letters_beyond_ascii_is_as_long_as_it_says(calling):
    async def scenario(centre, phone):
        answer, *_ = await centre.answered(phone, BARE.replace("s=-", "s=Gespräch mit Zoë"))
        assert answer.code == 200

    calling(scenario)


def version(answer) -> int:
    origin = next(line for line in answer.body.splitlines() if line.startswith("o="))
    return int(origin.split()[2])
