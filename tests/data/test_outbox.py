"""The sentences of `ivr.records.Outbox` and of the clerk's side of it, on both engines."""

from datetime import datetime, timedelta
from pathlib import Path

from activation.catalogue import Catalogue
from data.engine import Engine
from data.outbox import OutboxItem, OutboxKind
from data.store import Store, open_store

LEASE_SECONDS = 60.0
LEASE = timedelta(seconds=LEASE_SECONDS)
NUMBER, BODY = "+447700900142", "Your confirmation ID: A 123456, B 654321."


def queue(store: Store, at: datetime, body: str = BODY) -> None:
    store.transaction(lambda tx: tx.outbox.add_text_message(NUMBER, body, at))


def claim(store: Store, now: datetime) -> OutboxItem | None:
    return store.transaction(lambda tx: tx.outbox.claim_next(now, LEASE_SECONDS))


def claimed(store: Store, now: datetime) -> OutboxItem:
    item = claim(store, now)
    assert item is not None
    return item


def claimed_bodies(store: Store, now: datetime) -> list[str]:
    return [item.payload["body"] for item in iter(lambda: claim(store, now), None)]


def test_a_queued_message_comes_out_as_it_went_in(store: Store, now: datetime) -> None:
    queue(store, now)
    item = claimed(store, now)
    assert (item.kind, item.payload, item.attempts) == (OutboxKind.TEXT_MESSAGE, {"to": NUMBER, "body": BODY}, 1)


def test_a_command_to_the_telephony_side_comes_out_as_it_went_in(store: Store, now: datetime) -> None:
    command = {"do": "call_back", "to": NUMBER, "path": "/voice/callback?case=100001"}
    store.transaction(lambda tx: tx.outbox.add_call_control(command, now))
    item = claimed(store, now)
    assert (item.kind, item.payload) == (OutboxKind.CALL_CONTROL, command)


def test_what_is_queued_at_one_moment_comes_out_in_the_order_it_was_queued(store: Store, now: datetime) -> None:
    for number in range(12):
        store.transaction(lambda tx, number=number: tx.outbox.add_call_control({"do": str(number)}, now))
    assert [item.payload["do"] for item in iter(lambda: claim(store, now), None)] == [str(number) for number in range(12)]


def command(store: Store, at: datetime, do: str, call: str = "CA1") -> None:
    store.transaction(lambda tx: tx.outbox.add_call_control({"do": do, "call": call}, at))


def test_an_act_on_a_call_never_overtakes_an_earlier_one_of_the_same_call(store: Store, now: datetime) -> None:
    command(store, now, "hold")
    command(store, now, "resume")
    hold = claimed(store, now)
    assert hold.payload["do"] == "hold"
    assert claim(store, now) is None, "the first is still under way"
    retry_at = now + LEASE
    store.transaction(lambda tx: tx.outbox.failed(hold.id, retry_at, "Timed out."))
    assert claim(store, retry_at - timedelta(seconds=1)) is None, "the first is to be tried again"
    assert claimed(store, retry_at).payload["do"] == "hold"
    store.transaction(lambda tx: tx.outbox.done(hold.id))
    assert claimed(store, retry_at).payload["do"] == "resume"


def test_an_act_that_is_given_up_makes_way_for_the_next_of_its_call(store: Store, now: datetime) -> None:
    command(store, now, "hold")
    command(store, now + timedelta(seconds=1), "redirect")
    hold = claimed(store, now)
    store.transaction(lambda tx: tx.outbox.failed(hold.id, None, "There is no conference."))
    assert claimed(store, now + timedelta(seconds=1)).payload["do"] == "redirect"


def test_one_call_waits_for_no_other_and_no_text_message_for_a_call(store: Store, now: datetime) -> None:
    for do, call in (("ring", "CA1"), ("dequeue", "CA1"), ("ring", "CA2"), ("call_back", "")):
        command(store, now, do, call)
    queue(store, now)
    taken = list(iter(lambda: claim(store, now), None))
    assert [item.payload.get("do") for item in taken] == ["ring", "ring", "call_back", None]


def test_an_item_says_since_when_it_has_been_there(store: Store, now: datetime) -> None:
    queue(store, now)
    assert claimed(store, now + 3 * LEASE).queued_at == now


