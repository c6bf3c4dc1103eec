"""The language of a call: settled by what is known, chosen by key, kept to the end, and a fifth one added as the README says."""

import re
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from callcenter.floor.hours import OpeningHours
from data.language_settings import LanguageSettings
from house.instance import House
from house.web import create_app
from ivr.account import happened
from ivr.dialogue.line import Line
from ivr.heard import CallStarted
from ivr.house import state_of
from ivr.languages import language_of
from ivr.phone_numbers import PhoneNumber
from ivr.script import FOLDER, load_scripts
from ivr.state import Place, State

HERE, INTERNATIONAL, AMERICAN, GERMAN, SWEDISH, OWN = (
    "+12065550143",
    "+442079460142",
    "+18005550199",
    "+493023125142",
    "+46846500442",
    "+31207940142",
)
MAK = 3006
WELCOMES = {
    "en": "This is a simulator",
    "de": "Dies ist ein Simulator",
    "fr": "Ceci est un simulateur",
    "es": "Esto es un simulador",
}

ShowId = Callable[[int, int], tuple[str, ...]]
numbers = count(1)


# What settles it.


@pytest.mark.parametrize(
    ("dialled", "caller", "country", "language"),
    [
        (GERMAN, HERE, "US", "de"),  # the number dialled comes first
        (AMERICAN, "+493012345678", "DE", "en"),
        (OWN, "+493012345678", "DE", "es"),  # the operator's own number, as the settings have it
        (INTERNATIONAL, "+33123456789", "FR", "fr"),  # the international number speaks no language: the caller's country does
        (INTERNATIONAL, "+33123456789", "", "fr"),  # nobody names the country: the caller's own number does
        (INTERNATIONAL, "+18095550143", "", "es"),  # the longest calling code: the Dominican Republic's, not America's
        (INTERNATIONAL, "+12065550143", "", "en"),
        (INTERNATIONAL, "+33123456789", "BE", "de"),  # a country without one plain language: the line's own
        (INTERNATIONAL, "anonymous", "", "de"),
        (SWEDISH, "+46701740605", "SE", "de"),  # its country's language is none of the line's
        (SWEDISH, "+34912345678", "", "es"),
        ("+390612345678", "+390612345678", "IT", "de"),
    ],
)
def test_the_number_dialled_then_the_callers_country_then_the_lines_own(
    line: Line, dialled: str, caller: str, country: str, language: str
) -> None:
    german = replace(line, language="de", numbers={OWN: "es"})
    assert language_of(german, dialled, PhoneNumber(caller), country) == language


# The choice by key.


@pytest.mark.parametrize(("key", "language"), [("6", "de"), ("7", "fr"), ("8", "es")])
def test_a_key_of_the_main_menu_changes_the_language_and_the_greeting_is_said_again(phone, key: str, language: str) -> None:
    phone.call().press(key)
    assert (phone.place, phone.state.language) == (Place.MENU, language)
    assert WELCOMES[language] in phone.words, "what callers must know, they must have understood"


def test_the_keys_name_the_languages_that_are_not_spoken_just_now(phone) -> None:
    assert phone.call().words.endswith("Deutsch: 6. Français : 7. Español: 8.")
    assert phone.press("7").words.endswith("English: 6. Deutsch: 7. Español: 8.")
    assert phone.press("6").state.language == "en"


def test_callers_who_hear_of_an_outage_may_choose_too(phone) -> None:
    phone.call(service_up=False).press("6")
    assert (phone.place, phone.state.language) == (Place.OUTAGE, "de")


@pytest.mark.parametrize(
    ("word", "language"), [("Deutsch", "de"), ("German, please", "de"), ("Français", "fr"), ("Spanish", "es")]
)
def test_a_language_may_be_called_by_name(phone, word: str, language: str) -> None:
    assert phone.call().speak(word).state.language == language


def test_a_key_without_a_language_is_not_understood(phone) -> None:
    assert "did not get that" in phone.call().press("#").words


def test_the_other_languages_are_no_part_of_the_timeline(phone) -> None:
    phone.call()
    told = happened(phone.line, State(), CallStarted(), phone.state, phone.prompts)
    assert told is not None
    assert told.detail["said"] == ["greeting.welcome", "menu.question"]


# Who is heard.


def test_where_a_language_is_not_heard_only_keys_are_asked_for(phone) -> None:
    phone.call(language="de").press("1")
    assert not phone.ask.hears
    assert phone.words == "Tippen Sie Gruppe 1 Ihrer Installations-ID ein."


