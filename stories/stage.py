"""The stage of one telling: the caller with key, computer and telephone, the agents at their desks, and what has come of it."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from pbx.call import Call, Ending, Whereabouts
from stories.backstage import Backstage, Props, StoryFailed
from stories.computer import Computer
from stories.desk import Desk, sit_down
from stories.narration import Eavesdropper, Narration
from stories.persona import Errands, Heard, StoryCaller
from stories.story import Role, Story
from stories.telephone import Telephone, desk_phone, new_call, open_telephone, to_line

CALL_PATIENCE_SECONDS = 60.0
"""How long the story waits for what should happen in a call."""
LEAVING_SECONDS = 5.0
GLANCE_SECONDS = 0.1


@dataclass(slots=True)
class Stage:
    """Everything that the scenes of one telling share."""

    story: Story
    backstage: Backstage
    narration: Narration
    name: str
    """Of the computers, with a number where there are several."""
    number: str
    """That the caller calls from."""
    pace: float = 0.0
    props: Props | None = None
    computers: list[Computer] = field(default_factory=list)
    heard: Heard = field(default_factory=Heard)
    ending: Ending | None = None
    call: Call | None = None
    calling: "asyncio.Task[Ending] | None" = None
    telephone: Telephone | None = None
    desk: Desk | None = None
    people: AsyncExitStack = field(default_factory=AsyncExitStack)
    hired: list[str] = field(default_factory=list)

    @property
    def caller(self) -> str:
        """The caller's first name."""
        return self.story.caller.name.split()[0]

    @property
    def computer(self) -> Computer:
        """The computer that the story is about just now. Raises StoryFailed before there is one."""
        if not self.computers:
            raise StoryFailed("The story has no computer yet.")
        return self.computers[-1]

    @property
    def key(self) -> Props:
        """The key made for the telling. Raises StoryFailed where the story has none."""
        if self.props is None:
            raise StoryFailed("The story has no key.")
        return self.props

    @property
    def agent(self) -> Desk:
        """The agent who has the call. Raises StoryFailed before somebody answered."""
        if self.desk is None:
            raise StoryFailed("No agent has answered yet.")
        return self.desk

    @property
    def case(self) -> str:
        """The page of the call, for forms."""
        return f"/console/calls/{self.heard.case}"

    def tell(self, who: str, words: str) -> None:
        """Tells it."""
        self.narration.tell(who, words)

    def add_computer(self) -> Computer:
        """One more computer, not installed yet."""
        number = len(self.computers) + 1
        name = self.name if number == 1 else f"{self.name}-{number}"
        self.computers.append(Computer(self.backstage.home, name, self.backstage.base_url))
        return self.computer

    def begin_call(self) -> None:
        """The caller calls, and does from now on as the story says they would."""
        self.heard, line = Heard(), self.backstage.line
        self.call = new_call(line, self.number)
        self.backstage.mark(self.call.sid, self.story.number)
        groups: Sequence[str] = self.computer.groups if self.computers else ()
        agreement = self.props.contact.agreement if self.props and self.props.contact else ""
        errands = Errands(groups, agreement, max(1, self.story.done.amount if self.story.done else 1), self._type_in)
        caller = StoryCaller(self.story.caller, errands, self.backstage.cues, self.call, pace=self.pace, heard=self.heard)
        self.calling = asyncio.create_task(self._call(self.call, caller))

    async def _call(self, call: Call, caller: StoryCaller) -> Ending:
        line = self.backstage.line

        def show(remark: str) -> None:
            self.tell(self.caller, remark)

        async with open_telephone(line, self.number, show, may_ring=False) as telephone:
            self.telephone = telephone
            return await telephone.carry(call, to_line(line), caller, [Eavesdropper(self.narration, self.caller)])

    def _type_in(self, blocks: tuple[str, ...]) -> str | None:
        sentence = self.computer.type_in(blocks)
        self.tell("Computer", f"takes the confirmation ID: {self.computer.shows}" if sentence is None else f"shows: {sentence}")
        return sentence

    async def call_over(self) -> Ending:
        """Waits until the call is over. Raises StoryFailed when it takes too long."""
        if self.calling is None:
            raise StoryFailed("Nobody has called yet.")
        patience_seconds = self.story.caller.patience_seconds if self.pace else CALL_PATIENCE_SECONDS
        try:
            async with asyncio.timeout(patience_seconds):
                self.ending = await asyncio.shield(self.calling)
        except TimeoutError:
            raise StoryFailed(f"The call was not over after {patience_seconds:g} seconds.") from None
        self.calling = None
        return self.ending

    async def on_hold(self) -> None:
        """Waits until the caller waits for a person and knows the case. Raises StoryFailed when the call goes another way."""
        assert self.calling is not None
        waiting = asyncio.create_task(self.heard.with_people())
        try:
            async with asyncio.timeout(CALL_PATIENCE_SECONDS):
                await asyncio.wait({waiting, self.calling}, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            raise StoryFailed("The line did not hand the caller to a person.") from None
        finally:
            waiting.cancel()
        if self.calling.done():
            raise StoryFailed(f"The call was over before a person came: {self.calling.result().sentence}")

    async def with_person(self) -> None:
        """Waits until the agent's phone has taken the call and the caller is with the agent."""
        assert self.call is not None
        try:
            async with asyncio.timeout(CALL_PATIENCE_SECONDS):
                while self.call.whereabouts is not Whereabouts.CONFERENCE:
                    await asyncio.sleep(GLANCE_SECONDS)
        except TimeoutError:
            raise StoryFailed("The caller was answered and did not reach the agent.") from None

    async def bring(self, role: Role, *, has_phone: bool) -> Desk:
        """Somebody comes to work: an account for the story, signed in at the console."""
        account = self.backstage.hire(role)
        self.hired.append(account.name)
        desk = await self.people.enter_async_context(sit_down(account, self.backstage.base_url))
        if has_phone:
            await self.people.enter_async_context(desk_phone(self.backstage.line, account.phone))
        return desk

    async def _leave(self) -> None:
        """The caller hangs up where they still call."""
        if self.calling is None:
            return
        if self.telephone is not None:
            self.telephone.hang_up()
        await asyncio.wait({self.calling}, timeout=LEAVING_SECONDS)
        self.calling.cancel()
        await asyncio.gather(self.calling, return_exceptions=True)
        self.calling = None

    async def strike(self) -> None:
        """Everybody goes home: calls end, agents sign out, accounts are closed."""
        await self._leave()
        await self.people.aclose()
        for name in self.hired:
            self.backstage.dismiss(name)
