"""What an agent is warned of, each in its own situation, and silence where there is nothing to say."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from callcenter.floor.hours import OpeningHours
from callcenter.floor.signals import Level, Signal, signals

LARKSPUR, LARKSPUR_ABROAD, CALDER, ENDED, MAK, RETAIL = "40718621", "62309581", "51203471", "53748509", 3001, 1001
ALWAYS = OpeningHours(ZoneInfo("UTC"), frozenset(range(7)), time(0), time(0))
WEEKDAYS = OpeningHours(ZoneInfo("UTC"), frozenset(range(5)), time(8), time(18))


@pytest.fixture
def look(floor: Any) -> Callable[..., tuple[Signal, ...]]:
    """The signals of a case on the MAK, for the agreement and contact named."""
    case = floor.open_case()

    def look(
        agreement: str | None = LARKSPUR, contact: str | None = "imogen", hours: OpeningHours = ALWAYS, serial: int = MAK
    ) -> tuple[Signal, ...]:
        def work(tx: Any) -> tuple[Signal, ...]:
            found = tx.agreements.get(agreement) if agreement else None
            people = {each.id: each for each in tx.agreements.contacts(agreement)} if agreement else {}
            person = people.get(contact)
            return signals(tx, tx.cases.find(case), tx.keys.get(serial), found, person, hours, floor.policy, floor.now)

        return floor.do(work)

    look.case = case  # type: ignore[attr-defined]
    return look


def codes(found: tuple[Signal, ...]) -> list[tuple[str, Level]]:
    return [(signal.code, signal.level) for signal in found]


def test_an_ordinary_call_raises_no_signal(look: Any) -> None:
    assert look() == ()


def test_nothing_is_said_while_neither_key_nor_agreement_is_known(floor: Any, look: Any) -> None:
    assert look(agreement=None, contact=None, serial=9999) == ()


def test_a_blocked_key(floor: Any, look: Any) -> None:
    floor.do(lambda tx: tx.keys.set_blocked(MAK, blocked=True))
    assert codes(look()) == [("key.blocked", Level.BAD)]


def test_many_machines_in_a_short_time(floor: Any, look: Any) -> None:
    floor.do(lambda tx: tx.keys.raise_allowed(MAK, 100))
    for number in range(24):
        floor.install(MAK, f"machine {number}")
    assert look() == ()
    floor.install(MAK, "machine 24")
    (signal,) = look()
    assert signal == Signal("key.many", Level.WARN, "25 confirmation IDs were given out under this key within the last hour.")
    floor.later(timedelta(hours=1, microseconds=1))
    assert look() == ()


def test_failed_attempts_and_a_lock(floor: Any, look: Any) -> None:
    floor.do(lambda tx: tx.verifications.failed(f"case/{look.case}", floor.now))
    assert codes(look()) == [("failures", Level.WARN)]
    for _ in range(5):
        floor.do(lambda tx: tx.verifications.failed(f"agreement/{LARKSPUR}", floor.now))
    assert codes(look()) == [("locked", Level.BAD), ("failures", Level.WARN)], "the gravest first"


def test_a_number_changed_lately_concerns_the_contact_on_the_line(floor: Any, look: Any) -> None:
    assert look(contact="imogen") == ()
    (signal,) = look(contact="tobias")
    assert (signal.code, signal.level) == ("contact.changed", Level.WARN)
    assert signal.sentence == "The phone number of Tobias Quill was changed on 11 March 2026: do not call it back."
    assert codes(look(contact=None)) == [("contact.changed", Level.WARN)], "anybody's, while nobody knows who it is"


def test_agreements_that_do_not_fit(look: Any) -> None:
    assert codes(look(agreement=LARKSPUR_ABROAD, contact="greta")) == [("agreement.other", Level.INFO)]
    assert codes(look(agreement=CALDER, contact="renata")) == [("agreement.foreign", Level.BAD)]
    assert codes(look(agreement=ENDED)) == [("agreement.ended", Level.BAD), ("agreement.other", Level.INFO)]
    assert look(serial=RETAIL) == (), "a retail key belongs to no agreement"


def test_outside_hours(look: Any) -> None:
    (signal,) = look(hours=WEEKDAYS)  # 14 March 2026 is a Saturday
    assert signal.code == "hours"
    assert signal.sentence == "It is outside opening hours (Monday to Friday, from 8:00 to 18:00)."


def test_repeated_cases_of_the_key(floor: Any, look: Any) -> None:
    floor.open_case()
    assert codes(look()) == [("key.cases", Level.INFO)]
    floor.open_case()
    floor.open_case()
    assert codes(look()) == [("key.cases", Level.WARN)]
    floor.later(timedelta(days=30))
    assert look() == ()


def test_a_change_of_the_key_that_waits(floor: Any, look: Any) -> None:
    floor.ask(floor.wish(500, claimant=floor.verified(look.case)))
    assert codes(look()) == [("key.held", Level.INFO)]
