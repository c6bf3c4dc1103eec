"""How long a complete activation takes a caller, in seconds of keys or speech, digits read, words said and waiting.

The caller presses 4 keys a second or says a digit in 0.45 s (the recogniser has the words 0.7 s after the last of them),
reacts 0.7 s after the end of each prompt, barges in at the menu only, hears the confirmation ID at the line's default pace
without a key in between, and types it into a real workstation's machine. The centre, its voices, its webhooks, the
interpreter and the webhook client are real; the clock is virtual (`virtual_call.py`).
Goals for the English keypad: under 110 s, at most 35 s of words.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from centre import Centre, open_centre
from goals import goal
from rich.console import Console
from rich.table import Table
from virtual_call import Dialled, Played, place_call
from virtual_phone import Phone, Saying, is_spelled, now_seconds

from ivr.script import Script, load_scripts
from ivr.twiml import LETTER, SPOKEN_DIGIT_SECONDS
from ivr.vocabulary import Kind, Word, load_vocabulary
from pbx.call import Ending
from pbx.speech import Break, Part, Span, Speech
from voices.speaking import Voices
from workstation.computer.machine import Machine, NotConfirmed, confirm, installation_id

KEYS_PER_SECOND = 4.0
SECONDS_A_SPOKEN_DIGIT = 0.45
RECOGNISER_SECONDS = 0.7
REACTION_SECONDS = 0.7
WEBHOOK_SECONDS = 0.1
"""What a request takes between Twilio and a server on the same continent."""
GOAL_SECONDS, GOAL_WORDS_SECONDS = 110.0, 35.0
CALLERS = {
    "en": ("US", "+12065550143"),
    "de": ("DE", "+493023125143"),
    "fr": ("FR", "+33199001143"),
    "es": ("ZZ", "+34910555143"),
}
"""Who is answered in which language: the country whose number they call (ZZ: the international one), and their own number."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How long the line's own voices take."""

    voices: Voices

    def seconds_to_say(self, speech: Speech) -> float:
        """For all of it, characters at the very pace that is meant, as in a Play."""
        parts = (*speech.parts, None)
        return sum(self._seconds_of(part, following, speech.language) for part, following in pairwise(parts))

    def seconds_of_words(self, text: str, locale: str) -> float:
        """For words, pauses between sentences and clauses included."""
        return self.voices.sentence(text, locale).seconds

    def _seconds_of(self, part: Part | None, following: Part | None, locale: str) -> float:
        """A break belongs to what stands before it."""
        if not isinstance(part, Span) or not (text := part.text.strip()):
            return 0.0
        pace_seconds = following.seconds + SPOKEN_DIGIT_SECONDS if isinstance(following, Break) else 0.0
        if is_spelled(part) or LETTER.fullmatch(text):
            return self.voices.character(text[0], locale, pace_seconds).seconds
        return self.seconds_of_words(text, locale)


@dataclass(frozen=True, slots=True)
class Caller:
    """The person at the phone, with the computer in front of them, and what they know of the line's language."""

    machine: Machine
    script: Script
    voice: Voice

    async def by_groups(self, phone: Phone) -> None:
        """Choose to activate, key group after group, type along, say that it was accepted."""
        await self._choose(phone, "1")
        for group in installation_id(self.machine):
            await self._hear_question_out(phone)
            await phone.key_in(group, KEYS_PER_SECOND)
        await self._type_and_accept(phone)

    async def at_one_go(self, phone: Phone) -> None:
        """The same with all digits in one go."""
        await self._choose(phone, "5")
        await self._hear_question_out(phone)
        await phone.key_in("".join(installation_id(self.machine)), KEYS_PER_SECOND)
        await self._type_and_accept(phone)

    async def by_voice(self, phone: Phone) -> None:
        """Choose by key, then say group after group."""
        await self._choose(phone, "1")
        for group in installation_id(self.machine):
            await self._hear_question_out(phone)
            words = " ".join(digit_words(self.script.language)[int(digit)] for digit in group)
            await phone.say_aloud(words, SECONDS_A_SPOKEN_DIGIT * len(group), RECOGNISER_SECONDS)
        await self._type_and_accept(phone)

    async def _choose(self, phone: Phone, key: str) -> None:
        """Hear the menu up to the option and barge in."""
        menu = self.script.sentence("menu.question")
        option = re.match(rf".*?\b{key}\b\W?", menu, re.DOTALL)
        assert option, f"the menu of {self.script.language} has no key {key}"
        await phone.hear(menu)
        await asyncio.sleep(self.voice.seconds_of_words(option[0], self.script.locale) + REACTION_SECONDS)
        await phone.key_in(key, KEYS_PER_SECOND)

    async def _hear_question_out(self, phone: Phone) -> None:
        await phone.hear_question_out()
        await asyncio.sleep(max(0.0, _ended_at(phone.said[-1]) + REACTION_SECONDS - now_seconds()))

    async def _type_and_accept(self, phone: Phone) -> None:
        await phone.hear_out(self.script.sentence("accepted.none"))
        outcome = confirm(self.machine, phone.spelled, datetime.now(UTC))
        if isinstance(outcome, NotConfirmed):
            raise click.ClickException(f"The computer did not take the confirmation ID that was read: {outcome.sentence}")
        await asyncio.sleep(REACTION_SECONDS)
        await phone.key_in("1", KEYS_PER_SECOND)


