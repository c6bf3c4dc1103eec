"""Everything that can be set, read in one place: the environment, and `settings.toml` of the instance."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from callcenter.floor.hours import DAYS, OpeningHours
from data.instance import Instance
from ivr.naming import name_fault
from ivr.phone_numbers import PhoneNumber


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
    database_url: str
    public_url: str | None
    telephony_url: str | None
    account_sid: str
    auth_token: str
    has_twilio_account: bool

    @property
    def can_text(self) -> bool:
        """Whether there is anybody to hand a text message to."""
        return self.has_twilio_account or self.telephony_url is not None


def read_settings(instance: Instance, environment: Mapping[str, str]) -> Settings:
    """The settings of an instance. Raises SettingsError with a sentence that names what is wrong."""
    raw = _read(instance.settings_file)
    sid, token = environment.get("TWILIO_ACCOUNT_SID"), environment.get("TWILIO_AUTH_TOKEN")
    if bool(sid) != bool(token):
        raise SettingsError("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN belong together: set both, or neither for local ones.")
    try:
        line, hours = _line(raw["line"]), _hours(raw["hours"])
    except KeyError as missing:
        raise SettingsError(f"{instance.settings_file}: the setting {missing} is missing.") from None
    except (TypeError, ValueError) as wrong:
        raise SettingsError(f"{instance.settings_file}: {wrong}") from None
    return Settings(
        line=line,
        hours=hours,
        database_url=environment.get("ACTIVATION_CENTER_DATABASE") or instance.database_url,
        public_url=environment.get("ACTIVATION_CENTER_PUBLIC_URL") or None,
        telephony_url=environment.get("ACTIVATION_CENTER_TELEPHONY_URL") or None,
        account_sid=sid or instance.account_sid,
        auth_token=token or instance.auth_token,
        has_twilio_account=bool(sid),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise SettingsError(f"{path} cannot be read: {fault}") from None


def _line(raw: Mapping[str, Any]) -> LineSettings:
    name, number, pace_seconds = str(raw["name"]), str(raw["number"]), float(raw["pace_seconds"])
    if sentence := name_fault(name):
        raise ValueError(sentence)
    if not PhoneNumber(number).is_real:
        raise ValueError(f"number must be a telephone number such as +18005550199, not {number!r}.")
    if not 0.3 <= pace_seconds <= 3:
        raise ValueError("pace_seconds must be between 0.3 and 3.")
    return LineSettings(name, number, pace_seconds)


def _hours(raw: Mapping[str, Any]) -> OpeningHours:
    if unknown := [day for day in raw["days"] if day not in DAYS]:
        raise ValueError(f"days has {unknown[0]!r}; the days are {', '.join(DAYS)}.")
    try:
        zone = ZoneInfo(raw["timezone"])
    except ZoneInfoNotFoundError:
        raise ValueError(f"timezone {raw['timezone']!r} is not known; write one like Europe/Berlin.") from None
    days = frozenset(map(DAYS.index, raw["days"]))
    return OpeningHours(zone, days, _clock(raw["opens"]), _clock(raw["closes"]))


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a time of day; write 08:30.") from None
