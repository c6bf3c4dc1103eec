"""Whose phone it is: a token in the shape of Twilio's access tokens, made by the web server, checked here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import jwt
import msgspec

ALGORITHM = "HS256"
_CLOCKS_DIFFER_SECONDS = 5
_REQUIRED = ["exp", "iss", "sub"]


class _Grants(msgspec.Struct):
    identity: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}\Z")]
    voice: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is at the phone, and the moment (seconds since 1970) at which that must be proved again."""

    name: str
    expires_at: float

    @property
    def address(self) -> str:
        return f"client:{self.name}"


def token_verifier(account_sid: str, auth_token: str) -> Callable[[str], Identity | None]:
    """A function that says whose token it is; None for one that is forged, too old, or of another account.

    Source: https://www.twilio.com/docs/iam/access-tokens; signed with the account's token, in place of an API key's secret.
    """

    def verify(token: str) -> Identity | None:
        options: Any = {"require": _REQUIRED}
        try:
            claims = jwt.decode(
                token,
                auth_token,
                algorithms=[ALGORITHM],
                issuer=account_sid,
                leeway=_CLOCKS_DIFFER_SECONDS,
                options=options,
            )
            grants = msgspec.convert(claims.get("grants"), _Grants)
        except (jwt.PyJWTError, msgspec.ValidationError):
            return None
        return Identity(grants.identity, float(claims["exp"])) if claims["sub"] == account_sid else None

    return verify
