"""sipp, Debian's: a call written down beforehand, its keys by RFC 4733 or by SIP INFO, its ear a tap on the loopback interface."""

import socket
import struct
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bare_rtp import Heard

from voices.sound import Sound, silence

HEAD = """Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: sipp <sip:sipp@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: {sequence} {method}
Contact: <sip:sipp@[local_ip]:[local_port]>
Max-Forwards: 70
"""
OFFER = """v=0
o=sipp 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0 96
a=rtpmap:0 PCMU/8000
a=rtpmap:96 telephone-event/8000
a=fmtp:96 0-15
"""
REPLY = "SIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n\n"
ALL_ETHERNET = 3


@dataclass(frozen=True)
class Keys:
    """Keys pressed, RFC 4733."""

    keys: str

    def xml(self, _sequence: int) -> str:
        return f'<nop><action><exec play_dtmf="{self.keys}"/></action></nop>'


@dataclass(frozen=True)
class Info:
    """One key pressed, by SIP INFO."""

    key: str

    def xml(self, sequence: int) -> str:
        body = f"Signal={self.key}\nDuration=160\n"
        sent = _send("INFO", sequence, "[next_url]", "application/dtmf-relay", body)
        return sent + '<recv response="200"/><pause milliseconds="60"/>'


@dataclass(frozen=True)
class Wait:
    """Time that passes."""

    seconds: float

    def xml(self, _sequence: int) -> str:
        return f'<pause milliseconds="{round(self.seconds * 1000)}"/>'


@dataclass(frozen=True)
class SaysThatItIsThere:
    """The line, which hears nothing, asks whether the phone is still there; then it does so every 15 seconds."""

    def xml(self, _sequence: int) -> str:
        return f'<recv request="OPTIONS" timeout="40000"/><send><![CDATA[{REPLY}]]></send>'


@dataclass(frozen=True)
class HangUp:
    """The caller ends the call."""

    def xml(self, sequence: int) -> str:
        return _send("BYE", sequence, "[next_url]") + '<recv response="200"/>'


@dataclass(frozen=True)
class IsHungUpOn:
    """The line ends the call."""

    def xml(self, _sequence: int) -> str:
        return f'<recv request="BYE" timeout="60000"/><send><![CDATA[{REPLY}]]></send>'


Step = Keys | Info | Wait | SaysThatItIsThere | HangUp | IsHungUpOn


def scenario(steps: Sequence[Step]) -> str:
    """A call that takes these steps once it is answered."""
    taken = "".join(step.xml(sequence) for sequence, step in enumerate(steps, start=2))
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?><scenario name="call">'
        + _send("INVITE", 1, "sip:[service]@[remote_ip]:[remote_port]", "application/sdp", OFFER)
        + '<recv response="100" optional="true"/><recv response="180" optional="true"/><recv response="200" rrs="true"/>'
        + _send("ACK", 1, "[next_url]", retransmits=False)
        + f"{taken}</scenario>"
    )


class SippPhone:
    """One call by sipp, running beside the test."""

    kind = "sipp"

    def __init__(self, folder: Path, uri: str, media_port: int, steps: Sequence[Step]) -> None:
        folder.mkdir(parents=True)
        (folder / "call.xml").write_text(scenario(steps))
        user, _, place = uri.removeprefix("sip:").partition("@")
        host, _, port = place.partition(":")
        self._folder, self._tap = folder, LoopbackTap(media_port)
        options = [
            "-i",
            "127.0.0.1",
            "-mp",
            str(media_port),
            "-s",
            user,
            "-m",
            "1",
            "-nostdin",
            "-trace_err",
            "-timeout",
            "240",
        ]
        self._process = subprocess.Popen(
            ["sipp", "-sf", str(folder / "call.xml"), *options, f"{host}:{port or 5060}"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def heard(self) -> Sound:
        """Everything that was sent to its ear so far."""
        return self._tap.sound()

    def wait_until_over(self) -> None:
        """Raises AssertionError when the call did not go as written."""
        status = self._process.wait(240)
        errors = "".join(path.read_text(errors="replace") for path in self._folder.glob("*errors.log"))
        assert status == 0, f"sipp ended with {status}:\n{errors}"

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(5)
        self._tap.close()


class LoopbackTap:
    """Hears the RTP that goes to a port of this machine, whoever has that port. Needs the right to raw sockets."""

    def __init__(self, port: int) -> None:
        self._port, self._heard, self._runs = port, Heard(), True
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_ETHERNET))
        self._socket.bind(("lo", 0))
        self._socket.settimeout(0.2)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def sound(self) -> Sound:
        return Sound.of_mulaw(self._heard.mulaw()) if self._heard.frames else silence(0)

    def close(self) -> None:
        self._runs = False
        self._thread.join(5)
        self._socket.close()

    def _listen(self) -> None:
        while self._runs:
            try:
                frame, (_, _, kind, *_) = self._socket.recvfrom(4096)
            except TimeoutError:
                continue
            if kind != socket.PACKET_OUTGOING:  # on loopback each packet is seen twice
                self._take(frame[14:])

    def _take(self, packet: bytes) -> None:
        words = (packet[0] & 0x0F) * 4 if packet else 0
        if len(packet) < words + 20 or packet[9] != socket.IPPROTO_UDP:
            return
        _, to, length = struct.unpack_from("!HHH", packet, words)
        sound = packet[words + 8 : words + length]
        if to == self._port and sound[1] & 0x7F == 0:
            self._heard.frames.append((int.from_bytes(sound[4:8], "big"), sound[12:]))


def _send(method: str, sequence: int, target: str, kind: str = "", body: str = "", retransmits: bool = True) -> str:
    described = f"Content-Type: {kind}\n" if kind else ""
    again = ' retrans="500"' if retransmits else ""
    head = HEAD.format(sequence=sequence, method=method)
    return f"<send{again}><![CDATA[{method} {target} SIP/2.0\n{head}{described}Content-Length: [len]\n\n{body}]]></send>"
