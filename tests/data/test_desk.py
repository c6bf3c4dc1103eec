"""The desk on a real database: what only shows over several decisions; on both engines."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from activation.catalogue import Catalogue, Channel
from activation.claims import AgentReason, AskFirst, Claim, Door, Granted, NeedsAgent, Verdict
from activation.desk import Desk
from activation.hardware import COMPONENTS, SAME_MACHINE_VOTES, hash_hardware, votes_in_common
from activation.installation_id import Installation, write_installation_id
from activation.rules import KMS_ISSUES_PER_HOST, KeyRecord
from activation.secrets import Secrets
from data.store import Store

AddKey = Callable[..., KeyRecord]
Decide = Callable[[KeyRecord, int, datetime], Verdict]
NAMES = [component.name for component in COMPONENTS]


@pytest.fixture
def decide(store: Store, catalogue: Catalogue, secrets: Secrets) -> Decide:
    """Asks the desk, in one transaction, for the computer with this hardware hash."""
    numbers = iter(range(1000))
    desk = Desk(catalogue, secrets, lambda: f"seat {next(numbers)}")

    def ask(key: KeyRecord, hardware: int, at: datetime) -> Verdict:
        header = catalogue.header_for(catalogue.products[key.product].layout, epoch=1)
        shown = write_installation_id(Installation(key.product, key.serial, hardware), header, secrets.installation_key(1))
        return store.transaction(lambda tx: desk.decide(Claim("".join(shown), Door.PHONE), tx.ledger, at))

    return ask


def computer(name: str, *changed: str) -> int:
    """The hardware hash of a computer of this name in which some components are not the first any more."""
    return hash_hardware({part: f"{name} {part}{' new' * (part in changed)}" for part in NAMES})


def used(store: Store, key: KeyRecord) -> int:
    record = store.read(lambda tx: tx.ledger.key(key.serial))
    assert record is not None
    return record.used


def test_a_machine_that_drifts_in_tolerated_steps_stays_the_same(
    store: Store, add_key: AddKey, decide: Decide, now: datetime
) -> None:
    key = add_key(7, "windows-7-professional", Channel.RETAIL, 1)
    steps = [computer("pc"), computer("pc", *NAMES[1:6]), computer("pc", *NAMES[1:])]
    assert votes_in_common(steps[0], steps[2]) < SAME_MACHINE_VOTES, "too far for one step"
    verdicts = [decide(key, hardware, now + day * timedelta(days=1)) for day, hardware in enumerate(steps)]
    assert [isinstance(verdict, Granted) and verdict.issue_number for verdict in verdicts] == [0, 1, 2]
    assert used(store, key) == 1
    assert decide(key, steps[0], now + timedelta(days=3)) == AskFirst(), "what it was once is another machine now"


def test_a_volume_machine_is_known_by_its_exact_hash_alone(
    store: Store, add_key: AddKey, decide: Decide, now: datetime
) -> None:
    key = add_key(7, "windows-7-professional", Channel.MAK, 3)
    for hardware in (computer("pc"), computer("pc", "graphics"), computer("pc")):
        assert isinstance(decide(key, hardware, now), Granted)
    assert used(store, key) == 2


def test_the_oldest_of_forty_msdn_machines_is_known_again_with_a_new_graphics_card(
    store: Store, add_key: AddKey, decide: Decide, now: datetime
) -> None:
    key = add_key(7, "windows-7-ultimate", Channel.MSDN, 40)
    for day in range(39):
        decide(key, computer(f"pc {day}"), now + day * timedelta(days=1))
    assert isinstance(decide(key, computer("pc 0", "graphics"), now + timedelta(days=50)), Granted)
    assert used(store, key) == 39


def test_a_kms_host_gets_its_ten_issues_in_one_day_and_then_a_person(add_key: AddKey, decide: Decide, now: datetime) -> None:
    key = add_key(7, "server-2008-r2-standard", Channel.KMS, 6)
    verdicts = [decide(key, computer("host"), now + number * timedelta(minutes=1)) for number in range(KMS_ISSUES_PER_HOST + 1)]
    assert all(isinstance(verdict, Granted) for verdict in verdicts[:-1])
    assert verdicts[-1] == NeedsAgent(AgentReason.KMS_ISSUE_LIMIT, "server-2008-r2-b")
