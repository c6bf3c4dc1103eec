"""Reading a request strictly: exactly the fields that are listed, each of its kind, or what is wrong, as a value.

What was sent is never repeated, but for the name of a field that is not known, where it looks like the name of a field.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

import msgspec

from activation.keys import KeyFault
from activation.redaction import holds_foreign_key
from callcenter.floor.askers import read_address
from callcenter.service.activation.fields import ActivationRequest, BatchRequest, CountsRequest

Asked = TypeVar("Asked", ActivationRequest, BatchRequest, CountsRequest)


class Wrong(StrEnum):
    """What may be wrong with a request; the value is the key of its sentence."""

    NOT_JSON = "malformed_request.not_json"
    UNKNOWN_FIELD = "malformed_request.unknown_field"
    MISSING_FIELD = "malformed_request.missing_field"
    FIELD = "malformed_request.field"
    SAME_ROW = "malformed_request.same_row"
    TOO_LARGE = "malformed_request.too_large"
    FOREIGN_KEY = "malformed_request.foreign_key"
    KEY_SHAPE = "malformed_request.key_shape"
    NOT_TOGETHER = "malformed_request.not_together"
    """The product key or the hardware hash is not that of the installation ID."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """A request that was not read; `field` names the field at fault where there is one, `rows[3].row_id` in a batch."""

    wrong: Wrong
    field: str = ""


_UNKNOWN = re.compile(r"unknown field `(.*?)`(?: - at `\$\.?([\w.\[\]]*)`)?$", re.DOTALL)
_MISSING = re.compile(r"missing required field `(\w+)`(?: - at `\$\.?([\w.\[\]]*)`)?$")
_PLACE = re.compile(r" - at `\$\.?([\w.\[\]]+)`$")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


def read_request(body: bytes, kind: type[Asked]) -> Asked | Malformed:
    """The request that these bytes are, or the first thing that is wrong with them."""
    try:
        asked = msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as fault:
        return _explain(str(fault))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Malformed(Wrong.NOT_JSON)
    return _further_fault(asked) or asked


def foreign_or_misshapen(fault: KeyFault) -> Malformed:
    """A product key that no centre of this kind has ever written."""
    return Malformed(Wrong.FOREIGN_KEY if fault is KeyFault.FOREIGN else Wrong.KEY_SHAPE, "product_key")


def _explain(message: str) -> Malformed:
    """msgspec's sentence as a value: it names fields and places, and nothing else that was sent."""
    if unknown := _UNKNOWN.search(message):
        return _unknown_field(unknown[1], unknown[2] or "")
    if missing := _MISSING.search(message):
        return Malformed(Wrong.MISSING_FIELD, _joined(missing[2], missing[1]))
    place = _PLACE.search(message)
    return Malformed(Wrong.FIELD, place[1]) if place else Malformed(Wrong.NOT_JSON)


def _unknown_field(name: str, place: str) -> Malformed:
    """Names the field unless its name is none: people put values, and even keys, where names belong."""
    if holds_foreign_key(name):
        return Malformed(Wrong.FOREIGN_KEY)
    return Malformed(Wrong.UNKNOWN_FIELD, _joined(place, name if _FIELD_NAME.fullmatch(name) else "…"))


def _joined(place: str | None, name: str) -> str:
    return f"{place}.{name}" if place else name


def _further_fault(asked: ActivationRequest | BatchRequest | CountsRequest) -> Malformed | None:
    """What the fields' own kinds cannot say."""
    if isinstance(asked, CountsRequest):
        return None
    if asked.sent_at and asked.sent_at.utcoffset() != timedelta(0):
        return Malformed(Wrong.FIELD, "sent_at")
    if asked.ip_address is not None and read_address(asked.ip_address) is None:
        return Malformed(Wrong.FIELD, "ip_address")
    if name := next((name for name, text in _names(asked).items() if text and holds_foreign_key(text)), None):
        return Malformed(Wrong.FOREIGN_KEY, name)
    return _same_row(asked) if isinstance(asked, BatchRequest) else None


def _names(asked: ActivationRequest | BatchRequest) -> dict[str, str | None]:
    """Everything that is kept or comes back and could have the shape of a product key."""
    names = {
        "request_id": asked.request_id,
        "product_version": asked.product_version,
        "activation_version": asked.activation_version,
    }
    if isinstance(asked, ActivationRequest):
        return names | {"product_id": asked.product_id}
    return names | {f"rows[{number}].row_id": row.row_id for number, row in enumerate(asked.rows)}


def _same_row(batch: BatchRequest) -> Malformed | None:
    seen: set[str] = set()
    for number, row in enumerate(batch.rows):
        if row.row_id in seen:
            return Malformed(Wrong.SAME_ROW, f"rows[{number}].row_id")
        seen.add(row.row_id)
    return None
