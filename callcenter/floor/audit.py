"""The record of console acts: an append-only chain of keyed hashes, personal data outside it (E4.10).

Every digest covers the one before, so that nothing can be changed, taken out or put in without the key; what an outside anchor
has seen cannot be cut off the end. Personal words stand outside under a digest of their own: erasing them breaks nothing.
"""

import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from activation.redaction import redact

Detail = Mapping[str, str | int | bool | None]

GENESIS = "0" * 64
"""What the first link has for the digest before it."""


class Act(StrEnum):
    """Everything that somebody does at the console or at the portal, in the words the record shows."""

    SIGNED_IN = "signed in"
    SIGN_IN_FAILED = "failed to sign in"
    SIGNED_OUT = "signed out"
    PASSWORD_CHANGED = "changed the password"  # noqa: S105 - words, not a password

    SET_AVAILABILITY = "set availability"
    ANSWERED = "answered"
    HELD = "put on hold"
    RESUMED = "took off hold"
    MUTED = "muted"
    UNMUTED = "unmuted"
    BACK_TO_LINE = "gave back to the line"
    HUNG_UP = "hung up"
    TRANSFERRED = "transferred"
    CONSULTED = "consulted a colleague"
    CONSULTATION_ENDED = "ended the consultation"
    TRANSFER_COMPLETED = "completed the transfer"
    CALLER_GONE = "was left by the caller"
    LOST = "lost the call"
    NOTE_KEPT = "kept a note"
    WRAPPED_UP = "wrapped up"

    LISTENED = "listened in"
    COACHED = "coached"
    BARGED_IN = "barged in"
    LEFT_CALL = "left the call"
    TOOK_OVER = "took over"

    GROUPS_ENTERED = "entered groups"
    DECIDED = "asked for the decision"
    ANSWERS_KEPT = "kept answers of the script"
    READ_OUT = "read out a confirmation ID"
    REVEALED = "revealed"
    KEY_TOLD = "told a product key"

    AGREEMENT_FOUND = "found the agreement"
    AGREEMENT_NOT_FOUND = "entered an agreement number that does not fit"
    CODE_ISSUED = "issued a one-time code"
    CALLED_CONTACT = "called the contact on file"
    VERIFIED = "verified the caller"
    VERIFICATION_FAILED = "failed to verify the caller"
    UNLOCKED = "unlocked"

    ASKED = "asked for a change"
    APPLIED = "applied a change"
    APPROVED = "approved a change"
    REFUSED = "refused a change"
    WITHDREW = "withdrew a change"
    FAILED = "approved a change that was no longer possible"
    KEY_ISSUED = "issued a key"
    KEY_RETRIEVED = "retrieved a key"
    EXCEPTION_USED = "used an exception"

    INVITED = "invited to the portal"
    INVITATION_USED = "chose a password by invitation"
    CONTACT_PROPOSED = "named a new contact"
    CONTACT_OBJECTED = "objected to a new contact"
    CONTACT_REMOVED = "removed a contact"
    RIGHTS_CHANGED = "changed a contact's rights"
    PHONE_CHANGED = "changed a contact's number"
    AGREEMENT_STARTED = "started an agreement"
    AGREEMENT_REFUSED = "was refused an agreement"
    AGREEMENT_JOINED = "asked to join an agreement"
    BASE_LICENCE_KEPT = "registered a base licence"
    CLIENT_REGISTERED = "registered a volume client"

    AGENT_ADDED = "added an agent"
    AGENT_CHANGED = "changed an agent"
    AGENT_DISABLED = "disabled an agent"
    AGENT_ENABLED = "enabled an agent"
    PASSWORD_RESET = "reset a password"  # noqa: S105 - words, not a password
    EXPORTED = "exported"

    TRAINING_STARTED = "started simulated callers"
    TRAINING_STOPPED = "stopped simulated callers"
    TRAINING_RESET = "reset the training day"
    SWITCHED = "turned a switch"
    REGISTRATION_ERASED = "erased a registration"
    RECORD_VERIFIED = "verified the record of acts"
    PERSONAL_ERASED = "erased personal words from the record"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One link of the chain. `personal` names a row kept outside the chain (erasable); `personal_digest` is its keyed
    digest. `digest` is the keyed hash over the entry before and everything here."""

    number: int
    at: datetime
    actor: str
    act: str
    subject: str
    detail: str
    """Canonical JSON without anything personal."""
    personal: str | None
    personal_digest: str
    previous: str
    digest: str


class Chain(Protocol):
    """The end of the chain, to write at (`callcenter.floor.records.AuditChain`)."""

    def head(self) -> AuditEntry | None:
        """The newest entry, held against other writers until the transaction ends."""

    def append(self, entry: AuditEntry, personal_text: str | None) -> None: ...


class Recording(Protocol):
    """A transaction with a chain in it."""

    @property
    def audit(self) -> Chain: ...


def record(
    tx: Recording, key: bytes, actor: str, act: Act, subject: str, detail: Detail, now: datetime, personal: str | None = None
) -> AuditEntry:
    """Appends one act. `key` is the instance's secret for purpose `audit`; `subject` says of what (`call/CA...`, `key/3001`,
    `case/100001`, `agent/amira`). Names, notes and phone numbers go into `personal` and nowhere else."""
    head = tx.audit.head()
    number = head.number + 1 if head else 1
    words = redact(personal) if personal is not None else None
    unsealed = AuditEntry(
        number=number,
        at=now,
        actor=actor,
        act=act.value,
        subject=redact(subject),
        detail=_canonical(_redacted(detail)),
        personal=f"act/{number}" if words is not None else None,
        personal_digest=_personal_digest(key, number, words) if words is not None else "",
        previous=head.digest if head else GENESIS,
        digest="",
    )
    entry = replace(unsealed, digest=_digest(key, unsealed))
    tx.audit.append(entry, words)
    return entry


def _redacted(detail: Detail) -> Detail:
    return {name: redact(value) if isinstance(value, str) else value for name, value in detail.items()}


class Fault(StrEnum):
    """What can be wrong with the record, in words that follow "entry 17"."""

    CHANGED = "was changed or forged: its digest does not hold"
    GAP = "is missing, and perhaps others after it"
    OUT_OF_ORDER = "stands twice or in the wrong place"
    UNLINKED = "does not follow the entry before it"
    CUT_OFF = "was seen by an anchor and is gone: the end of the record was cut off"
    NOT_AS_ANCHORED = "is not the one an anchor has seen: the record was replaced"
    PERSONAL_CHANGED = "has other personal words beside it than those recorded"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the record."""

    number: int
    fault: Fault

    @property
    def sentence(self) -> str:
        """For whoever reads the result of a check."""
        return f"Entry {self.number} {self.fault.value}."


