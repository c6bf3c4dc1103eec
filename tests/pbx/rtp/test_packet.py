import pytest
from aiortp import RtpPacket
from hypothesis import given
from hypothesis import strategies as st

from pbx.rtp.packet import Packet, read

SOUND = b"sound of 20 ms"
numbers = {
    "payload_type": st.integers(0, 127),
    "marker": st.integers(0, 1),
    "sequence_number": st.integers(0, 65535),
    "timestamp": st.integers(0, 2**32 - 1),
    "ssrc": st.integers(0, 2**32 - 1),
    "payload": st.binary(max_size=200),
}


@given(st.builds(RtpPacket, **numbers), st.lists(st.integers(0, 2**32 - 1), max_size=15), st.integers(0, 20))
def test_what_aiortp_writes_is_read(packet, sources, padding):
    packet.csrc, packet.padding_size = sources, padding
    assert read(packet.serialize()) == Packet(
        packet.payload_type, bool(packet.marker), packet.sequence_number, packet.timestamp, packet.ssrc, packet.payload
    )


def packet(first, rest=SOUND):
    return bytes([first, 0]) + bytes(10) + rest


def test_a_header_extension_is_passed_over():
    extension = b"\xbe\xde\x00\x02" + b"\x10\xff\x00\x00" + bytes(4)
    heard = read(packet(0x90, extension + SOUND))
    assert heard is not None
    assert heard.payload == SOUND


def test_extension_sources_and_padding_together_are_passed_over():
    heard = read(packet(0xB1, bytes(4) + b"\x10\x00\x00\x01" + bytes(4) + SOUND + b"\x00\x00\x03"))
    assert heard is not None
    assert heard.payload == SOUND


MALFORMED = {
    "empty": b"",
    "short": bytes([0x80]) + bytes(10),
    "another version": packet(0x40),
    "more sources than there is room for": packet(0x8F),
    "an extension without a length": packet(0x90, b"\xbe"),
    "an extension longer than the packet": packet(0x90, b"\xbe\xde\xff\xff"),
    "padding of no length": packet(0xA0, SOUND + b"\x00"),
    "more padding than there is": packet(0xA0, SOUND + b"\xff"),
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_what_is_malformed_is_no_packet(data):
    assert read(data) is None


@given(st.binary(max_size=60))
def test_whatever_comes_is_read_as_aiortp_reads_it_or_refused(data):
    heard = read(data)
    try:
        theirs = RtpPacket.parse(data)
    except ValueError:
        theirs = None
    if theirs is not None:
        assert heard is not None
        assert heard.payload == theirs.payload