def digit_words(language: str) -> list[str]:
    """What callers of a language say for 0 to 9."""
    words = load_vocabulary(language).words
    return [next(word for word, meaning in words.items() if meaning == Word(Kind.NUMBER, str(digit))) for digit in range(10)]


@dataclass(frozen=True, slots=True)
class Split:
    """Where the seconds of a call went."""

    caller: float
    digits: float
    words: float
    waiting: float
    total: float


def split(played: Played) -> Split:
    """Every second goes to one of the four; a block's letter belongs to its digits, a key that cuts words short to the caller."""
    phone = played.phone
    caller = sum(ended - began for began, ended in phone.answering)
    digits = sum(_lasted(saying) for saying in phone.said if saying.spelled)
    cut_into = sum(1 / KEYS_PER_SECOND for saying in phone.said if saying.cut_short)
    words = sum(_lasted(saying) for saying in phone.said if not saying.spelled) - cut_into
    return Split(caller, digits, words, played.lasted_seconds - caller - digits - words, played.lasted_seconds)


def _lasted(saying: Saying) -> float:
    return _ended_at(saying) - saying.began_at


def _ended_at(saying: Saying) -> float:
    assert saying.ended_at is not None  # it was heard out, or the call is over
    return saying.ended_at


def activate(centre: Centre, language: str, manner: Callable[[Caller, Phone], Awaitable[None]]) -> Played:
    """One activation of a new computer. Raises ClickException when it does not end as it should."""
    house, voice = centre.house, Voice(centre.house.voices)
    country, number = CALLERS[language]
    dialled = Dialled(
        voice_url=f"{centre.base_url}/voice",
        account_sid=house.account_sid,
        auth_token=house.auth_token,
        called=house.catalogue.countries[country].number,
        caller=number,
        seconds_to_say=voice.seconds_to_say,
        latency_seconds=WEBHOOK_SECONDS,
    )
    caller = Caller(centre.install("windows-7-professional"), load_scripts()[language], voice)
    played = place_call(dialled, partial(manner, caller))
    if played.ending is not Ending.BY_LINE or played.phone.lost_keys:
        lost = played.phone.lost_keys or "none"
        raise click.ClickException(f"The call did not end as it should: {played.ending}, keys lost: {lost}.")
    return played


def keypad_calls(folder: Path) -> dict[str, Played]:
    """By keypad, in every language."""
    with open_centre(folder / "keypad") as centre:
        return {
            f"{language} {name}": activate(centre, language, manner)
            for language in CALLERS
            for name, manner in {"by groups": Caller.by_groups, "at one go": Caller.at_one_go}.items()
        }


def spoken_calls(folder: Path) -> dict[str, Played]:
    """By voice, in every language: with an account at Twilio, whose recogniser hears them all."""
    account = {"TWILIO_ACCOUNT_SID": f"AC{'0' * 32}", "TWILIO_AUTH_TOKEN": "0" * 32}
    with open_centre(folder / "voice", account) as centre:
        return {f"{language} by voice": activate(centre, language, Caller.by_voice) for language in CALLERS}


@click.command()
@click.option("--verbose", is_flag=True, help="Show what was said when, and for how long.")
def main(verbose: bool) -> None:
    """Measure how long an activation takes a caller; a minute."""
    with TemporaryDirectory(prefix="activation-center-bench-") as folder:
        calls = keypad_calls(Path(folder)) | spoken_calls(Path(folder))
    console = Console(highlight=False)
    if verbose:
        console.print(*(said(name, played) for name, played in calls.items()), sep="\n")
    console.print(splits(calls))
    by_groups = split(calls["en by groups"])
    console.print(goal("English by groups, in all", by_groups.total, GOAL_SECONDS, " s"))
    console.print(goal("English by groups, words", by_groups.words, GOAL_WORDS_SECONDS, " s"))


def said(name: str, played: Played) -> Table:
    """What the line said, when and for how long."""
    table = Table("at s", "for s", "", title=name)
    for saying in played.phone.said:
        words = f"{saying.speech} (cut short)" if saying.cut_short else str(saying.speech)
        table.add_row(f"{saying.began_at:.1f}", f"{_lasted(saying):.1f}", words)
    return table


def splits(calls: Mapping[str, Played]) -> Table:
    """Where the seconds of each call went."""
    table = Table("seconds", "keys or speech", "digits read", "words said", "waiting", "total")
    for name, played in calls.items():
        table.add_row(name, *(f"{seconds:.1f}" for seconds in astuple(split(played))))
    return table


if __name__ == "__main__":
    main()
