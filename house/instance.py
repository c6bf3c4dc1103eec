"""The house: one instance with its parts, and how they know each other."""

import base64
import hmac
import logging
import os
import secrets as randomness
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from activation.catalogue import Catalogue
from activation.desk import Desk
from activation.redaction import redact
from activation.rules import KeyRecord
from activation.secrets import Secrets
from callcenter.console.centre import Centre
from callcenter.floor.training_records import Switch
from callcenter.portal.portal import Portal
from callcenter.service.activation.geography import Geography
from callcenter.service.activation.limits import Limits
from callcenter.service.activation.service import Service
from callcenter.service.call_control import CallControl
from callcenter.service.line_floor import FloorForLine
from callcenter.service.phone import Phones, choices
from callcenter.service.server import origins
from callcenter.service.telephony import TelephonyError, rest_client, text_sender
from data.acting import audit_key
from data.anchor import AnchorFile
from data.catalogue import load_catalogue
from data.engine import StorageError
from data.instance import Instance, open_instance
from data.settings import Settings, read_settings
from data.store import Store, open_store
from data.voice_settings import Medium
from house.cues import demo_cues
from house.moments import new_id, now
from house.training import training_stories
from ivr import twiml
from ivr.assistance import Assistance
from ivr.conversation import Conversation
from ivr.dialogue.line import Line
from ivr.script import Script, load_scripts
from ivr.script.sayings import Values, open_sentences, sayings
from ivr.sound_names import SoundNames, Utterance
from ivr.vocabulary import heard_languages, load_vocabularies
from ivr.webhook import turn_address
from pbx.demo.cues import Cues
from pbx.exchange.numbers import IncomingNumber, Numbers
from pbx.exchange.plan import LINE_NAME, Account, Plan
from voices.faults import CannotSpeak, NotASound

if TYPE_CHECKING:
    from voices.listening import Listener
    from voices.speaking import Voices

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8000
BUNDLED = "en"
"""The language of the recogniser's model that comes with the line."""
PASSWORD_BYTES = 10

log = logging.getLogger(__name__)