def verify(
    entries: Iterable[AuditEntry],
    key: bytes,
    anchors: Iterable[tuple[int, str]],
    personal_text: Callable[[str], str | None],
) -> tuple[Finding, ...]:
    """Everything wrong with the whole record, read in its order from entry 1; nothing when it is sound.

    `anchors` are (number, digest) pairs kept outside the database: the record may be ahead of the last, never behind it.
    `personal_text` gives the words kept outside the chain; erased ones are nothing wrong.
    """
    anchored: dict[int, set[str]] = {}
    for number, digest in anchors:
        anchored.setdefault(number, set()).add(digest)
    findings: list[Finding] = []
    newest, previous = 0, GENESIS
    for entry in entries:
        findings += _out_of_place(entry, newest, previous)
        findings += _altered(entry, key, anchored.get(entry.number, set()), personal_text)
        newest, previous = max(newest, entry.number), entry.digest
    if cut_off := [number for number in anchored if number > newest]:
        findings.append(Finding(min(cut_off), Fault.CUT_OFF))
    return tuple(findings)


def _out_of_place(entry: AuditEntry, newest: int, previous: str) -> Iterator[Finding]:
    if entry.number <= newest:
        yield Finding(entry.number, Fault.OUT_OF_ORDER)
    elif entry.number > newest + 1:
        yield Finding(newest + 1, Fault.GAP)
    elif not hmac.compare_digest(entry.previous, previous):
        yield Finding(entry.number, Fault.UNLINKED)


def _altered(
    entry: AuditEntry, key: bytes, anchored: set[str], personal_text: Callable[[str], str | None]
) -> Iterator[Finding]:
    if not hmac.compare_digest(entry.digest, _digest(key, entry)):
        yield Finding(entry.number, Fault.CHANGED)
    if anchored - {entry.digest}:
        yield Finding(entry.number, Fault.NOT_AS_ANCHORED)
    words = personal_text(entry.personal) if entry.personal else None
    if words is not None and not hmac.compare_digest(entry.personal_digest, _personal_digest(key, entry.number, words)):
        yield Finding(entry.number, Fault.PERSONAL_CHANGED)


def _digest(key: bytes, entry: AuditEntry) -> str:
    """Over everything but the digest itself; a list, so that no text can pass for its neighbour."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    about = (entry.actor, entry.act, entry.subject, entry.detail, entry.personal, entry.personal_digest)
    return _keyed_hash(key, [entry.number, at, *about, entry.previous])


def _personal_digest(key: bytes, number: int, words: str) -> str:
    """Salted by the entry's number: the same words look different each time, and without the key cannot be guessed at."""
    return _keyed_hash(key, ["personal", number, words])


def _keyed_hash(key: bytes, value: list[str | int | None]) -> str:
    return hmac.digest(key, _canonical(value).encode(), "sha256").hex()


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
