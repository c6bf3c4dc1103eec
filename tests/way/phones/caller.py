"""A person at a softphone who activates a computer: hears each prompt, keys or says the groups, writes down the confirmation ID."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ear import Ear, best_match, head, part

from voices.listening import CHUNK_BYTES
from voices.sound import Sound, joined, silence
from voices.speaking import Voices
from voices.tones import accepted_wav
from voices.vosk_listener import VoskListener
from voices.vosk_models import model_folders

GREETING = "Activation Center. This is a simulator and activates no real product. This call may be monitored."
MENU = (
    "To activate a computer, press 1. For more activations on a volume key, 2. If your confirmation ID was refused, 3. "
    "For other volume key requests, 4. To key in the whole installation ID at one go, 5. For a person, 0."
)
FIRST_GROUP = "Key in or say group 1 of your installation ID."
APPROVED = "It is approved. Type the confirmation ID as you hear it."
ACCEPTED = "Did the computer accept it? Yes, press 1. No, 2. To hear it all again, 5."
GOODBYE = "Thank you. Goodbye."
LETTERS = "ABCDEFGH"
BEGINNING_SECONDS = 0.45
"""Enough of a sentence to know it by."""
DIGIT_PACE_SECONDS = 0.6
BREATH_SECONDS, READ_BACK_SECONDS = 0.3, 150.0
ATTEMPTS, PROMPT_SECONDS = 3, 20.0
TONE = Sound.of_wav(accepted_wav())
LETTER_LIKENESS, DIGITS_SECONDS, BLOCK_SECONDS = 0.6, 1.5, 10.0
"""Letters sound alike, so each is looked for where it must be: after some digits of the block before it, before the next one."""
LETTER_TAIL_SECONDS = 0.1
"""What a phone's jitter buffer may still bring of a letter after its end."""
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
        """The blocks of the confirmation ID as they are understood from what the phone recorded."""
        heard_before = self.ear.past_seconds
        self.ear.hear(self._beginning(ACCEPTED), READ_BACK_SECONDS)
        read = self.ear.between(heard_before, self.ear.at_seconds)
        letters = [self.voices.sentence(f"{letter}.", "en") for letter in LETTERS]
        begins, starts, at = list[float](), list[float](), 0.0
        for letter in letters:
            began, likeness = best_match(part(read, at, at + BLOCK_SECONDS), letter)
            assert likeness >= LETTER_LIKENESS, f"letter {len(begins) + 1} is not heard: {likeness:.2f}"
            begins.append(at + began)
            starts.append(begins[-1] + letter.seconds + LETTER_TAIL_SECONDS)
            at = starts[-1] + DIGITS_SECONDS
        ends = [*begins[1:], read.seconds]
        listener = VoskListener(model_folders({})["en"])
        return [understood(listener, part(read, *span)) for span in zip(starts, ends, strict=True)]


def understood(listener: VoskListener, sound: Sound) -> str:
    """The digits that our listener hears."""
    line = joined((silence(0.4), sound, silence(0.8))).pcm()
    hearing = listener.listen()
    results = [hearing.feed(line[start : start + CHUNK_BYTES]) for start in range(0, len(line), CHUNK_BYTES)]
    texts = [result.text for result in results if result and result.is_final] + [hearing.finish().text]
    return "".join(str(WORDS.index(word)) for word in " ".join(texts).split() if word in WORDS)
