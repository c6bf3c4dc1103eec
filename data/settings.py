"""Everything that can be set, read in one place: the environment, and `settings.toml` of the instance."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from callcenter.floor.hours import DAYS, OpeningHours
from callcenter.floor.policy import Policy
from callcenter.floor.policy_settings import read_policy
from data.exchange_settings import ExchangeSettings, read_exchange
from data.instance import Instance
from data.language_settings import LanguageSettings, read_languages
from data.service_settings import ServiceSettings, read_service
from data.voice_settings import VoiceSettings, read_voice
from data.workstation_settings import WorkstationSettings, read_workstation
from ivr.naming import name_fault
from ivr.phone_numbers import PhoneNumber

_LATER_SECTIONS = ("policy", "voice", "languages", "hearing", "exchange", "service", "geography", "workstation")
_ADDRESS = re.compile(r"https?://[^/?#@\s]+/?")


class SettingsError(Exception):
    """A setting that will not do; the sentence names it and says what would."""


@dataclass(frozen=True, slots=True)
class LineSettings:
    """How the line presents itself: its name, its own number (E.164), seconds from digit to digit of a read-back."""

    name: str
    number: str
    pace_seconds: float


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one instance."""

    line: LineSettings
    hours: OpeningHours
    policy: Policy
    voice: VoiceSettings
    languages: LanguageSettings
    exchange: ExchangeSettings
    service: ServiceSettings
    workstation: WorkstationSettings
    database_url: str
    public_url: str | None
    telephony_url: str | None
    account_sid: str
    auth_token: str
    has_twilio_account: bool


def read_settings(instance: Instance, environment: Mapping[str, str]) -> Settings:
    """The settings of an instance. Raises SettingsError with a sentence that names what is wrong."""
    raw = _read(instance.settings_file)
    sid, token = environment.get("TWILIO_ACCOUNT_SID"), environment.get("TWILIO_AUTH_TOKEN")
    if bool(sid) != bool(token):
        raise SettingsError("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN belong together: set both, or neither for local ones.")
    try:
        line, hours = _line(_table(raw, "line")), _hours(_table(raw, "hours"))
        # an instance from before it had these sections needs none
        later = {name: {} for name in _LATER_SECTIONS} | raw
        policy, voice = read_policy(_table(later, "policy")), read_voice(_table(later, "voice"))
        languages = read_languages(_table(later, "languages"), _table(later, "hearing"))
        exchange = read_exchange(_table(later, "exchange"))
        service = read_service(_table(later, "service"), _table(later, "geography"))
        workstation = read_workstation(_table(later, "workstation"))
    except ValueError as wrong:
        raise SettingsError(f"{instance.settings_file}: {wrong}") from None
    return Settings(
        line=line,
        hours=hours,
        policy=policy,
        voice=voice,
        languages=replace(languages, models={**languages.models, **_english_model(environment)}),
        exchange=exchange,
        service=service,
        workstation=workstation,
        database_url=environment.get("ACTIVATION_CENTER_DATABASE") or instance.database_url,
        public_url=_address(environment, "ACTIVATION_CENTER_PUBLIC_URL"),
        telephony_url=_address(environment, "ACTIVATION_CENTER_TELEPHONY_URL"),
        account_sid=sid or instance.account_sid,
        auth_token=token or instance.auth_token,
        has_twilio_account=bool(sid),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise SettingsError(f"{path} cannot be read: {fault}") from None


def _english_model(environment: Mapping[str, str]) -> Mapping[str, Path]:
    """The folder that `VOSK_MODEL_PATH` names for English; nothing where it is not set."""
    folder = environment.get("VOSK_MODEL_PATH")
    if folder and not Path(folder).is_dir():
        raise SettingsError(f"VOSK_MODEL_PATH names {folder}, where no folder of a Vosk model is.")
    return {"en": Path(folder)} if folder else {}


def _address(environment: Mapping[str, str], name: str) -> str | None:
    address = environment.get(name) or None
    if address and not _ADDRESS.fullmatch(address):
        raise SettingsError(f"{name} must be scheme and host alone, such as https://line.example.com, without a path.")
    return address


def _table(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = raw.get(name)
    if not isinstance(table, dict):
        raise ValueError(f"the section [{name}] is missing.")
    return table


def _value(table: Mapping[str, Any], name: str, kind: type | tuple[type, ...], example: str) -> Any:
    value = table.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f"{name} is missing or not what it should be; write it like {name} = {example}.")
    return value


def _line(raw: Mapping[str, Any]) -> LineSettings:
    name, number = _value(raw, "name", str, '"Activation Center"'), _value(raw, "number", str, '"+18005550199"')
    pace_seconds = float(_value(raw, "pace_seconds", (int, float), "0.7"))
    if sentence := name_fault(name):
        raise ValueError(sentence)
    if not PhoneNumber(number).is_real:
        raise ValueError(f"number must be a telephone number such as +18005550199, not {number!r}.")
    if not 0.3 <= pace_seconds <= 3:
        raise ValueError("pace_seconds must be between 0.3 and 3.")
    return LineSettings(name, number, pace_seconds)


def _hours(raw: Mapping[str, Any]) -> OpeningHours:
    days = _value(raw, "days", list, '["Monday", "Friday"]')
    if not days or (unknown := [day for day in days if day not in DAYS]):
        wrong = repr(unknown[0]) if days else "no day"
        raise ValueError(f"days names {wrong}; the days are {', '.join(DAYS)}.")
    return OpeningHours(_zone(raw), frozenset(map(DAYS.index, days)), _clock(raw, "opens"), _clock(raw, "closes"))


def _zone(raw: Mapping[str, Any]) -> ZoneInfo:
    name = _value(raw, "timezone", str, '"Europe/Berlin"')
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"timezone {name!r} is not known; write one like Europe/Berlin.") from None


def _clock(raw: Mapping[str, Any], name: str) -> time:
    text = _value(raw, name, str, '"08:30"')
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text, re.ASCII):
        raise ValueError(f"{name} = {text!r} is not a time of day; write it like 08:30.")
    return time.fromisoformat(text)
