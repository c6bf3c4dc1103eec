"""Everything a phone can be told, as µ-law: sentences, recordings, music and tones."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor
from functools import cache, partial

import aiohttp

from pbx.audio.delivery import pieces_of
from pbx.audio.frame import RATE_HZ, SILENCE
from pbx.audio.recordings import Recordings
from pbx.audio.rendering import rendered
from pbx.speech import Speech
from voices import tones
from voices.music import hold_music_wav
from voices.sound import Sound
from voices.speaking import Voices

KEPT_BYTES = 32 * 1024 * 1024
PAUSES_SECONDS = {"w": 0.5, "W": 1.0}
"""Source: https://www.twilio.com/docs/voice/twiml/play#attributes-digits."""


class Narrator:
    """The voice of the exchange, for all of its calls. What has been said once is at hand the next time."""

    def __init__(self, voices: Voices, threads: Executor, session: aiohttp.ClientSession) -> None:
        """Sentences are synthesised by `threads`, which wait for each other: let the recogniser have others."""
        self._voices, self._threads = voices, threads
        self._recordings = Recordings(session, threads)
        self._said: OrderedDict[Speech, bytes] = OrderedDict()
        self._said_bytes = 0

    async def speech(self, speech: Speech) -> bytes:
        """Said once. What no voice of this machine can say is left out, and logged."""
        if speech in self._said:
            self._said.move_to_end(speech)
            return self._said[speech]
        sound = await self._made(lambda: rendered(pieces_of(speech), self._voices).mulaw())
        self._keep(speech, sound)
        return sound

    async def recording(self, url: str) -> bytes:
        """The recording at the URL. Raises CallError 11100 to 11750, 12300 or 13420."""
        return await self._recordings.sound(url)

    async def music(self) -> bytes:
        """One round of the exchange's own music, which leads back to its beginning."""
        return await self._made(_music)

    async def ring_back(self, country: str) -> bytes:
        """One round of the tone of a phone that rings in that country ("de"; empty: the United States)."""
        return await self._made(partial(_ring_back, country))

    def tones(self, keys: str) -> bytes:
        """Keys as tones: 0-9, A-D, * and #, and pauses."""
        return b"".join(_key(key) for key in keys)

    def beep(self) -> bytes:
        """The sign that a recording begins."""
        return _beep()

    async def _made(self, make: Callable[[], bytes]) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(self._threads, make)

    def _keep(self, speech: Speech, sound: bytes) -> None:
        if speech not in self._said:
            self._said_bytes += len(sound)
        self._said[speech] = sound
        while self._said_bytes > KEPT_BYTES:
            self._said_bytes -= len(self._said.popitem(last=False)[1])


def _mulaw(wav: bytes) -> bytes:
    return Sound.of_wav(wav).mulaw()


@cache
def _music() -> bytes:
    return _mulaw(hold_music_wav())


@cache
def _ring_back(country: str) -> bytes:
    return _mulaw(tones.ring_back_wav(country))


@cache
def _key(key: str) -> bytes:
    if key in PAUSES_SECONDS:
        return SILENCE[:1] * round(PAUSES_SECONDS[key] * RATE_HZ)
    return _mulaw(tones.key_wav(key))


@cache
def _beep() -> bytes:
    return _mulaw(tones.beep_wav())
