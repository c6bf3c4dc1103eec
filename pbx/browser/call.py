"""One call of a browser's phone, as the exchange handles it: a Connection."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from pbx.audio.frame import FRAME_SECONDS, Frame
from pbx.audio.port import Holder
from pbx.browser import messages
from pbx.browser.messages import Closing, Dtmf, HangUp, Hold, Media, Sound, Started, ToBrowser
from pbx.browser.port import BrowserPort

START_SECONDS = 2.0
"""A browser that does not say by then that it can play is spoken to all the same."""
LONGEST_CAPTION = 2000


class BrowserCall:
    """A Connection over the messages of one `streamSid`.

    `user` is what was dialled, without scheme and host; for a call to the browser, its own name.
    """

    def __init__(
        self,
        sid: str,
        user: str,
        caller: str,
        send: Callable[[ToBrowser], None],
        leave: Callable[["BrowserCall"], None],
        caller_name: str = "",
    ) -> None:
        """`leave` is called once, when the call is over, from whichever side."""
        self.call_id, self.user, self.caller, self.caller_name = sid, user, caller, caller_name
        self.port = BrowserPort(self._send_sound)
        self.parameters: dict[str, str] = {}
        self._send = send
        self._leave = leave
        self._holder: Holder | None = None
        self._untold: list[str] = []
        self._is_over = self._is_gone = self._is_answered = self._is_held = False
        self._started = asyncio.Event()
        self._sent_frames = 0

    @property
    def is_over(self) -> bool:
        return self._is_over

    def attach(self, holder: Holder) -> None:
        self._holder = holder
        untold, self._untold = self._untold, []
        for digit in untold:
            holder.press(digit)
        if self._is_gone:
            holder.phone_hung_up()

    async def answer(self) -> None:
        self.pick_up()
        with suppress(TimeoutError):
            async with asyncio.timeout(START_SECONDS):
                await self._started.wait()

    def pick_up(self) -> None:
        """From now on there is sound; the browser is told and gets ready for it."""
        if not (self._is_over or self._is_answered):
            self._is_answered = True
            self._turn_sound()
            self._send(messages.Answered(stream_sid=self.call_id))

    def reject(self, reason: str) -> None:
        self._close(Closing(reason))

    def hang_up(self) -> None:
        self._close(Closing.HUNG_UP)

    def caption(self, speaker: str, words: str) -> None:
        """Show at the browser what somebody says."""
        if not self._is_over:
            self._send(messages.Caption(stream_sid=self.call_id, speaker=speaker, words=words[:LONGEST_CAPTION]))

    def receive(self, message: Started | Sound | Dtmf | Hold | HangUp) -> None:
        """What the browser tells of this call; of one that is over nothing matters any more."""
        if self._is_over:
            return
        match message:
            case Sound(media=media):
                self.port.arrive(media.payload, int(media.timestamp))
            case Dtmf(dtmf=pressed):
                self._press(pressed.digit)
            case Hold(on=on):
                self._is_held = on
                self._turn_sound()
            case Started():
                self._started.set()
            case HangUp():
                self.vanish()

    def vanish(self) -> None:
        """The browser hung up or went away."""
        if self._end():
            self._is_gone = True
            if self._holder is not None:
                self._holder.phone_hung_up()

    def _press(self, digit: str) -> None:
        if self._holder is not None:
            self._holder.press(digit)
        else:
            self._untold.append(digit)

    def _turn_sound(self) -> None:
        if self._is_answered and not self._is_held:
            self.port.is_open = True
        else:
            self.port.close()

    def _close(self, reason: Closing) -> None:
        if self._end():
            self._send(messages.Ended(stream_sid=self.call_id, reason=reason))

    def _end(self) -> bool:
        """Whether it was not over before."""
        was_over, self._is_over = self._is_over, True
        if not was_over:
            self.port.close()
            self._started.set()
            self._leave(self)
        return not was_over

    def _send_sound(self, frame: Frame) -> None:
        milliseconds = round(self._sent_frames * FRAME_SECONDS * 1000)
        self._sent_frames += 1
        self._send(Sound(stream_sid=self.call_id, media=Media(frame, str(milliseconds))))
