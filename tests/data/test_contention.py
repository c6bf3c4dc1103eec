"""Many callers at one moment: real desks, real IDs, real threads, on both engines."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from uuid import uuid4

from activation.catalogue import Catalogue, Channel
from activation.claims import AgentReason, Claim, Door, Granted, NeedsAgent, Verdict
from activation.desk import Desk
from activation.rules import KeyRecord
from activation.secrets import Secrets
from data.store import Store
from ivr.records import NewCall, NewCase

AddKey = Callable[..., KeyRecord]
ShownId = Callable[[KeyRecord, str], str]


def decide_at_once(store: Store, desk: Desk, installation_ids: list[str], now: datetime) -> list[Verdict]:
    """The verdicts of as many threads as there are IDs, all let go at the same moment."""
    start = Barrier(len(installation_ids))

    def decide(installation_id: str) -> Verdict:
        start.wait()
        return store.transaction(lambda tx: desk.decide(Claim(installation_id, Door.PHONE), tx.ledger, now))

    with ThreadPoolExecutor(len(installation_ids)) as threads:
        return list(threads.map(decide, installation_ids))


def desk_of(catalogue: Catalogue, secrets: Secrets) -> Desk:
    return Desk(catalogue, secrets, lambda: uuid4().hex)


def test_fifty_threads_fighting_for_ten_activations_get_exactly_ten(
    store: Store, add_key: AddKey, shown_id: ShownId, catalogue: Catalogue, secrets: Secrets, now: datetime
) -> None:
    key = add_key(7, "windows-7-professional", Channel.MAK, 10)
    installation_ids = [shown_id(key, f"machine {number}") for number in range(50)]
    verdicts = decide_at_once(store, desk_of(catalogue, secrets), installation_ids, now)
    assert Counter(type(verdict) for verdict in verdicts) == {Granted: 10, NeedsAgent: 40}
    assert {verdict.reason for verdict in verdicts if isinstance(verdict, NeedsAgent)} == {AgentReason.MAK_LIMIT}
    record, seats = store.read(lambda tx: (tx.ledger.key(7), tx.ledger.seats(7, 0, newest=100)))
    assert record is not None
    assert (record.used, len(seats)) == (10, 10)


def test_the_same_machine_from_twenty_threads_counts_once(
    store: Store, add_key: AddKey, shown_id: ShownId, catalogue: Catalogue, secrets: Secrets, now: datetime
) -> None:
    key = add_key(7, "windows-7-professional", Channel.MAK, 10)
    verdicts = decide_at_once(store, desk_of(catalogue, secrets), [shown_id(key, "one machine")] * 20, now)
    granted = [verdict for verdict in verdicts if isinstance(verdict, Granted)]
    assert sum(verdict.counted for verdict in granted) == 1
    assert len({verdict.issue_number for verdict in granted}) == len(granted), "every issue has a number of its own"
    record = store.read(lambda tx: tx.ledger.key(7))
    assert record is not None
    assert record.used == 1


def test_a_webhook_that_arrives_ten_times_at_once_opens_one_call(store: Store, now: datetime) -> None:
    start = Barrier(10)

    def open_call(_number: int) -> bool:
        start.wait()
        return store.transaction(lambda tx: tx.calls.open(NewCall("CA1", None, "", "+448081570142", now)))

    with ThreadPoolExecutor(10) as threads:
        assert sum(threads.map(open_call, range(10))) == 1


def test_twenty_cases_opened_at_once_get_twenty_numbers(store: Store, now: datetime) -> None:
    start = Barrier(20)

    def open_case(number: int) -> str:
        start.wait()
        return store.transaction(lambda tx: tx.cases.open(NewCase(f"CA{number}", "agent.asked", "en", {}), now))

    with ThreadPoolExecutor(20) as threads:
        assert len(set(threads.map(open_case, range(20)))) == 20


def test_readers_see_the_last_commit_while_a_writer_is_at_work(store: Store, add_key: AddKey, now: datetime) -> None:
    add_key(7, "windows-7-professional", Channel.MAK, 10)
    with ThreadPoolExecutor(1) as reader:

        def write(tx: object) -> bool:
            tx.switches.set("outage", True, now)  # type: ignore[attr-defined]
            return reader.submit(lambda: store.read(lambda other: other.ledger.service_is_up())).result(timeout=5)

        assert store.transaction(write), "the switch is not committed yet"
    assert not store.read(lambda tx: tx.ledger.service_is_up())
