"""A person at a softphone who activates a computer: hears each prompt, keys or says the groups, writes down the confirmation ID."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ear import Ear, characters_in, head

from voices.listening import CHUNK_BYTES
from voices.sound import Sound, joined, silence
from voices.speaking import Voices
from voices.tones import accepted_wav
from voices.vosk_listener import VoskListener

GREETING = "Activation Center. This is a simulator and activates no real product. This call may be monitored."
MENU = (
    "To activate a computer, press 1. For more activations on a volume key, 2. If your confirmation ID was refused, 3. "
    "For other volume key requests, 4. To key in the whole installation ID at one go, 5. For a person, 0."
)
FIRST_GROUP = "Key in or say group 1 of your installation ID."
APPROVED = "It is approved. Type the confirmation ID as you hear it."
ACCEPTED = "Did the computer accept it? Yes, press 1. No, 2. To hear it all again, 5."
GOODBYE = "Thank you. Goodbye."
LETTERS, DIGITS = "ABCDEFGH", "0123456789"
BEGINNING_SECONDS = 1.2
"""Enough of a sentence to know it by, whatever a phone loses of it."""
DIGIT_PACE_SECONDS = 0.6
BREATH_SECONDS, READ_BACK_SECONDS = 0.3, 150.0
ATTEMPTS, PROMPT_SECONDS = 3, 20.0
TONE = Sound.of_wav(accepted_wav())
WHOLE = re.compile("".join(rf"{letter}(\d{{6}})" for letter in LETTERS))
"""A confirmation ID, block by block."""
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class Softphone(Protocol):
    """What a person can do with any of the phones."""

    kind: str

    def dial(self, uri: str) -> None: ...
    def press(self, keys: str) -> None: ...
    def say(self, sound: Sound) -> None: ...
    def heard(self) -> Sound: ...
    def hang_up(self) -> None: ...
    def wait_until_over(self) -> None: ...


@dataclass
class Caller:
    """Somebody who calls with this phone and knows the voice of the line."""

    phone: Softphone
    voices: Voices
    ear: Ear = field(init=False)

    def __post_init__(self) -> None:
        self.ear = Ear(self.phone.heard)

    def hear(self, sentence: str) -> None:
        """Hears a sentence to its end."""
        self.ear.hear(self.voices.sentence(sentence, "en"))

    def catch(self, sentence: str) -> None:
        """Knows a sentence by its beginning, and waits no longer."""
        self.ear.hear(self._beginning(sentence))

    def key_in(self, groups: Sequence[str]) -> None:
        """Chooses to activate and keys the groups, each as soon as it is asked for."""
        self.hear(GREETING)
        self.catch(MENU)
        self.phone.press("1")
        self.catch(FIRST_GROUP)
        for number, group in enumerate(groups, start=1):
            if number > 1:
                self.hear(f"Group {number}.")
            self.phone.press(group)
        self.hear(APPROVED)

    def say_all(self, groups: Sequence[str]) -> None:
        """The same, said digit by digit."""
        self.hear(GREETING)
        self.catch(MENU)
        self.phone.press("1")
        self.hear(FIRST_GROUP)
        for number, group in enumerate(groups, start=1):
            approved = self._beginning(APPROVED) if number == len(groups) else TONE
            self._say_until(group, approved, self._beginning(f"Group {number} again, please."))
            if number == 1:
                self.hear("Group 2.")

    def _say_until(self, group: str, accepted: Sound, again: Sound) -> None:
        """Says a group, and says it again when the line asks for it again or says nothing, as one does with a machine."""
        for _ in range(ATTEMPTS):
            self.phone.say(joined((silence(BREATH_SECONDS), self.voices.characters(group, "en", DIGIT_PACE_SECONDS))))
            if self.ear.hears_one_of([accepted, again], PROMPT_SECONDS) == 0:
                return
        raise AssertionError(f"the line does not understand {group}")

    def _beginning(self, sentence: str) -> Sound:
        return head(self.voices.sentence(sentence, "en"), BEGINNING_SECONDS)

    def write_down(self) -> list[str]:
        """The blocks of the confirmation ID as they are heard; whoever has missed a digit hears it all again."""
        for _ in range(ATTEMPTS):
            heard = self._read_out()
            if whole := WHOLE.search(heard):
                return list(whole.groups())
            self.phone.press("5")
        raise AssertionError(f"no confirmation ID is heard, but {heard}")

    def _read_out(self) -> str:
        """Letters and digits, as far as any are heard, up to the question whether the computer accepted it."""
        heard_before = self.ear.past_seconds
        self.ear.hear(self._beginning(ACCEPTED), READ_BACK_SECONDS)
        letters = {letter: self.voices.sentence(f"{letter}.", "en") for letter in LETTERS}
        digits = {digit: self.voices.character(digit, "en") for digit in DIGITS}
        return characters_in(self.ear.between(heard_before, self.ear.at_seconds), letters | digits)


def understood(listener: VoskListener, sound: Sound) -> str:
    """The digits that our listener hears."""
    line = joined((silence(0.4), sound, silence(0.8))).pcm()
    hearing = listener.listen()
    results = [hearing.feed(line[start : start + CHUNK_BYTES]) for start in range(0, len(line), CHUNK_BYTES)]
    texts = [result.text for result in results if result and result.is_final] + [hearing.finish().text]
    return "".join(str(WORDS.index(word)) for word in " ".join(texts).split() if word in WORDS)
