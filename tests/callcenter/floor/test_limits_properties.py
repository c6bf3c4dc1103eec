"""Whatever anybody asks, approves or activates in whatever order: no limit grows beyond policy without a second person."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from callcenter.floor import approvals, limits
from callcenter.floor.audit import verify
from callcenter.floor.people import Role
from callcenter.floor.permissions import Action, may
from callcenter.floor.policy import Policy
from callcenter.floor.requests import Change, Request, RequestStatus

MAK = 3001
PEOPLE = {
    "amira": Role.AGENT,
    "bruno": Role.SENIOR_AGENT,
    "celeste": Role.SUPERVISOR,
    "dagmar": Role.SUPERVISOR,
    "nadia": Role.ADMINISTRATOR,
}
people = st.sampled_from(sorted(PEOPLE))


@settings(deadline=None)
@given(allowed=st.integers(0, 10**7), percent=st.integers(0, 100), count=st.integers(0, 1000), more=st.integers(0, 10**6))
def test_the_limit_never_falls_below_either_part_and_grows_with_the_allowance(
    allowed: int, percent: int, count: int, more: int
) -> None:
    policy = Policy(small_raise_percent=percent, small_raise_count=count)
    limit = limits.small_raise_limit(allowed, policy)
    assert limit >= count
    assert limit * 100 > allowed * percent - 100
    assert limit in (count, allowed * percent // 100)
    assert limits.small_raise_limit(allowed + more, policy) >= limit


@settings(deadline=None)
@given(asked=st.lists(st.integers(1, 400), max_size=30), base=st.integers(0, 5000))
def test_one_person_alone_never_gets_further_than_the_limit_of_the_first_allowance(asked: list[int], base: int) -> None:
    allowed, raised = base, 0
    for amount in asked:
        room = limits.SmallRaise(allowed - raised, limits.small_raise_limit(allowed - raised, Policy()), raised)
        if amount <= room.left:
            allowed, raised = allowed + amount, raised + amount
    assert allowed <= base + max(25, base // 10)


class Lifecycle(RuleBasedStateMachine):
    """Everybody does everything to one key; the machine keeps a ledger of its own."""

    open_floor: Callable[[], Any]

    def __init__(self) -> None:
        super().__init__()
        self.floor = self.open_floor()
        self.machines = 0
        self.alone: list[tuple[datetime, int]] = []
        self.expected = 50

    def _acting(self, name: str) -> Any:
        return self.floor.acting(name, PEOPLE[name])

    def _noted(self, result: object, before: int) -> None:
        """Keeps the ledger: what was applied just now, and by whose leave."""
        if not isinstance(result, Request) or result.status is not RequestStatus.APPLIED:
            assert self.floor.key().allowed == before
            return
        if result.change is Change.RAISE and result.decider is None:
            self._allow_alone(result.amount, before)
        if result.change is Change.RAISE:
            self.expected += result.amount
        if result.change is Change.LOWER:
            assert result.decider is not None
            self.expected = result.amount

    def _allow_alone(self, amount: int, before: int) -> None:
        now, window = self.floor.now, self.floor.policy.window
        lately = sum(each for at, each in self.alone if at >= now - window)
        assert lately + amount <= max(25, (before - lately) // 10)
        self.alone.append((now, amount))

    def _ask(self, name: str, change: Change, amount: int = 0) -> None:
        """As the vendor where the person manages keys, else for a contact who was verified."""
        claimant = self.floor.verified() if may(PEOPLE[name], Action.ASK_CHANGES) else None
        before = self.floor.key().allowed
        wish = self.floor.wish(amount, change=change, claimant=claimant)
        self._noted(self.floor.ask(wish, self._acting(name)), before)

    @rule(name=people, amount=st.sampled_from([0, 1, 5, 12, 24, 25]))
    def ask_for_little(self, name: str, amount: int) -> None:
        self._ask(name, Change.RAISE, amount)

    @rule(name=people, amount=st.sampled_from([26, 60, 300]))
    def ask_for_much(self, name: str, amount: int) -> None:
        self._ask(name, Change.RAISE, amount)

    @rule(name=people, of_allowed=st.sampled_from([-60, -5, -1, 0]))
    def ask_to_lower(self, name: str, of_allowed: int) -> None:
        self._ask(name, Change.LOWER, self.floor.key().allowed + of_allowed)

    @rule(name=people)
    def ask_to_block_or_unblock(self, name: str) -> None:
        self._ask(name, Change.UNBLOCK if self.floor.key().blocked else Change.BLOCK)

    @rule(name=people, act=st.sampled_from([approvals.approve, approvals.refuse, approvals.withdraw]))
    def decide(self, name: str, act: Callable[..., Any]) -> None:
        for request in self.floor.do(lambda tx: tx.requests.held())[:1]:
            self._decide(name, act, request.id)

    @rule(names=st.permutations(["celeste", "dagmar"]))
    def approve_what_is_held(self, names: list[str]) -> None:
        """Both supervisors try, so that whichever did not ask gets through."""
        for request in self.floor.do(lambda tx: tx.requests.held())[:1]:
            for name in names:
                self._decide(name, approvals.approve, request.id)
            assert self.floor.request(request.id).status in (RequestStatus.APPLIED, RequestStatus.FAILED)

    def _decide(self, name: str, act: Callable[..., Any], id: str) -> None:
        before, acting = self.floor.key().allowed, self._acting(name)
        self._noted(self.floor.do(lambda tx: act(tx, acting, id, "words", self.floor.policy)), before)

    @rule(hours=st.sampled_from([1, 20, 24 * 9, 24 * 31]))
    def wait(self, hours: int) -> None:
        self.floor.later(timedelta(hours=hours))
        self.floor.do(lambda tx: approvals.expire(tx, self.floor.policy, self.floor.now))

    @rule()
    def activate(self) -> None:
        key = self.floor.key()
        if key.used < key.allowed:
            self.machines += 1
            self.floor.install(MAK, f"machine {self.machines}")

    @invariant()
    def the_count_is_what_the_requests_say(self) -> None:
        key = self.floor.key()
        assert key.used <= key.allowed == self.expected

    @invariant()
    def nobody_decided_their_own_and_only_those_who_may(self) -> None:
        for request in self.floor.do(lambda tx: tx.requests.recent(1000)):
            if request.status is RequestStatus.APPLIED and request.decider:
                assert request.decider != request.asker
                assert may(PEOPLE[request.decider], Action.APPROVE)

    @invariant()
    def the_record_is_sound(self) -> None:
        entries = self.floor.do(lambda tx: tx.audit.after(0, 10_000))
        assert verify(entries, b"k" * 32, [], lambda reference: None) == ()


def test_no_order_of_asking_and_approving_passes_the_policy(new_floor: Callable[[], Any]) -> None:
    machine = type("Machine", (Lifecycle,), {"open_floor": staticmethod(new_floor)})
    quick = settings(
        max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    run_state_machine_as_test(machine, settings=quick)
