"""What is asked and answered, field by field: the one place that reading, answering and the OpenAPI description come from.

Everything a request may say stands here (rows 21, 22); a field that does not is refused.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

MOST_ROWS = 10_000
"""Rows of one batch."""

# (?!\n): Python's $ would let a line end pass
_NAME = r"^[A-Za-z0-9._-]{1,64}$(?!\n)"
_VERSION = r"^[A-Za-z0-9][A-Za-z0-9 ./()+_-]{0,63}$(?!\n)"

Name = Annotated[str, Meta(pattern=_NAME, description="1 to 64 letters, digits, dots, hyphens and underscores.")]
InstallationId = Annotated[
    str, Meta(max_length=256, description="The digits that the computer shows, with any separators between them.")
]
KeyText = Annotated[str, Meta(max_length=128, description="The simulator's key of the copy; it is held against the ID.")]
Computers = Annotated[
    int, Meta(ge=1, le=1_000_000, description="The answer to `ask_first`: on how many computers is this copy installed?")
]
Language = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$(?!\n)", description="The system's language (BCP 47), for sentences."
    ),
]
SentAt = Annotated[datetime, Meta(tz=True, description="The computer's own time, in UTC (RFC 3339).")]
ProductVersion = Annotated[str, Meta(pattern=_VERSION, description="The version of the product.")]
ActivationVersion = Annotated[str, Meta(pattern=_VERSION, description="The version of the activation software.")]
IpAddress = Annotated[
    str,
    Meta(
        max_length=45, description="Newer generations only: an example address. It counts where the asker is on this machine."
    ),
]


class _Heading(Struct, forbid_unknown_fields=True, kw_only=True):
    """What every request says of itself."""

    request_id: Annotated[
        Name, Meta(description="The same id with the same content gets the same answer; with other content it is refused.")
    ]
    sent_at: SentAt | None = None
    language: Language | None = None
    product_version: ProductVersion | None = None
    activation_version: ActivationVersion | None = None
    ip_address: IpAddress | None = None


class ActivationRequest(_Heading, forbid_unknown_fields=True, kw_only=True):
    """`POST /activate`: one installation asks for its confirmation ID."""

    installation_id: InstallationId
    product_id: Annotated[str, Meta(pattern=_VERSION, description="The product ID that the computer shows.")] | None = None
    product_key: KeyText | None = None
    hardware_hash: (
        Annotated[str, Meta(pattern=r"^[0-9A-Fa-f]{16}$(?!\n)", description="16 hexadecimal digits, held against the ID.")]
        | None
    ) = None
    pre_activated: Annotated[bool, Meta(description="The maker's image runs on firmware with its marker (row 6).")] = False
    computers: Computers | None = None


class BatchRow(Struct, forbid_unknown_fields=True, kw_only=True):
    """One installation of a batch."""

    row_id: Annotated[Name, Meta(description="Comes back with the row's answer; no two rows have the same.")]
    installation_id: InstallationId
    product_key: KeyText | None = None
    computers: Computers | None = None


class BatchRequest(_Heading, forbid_unknown_fields=True, kw_only=True):
    """`POST /activate/batch`: many installations ask at once; each is decided by itself."""

    rows: Annotated[list[BatchRow], Meta(min_length=1, max_length=MOST_ROWS)]


class CountsRequest(Struct, forbid_unknown_fields=True, kw_only=True):
    """`POST /activate/counts`: how much of this key is left?"""

    product_key: KeyText
    language: Language | None = None


Blocks = Annotated[list[str], Meta(description="The blocks A, B, C … of the confirmation ID.")]
Counted = Annotated[bool, Meta(description="Whether this took one from the key's count.")]
LastBlock = Annotated[str, Meta(description="The last block of the key; never more of it.")]


class Activated(Struct, kw_only=True):
    """The confirmation ID of one installation; `remaining` is of volume keys, null for others."""

    confirmation_id: Blocks
    issue_number: int
    product: str
    counted: Counted
    remaining: int | None
    key: LastBlock


class GrantedRow(Struct, tag_field="status", tag="granted", kw_only=True):
    """One row that got its confirmation ID."""

    row_id: str
    confirmation_id: Blocks
    issue_number: int
    counted: Counted
    key: LastBlock


class RefusedRow(Struct, tag_field="status", tag="refused", kw_only=True):
    """One row that did not, and why: the problem that it would have been by itself."""

    row_id: str
    code: str
    detail: str
    group: int | UnsetType = UNSET
    right_product: str | UnsetType = UNSET


class BatchAnswer(Struct, kw_only=True):
    """Every row's answer, in the order asked; `remaining` tells of volume keys, by last block, what is left of them now."""

    rows: list[GrantedRow | RefusedRow]
    remaining: dict[str, int]


class Counts(Struct, kw_only=True):
    """A key's counts: installations, or hosts for a key-management key (row 75)."""

    key: LastBlock
    allowed: int
    used: int
    remaining: int


class ProblemAnswer(Struct, kw_only=True):
    """Why not (RFC 9457): `code` for programs, `detail` for people, in their language."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str
    code: str
    group: int | UnsetType = UNSET
    right_product: str | UnsetType = UNSET
    phone_number: str | UnsetType = UNSET
