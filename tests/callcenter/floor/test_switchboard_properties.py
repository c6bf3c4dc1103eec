"""Any order of acts by anybody: nobody is lost between two people, and nobody has two calls."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from callcenter.floor import callers, supervision, switchboard, upkeep
from callcenter.floor.desk_calls import consulted_in
from callcenter.floor.people import Availability, Presence
from callcenter.floor.policy import Policy
from callcenter.floor.presence import supervision_of
from callcenter.floor.queue import EntryKind, EntryStatus, Handling, Parting
from callcenter.floor.refusals import Refusal
from callcenter.floor.waiting import order_for
from data.store import open_store
from ivr.records import Whereabouts

NAMES = ("amira", "bruno", "sofia", "celeste")
ANYBODY = st.sampled_from(NAMES)
PICK = st.integers(0, 11)
"""Which of those to whom something can happen, counted round: a rule seldom picks in vain."""
POLICY = Policy(lost_after=timedelta(seconds=20))
SUPERVISING = [supervision.listen, supervision.coach, supervision.barge, supervision.leave, supervision.take_over]


class Switchboard(RuleBasedStateMachine):
    """The floor as the database has it, beside what the callers know: who of them went back to the line, and who is gone."""

    open: Callable[..., Any]  # gives desks on a fresh store

    @initialize(is_consulting=st.booleans())
    def begin(self, is_consulting: bool) -> None:
        self.desks = self.open()
        self.at_line: set[str] = set()
        self.gone: set[str] = set()
        self.booked: set[str] = set()
        self.known: list[str] = []
        for name in NAMES:
            self.desks.be(name)
        for language in ("en", "de", "en"):
            self.arrives(language)
        if is_consulting:  # far to go by chance
            self.desks.answer("amira", self.known[0])
            self.desks.act("amira", switchboard.consult, "bruno")

    def teardown(self) -> None:
        self.desks.store.close()

    @rule(language=st.sampled_from(["en", "de"]))
    def arrives(self, language: str) -> None:
        self.known.append(self.desks.arrive(language))

    @rule(pick=PICK)
    def hangs_up(self, pick: int) -> None:
        sid = self._call(pick)
        self.desks.gone(sid)
        if sid not in self.booked:
            self.gone.add(sid)

    @rule(pick=PICK)
    def leaves_the_queue(self, pick: int) -> None:
        if sid := self._one_on_line_waiting(pick):
            self.desks.do(lambda tx: callers.leave(tx, sid, self.desks.now))
            self.at_line.add(sid)

    @rule(pick=PICK)
    def asks_for_a_person(self, pick: int) -> None:
        sid = self._call(pick)
        if sid not in self.gone | self.booked:
            self.desks.do(lambda tx: callers.enter(tx, sid, "100001", "en", self.desks.now))
            self.at_line.discard(sid)

    @rule(pick=PICK)
    def books_a_callback(self, pick: int) -> None:
        if sid := self._one_on_line_waiting(pick):
            self.desks.do(lambda tx: callers.book_callback(tx, sid, "+12065550143", self.desks.now))
            self.booked.add(sid)

    @precondition(lambda self: self.booked)
    @rule(pick=PICK)
    def is_called_back(self, pick: int) -> None:
        sid = sorted(self.booked)[pick % len(self.booked)]
        self.desks.do(lambda tx: callers.called_back(tx, sid, f"{sid}x", self.desks.now))
        self.booked.discard(sid)
        self.known[self.known.index(sid)] = f"{sid}x"

    @rule(name=ANYBODY, wanted=st.sampled_from([*[Availability.AVAILABLE] * 3, Availability.BREAK, Availability.OFFLINE]))
    def says(self, name: str, wanted: Availability) -> None:
        self.desks.be(name, wanted, "meal")

    @precondition(lambda self: self._doing(Availability.AVAILABLE))
    @rule(pick=PICK, which=PICK)
    def somebody_free_answers(self, pick: int, which: int) -> None:
        free = self._doing(Availability.AVAILABLE)
        agent = self.desks.acting(free[pick % len(free)]).agent
        if answerable := order_for(agent, self.desks.store.read(lambda tx: tx.queue.waiting())):
            sid = answerable[which % len(answerable)].call_sid
            assert isinstance(self.desks.answer(agent.name, sid), Handling)

    @rule(name=ANYBODY, pick=PICK)
    def presses_answer(self, name: str, pick: int) -> None:
        sid = self._call(pick)
        entry = self.desks.entry(sid)
        is_taken = entry.status is EntryStatus.ANSWERED and entry.answered_by != name
        if isinstance(self.desks.answer(name, sid), Handling) and is_taken:
            assert [part.agent for part in self.desks.parts(sid) if part.parted_at is None].count(name) == 1, "is consulted"

    @precondition(lambda self: self._owners())
    @rule(pick=PICK, on=st.booleans())
    def holds(self, pick: int, on: bool) -> None:
        self.desks.act(self._owner(pick), switchboard.hold, on=on)

    @precondition(lambda self: self._owners())
    @rule(pick=PICK, act=st.sampled_from([switchboard.back_to_line, switchboard.hang_up]))
    def ends_the_call(self, pick: int, act: Callable[..., Any]) -> None:
        result = self.desks.act(self._owner(pick), act)
        if isinstance(result, Refusal):
            return
        if result.parting is Parting.BACK_TO_LINE:
            self.at_line.add(result.call_sid)
        elif self.desks.entry(result.call_sid).kind is not EntryKind.CALLBACK:
            self.gone.add(result.call_sid)

    @precondition(lambda self: self._owners())
    @rule(pick=PICK, other=ANYBODY, to_seniors=st.booleans())
    def transfers(self, pick: int, other: str, to_seniors: bool) -> None:
        to_agent = None if to_seniors else other
        self.desks.act(self._owner(pick), switchboard.transfer, to_agent=to_agent, to_seniors=to_seniors)

    @precondition(lambda self: self._owners() and self._doing(Availability.AVAILABLE))
    @rule(pick=PICK, which=PICK)
    def consults(self, pick: int, which: int) -> None:
        free = self._doing(Availability.AVAILABLE)
        self.desks.act(self._owner(pick), switchboard.consult, free[which % len(free)])

    @precondition(lambda self: self._consulting())
    @rule(pick=PICK)
    def completes_the_transfer(self, pick: int) -> None:
        owner, _asked = self._pair(pick)
        assert isinstance(self.desks.act(owner, switchboard.complete_transfer), Handling)

    @precondition(lambda self: self._consulting())
    @rule(pick=PICK, is_asked=st.booleans())
    def ends_consulting(self, pick: int, is_asked: bool) -> None:
        owner, asked = self._pair(pick)
        assert isinstance(self.desks.act(asked if is_asked else owner, switchboard.end_consultation), Handling)

    @precondition(lambda self: self._with_agents())
    @rule(act=st.sampled_from(SUPERVISING), pick=PICK)
    def supervises(self, act: Callable[..., Any], pick: int) -> None:
        there = supervision_of(self.desks.presence("celeste"))
        with_agents = self._with_agents()
        sid = there.call_sid if there else with_agents[pick % len(with_agents)]
        self.desks.act("celeste", act, sid)

    @precondition(lambda self: self._doing(Availability.WRAP_UP))
    @rule()
    def everybody_wraps_up(self) -> None:
        for name in self._doing(Availability.WRAP_UP):
            assert isinstance(self.desks.act(name, switchboard.wrap_up, "other", "", ""), Handling)

    @rule(dead=st.sets(ANYBODY, max_size=2), seconds=st.sampled_from([1, 30, 90]))
    def time_passes(self, dead: set[str], seconds: int) -> None:
        """Whoever's page is dead for long is lost."""
        self.desks.later(seconds)
        for name in set(NAMES) - dead:
            self.desks.do(lambda tx, name=name: tx.presences.seen(name, self.desks.now))
        self.desks.do(lambda tx: upkeep.find_lost(tx, POLICY, self.desks.now))
        self.desks.do(lambda tx: upkeep.open_reserved(tx, self.desks.now))

    @invariant()
    def nobody_is_lost_between_two_people(self) -> None:
        for sid in set(self.known) - self.gone - self.booked:
            where = self.desks.where(sid)
            assert where is Whereabouts.LINE if sid in self.at_line else where in (Whereabouts.QUEUE, Whereabouts.AGENT)

    @invariant()
    def who_is_gone_is_with_nobody(self) -> None:
        assert all(self.desks.where(sid) is Whereabouts.LINE for sid in self.gone)

    @invariant()
    def an_answered_call_has_one_owner_and_at_most_one_who_is_consulted(self) -> None:
        for sid in self.known:
            talking = [part.agent for part in self.desks.parts(sid) if part.parted_at is None]
            entry = self.desks.entry(sid)
            if entry.status is EntryStatus.ANSWERED:
                assert talking.count(entry.answered_by) == 1
                assert len(talking) <= 2
            else:
                assert talking == []

    @invariant()
    def what_an_agent_is_doing_follows_from_the_call_in_hand(self) -> None:
        for presence in self.desks.store.read(lambda tx: tx.presences.all()):
            handling = self.desks.store.read(lambda tx, name=presence.agent: tx.handlings.open_of_agent(name))
            if handling:
                expected = Availability.ON_CALL if handling.parted_at is None else Availability.WRAP_UP
                assert presence.availability is expected
            else:
                assert presence.availability not in (Availability.ON_CALL, Availability.WRAP_UP)
            self._is_with_a_live_call(presence)

    @invariant()
    def a_number_is_kept_only_for_a_callback_to_be_made(self) -> None:
        for sid in self.known:
            entry, number = self.desks.entry(sid), self.desks.store.read(lambda tx, sid=sid: tx.queue.callback_number(sid))
            to_be_made = entry.kind is EntryKind.CALLBACK and entry.status in (EntryStatus.WAITING, EntryStatus.ANSWERED)
            assert (number is not None) is to_be_made

    def _is_with_a_live_call(self, presence: Presence) -> None:
        if there := supervision_of(presence):
            assert self.desks.entry(there.call_sid).status is EntryStatus.ANSWERED

    def _call(self, pick: int) -> str:
        return self.known[pick % len(self.known)]

    def _one_on_line_waiting(self, pick: int) -> str | None:
        waiting = [sid for sid in self.known if sid not in self.gone | self.booked | self.at_line]
        queued = [sid for sid in waiting if self.desks.where(sid) is Whereabouts.QUEUE]
        return queued[pick % len(queued)] if queued else None

    def _doing(self, availability: Availability) -> list[str]:
        return [name for name in NAMES if self.desks.doing(name) is availability]

    def _with_agents(self) -> list[str]:
        return [sid for sid in self.known if self.desks.entry(sid).status is EntryStatus.ANSWERED]

    def _consulting(self) -> list[tuple[str, str]]:
        """Who has a call and whom they ask about it."""
        answered = [self.desks.entry(sid) for sid in self._with_agents()]
        asked = [(one.answered_by, self.desks.store.read(lambda tx, one=one: consulted_in(tx, one))) for one in answered]
        return [(owner, part.agent) for owner, part in asked if part]

    def _pair(self, pick: int) -> tuple[str, str]:
        pairs = self._consulting()
        return pairs[pick % len(pairs)]

    def _owners(self) -> list[str]:
        return [owner for sid in self._with_agents() if (owner := self.desks.entry(sid).answered_by)]

    def _owner(self, pick: int) -> str:
        owners = self._owners()
        return owners[pick % len(owners)]


