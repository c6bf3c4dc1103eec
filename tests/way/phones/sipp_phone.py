"""sipp, Debian's: a call written down beforehand, its keys by RFC 4733 or by SIP INFO, its ear a tap on the loopback interface.

It answers by itself when the line asks whether it is still there (`-aa`), as the line does where it hears no sound.
"""

import socket
import struct
import subprocess
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bare_rtp import Heard
from program import AT_ONCE

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
CALL_ID = "the-one-call"
PATIENCE_SECONDS, CALL_SECONDS = 120, 240


@dataclass(frozen=True)
class Keys:
    """Keys pressed, RFC 4733."""

    keys: str

    def xml(self, _sequences: Iterator[int]) -> str:
        return f'<nop><action><exec play_dtmf="{self.keys}"/></action></nop>'


@dataclass(frozen=True)
class Infos:
    """Keys pressed, each by a SIP INFO."""

    keys: str

    def xml(self, sequences: Iterator[int]) -> str:
        return "".join(self._info(key, next(sequences)) for key in self.keys)

    def _info(self, key: str, sequence: int) -> str:
        sent = _send("INFO", sequence, "[next_url]", "application/dtmf-relay", f"Signal={key}\nDuration=160\n")
        return sent + '<recv response="200"/><pause milliseconds="60"/>'


@dataclass(frozen=True)
class HangUp:
    """The caller ends the call."""

    def xml(self, sequences: Iterator[int]) -> str:
        return _send("BYE", next(sequences), "[next_url]") + '<recv response="200"/>'


Deed = Keys | Infos | HangUp
TOLD = f'<recv request="MESSAGE" timeout="{PATIENCE_SECONDS * 1000}"/>'
"""sipp goes on when its person tells it to, by a message of this call."""
HUNG_UP_ON = f'<recv request="BYE" timeout="{PATIENCE_SECONDS * 1000}"/><send><![CDATA[{REPLY}]]></send>'


def scenario(deeds: Sequence[Deed]) -> str:
    """A call in which these things are done, each as soon as its person says so; else the line hangs up in the end."""
    sequences = count(2)
    done = "".join(TOLD + deed.xml(sequences) for deed in deeds)
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?><scenario name="call">'
        + _send("INVITE", 1, "sip:[service]@[remote_ip]:[remote_port]", "application/sdp", OFFER)
        + '<recv response="100" optional="true"/><recv response="180" optional="true"/><recv response="200" rrs="true"/>'
        + _send("ACK", 1, "[next_url]", retransmits=False)
        + f"{done}{'' if HangUp() in deeds else HUNG_UP_ON}</scenario>"
    )


class SippPhone:
    """One call by sipp. What will be done in it is known beforehand; when, is told it by whoever listens."""

    kind = "sipp"

    def __init__(self, folder: Path, uri: str, media_port: int, port: int, deeds: Sequence[Deed]) -> None:
        folder.mkdir(parents=True)
        (folder / "call.xml").write_text(scenario(deeds))
        user, _, place = uri.removeprefix("sip:").partition("@")
        self._folder, self._port, self._deeds, self._tap = folder, port, deque(deeds), LoopbackTap(media_port)
        options = (
            f"-i 127.0.0.1 -p {port} -mp {media_port} -s {user} -m 1 -cid_str {CALL_ID} -aa -nostdin -trace_err "
            f"-timeout {CALL_SECONDS}"
        )
        self._process = subprocess.Popen(
            [*AT_ONCE, "sipp", place, "-sf", str(folder / "call.xml"), *options.split()],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def heard(self) -> Sound:
        """Everything that was sent to its ear so far."""
        return self._tap.sound()

    def press(self, keys: str) -> None:
        deed = self._go_on()
        assert deed in (Keys(keys), Infos(keys)), f"{deed} is what was written down to be done"

    def hang_up(self) -> None:
        assert self._go_on() == HangUp()
        self.wait_until_over()

    def wait_until_over(self) -> None:
        """Raises AssertionError when the call did not go as written."""
        status = self._process.wait(CALL_SECONDS)
        errors = "".join(path.read_text(errors="replace") for path in self._folder.glob("*errors.log"))
        assert status == 0, f"sipp ended with {status}:\n{errors}"

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(5)
        self._tap.close()

    def _go_on(self) -> Deed:
        lines = (
            f"MESSAGE sip:sipp@127.0.0.1:{self._port} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK{len(self._deeds)}",
            "From: <sip:person@127.0.0.1>",
            "To: <sip:sipp@127.0.0.1>",
            f"Call-ID: {CALL_ID}",
            f"CSeq: {100 - len(self._deeds)} MESSAGE",
            "Content-Length: 0",
        )
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as person:
            person.sendto(("\r\n".join(lines) + "\r\n\r\n").encode(), ("127.0.0.1", self._port))
        return self._deeds.popleft()


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
