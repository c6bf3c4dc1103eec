"""Phones that know nothing of our exchange's code: the little SIP (RFC 3261) that calls need, by hand, on one UDP socket."""

import asyncio
import time
from collections.abc import Callable
from types import TracebackType
from uuid import uuid4

from bare_call import BareCall, Refused
from bare_rtp import FRAME_SECONDS, Address, BareSound
from bare_sip import Message, connect, described, mirrored, reply, uri_in

FIRST_RETRANSMISSION_SECONDS, LAST_RETRANSMISSION_SECONDS = 0.5, 32.0


class BarePhones(asyncio.DatagramProtocol):
    """Any number of phones behind one address, with one clock for all their sound. Use `async with`."""

    def __init__(self, exchange: Address, name: str = "caller", host: str = "127.0.0.1", keeps_sound: bool = True) -> None:
        self.exchange, self.name, self.host = exchange, name, host
        self.retransmissions = 0
        """Requests that were sent again because nothing was heard."""
        self.repeated = 0
        """Answers to an INVITE that came again."""
        self.calls: dict[str, BareCall] = {}
        self.taken: asyncio.Queue[BareCall] = asyncio.Queue()
        """Calls from the exchange that were answered here."""
        self.answers: Callable[[Message], int] = lambda _invitation: 200
        """How a call from the exchange is met: 200 takes it, 180 lets it ring, anything above refuses it."""
        self.knows_events = True
        """Whether keys go as telephone-events; else they are heard as tones."""
        self._keeps_sound = keeps_sound
        self._ringing: dict[str, Message] = {}

    async def __aenter__(self) -> "BarePhones":
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(self.host, 0))
        self.port: int = self._transport.get_extra_info("sockname")[1]
        self._ticking = asyncio.create_task(self._tick())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for call in list(self.calls.values()):
            if call.answered_at and not call.over.is_set():
                await call.hang_up()
        self._ticking.cancel()
        self._transport.close()

    @property
    def address(self) -> str:
        return f"sip:{self.name}@{self.host}:{self.port}"

    async def call(self, user: str, within_seconds: float = 32.0) -> BareCall:
        """Call somebody at the exchange and wait for the answer. Raises Refused, TimeoutError; who waits no longer gives up."""
        call = self.begin(user)
        try:
            async with asyncio.timeout(within_seconds):
                await self.until_answered(
                    self.request(call, "INVITE", 1, self.offer(call.sound), "application/sdp"), call.final
                )
        except TimeoutError:
            self.cancel(call)
            call.final.add_done_callback(lambda final: self.forget(call) if final.result().status >= 300 else None)
            raise
        answer = call.final.result()
        if answer.status >= 300:
            self.forget(call)
            raise Refused(answer)
        return call

    def begin(self, user: str) -> BareCall:
        """A call that has not been sent yet."""
        target = f"sip:{user}@{self.exchange[0]}:{self.exchange[1]}"
        ours = f"<{self.address}>;tag={uuid4().hex[:8]}"
        sound = BareSound(self.host, self._keeps_sound)
        call = BareCall(self, sound, uuid4().hex, target, ours, f"<{target}>", invited_at=time.monotonic())
        self.calls[call.call_id] = call
        asyncio.get_running_loop().add_reader(sound.socket, sound.drain)
        return call

    def cancel(self, call: BareCall) -> None:
        """Give up a call that still rings."""
        self.send(self.request(call, "CANCEL", 1, branch=call.branch))

    def forget(self, call: BareCall) -> None:
        if self.calls.pop(call.call_id, None):
            asyncio.get_running_loop().remove_reader(call.sound.socket)
            call.sound.close()

    def offer(self, sound: BareSound, direction: str = "sendrecv") -> str:
        return described(sound, self.host, direction, self.knows_events)

    def request(self, call: BareCall, method: str, sequence: int, body: str = "", kind: str = "", branch: str = "") -> bytes:
        """A request of this call; an ACK to a success and everything after it goes where the other side says it is."""
        branch = branch or f"z9hG4bK{uuid4().hex[:16]}"
        if method == "INVITE":
            call.branch = branch
        lines = [
            f"{method} {call.target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.host}:{self.port};branch={branch};rport",
            *("Max-Forwards: 70", f"From: {call.ours}", f"To: {call.theirs}", f"Call-ID: {call.call_id}"),
            *(f"CSeq: {sequence} {method}", f"Contact: <{self.address}>"),
            *([f"Content-Type: {kind}"] if kind else []),
            f"Content-Length: {len(body.encode())}",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    def send(self, packet: bytes, to: Address | None = None) -> None:
        self._transport.sendto(packet, to or self.exchange)

    async def until_answered(self, packet: bytes, answered: "asyncio.Future[Message]") -> Message:
        """Send it, and again and again at growing intervals while nothing comes (timers A and E)."""
        interval = FIRST_RETRANSMISSION_SECONDS
        self.send(packet)
        while interval < LAST_RETRANSMISSION_SECONDS:
            done, _ = await asyncio.wait([answered], timeout=interval)
            if done:
                return answered.result()
            if not self._progresses(packet):
                self.retransmissions += 1
                self.send(packet)
                interval *= 2
        raise TimeoutError(packet.split(b"\r\n", 1)[0].decode())

    def datagram_received(self, packet: bytes, source: Address) -> None:
        message = Message.parse(packet)
        if "call-id" not in message.headers:
            return  # some phones keep the way open with a few bytes
        if message.status:
            self._take_response(message)
        else:
            self._take_request(message, source)

    def _progresses(self, packet: bytes) -> bool:
        """Whether this INVITE has been heard of: it is not sent again, however long it rings."""
        message = Message.parse(packet)
        call = self.calls.get(message.headers["call-id"])
        return message.method == "INVITE" and call is not None and bool(call.progress)

    def _take_response(self, message: Message) -> None:
        call = self.calls.get(message.headers["call-id"])
        if call is None:
            return
        sequence = int(message.headers["cseq"].split()[0])
        if message.method == "INVITE" and sequence == 1:
            self._take_answer(call, message)
        elif message.status >= 200 and (waiting := call.replies.get(sequence)) and not waiting.done():
            waiting.set_result(message)

    def _take_answer(self, call: BareCall, message: Message) -> None:
        call.progress.append(message.status)
        if message.status < 200:
            return
        self.repeated += call.final.done()
        call.theirs = message.headers["to"]
        if message.status < 300:
            call.target = uri_in(message.headers["contact"])
            call.answered_at = call.answered_at or time.monotonic()
            connect(call.sound, message.body, self.exchange[0])
        self.send(self.request(call, "ACK", 1, branch="" if message.status < 300 else call.branch))
        if not call.final.done():
            call.final.set_result(message)

    def _take_request(self, message: Message, source: Address) -> None:
        call_id, method = message.headers["call-id"], message.first_line.split()[0]
        call = self.calls.get(call_id)
        if method == "ACK":
            return
        if method == "INVITE":
            self._be_called(message, source, call)
        elif method == "CANCEL":
            self.send(reply(message, 200, self.address), source)
            if ringing := self._ringing.pop(call_id, None):
                self.send(reply(ringing, 487, self.address), source)
        elif method == "BYE" and call is not None:
            self.send(reply(message, 200, self.address), source)
            call.over.set()
            self.forget(call)
        else:
            self.send(reply(message, 200 if call or method == "OPTIONS" else 481, self.address), source)

    def _be_called(self, message: Message, source: Address, call: BareCall | None) -> None:
        if call is None and message.headers["call-id"] in self._ringing:
            return  # sent again
        status = 200 if call else self.answers(message)
        if status == 200:
            call = call or self._take_call(message, source)
            self.send(reply(message, 200, self.address, self.offer(call.sound, mirrored(message.body)), call.ours), source)
        else:
            if status < 200:
                self._ringing[message.headers["call-id"]] = message
            self.send(reply(message, status, self.address), source)

    def _take_call(self, message: Message, source: Address) -> BareCall:
        call = self.begin(self.name)
        del self.calls[call.call_id]
        call.call_id = message.headers["call-id"]
        call.ours, call.theirs = f"{message.headers['to']};tag={uuid4().hex[:8]}", message.headers["from"]
        call.target, call.answered_at = uri_in(message.headers["contact"]), time.monotonic()
        self.calls[call.call_id] = call
        connect(call.sound, message.body, source[0])
        self.taken.put_nowait(call)
        return call

    async def _tick(self) -> None:
        """The clock of all phones, by absolute times; one that lies more than 100 ms back is given up."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due = max(due + FRAME_SECONDS, loop.time() - 5 * FRAME_SECONDS)
            await asyncio.sleep(max(0.0, due - loop.time()))
            for call in tuple(self.calls.values()):
                call.sound.tick()
