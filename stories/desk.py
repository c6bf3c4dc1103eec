"""An agent of a story at the console: its real pages and forms, over HTTP."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from stories.backstage import Account, StoryFailed
from stories.visit import Visit, visit, words_of

SIGN_OF_LIFE_SECONDS = 4.0
"""A page that is open tells the centre so often that its agent is there."""
_WHY = re.compile(r'<p class="desk-why">.*?</p>', re.DOTALL)
_KEPT = re.compile(r'<li data-verdict="accepted">\s*<label for="group-(\d+)"')
_SYMBOL = re.compile(r'data-symbol><b class="mono">([0-9A-Z])</b>')
_FLASH = re.compile(r'<p class="flash.*?</p>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody signed in. What is refused raises StoryFailed with the page's sentence."""

    account: Account
    pages: Visit

    @property
    def name(self) -> str:
        """The first name, as colleagues say it."""
        return self.account.full_name.split()[0]

    async def enter(self) -> None:
        """Signs in by the form, and chooses a password, as everybody must who has a first one."""
        await self.pages.fill("/console/sign-in", name=self.account.name, password=self.account.password)
        chosen = secrets.token_urlsafe(18)
        await self.pages.fill("/console/password", present=self.account.password, new=chosen, again=chosen)
        await self.pages.page("/console")

    async def do(self, path: str, **fields: str) -> str:
        """Sends a form of the page; the sentence that the page shows then."""
        return await self.pages.do(path, **fields)

    async def why(self, case: str) -> str:
        """Why the call came to a person, as the head of its page says."""
        found = _WHY.search(await self.pages.page(case))
        return words_of(found[0]) if found else ""

    async def kept_groups(self, case: str) -> tuple[int, ...]:
        """The groups on the pad that are accepted already."""
        return tuple(map(int, _KEPT.findall(await self.pages.page(case))))

    async def held_request(self, case: str) -> str:
        """The request of a case that waits for a second person, looked at. Raises StoryFailed where there is none."""
        page = await self.pages.page("/console/approvals")
        found = re.search(rf'/console/approvals/([\w-]+)">[^<]*</a>.{{0,160}}?case {case}\b', page, re.DOTALL)
        if found is None:
            raise StoryFailed(f"No request of case {case} waits for a second person.")
        await self.pages.page(f"/console/approvals/{found[1]}")
        return found[1]

    async def read_out(self, path: str, **fields: str) -> str:
        """Sends a form whose answer is a page with something to read out: its symbols. Raises StoryFailed where it has none."""
        page = await self.pages.send(path, **fields)
        symbols = "".join(_SYMBOL.findall(page))
        if not symbols:
            found = _FLASH.search(page)
            raise StoryFailed(f"{self.name} was shown nothing to read out: {words_of(found[0]) if found else 'no reason'}")
        return symbols

    async def stay(self) -> None:
        """Keeps the page open for as long as nobody cancels it."""
        while True:
            await self.pages.look("/console/fragments?show=bar")
            await asyncio.sleep(SIGN_OF_LIFE_SECONDS)


@asynccontextmanager
async def sit_down(account: Account, base_url: str) -> AsyncIterator[Desk]:
    """Somebody at a desk: signed in, with the page open until this is over."""
    async with visit(account.full_name, base_url) as pages:
        desk = Desk(account, pages)
        await desk.enter()
        staying = asyncio.create_task(desk.stay())
        try:
            yield desk
        finally:
            staying.cancel()
            await asyncio.gather(staying, return_exceptions=True)
