"""A line whose sentences are sound of its own: a whole call as a telephony side elsewhere hears it, and the routes of its sounds."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from lxml import etree
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from data.voice_settings import Medium
from house.instance import House
from house.web import create_app
from ivr.script import load_scripts
from ivr.sound_names import SoundNames, Utterance
from ivr.sounds import KEPT_SECONDS, add_sentences
from pbx.document import parse_twiml
from pbx.vocabulary import CALL_VERBS
from voices.faults import CannotSpeak
from voices.sound import Sound

ELSEWHERE, HERE = "https://line.example.com", "http://127.0.0.1:8000"
RETAIL = 1007
LETTERS = "ABCDEFGH"

ShowId = Callable[[int, int], tuple[str, ...]]
numbers = count(1)


@pytest.fixture(scope="module")
def playing(house: House) -> House:
    """The centre with its sentences set to `play`."""
    voice = replace(house.settings.voice, sentences=Medium.PLAY)
    return set_up(house, voice=voice)


def set_up(house: House, **changes: object) -> House:
    """The same centre with other settings, on the same database."""
    other = House(house.home, {})
    other.__dict__ |= {"settings": replace(house.settings, **changes), "database": house.database}  # type: ignore[arg-type]
    return other


@dataclass
class Line:
    """One centre, called by a telephony side that signs and fetches as Twilio does."""

    house: House
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = create_app(self.house).test_client()

    def post(self, url: str, base: str = ELSEWHERE, sid: str = "CA1", **parameters: str) -> str:
        form = {"CallSid": sid, "From": "+12065550143", "To": "+18005550199", **parameters}
        signature = RequestValidator(self.house.auth_token).compute_signature(base + url, form)
        host = base.partition("://")[2]
        answer = self.client.post(url, data=form, headers={"X-Twilio-Signature": signature, "Host": host})
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def says(self, url: str) -> Utterance:
        """What the sound at an address says."""
        assert self.house.sound_names is not None
        utterance = self.house.sound_names.read(url.removeprefix("/voice/sound/").removesuffix(".wav"))
        assert utterance is not None
        return utterance


@dataclass
class Call:
    """What came of one call, turn by turn."""

    line: Line
    documents: list[str] = field(default_factory=list)
    sid: str = field(default_factory=lambda: f"CA{next(numbers):032x}")

    def go(self, **parameters: str) -> "Call":
        gather = etree.fromstring(self.documents[-1].encode()).find("Gather") if self.documents else None
        url = "/voice" if gather is None else gather.get("action", "")
        self.documents.append(self.line.post(url, sid=self.sid, **parameters))
        return self

    @property
    def sounds(self) -> list[str]:
        """The addresses of everything played in the last document."""
        return [play.text or "" for play in etree.fromstring(self.documents[-1].encode()).iter("Play")]

    @property
    def said(self) -> list[str]:
        return [self.line.says(url).text for url in self.sounds if url.startswith("/voice/sound/")]


@pytest.fixture(scope="module")
def line(playing: House) -> Line:
    return Line(playing)


@pytest.fixture(scope="module")
def call(line: Line, show_id: ShowId) -> Call:
    """A whole call, keyed."""
    call = Call(line).go().go(Digits="1")
    for group in show_id(RETAIL, 0xBEEF):
        call.go(Digits=group)
    while "Did the computer accept" not in " ".join(call.said):
        call.go()
    return call.go(Digits="1")


@pytest.fixture(scope="module")
def addresses(call: Call) -> set[str]:
    return {play.text or "" for each in call.documents for play in etree.fromstring(each.encode()).iter("Play")}


def test_a_whole_call_without_a_single_say(call: Call) -> None:
    assert len(call.documents) > 15
    assert not any("<Say" in document for document in call.documents)
    assert "<Hangup" in call.documents[-1]


def test_every_document_is_one_that_an_exchange_takes_without_remark(call: Call) -> None:
    for document in call.documents:
        assert not parse_twiml(document.encode(), ELSEWHERE, CALL_VERBS).notices


def test_every_address_of_the_call_answers_a_sound_that_is_heard(line: Line, addresses: set[str]) -> None:
    for address in addresses:
        response = line.client.get(address)
        assert (response.status_code, response.mimetype) == (200, "audio/wav")
        sound, utterance = Sound.of_wav(response.data), line.says(address)
        assert sound.level > -35, f"{utterance} is silent"
        least = utterance.seconds if utterance.is_character else utterance.seconds + 0.03 * len(utterance.text)
        assert sound.seconds >= least, f"{utterance} is over too soon"


def test_no_address_of_a_call_tells_digits_of_an_id(line: Line, call: Call, addresses: set[str], show_id: ShowId) -> None:
    groups = show_id(RETAIL, 0xBEEF)
    for address in addresses:
        text = line.says(address).text
        assert text.isdigit() <= (len(text) == 1), "digits stand alone"
        assert not re.search(r"\d(?:\W*\d){3}", text)
        assert not any(group in address for group in groups)


def test_the_blocks_are_read_character_by_character_each_one_sound_for_all_calls(call: Call, addresses: set[str]) -> None:
    spelled = [url for document in call.documents for url in re.findall(r"/voice/sound/[^<]+", document)]
    texts = [call.line.says(url).text for url in spelled]
    blocks = "".join(text for text in texts if len(text) == 1)
    assert re.fullmatch("".join(rf"{letter}\d{{6}}" for letter in LETTERS), blocks)
    characters = [url for url in addresses if call.line.says(url).is_character]
    assert len(characters) <= 10 + 10 + len(LETTERS), "a digit at the pace, and as the last of a block"


@pytest.mark.parametrize("base", [HERE, ELSEWHERE])
def test_a_group_that_was_said_is_accepted_with_the_tone_whatever_sentences_are(line: Line, show_id: ShowId, base: str) -> None:
    sid = f"CA{next(numbers):032x}"
    line.post("/voice", base, sid)
    line.post("/voice?turn=1", base, sid, Digits="1")
    answer = line.post("/voice?turn=2", base, sid, SpeechResult=" ".join(show_id(RETAIL, 0xBEEF)[0]))
    first = etree.fromstring(answer.encode()).find("Gather/*")
    assert first is not None
    assert (first.tag, first.text) == ("Play", "/voice/tone")


# Who gets words


def test_telephony_that_does_not_call_the_public_url_is_given_words(line: Line) -> None:
    assert "<Say" in line.post("/voice", HERE, sid="CAhere")
    assert "<Play>/voice/sound/" in line.post("/voice", ELSEWHERE, sid="CAelsewhere")


def test_the_same_turn_may_be_asked_for_as_words_and_as_sound(line: Line) -> None:
    documents = [line.post("/voice", base, sid="CAboth") for base in (HERE, ELSEWHERE, HERE)]
    assert ["<Say" in document for document in documents] == [True, False, True]


def test_after_a_sound_that_failed_the_caller_hears_words(line: Line) -> None:
    """The telephony side could not fetch a sound and came to the fallback: neither the apology nor the prompt plays one."""
    line.post("/voice", sid="CAfailed")
    apology = line.post("/voice/fallback", sid="CAfailed", ErrorCode="11200", ErrorUrl=f"{ELSEWHERE}/voice/sound/x.wav")
    again = line.post("/voice/apology?failures=1", sid="CAfailed")
    assert not any("<Play" in document for document in (apology, again))
    assert "To activate a computer" in again


def test_by_default_sentences_are_words(house: House) -> None:
    assert "<Say" in Line(house).post("/voice", sid="CAdefault")
    assert house.sound_names is None


def test_without_a_public_url_sentences_are_words_and_the_log_says_why(house: House, caplog: pytest.LogCaptureFixture) -> None:
    private = set_up(house, voice=replace(house.settings.voice, sentences=Medium.PLAY), public_url=None)
    assert "<Say" in Line(private).post("/voice", HERE, sid="CAprivate")
    assert "ACTIVATION_CENTER_PUBLIC_URL is not set" in caplog.text


def test_where_nothing_can_speak_sentences_are_words_and_the_log_says_so(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    class Mute:
        def character(self, *_: object) -> Sound:
            raise CannotSpeak("There is no speech engine.")

    mute = set_up(house, voice=replace(house.settings.voice, sentences=Medium.PLAY))
    mute.sound.__dict__["voices"] = Mute()
    assert "<Say" in Line(mute).post("/voice", sid="CAmute")
    assert "There is no speech engine." in caplog.text
    assert "Sentences go out as words" in caplog.text


# The routes


@pytest.fixture
def greeting(line: Line) -> str:
    """The address of a sentence."""
    assert line.house.sound_names is not None
    return f"/voice/sound/{line.house.sound_names.write(Utterance('Good morning.', 'en-US', 0.3))}.wav"


def test_a_sound_may_be_kept_by_whoever_fetched_it(line: Line, greeting: str) -> None:
    response = line.client.get(greeting)
    kept = {part.strip() for part in response.headers["Cache-Control"].split(",")}
    assert kept == {"public", f"max-age={KEPT_SECONDS}", "immutable"}
    again = line.client.get(greeting, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert line.client.get(greeting, headers={"If-None-Match": '"another"'}).status_code == 200


def test_its_head_tells_its_length_without_the_sound(line: Line, greeting: str) -> None:
    head, body = line.client.head(greeting), line.client.get(greeting)
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(body.data)))


def test_the_tone_comes_the_same_way_as_the_music(line: Line) -> None:
    for name in ("tone", "music"):
        response = line.client.get(f"/voice/{name}")
        assert Sound.of_wav(response.data).seconds > 0.1
        assert response.cache_control.public
        assert line.client.get(f"/voice/{name}", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", ["hello", "x.y", "..%2F..%2Fsecrets", "é", "a" * 5000])
def test_a_name_that_nobody_wrote_is_a_plain_404(line: Line, name: str) -> None:
    response = line.client.get(f"/voice/sound/{name}.wav")
    assert (response.status_code, response.mimetype) in ((404, "text/plain"), (404, "text/html"))
    assert name not in response.get_data(as_text=True)


def test_a_name_written_under_another_instances_key_is_a_plain_404(line: Line) -> None:
    name = SoundNames(b"another instance's key").write(Utterance("Send money.", "en-US"))
    response = line.client.get(f"/voice/sound/{name}.wav")
    assert (response.status_code, response.mimetype) == (404, "text/plain")


def test_the_key_of_the_names_is_no_other_key_of_the_instance(playing: House) -> None:
    name = SoundNames(playing.secrets.purpose("sessions")).write(Utterance("Hello.", "en-US"))
    assert playing.sound_names is not None
    assert playing.sound_names.read(name) is None


@pytest.fixture
def broken_route() -> Callable[[], TestResponse]:
    """The route of sounds where the engine has gone."""
    names, app = SoundNames(b"k" * 32), Flask(__name__)
    blueprint = Blueprint("voice", __name__, url_prefix="/voice")
    add_sentences(blueprint, names, lambda utterance: None)
    app.register_blueprint(blueprint)
    return lambda: app.test_client().get(f"/voice/sound/{names.write(Utterance('Hello.', 'en-US'))}.wav")


def test_a_sound_that_cannot_be_made_just_now_is_a_503_that_nobody_keeps(broken_route: Callable[[], TestResponse]) -> None:
    response = broken_route()
    assert (response.status_code, response.mimetype) == (503, "text/plain")
    assert "Cache-Control" not in response.headers


def test_a_fault_in_a_sound_is_a_500_and_no_document(
    line: Line, greeting: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Sound:
        raise RuntimeError("a fault nobody foresaw")

    monkeypatch.setattr(line.house.voices, "sentence", broken)
    assert line.client.get(greeting).status_code == 500
    assert "a fault nobody foresaw" in caplog.text


@pytest.mark.parametrize("language", load_scripts())
def test_every_language_of_the_line_is_heard(line: Line, language: str) -> None:
    script = load_scripts()[language]
    assert line.house.sound_names is not None
    name = line.house.sound_names.write(Utterance(script.sentence("entry.group", number=3), script.locale))
    assert Sound.of_wav(line.client.get(f"/voice/sound/{name}.wav").data).seconds > 0.4
