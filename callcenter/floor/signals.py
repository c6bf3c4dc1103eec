"""What an agent should know before helping: signals, each a sentence and how grave it is (E4.8). They decide nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from activation.catalogue import VOLUME_CHANNELS, Channel
from callcenter.floor import locks
from callcenter.floor.calls import Case
from callcenter.floor.customers import Agreement, Contact
from callcenter.floor.hours import OpeningHours
from callcenter.floor.keys import FloorKey
from callcenter.floor.policy import Policy
from callcenter.floor.records import Transaction
from callcenter.floor.requests import RequestStatus
from callcenter.floor.verification import same_customer

SHORT_TIME = timedelta(hours=1)
MANY_FOR_VOLUME = 25
MANY_FOR_OTHERS = 3
"""So many confirmation IDs under one key within `SHORT_TIME` are a signal."""
CASES_LOOKED_AT = 20
CASES_WITHIN = timedelta(days=30)
MANY_CASES = 3


class Level(StrEnum):
    """How grave a signal is; the value names its colour on the page."""

    INFO = "info"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing to know. `code` never changes once published."""

    code: str
    level: Level
    sentence: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What the signals are read from."""

    tx: Transaction
    case: Case
    key: FloorKey | None
    agreement: Agreement | None
    contact: Contact | None
    hours: OpeningHours
    policy: Policy
    now: datetime


def signals(
    tx: Transaction,
    case: Case,
    key: FloorKey | None,
    agreement: Agreement | None,
    contact: Contact | None,
    hours: OpeningHours,
    policy: Policy,
    now: datetime,
) -> tuple[Signal, ...]:
    """Everything worth knowing about a case now, the gravest first."""
    scene = Scene(tx, case, key, agreement, contact, hours, policy, now)
    found = [signal for look in _LOOKS for signal in look(scene)]
    return tuple(sorted(found, key=lambda signal: _GRAVEST_FIRST.index(signal.level)))


_GRAVEST_FIRST = (Level.BAD, Level.WARN, Level.INFO)


def _key_state(scene: Scene) -> Iterator[Signal]:
    if scene.key and scene.key.record.blocked:
        yield Signal("key.blocked", Level.BAD, "The key is blocked.")


def _many_machines(scene: Scene) -> Iterator[Signal]:
    if scene.key is None:
        return
    record = scene.key.record
    count = scene.tx.keys.issues_since(record.serial, scene.now - SHORT_TIME)
    if count >= (MANY_FOR_VOLUME if record.channel in VOLUME_CHANNELS else MANY_FOR_OTHERS):
        yield Signal("key.many", Level.WARN, f"{count} confirmation IDs were given out under this key within the last hour.")


def _old_key(scene: Scene) -> Iterator[Signal]:
    """A volume key of the XP and 2003 kind, which newer products do not take (row 86)."""
    if scene.key and scene.key.record.channel is Channel.VOLUME:
        sentence = (
            "The key is a volume key of the XP and 2003 kind: it installs that generation only, which needs no activation. "
            "Newer products take a MAK, or no key at all and a key-management host."
        )
        yield Signal("key.old", Level.WARN, sentence)


def _host_key_misused(scene: Scene) -> Iterator[Signal]:
    """A KMS host key on a client (row 55): as the caller says, or as more computers than it may have hosts make likely."""
    if scene.key is None or scene.key.record.channel is not Channel.KMS:
        return
    answer = scene.case.answers.get("host")
    if answer == "client":
        sentence = "The KMS host key is on a client: that is misuse. It only registers hosts; raise nothing for a client."
        yield Signal("key.misused", Level.BAD, sentence)
    elif answer != "host" and scene.case.reason == "agent.kms_host_limit":
        sentence = "More computers ask with this KMS host key than it may have hosts: perhaps it is misused on clients."
        yield Signal("key.hosts", Level.WARN, sentence)


def _wrong_numbers(scene: Scene) -> Iterator[Signal]:
    scopes = {"In this case": locks.case_scope(scene.case.number)}
    if scene.agreement:
        scopes["For this agreement"] = locks.agreement_scope(scene.agreement.number)
    for where, scope in scopes.items():
        count = locks.failures(scene.tx, scope, scene.policy, scene.now)
        if locks.is_locked(scene.tx, scope, scene.policy, scene.now):
            yield Signal(
                "locked", Level.BAD, f"{where}, {count} attempts to verify failed: it is locked until a supervisor unlocks it."
            )
        elif count:
            yield Signal("failures", Level.WARN, f"{where}, wrong agreement numbers or failed verifications lately: {count}.")


def _changed_numbers(scene: Scene) -> Iterator[Signal]:
    """Of the contact on the line, or of anybody in the agreement while nobody knows who is on the line."""
    since = scene.now - scene.policy.distrust_changed_phone
    named = scene.tx.agreements.contacts(scene.agreement.number) if scene.agreement else ()
    for contact in (scene.contact,) if scene.contact else named:
        if contact.phone_changed_at > since:
            sentence = (
                f"The phone number of {contact.name} was changed on {contact.phone_changed_at:%d %B %Y}: do not call it back."
            )
            yield Signal("contact.changed", Level.WARN, sentence)


def _agreement_fits(scene: Scene) -> Iterator[Signal]:
    if scene.agreement is None:
        return
    if not scene.agreement.active:
        yield Signal("agreement.ended", Level.BAD, "The agreement has ended.")
    holder = scene.key.record.agreement if scene.key else None
    if scene.key is None or holder is None or holder == scene.agreement.number:
        return
    if same_customer(scene.tx, scene.agreement, scene.key):
        sentence = f"The key is held under agreement {holder} of the same organisation: that is allowed."
        yield Signal("agreement.other", Level.INFO, sentence)
    else:
        yield Signal("agreement.foreign", Level.BAD, "The key belongs to another organisation's agreement.")


def _outside_hours(scene: Scene) -> Iterator[Signal]:
    if not scene.hours.is_open(scene.now):
        yield Signal("hours", Level.INFO, f"It is outside opening hours ({scene.hours.sentence()}).")


def _earlier_cases(scene: Scene) -> Iterator[Signal]:
    if scene.key is None:
        return
    cases = scene.tx.cases.of_key(scene.key.record.serial, CASES_LOOKED_AT)
    since = scene.now - CASES_WITHIN
    count = sum(case.number != scene.case.number and case.opened_at > since for case in cases)
    if count:
        level = Level.WARN if count >= MANY_CASES else Level.INFO
        yield Signal("key.cases", level, f"Other cases about this key within {CASES_WITHIN.days} days: {count}.")


def _held_requests(scene: Scene) -> Iterator[Signal]:
    requests = scene.tx.requests.of_key(scene.key.record.serial) if scene.key else ()
    if any(request.status is RequestStatus.HELD for request in requests):
        yield Signal("key.held", Level.INFO, "A change of this key waits for a second person.")


_LOOKS: tuple[Callable[[Scene], Iterator[Signal]], ...] = (
    _key_state,
    _old_key,
    _host_key_misused,
    _wrong_numbers,
    _agreement_fits,
    _many_machines,
    _changed_numbers,
    _earlier_cases,
    _held_requests,
    _outside_hours,
)
