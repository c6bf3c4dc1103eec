"""The caller of a story at the telephone: hears the line's questions and answers them as the story says they would."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pbx.call import Call
from pbx.demo.cues import Cue, asked_number
from pbx.leg import HungUp, Listening
from pbx.terminal.typed import Act, Keys, Silence
from stories.cues import LineCues
from stories.story import Errand, Person, WhenRefused

QUESTIONS_AT_MOST = 200
"""A call of more questions than this goes in circles; the caller hangs up."""
GLANCE_SECONDS = 0.3
"""How long a caller who was asked nothing stays silent."""
MUSIC = "♪"
"""What a terminal phone shows of music begins so, in the queue and on hold."""

TypeIn = Callable[[tuple[str, ...]], str | None]
"""Types a confirmation ID into the computer: None when it is taken, else the sentence that the computer shows."""


@dataclass(slots=True)
class Errands:
    """What the caller has in hand: the groups shown, the agreement's number, and a computer to type into."""

    groups: Sequence[str] = ()
    agreement: str = ""
    activations_wanted: int = 1
    type_in: TypeIn = lambda blocks: None


@dataclass(slots=True)
class Heard:
    """What the caller has heard and will not forget."""

    blocks: dict[str, str] = field(default_factory=dict)
    case: str = ""
    refusal: str = ""
    accepted: bool = False
    shown: str = ""
    """The last sentence that the computer showed for a confirmation ID."""
    waits: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while the caller waits for a person."""
    told_case: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def confirmation_id(self) -> tuple[str, ...]:
        """The blocks heard, in their order."""
        return tuple(self.blocks[letter] for letter in sorted(self.blocks))

    async def with_people(self) -> None:
        """Returns when the caller waits for a person and knows the number of the case."""
        await self.told_case.wait()
        await self.waits.wait()


class StoryCaller:
    """A `pbx.terminal.typed.Caller` with a mind of their own. `say` shows what they do and hear."""

    def __init__(
        self, person: Person, errands: Errands, cues: LineCues, call: Call, *, pace: float, heard: Heard | None = None
    ) -> None:
        """`pace` stretches the time that the person takes over things: 1 as a person, 0 at once."""
        self._person, self._errands, self._cues, self._call, self._pace = person, errands, cues, call, pace
        self.heard = heard or Heard()
        self._said = ""
        self._group = 0
        self._wrong = {each.group: each.times for each in person.wrong}
        self._left_seconds = person.patience_seconds
        self._hears_music = False
        self._questions = 0

    @property
    def hung_up(self) -> bool:
        return False

    def hear(self, words: str) -> None:
        """Remembers what is said until the caller next does something."""
        self._said = f"{self._said} {words}".strip()
        if found := self._cues.case.search(self._said):
            self.heard.case = "".join(re.findall(r"\d", found[1]))
            self.heard.told_case.set()

    def see(self, event: str) -> None:
        """Music is heard while nobody speaks with the caller; whatever else comes ends it."""
        self._hears_music = event.startswith(MUSIC)

    async def act(self, listening: Listening) -> Act:
        """Answers the question that was asked last. Raises HungUp where the caller has had enough."""
        self._questions += 1
        if self._questions > QUESTIONS_AT_MOST:
            raise HungUp
        answer = self._answer()
        self._said = ""
        if not answer or not listening.keys:
            await self._wait(GLANCE_SECONDS)
            return Silence()
        await asyncio.sleep(self._pace * self._person.seconds_per_digit * len(answer))
        return Keys(answer)

    async def pass_time(self, seconds: float, listening: Listening | None = None) -> Act | None:
        """Time that passes in a queue or with a person is real; what else the line takes its time for is over at once."""
        if self._call.whereabouts is None:
            await asyncio.sleep(self._pace * seconds)
            return None
        self.heard.waits.set()
        await (self._wait(seconds) if self._hears_music else asyncio.sleep(seconds))
        return None

    async def _wait(self, seconds: float) -> None:
        """Raises HungUp when patience is at its end."""
        waited = min(seconds, self._left_seconds)
        await asyncio.sleep(waited)
        self._left_seconds -= waited
        if self._left_seconds <= 0:
            raise HungUp

    def _answer(self) -> str:
        """The keys for the last question in what was said; empty where there was none."""
        cues = self._cues
        replies: Sequence[tuple[Cue, Callable[[re.Match[str]], str]]] = (
            (cues.menu, lambda _: "1" if self._person.errand is Errand.ACTIVATE else "4"),
            (cues.resume, lambda _: "*"),
            (cues.group, lambda found: self._give(asked_number(found))),
            (cues.computers, lambda _: "1" if self._person.computers == 1 else "2"),
            (cues.block, self._note),
            (cues.accepted, lambda _: self._type_in()),
            (cues.after_typing, lambda _: "2"),
            (cues.refused, lambda _: self._refused()),
            (cues.requests, lambda _: "1"),
            (cues.agreement, lambda _: self._errands.agreement if self._person.has_agreement else "*0"),
            (cues.group_choice, lambda _: "1"),
            (cues.quantity, lambda _: f"{self._errands.activations_wanted}#"),
            (cues.confirm, lambda _: "1"),
            (cues.left_queue, lambda _: "1"),
        )
        asked = [(found.end(), found, reply) for cue, reply in replies for found in [last_of(cue, self._said)] if found]
        if asked:
            _, found, reply = max(asked, key=lambda each: each[0])
            return reply(found)
        return self._give(self._group + 1) if 0 < self._group < len(self._errands.groups) and not self._said else ""

    def _give(self, number: int) -> str:
        """A group as the caller reads it, rightly or wrongly."""
        if not 0 < number <= len(self._errands.groups):
            return ""
        self._group, group = number, self._errands.groups[number - 1]
        if self._wrong.get(number, 0) > 0:
            self._wrong[number] -= 1
            return misread(group)
        return group

    def _note(self, found: re.Match[str]) -> str:
        self.heard.blocks[found[1]] = "".join(found[2].split())
        return "1"

    def _type_in(self) -> str:
        """Types what was heard; the computer's answer is the caller's."""
        fault = self._errands.type_in(self.heard.confirmation_id)
        self.heard.accepted, self.heard.shown = fault is None, fault or ""
        return "1" if fault is None else "2"

    def _refused(self) -> str:
        self.heard.refusal = self._said
        if self._person.when_refused is WhenRefused.ASKS_FOR_A_PERSON:
            return "0"
        raise HungUp


def last_of(cue: Cue, said: str) -> re.Match[str] | None:
    """Where it was said last."""
    every = list(cue.finditer(said))
    return every[-1] if every else None


def misread(group: str) -> str:
    """The group with its last digit but one misread, which its check digit gives away."""
    wrong = str((int(group[-2]) + 1) % 10)
    return f"{group[:-2]}{wrong}{group[-1]}"
