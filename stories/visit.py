"""Somebody at pages of the centre, as a browser would be there: a cookie, a form token, pages read and forms sent."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

import aiohttp

from stories.backstage import StoryFailed

TIMEOUT = aiohttp.ClientTimeout(total=20)
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|name="csrf-token"[^>]*content="([^"]+)"')
_HIDDEN = re.compile(r"<(script|style|svg|template)\b.*?</\1>|<[^>]+>", re.DOTALL)


@dataclass(slots=True)
class Visit:
    """One visitor. What the centre refuses raises StoryFailed with its own sentence."""

    who: str
    session: aiohttp.ClientSession
    _token: str = field(default="", repr=False)

    async def page(self, path: str) -> str:
        """A page as it is, and from now on its form token."""
        status, page = await self.look(path)
        self._need(status, path)
        return page

    async def look(self, path: str) -> tuple[int, str]:
        """The same with its status, whatever that is."""
        async with self.session.get(path) as answer:
            page = await answer.text()
        if found := _TOKEN.search(page):
            self._token = html.unescape(found[1] or found[2])
        return answer.status, page

    async def fill(self, path: str, **fields: str) -> str:
        """Opens the page and sends its form; the page that comes then."""
        await self.page(path)
        return await self.send(path, **fields)

    async def send(self, path: str, **fields: str) -> str:
        """Sends a form of the page read last; the page that comes then."""
        async with self.session.post(path, data={"csrf_token": self._token, **fields}) as answer:
            self._need(answer.status, path)
            return await answer.text()

    async def do(self, path: str, **fields: str) -> str:
        """Sends a form as a page's script does; the sentence that comes back."""
        form = {"csrf_token": self._token, **fields}
        async with self.session.post(path, data=form, headers={"Accept": "application/json"}) as answer:
            if "json" not in answer.content_type:
                self._need(answer.status, path)
                return ""
            said = await answer.json()
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise StoryFailed(f"{self.who} was refused at {path}: {said.get('detail', answer.status)}")
        return str(said.get("sentence", ""))

    def _need(self, status: int, path: str) -> None:
        if status >= HTTPStatus.BAD_REQUEST:
            raise StoryFailed(f"{self.who} got HTTP status {status} at {path}.")


@asynccontextmanager
async def visit(who: str, base_url: str) -> AsyncIterator[Visit]:
    """A visit for as long as this lasts."""
    jar = aiohttp.CookieJar(unsafe=True)  # the centre's address may be a number
    async with aiohttp.ClientSession(base_url, cookie_jar=jar, timeout=TIMEOUT) as session:
        yield Visit(who, session)


def words_of(page: str) -> str:
    """A page as somebody reads it, in one line."""
    return " ".join(html.unescape(_HIDDEN.sub(" ", page)).split())
