"""The debugger's page: a document with a mistake, fetched by a real exchange in a real call, and what the page says of it."""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, Response, request
from werkzeug.serving import make_server

from callcenter.console.site import init_console
from callcenter.floor.debugger import Alert, Level, LogPage, Unread, Wanted
from callcenter.service.debugger_log import log_reader
from house.instance import House
from house.pages import read_log
from pbx.audio.clock import Clock
from pbx.audio.port import Unanswered
from pbx.demo.phone import DemoPhone
from pbx.demo.tape import Tape
from pbx.exchange.numbers import IncomingNumber, Numbers
from pbx.exchange.plan import Account, Places, Plan
from pbx.exchange.process import open_exchange
from pbx.identity import now
from pbx.rtp.ports import MediaPorts
from pbx.sip.exchange import SipAccount, SipExchange
from voices.cache import SoundCache
from voices.faults import CannotSpeak
from voices.speaking import Voices
from voices.studio import Studio

ACCOUNT = Account("AC" + "2" * 32, "not-a-secret")
PATIENCE_SECONDS = 20.0
UNKNOWN_VERB = "<Response>\n  <!-- three lines -->\n  <Nonsense/>\n  <Hangup/>\n</Response>"
NOT_XML = "<Response>\n  <Hangup>\n\n</Response>"


class Mute:
    """A speech engine that has no voice."""

    def speak(self, text: str, language: str) -> Any:
        raise CannotSpeak("Nobody speaks here.")

    def fingerprint(self, language: str) -> str:
        raise CannotSpeak("Nobody speaks here.")


class Troubled:
    """An exchange, its line, whose documents have mistakes, and a SIP phone that calls it."""

    def __init__(self, folder: Path) -> None:
        self.url = ""
        self._document = ""
        self._sids: list[str] = []
        application = Flask("line")
        application.add_url_rule("/voice", view_func=self._answer, methods=["POST"])
        self._line = make_server("127.0.0.1", 0, application, threaded=True)
        self.voice_url = f"http://127.0.0.1:{self._line.server_port}/voice"
        number = IncomingNumber("+12065550100", "The line", f"{self.voice_url}?secret=word", now(), now())
        self._plan = Plan(
            account=ACCOUNT,
            redact=str,
            open_voices=lambda: Voices(Mute(), SoundCache(folder), Studio((), {})),
            open_listeners=dict,
            numbers=Numbers([number], {"activate": number.phone_number}),
            rtp_ports=(21300, 21399),
        )
        self._loop = asyncio.new_event_loop()
        self._threads = [threading.Thread(target=work) for work in (self._loop.run_forever, self._line.serve_forever)]

    def open(self) -> None:
        for thread in self._threads:
            thread.start()
        self._run(self._open())

    def close(self) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._line.shutdown()
        for thread in self._threads:
            thread.join()
        self._loop.close()
        self._line.server_close()

    def call(self, document: str) -> str:
        """Calls the line, hears this document out, and tells the SID of the call."""
        self._document = document
        self._run(self._call())
        return self._sids[-1]

    def _answer(self) -> Response:
        self._sids.append(request.form["CallSid"])
        return Response(self._document, mimetype="text/xml")

    async def _open(self) -> None:
        self._exchange = open_exchange(self._plan, Places("127.0.0.1", 0, 0))
        running = await self._exchange.__aenter__()
        self.url, self._address = running.base_url, running.sip_address
        ports = MediaPorts(21400, 21499, "127.0.0.1")
        self._phones = SipExchange(SipAccount("phones", lambda name: None), ports, lambda call: None, lambda name: True)
        await self._phones.start("127.0.0.1", 0)
        self._clock = Clock()
        self._clock.start()

    async def _close(self) -> None:
        await self._phones.close()
        await self._clock.stop()
        await self._exchange.__aexit__(None, None, None)

    async def _call(self) -> None:
        connection = await self._phones.station_at(self._address).ring("sip:bob@127.0.0.1", "Bob", "").answered()
        assert not isinstance(connection, Unanswered), connection
        await DemoPhone(connection, self._clock, Tape()).is_gone.wait()

    def _run(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, PATIENCE_SECONDS), self._loop).result(PATIENCE_SECONDS + 1)


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Troubled]:
    troubled = Troubled(tmp_path_factory.mktemp("voices"))
    troubled.open()
    yield troubled
    troubled.close()


