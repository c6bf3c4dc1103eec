"""How long a complete keypad activation takes a caller, in seconds of keys, digits read, words said and waiting.

The caller presses 4 keys a second, reacts 0.7 s after the end of each prompt, barges in at the menu only, hears the
confirmation ID at the line's default pace without a key in between, and types it into a real workstation's machine.
The centre, its webhooks, the interpreter and the webhook client are real; the clock is virtual (`virtual_call.py`).
Goals: under 110 s, at most 35 s of words.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from centre import Centre, open_centre
from goals import goal
from rich.console import Console
from rich.table import Table
from virtual_call import Dialled, Phone, Played, Saying, is_spelled, place_call

from pbx.call import Ending
from pbx.speech import Break, Part, Speech
from workstation.machine import Machine, NotConfirmed, confirm, installation_id

KEYS_PER_SECOND = 4.0
REACTION_SECONDS = 0.7
WEBHOOK_SECONDS = 0.1
"""What a request takes between Twilio and a server on the same continent."""
GOAL_SECONDS, GOAL_WORDS_SECONDS = 110.0, 35.0

# The voice: espeak-ng (espeakng-loader 0.2.4) at its own default of 175 words a minute, fitted to every sentence of the
# English script, from first sound to last: 4 % mean error. Amazon's one published figure for Polly agrees: the last sound
# of "Mary had a little lamb" begins after 1.08 s (docs.aws.amazon.com/polly, Voice speed); here the sentence ends at 1.12 s.
LETTER_SECONDS = 0.062
DIGIT_SECONDS = 0.31
SENTENCE_END_SECONDS = 0.41
CLAUSE_END_SECONDS = 0.22
SPELLED_DIGIT_SECONDS = 0.36
"""A digit by itself: the mean of the ten."""


def seconds_to_say(speech: Speech) -> float:
    """How long the voice takes for it, breaks included."""
    return sum(_seconds_of(part) for part in speech.parts)


def _seconds_of(part: Part) -> float:
    if isinstance(part, Break):
        return part.seconds
    return len(part.text) * SPELLED_DIGIT_SECONDS if is_spelled(part) else seconds_of_words(part.text)


def seconds_of_words(text: str) -> float:
    """How long the voice takes for words, pauses between sentences and clauses included."""
    letters, digits = len(re.findall(r"[A-Za-z]", text)), len(re.findall(r"[0-9]", text))
    sentence_ends, clause_ends = len(re.findall(r"[.?!](?=\s)", text)), len(re.findall(r"[,;:](?=\s)", text))
    spoken = letters * LETTER_SECONDS + digits * DIGIT_SECONDS
    return spoken + sentence_ends * SENTENCE_END_SECONDS + clause_ends * CLAUSE_END_SECONDS


@dataclass(frozen=True, slots=True)
class Caller:
    """The person at the phone, with the computer in front of them."""

    machine: Machine

    async def by_groups(self, phone: Phone) -> None:
        """Choose to activate, key group after group, type along, say that it was accepted."""
        await self._choose(phone, "To activate a computer, press 1.", "1")
        for number, group in enumerate(installation_id(self.machine), start=1):
            await phone.hear_out(f"roup {number}")
            await self._react(phone, group)
        await self._type_and_accept(phone)

    async def at_one_go(self, phone: Phone) -> None:
        """The same with all digits in one go."""
        await self._choose(phone, "To key in the whole installation ID at one go, 5.", "5")
        await phone.hear_out("Key in all the digits")
        await self._react(phone, "".join(installation_id(self.machine)))
        await self._type_and_accept(phone)

    async def _choose(self, phone: Phone, option: str, key: str) -> None:
        """Hear the menu up to the option and barge in."""
        menu = str((await phone.hear(option)).speech)
        await asyncio.sleep(seconds_of_words(menu[: menu.index(option) + len(option)]))
        await self._react(phone, key)

    async def _type_and_accept(self, phone: Phone) -> None:
        await phone.hear_out("Did the computer accept it?")
        outcome = confirm(self.machine, phone.spelled, datetime.now(UTC))
        if isinstance(outcome, NotConfirmed):
            raise click.ClickException(f"The computer did not take the confirmation ID that was read: {outcome.sentence}")
        await self._react(phone, "1")

    async def _react(self, phone: Phone, keys: str) -> None:
        await asyncio.sleep(REACTION_SECONDS)
        await phone.key_in(keys, KEYS_PER_SECOND)


@dataclass(frozen=True, slots=True)
class Split:
    """Where the seconds of a call went."""

    keys: float
    digits: float
    words: float
    waiting: float
    total: float


def split(played: Played) -> Split:
    """Every second goes to one of the four; a block's letter belongs to its digits, a key that cuts words short to the keys."""
    phone = played.phone
    keys = sum(ended - began for began, ended in phone.keying)
    digits = sum(_lasted(saying) for saying in phone.said if saying.spelled)
    cut_into = sum(1 / KEYS_PER_SECOND for saying in phone.said if saying.cut_short)
    words = sum(_lasted(saying) for saying in phone.said if not saying.spelled) - cut_into
    return Split(keys, digits, words, played.lasted_seconds - keys - digits - words, played.lasted_seconds)


