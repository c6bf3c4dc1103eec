"""The simulator's product keys: `SIM` and 22 symbols, five blocks of five; epoch, product, serial and a truncated HMAC.

A mistyped or invented key is refused without a database; a foreign one is refused unread.
"""

import hmac
from dataclasses import dataclass
from enum import StrEnum

from activation.redaction import holds_foreign_key
from activation.secrets import Secrets

PREFIX = "SIM"
ALPHABET = "BCDFGHJKMPQRTVWXY2346789"
_SYMBOLS = 22
_TAG_BYTES = 8


class KeyFault(StrEnum):
    """Why a text is not one of our product keys."""

    FOREIGN = "That looks like a product key that is not a simulator key. It was not read. Simulator keys begin with SIM."
    SHAPE = "A simulator key is five blocks of five, begins with SIM and uses only the letters and digits on its label."
    NOT_GENUINE = "That key was mistyped or never issued: its check does not hold."


@dataclass(frozen=True, slots=True)
class ProductKey:
    """What a product key says: its epoch, the product's code (8 bits) and its serial (24 bits, unique over all)."""

    epoch: int
    product: int
    serial: int

    def _payload(self) -> bytes:
        return bytes((self.epoch, self.product)) + self.serial.to_bytes(3, "big")


def write_key(key: ProductKey, secrets: Secrets) -> str:
    """The key as printed on its label, `SIMxx-xxxxx-xxxxx-xxxxx-xxxxx`."""
    payload = key._payload()
    value = int.from_bytes(_tag(payload, secrets, key.epoch), "big") << 36 | int.from_bytes(payload, "big")
    symbols = ""
    for _ in range(_SYMBOLS):
        value, remainder = divmod(value, len(ALPHABET))
        symbols = ALPHABET[remainder] + symbols
    return _in_blocks(PREFIX + symbols)


def printed_key(text: str) -> str | None:
    """The key as its label has it, of one that a person typed in any case and with any separators; None where that is no key's
    shape."""
    symbols = "".join(character for character in text.upper() if character.isalnum())
    is_key = len(symbols) == len(PREFIX) + _SYMBOLS and symbols.startswith(PREFIX) and set(symbols[3:]) <= set(ALPHABET)
    return _in_blocks(symbols) if is_key else None


def read_key(text: str, secrets: Secrets) -> ProductKey | KeyFault:
    """The key that a person typed, any case and any separators; a fault is a value whose text is the sentence to show."""
    if holds_foreign_key(text):
        return KeyFault.FOREIGN
    printed = printed_key(text)
    if printed is None:
        return KeyFault.SHAPE
    value = 0
    for symbol in printed.replace("-", "").removeprefix(PREFIX):
        value = value * len(ALPHABET) + ALPHABET.index(symbol)
    payload, tag = value & (1 << 36) - 1, value >> 36
    key = ProductKey(payload >> 32, payload >> 24 & 0xFF, payload & 0xFFFFFF)
    if key.epoch not in secrets.masters or tag.bit_length() > _TAG_BYTES * 8:
        return KeyFault.NOT_GENUINE
    genuine = hmac.compare_digest(_tag(key._payload(), secrets, key.epoch), tag.to_bytes(_TAG_BYTES, "big"))
    return key if genuine else KeyFault.NOT_GENUINE


def masked(key_text: str) -> str:
    """The key with all but its last block hidden (requirements E4.11)."""
    return f"SIM••-•••••-•••••-•••••-{key_text[-5:]}"


def _in_blocks(symbols: str) -> str:
    return "-".join(symbols[start : start + 5] for start in range(0, len(symbols), 5))


def _tag(payload: bytes, secrets: Secrets, epoch: int) -> bytes:
    return hmac.digest(secrets.product_key_secret(epoch), payload, "sha256")[:_TAG_BYTES]
