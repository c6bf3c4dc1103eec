"""Messages taken apart and judged, whatever they are; and the exchange that goes on serving."""

import asyncio
import random

from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.message import Message, to_bytes
from pbx.sip.screening import Refusal, answer_to, screen

WHOLE = (
    "INVITE sip:activate@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bK1;rport\r\n"
    'From: "Zoë" <sip:zoe@127.0.0.1>;tag=1\r\nTo: <sip:activate@127.0.0.1>\r\nCall-ID: 1@here\r\nCSeq: 1 INVITE\r\n'
    "Contact: <sip:zoe@127.0.0.1:5061>\r\nMax-Forwards: 70\r\nContent-Type: application/sdp\r\nContent-Length: 4\r\n\r\nv=0"
    "\x0a"
)
PIECES = st.sampled_from(WHOLE.encode().split(b"\r\n")) | st.binary(max_size=30)


@given(st.binary(max_size=300) | st.lists(PIECES, max_size=14).map(b"\r\n".join))
def test_no_bytes_whatever_raise_and_what_is_refused_is_told_on_whole_lines(data):
    message = Message.parse(data)
    if message is not None and not message.is_response and (refusal := screen(message)) is not None:
        told = Message.parse(to_bytes(answer_to(message, refusal)))
        assert told is not None
        assert told.start_line.startswith(f"SIP/2.0 {refusal.code} ")
        assert len(told.headers) == len(answer_to(message, refusal).strip().split("\r\n")) - 1


@given(st.text(), st.binary(max_size=50))
def test_text_stands_for_the_bytes_it_came_from(name, body):
    head = f"MESSAGE sip:a@b SIP/2.0\r\nSubject: {' '.join(name.split())}".encode(errors="ignore")
    first = Message.parse(head + b"\r\n\r\n" + body)
    assert first is not None
    again = Message.parse(to_bytes(str(first)))
    assert again == first
    assert len(first.body) == len(body)


def test_a_message_that_is_whole_is_not_refused():
    assert screen(Message.parse(WHOLE.encode())) is None


def test_every_copy_of_a_refused_message_gets_the_same_answer():
    broken = Message.parse(WHOLE.replace("CSeq: 1", "CSeq: x").encode())
    answers = {answer_to(broken, Refusal(400, "Malformed CSeq")) for _ in range(3)}
    assert len(answers) == 1
    assert ";tag=" in next(iter(answers))


def test_five_hundred_spoiled_messages_later_a_call_succeeds(calling, serves):
    async def scenario(centre, phone):
        chance = random.Random(4475)
        for _ in range(500):
            method = chance.choice(["INVITE", "OPTIONS", "REGISTER", "BYE", "INFO", "CANCEL", "ACK", "DANCE"])
            spoiled = bytearray(phone.request(method, body="v=0\r\nm=audio 9 RTP/AVP 0\r\n").encode())
            for _ in range(chance.randint(1, 12)):
                spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
            phone.send(bytes(spoiled[: chance.randint(1, len(spoiled))] if chance.random() < 0.3 else spoiled))
            await asyncio.sleep(0)
        await serves(centre)

    calling(scenario)
