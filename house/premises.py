"""The premises: an instance folder with its settings, secrets and database, and the addresses under which it is reached."""

import base64
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path

from activation.catalogue import Catalogue
from activation.rules import KeyRecord
from activation.secrets import Secrets
from callcenter.floor.training_records import Switch
from data.anchor import AnchorFile
from data.catalogue import load_catalogue
from data.engine import StorageError
from data.instance import Instance, open_instance
from data.settings import Settings, read_settings
from data.store import Store, open_store
from house.moments import now
from ivr.script import Script, load_scripts
from ivr.vocabulary import heard_languages

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8000
BUNDLED = "en"
"""The language of the recogniser's model that comes with the line."""
PASSWORD_BYTES = 10


class Premises:
    """What every part of an instance stands on, each piece opened when it is first needed."""

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
    def scripts(self) -> Mapping[str, Script]:
        """Every language of the line, by its code."""
        return load_scripts()

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

    @property
    def pace_seconds(self) -> float:
        """Seconds from one digit of a read-back to the next."""
        return self.settings.line.pace_seconds

    @property
    def telephony_url(self) -> str | None:
        """Where the REST API that moves calls is: as set, Twilio's (None) with an account, else the exchange's if it runs."""
        settings = self.settings
        return settings.telephony_url or (None if settings.has_twilio_account else self.instance.exchange_address.read())

    def has_telephony(self) -> bool:
        """Whether there is anybody to move calls and to send text messages."""
        return self.settings.has_twilio_account or self.telephony_url is not None

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
