"""Browsers that can be rung: each a Station while its WebSocket lasts, with at most one call at a time."""

import asyncio
from collections.abc import Callable

from pbx.audio.bell import Bell
from pbx.audio.port import Unanswered
from pbx.browser import messages
from pbx.browser.call import BrowserCall
from pbx.browser.messages import Answer, Closing, Dial, Dtmf, FromBrowser, HangUp, Hold, IsRinging, Sound, Started, ToBrowser
from pbx.browser.token import Identity


class BrowserRinging(Bell):
    """A browser that is being rung."""

    def __init__(self, call: BrowserCall, send: Callable[[ToBrowser], None], leave: Callable[[BrowserCall], None]) -> None:
        super().__init__()
        self.call = call
        self._send = send
        self._leave = leave

    def give_up(self) -> None:
        if self.end(Unanswered("canceled")):
            self._send(messages.Ended(stream_sid=self.call.call_id, reason=Closing.CANCELED))

    def take(self) -> None:
        """Its owner takes the call."""
        self.come_out(self.call)
        self.call.pick_up()

    def end(self, outcome: Unanswered) -> bool:
        """Nobody took the call; whether that is news."""
        is_news = self.come_out(outcome)
        if is_news:
            self._leave(self.call)
        return is_news


class BrowserStation:
    """One browser's phone."""

    def __init__(
        self,
        identity: Identity,
        new_sid: Callable[[str], str],
        send: Callable[[ToBrowser], None],
        on_call: Callable[[BrowserCall], None],
    ) -> None:
        self._identity = identity
        self._new_sid = new_sid
        self._send = send
        self._on_call = on_call
        self._ringing: BrowserRinging | None = None
        self._call: BrowserCall | None = None
        self.is_free = asyncio.Event()
        self.is_free.set()

    @property
    def address(self) -> str:
        return self._identity.address

    @property
    def is_busy(self) -> bool:
        return not self.is_free.is_set()

    def ring(self, caller: str, caller_name: str, call_sid: str) -> BrowserRinging:
        call = self._new_call(self._identity.name, caller, caller_name)
        ringing = BrowserRinging(call, self._send, self._be_free)
        if self.is_busy:
            ringing.end(Unanswered("busy"))
            return ringing
        self._ringing = ringing
        self.is_free.clear()
        self._send(messages.Ring(stream_sid=call.call_id, caller=caller, caller_name=caller_name, call_sid=call_sid))
        return ringing

    def show(self, sender: str, body: str) -> None:
        """Show a text message."""
        self._send(messages.TextMessage(sender=sender, body=body))

    def receive(self, message: FromBrowser) -> None:
        """What the browser tells; what is about no call there is, is about one that has just ended."""
        match message:
            case Dial(to=to):
                self._dial(to)
            case IsRinging() | Answer() | HangUp() if self._ringing and self._ringing.call.call_id == message.stream_sid:
                self._receive_ringing(self._ringing, message)
            case Started() | Sound() | Dtmf() | Hold() | HangUp() if self._call and self._call.call_id == message.stream_sid:
                self._call.receive(message)

    def vanish(self) -> None:
        """The browser is gone, and with it the call."""
        if self._ringing is not None:
            self._ringing.end(Unanswered("no-answer"))
        if self._call is not None:
            self._call.vanish()

    def _dial(self, to: str) -> None:
        if self.is_busy:
            return  # the call has crossed another on its way here, which the browser is about to hear of
        call = self._call = self._new_call(dialled_user(to), self.address)
        self.is_free.clear()
        self._send(messages.Calling(stream_sid=call.call_id, to=to))
        self._on_call(call)

    def _receive_ringing(self, ringing: BrowserRinging, message: IsRinging | Answer | HangUp) -> None:
        match message:
            case IsRinging():
                ringing.note_ringing()
            case Answer():
                self._ringing, self._call = None, ringing.call
                ringing.take()
            case HangUp():
                ringing.end(Unanswered("busy"))

    def _new_call(self, user: str, caller: str, caller_name: str = "") -> BrowserCall:
        return BrowserCall(self._new_sid("MZ"), user, caller, self._send, self._be_free, caller_name)

    def _be_free(self, call: BrowserCall) -> None:
        if call is self._call or (self._ringing and call is self._ringing.call):
            self._ringing = self._call = None
            self.is_free.set()


class BrowserStations:
    """Every browser that has a phone just now. `new_sid` makes identifiers in Twilio's form."""

    def __init__(self, new_sid: Callable[[str], str]) -> None:
        self.new_sid = new_sid
        self._stations: list[BrowserStation] = []

    def add(self, station: BrowserStation) -> None:
        self._stations.append(station)

    def remove(self, station: BrowserStation) -> None:
        self._stations.remove(station)

    def station(self, address: str) -> BrowserStation | None:
        """The phone at `client:NAME`; of several the newest that is free, else the newest."""
        here = [each for each in reversed(self._stations) if each.address == address]
        return next((each for each in here if not each.is_busy), here[0] if here else None)

    def addresses(self) -> tuple[str, ...]:
        """Whose phones are there, one for each browser."""
        return tuple(each.address for each in self._stations)

    def show_text(self, address: str, sender: str, body: str) -> bool:
        """Show a text message on every phone of that address; whether there is one."""
        here = [each for each in self._stations if each.address == address]
        for each in here:
            each.show(sender, body)
        return bool(here)


def dialled_user(to: str) -> str:
    """The user part of what was dialled: `sip:activate@host` and `activate` are the same, so are ways to write a number."""
    user = to.strip().removeprefix("sip:").removeprefix("client:").removeprefix("tel:").split("@", 1)[0]
    digits = user.translate(_WRITING_OF_NUMBERS)
    return digits if digits.removeprefix("+").isdecimal() else user


_WRITING_OF_NUMBERS = str.maketrans("", "", " -()./")
