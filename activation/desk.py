"""The desk that decides claims: it opens the ID, gathers the facts, asks the rules and carries the ruling out.

It works on a `Ledger`, which is one open transaction of the database; counts are enforced there, in one statement.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from activation.catalogue import VOLUME_CHANNELS, Catalogue, Channel
from activation.claims import AgentReason, Claim, Door, Granted, NeedsAgent, RefusalCode, Refused, Verdict
from activation.confirmation_id import ISSUE_NUMBERS, write_confirmation_id
from activation.correction import UNHEARD, search
from activation.installation_id import BadId, IdFault, Opened, read_installation_id
from activation.rules import (
    KMS_ISSUES_PER_HOST,
    REISSUE_WINDOW,
    REPLACEMENT_WINDOW,
    Facts,
    KeyRecord,
    Reissue,
    Replace,
    Ruling,
    Seat,
    TakeSeat,
    judge,
    refuse_id,
    same_machine,
)
from activation.secrets import Secrets
from activation.tally import Tally, code_of


@dataclass(frozen=True, slots=True)
class Installed:
    """What one grant leaves in the ledger; nothing personal (row 20). `id` names the seat, `issued_at` is UTC."""

    id: str
    serial: int
    product: int
    hardware: int
    door: Door
    issued_at: datetime
    issues_allowed: int | None


class Ledger(Protocol):
    """The activation database inside one transaction. Times are UTC."""

    def service_is_up(self) -> bool:
        """Whether activations are being decided at all (False while an outage is switched on)."""

    def key(self, serial: int) -> KeyRecord | None:
        """The key with this serial."""

    def seats(self, serial: int, hardware: int, newest: int) -> tuple[Seat, ...]:
        """The key's seat of exactly this hardware hash, if any, and its `newest` last granted ones, newest first."""

    def reissues_since(self, seat: Seat, since: datetime) -> int:
        """How often this seat got an ID again (its first issue not counted) since then."""

    def replacements_since(self, serial: int, since: datetime) -> int:
        """How often a seat of this key changed its hardware since then."""

    def take_seat(self, installed: Installed) -> bool:
        """Counts one more installation and records it, in one statement that cannot pass the limit; False when it would."""

    def reissue(self, seat: Seat, hardware: int, door: Door, at: datetime) -> int | None:
        """Counts an issue and gives the seat this hardware, in one statement; its number from 0, or None past the limit."""

    def replace(self, seat: Seat, hardware: int, door: Door, at: datetime) -> int:
        """Gives the seat new hardware, records the replacement and the issue, and returns the issue's number."""

    def tally(self, tally: Tally) -> None:
        """Counts a verdict for statistics."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Decides claims. `new_id` makes identifiers for seats, so that randomness is passed in."""

    catalogue: Catalogue
    secrets: Secrets
    new_id: Callable[[], str]

    def resolve(self, claim: Claim) -> Claim:
        """The claim with the authentic ID among all that may have been said; unchanged when there is none, or all was keyed."""
        found = search(claim.heard, self.catalogue, self.secrets) if claim.heard else None
        return replace(claim, installation_id=found.digits, heard=()) if found else claim

    def decide(self, claim: Claim, ledger: Ledger, now: datetime) -> Verdict:
        """The verdict on a claim; what it grants is in the ledger when this returns (the caller commits)."""
        is_told = UNHEARD not in claim.installation_id  # else the others told no group that proves authentic
        opened = self.open(claim.installation_id) if is_told else BadId(IdFault.WHOLE)
        return self.decide_opened(claim, opened, ledger, now)

    def open(self, installation_id: str) -> Opened | BadId:
        """What an installation ID says, in any separators, or what is wrong with it."""
        return read_installation_id(installation_id, self.catalogue, self.secrets)

    def decide_opened(self, claim: Claim, opened: Opened | BadId, ledger: Ledger, now: datetime) -> Verdict:
        """The same for a claim whose installation ID has been opened already."""
        if isinstance(opened, BadId):
            return self.told(refuse_id(opened), claim, None, ledger, now)
        if not ledger.service_is_up():
            return self.told(Refused(RefusalCode.SERVICE_DOWN), claim, None, ledger, now)
        facts = self._facts(opened, ledger, now)
        ruling = judge(claim, facts, self.catalogue)
        return self.told(self._carry_out(ruling, claim, opened, facts, ledger, now), claim, facts, ledger, now)

    def told(self, verdict: Verdict, claim: Claim, facts: Facts | None, ledger: Ledger, now: datetime) -> Verdict:
        """The verdict, counted for statistics; also one that needed no desk to be found."""
        product = self.catalogue.products.get(facts.installation.product) if facts else None
        channel = facts.key.channel.value if facts and facts.key else ""
        name, country = product.name if product else "", claim.country or ""
        ledger.tally(Tally(now.astimezone(UTC).date(), claim.door, channel, name, country, code_of(verdict)))
        return verdict

    def _facts(self, opened: Opened, ledger: Ledger, now: datetime) -> Facts:
        installation = opened.installation
        key = ledger.key(installation.serial)
        if key is None:
            return Facts(installation, None)
        # A volume key's machine is known by its exact hash, any other key's by likeness to one of all its seats.
        newest = 0 if key.channel in VOLUME_CHANNELS else key.allowed
        seats = ledger.seats(key.serial, installation.hardware, newest)
        facts = Facts(installation, key, seats)
        if seat := same_machine(facts):
            return replace(facts, reissues_today=ledger.reissues_since(seat, now - REISSUE_WINDOW))
        return replace(facts, replacements=ledger.replacements_since(key.serial, now - REPLACEMENT_WINDOW)) if seats else facts

    def _carry_out(self, ruling: Ruling, claim: Claim, opened: Opened, facts: Facts, ledger: Ledger, now: datetime) -> Verdict:
        match ruling:
            case TakeSeat():
                if ledger.take_seat(self._installed(facts, opened, claim.door, now)):
                    return self._grant(opened, 0, counted=True)
                full = _with_full_count(facts)  # another claim took the last seat since the facts were read
                return self._carry_out(judge(claim, full, self.catalogue), claim, opened, full, ledger, now)
            case Reissue(seat):
                issue = ledger.reissue(seat, opened.installation.hardware, claim.door, now)
                return self._host_is_full(facts) if issue is None else self._grant(opened, issue, counted=False)
            case Replace(seat):
                issue = ledger.replace(seat, opened.installation.hardware, claim.door, now)
                return self._grant(opened, issue, counted=False)
            case _:
                return ruling

    def _host_is_full(self, facts: Facts) -> NeedsAgent:
        assert facts.key is not None  # a seat is only reissued under a key that was found
        return NeedsAgent(AgentReason.KMS_ISSUE_LIMIT, self.catalogue.products[facts.key.product].group.name)

    def _installed(self, facts: Facts, opened: Opened, door: Door, now: datetime) -> Installed:
        assert facts.key is not None  # a seat is only taken under a key that was found
        is_host = facts.key.channel is Channel.KMS
        here = opened.installation
        return Installed(
            self.new_id(), here.serial, here.product, here.hardware, door, now, KMS_ISSUES_PER_HOST if is_host else None
        )

    def _grant(self, opened: Opened, issue: int, *, counted: bool) -> Granted:
        product = self.catalogue.products[opened.installation.product]
        number = issue % ISSUE_NUMBERS
        key = self.secrets.confirmation_key(opened.header.epoch, product.code)
        blocks = write_confirmation_id(opened.digits, number, opened.header.layout, key)
        return Granted(blocks, number, product.title, counted, product.late_activation_fault)


def _with_full_count(facts: Facts) -> Facts:
    assert facts.key is not None  # a seat is only taken under a key that was found
    return replace(facts, key=replace(facts.key, used=facts.key.allowed))