def test_where_it_is_heard_callers_may_speak(phone, groups) -> None:
    phone.line = replace(phone.line, hears=frozenset({"de"}))
    phone.call(language="de").speak("aktivieren")
    assert phone.words == "Tippen oder sprechen Sie Gruppe 1 Ihrer Installations-ID."
    assert phone.ask.hears
    digits = ["null", "eins", "zwo", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
    phone.speak(" ".join(digits[int(digit)] for digit in groups[0]))
    assert phone.state.entry.groups[0] == groups[0]


# Through the webhooks.


def set_up(house: House, environment: dict[str, str] | None = None, **changes: Any) -> House:
    """The same centre with other parts, on the same database."""
    other = House(house.home, environment or {})
    other.__dict__ |= {"database": house.database, **changes}
    return other


@dataclass
class Call:
    """One call, as Twilio would make it."""

    house: House
    client: FlaskClient
    sid: str
    to: str = INTERNATIONAL
    caller: str = "+33123456789"
    country: str = ""
    url: str = "/voice"
    answer: str = ""

    def post(self, url: str, **parameters: str) -> str:
        form = {"CallSid": self.sid, "From": self.caller, "To": self.to, "FromCountry": self.country, **parameters}
        signature = RequestValidator(self.house.auth_token).compute_signature("http://localhost" + url, form)
        response = self.client.post(url, data=form, headers={"X-Twilio-Signature": signature})
        assert response.status_code in (200, 204), response.get_data(as_text=True)
        return response.get_data(as_text=True)

    def go(self, **parameters: str) -> "Call":
        self.answer = self.post(self.url, **parameters)
        following = self.document.find("Gather")
        following = self.document.find("Enqueue") if following is None else following
        self.url = following.get("action", "") if following is not None else self.url
        return self

    def press(self, *keys: str) -> "Call":
        for each in keys:
            self.go(Digits=each)
        return self

    @property
    def document(self) -> ElementTree.Element:
        return ElementTree.fromstring(self.answer)

    @property
    def words(self) -> str:
        return " ".join("".join(say.itertext()) for say in self.document.iter("Say"))


def dial(house: House, **how: str) -> Call:
    return Call(house, create_app(house).test_client(), f"CAlang{next(numbers):028x}", **how).go()


@pytest.mark.parametrize(("country", "language"), [("FR", "fr"), ("AT", "de"), ("MX", "es"), ("US", "en")])
def test_a_call_begins_in_the_language_of_the_callers_country(house: House, country: str, language: str) -> None:
    call = dial(house, country=country, caller="anonymous")
    assert WELCOMES[language] in call.words


def test_the_number_dialled_speaks_its_countrys_language(house: House) -> None:
    assert WELCOMES["de"] in dial(house, to=GERMAN, country="US").words


def test_every_sentence_goes_out_in_its_own_languages_voice(house: House) -> None:
    voices = [(say.get("voice"), say.get("language")) for say in dial(house, to=GERMAN).document.iter("Say")]
    german = ("Polly.Vicki", "de-DE")
    assert voices == [german, german, ("Polly.Joanna", "en-US"), ("Polly.Lea", "fr-FR"), ("Polly.Lucia", "es-ES")]


@pytest.mark.parametrize("language", WELCOMES)
def test_a_whole_activation_by_key_in_each_language(house: House, show_id: ShowId, language: str) -> None:
    settings = replace(house.settings, languages=LanguageSettings("en", {OWN: language}, {}))
    call = dial(set_up(house, settings=settings), to=OWN, caller="anonymous")
    script = load_scripts()[language]
    call.press("1", *show_id(MAK, 0xC0DE + list(WELCOMES).index(language)))
    assert script.sentences["granted.intro"] in call.words
    while script.sentences["accepted.none"] not in call.words:
        call.go()
        assert {say.get("language") for say in call.document.iter("Say")} == {script.locale}
    call.press("1")
    assert call.words == script.sentences["farewell.accepted"]


def test_a_dropped_call_is_resumed_in_the_language_that_was_chosen(house: House, show_id: ShowId) -> None:
    first = dial(house, to=AMERICAN, caller="+12065550188").press("8", "1", show_id(MAK, 0xE5)[0])
    first.post("/voice/status", CallStatus="completed")
    again = dial(house, to=AMERICAN, caller="+12065550188")
    assert "Nos llamó hace poco" in again.words


def test_the_opening_hours_are_told_in_the_callers_language(house: House) -> None:
    hours = OpeningHours(ZoneInfo("UTC"), frozenset({0, 1, 2, 3, 4}), time(8), time(8, 30))
    never = replace(hours, days=frozenset({3}), opens=time(0), closes=time(0, 1))
    closed = set_up(house, settings=replace(house.settings, hours=never))
    assert "jeudi, de minuit à 0 heures 01" in dial(closed).press("0").words
    script = load_scripts()
    told = {language: hours.sentence(script[language].section("hours")) for language in ("de", "fr", "es")}
    assert told == {
        "de": "von Montag bis Freitag von 8 Uhr bis 8 Uhr 30",
        "fr": "du lundi au vendredi, de 8 heures à 8 heures 30",
        "es": "de lunes a viernes, desde las 8 hasta las 8 y 30",
    }


def test_text_messages_are_written_in_the_language_of_the_call(house: House, show_id: ShowId) -> None:
    call = dial(house, caller="+33199000177").press("1", *show_id(MAK, 0x7E87), "6")
    assert "SMS" in call.words
    state = house.store.read(lambda tx: tx.calls.find(call.sid))
    assert state is not None
    waiting = house.conversation._text(_state(house, call))
    assert waiting.startswith("Simulateur, identifiant de confirmation (n'active aucun produit réel)")


def _state(house: House, call: Call) -> Any:
    return house.store.read(lambda tx: state_of(tx, call.sid))


class Lost:
    """A database that is gone."""

    def transaction(self, work: object) -> None:
        raise OSError("the disk is gone")

    read = transaction


def test_an_apology_is_in_the_language_of_the_call_though_the_database_is_gone(house: House) -> None:
    call = dial(house, to=GERMAN).press("1")
    broken = set_up(house, conversation=replace(house.conversation, store=Lost()))  # type: ignore[arg-type]
    call.client = create_app(broken).test_client()
    call.press("123")
    assert "Entschuldigung" in call.words
    assert "Entschuldigung" in call.press("1").words, "and the one after it"
    failed = "http://localhost/voice?turn=2&language=de"
    assert "Entschuldigung" in call.post("/voice/fallback", ErrorCode="11200", ErrorUrl=failed)
    for odd in ("http://[", "&language=xx", "?language=", "?language=%00"):
        assert "Sorry" in call.post("/voice/fallback", ErrorCode="11200", ErrorUrl=odd), "the line's own, when nothing tells"


def test_with_twilio_every_language_is_heard_and_with_the_local_exchange_english_and_what_it_has_a_model_of(
    house: House, tmp_path: Path
) -> None:
    assert set_up(house, {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "x"}).hears == {"en", "de", "fr", "es"}
    settings = house.settings
    assert set_up(house, settings=settings).hears == {"en"}
    modelled = replace(settings, languages=replace(settings.languages, models={"de": tmp_path}))
    assert set_up(house, settings=modelled).hears == {"en", "de"}


def test_the_gather_asks_for_speech_only_where_it_is_heard(house: House) -> None:
    french, english = dial(house).document.find("Gather"), dial(house, to=AMERICAN).document.find("Gather")
    assert french is not None
    assert english is not None
    assert (french.get("input"), french.get("hints"), french.get("language")) == ("dtmf", None, None)
    assert (english.get("input"), english.get("language")) == ("dtmf speech", "en-US")


# A fifth language (README, Add a language): one line of the catalogue and one file.

ITALIAN = (
    '  { code = "it", title = "Italiano", names = ["italian", "italiano"], locale = "it-IT", voice = "Polly.Bianca",'
    ' countries = ["IT"], calling_codes = ["39"] },\n'
)


@pytest.fixture
def five(house: House, tmp_path: Path) -> House:
    """The centre with a fifth language: English with a few Italian sentences, enough to tell whose they are."""
    for path in FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    catalogue = tmp_path / "languages.toml"
    catalogue.write_text(re.sub(r"\]\n\Z", f"{ITALIAN}]\n", catalogue.read_text(encoding="utf-8")), encoding="utf-8")
    english = (FOLDER / "en.toml").read_text(encoding="utf-8")
    italian = english.replace("English: {key}.", "Italiano: {key}.").replace("This is a simulator", "Questo è un simulatore")
    (tmp_path / "it.toml").write_text(italian.replace("Group {number}.", "Gruppo {number}."), encoding="utf-8")
    return set_up(house, scripts=load_scripts(tmp_path))


def test_a_fifth_language_is_one_file_and_one_line(five: House, show_id: ShowId) -> None:
    assert list(five.scripts) == ["en", "de", "fr", "es", "it"]
    call = dial(five, country="IT", caller="+390612345678")
    assert "Questo è un simulatore" in call.words
    assert {say.get("voice") for say in call.document.iter("Say")} >= {"Polly.Bianca", "Polly.Lucia"}
    gather = call.document.find("Gather")
    assert gather is not None
    assert gather.get("input") == "dtmf", "without a table of spoken words, keys alone are asked for"
    call.press("1", show_id(MAK, 0x17A1)[0])
    assert call.words == "Gruppo 2."


def test_a_fifth_language_has_a_key_in_every_main_menu(five: House) -> None:
    call = dial(five, to=AMERICAN)
    assert call.words.endswith("Español: 8. Italiano: pound.")
    assert "Questo è un simulatore" in call.press("#").words
    assert "Español: #" not in call.words
    assert call.words.endswith("Deutsch: 7. Français : 8. Español: almohadilla.")


def test_the_catalogue_stays_one_line_a_language() -> None:
    text = (FOLDER / "languages.toml").read_text(encoding="utf-8")
    assert len(re.findall(r"^  \{ code = ", text, re.MULTILINE)) == len(tomllib.loads(text)["languages"]) == 4
