"""Who a phone says it is, and the proof: digest authentication. Source: RFC 3261, section 22; RFC 7616.

sippy makes and checks nonces (32 seconds long) and hashes; that no proof serves twice is seen to here.
"""

from collections.abc import Callable
from enum import Enum, auto
from time import monotonic
from typing import Any

from sippy.Security.SipNonce import DGST_MD5
from sippy.SipAuthorization import SipAuthorization
from sippy.SipHeader import SipHeader
from sippy.SipWWWAuthenticate import SipWWWAuthenticate

NONCE_SECONDS = 32.0
_NEEDED = ("username", "realm", "nonce", "uri", "response")


class Proof(Enum):
    """What became of a phone's credentials."""

    MISSING = auto()
    STALE = auto()
    WRONG = auto()
    MALFORMED = auto()
    GOOD = auto()


class Digest:
    """Asks for passwords, and checks the answers. `password_of` answers None for whom nobody knows."""

    def __init__(self, realm: str, password_of: Callable[[str], str | None]) -> None:
        self.realm = realm
        self._password_of = password_of
        self._used: dict[tuple[str, str], float] = {}

    def challenge(self, is_stale: bool) -> tuple[str, str]:
        """The header that asks for a password."""
        asking = SipWWWAuthenticate(realm=self.realm, algorithm="MD5")
        if is_stale:
            asking.otherparams.append(("stale", "true"))
        return "WWW-Authenticate", str(SipHeader(body=asking).body)

    def prove(self, credentials: list[str], user: str, method: str) -> Proof:
        """What the credentials of a request (the values of Authorization) prove of being that user."""
        ours = [given for value in credentials if (given := _read(value)) is not None and given.realm == self.realm]
        if not ours:
            return (
                Proof.MALFORMED
                if any(value.lower().startswith("digest") and _read(value) is None for value in credentials)
                else Proof.MISSING
            )
        given = ours[0]
        if not given.ho.validate_challenge(given.nonce, (DGST_MD5,)) or self._is_used(given):
            return Proof.STALE
        password = self._password_of(user) if given.username == user else None
        if password is None or not given.verify(password, method):
            return Proof.WRONG
        return Proof.GOOD

    def _is_used(self, given: Any) -> bool:
        """Whether this proof has been seen before: who listens in on one cannot use it."""
        now = monotonic()
        while self._used and next(iter(self._used.values())) < now - NONCE_SECONDS:
            self._used.pop(next(iter(self._used)))
        proof = (given.nonce, given.nc or "")
        if proof in self._used:
            return True
        self._used[proof] = now
        return False


def _read(value: str) -> Any:
    """Credentials with everything in them that the check looks at; None for others."""
    given = SipAuthorization(value)
    try:
        given.parse()
    except (ValueError, LookupError):
        return None
    is_whole = all(getattr(given, name) for name in _NEEDED) and (given.qop is None or (given.nc and given.cnonce))
    return given if is_whole and given.algorithm in (None, "MD5") and given.qop in (None, "auth") else None
