"""The keys behind the identifiers, all derived by HKDF from one master secret per epoch.

Rotation adds an epoch; the master secrets of older epochs stay, so that what they issued can still be verified.
A workstation's installation media hold an `InstallationKey` and one product's confirmation key, never a master.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@dataclass(frozen=True, slots=True)
class InstallationKey:
    """What makes and opens installation IDs of one epoch: an AES key and a key for the authenticity tag, 16 bytes each."""

    cipher: bytes
    tag: bytes


@dataclass(frozen=True, slots=True)
class Secrets:
    """Every epoch's 32-byte master secret, by epoch number; the highest is the one in force."""

    masters: Mapping[int, bytes]

    @property
    def epoch(self) -> int:
        """The epoch under which new keys and installation media are made."""
        return max(self.masters)

    def installation_key(self, epoch: int) -> InstallationKey:
        """The key of the installation IDs of `epoch`. Raises KeyError for an epoch that never was."""
        derived = _derive(self.masters[epoch], "installation")
        return InstallationKey(cipher=derived[:16], tag=derived[16:])

    def confirmation_key(self, epoch: int, product: int) -> bytes:
        """The 32-byte key of the confirmation IDs of one product (its code)."""
        return _derive(self.masters[epoch], f"confirmation/{product}")

    def product_key_secret(self, epoch: int) -> bytes:
        """The 32-byte key that authenticates product keys; it never leaves the centre."""
        return _derive(self.masters[epoch], "product key")

    def purpose(self, name: str) -> bytes:
        """A 32-byte key for another purpose of this instance (caller hashes, the outbox), stable over rotations."""
        return _derive(self.masters[min(self.masters)], f"purpose/{name}")


@cache
def _derive(master: bytes, info: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"activation-center", info=info.encode()).derive(master)
