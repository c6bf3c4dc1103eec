"""Light SIP phones for people in a test: they register, ring and answer, speak and hear, and live on a thread of their own.

Unlike a real softphone one costs next to nothing; unlike a fake it is a phone: SIP by hand, RTP with a clock (`bare_phone`).
"""

import asyncio
import hashlib
import re
import threading
from collections.abc import Coroutine
from time import monotonic, sleep
from typing import Any, TypeVar
from uuid import uuid4

from bare_call import BareCall
from bare_phone import BarePhones
from bare_sip import Message
from ear import best_match

from voices.sound import RATE_HZ, Sound, silence

PATIENCE_SECONDS = 30.0
SAME = 0.7
"""What a sound that was mixed with another is still known by."""
LOOK_SECONDS = 0.1
QUIET_PEAK = 250
REGISTERED_SECONDS = 3600

Result = TypeVar("Result")


class SipPhones:
    """The thread they all live on."""

    def __init__(self, exchange: tuple[str, int]) -> None:
        self.exchange = exchange
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def phone(self, name: str, *, keeps_sound: bool = True) -> "SipPhone":
        """A phone with an address and a socket, registered nowhere yet."""
        return SipPhone(self, name, keeps_sound)

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_SECONDS + 5)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


class SipPhone:
    """A phone and the person at it. It takes every call that comes."""

    kind = "sip"

    def __init__(self, phones: SipPhones, name: str, keeps_sound: bool) -> None:
        self.name = name
        self._at = phones
        self._phones = BarePhones(phones.exchange, name, keeps_sound=keeps_sound)
        self._from_seconds = 0.0
        self._call: BareCall | None = None
        phones.do(self._phones.__aenter__())

    def register(self, password: str) -> "SipPhone":
        """From now on this is the phone of that name. Raises AssertionError when the password is not right."""
        answer = self._at.do(self._register(password, REGISTERED_SECONDS))
        assert answer.status == 200, answer.first_line
        self._password = password
        return self

    def unregister(self) -> None:
        assert self._at.do(self._register(self._password, 0)).status == 200

    def dial(self, user: str) -> "SipPhone":
        """Calls, and returns when somebody has answered."""
        self._call = self._at.do(self._phones.call(user.removeprefix("sip:").partition("@")[0]))
        self._from_seconds = 0.0
        return self

    def rung(self) -> "SipPhone":
        """Waits until somebody has called."""
        self._call = self._at.do(asyncio.wait_for(self._phones.taken.get(), PATIENCE_SECONDS))
        self._from_seconds = 0.0
        return self

    @property
    def call(self) -> BareCall:
        assert self._call is not None, f"{self.name} has no call"
        return self._call

    @property
    def is_over(self) -> bool:
        return self.call.over.is_set()

    def press(self, keys: str) -> None:
        self.call.press(keys)

    def say(self, sound: Sound) -> None:
        self.call.say(sound.mulaw())

    def heard(self) -> Sound:
        """Everything since the call began."""
        mulaw = self.call.sound.heard.mulaw() if self.call.sound.heard.frames else b""
        return Sound.of_mulaw(mulaw) if mulaw else silence(0)

    def listen(self) -> "SipPhone":
        """What was heard before is of no interest any more."""
        self._from_seconds = self.heard().seconds
        return self

    def since(self) -> Sound:
        """What was heard since `listen`."""
        return Sound(self.heard().samples[round(self._from_seconds * RATE_HZ) :].copy())

    def hears(self, sound: Sound, within_seconds: float) -> bool:
        """Whether it is heard in time."""
        deadline = monotonic() + within_seconds
        while self.likeness(sound) < SAME:
            if monotonic() > deadline:
                return False
            sleep(LOOK_SECONDS)
        return True

    def hears_music(self, music: Sound, within_seconds: float = PATIENCE_SECONDS) -> None:
        """Waits for any second of it."""
        deadline = monotonic() + within_seconds
        while (likeness := self.likeness_to_music(music)) < SAME:
            assert monotonic() < deadline, f"{self.name} hears no music: the best match is {likeness:.2f}"
            sleep(LOOK_SECONDS)

    def likeness_to_music(self, music: Sound) -> float:
        """Of the last half second to wherever it is in the music."""
        heard = self.since()
        last = Sound(heard.samples[-RATE_HZ // 2 :].copy())
        return best_match(music, last)[1] if last.seconds >= 0.5 and last.peak > QUIET_PEAK else 0.0

    def likeness(self, sound: Sound) -> float:
        """Of anything heard since `listen` to that."""
        return best_match(self.since(), sound)[1]

    def hang_up(self) -> None:
        if not self.is_over:
            self._at.do(self.call.hang_up())

    def wait_until_over(self) -> None:
        self._at.do(asyncio.wait_for(self.call.over.wait(), PATIENCE_SECONDS))

    def die(self) -> None:
        """A power cut: nothing is sent any more, no goodbye either."""
        for call in self._phones.calls.values():
            call.over.set()
        self.close()

    def close(self) -> None:
        self._at.do(self._close())

    async def _close(self) -> None:
        await self._phones.__aexit__(None, None, None)
        for call in list(self._phones.calls.values()):
            self._phones.forget(call)

    async def _register(self, password: str, seconds: int) -> Message:
        call = self._phones.begin(self.name)
        try:
            challenge = await self._ask_registrar(call, 1, seconds)
            found = dict(re.findall(r'(\w+)="([^"]*)"', challenge.headers["www-authenticate"]))
            proof = _proof(self.name, password, found["realm"], found["nonce"], f"sip:{call.target.rpartition('@')[2]}")
            return await self._ask_registrar(call, 2, seconds, proof)
        finally:
            self._phones.forget(call)

    async def _ask_registrar(self, call: BareCall, sequence: int, seconds: int, proof: str = "") -> Message:
        call.replies[sequence] = asyncio.get_running_loop().create_future()
        phones = self._phones
        lines = [
            f"REGISTER sip:{call.target.rpartition('@')[2]} SIP/2.0",
            f"Via: SIP/2.0/UDP {phones.host}:{phones.port};branch=z9hG4bK{uuid4().hex[:16]};rport",
            *("Max-Forwards: 70", f"From: {call.ours}", f"To: {call.theirs}", f"Call-ID: {call.call_id}"),
            *(f"CSeq: {sequence} REGISTER", f"Contact: <{phones.address}>", f"Expires: {seconds}"),
            *([f"Authorization: {proof}"] if proof else []),
            "Content-Length: 0",
        ]
        return await phones.until_answered(("\r\n".join(lines) + "\r\n\r\n").encode(), call.replies[sequence])


def _proof(name: str, password: str, realm: str, nonce: str, uri: str) -> str:
    """Source: RFC 2617, section 3.2.2."""
    own, asked = _md5(f"{name}:{realm}:{password}"), _md5(f"REGISTER:{uri}")
    response = _md5(f"{own}:{nonce}:00000001:c0ffee:auth:{asked}")
    return (
        f'Digest username="{name}", realm="{realm}", nonce="{nonce}", uri="{uri}", response="{response}", '
        f'algorithm=MD5, qop=auth, nc=00000001, cnonce="c0ffee"'
    )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()
