"""What is read out of session descriptions, and what is said in return."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.sip import sdp
from pbx.sip.sdp import Direction, Incompatible, Local, Session

LOCAL = Local("127.0.0.1", 16384, 7)

ports = st.integers(1, 65535)
payload_types = st.integers(96, 127)
directions = st.sampled_from(Direction)
addresses = st.ip_addresses().filter(lambda address: not address.is_multicast)


def description(*lines, address="192.0.2.1"):
    family = "IP6" if ":" in str(address) else "IP4"
    head = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", f"c=IN {family} {address}", "t=0 0"]
    return "\r\n".join([*head, *lines, ""])


@given(
    port=ports, numbers=st.lists(payload_types, min_size=3, max_size=3, unique=True), direction=directions, address=addresses
)
def test_an_offer_on_dynamic_payload_types_is_answered_with_the_same_ones(port, numbers, direction, address):
    alaw, mulaw, events = numbers
    session = sdp.read(
        description(
            f"m=audio {port} RTP/AVP {alaw} {mulaw} {events}",
            f"a=rtpmap:{alaw} pcma/8000",
            f"a=rtpmap:{mulaw} PCMU/8000/1",
            f"a=rtpmap:{events} Telephone-Event/8000",
            f"a={direction}",
            address=address,
        )
    )
    assert isinstance(session, Session)
    assert (session.port, session.codec, session.payload_type, session.event_payload_type) == (port, "PCMU", mulaw, events)
    assert session.is_held == (direction in ("sendonly", "inactive") or address.is_unspecified)
    answer = sdp.read(sdp.answer(session, LOCAL))
    assert isinstance(answer, Session)
    assert (answer.port, answer.codec, answer.payload_type, answer.event_payload_type) == (16384, "PCMU", mulaw, events)
    assert answer.direction.mirrored == direction


@given(st.text(max_size=400))
def test_no_text_whatever_raises(text):
    assert isinstance(sdp.read(text), Session | Incompatible)
    assert isinstance(sdp.read("v=0\r\n" + text), Session | Incompatible)


LINES = st.sampled_from(
    ["v=0", "m=audio 4000 RTP/AVP 0", "m=audio 0 RTP/AVP 0", "m=audio 9 RTP/AVP 18 8", "m=video 5 RTP/AVP 31", "m=audio 1/2 RTP/AVP 0 96",
     "m=", "m=audio", "m=audio x RTP/AVP 0", "m=audio 99999999999 RTP/AVP 0", "c=IN IP4 1.2.3.4", "c=", "c=IN IP6 ::1", "c=IN IP4 224.0.0.1/3",
     "a=rtpmap:96 telephone-event/8000", "a=rtpmap:0 PCMA/8000", "a=rtpmap:8 PCMU/16000", "a=rtpmap:", "a=sendonly", "a=inactive", "a=", "x"]
)  # fmt: skip


@given(st.lists(LINES, max_size=12))
def test_whatever_is_taken_names_a_port_an_address_and_a_codec_and_is_answered_line_for_line(lines):
    session = sdp.read("\r\n".join(["v=0", *lines]))
    if isinstance(session, Session):
        assert 0 < session.port <= 65535
        assert session.codec in sdp.CODECS
        answer = [line for line in sdp.answer(session, LOCAL).splitlines() if line.startswith("m=")]
        assert len(answer) == len(session.streams)
        assert sum(" 0 " not in line.partition("RTP")[0] for line in answer) == 1
    else:
        assert session.text
        assert 300 <= session.code <= 399


@given(ports, st.integers(0, 2**31), st.integers(1, 9))
def test_an_offer_of_ours_is_one_that_we_would_take(port, session, version):
    read = sdp.read(sdp.offer(Local("192.0.2.9", port, session, version)))
    assert isinstance(read, Session)
    assert (read.port, read.codec, read.event_payload_type, read.direction) == (port, "PCMU", 101, Direction.SENDRECV)


@pytest.mark.parametrize(
    ("lines", "codec", "payload_type"),
    [
        (["m=audio 4000 RTP/AVP 8"], "PCMA", 8),
        (["m=audio 4000 RTP/AVP 18 8 0"], "PCMU", 0),
        (["m=video 4002 RTP/AVP 31", "m=audio 4000 RTP/AVPF 0"], "PCMU", 0),
        (["m=audio 4000 RTP/SAVP 0", "m=audio 4002 RTP/AVP 8"], "PCMA", 8),
        (["m=audio 4000 RTP/AVP 0", "a=rtpmap:0 PCMA/8000"], "PCMA", 0),
    ],
)
def test_the_best_of_what_is_offered_is_taken(lines, codec, payload_type):
    session = sdp.read(description(*lines))
    assert (session.codec, session.payload_type) == (codec, payload_type)


def test_streams_that_are_not_taken_are_declined_in_their_place():
    session = sdp.read(description("m=video 4002 RTP/AVP 31", "m=audio 4000 RTP/AVP 0", "m=audio 4004 RTP/SAVP 8"))
    answer = [line for line in sdp.answer(session, LOCAL).splitlines() if line.startswith("m=")]
    assert answer == ["m=video 0 RTP/AVP 31", "m=audio 16384 RTP/AVP 0", "m=audio 0 RTP/SAVP 8"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", 399),
        ("v=0", 304),
        (description(), 304),
        (description("m=audio 0 RTP/AVP 0"), 304),
        (description("m=audio 65536 RTP/AVP 0"), 399),
        (description("m=audio 4000 RTP/SAVP 0"), 302),
        (description("m=audio 4000 RTP/AVP 18 9 101", "a=rtpmap:101 telephone-event/8000"), 305),
        (description("m=audio 4000 RTP/AVP 96", "a=rtpmap:96 PCMU/16000"), 305),
        (description("m=audio 4000 RTP/AVP 0", address="phone.test"), 301),
        (description("m=audio 4000 RTP/AVP 0", address="224.2.1.1/127"), 301),
        ("v=0\r\nm=audio 4000 RTP/AVP 0", 301),
    ],
)
def test_what_cannot_be_taken_says_why(text, code):
    assert sdp.read(text).code == code


def test_an_address_of_the_stream_stands_before_one_of_the_session_and_so_does_its_direction():
    session = sdp.read(description("a=inactive", "m=audio 4000 RTP/AVP 0", "c=IN IP6 2001:db8::1", "a=recvonly"))
    assert (session.address, session.direction) == ("2001:db8::1", Direction.RECVONLY)


def test_an_exchange_with_a_long_address_says_so():
    assert "c=IN IP6 ::1\r\n" in sdp.offer(Local("::1", 16384, 7))
