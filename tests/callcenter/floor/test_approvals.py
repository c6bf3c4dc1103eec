"""Four eyes: who may decide, what is checked again, what has changed since, and what nobody decided."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from callcenter.floor import approvals
from callcenter.floor.audit import Act
from callcenter.floor.people import Role
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import Change, Counter, ReasonCode, Request, RequestStatus

LARKSPUR, MAK, KMS = "40718621", 3001, 4001
FOREIGN_KEY = "ABCDE-FGH1J-KLMNP-QRSTU-VWXY2"


@pytest.fixture
def held(floor: Any) -> Request:
    """A raise by 400 that Amira asked for."""
    return floor.ask(floor.wish(400, claimant=floor.verified()))


def approve(floor: Any, request: Request, words: str = "", **who: Any) -> Request | Refusal:
    acting = floor.acting(**who) if who else floor.celeste()
    return floor.do(lambda tx: approvals.approve(tx, acting, request.id, words, floor.policy))


def refuse(floor: Any, request: Request, words: str, **who: Any) -> Request | Refusal:
    acting = floor.acting(**who) if who else floor.celeste()
    return floor.do(lambda tx: approvals.refuse(tx, acting, request.id, words, floor.policy))


def changes_since(floor: Any, request: Request) -> tuple[str, ...]:
    return floor.do(lambda tx: approvals.changes_since(tx, request))


def test_an_approval_applies_the_change_and_tells_the_customer(floor: Any, held: Request) -> None:
    approved = approve(floor, held, "checked with the reseller")
    assert isinstance(approved, Request)
    assert (approved.status, approved.decider, approved.decided_at) == (RequestStatus.APPLIED, "celeste", floor.now)
    assert floor.request(held.id) == approved
    assert floor.key().allowed == 450
    assert floor.acts()[-1] == Act.APPROVED
    assert len(floor.do(lambda tx: tx.notices.of_agreement(LARKSPUR))) == 1


def test_a_refusal_needs_words_and_changes_nothing(floor: Any, held: Request) -> None:
    assert refuse(floor, held, "  ") == approvals.SAY_WHY
    refused = refuse(floor, held, f"that many are not licensed, see {FOREIGN_KEY}")
    assert isinstance(refused, Request)
    assert refused.status is RequestStatus.REFUSED
    assert refused.decision_words == "that many are not licensed, see [product key removed]"
    assert floor.key().allowed == 50
    assert floor.do(lambda tx: tx.notices.of_agreement(LARKSPUR)) == ()


def test_nobody_decides_their_own(floor: Any) -> None:
    own = floor.ask(floor.wish(400, claimant=floor.verified()), floor.celeste())
    assert approve(floor, own) == refuse(floor, own, "no") == approvals.OWN
    assert floor.key().allowed == 50
    assert floor.request(own.id).status is RequestStatus.HELD
    assert isinstance(approve(floor, own, name="dagmar", role=Role.SUPERVISOR), Request)


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR_AGENT, Role.ADMINISTRATOR, Role.AUDITOR])
def test_only_supervisors_decide(floor: Any, held: Request, role: Role) -> None:
    assert approve(floor, held, name="x", role=role) == refuse(floor, held, "no", name="x", role=role) == approvals.NOT_ALLOWED
    assert floor.key().allowed == 50


def test_whoever_asked_may_withdraw_and_nobody_else(floor: Any, held: Request) -> None:
    assert floor.do(lambda tx: approvals.withdraw(tx, floor.celeste(), held.id, "", floor.policy)) == approvals.NOT_OWN
    withdrawn = floor.do(lambda tx: approvals.withdraw(tx, floor.acting(), held.id, "not needed", floor.policy))
    assert (withdrawn.status, withdrawn.decider) == (RequestStatus.REFUSED, "amira")
    assert floor.acts()[-1] == Act.WITHDREW
    assert isinstance(approve(floor, held), Refusal)


def test_what_is_decided_is_decided(floor: Any, held: Request) -> None:
    approve(floor, held)
    again = approve(floor, held, name="dagmar", role=Role.SUPERVISOR)
    assert isinstance(again, Refusal)
    assert again.sentence == "Nothing is left to decide: the request was applied by celeste."
    assert isinstance(refuse(floor, held, "no"), Refusal)
    assert floor.key().allowed == 450


def test_an_unknown_request_is_refused(floor: Any, held: Request) -> None:
    assert approve(floor, replace(held, id="nobody's")) == approvals.UNKNOWN


def test_too_many_words_are_refused(floor: Any, held: Request) -> None:
    assert approve(floor, held, "x" * 1001).code == "limits.words"
    assert floor.request(held.id).status is RequestStatus.HELD


# --------------------------------------------------------------------------------------------- expiry


@pytest.mark.parametrize("seconds", [0, 1])
def test_an_expired_request_is_closed_by_whoever_comes_too_late(floor: Any, held: Request, seconds: int) -> None:
    floor.later(floor.policy.approval_expires_after + timedelta(seconds=seconds))
    assert approve(floor, held) == approvals.TOO_LATE
    assert floor.request(held.id).status is RequestStatus.EXPIRED
    assert floor.key().allowed == 50


def test_the_clerk_closes_what_nobody_decided(floor: Any, held: Request) -> None:
    def expire() -> int:
        return floor.do(lambda tx: approvals.expire(tx, floor.policy, floor.now))

    floor.later(floor.policy.approval_expires_after - timedelta(seconds=1))
    assert expire() == 0
    floor.later(timedelta(seconds=1))
    assert (expire(), expire()) == (1, 0)
    assert floor.request(held.id).status is RequestStatus.EXPIRED
    happening = floor.do(lambda tx: tx.timeline.of_call(held.call_sid))[-1]
    assert (happening.actor, happening.kind) == (approvals.CLERK, approvals.REQUEST_EXPIRED)


def test_a_stricter_policy_counts_for_what_is_held_already(floor: Any, held: Request) -> None:
    floor.policy = replace(floor.policy, approval_expires_after=timedelta(hours=1))
    floor.later(timedelta(hours=1))
    assert approve(floor, held) == approvals.TOO_LATE


# --------------------------------------------------------------------------------------------- checked again


@pytest.mark.parametrize(
    ("happens", "because"),
    [
        (lambda floor: floor.do(lambda tx: tx.keys.set_blocked(MAK, blocked=True)), "The key is blocked"),
        (
            lambda floor: floor.alter("UPDATE agreements SET active = 0 WHERE number = :number", number=LARKSPUR),
            "That agreement has ended",
        ),
        (
            lambda floor: floor.alter("UPDATE contacts SET rights = 'fetch keys' WHERE id = 'imogen'"),
            "That contact may not raise counts",
        ),
        (lambda floor: floor.alter("DELETE FROM contacts WHERE id = 'imogen'"), "That person is not named"),
    ],
)
def test_what_is_no_longer_possible_fails_and_changes_nothing(
    floor: Any, held: Request, happens: Callable[[Any], object], because: str
) -> None:
    happens(floor)
    failed = approve(floor, held, "fine.")
    assert isinstance(failed, Request)
    assert failed.status is RequestStatus.FAILED
    assert failed.decision_words.startswith(f"fine. {because}")
    assert floor.key().allowed == 50
    assert floor.acts()[-1] == Act.FAILED
    assert floor.request(held.id) == failed


def test_a_lock_stops_the_approval_but_not_the_request(floor: Any, held: Request) -> None:
    for _ in range(floor.policy.wrong_numbers_before_lock):
        floor.do(lambda tx: tx.verifications.failed(f"agreement/{LARKSPUR}", floor.now))
    assert approve(floor, held).code == "verification.locked"
    assert floor.request(held.id).status is RequestStatus.HELD
    floor.do(lambda tx: tx.verifications.clear(f"agreement/{LARKSPUR}"))
    assert approve(floor, held).status is RequestStatus.APPLIED


def test_a_verification_that_was_fresh_when_asked_stays_good_while_it_waits(floor: Any, held: Request) -> None:
    floor.later(timedelta(hours=20))
    assert approve(floor, held).status is RequestStatus.APPLIED


def test_a_decrease_below_what_is_used_by_now_fails(floor: Any) -> None:
    lower = floor.ask(floor.wish(45, change=Change.LOWER, claimant=floor.verified()))
    floor.install(MAK, "one more")
    failed = approve(floor, lower)
    assert failed.status is RequestStatus.FAILED
    assert failed.decision_words == "46 are in use, so the limit cannot be lower than that."
    assert (floor.key().allowed, floor.key().used) == (50, 46)


def test_a_decrease_that_would_raise_by_now_fails(floor: Any) -> None:
    claimant = floor.verified()
    first, second = (floor.ask(floor.wish(to, change=Change.LOWER, claimant=claimant)) for to in (49, 46))
    assert approve(floor, second).status is RequestStatus.APPLIED
    assert approve(floor, first).status is RequestStatus.FAILED
    assert floor.key().allowed == 46


def test_a_decrease_and_an_unblocking_are_applied_once_approved(floor: Any) -> None:
    claimant = floor.verified()
    lower = floor.ask(floor.wish(46, change=Change.LOWER, claimant=claimant))
    assert approve(floor, lower).status is RequestStatus.APPLIED
    floor.ask(floor.wish(0, change=Change.BLOCK, claimant=claimant, reason=ReasonCode.KEY_LEAKED))
    unblock = floor.ask(floor.wish(0, change=Change.UNBLOCK, claimant=claimant))
    assert approve(floor, unblock).status is RequestStatus.APPLIED
    assert (floor.key().allowed, floor.key().blocked) == (46, False)


def test_more_activations_of_a_host_are_applied_once_approved(floor: Any) -> None:
    seat = floor.install(KMS, "host one")
    wish = floor.wish(500, claimant=floor.verified(), serial=KMS, counter=Counter.HOST_ISSUES, seat=seat)
    assert approve(floor, floor.ask(wish)).status is RequestStatus.APPLIED
    (host,) = floor.do(lambda tx: tx.keys.hosts(KMS, 9))
    assert host.issues_allowed == 510


# --------------------------------------------------------------------------------------------- what has changed since


def test_nothing_has_changed_at_first(floor: Any, held: Request) -> None:
    assert changes_since(floor, held) == ()


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        (lambda floor: floor.install(MAK, "one more"), "Used: 45 when this was asked, 46 now."),
        (
            lambda floor: floor.do(lambda tx: tx.keys.raise_allowed(MAK, 5)),
            "Allowed: 50 when this was asked, 55 now.",
        ),
        (
            lambda floor: floor.do(lambda tx: tx.keys.set_blocked(MAK, blocked=True)),
            "Key: open when this was asked, blocked now.",
        ),
        (
            lambda floor: floor.alter("UPDATE agreements SET active = 0 WHERE number = :number", number=LARKSPUR),
            "Agreement: active when this was asked, ended now.",
        ),
        (
            lambda floor: floor.alter("UPDATE contacts SET rights = '' WHERE id = 'imogen'"),
            "Contact: may ask when this was asked, may not ask now.",
        ),
        (lambda floor: floor.change_phone("imogen"), "The phone number of the contact who asked was changed since."),
        (
            lambda floor: floor.change_phone("tobias"),
            "The phone number of the contact of the same agreement was changed since.",
        ),
        (
            lambda floor: floor.do(lambda tx: tx.verifications.failed(f"agreement/{LARKSPUR}", floor.now)),
            "Wrong agreement numbers or failed verifications at this agreement since: 1.",
        ),
        (
            lambda floor: floor.ask(floor.wish(7, claimant=floor.verified())),
            "Another request for the same key was applied since: raise (7).",
        ),
        (
            lambda floor: floor.ask(floor.wish(700, claimant=floor.verified())),
            "Another request for the same key was held since: raise (700).",
        ),
    ],
)
def test_the_approver_is_shown_what_has_changed_since(
    floor: Any, held: Request, happens: Callable[[Any], object], sentence: str
) -> None:
    floor.later(timedelta(minutes=5))
    happens(floor)
    assert sentence in changes_since(floor, held)


# --------------------------------------------------------------------------------------------- at the same moment


def test_of_two_supervisors_at_the_same_moment_one_decides(floor: Any, held: Request) -> None:
    def decide(name: str) -> Request | Refusal:
        return approve(floor, held, name=name, role=Role.SUPERVISOR)

    results = at_once(lambda: decide("celeste"), lambda: decide("dagmar"))
    assert sorted(type(result).__name__ for result in results) == ["Refusal", "Request"]
    assert floor.key().allowed == 450


def test_of_two_agents_at_the_same_moment_only_one_gets_the_last_of_the_room(floor: Any) -> None:
    wish = floor.wish(20, claimant=floor.verified())
    results = at_once(lambda: floor.ask(wish, floor.acting("amira")), lambda: floor.ask(wish, floor.acting("bruno")))
    assert {result.status for result in results} == {RequestStatus.APPLIED, RequestStatus.HELD}
    assert floor.key().allowed == 70


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each gives, all begun together in threads of their own."""
    start = Barrier(len(works))

    def begin(work: Callable[[], Any]) -> Any:
        start.wait(timeout=10)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))
