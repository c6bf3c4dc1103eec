"""Asking a host as a pure function: whatever asks, and whenever, its counts and answers follow from who asked."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from activation.catalogue import Catalogue, Channel
from workstation.computer.declined import Declined
from workstation.computer.machine import Machine, confirm
from workstation.kms.asking import Fault, NotServed, Served, ask, asking_again
from workstation.kms.crowds import Crowd, asking_crowd
from workstation.kms.host import Host, confirmed_as
from workstation.words import LANGUAGES, sentences

NOON = datetime(2010, 3, 14, 12, tzinfo=UTC)
EDITIONS = ["vista-business", "windows-7-professional", "server-2008-standard", "server-2008-r2-datacenter"]
crowds = st.builds(Crowd, st.integers(1, 40), st.sampled_from(EDITIONS), st.none(), st.booleans(), st.just(True), st.booleans())
visits = st.lists(st.tuples(crowds, st.integers(0, 40)), max_size=12)


def registered(install: Callable[..., Machine], issue: Callable[..., str], catalogue: Catalogue, system: str) -> Host:
    machine = install("server-2008-r2-standard", Channel.KMS, seed=7)
    confirmed = confirm(machine, issue(machine), NOON)
    assert isinstance(confirmed, Machine)
    return confirmed_as(Host(machine, catalogue.host_systems[system]), confirmed)


@given(visits=visits, system=st.sampled_from(["server-2003", "server-2008-r2"]))
def test_counts_and_answers_follow_from_who_asked_and_when(
    install: Callable[..., Machine],
    issue: Callable[..., str],
    catalogue: Catalogue,
    visits: list[tuple[Crowd, int]],
    system: str,
) -> None:
    host, now, counted = registered(install, issue, catalogue, system), NOON, list[tuple[datetime, int]]()
    for crowd, days in visits:
        now += timedelta(days=days)
        asking = asking_crowd(crowd, host, catalogue)
        assert not isinstance(asking, Declined)
        before = host
        host, answer = ask(host, asking, now)
        if isinstance(answer, NotServed) and answer.fault is not Fault.TOO_FEW:
            assert host == before, "whom a host may not serve leaves no trace"
            continue
        if asking.counts:
            counted.append((now, crowd.number))
        number = sum(many for asked_at, many in counted if now - asked_at < timedelta(days=30))
        assert host.counted(now) == number
        assert isinstance(answer, Served) == (number >= (asking.generation.kms_threshold or 0))
        assert (host.known[asking.id].activated_until(now) is not None) == isinstance(answer, Served)


def test_whoever_asks_again_is_the_same_and_is_counted_once(
    install: Callable[..., Machine], issue: Callable[..., str], catalogue: Catalogue
) -> None:
    host = registered(install, issue, catalogue, "server-2008-r2")
    asking = asking_crowd(Crowd(24, "vista-business"), host, catalogue)
    assert not isinstance(asking, Declined)
    host, _ = ask(host, asking, NOON)
    again = asking_again(asking.id, host.known[asking.id], catalogue)
    assert again == asking
    host, answer = ask(host, again, NOON + timedelta(days=1))
    assert host.counted(NOON + timedelta(days=1)) == 24
    assert isinstance(answer, NotServed)


def test_who_has_not_asked_for_180_days_is_forgotten(
    install: Callable[..., Machine], issue: Callable[..., str], catalogue: Catalogue
) -> None:
    host = registered(install, issue, catalogue, "server-2008-r2")
    for days in (0, 179, 181):
        asking = asking_crowd(Crowd(1, "vista-business"), host, catalogue)
        assert not isinstance(asking, Declined)
        host, _ = ask(host, asking, NOON + timedelta(days=days))
    assert sorted(host.known) == ["crowd-2", "crowd-3"]


def test_every_refusal_has_its_sentence_in_every_language() -> None:
    for language in LANGUAGES:
        assert {str(fault) for fault in Fault} <= sentences(language).keys()