@pytest.fixture(scope="module")
def warned(troubled: Troubled) -> str:
    """A call in which a document named a verb that there is not."""
    return troubled.call(UNKNOWN_VERB)


@pytest.fixture(scope="module")
def broken(troubled: Troubled, warned: str) -> str:
    """A later call whose document was no XML."""
    return troubled.call(NOT_XML)


@pytest.fixture
def reading(console: Any) -> Callable[..., Any]:
    """The console again, with another log and perhaps in another zone."""

    def with_log(read_log: Callable[[Wanted], LogPage | Unread], zone: str = "UTC") -> Any:
        hours = replace(console.centre.hours, zone=ZoneInfo(zone))
        console.app = Flask("callcenter.console", static_folder=None)
        init_console(
            console.app, replace(console.centre, read_log=read_log, hours=hours), secret_key=b"s" * 32, is_secure=False
        )
        return console

    return with_log


@pytest.fixture
def seeing(troubled: Troubled, reading: Callable[..., Any]) -> Any:
    """The console that reads the exchange's log over its REST face."""
    return reading(log_reader(ACCOUNT.sid, ACCOUNT.auth_token, lambda: troubled.url, has_twilio=False))


def rows(page: str) -> list[str]:
    """The text of every row of the log."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in body.split("</tr>")[:-1]]


def test_a_document_with_a_mistake_is_named_with_its_line_and_twilios_code(
    seeing: Any, troubled: Troubled, warned: str, broken: str
) -> None:
    page = seeing.signed_in("celeste").get("/console/debugger").text
    newest, older = rows(page)
    assert "✕ error 12100" in newest
    assert f"{troubled.voice_url} , line 4" in newest
    assert "Document parse failure: it is not well-formed XML" in newest
    assert "▲ warning 12200" in older
    assert f"{troubled.voice_url} , line 3" in older
    assert "Schema validation warning" in older
    assert "https://www.twilio.com/docs/api/errors/12200" in page
    assert "secret=word" not in page


def test_the_log_is_filtered_by_level_by_call_and_by_case(seeing: Any, warned: str, broken: str) -> None:
    erin = seeing.signed_in("erin")
    (only,) = rows(erin.get("/console/debugger?level=warning").text)
    assert "12200" in only
    (only,) = rows(erin.get(f"/console/debugger?call={broken}").text)
    assert "12100" in only
    assert "Nothing like that went wrong." in erin.read(f"/console/debugger?call={broken}&level=warning")
    seeing._sids = iter([int(warned[2:], 16)])
    entry = seeing.arrive()
    (only,) = rows(erin.get(f"/console/debugger?call={entry.case_number}").text)
    assert "12200" in only


def test_a_call_that_was_handed_to_a_person_leads_to_its_timeline(seeing: Any, warned: str, broken: str) -> None:
    seeing._sids = iter([int(warned[2:], 16)])
    entry = seeing.arrive()
    celeste = seeing.signed_in("celeste")
    page = celeste.get("/console/debugger").text
    assert f'<a href="/console/calls/{entry.case_number}">Case {entry.case_number}</a>' in page
    assert page.count("/console/calls/") == 1
    assert celeste.get(f"/console/calls/{entry.case_number}").status_code == 200


def test_what_is_no_call_gets_a_sentence_and_is_not_repeated(seeing: Any) -> None:
    answer = seeing.signed_in("celeste").get("/console/debugger?call=<nobody>")
    assert (answer.status_code, "No call is called that." in answer.text, "nobody&gt;" in answer.text) == (422, True, False)


def alert(number: int, console: Any) -> Alert:
    at = console.clock.now - timedelta(seconds=number)
    return Alert(at, f"CA{number:032x}", Level.WARNING, 12200, "https://line.example.com/voice", 3, f"the mistake {number}")


def test_older_entries_are_a_page_away_and_filters_stay(reading: Callable[..., Any], console: Any) -> None:
    asked = []

    def read(wanted: Wanted) -> LogPage:
        asked.append(wanted)
        return LogPage((alert(wanted.page, console),), has_older=wanted.page < 2)

    erin = reading(read).signed_in("erin")
    first = erin.get("/console/debugger?level=warning").text
    assert ("Newer" in first, 'rel="next"' in first) == (False, True)
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = erin.get(following[1].replace("&amp;", "&")).text
    assert ("the mistake 2" in second, "Newer" in second, "Older" in second) == (True, True, False)
    for odd in ("0", "-3", "many", "9" * 5000):
        assert erin.get(f"/console/debugger?page={odd}").status_code == 200
    assert asked[:2] == [Wanted(Level.WARNING), Wanted(Level.WARNING, page=2)]
    assert all(1 <= wanted.page < 10**4 for wanted in asked)


def test_times_are_those_of_the_centres_zone(reading: Callable[..., Any], console: Any) -> None:
    read = reading(lambda wanted: LogPage((alert(0, console),), has_older=False), "Asia/Tokyo").signed_in("erin").read
    page = read("/console/debugger")
    assert "2026-03-15 00:09:26" in page  # 15:09:26 in UTC
    assert "Times in Asia/Tokyo." in page


def test_an_empty_log_says_that_nothing_went_wrong(reading: Callable[..., Any]) -> None:
    erin = reading(lambda wanted: LogPage((), has_older=False)).signed_in("erin")
    assert "Nothing went wrong." in erin.read("/console/debugger")
    assert "Nothing older is remembered." in erin.read("/console/debugger?page=7")


@pytest.mark.parametrize("why", Unread)
def test_without_a_log_the_page_says_why_and_what_to_do(reading: Callable[..., Any], why: Unread) -> None:
    answer = reading(lambda wanted: why).signed_in("erin").get("/console/debugger")
    assert (answer.status_code, why.sentence in answer.text, why.remedy in answer.text) == (200, True, True)
    onward = f'<a href="{why.where}"' if why is Unread.AT_TWILIO else f"<code>{why.where}</code>"
    assert onward in answer.text


ENVIRONMENTS = {
    Unread.NO_EXCHANGE: {},
    Unread.NO_ANSWER: {"ACTIVATION_CENTER_TELEPHONY_URL": "http://127.0.0.1:9"},
    Unread.AT_TWILIO: {"TWILIO_ACCOUNT_SID": "AC" + "1" * 32, "TWILIO_AUTH_TOKEN": "not-a-secret"},
}


@pytest.mark.parametrize("why", ENVIRONMENTS)
def test_a_house_reads_the_log_of_its_own_telephony_side(house: House, why: Unread) -> None:
    told = House(house.home, ENVIRONMENTS[why])
    assert read_log(told)(Wanted()) is why


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_an_accessibility_checker_finds_nothing_and_nothing_sticks_out(
    seeing: Any, warned: str, broken: str, launch: Any, serve_app: Any, enter: Any, in_order: Any, scheme: str, width: int
) -> None:
    with serve_app(seeing.app) as address:
        page = enter(launch(), address, "celeste", color_scheme=scheme, viewport={"width": width, "height": 900})
        page.keyboard.press("g")
        page.keyboard.press("d")
        page.wait_for_url("**/console/debugger")
        for path in ("/console/debugger", "/console/debugger?call=nobody", f"/console/debugger?call={warned}&level=error"):
            page.goto(path)
            in_order(page)
        page.context.close()  # the server waits for its live pages