def test_in_any_order_of_acts_nobody_is_lost_and_nobody_has_two_calls(catalogue, secrets, open_desks) -> None:
    with TemporaryDirectory() as folder:
        number = 0

        def fresh() -> Any:
            nonlocal number
            number += 1
            path = Path(folder) / f"{number}.db"
            store = open_store(f"sqlite:///{path}", catalogue=catalogue, payload_key=secrets.purpose("outbox"))
            now = datetime(2026, 3, 14, 15, 9, tzinfo=UTC)
            store.migrate(now)
            return open_desks(store, now)

        class Fresh(Switchboard):
            open = staticmethod(fresh)

        calm = settings(max_examples=25, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck))
        run_state_machine_as_test(Fresh, settings=calm)


def test_the_machine_would_see_a_caller_who_is_lost(desks) -> None:
    """The invariants can fail: a place closed behind the agent's back is noticed."""
    machine = Switchboard()
    machine.desks, machine.at_line, machine.gone, machine.booked = desks, set(), set(), set()
    sid = desks.with_agent("amira")
    machine.known = [sid]
    machine.nobody_is_lost_between_two_people()
    desks.do(lambda tx: callers.close(tx, tx.queue.find(sid), desks.now))
    with pytest.raises(AssertionError):
        machine.nobody_is_lost_between_two_people()
