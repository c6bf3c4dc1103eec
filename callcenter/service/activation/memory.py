"""Requests that come again: the same id with the same content gets the answer it got, with other content it is refused.

An answer is kept in the transaction that decided it, so that either both are there or neither is.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

from callcenter.service.activation.fields import ActivationRequest, BatchRequest
from callcenter.service.activation.records import Transaction


class Kept(msgspec.Struct):
    """An answer as it is kept: the digest of what was asked, the status, the body as it was sent."""

    asked: str
    status: int
    body: msgspec.Raw


@dataclass(frozen=True, slots=True)
class Reused:
    """The request id has come with another content before."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What one request was answered; `name` and `asked` are digests of its id and of its content."""

    name: str
    asked: str

    @classmethod
    def of(cls, request: ActivationRequest | BatchRequest) -> "Memory":
        """The memory of this request; how its JSON is written out makes no difference."""
        content = type(request).__name__.encode() + msgspec.json.encode(request)
        return cls(sha256(request.request_id.encode()).hexdigest(), sha256(content).hexdigest())

    def recall(self, tx: Transaction, part: int) -> Kept | Reused | None:
        """What this part of the request was answered, if it was."""
        found = tx.web_answers.find(self.name, part)
        if found is None:
            return None
        kept = msgspec.json.decode(found, type=Kept)
        return kept if kept.asked == self.asked else Reused()

    def keep(self, tx: Transaction, part: int, status: int, body: bytes, now: datetime) -> None:
        """Keeps what this part is answered."""
        kept = Kept(self.asked, status, msgspec.Raw(body))
        tx.web_answers.keep(self.name, part, msgspec.json.encode(kept), now)
