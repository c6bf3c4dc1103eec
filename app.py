"""The composition root: settings, `create_app`, the `activation-center` command. The only file that knows everybody."""

import asyncio
import base64
import hmac
import logging
import os
import re
import secrets as randomness
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from activation.catalogue import VOLUME_CHANNELS, Catalogue
from activation.desk import Desk
from activation.digits import check_digit_holds
from activation.keys import write_key
from activation.redaction import redact
from activation.rules import KeyRecord
from activation.secrets import Secrets
from callcenter.console.centre import STREAMS, Centre
from callcenter.floor import accounts, approvals, contact_changes, training, upkeep
from callcenter.floor.people import Role
from callcenter.floor.training_records import Expected, RunStatus, Switch, TrainingStory
from callcenter.portal.portal import Portal
from callcenter.service.activation.blueprint import activation_blueprint
from callcenter.service.activation.geography import Geography
from callcenter.service.activation.limits import Limits
from callcenter.service.activation.service import Service
from callcenter.service.call_control import CallControl
from callcenter.service.clerk import Clerk, Job, call_control, text_messages
from callcenter.service.desk_phones import add_desk_phones
from callcenter.service.line_floor import FloorForLine
from callcenter.service.logs import begin_logging
from callcenter.service.media import media_blueprint
from callcenter.service.metrics import metrics_blueprint
from callcenter.service.pages import pages_blueprint
from callcenter.service.phone import Phones, choices, phone_blueprint
from callcenter.service.problems import busy
from callcenter.service.registration import Registry, registration_blueprint
from callcenter.service.server import origins, reachable, refuse_port_in_use, serve_web, sip_port
from callcenter.service.supervisor import supervise
from callcenter.service.telephony import TelephonyError, rest_client, text_sender
from data import story_people
from data.acting import act, audit_key
from data.anchor import AnchorFile
from data.audit_commands import audit
from data.catalogue import load_catalogue
from data.commands import agreements, keys, outage
from data.demo import load_demo
from data.demo_keys import offered_keys
from data.engine import StorageError
from data.instance import Instance, NoInstance, create_instance, open_instance
from data.listings import print_demo
from data.outbox import OutboxKind
from data.people_commands import agents
from data.post_office import PostOffice
from data.props import KeyMade, KeyWanted, NoProps, Workshop, make_key
from data.requirement_commands import requirements
from data.settings import Settings, SettingsError, read_settings
from data.store import Store, Transaction, open_store
from data.voice_settings import Medium
from ivr import twiml
from ivr.assistance import Assistance
from ivr.conversation import Conversation
from ivr.dialogue.line import Line
from ivr.script import Script, load_scripts
from ivr.script.sayings import Values, open_sentences, sayings
from ivr.sound_names import SoundNames, Utterance
from ivr.sounds import add_recordings, add_sentences
from ivr.vocabulary import heard_languages, load_vocabularies
from ivr.webhook import Webhooks, turn_address, voice_blueprint
from pbx.demo.commands import demo_command, watch
from pbx.demo.computer import DemoFailed, Shown
from pbx.demo.cues import Cues, cue
from pbx.exchange.commands import exchange_command
from pbx.exchange.numbers import IncomingNumber, Numbers
from pbx.exchange.plan import DEFAULT_SIP_PORT, LINE_NAME, NO_SIP, Account, Plan, Running, sip_address, speaks_sip
from pbx.terminal.commands import call_command
from stories.backstage import Account as StoryAccount
from stories.backstage import Contact as StoryContact
from stories.backstage import Count, Props, StoryFailed
from stories.backstage import Line as StoryLine
from stories.commands import with_stories
from stories.cues import LineCues
from stories.player import Doing, Player, Wish, until_told
from stories.story import Done, every_story
from stories.story import Key as StoryKey
from stories.story import Role as StoryRole
from voices.commands import voices
from voices.faults import CannotSpeak, NotASound
from voices.hearing_commands import fetch_model, hear, models
from voices.music import hold_music_wav
from voices.tones import accepted_wav
from workstation.commands import GuardedGroup, workstation
from workstation.declined import NotConfirmed
from workstation.files import MachineFolder, Unreadable
from workstation.installing import NotInstalled, install
from workstation.kms.commands import kms
from workstation.machine import Machine, confirm, installation_id, values_for_call
from workstation.proxy.commands import proxy

