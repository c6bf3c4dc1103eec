"""The sentences of `ivr.records.Cases`, on both engines."""

from datetime import datetime, timedelta

from callcenter.floor.calls import Case
from data.store import Store
from ivr.records import NewCase


def open_case(
    store: Store, at: datetime, *, call_sid: str = "CA1", reason: str = "agent.mak_limit", **collected: object
) -> str:
    return store.transaction(lambda tx: tx.cases.open(NewCase(call_sid, reason, "en", collected), at))


def test_a_case_gets_a_number_of_six_digits_and_is_found_by_it(store: Store, now: datetime) -> None:
    number = open_case(store, now, agreement="40718621", add=20)
    assert len(number) == 6
    assert number.isdecimal()
    expected = Case(number, "CA1", "agent.mak_limit", "en", {"agreement": "40718621", "add": 20}, now)
    assert store.read(lambda tx: tx.cases.find(number)) == expected


def test_every_case_has_a_number_of_its_own(store: Store, now: datetime) -> None:
    assert len({open_case(store, now, call_sid=f"CA{call}") for call in range(20)}) == 20


def test_a_call_that_asks_again_for_the_same_keeps_its_number_and_for_more_opens_another(store: Store, now: datetime) -> None:
    number = open_case(store, now, add=20)
    assert open_case(store, now, add=20) == number
    other = open_case(store, now, add=30)
    kept = [store.read(lambda tx, number=each: tx.cases.find(number)) for each in (number, other)]
    assert [case.collected for case in kept if case] == [{"add": 20}, {"add": 30}]


def test_another_reason_is_another_case(store: Store, now: datetime) -> None:
    assert open_case(store, now) != open_case(store, now, reason="agent.blocked_key")


def test_a_foreign_key_in_what_was_collected_is_removed(store: Store, now: datetime) -> None:
    foreign = "-".join(["B4DK3"] * 5)
    number = open_case(store, now, said=[f"my key is {foreign} ok"], words=["three", "seven", "eight", "three", "7even"])
    case = store.read(lambda tx: tx.cases.find(number))
    assert case is not None
    assert case.collected["said"] == ["my key is [product key removed] ok"]
    assert case.collected["words"] == ["three", "seven", "eight", "three", "7even"], "what stands apart is no key"


def find(store: Store, number: str) -> Case:
    case = store.read(lambda tx: tx.cases.find(number))
    assert case is not None
    return case


def test_a_case_is_found_by_the_key_it_is_about_newest_first(store: Store, now: datetime) -> None:
    def open_about(call_sid: str, serial: int | None, hours: int) -> str:
        case = NewCase(call_sid, "agent.mak_limit", "en", {}, serial)
        return store.transaction(lambda tx: tx.cases.open(case, now + timedelta(hours=hours)))

    first, second, third = open_about("CA1", 7, 0), open_about("CA2", 7, 1), open_about("CA3", 7, 2)
    open_about("CA4", 8, 3)
    open_about("CA5", None, 4)
    assert [case.number for case in store.read(lambda tx: tx.cases.of_key(7, newest=2))] == [third, second]
    assert find(store, first).serial == 7


def test_the_newest_cases_come_first(store: Store, now: datetime) -> None:
    numbers = [open_case(store, now + timedelta(hours=call), call_sid=f"CA{call}") for call in range(3)]
    assert [case.number for case in store.read(lambda tx: tx.cases.newest(2))] == numbers[:0:-1]


def test_the_case_of_a_call_is_its_latest(store: Store, now: datetime) -> None:
    open_case(store, now, add=20)
    later = open_case(store, now, add=30)
    open_case(store, now, call_sid="CA2")
    assert store.read(lambda tx: tx.cases.of_call("CA1")) == find(store, later)
    assert store.read(lambda tx: tx.cases.of_call("CA3")) is None


def test_answers_are_kept_and_replaced_without_foreign_keys(store: Store, now: datetime) -> None:
    number, other = open_case(store, now), open_case(store, now, call_sid="CA2")
    for answers in ({"computers": "one", "bought": "new"}, {"computers": "two", "said": "-".join(["B4DK3"] * 5)}):
        store.transaction(lambda tx, answers=answers: tx.cases.save_answers(number, answers))
    assert find(store, number).answers == {"computers": "two", "said": "[product key removed]"}
    assert find(store, other).answers == {}


def test_a_callback_takes_its_cases_along(store: Store, now: datetime) -> None:
    number, other = open_case(store, now), open_case(store, now, call_sid="CA2")
    store.transaction(lambda tx: tx.cases.move("CA1", "CA9"))
    assert [find(store, each).call_sid for each in (number, other)] == ["CA9", "CA2"]


def test_an_unknown_number_is_no_case(store: Store) -> None:
    assert store.read(lambda tx: tx.cases.find("999999")) is None