def _lasted(saying: Saying) -> float:
    assert saying.ended_at is not None  # the call is over
    return saying.ended_at - saying.began_at


def activate(centre: Centre, person: Callable[[Caller], Callable[[Phone], Awaitable[None]]]) -> Played:
    """One activation of a new computer. Raises ClickException when it does not end as it should."""
    house = centre.house
    dialled = Dialled(
        voice_url=f"{centre.base_url}/voice",
        account_sid=house.account_sid,
        auth_token=house.auth_token,
        called=house.line_number,
        caller="+12065550143",
        seconds_to_say=seconds_to_say,
        latency_seconds=WEBHOOK_SECONDS,
    )
    played = place_call(dialled, person(Caller(centre.install("windows-7-professional"))))
    if played.ending is not Ending.BY_LINE or played.phone.lost_keys:
        lost = played.phone.lost_keys or "none"
        raise click.ClickException(f"The call did not end as it should: {played.ending}, keys lost: {lost}.")
    return played


@click.command()
@click.option("--verbose", is_flag=True, help="Show what was said when, and for how long.")
def main(verbose: bool) -> None:
    """Measure how long an activation takes a caller; a few seconds."""
    with TemporaryDirectory(prefix="activation-center-bench-") as folder, open_centre(Path(folder)) as centre:
        by_groups = activate(centre, lambda caller: caller.by_groups)
        calls = {"by groups": by_groups, "at one go": activate(centre, lambda caller: caller.at_one_go)}
    console = Console(highlight=False)
    if verbose:
        console.print(*(said(name, played) for name, played in calls.items()), sep="\n")
    console.print(splits(calls))
    console.print(goal("By groups, in all", split(by_groups).total, GOAL_SECONDS, " s"))
    console.print(goal("By groups, words", split(by_groups).words, GOAL_WORDS_SECONDS, " s"))


def said(name: str, played: Played) -> Table:
    """What the line said, when and for how long."""
    table = Table("at s", "for s", "", title=name)
    for saying in played.phone.said:
        words = f"{saying.speech} (cut short)" if saying.cut_short else str(saying.speech)
        table.add_row(f"{saying.began_at:.1f}", f"{_lasted(saying):.1f}", words)
    return table


def splits(calls: Mapping[str, Played]) -> Table:
    """Where the seconds of each call went."""
    table = Table("seconds", "keys", "digits read", "words said", "waiting", "total")
    for name, played in calls.items():
        table.add_row(name, *(f"{seconds:.1f}" for seconds in astuple(split(played))))
    return table


if __name__ == "__main__":
    main()
