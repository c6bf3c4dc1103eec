"""One claim of the web, brought to the desk that the phone's claims come to, inside the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime

from activation.claims import Claim, Door, RefusalCode, Refused, Verdict
from activation.desk import Desk
from activation.installation_id import Installation, Opened
from activation.keys import KeyFault, read_key
from callcenter.floor.key_facts import KeyFacts, key_facts
from callcenter.service.activation.fields import ActivationRequest, BatchRow
from callcenter.service.activation.reading import Malformed, Wrong, foreign_or_misshapen
from callcenter.service.activation.records import Transaction

_FIRST_GENERATION = "2003"
"""The generation whose requests say nothing of the address; the server sees where they come from (rows 21, 22)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided, and the serial of the key behind an authentic ID."""

    verdict: Verdict | Malformed
    serial: int | None = None


def decide(desk: Desk, tx: Transaction, asked: ActivationRequest | BatchRow, country: str | None, now: datetime) -> Outcome:
    """The verdict on what was asked. What contradicts itself never comes to the desk, which only counts an invented key."""
    opened = desk.open(asked.installation_id)
    installation = opened.installation if isinstance(opened, Opened) else None
    fault = _key_fault(desk, asked.product_key, installation) or _field_fault(desk, asked, installation)
    if isinstance(fault, Malformed):
        return Outcome(fault)
    claim = Claim(
        installation_id=asked.installation_id,
        door=Door.WEB,
        country=country,
        computers=asked.computers,
        pre_activated=isinstance(asked, ActivationRequest) and asked.pre_activated,
    )
    if fault:
        return Outcome(desk.told(fault, claim, None, tx.ledger, now))
    verdict = desk.decide_opened(claim, opened, tx.ledger, now)
    return Outcome(verdict, installation.serial if installation else None)


def facts_of(desk: Desk, tx: Transaction, serial: int) -> KeyFacts | None:
    """What may be told of the key with this serial as it is now; None where there is none."""
    key = tx.keys.get(serial)
    return key_facts(key, desk.catalogue, desk.secrets) if key else None


def _key_fault(desk: Desk, key_text: str | None, installation: Installation | None) -> Malformed | Refused | None:
    """Why the key that was sent cannot be the one behind the installation ID."""
    if key_text is None:
        return None
    key = read_key(key_text, desk.secrets)
    if key is KeyFault.NOT_GENUINE:
        return Refused(RefusalCode.UNKNOWN_KEY)
    if isinstance(key, KeyFault):
        return foreign_or_misshapen(key)
    is_other = installation is not None and installation.serial != key.serial
    return Malformed(Wrong.NOT_TOGETHER, "product_key") if is_other else None


def _field_fault(desk: Desk, asked: ActivationRequest | BatchRow, installation: Installation | None) -> Malformed | None:
    """What an installation of this ID cannot have sent: another machine's hash, an address where the generation sends none."""
    if isinstance(asked, BatchRow) or installation is None:
        return None
    if asked.hardware_hash is not None and int(asked.hardware_hash, 16) != installation.hardware:
        return Malformed(Wrong.NOT_TOGETHER, "hardware_hash")
    product = desk.catalogue.products.get(installation.product)
    is_first = product is not None and product.generation == _FIRST_GENERATION
    return Malformed(Wrong.UNKNOWN_FIELD, "ip_address") if is_first and asked.ip_address is not None else None