if TYPE_CHECKING:
    from voices.listening import Listener
    from voices.speaking import Voices

BUNDLED = "en"
"""The language of the recogniser's model that comes with the line."""
DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8000
PASSWORD_BYTES = 10
DEMO_SERIAL = 3010
"""The demo data's key with which the demo installs its computer: a volume key with room for many."""
LARGEST_FORM_BYTES = 4 * 1024 * 1024
WEB_THREADS = 16 + STREAMS
"""Every live page holds a thread; so many are left for webhooks and pages."""

log = logging.getLogger(__name__)


class House:
    """One instance with its parts, each opened when it is first needed; click's `ctx.obj` for every command."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self.home, self._environment = home, environment

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
            desk=Desk(self.catalogue, self.secrets, _new_id),
            store=self.store,
            render=lambda said, language, sid, turn: twiml.render(
                said, scripts[language], sid, turn_address(turn, language, usual)
            ),
            floor=FloorForLine(),
            hours=lambda now, language: (hours.is_open(now), hours.sentence(scripts[language].section("hours"))),
            clock=_now,
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
            clock=_now,
            new_id=_new_id,
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
            desk=Desk(self.catalogue, self.secrets, _new_id),
            geography=Geography(settings.networks),
            limits=Limits(settings.requests_per_minute, settings.rows_per_hour),
            clock=_now,
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
            clock=_now,
            new_id=_new_id,
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
        script = self.scripts[BUNDLED]
        said = script.sentences
        return Cues(
            menu=cue([said["menu.question"]]),
            group=cue(said[f"entry.{key}"] for key in ("first", "first_by_key", "group", "again", "waiting")),
            computers=cue([said["computers.question"]]),
            approved=cue([said["granted.intro"], said["granted.another"]]),
            accepted=cue([said["accepted.none"]]),
            farewell=cue(script.section("farewell").values()),
            trouble=cue(said[key] for key in said if key.startswith(("outage.", "refused.", "agent.", "person."))),
        )

    @property
    def story_cues(self) -> LineCues:
        """What callers of stories, who understand English, listen for."""
        script = self.scripts[BUNDLED]
        said = script.sentences
        entry = ("first", "first_by_key", "group", "again", "waiting")
        return LineCues(
            menu=cue([said["menu.question"]]),
            resume=cue([said["resume.question"]]),
            group=cue(said[f"entry.{key}"] for key in entry),
            computers=cue([said["computers.question"]]),
            block=re.compile(r"\b([A-J])\. ((?:\d ?)+)"),
            accepted=cue(said[f"accepted.{key}"] for key in ("none", "typing", "another_id")),
            after_typing=cue(said[f"accepted.{key}"] for key in ("internet", "late_activation")),
            refused=cue(said[f"refused.{key}"] for key in ("next", "try_again")),
            requests=cue([said["requests.question"]]),
            agreement=cue([said["agreement.question"]]),
            group_choice=cue([said["group_choice.question"]]),
            quantity=cue([said["quantity.question"]]),
            confirm=cue([said["confirm.question"]]),
            left_queue=cue(said[f"person.{key}"] for key in ("left", "left_callback")),
            case=re.compile(re.escape(said["person.case"]) + r"\s*((?:\d\s?){6})"),
        )

    @property
    def _numbers(self) -> Numbers:
        """The line's own numbers, those of every country, and other lines'."""
        settings, countries = self.settings, self.catalogue.countries.values()
        own = {settings.line.number: settings.line.name}
        own |= {country.number: f"{settings.line.name}, {country.title}" for country in countries if country.number not in own}
        own |= {number: settings.line.name for number in settings.languages.numbers if number not in own}
        fallback, status = f"{self.voice_url}/fallback", f"{self.voice_url}/status"
        made = _now()
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


def create_app(house: House | None = None) -> Flask:
    """The web application of one instance, by default the one ACTIVATION_CENTER_HOME names."""
    from callcenter.console.site import init_console  # noqa: PLC0415 - a fifth of the loading time; for the web server only
    from callcenter.portal.site import init_portal  # noqa: PLC0415 - the same

    house = house or open_house()
    app = Flask("activation-center", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_FORM_BYTES, MAX_FORM_MEMORY_SIZE=LARGEST_FORM_BYTES)
    settings = house.settings
    app.register_blueprint(_voice(house))
    app.register_blueprint(activation_blueprint(house.activation_service))
    media = media_blueprint(house.catalogue, house.secrets, house.find_key, house.has_corrected_media)
    for blueprint in (media, registration_blueprint(Registry(house.store, house.catalogue, _now, _new_id))):
        blueprint.register_error_handler(StorageError, busy)
        app.register_blueprint(blueprint)
    app.register_blueprint(pages_blueprint(settings.line.name, settings.line.number, house.not_ready))
    app.register_blueprint(phone_blueprint(settings.line.name, house.phones))
    app.register_blueprint(metrics_blueprint(lambda: house.store.read(lambda tx: tx.live.snapshot(_now()))))
    if settings.public_url:  # a proxy stands in front and says who asks, which limits on attempts need to know
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=0)  # type: ignore[method-assign]
    is_secure = (settings.public_url or "").startswith("https:")
    init_console(app, house.centre, secret_key=house.secrets.purpose("sessions"), is_secure=is_secure)
    init_portal(app, house.portal)
    _add_workstation_page(app, house)
    return app


def _add_workstation_page(app: Flask, house: House) -> None:
    """The simulated computers in a browser; demo keys are at hand there where nobody from outside is."""
    from workstation.page.room import DemoKey, Room, VolumeEdition  # noqa: PLC0415 - as the console
    from workstation.page.site import init_workstation_page  # noqa: PLC0415

    settings, products = house.settings, house.catalogue.products.values()

    def demo_keys() -> list[DemoKey]:
        offered = house.store.read(lambda tx: list(offered_keys(tx, house.secrets)))
        return [DemoKey(each.serial, each.title, each.channel, each.text) for each in offered]

    room = Room(
        home=house.home,
        centre_url=lambda: house.base_url,
        line_name=settings.line.name,
        clock=_now,
        demo_keys=(lambda: []) if settings.public_url else demo_keys,
        volume_editions=[VolumeEdition(each.name, each.title) for each in products if each.channels >= VOLUME_CHANNELS],
        catalogue=house.catalogue,
        is_open=settings.public_url is None or settings.workstation.page,
    )
    init_workstation_page(app, room)


def _voice(house: House) -> Blueprint:
    """The line's webhooks, and the sounds they name."""
    settings = house.settings
    webhooks = Webhooks(house.conversation, house.scripts, settings.auth_token, settings.public_url, house.sound_names)
    blueprint = voice_blueprint(webhooks)
    add_desk_phones(blueprint, house.store, _now)
    add_recordings(blueprint, {"music": hold_music_wav, "tone": accepted_wav})
    if house.sound_names:
        add_sentences(blueprint, house.sound_names, house.speak)
    return blueprint


