"""Recordings over HTTP: what can be played, how long it is kept, and what is said of everything else."""

import asyncio
import io
import struct
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aiohttp
import numpy
import pytest
import soundfile
from aiohttp import web

import pbx.audio.recordings as room
from pbx.audio.audio_file import mulaw_of
from pbx.audio.recordings import Recordings
from pbx.codes import CallError, Code
from voices.sound import Sound
from voices.tones import beep_wav

BEEP = Sound.of_wav(beep_wav()).mulaw()


class Server:
    """Answers each GET with the next of these responses, the last for ever, and notes the headers of each request."""

    def __init__(self, *answers: Callable[[], web.Response]) -> None:
        self._answers = list(answers)
        self.asked: list[dict[str, str]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(dict(request.headers))
        return (self._answers.pop(0) if len(self._answers) > 1 else self._answers[0])()


def played(server: Server, *paths: str, times: int = 1) -> list[bytes | CallError]:
    """What comes of playing these paths of a server, so many times, one after the other."""

    async def one_after_the_other(recordings: Recordings, url: str) -> list[bytes | CallError]:
        return [await tried(recordings, url + path) for path in (paths or ("a",)) * times]

    return serving(server, one_after_the_other)


def serving(server: Server, work: Callable[[Recordings, str], Awaitable[Any]]) -> Any:
    """What comes of this work with recordings and a server's address."""

    async def main() -> Any:
        app = web.Application()
        app.router.add_get("/{path:.*}", server.answer)
        runner = web.AppRunner(app, handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        try:
            with ThreadPoolExecutor(1) as threads:
                async with aiohttp.ClientSession() as session:
                    return await work(Recordings(session, threads), f"http://127.0.0.1:{port}/")
        finally:
            await runner.cleanup()

    return asyncio.run(main())


async def tried(recordings: Recordings, url: str) -> bytes | CallError:
    try:
        return await recordings.sound(url)
    except CallError as error:
        return error


def response(**given: object) -> Callable[[], web.Response]:
    return lambda: web.Response(**given)


def wav(**headers: str) -> Callable[[], web.Response]:
    return response(body=beep_wav(), content_type="audio/wav", headers=headers)


def test_a_wav_is_played_as_it_is():
    assert played(Server(wav())) == [BEEP]


# What a server says about keeping it


def test_within_its_max_age_a_recording_is_fetched_once():
    server = Server(wav(**{"Cache-Control": "public, max-age=60"}))
    assert played(server, times=3) == [BEEP] * 3
    assert len(server.asked) == 1


@pytest.mark.parametrize("control", ["", "max-age=0", "no-cache, max-age=60", "no-store, max-age=60"])
def test_without_leave_to_keep_it_the_server_is_asked_each_time(control):
    server = Server(wav(**({"Cache-Control": control} if control else {})))
    assert played(server, times=2) == [BEEP] * 2
    assert len(server.asked) == 2


@pytest.mark.parametrize(("given", "asked"), [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")])
def test_a_recording_that_has_not_changed_is_not_sent_again(given, asked):
    server = Server(wav(**{given: '"v1"'}), response(status=304))
    assert played(server, times=3) == [BEEP] * 3
    assert [request.get(asked) for request in server.asked] == [None, '"v1"', '"v1"']


def test_one_that_has_changed_is_played_anew():
    other = response(body=b"\x10" * 800, content_type="audio/basic")
    assert played(Server(wav(ETag='"v1"'), other), times=2) == [BEEP, b"\x10" * 800]


def test_what_was_played_least_recently_makes_room(monkeypatch):
    monkeypatch.setattr(room, "KEPT_BYTES", len(BEEP) * 2)
    server = Server(*(wav(**{"Cache-Control": "max-age=60"}) for _ in range(9)))
    played(server, "a", "b", "a", "c", "a", "b")
    assert len(server.asked) == 4, "a and b and c, and b again, which c had pushed out"


def test_many_who_ask_at_once_cause_one_request_and_whoever_hangs_up_takes_nothing_from_the_others():
    server = Server(wav())

    async def at_once(recordings: Recordings, url: str) -> list[bytes | CallError]:
        hangs_up, *stay = [asyncio.create_task(tried(recordings, url)) for _ in range(5)]
        await asyncio.sleep(0)
        hangs_up.cancel()
        return await asyncio.gather(*stay)

    assert serving(server, at_once) == [BEEP] * 4
    assert len(server.asked) == 1


def test_what_a_caller_who_hung_up_had_asked_for_is_there_for_the_next_call():
    server = Server(wav(**{"Cache-Control": "max-age=60"}))

    async def hang_up_first(recordings: Recordings, url: str) -> bytes | CallError:
        first = asyncio.create_task(tried(recordings, url))
        while not server.asked:
            await asyncio.sleep(0.01)
        first.cancel()
        return await tried(recordings, url)

    assert serving(server, hang_up_first) == BEEP
    assert len(server.asked) == 1


# What goes wrong


@pytest.mark.parametrize("status", [400, 401, 404, 410, 500, 503])
def test_an_error_of_the_server_is_an_error_of_retrieval(status):
    [error] = played(Server(response(status=status)))
    assert (error.code, error.detail) == (Code.RETRIEVAL_FAILED, f"the server answered {status}")


def test_no_audio_is_a_wrong_content_type():
    [error] = played(Server(response(text="<html>", content_type="text/html")))
    assert error.code == 12300
    assert "text/html" in str(error)


@pytest.mark.parametrize("kind", ["audio/mpeg", "audio/x-gsm", "audio/ogg"])
def test_audio_of_a_kind_that_cannot_be_played_says_which_kinds_can(kind):
    [error] = played(Server(response(body=b"ID3\x03", content_type=kind)))
    assert error.code == 13420
    assert kind in error.detail
    assert "WAV" in error.detail


def test_a_damaged_wav_is_no_audio_that_can_be_played():
    [error] = played(Server(response(body=b"RIFF\x00\x00\x00\x00WAVEjunk", content_type="audio/wav")))
    assert error.code == 13420


def test_more_bytes_than_a_recording_may_have_are_not_read(monkeypatch):
    monkeypatch.setattr(room, "MOST_BYTES", 1000)
    [error] = played(Server(wav()))
    assert error.code == Code.TOO_LARGE


def test_a_recording_longer_than_it_may_last_is_refused(monkeypatch):
    monkeypatch.setattr(room, "LONGEST_SECONDS", 0.4)
    [error] = played(Server(wav()))
    assert error.code == Code.TOO_LARGE


def test_redirects_are_followed_up_to_ten():
    found = response(status=302, headers={"Location": "/b"})
    assert played(Server(response(status=301, headers={"Location": "/b"}), wav())) == [BEEP]
    [error] = played(Server(found))
    assert error.code == Code.TOO_MANY_REDIRECTS


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1:1/a.wav", Code.CONNECTION_FAILED),
        ("http://nowhere.invalid/a.wav", Code.BAD_HOST),
        ("http:///a.wav", Code.BAD_URL),
        ("ftp://127.0.0.1/a.wav", Code.BAD_URL),
        ("music", Code.BAD_URL),
    ],
)
def test_an_address_where_nothing_answers_is_named_by_twilios_code(url, code):
    async def main() -> bytes | CallError:
        with ThreadPoolExecutor(1) as threads:
            async with aiohttp.ClientSession() as session:
                return await tried(Recordings(session, threads), url)

    assert asyncio.run(main()).code == code


def test_a_server_that_goes_silent_is_given_up(monkeypatch):
    monkeypatch.setattr(room, "TIMEOUT", aiohttp.ClientTimeout(total=0.2))

    class Silent(Server):
        async def answer(self, request):
            await asyncio.Event().wait()

    [error] = played(Silent(wav()))
    assert error.code == Code.OUT_OF_TIME


# Files


def riff(tag: int, channels: int, rate_hz: int, bits: int, data: bytes) -> bytes:
    """A WAV file, with a chunk that nobody needs before its samples."""
    block = channels * bits // 8
    header = struct.pack("<HHIIHH", tag, channels, rate_hz, rate_hz * block, block, bits)
    chunks = b"".join(name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2) for name, body in
                      ((b"fmt ", header), (b"LIST", b"abc"), (b"data", data)))  # fmt: skip
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def test_a_wav_of_mulaw_is_played_byte_for_byte():
    assert mulaw_of(riff(7, 1, 8000, 8, b"\x10\x20\x30"), "audio/x-wav", 60) == b"\x10\x20\x30"


@pytest.mark.parametrize("kind", ["audio/basic", "audio/ulaw"])
def test_bare_mulaw_is_played_byte_for_byte_and_suns_header_is_left_out(kind):
    assert mulaw_of(b"\x10\x20", kind, 60) == b"\x10\x20"
    header = b".snd" + struct.pack(">IIIII", 28, 2, 1, 8000, 1) + bytes(4)
    assert mulaw_of(header + b"\x10\x20", kind, 60) == b"\x10\x20"


@pytest.mark.parametrize("rate_hz", [8000, 11025, 16000, 44100, 48000])
@pytest.mark.parametrize(("channels", "bits"), [(1, 16), (2, 16), (1, 8), (1, 24)])
def test_any_rate_width_and_number_of_channels_comes_out_at_eight_kilohertz(rate_hz, channels, bits):
    tone = 0.5 * numpy.sin(2 * numpy.pi * 440 * numpy.arange(rate_hz) / rate_hz)
    samples = {
        8: ((tone + 1) * 127).astype(numpy.uint8).repeat(channels).tobytes(),
        16: (tone * 32767).astype("<i2").repeat(channels).tobytes(),
        24: (tone * 8388607).astype("<i4").repeat(channels).view(numpy.uint8).reshape(-1, 4)[:, :3].tobytes(),
    }[bits]
    sound = Sound.of_mulaw(mulaw_of(riff(1, channels, rate_hz, bits, samples), "audio/wav", 60))
    assert sound.seconds == pytest.approx(1.0, abs=0.001)
    spectrum = numpy.abs(numpy.fft.rfft(sound.samples[:8000]))
    assert int(numpy.argmax(spectrum)) == 440
    assert sound.level == pytest.approx(20 * numpy.log10(0.5 / 2**0.5), abs=0.3)


@pytest.mark.parametrize(
    ("form", "subtype", "rate_hz", "kind"),
    [
        ("MP3", None, 44100, "audio/mpeg"),
        ("MP3", None, 8000, "audio/mp3"),
        ("AIFF", None, 22050, "audio/aiff"),
        ("WAV", "GSM610", 8000, "audio/wav"),
        ("RAW", "GSM610", 8000, "audio/x-gsm"),
        ("OGG", None, 16000, "audio/ogg"),
    ],
)
def test_what_twilio_plays_besides_wav_is_played(form, subtype, rate_hz, kind):
    tone = 0.5 * numpy.sin(2 * numpy.pi * 440 * numpy.arange(2 * rate_hz) / rate_hz)
    file = io.BytesIO()
    soundfile.write(file, tone, rate_hz, format=form, subtype=subtype)
    [encoded] = played(Server(response(body=file.getvalue(), content_type=kind)))
    sound = Sound.of_mulaw(encoded)
    assert sound.seconds == pytest.approx(2.0, abs=0.1), "an MP3 has a little silence around"
    assert int(numpy.argmax(numpy.abs(numpy.fft.rfft(sound.samples[4000:12000])))) == 440
    assert Sound(sound.samples[4000:12000].copy()).level == pytest.approx(20 * numpy.log10(0.5 / 2**0.5), abs=0.5)


def test_of_a_recording_that_is_too_long_no_more_is_decoded_than_shows_it():
    file = io.BytesIO()
    soundfile.write(file, numpy.zeros(60 * 8000), 8000, format="MP3")
    assert len(mulaw_of(file.getvalue(), "audio/mpeg", 3)) == 4 * 8000
