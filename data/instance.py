"""The instance folder: secrets, settings and, by default, the database of one activation centre.

`serve` and `init` create it; everything else says that there is none.
"""

import json
import os
import secrets as randomness
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

from activation.secrets import Secrets
from callcenter.floor.policy_settings import policy_section
from data.exchange_settings import EXCHANGE_SECTION
from data.language_settings import LANGUAGE_SECTIONS
from data.service_settings import SERVICE_SECTIONS
from data.voice_settings import VOICE_SECTION
from data.workstation_settings import WORKSTATION_SECTION

_SECRETS = "secrets.json"
_SETTINGS = "settings.toml"
_ADDRESS = "address"
_EXCHANGE = "exchange-address"
_SIP = "sip-address"
_DATABASE = "activation.db"
_ANCHORS = "audit-anchors"

DEFAULT_SETTINGS = f"""\
# Settings of this activation centre. Restart `activation-center serve` after a change.

[line]
# What the line calls itself. Names of real vendors are refused; that this is a simulator is always said.
name = "Activation Center"
# The centre's own telephone number: text messages come from it.
number = "+18005550199"
# Seconds from one digit of the confirmation ID to the next.
pace_seconds = 0.7

[hours]
# When people are at the desk. opens = closes means around the clock.
timezone = "UTC"
days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
opens = "00:00"
closes = "00:00"

{LANGUAGE_SECTIONS}
{VOICE_SECTION}
{EXCHANGE_SECTION}
{SERVICE_SECTIONS}
{WORKSTATION_SECTION}
{policy_section()}"""


class NoInstance(Exception):
    """There is no instance, or it cannot be read; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance folder that exists: the secrets behind every identifier, and the local account that signs webhooks."""

    home: Path
    secrets: Secrets
    account_sid: str
    auth_token: str

    @property
    def settings_file(self) -> Path:
        """Where its settings stand."""
        return self.home / _SETTINGS

    @property
    def anchors_file(self) -> Path:
        """Where the head of the chain of acts is noted, outside the database."""
        return self.home / _ANCHORS

    @property
    def database_url(self) -> str:
        """The SQLite database inside the folder."""
        return f"sqlite:///{(self.home / _DATABASE).absolute()}"

    @property
    def web_address(self) -> "Noted":
        """Where `serve` answers, for the other commands to find it."""
        return Noted(self.home / _ADDRESS)

    @property
    def exchange_address(self) -> "Noted":
        """Where the exchange's REST face is, while it runs."""
        return Noted(self.home / _EXCHANGE)

    @property
    def sip_address(self) -> "Noted":
        """Where the line is dialled from softphones, while the exchange runs with SIP: `sip:activate@127.0.0.1`."""
        return Noted(self.home / _SIP)


@dataclass(frozen=True, slots=True)
class Noted:
    """The address of a process that runs, noted in a file as long as it does."""

    path: Path

    def note(self, base_url: str) -> None:
        """Keeps it."""
        self.path.write_text(base_url, encoding="utf-8")

    def forget(self, base_url: str) -> None:
        """Forgets it, unless another process has noted its own since."""
        if self.read() == base_url:
            self.path.unlink(missing_ok=True)

    def read(self) -> str | None:
        """What was noted last."""
        return self.path.read_text(encoding="utf-8").strip() if self.path.exists() else None


def create_instance(home: Path) -> bool:
    """Makes the folder with fresh secrets and default settings unless it is there; whether it was made now.

    Raises NoInstance where a database is left whose secrets are gone: fresh ones would make every key and ID invalid.
    """
    if (home / _DATABASE).exists() and not (home / _SECRETS).exists():
        raise NoInstance(
            f"{home / _SECRETS} is missing beside a database that needs it. Restore it from a backup, or move {home} away."
        )
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (home / _SETTINGS).exists():
        (home / _SETTINGS).write_text(DEFAULT_SETTINGS, encoding="utf-8")
    if not (home / _SECRETS).exists():
        (home / _ANCHORS).touch(mode=0o600)
    fresh = {
        "masters": {"1": randomness.token_hex(32)},
        "account_sid": "AC" + randomness.token_hex(16),
        "auth_token": randomness.token_hex(16),
    }
    return _write_once(home / _SECRETS, json.dumps(fresh, indent=2))


def open_instance(home: Path) -> Instance:
    """The instance in this folder. Raises NoInstance with what to do where there is none or it is damaged."""
    try:
        raw = json.loads((home / _SECRETS).read_text(encoding="utf-8"))
        masters = {int(epoch): bytes.fromhex(master) for epoch, master in raw["masters"].items()}
        return Instance(home, Secrets(masters), raw["account_sid"], raw["auth_token"])
    except FileNotFoundError:
        raise NoInstance(
            f"There is no activation centre in {home}. Create one with `activation-center init`, or start it with "
            "`activation-center serve`; ACTIVATION_CENTER_HOME names another folder."
        ) from None
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        raise NoInstance(
            f"{home / _SECRETS} cannot be read. Restore it from a backup: without it no ID can be checked."
        ) from None


def _write_once(path: Path, text: str) -> bool:
    """Writes a private file that appears whole or not at all; False when another process was first."""
    handle, draft = mkstemp(dir=path.parent)  # nobody else's, even where another container has a process of our number
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        os.unlink(draft)
    return True