def open_house() -> House:
    """The house of the instance that the environment names."""
    return House(Path(os.environ.get("ACTIVATION_CENTER_HOME") or "instance"), os.environ)


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return randomness.token_hex(16)


class Commands(GuardedGroup):
    """The command line: what is expected to go wrong is said in a sentence, and never quotes a foreign key."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (NoInstance, SettingsError, StorageError, CannotSpeak, NotASound) as fault:
            raise click.ClickException(redact(str(fault))) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="activation-center")
@click.pass_context
def main(ctx: click.Context) -> None:
    """A telephone activation centre on your own machine.

    A caller reads the installation ID of a computer over the phone and hears
    its confirmation ID. A simulator: it activates no real product.

    Start with `activation-center serve`.
    """
    begin_logging()
    ctx.obj = open_house()


@main.command()
@click.pass_obj
def init(house: House) -> None:
    """Create the instance: secrets, database, demo data. What is there stays."""
    made = create_instance(house.home)
    migrated = house.database.migrate(_now())
    if migrated and house.store.read(lambda tx: tx.audit.head()) is None:
        house.anchors.create()  # an older version had neither a record of acts nor its anchors
    demo = load_demo(house.store, house.catalogue, house.secrets, lambda: randomness.token_urlsafe(9), _now())
    house.settings  # noqa: B018 - read now, so that a setting that will not do is told here
    click.echo(f"{'Created' if made else 'Found'} the activation centre in {house.home.absolute()}.")
    if migrated:
        click.echo(f"The database is up to date ({len(migrated)} migration{'s' if len(migrated) > 1 else ''} applied).")
    if demo.passwords or demo.contact_passwords:
        print_demo(demo)


@main.command()
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="Address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535), help="Port of the web server.")
@click.option(
    "--sip-port",
    "softphones",
    default=DEFAULT_SIP_PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port for softphones; 0: a free one.",
)
@click.option("--no-exchange", is_flag=True, help="Without the local exchange: Twilio, or another, has the telephones.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.pass_context
def serve(ctx: click.Context, host: str, port: int, softphones: int, no_exchange: bool, workers: int) -> None:
    """Start everything; creates what is missing."""
    refuse_port_in_use(host, port)
    sip = sip_port(host, softphones) if speaks_sip() and not no_exchange else None
    ctx.invoke(init)
    house: House = ctx.obj
    base_url = f"http://{reachable(host)}:{port}"
    house.instance.web_address.note(base_url)
    click.echo(_places(base_url, sip_address(host, sip) if sip else NO_SIP, not no_exchange))
    house.store.close()
    this, exchange_port = [sys.executable, "-P", "-m", "app"], str(house.settings.exchange.port)
    processes = {
        "exchange": [*this, "exchange", "run", "--host", host, "--port", exchange_port, "--sip-port", str(sip or 0)],
        "web": [*this, "web", "--host", host, "--port", str(port), "--workers", str(workers)],
        "clerk": [*this, "clerk"],
        "trainer": [*this, "trainer"],
    }
    without = {"exchange", "trainer"} if no_exchange else set()  # simulated callers call through the exchange
    try:
        supervise({name: command for name, command in processes.items() if name not in without})
    finally:
        house.instance.web_address.forget(base_url)


def _places(base_url: str, softphones: str, has_exchange: bool) -> str:
    """What whoever has started the centre needs to begin."""
    places = {"Start page": f"{base_url}/", "The desk": f"{base_url}/console", "The portal": f"{base_url}/portal"}
    places |= {"Computers": f"{base_url}/workstation"}
    if has_exchange:
        places |= {"Browser phone": f"{base_url}/phone", "Softphone": softphones}
    places |= {"Terminal phone": "activation-center call"}
    lines = [f"{name:<15}{place}" for name, place in places.items()]
    return "\n".join(["", *lines, "Stop with Ctrl-C."])


@main.command()
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="Address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535), help="Port.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.pass_obj
def web(house: House, host: str, port: int, workers: int) -> None:
    """The web server alone (`serve` starts it).

    It answers webhooks and serves the pages. Several may run on one database.
    """
    refuse_port_in_use(host, port)
    house.store.close()  # opened once, so that settings or a database that will not do are told here
    serve_web(lambda: create_app(open_house()), host, port, workers, WEB_THREADS)


@main.command()
@click.pass_obj
def clerk(house: House) -> None:
    """The clerk alone (`serve` starts it).

    It sends what is in the outbox and erases what calls leave behind. Several may run.
    """
    Clerk(
        PostOffice(house.store),
        {
            OutboxKind.TEXT_MESSAGE: text_messages(house.send_text),
            OutboxKind.CALL_CONTROL: call_control(house.control_call),
        },
        jobs_of(house),
        _now,
        expected=(StorageError,),
    ).work(threading.Event())


def jobs_of(house: House) -> tuple[Job, ...]:
    """What the clerk sees to besides the outbox, most often what callers wait for."""
    policy = house.settings.policy

    def job(name: str, every_seconds: float, work: Callable[[Transaction], object]) -> Job:
        return Job(name, timedelta(seconds=every_seconds), lambda: house.store.transaction(work))

    return (
        Job("erase what calls left", timedelta(minutes=1), house.conversation.forget_stale),
        job("find lost agents", 2, lambda tx: upkeep.find_lost(tx, policy, _now())),
        job("open reserved places", 5, lambda tx: upkeep.open_reserved(tx, _now())),
        job("expire requests", 30, lambda tx: approvals.expire(tx, policy, _now())),
        job("let contacts take effect", 30, lambda tx: contact_changes.take_effect(tx, _now())),
        job("close stale places", 300, lambda tx: upkeep.close_stale(tx, _now())),
        job("erase counters", 3600, lambda tx: tx.rate_counters.erase_run_out(_now())),
        job("erase web answers", 600, lambda tx: tx.web_answers.erase_before(_now() - house.settings.service.answers_kept)),
    )


@click.pass_obj
def values_for_workstation(house: House, name: str) -> Mapping[str, str]:
    """What a scripted call keys in for one of this instance's computers. Raises ClickException for a name unknown here."""
    machine = MachineFolder(house.home).read(name)
    if isinstance(machine, Unreadable):
        raise click.ClickException(machine.sentence)
    return values_for_call(machine)


