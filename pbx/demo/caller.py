"""The caller: gives the groups that the line asks for, hears the blocks, types them, and says how it went."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from pbx.audio.captions import WORDLESS
from pbx.demo.computer import Computer, DemoFailed, Shown
from pbx.demo.cues import Cues, asked_number
from pbx.demo.ear import NOTHING_MORE, Ear
from pbx.demo.phone import DemoPhone
from pbx.exchange.client import Row
from pbx.side_by_side import until_first

PATIENCE_SECONDS = 45.0
GIVEN_AT_MOST = 4
"""How often a group is given before the caller gives up."""
REPEATS = 4
"""So many times as many blocks as there are may be said before the caller gives up."""
AFTER_PROMPT_SECONDS = 0.5
"""Who speaks waits until the line has been quiet for so long."""

NEXT = re.compile(WORDLESS)
"""A tone has accepted the last group."""
BLOCK = re.compile(r"^([A-J])\. ")

Show = Callable[[str], None]
GiveGroup = Callable[[str], Awaitable[None]]


class Caller:
    """One call from the first prompt to the last."""

    def __init__(
        self, phone: DemoPhone, captions: AsyncIterator[Row], ear: Ear, computer: Computer, cues: Cues, shown: Shown, show: Show
    ) -> None:
        self._phone, self._ear, self._computer, self._shown, self._show = phone, ear, computer, shown, show
        self._cues = cues
        self._captions = captions
        self._said: asyncio.Queue[str] = asyncio.Queue()

    async def call(self, give: GiveGroup, pace_seconds: float) -> None:
        """The whole call. Raises DemoFailed."""
        listening = asyncio.create_task(self._follow())
        try:
            await self._expect(self._cues.menu)
            self._done("The line answered, and said that it is a simulator.")
            self.press("1")
            await self._give_groups(give)
            self._done("The installation ID was accepted.")
            blocks = await self._hear_blocks(pace_seconds)
            await self._type_in(blocks)
            await self._expect(self._cues.farewell)
            await self._until_gone()
        finally:
            listening.cancel()

    def press(self, keys: str) -> None:
        self._show(f"You:   [{keys}]")
        self._phone.press_keys(keys)

    async def _give_groups(self, give: GiveGroup) -> None:
        """Whichever group the line asks for, until it has decided."""
        cues, groups, number = self._cues, self._shown.groups, 0
        for _ in range(GIVEN_AT_MOST * len(groups)):
            cue, found = await self._expect(cues.approved, cues.computers, cues.group, NEXT)
            if cue is NEXT and await self._goes_on():
                continue
            if cue is cues.approved:
                return
            if cue is cues.computers:
                self.press("1")
                continue
            number = asked_number(found) if cue is cues.group else number + 1
            if 0 < number <= len(groups):
                await give(groups[number - 1])
        raise DemoFailed("The line did not understand the installation ID.")

    async def _goes_on(self) -> bool:
        """Whether the line says something after its tone."""
        await self._phone.hear_quiet(AFTER_PROMPT_SECONDS)
        return not self._said.empty()

    async def _hear_blocks(self, pace_seconds: float) -> tuple[str, ...]:
        """Every block, each asked for again until its check digit holds; those that went by unheard when all are said again."""
        blocks: dict[str, str] = {}
        for _ in range(REPEATS * self._shown.blocks):
            cue, found = await self._expect_now(BLOCK, self._cues.accepted)
            if cue is BLOCK and found[1] not in blocks:
                blocks |= await self._note_block(found[1], pace_seconds)
            elif cue is BLOCK:
                self.press("1")
            elif len(blocks) < self._shown.blocks:
                self.press("5")
            else:
                self._done("The confirmation ID was heard, block by block.")
                return tuple(blocks[letter] for letter in sorted(blocks))
        raise DemoFailed(f"{len(blocks)} of {self._shown.blocks} blocks were understood.")

    async def _note_block(self, letter: str, pace_seconds: float) -> Mapping[str, str]:
        """The block under its letter; empty where it was not understood."""
        heard = await self._hear_block(pace_seconds)
        is_good = len(heard) == self._shown.block_length and self._computer.is_block(heard)
        self._show(f"Heard: {letter} {heard or '(nothing)'} {'✓' if is_good else '?'}")
        if self._said.empty():  # else the line has gone on by itself
            self.press("1" if is_good else "2")
        return {letter: heard} if is_good else {}

    async def _hear_block(self, pace_seconds: float) -> str:
        """What is said until the line is quiet for longer than between two digits, or says something else."""
        heard = self._phone.listen_anew()
        hearing = asyncio.create_task(self._ear.block(heard, self._shown.block_length))
        async with until_first(self._end_of_block(pace_seconds), self._until_gone()):
            heard.put_nowait(NOTHING_MORE)
        return await hearing

    async def _end_of_block(self, pace_seconds: float) -> None:
        await asyncio.sleep(self._shown.block_length * pace_seconds / 2)
        while self._said.empty() and self._phone.quiet_seconds < pace_seconds + 0.3:
            await asyncio.sleep(0.02)

    async def _type_in(self, blocks: tuple[str, ...]) -> None:
        sentence = self._computer.type_in(blocks)
        if sentence is not None:
            self.press("2")
            raise DemoFailed(f"The computer did not accept the confirmation ID: {sentence}")
        self._done(f"{self._shown.name} is activated.")
        self.press("1")

    async def _expect_now(self, *cues: re.Pattern[str]) -> tuple[re.Pattern[str], re.Match[str]]:
        """The same, of who may have been kept from listening: what was said before the last sentence is over."""
        while self._said.qsize() > 1:
            self._said.get_nowait()
        return await self._expect(*cues)

    async def _expect(self, *cues: re.Pattern[str]) -> tuple[re.Pattern[str], re.Match[str]]:
        """The first of these to be said. Raises DemoFailed when the line goes another way, hangs up or is silent."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    words = await self._said.get()
                    for cue in cues:
                        if found := cue.search(words):
                            return cue, found
                    if self._cues.trouble.search(words) or not words:
                        raise DemoFailed(f"The call went another way; the line said: {words}" if words else "The line hung up.")
        except TimeoutError:
            raise DemoFailed(f"The line said nothing that was expected for {PATIENCE_SECONDS:g} seconds.") from None

    async def _follow(self) -> None:
        """Everything that is said, shown as it is said; at the end of the call an empty sentence."""
        gone = asyncio.create_task(self._phone.is_gone.wait())
        gone.add_done_callback(lambda _: self._said.put_nowait(""))
        async for caption in self._captions:
            if caption["speaker"] == "line":
                self._show(f"Line:  {caption['words']}")
                self._said.put_nowait(caption["words"])
            elif caption["speaker"] == "caller":
                self._show(f"       (understood: {caption['words']})")

    async def _until_gone(self) -> None:
        await self._phone.is_gone.wait()

    def _done(self, sentence: str) -> None:
        self._show(f"✓ {sentence}")


def by_keys(caller: Caller) -> GiveGroup:
    """Groups keyed in."""

    async def give(group: str) -> None:
        caller.press(group)

    return give


def by_voice(phone: DemoPhone, show: Show, spoken: Callable[[str], Awaitable[bytes]]) -> GiveGroup:
    """Groups said, each once the line has finished its sentence."""

    async def give(group: str) -> None:
        sound = await spoken(group)
        await phone.hear_quiet(AFTER_PROMPT_SECONDS)
        show(f"You:   “{' '.join(group)}”")
        await phone.say(sound)

    return give
