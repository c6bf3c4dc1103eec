"""The sentences of `ivr.records.Timeline` and `floor.records.Timeline`, on both engines."""

from collections.abc import Callable
from datetime import datetime, timedelta

from callcenter.floor.calls import Happening
from data.store import Store, Transaction

SECOND = timedelta(seconds=1)


def kinds(store: Store, call_sid: str = "CA1") -> list[str]:
    return [happening.kind for happening in store.read(lambda tx: tx.timeline.of_call(call_sid))]


def add(store: Store, at: datetime, *kinds: str, call_sid: str = "CA1") -> None:
    for kind in kinds:
        store.transaction(lambda tx, kind=kind: tx.timeline.add(call_sid, at, "line", kind, {}))


def test_a_happening_is_found_as_it_was_told(store: Store, now: datetime) -> None:
    detail = {"said": ["entry.group"], "failed": 3, "verdict": None, "heard": {"digits": 6}}
    store.transaction(lambda tx: tx.timeline.add("CA1", now, "line", "turn", detail))
    assert store.read(lambda tx: tx.timeline.of_call("CA1")) == (Happening("CA1", now, "line", "turn", detail),)


def test_happenings_come_in_the_order_of_time(store: Store, now: datetime) -> None:
    add(store, now + SECOND, "second")
    add(store, now, "first")
    add(store, now + 2 * SECOND, "third")
    assert kinds(store) == ["first", "second", "third"]


def test_what_happens_at_one_moment_stays_in_the_order_it_was_told(store: Store, now: datetime) -> None:
    told = [f"happening {number}" for number in range(12)]
    add(store, now, *told)
    assert kinds(store) == told


def test_every_call_has_a_timeline_of_its_own(store: Store, now: datetime) -> None:
    add(store, now, "theirs", call_sid="CA2")
    assert (kinds(store), kinds(store, "CA2")) == ([], ["theirs"])


def test_a_callback_goes_on_with_the_timeline_of_the_call_before(store: Store, now: datetime) -> None:
    add(store, now, "booked")
    add(store, now + SECOND, "called back", call_sid="CA9")
    store.transaction(lambda tx: tx.timeline.move("CA1", "CA9"))
    assert (kinds(store), kinds(store, "CA9")) == ([], ["booked", "called back"])


def test_a_foreign_key_is_kept_nowhere_in_the_detail(store: Store, now: datetime) -> None:
    foreign = "-".join(["B4DK3"] * 5)
    store.transaction(lambda tx: tx.timeline.add("CA1", now, "amira", "note", {"words": [f"it is {foreign}"]}))
    (happening,) = store.read(lambda tx: tx.timeline.of_call("CA1"))
    assert happening.detail == {"words": ["it is [product key removed]"]}


def test_line_agents_and_clerk_write_beside_each_other_and_nobody_begins_again(
    store: Store, at_once: Callable[..., list[None]], now: datetime
) -> None:
    begun: list[int] = []

    def tell(number: int) -> None:
        def work(tx: Transaction) -> None:
            begun.append(number)
            tx.timeline.add("CA1", now, "somebody", f"happening {number}", {})

        store.transaction(work)

    at_once(20, tell)
    assert sorted(kinds(store)) == sorted(f"happening {number}" for number in range(20))
    assert len(begun) == 20, "a conflict would have made somebody tell it twice"