@dataclass(frozen=True, slots=True)
class DemoComputer:
    """A workstation of this instance, for the demo."""

    house: House
    name: str

    def look(self) -> Shown:
        """What it shows; it is installed first where there is none. Raises DemoFailed."""
        machine = self._read() if self._folder.holds(self.name) else self._install()
        layout = machine.media.header.layout
        return Shown(machine.name, installation_id(machine), layout.blocks, layout.block_length)

    def is_block(self, digits: str) -> bool:
        """Whether the check digit of a block holds."""
        return check_digit_holds(digits)

    def type_in(self, blocks: tuple[str, ...]) -> str | None:
        """None when the computer is activated, else the sentence it shows."""
        outcome = confirm(self._read(), " ".join(blocks), _now())
        if isinstance(outcome, NotConfirmed):
            return outcome.sentence
        self._folder.write(outcome)
        return None

    @property
    def _folder(self) -> MachineFolder:
        return MachineFolder(self.house.home)

    def _read(self) -> Machine:
        machine = self._folder.read(self.name)
        if isinstance(machine, Unreadable):
            raise DemoFailed(machine.sentence)
        return machine

    def _install(self) -> Machine:
        known = self.house.store.read(lambda transaction: transaction.keys.get(DEMO_SERIAL))
        if known is None:
            raise DemoFailed("The demo data is not there: run `activation-center init`.")
        machine = install(self._folder, self.name, self.house.base_url, write_key(known.key, self.house.secrets), now=_now())
        if isinstance(machine, NotInstalled):
            raise DemoFailed(machine.sentence)
        return machine


