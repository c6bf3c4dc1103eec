"""Installation media: what the centre hands out for a product key, and the only secrets a workstation ever holds.

Keys this short-lived and shared can forge; `docs/security.md` says why that is fit for a simulator.
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated

import msgspec
import requests
from msgspec import Meta

from activation.catalogue import Channel, Country, Header
from activation.keys import KeyFault
from activation.redaction import holds_foreign_key, redact
from activation.secrets import InstallationKey

TIMEOUT_SECONDS = 10.0

CLIENT_SETUP_SERIAL = 0
"""No product key has this serial."""

Key16 = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
Key32 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True)
class Edition:
    """The product that the media install; `group` is its product group's short name."""

    code: Annotated[int, Meta(ge=0, le=255)]
    name: str
    title: str
    generation: str
    group: str


@dataclass(frozen=True, slots=True)
class MediaKeys:
    """The derived keys, hexadecimal as they travel and are stored; kept out of every representation."""

    cipher: Key16 = field(repr=False)
    tag: Key16 = field(repr=False)
    confirmation: Key32 = field(repr=False)

    @property
    def installation_key(self) -> InstallationKey:
        """What makes this workstation's installation IDs."""
        return InstallationKey(bytes.fromhex(self.cipher), bytes.fromhex(self.tag))

    @property
    def confirmation_key(self) -> bytes:
        """What verifies this product's confirmation IDs (32 bytes)."""
        return bytes.fromhex(self.confirmation)


@dataclass(frozen=True, slots=True)
class Media:
    """All that a workstation knows of the centre; `header` is its IDs' first digit, the layout and the epoch."""

    product: Edition
    channel: Channel
    serial: Annotated[int, Meta(ge=0, lt=1 << 24)]
    header: Header
    keys: MediaKeys
    grace_days: Annotated[int, Meta(ge=0, le=3650)]
    countries: tuple[Country, ...]
    late_activation_fault: bool
    group_title: str = ""
    """The product group's name for people."""
    covers: tuple[str, ...] = ()
    """Other product groups that a KMS host key of this group serves (table A6a)."""
    version: str = ""
    """The system's version, for example "6.1.7601"."""

    def __post_init__(self) -> None:
        """Raises ValueError for a layout that no ID can be written in."""
        layout = self.header.layout
        data_digits = layout.digits - len(layout.groups)
        # 41 data digits hold an installation ID; up to four more are spare check digits.
        if not (0 <= self.header.digit <= 9 and min(layout.groups, default=0) >= 2 and 41 <= data_digits <= 45):
            raise ValueError("the layout of installation IDs is not one that this workstation can write")
        if not (1 <= layout.blocks <= 10 and 2 <= layout.block_length <= 9):
            raise ValueError("the layout of confirmation IDs is not one that this workstation can check")

    @property
    def is_client_setup(self) -> bool:
        """Whether no product key was typed: the setup of a volume client, which a key-management host activates (row 60)."""
        return self.serial == CLIENT_SETUP_SERIAL

    def country(self, code: str) -> Country | None:
        """The country of the wizard's list with this code, in any case of letters (row 34)."""
        return next((country for country in self.countries if country.code == code.upper()), None)


@dataclass(frozen=True, slots=True)
class NoMedia:
    """The centre gave no media; the sentence says why and what to do."""

    sentence: str


def read_media(document: bytes) -> Media | NoMedia:
    """The media in a centre's JSON answer."""
    try:
        return msgspec.json.decode(document, type=Media)
    except (ValueError, RecursionError) as wrong:
        return NoMedia(redact(f"The centre's answer is not installation media: {wrong}. It may be of another version."))


def fetch_media(centre_url: str, key: str, product: str | None = None) -> Media | NoMedia:
    """Asks the centre (`POST /media`) for the media of a product key; a foreign key never leaves this function.

    With an empty key, the setup of a volume client of this product.
    """
    if any(holds_foreign_key(text) for text in (centre_url, key, product or "")):
        return NoMedia(KeyFault.FOREIGN)
    fields = {name: text for name, text in (("key", key), ("product", product)) if text}
    centre = centre_url.rstrip("/")
    try:
        # A redirected POST would arrive as a GET; better to say that the address is another one.
        answer = requests.post(f"{centre}/media", json=fields, timeout=TIMEOUT_SECONDS, allow_redirects=False)
    except (requests.RequestException, ValueError):  # some malformed addresses are urllib3's ValueErrors
        cure = "Start it with `activation-center serve`, or name another with --centre http://HOST:PORT"
        return NoMedia(f"No activation centre answers at {centre}. {cure}.")
    if answer.status_code == HTTPStatus.OK:
        return read_media(answer.content)
    sentence = _reason(answer.content) or f"The centre at {centre} gave no media but HTTP status {answer.status_code}."
    return NoMedia(redact(sentence))


class _Problem(msgspec.Struct):
    detail: str


def _reason(document: bytes) -> str | None:
    """The sentence of an RFC 9457 problem; None when the answer is something else (a proxy's error page)."""
    try:
        return msgspec.json.decode(document, type=_Problem).detail
    except (ValueError, RecursionError):
        return None