class House:
    """One instance with its parts, each opened when it is first needed; click's `ctx.obj` for every command."""

    def __init__(self, home: Path, environment: Mapping[str, str], clock: Callable[[], datetime] = now) -> None:
        self.home, self._environment, self.clock = home, environment, clock

    @cached_property
    def instance(self) -> Instance:
        return open_instance(self.home)

    @cached_property
    def settings(self) -> Settings:
        return read_settings(self.instance, self._environment)

    @cached_property
    def catalogue(self) -> Catalogue:
        return load_catalogue()

    @cached_property
    def database(self) -> Store:
        """The database as it is, older than this version perhaps."""
        payload_key = self.secrets.purpose("outbox")
        return open_store(
            self.settings.database_url,
            catalogue=self.catalogue,
            payload_key=payload_key,
            agents_have_clients=not self.settings.has_twilio_account,
        )

    @cached_property
    def store(self) -> Store:
        """The database, fit for this version. Raises StorageError when it is not."""
        if self.database.pending():
            raise StorageError("The database is not set up for this version: run `activation-center init`.")
        return self.database

    @property
    def secrets(self) -> Secrets:
        return self.instance.secrets

    @property
    def anchors(self) -> AnchorFile:
        return AnchorFile(self.instance.anchors_file)

    @property
    def base_url(self) -> str:
        return self.instance.web_address.read() or f"http://{DEFAULT_HOST}:{DEFAULT_PORT}"

    @property
    def pages_url(self) -> str:
        """Where people open the pages."""
        return self.settings.public_url or self.base_url

    @property
    def voice_url(self) -> str:
        return f"{self.base_url}/voice"

    @property
    def account_sid(self) -> str:
        return self.settings.account_sid

    @property
    def auth_token(self) -> str:
        return self.settings.auth_token

    @property
    def line_number(self) -> str:
        return self.settings.line.number

    @cached_property
    def conversation(self) -> Conversation:
        """The line, ready to answer webhooks."""
        scripts, hours, usual = self.scripts, self.settings.hours, self.settings.languages.default
        return Conversation(
            line=self._line,
            desk=Desk(self.catalogue, self.secrets, new_id),
            store=self.store,
            render=lambda said, language, sid, turn: twiml.render(
                said, scripts[language], sid, turn_address(turn, language, usual)
            ),
            floor=FloorForLine(),
            hours=lambda now, language: (hours.is_open(now), hours.sentence(scripts[language].section("hours"))),
            clock=self.clock,
            caller_key=self.secrets.purpose("callers"),
            texts=self.has_telephony,
        )

    @cached_property
    def scripts(self) -> Mapping[str, Script]:
        """Every language of the line, by its code."""
        return load_scripts()

    @property
    def _line(self) -> Line:
        settings = self.settings
        return Line(
            name=settings.line.name,
            catalogue=self.catalogue.in_epochs(self.secrets.masters),
            scripts=self.scripts,
            vocabularies=load_vocabularies(self.scripts),
            pace_seconds=settings.line.pace_seconds,
            language=settings.languages.default,
            numbers=settings.languages.numbers,
            hears=self.hears,
        )

    @property
    def hears(self) -> frozenset[str]:
        """In which languages callers' words are recognised: by Twilio in all whose digits we understand, by the local exchange
        in English and where it was given a model."""
        settings, understood = self.settings, heard_languages()
        return understood if settings.has_twilio_account else understood & {BUNDLED, *settings.languages.models}

    @property
    def models(self) -> Mapping[str, Path]:
        """The folders of the Vosk models that the operator named, by language."""
        return self.settings.languages.models

    @cached_property
    def voices(self) -> "Voices":
        """Everything the line says, as sound."""
        from voices.room import open_voices  # noqa: PLC0415 - numpy comes with it; for who speaks only

        engine = {code: self.settings.voice.names.get(code, script.locale) for code, script in self.scripts.items()}
        said = {code: sayings(script, self._own_values(script)) for code, script in self.scripts.items()}
        sentences = {code: {saying.name: saying.text for saying in every} for code, every in said.items()}
        return open_voices(self.home, engine, self.settings.voice.words_per_minute, sentences)

    @property
    def pace_seconds(self) -> float:
        """Seconds from one digit of a read-back to the next."""
        return self.settings.line.pace_seconds

    @property
    def open_sentences(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """The sentences that are known only during a call, by language, with what fills them."""
        return {code: open_sentences(script, self._own_values(script)) for code, script in self.scripts.items()}

    def _own_values(self, script: Script) -> Values:
        settings = self.settings
        return {"line": (settings.line.name,), "hours": (settings.hours.sentence(script.section("hours")),)}

    def speak(self, utterance: Utterance) -> bytes | None:
        """An utterance as WAV; None, and a line in the log, where it cannot be spoken."""
        from voices.sound import joined, silence  # noqa: PLC0415 - numpy comes with it; for the web server only

        text, locale, seconds = utterance.text, utterance.locale, utterance.seconds
        try:
            if utterance.is_character:
                return self.voices.character(text, locale, seconds).wav()
            return joined((self.voices.sentence(text, locale), silence(seconds))).wav()
        except (CannotSpeak, NotASound) as fault:
            log.warning("A sentence (%s) cannot be spoken: %s", locale, fault)
            return None

    @cached_property
    def sound_names(self) -> SoundNames | None:
        """What our own sounds are called; None where sentences go out as words, as they do where sound cannot be had."""
        if self.settings.voice.sentences is Medium.SAY:
            return None
        if why_not := self._why_no_sound():
            log.warning("Sentences go out as words, not as sound: %s", why_not)
            return None
        return SoundNames(self.secrets.purpose("sounds"))

    def _why_no_sound(self) -> str | None:
        if not self.settings.public_url:
            return "ACTIVATION_CENTER_PUBLIC_URL is not set, and telephony on this machine speaks itself."
        silent = [each.locale for each in load_scripts().values() if self.speak(Utterance("0", each.locale)) is None]
        return f"nothing speaks {', '.join(silent)} here." if silent else None

    @property
    def centre(self) -> Centre:
        """What the console works on."""
        return Centre(
            store=self.store,
            catalogue=self.catalogue,
            secrets=self.secrets,
            assistance=Assistance(self.conversation),
            policy=self.settings.policy,
            hours=self.settings.hours,
            clock=self.clock,
            new_id=new_id,
            line_name=self.settings.line.name,
            audit_key=audit_key(self.secrets),
            anchors=self.anchors,
            has_telephony=self.has_telephony,
            phones=self.phones,
            stories=training_stories(),
        )

    @property
    def activation_service(self) -> Service:
        """Activation over the web."""
        settings = self.settings.service
        return Service(
            store=self.store,
            desk=Desk(self.catalogue, self.secrets, new_id),
            geography=Geography(settings.networks),
            limits=Limits(settings.requests_per_minute, settings.rows_per_hour),
            clock=self.clock,
            line_number=self.line_number,
            language=self.settings.languages.default,
            storage_fault=StorageError,
        )

    @property
    def portal(self) -> Portal:
        """What the portal works on."""
        return Portal(
            store=self.store,
            catalogue=self.catalogue,
            secrets=self.secrets,
            policy=self.settings.policy,
            clock=self.clock,
            new_id=new_id,
            choose=randomness.randbelow,
            line_name=self.settings.line.name,
            audit_key=audit_key(self.secrets),
            anchors=self.anchors,
        )

    @property
    def phones(self) -> Phones:
        """What makes browsers telephones of this house's exchange."""
        countries = [(country.title, country.number, country.toll_free) for country in self.catalogue.countries.values()]
        return Phones(
            self.account_sid,
            self.auth_token,
            self.instance.exchange_address.read,
            choices(countries),
            self.settings.exchange.browser_url,
        )

    @property
    def telephony_url(self) -> str | None:
        """Where the REST API that moves calls is: as set, Twilio's (None) with an account, else the exchange's if it runs."""
        settings = self.settings
        return settings.telephony_url or (None if settings.has_twilio_account else self.instance.exchange_address.read())

    def has_telephony(self) -> bool:
        """Whether there is anybody to move calls and to send text messages."""
        return self.settings.has_twilio_account or self.telephony_url is not None

    def control_call(self, command: Mapping[str, str]) -> None:
        """Has the telephony side do something with a call. Raises TelephonyError."""
        client = rest_client(*self._telephony_account())
        CallControl(client, self.line_number, self.settings.public_url or self.base_url).perform(command)

    def send_text(self, to: str, body: str) -> None:
        """Sends a text message. Raises TelephonyError."""
        text_sender(*self._telephony_account(), self.line_number)(to, body)

    def _telephony_account(self) -> tuple[str, str, str | None]:
        if not self.has_telephony():
            raise TelephonyError("There is no telephony side: no exchange runs and no Twilio account is set")
        return self.account_sid, self.auth_token, self.telephony_url

    @property
    def exchange_plan(self) -> Plan:
        """How this house's exchange is set up."""
        account = Account(self.account_sid, self.auth_token)
        return Plan(
            account=account,
            redact=redact,
            open_voices=lambda: self.voices,
            open_listeners=self._open_listeners,
            numbers=self._numbers,
            rtp_ports=self.settings.exchange.rtp_ports,
            password_of=self.phone_password,
            origins=origins(self.base_url) | ({self.settings.public_url} if self.settings.public_url else set()),
        )

    @property
    def english_listener(self) -> "Listener":
        """Who hears English."""
        return self._open_listeners()[BUNDLED]

    def _open_listeners(self) -> "Mapping[str, Listener]":
        from voices.vosk_listener import listeners  # noqa: PLC0415 - numpy and vosk come with it; for the exchange only

        return {code: listener for code, listener in listeners(self.models).items() if code in self.hears}

    @property
    def demo_cues(self) -> Cues:
        """What the demo's caller, who understands English, listens for."""
        return demo_cues(self.scripts[BUNDLED])

    @property
    def _numbers(self) -> Numbers:
        """The line's own numbers, those of every country, and other lines'."""
        settings, countries = self.settings, self.catalogue.countries.values()
        own = {settings.line.number: settings.line.name}
        own |= {country.number: f"{settings.line.name}, {country.title}" for country in countries if country.number not in own}
        own |= {number: settings.line.name for number in settings.languages.numbers if number not in own}
        fallback, status = f"{self.voice_url}/fallback", f"{self.voice_url}/status"
        made = self.clock()
        numbers = [
            IncomingNumber(number, name, self.voice_url, made, made, voice_fallback_url=fallback, status_callback=status)
            for number, name in own.items()
        ]
        others = [IncomingNumber(number, url, url, made, made) for number, url in settings.exchange.numbers.items()]
        return Numbers([*numbers, *others], {LINE_NAME: settings.line.number})

    @property
    def sip_address(self) -> str | None:
        """What softphones dial for the line, while the exchange speaks SIP."""
        return self.instance.sip_address.read()

    @property
    def sip_server(self) -> str | None:
        """Where SIP phones register, while the exchange speaks SIP."""
        return self.sip_address.partition("@")[2] if self.sip_address else None

    def phone_password(self, name: str) -> str:
        """The password of the SIP phone of this name: derived, so that nothing is stored."""
        derived = hmac.digest(self.secrets.purpose("sip phones"), name.encode(), "sha256")
        return base64.b32encode(derived[:PASSWORD_BYTES]).decode().lower()

    def find_key(self, serial: int) -> KeyRecord | None:
        return self.store.read(lambda transaction: transaction.ledger.key(serial))

    def has_corrected_media(self) -> bool:
        """Whether a trainer wants media without the late activation fault."""
        return self.store.read(lambda tx: tx.switches.is_on(Switch.CORRECTED_MEDIA.value))

    def not_ready(self) -> str | None:
        """Why calls cannot be served, as a sentence; None when they can."""
        try:
            return "The database is not set up for this version." if self.database.pending() else None
        except StorageError as fault:
            return str(fault)


def open_house() -> House:
    """The house of the instance that the environment names."""
    return House(Path(os.environ.get("ACTIVATION_CENTER_HOME") or "instance"), os.environ)