@dataclass(frozen=True, slots=True)
class StoryBackstage:
    """What stories are handed from behind the counter of this instance."""

    house: House

    @property
    def home(self) -> Path:
        """The instance folder."""
        return self.house.home

    @property
    def base_url(self) -> str:
        """Where the centre is."""
        return self.house.base_url

    @property
    def line(self) -> StoryLine:
        """How the line is called."""
        house = self.house
        find = house.instance.exchange_address.read
        return StoryLine(house.voice_url, house.account_sid, house.auth_token, house.line_number, find, redact)

    @property
    def cues(self) -> LineCues:
        """What callers of stories, who speak English, listen for."""
        return self.house.story_cues

    def make(self, key: StoryKey, caller: str, organisation: str) -> Props:
        """A key made for training. Raises StoryFailed."""
        wanted = KeyWanted(key.product, key.channel, key.allowed, key.used, key.programme, caller, organisation)
        made = self._make(wanted)
        fact = StoryContact(made.agreement, made.contact, caller, made.fact_serial, made.fact_left)
        return Props(made.text, made.serial, fact if made.agreement else None)

    def media_key(self, product: str) -> str:
        """A key made for training that installs this product."""
        return self._make(KeyWanted(product, "mak", 1, 0, "", "", "")).text

    def _make(self, wanted: KeyWanted) -> KeyMade:
        house = self.house
        workshop = Workshop(house.catalogue, house.secrets, randomness.randbelow)
        try:
            return house.store.transaction(lambda tx: make_key(tx, workshop, wanted, _now()))
        except NoProps as missing:
            raise StoryFailed(str(missing)) from None

    def count(self, serial: int) -> Count:
        """The key's count now."""
        key = self.house.store.read(lambda tx: tx.keys.get(serial))
        if key is None:
            raise StoryFailed(f"There is no key number {serial}.")
        return Count(key.record.used, key.record.allowed)

    def hire(self, role: StoryRole) -> StoryAccount:
        """An account for somebody in the story."""
        password = story_people.new_password()
        agent = act(self.house, lambda tx, acting: story_people.hire(tx, acting, Role(role.value), password))
        return StoryAccount(agent.name, agent.full_name, password, agent.phone)

    def dismiss(self, name: str) -> None:
        """Closes the account."""
        act(self.house, lambda tx, acting: story_people.dismiss(tx, acting, name))

    def invite(self, contact: str) -> str:
        """A one-time link into the portal."""
        token = randomness.token_urlsafe(24)
        act(self.house, lambda tx, acting: accounts.invite(tx, acting, contact, token))
        return f"/portal/link/{token}"

    def mark(self, call_sid: str, story: int) -> None:
        """Says of a call that a simulated caller makes it."""
        self.house.store.transaction(lambda tx: tx.training.mark_call(call_sid, story, _now()))

    def call_by_voice(self, workstation: str, show: Callable[[str], None]) -> None:
        """The demo's caller, who speaks, about this workstation. Raises ClickException where the call goes another way."""
        house = self.house
        watch(house, house.instance.exchange_address.read, DemoComputer(house, workstation), by_voice=True, show=show)


