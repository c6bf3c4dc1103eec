"""What is asked of the activation centre (`Claim`) and what it answers (`Verdict`). Every refusal is a value with a code.

A code's value is the key of its sentence, in `ivr/script` where it is heard, in the web service's sentences where it is read.
"""

from dataclasses import dataclass
from enum import StrEnum

from activation.correction import Candidate


class Door(StrEnum):
    """The way a claim came in; over the count, only the phone leads on to a person (verdict table, row 10)."""

    PHONE = "phone"
    WEB = "web"


class RefusalCode(StrEnum):
    """Why the answer is no."""

    MALFORMED = "refused.malformed"
    """Not an installation ID: wrong characters, length or first digit."""
    GROUP_CHECK = "refused.group_check"
    """One group's check digit does not hold; the refusal names the group."""
    WHOLE_CHECK = "refused.whole_check"
    """Every group holds, the check over the whole does not."""
    NOT_AUTHENTIC = "refused.not_authentic"
    """All checks hold, but no computer ever showed this ID."""
    SERVICE_DOWN = "refused.service_down"
    UNKNOWN_KEY = "refused.unknown_key"
    WRONG_PRODUCT = "refused.wrong_product"
    """The key belongs to another product group; the refusal names the right one (row 71)."""
    REGION = "refused.region"
    """The edition does not activate from this country (row 24)."""
    NOT_NEEDED = "refused.not_needed"
    """This licence needs no activation (rows 6, 9)."""
    TOO_MANY_COMPUTERS = "refused.too_many_computers"
    """The caller said that the copy is installed on more than one computer (row 1); a person may still help."""
    OVER_LIMIT = "refused.over_limit"
    """A volume key's count is used up, asked for by web (row 76 says whom to call)."""


class AgentReason(StrEnum):
    """Why only a person can go on."""

    BLOCKED_KEY = "agent.blocked_key"
    TOO_MANY_REISSUES = "agent.too_many_reissues"
    TOO_MANY_REPLACEMENTS = "agent.too_many_replacements"
    MAK_LIMIT = "agent.mak_limit"
    KMS_HOST_LIMIT = "agent.kms_host_limit"
    KMS_ISSUE_LIMIT = "agent.kms_issue_limit"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a caller, a web request or a row of a batch asks to have activated.

    `country` is the number dialled's or the address's (ISO code, None when unknown); `computers` is the answer to `AskFirst`;
    `pre_activated` says that the machine reported its firmware marker and its maker's image, which only a web request can.
    `waived` is a person's exception: too many reissues, replacements or computers do not stand in the way; volume counts do.
    `heard` has, where groups were said, every group's candidates, a keyed one's alone; `installation_id` is the likeliest,
    with `UNHEARD` for the digits of a group that the others are to tell.
    """

    installation_id: str
    door: Door
    country: str | None = None
    computers: int | None = None
    pre_activated: bool = False
    waived: bool = False
    heard: tuple[tuple[Candidate, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Granted:
    """Yes: the blocks of the confirmation ID, and what the line must know of the product to help if it is refused."""

    confirmation_id: tuple[str, ...]
    issue_number: int
    product: str
    counted: bool
    late_activation_fault: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """No: the code, the installation ID's group at fault (from 1), the product or group that would be right."""

    code: RefusalCode
    group: int | None = None
    right_product: str | None = None


@dataclass(frozen=True, slots=True)
class AskFirst:
    """Not yet: on how many computers is this copy installed? The same claim with `computers` answered gets a decision."""


@dataclass(frozen=True, slots=True)
class NeedsAgent:
    """Only a person can decide; `product_group` is the short name of the key's group where a limit is in the way."""

    reason: AgentReason
    product_group: str | None = None


Verdict = Granted | Refused | AskFirst | NeedsAgent
