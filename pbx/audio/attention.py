"""What a caller enters, by key or by voice, and what the line makes of it: `Leg.next_input` for a phone with sound."""

import asyncio
from collections import deque

from pbx.audio.captions import Captions, Speaker
from pbx.audio.frame import Frame
from pbx.audio.recogniser import CallHearing, Ears
from pbx.audio.transcription import Guess
from pbx.leg import Key, Listening, Recognition, Utterance
from voices.listening import UNKNOWN

UNINTELLIGIBLE = "…"
"""A word that is none of the recogniser's, in captions."""


class Attention:
    """One line's attention to its caller. One question at a time."""

    def __init__(self, ears: Ears, captions: Captions) -> None:
        self._ears, self._captions = ears, captions
        self._entered: deque[Key | Utterance] = deque()
        self._changed = asyncio.Event()
        self._listening: Listening | None = None
        self._recognition: Recognition | None = None
        self._hearing: CallHearing | None = None

    @property
    def is_spoken_to(self) -> bool:
        """Whether the caller is speaking to a line that listens, so that it had better be quiet."""
        listens_to_speech = self._listening is not None and self._listening.speech is not None
        return listens_to_speech and self._hearing is not None and self._hearing.is_speaking

    def hears(self, language: str) -> bool:
        return self._ears.hears(language)

    def press(self, digit: str) -> None:
        """The caller pressed a key."""
        self._captions(Speaker.KEYS, digit)
        self._entered.append(Key(digit))
        self._changed.set()

    def hear(self, frame: Frame | None) -> None:
        """The next 20 ms from the phone; the recogniser runs only while it is listened for."""
        if self._hearing is not None and self._listening is not None and self._listening.speech is not None:
            self._hearing.hear(frame)

    def forget(self) -> None:
        """A new question: keys and words for an earlier one do not count."""
        self._entered.clear()
        self._attend(None)

    async def next_input(self, listening: Listening, within_seconds: float | None) -> Key | Utterance | None:
        """As `Leg.next_input`; a key pressed while the caller speaks counts only if nothing comes of the speech."""
        if listening.speech is not None:
            self._attend(listening.speech)
        self._listening = listening
        try:
            return await self._await_input(listening, within_seconds)
        finally:
            self._listening = None

    async def _await_input(self, listening: Listening, within_seconds: float | None) -> Key | Utterance | None:
        loop = asyncio.get_running_loop()
        deadline = None if within_seconds is None else loop.time() + within_seconds
        while (entered := self._first(listening)) is None:
            self._changed.clear()
            try:
                async with asyncio.timeout_at(None if self.is_spoken_to else deadline):
                    await self._changed.wait()
            except TimeoutError:
                return None
        return entered

    def _first(self, listening: Listening) -> Key | Utterance | None:
        """The first input of a kind listened for; others before it are dropped. Speech under way is heard out."""
        while self._entered and not self.is_spoken_to:
            match self._entered.popleft():
                case Key() as key if listening.keys:
                    return key
                case Utterance() as utterance if listening.speech is not None:
                    return utterance
        return None

    def _attend(self, recognition: Recognition | None) -> None:
        """Listen for this, with whatever has been heard for it already."""
        if recognition is not None and recognition == self._recognition:
            return
        if self._hearing is not None:
            self._hearing.close()
        self._recognition = recognition
        self._hearing = None if recognition is None else self._ears.listen(recognition, self._note)

    def _note(self, told: Guess | Utterance) -> None:
        """What the recogniser tells: a guess, or an utterance, which comes before keys pressed while it was spoken."""
        if isinstance(told, Utterance):
            self._captions(Speaker.CALLER, told.text.replace(UNKNOWN, UNINTELLIGIBLE))
            self._entered.appendleft(told)
        elif told.text and self._listening is not None and self._listening.on_partial is not None:
            self._listening.on_partial(told.text)
        self._changed.set()