@dataclass(frozen=True, slots=True)
class TrainerWishes:
    """What trainers of this instance want, for the player of simulated callers."""

    store: Store

    def send_due(self) -> None:
        """Adds the caller whom the steady traffic is due."""
        self.store.transaction(lambda tx: training.send_due(tx, _new_id, _now()))

    def claim(self, lease_seconds: float) -> Wish | None:
        """The next caller to play."""
        run = self.store.transaction(lambda tx: tx.training.claim(_now(), lease_seconds))
        return Wish(run.id, run.story, run.is_crowd) if run else None

    def renew(self, id: str, doing: Doing, lease_seconds: float) -> bool:
        """Says what the caller is doing; False when they are to hang up."""
        until, known = _now() + timedelta(seconds=lease_seconds), doing

        def work(tx: Transaction) -> bool:
            tx.training.note(id, doing=known.words, call_sid=known.call_sid, serial=known.serial, agreement=known.agreement)
            return tx.training.renew(id, until)

        return self.store.transaction(work)

    def end(self, id: str, *, failed: bool, stopped: bool, words: str) -> None:
        """The caller is gone."""
        status = RunStatus.STOPPED if stopped else RunStatus.FAILED if failed else RunStatus.ENDED
        self.store.transaction(lambda tx: training.finish(tx, id, status, words, _now()))


def training_stories() -> Mapping[int, TrainingStory]:
    """What simulated callers can play, as the trainer's desk shows it."""

    def expected(done: Done) -> Expected:
        return Expected(done.verify, done.reason, done.wrap_up, done.seconds)

    return {
        story.number: TrainingStory(
            story.number,
            story.title,
            story.told,
            story.caller.name,
            story.caller.organisation,
            story.caller.says,
            story.caller.computers,
            expected(story.done) if story.done else None,
        )
        for story in every_story()
        if story.is_for_training
    }


@main.command()
@click.pass_obj
def trainer(house: House) -> None:
    """The player of simulated callers alone (`serve` starts it).

    It plays the callers that the trainer's desk wants.
    """
    stories = {story.number: story for story in every_story()}
    player = Player(TrainerWishes(house.store), StoryBackstage(house), stories, expected=(StorageError,))
    asyncio.run(until_told(player.work))


@click.pass_obj
def note_exchange(house: House, running: Running) -> None:
    """The exchange runs."""
    house.instance.exchange_address.note(running.base_url)
    if running.sip_address:
        house.instance.sip_address.note(running.sip_address)


@click.pass_obj
def forget_exchange(house: House, running: Running) -> None:
    """The exchange runs no more."""
    house.instance.exchange_address.forget(running.base_url)
    if running.sip_address:
        house.instance.sip_address.forget(running.sip_address)


@click.pass_obj
def find_exchange(house: House) -> str | None:
    """Where the exchange is, if it runs."""
    return house.instance.exchange_address.read()


main.add_command(call_command(values_for_workstation, redact, find_exchange))
main.add_command(with_stories(demo_command(DemoComputer, find_exchange), StoryBackstage))
main.add_command(exchange_command(note_exchange, forget_exchange, find_exchange))
for hearing in (hear, models, fetch_model):
    voices.add_command(hearing)
for group in (keys, agreements, outage, agents, audit, voices, workstation, kms, proxy, requirements):
    main.add_command(group)

if __name__ == "__main__":
    main()