def test_nothing_comes_out_before_its_time(store: Store, now: datetime) -> None:
    queue(store, now)
    assert claim(store, now - timedelta(microseconds=1)) is None


def test_the_oldest_come_first_one_at_a_time(store: Store, now: datetime) -> None:
    for minutes in (2, 0, 1):
        queue(store, now + timedelta(minutes=minutes), body=f"minute {minutes}")
    assert claimed_bodies(store, now + timedelta(hours=1)) == ["minute 0", "minute 1", "minute 2"]


def test_a_claimed_message_is_nobody_elses_until_its_lease_is_over(store: Store, now: datetime) -> None:
    queue(store, now)
    first = claimed(store, now)
    assert claim(store, now + LEASE - timedelta(microseconds=1)) is None
    again = claimed(store, now + LEASE)
    assert (again.id, again.attempts) == (first.id, 2)


def test_a_sent_message_never_comes_again(store: Store, now: datetime) -> None:
    queue(store, now)
    item = claimed(store, now)
    store.transaction(lambda tx: tx.outbox.done(item.id))
    assert claim(store, now + 10 * LEASE) is None


def test_a_failed_message_comes_again_at_its_time(store: Store, now: datetime) -> None:
    queue(store, now)
    item = claimed(store, now)
    retry_at = now + 5 * LEASE
    store.transaction(lambda tx: tx.outbox.failed(item.id, retry_at, "Twilio answered 503."))
    assert claim(store, retry_at - timedelta(microseconds=1)) is None
    assert claimed(store, retry_at).id == item.id


def test_a_message_given_up_never_comes_again(store: Store, now: datetime) -> None:
    queue(store, now)
    item = claimed(store, now)
    store.transaction(lambda tx: tx.outbox.failed(item.id, None, "The number does not take text messages."))
    assert claim(store, now + 10 * LEASE) is None


def test_a_failure_told_too_late_does_not_bring_back_what_was_sent(store: Store, now: datetime) -> None:
    queue(store, now)
    item = claimed(store, now)
    store.transaction(lambda tx: tx.outbox.done(item.id))
    store.transaction(lambda tx: tx.outbox.failed(item.id, now, "Timed out."))
    assert claim(store, now) is None


def test_a_foreign_key_in_an_error_is_not_kept(store: Store, engine: Engine, now: datetime) -> None:
    queue(store, now)
    item = claimed(store, now)
    foreign = "-".join(["B4DK3"] * 5)
    store.transaction(lambda tx: tx.outbox.failed(item.id, now, f"Refused: {foreign}"))
    kept = engine.read(lambda connection: connection.one("SELECT last_error FROM outbox"))
    assert kept == ("Refused: [product key removed]",)


def test_a_payload_of_another_instance_is_given_up_and_holds_up_nothing(
    store: Store, database_url: str, catalogue: Catalogue, now: datetime
) -> None:
    stranger = open_store(database_url, catalogue=catalogue, payload_key=bytes(32))
    queue(stranger, now)
    stranger.close()
    queue(store, now, body="ours")
    assert claimed_bodies(store, now) == ["ours"]
    assert claimed_bodies(store, now + LEASE) == ["ours"]


def test_number_and_body_are_not_readable_in_the_file(tmp_path: Path, catalogue: Catalogue, now: datetime) -> None:
    path = tmp_path / "sealed.db"
    store = open_store(str(path), catalogue=catalogue, payload_key=bytes(range(32)))
    store.migrate(now)
    queue(store, now)
    written = b"".join(file.read_bytes() for file in tmp_path.glob("sealed.db*"))
    assert b"outbox" in written
    assert NUMBER.encode() not in written
    assert b"confirmation ID" not in written
    store.close()


def test_a_sent_payload_is_gone_from_the_file(tmp_path: Path, catalogue: Catalogue, now: datetime) -> None:
    path = tmp_path / "erased.db"
    store = open_store(str(path), catalogue=catalogue, payload_key=bytes(range(32)))
    store.migrate(now)
    queue(store, now, body="x" * 9000)  # long enough for pages of its own
    item = claimed(store, now)
    store.close()  # folds the write-ahead log into the file
    assert b"gAAAAA" in path.read_bytes(), "every Fernet token begins so"
    store.transaction(lambda tx: tx.outbox.done(item.id))
    store.close()
    assert b"gAAAAA" not in path.read_bytes()
