"""The recordings that a Play names: fetched, decoded, and kept as long as the server says (RFC 9111)."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from http import HTTPStatus

import aiohttp

from pbx.audio.audio_file import mulaw_of
from pbx.codes import CallError, Code
from voices.faults import NotASound

MOST_BYTES = 32 * 1024 * 1024
LONGEST_SECONDS = 40 * 60.0
"""Source: https://www.twilio.com/docs/voice/twiml/play, which warns of dropped calls beyond it."""
KEPT_BYTES = 64 * 1024 * 1024
MAXIMUM_REDIRECTS = 10
TIMEOUT = aiohttp.ClientTimeout(total=60, sock_connect=5, sock_read=15)
_MAX_AGE = re.compile(r"\bmax-age=(\d{1,9})\b", re.ASCII)
_FAULTS: tuple[tuple[type[Exception], Code, str], ...] = (
    (aiohttp.ClientConnectorDNSError, Code.BAD_HOST, "the host has no address"),
    (aiohttp.ClientConnectorCertificateError, Code.BAD_CERTIFICATE, "its certificate is not trusted"),
    (aiohttp.ClientSSLError, Code.TLS_FAILED, "the server does not speak TLS here"),
    (aiohttp.ClientConnectorError, Code.CONNECTION_FAILED, "nothing answers there"),
    (aiohttp.ConnectionTimeoutError, Code.CONNECTION_FAILED, "nothing answers there"),
    (aiohttp.TooManyRedirects, Code.TOO_MANY_REDIRECTS, f"more than {MAXIMUM_REDIRECTS} redirects"),
    (aiohttp.InvalidURL, Code.BAD_URL, "it cannot be requested"),
    (aiohttp.NonHttpUrlClientError, Code.BAD_URL, "it must begin with http:// or https:// and name a host"),
    (TimeoutError, Code.OUT_OF_TIME, f"no whole recording within {TIMEOUT.total:g} seconds"),
    (aiohttp.ClientError, Code.RETRIEVAL_FAILED, "the answer broke off or was not HTTP"),
)
"""What can go wrong with a request, the finer before the coarser."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A recording, fresh until so many seconds of the loop's clock; then the server is asked whether it is still the same."""

    sound: bytes
    fresh_until: float
    validators: Mapping[str, str]


class Recordings:
    """Recordings by URL."""

    def __init__(self, session: aiohttp.ClientSession, threads: Executor) -> None:
        self._session, self._threads = session, threads
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._kept_bytes = 0
        self._coming: dict[str, asyncio.Task[bytes]] = {}

    async def sound(self, url: str) -> bytes:
        """The recording as µ-law. Raises CallError 11100 to 11750 when it cannot be had, 12300 or 13420 when it is none."""
        kept = self._kept.get(url)
        if kept is not None and kept.fresh_until > asyncio.get_running_loop().time():
            self._kept.move_to_end(url)
            return kept.sound
        try:
            return await asyncio.shield(self._coming.get(url) or self._fetch(url, kept))
        except (aiohttp.ClientError, TimeoutError) as error:
            code, detail = next((code, detail) for kind, code, detail in _FAULTS if isinstance(error, kind))
            raise CallError(code, url, detail) from error

    def _fetch(self, url: str, kept: Kept | None) -> asyncio.Task[bytes]:
        """One request for all who ask meanwhile; whoever hangs up stops waiting for it, and it is there for the next call."""
        coming = self._coming[url] = asyncio.create_task(self._fetched(url, kept))
        coming.add_done_callback(lambda done: self._came(url, done))
        return coming

    def _came(self, url: str, done: asyncio.Task[bytes]) -> None:
        del self._coming[url]
        if not done.cancelled():
            done.exception()  # looked at here, for nobody may wait any more

    async def _fetched(self, url: str, kept: Kept | None) -> bytes:
        headers = {"Accept": "audio/*", **(kept.validators if kept else {})}
        request = self._session.get(url, headers=headers, timeout=TIMEOUT, max_redirects=MAXIMUM_REDIRECTS)
        async with request as response:
            if response.status == HTTPStatus.NOT_MODIFIED and kept is not None:
                self._keep(url, replace(kept, fresh_until=_fresh_until(response)), response)
                return kept.sound
            if response.status >= HTTPStatus.BAD_REQUEST:
                raise CallError(Code.RETRIEVAL_FAILED, url, f"the server answered {response.status}")
            body = await _body(response, url)
        sound = await self._decoded(url, body, response.content_type)
        self._keep(url, Kept(sound, _fresh_until(response), _validators(response)), response)
        return sound

    async def _decoded(self, url: str, body: bytes, content_type: str) -> bytes:
        try:
            sound = await asyncio.get_running_loop().run_in_executor(
                self._threads, mulaw_of, body, content_type, LONGEST_SECONDS
            )
        except NotASound as fault:
            code = Code.PLAY_CONTENT_TYPE if content_type.startswith("audio/") else Code.BAD_CONTENT_TYPE
            raise CallError(code, url, f"the recording {fault}") from None
        if len(sound) > LONGEST_SECONDS * 8000:
            raise CallError(Code.TOO_LARGE, url, f"a recording lasts {LONGEST_SECONDS / 60:g} minutes at most")
        return sound

    def _keep(self, url: str, kept: Kept, response: aiohttp.ClientResponse) -> None:
        """In place of what was kept under that URL; what was played least recently makes room."""
        self._drop(url)
        if "no-store" in response.headers.get("Cache-Control", ""):
            return
        self._kept[url] = kept
        self._kept_bytes += len(kept.sound)
        while self._kept_bytes > KEPT_BYTES:
            self._drop(next(iter(self._kept)))

    def _drop(self, url: str) -> None:
        if url in self._kept:
            self._kept_bytes -= len(self._kept.pop(url).sound)


def _fresh_until(response: aiohttp.ClientResponse) -> float:
    """Without a word from the server it is asked again each time."""
    control = response.headers.get("Cache-Control", "")
    age = None if "no-cache" in control else _MAX_AGE.search(control)
    return asyncio.get_running_loop().time() + (int(age[1]) if age else 0)


def _validators(response: aiohttp.ClientResponse) -> Mapping[str, str]:
    """What a later request asks with whether the recording is still the same."""
    asked = {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}
    return {name: response.headers[header] for name, header in asked.items() if header in response.headers}


async def _body(response: aiohttp.ClientResponse, url: str) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MOST_BYTES:
            raise CallError(Code.TOO_LARGE, url, f"a recording has {MOST_BYTES // 2**20} MB at most")
    return bytes(body)
