"""Asking for changes of limits: what is refused, what is applied at once, what waits for a second person."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from activation.catalogue import Channel
from callcenter.floor import approvals, changes, limits, standing
from callcenter.floor.audit import Act
from callcenter.floor.customers import Notice
from callcenter.floor.people import Role
from callcenter.floor.policy import Policy
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import Change, Counter, Initiator, Method, ReasonCode, Request, RequestStatus

LARKSPUR, LARKSPUR_ABROAD, CALDER = "40718621", "62309581", "51203471"
MAK, MAK_VISTA, KMS, FOREIGN_MAK, RETAIL = 3001, 3002, 4001, 3004, 1001
FOREIGN_KEY = "ABCDE-FGH1J-KLMNP-QRSTU-VWXY2"


def room(floor: Any, serial: int = MAK, counter: Counter = Counter.INSTALLATIONS, seat: str | None = None) -> limits.SmallRaise:
    return floor.do(lambda tx: limits.small_raise(tx, tx.keys.get(serial), counter, seat, floor.policy, floor.now))


def test_a_small_raise_is_applied_at_once_and_says_who_why_and_how(floor: Any) -> None:
    claimant = floor.verified()
    request = floor.ask(floor.wish(25, claimant=claimant, reason=ReasonCode.RE_IMAGE, words=" new lab "))
    assert floor.key().allowed == 75
    assert request == replace(
        floor.request(request.id),
        status=RequestStatus.APPLIED,
        asker="amira",
        initiator=Initiator.CUSTOMER,
        agreement=LARKSPUR,
        contact="imogen",
        verified_by=Method.CALL_BACK,
        counter=Counter.INSTALLATIONS,
        reason=ReasonCode.RE_IMAGE,
        words="new lab",
        decider=None,
        case_number=claimant.case_number,
    )
    assert floor.acts() == [Act.CALLED_CONTACT, Act.VERIFIED, Act.APPLIED]


def test_the_record_holds_before_and_after_and_the_words_stand_outside(floor: Any) -> None:
    floor.ask(floor.wish(25, claimant=floor.verified(), words="told by Imogen"))
    (entry,) = floor.do(lambda tx: tx.audit.newest(1))
    assert entry.subject == f"key/{MAK}"
    assert '"allowed after":75' in entry.detail
    assert '"allowed before":50' in entry.detail
    assert "Imogen" not in repr(entry)
    assert floor.do(lambda tx: tx.audit.personal_text(entry.personal)) == "told by Imogen"


def test_the_customer_is_told_in_the_portal_and_by_text_message(floor: Any) -> None:
    floor.ask(floor.wish(25, claimant=floor.verified()))
    (notice,) = floor.do(lambda tx: tx.notices.of_agreement(LARKSPUR))
    assert isinstance(notice, Notice)
    assert notice.sentence.startswith(
        "The limit of your key number 3001 was raised by 25 (installations). This creates no invoice."
    )
    _, message = floor.outbox()  # the ring to the number on file comes first
    assert message["to"] == "+441632960107", "Tobias may only fetch keys"
    assert message["body"].startswith(notice.sentence)
    assert "simulator" in message["body"]


def test_the_timeline_of_the_call_shows_the_request(floor: Any) -> None:
    claimant = floor.verified()
    request = floor.ask(floor.wish(25, claimant=claimant))
    case = floor.do(lambda tx: tx.cases.find(claimant.case_number))
    happenings = floor.do(lambda tx: tx.timeline.of_call(case.call_sid))
    assert [(each.actor, each.kind) for each in happenings] == [
        ("amira", Act.CALLED_CONTACT),
        ("amira", Act.VERIFIED),
        ("amira", Act.APPLIED),
    ]
    assert happenings[-1].detail["request"] == request.id


def test_a_raise_above_the_limit_is_held_and_changes_nothing(floor: Any) -> None:
    request = floor.ask(floor.wish(26, claimant=floor.verified()))
    assert request.status is RequestStatus.HELD
    assert request.expires_at == floor.now + floor.policy.approval_expires_after
    assert request.seen == {"allowed": 50, "used": 45, "key": "open", "agreement": "active", "contact": "may ask"}
    assert floor.key().allowed == 50
    assert floor.do(lambda tx: tx.requests.held()) == (request,)
    assert floor.do(lambda tx: tx.notices.of_agreement(LARKSPUR)) == ()
    assert floor.acts()[-1] == Act.ASKED


@pytest.mark.parametrize(("allowed", "limit"), [(0, 25), (50, 25), (250, 25), (259, 25), (260, 26), (5000, 500)])
def test_the_limit_is_the_larger_of_both(allowed: int, limit: int) -> None:
    assert limits.small_raise_limit(allowed, Policy()) == limit


def test_small_raises_add_up_over_all_agents_and_make_no_room_for_more(floor: Any) -> None:
    floor.add_key(3100, "vista-business", Channel.MAK, 1000, 0, LARKSPUR)
    wish = floor.wish(60, claimant=floor.verified(floor.open_case(3100)), serial=3100)
    assert floor.ask(wish).status is RequestStatus.APPLIED
    assert room(floor, 3100) == limits.SmallRaise(base=1000, limit=100, raised=60)
    assert floor.ask(replace(wish, amount=41), floor.acting("bruno")).status is RequestStatus.HELD
    assert floor.ask(replace(wish, amount=40), floor.acting("bruno")).status is RequestStatus.APPLIED
    assert room(floor, 3100).left == 0
    assert floor.ask(replace(wish, amount=1), floor.celeste()).status is RequestStatus.HELD


def test_the_room_comes_back_when_the_window_has_passed(floor: Any) -> None:
    floor.ask(floor.wish(25, claimant=floor.verified()))
    floor.later(floor.policy.window)
    assert room(floor).left == 0
    floor.later(timedelta(microseconds=1))
    assert room(floor) == limits.SmallRaise(base=75, limit=25, raised=0)


def test_what_a_second_person_approved_takes_no_room(floor: Any) -> None:
    held = floor.ask(floor.wish(450, claimant=floor.verified()))
    floor.do(lambda tx: approvals.approve(tx, floor.celeste(), held.id, "", floor.policy))
    assert room(floor) == limits.SmallRaise(base=500, limit=50, raised=0)


@pytest.mark.parametrize("amount", [0, -1, changes.MOST_AT_ONCE + 1])
def test_an_amount_out_of_bounds_is_refused(floor: Any, amount: int) -> None:
    assert floor.ask(floor.wish(amount, claimant=floor.verified())) == changes.AMOUNT
    assert floor.key().allowed == 50


@pytest.mark.parametrize(("typed", "amount"), [("25", 25), (" 1 000 ", 1000), ("0025", 25)])
def test_a_typed_number_is_read(typed: str, amount: int) -> None:
    assert limits.read_amount(typed) == amount


@pytest.mark.parametrize("typed", ["", "ten", "2.5e3", "+5", "٣", "1000000", "5x", "-5", "2.5", "1:30"])
def test_anything_else_typed_is_refused(typed: str) -> None:
    assert limits.read_amount(typed) == changes.AMOUNT


def test_an_unknown_key_is_refused(floor: Any) -> None:
    assert floor.ask(floor.wish(serial=9999, claimant=floor.verified())) == changes.UNKNOWN_KEY


def test_nothing_is_raised_for_a_caller_who_was_not_verified(floor: Any) -> None:
    refused = floor.ask(floor.wish(1, claimant=floor.claimant()))
    assert refused.code == "verification.missing"
    assert floor.key().allowed == 50
    assert floor.acts() == []


def test_a_verification_in_another_case_counts_for_nothing(floor: Any) -> None:
    floor.verified()
    assert floor.ask(floor.wish(1, claimant=floor.claimant())).code == "verification.missing"


def test_a_contact_without_the_right_gets_nothing(floor: Any) -> None:
    floor.later(timedelta(days=40))  # the number on file is old enough to be trusted
    assert floor.ask(floor.wish(1, claimant=floor.verified(contact="tobias"))).code == "verification.right"


def test_an_ended_agreement_gets_nothing(floor: Any) -> None:
    claimant = floor.verified()
    floor.alter("UPDATE agreements SET active = 0 WHERE number = :number", number=LARKSPUR)
    assert floor.ask(floor.wish(1, claimant=claimant)).code == "verification.ended"


def test_a_locked_agreement_gets_nothing(floor: Any) -> None:
    claimant = floor.verified()
    for _ in range(floor.policy.wrong_numbers_before_lock):
        floor.do(lambda tx: tx.verifications.failed(f"agreement/{LARKSPUR}", floor.now))
    assert floor.ask(floor.wish(1, claimant=claimant)).code == "verification.locked"


def test_the_key_of_another_organisation_is_refused(floor: Any) -> None:
    claimant = floor.verified(floor.open_case(serial=None))
    wish = floor.wish(1, claimant=claimant, serial=FOREIGN_MAK, product_group="server-2008-b")
    assert floor.ask(wish) == changes.OTHER_KEY


def test_a_key_of_the_same_organisations_other_agreement_may_be_raised(floor: Any) -> None:
    claimant = floor.verified(agreement=LARKSPUR_ABROAD, contact="greta")
    assert floor.ask(floor.wish(5, claimant=claimant)).status is RequestStatus.APPLIED
    told = [floor.do(lambda tx, n=number: len(tx.notices.of_agreement(n))) for number in (LARKSPUR, LARKSPUR_ABROAD)]
    assert told == [1, 1], "both agreements hear of it"


def test_a_key_for_another_product_group_is_refused_and_the_right_one_named(floor: Any) -> None:
    refused = floor.ask(floor.wish(5, claimant=floor.verified(), serial=MAK_VISTA))
    assert isinstance(refused, Refusal)
    assert refused.sentence == "That key is for Windows Vista; the caller asks about Windows 7. Choose the key for that."


def test_the_product_group_that_the_caller_chose_on_the_line_decides(floor: Any) -> None:
    case = floor.open_case(serial=None, reason="agent.more_activations", product_group="vista")
    claimant = floor.verified(case)
    assert floor.ask(floor.wish(5, claimant=claimant)).code == "limits.product"
    assert floor.ask(floor.wish(5, claimant=claimant, serial=MAK_VISTA)).status is RequestStatus.APPLIED


def test_the_agent_may_say_that_the_caller_asks_about_another_product(floor: Any) -> None:
    wish = floor.wish(5, claimant=floor.verified(), serial=MAK_VISTA, product_group="vista")
    assert floor.ask(wish).status is RequestStatus.APPLIED


def test_without_any_product_group_nothing_is_guessed(floor: Any) -> None:
    claimant = floor.verified(floor.open_case(serial=None))
    assert floor.ask(floor.wish(5, claimant=claimant)) == limits.NAME_PRODUCT


def test_a_retail_key_has_no_limit_to_raise(floor: Any) -> None:
    assert floor.ask(floor.wish(1, serial=RETAIL), floor.acting("nadia", Role.ADMINISTRATOR)) == changes.NOT_VOLUME


def test_a_blocked_key_is_not_raised(floor: Any) -> None:
    claimant = floor.verified()
    floor.do(lambda tx: tx.keys.set_blocked(MAK, blocked=True))
    assert floor.ask(floor.wish(1, claimant=claimant)) == changes.BLOCKED


def test_other_needs_words(floor: Any) -> None:
    claimant = floor.verified()
    assert floor.ask(floor.wish(1, claimant=claimant, reason=ReasonCode.OTHER, words="  ")) == limits.NEEDS_WORDS
    assert floor.ask(floor.wish(1, claimant=claimant, words="x" * 1001)) == limits.TOO_MANY_WORDS
    assert isinstance(floor.ask(floor.wish(1, claimant=claimant, reason=ReasonCode.OTHER, words="a school fair")), Request)


def test_a_foreign_key_in_the_words_is_removed(floor: Any) -> None:
    request = floor.ask(floor.wish(1, claimant=floor.verified(), words=f"they read {FOREIGN_KEY}"))
    assert request.words == floor.request(request.id).words == "they read [product key removed]"
    assert FOREIGN_KEY not in repr(floor.do(lambda tx: [tx.audit.personal_text(e.personal or "") for e in tx.audit.newest(9)]))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_those_who_serve_calls_ask_for_customers(floor: Any, role: Role) -> None:
    assert floor.ask(floor.wish(1, claimant=floor.verified()), floor.acting("x", role)) == standing.NOT_ALLOWED


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR_AGENT, Role.SUPERVISOR, Role.AUDITOR])
def test_only_those_who_manage_keys_ask_for_the_vendor(floor: Any, role: Role) -> None:
    assert floor.ask(floor.wish(1), floor.acting("x", role)) == standing.NOT_ALLOWED


def test_the_vendors_own_change_is_recorded_as_such_and_the_customer_is_told(floor: Any) -> None:
    request = floor.ask(floor.wish(5, reason=ReasonCode.VENDOR_CORRECTION), floor.acting("nadia", Role.ADMINISTRATOR))
    assert (request.status, request.initiator) == (RequestStatus.APPLIED, Initiator.VENDOR)
    assert (request.agreement, request.contact, request.verified_by, request.case_number) == (None, None, None, None)
    assert len(floor.do(lambda tx: tx.notices.of_agreement(LARKSPUR))) == 1


def test_the_vendors_large_raise_waits_for_a_second_person_too(floor: Any) -> None:
    assert floor.ask(floor.wish(26), floor.acting("nadia", Role.ADMINISTRATOR)).status is RequestStatus.HELD


def test_the_same_wish_is_not_held_twice(floor: Any) -> None:
    wish = floor.wish(300, claimant=floor.verified())
    assert floor.ask(wish).status is RequestStatus.HELD
    assert floor.ask(wish) == limits.ASKED_ALREADY
    assert floor.ask(replace(wish, amount=301)).status is RequestStatus.HELD


# --------------------------------------------------------------------------------------------- KMS


def test_a_raise_of_a_kms_key_names_which_limit(floor: Any) -> None:
    wish = floor.wish(1, claimant=floor.verified(), serial=KMS)
    assert floor.ask(wish) == changes.NAME_COUNTER
    assert floor.ask(replace(wish, counter=Counter.INSTALLATIONS)) == changes.NAME_COUNTER
    assert floor.ask(replace(wish, serial=MAK, counter=Counter.HOSTS)) == changes.NOT_KMS


def test_more_hosts_for_a_kms_key(floor: Any) -> None:
    wish = floor.wish(3, claimant=floor.verified(), serial=KMS, counter=Counter.HOSTS)
    assert floor.ask(wish).status is RequestStatus.APPLIED
    assert floor.key(KMS).allowed == 9


def test_more_activations_for_one_host_and_no_other(floor: Any) -> None:
    first, second = floor.install(KMS, "host one"), floor.install(KMS, "host two")
    wish = floor.wish(7, claimant=floor.verified(), serial=KMS, counter=Counter.HOST_ISSUES, seat=second)
    assert floor.ask(wish).status is RequestStatus.APPLIED
    hosts = {host.seat: host.issues_allowed for host in floor.do(lambda tx: tx.keys.hosts(KMS, 9))}
    assert hosts == {first: 10, second: 17}
    assert room(floor, KMS, Counter.HOST_ISSUES, second) == limits.SmallRaise(base=10, limit=25, raised=7)


def test_small_raises_of_one_key_add_up_whichever_counter_they_are_of(floor: Any) -> None:
    seat = floor.install(KMS, "host one")
    claimant = floor.verified()
    issues = floor.wish(20, claimant=claimant, serial=KMS, counter=Counter.HOST_ISSUES, seat=seat)
    assert floor.ask(issues).status is RequestStatus.APPLIED
    assert room(floor, KMS, Counter.HOSTS).left == 5
    hosts = floor.wish(6, claimant=claimant, serial=KMS, counter=Counter.HOSTS)
    assert floor.ask(hosts).status is RequestStatus.HELD
    assert floor.ask(replace(hosts, amount=5)).status is RequestStatus.APPLIED


@pytest.mark.parametrize("seat", [None, "nobody's"])
def test_a_host_must_be_one_of_the_keys(floor: Any, seat: str | None) -> None:
    floor.install(KMS, "host one")
    wish = floor.wish(1, claimant=floor.verified(), serial=KMS, counter=Counter.HOST_ISSUES, seat=seat)
    assert floor.ask(wish) == changes.NAME_HOST


# --------------------------------------------------------------------------------------------- lowering and blocking


def test_lowering_waits_for_a_second_person(floor: Any) -> None:
    request = floor.ask(floor.wish(45, change=Change.LOWER, claimant=floor.verified()))
    assert (request.status, request.amount) == (RequestStatus.HELD, 45)
    assert floor.key().allowed == 50


@pytest.mark.parametrize(("to", "code"), [(44, "limits.below_use"), (-1, "limits.below_use"), (50, "limits.not_lower")])
def test_a_limit_is_never_lowered_below_use_nor_upward(floor: Any, to: int, code: str) -> None:
    assert floor.ask(floor.wish(to, change=Change.LOWER, claimant=floor.verified())).code == code


def test_the_activations_of_a_host_are_not_lowered(floor: Any) -> None:
    seat = floor.install(KMS, "host one")
    wish = floor.wish(5, change=Change.LOWER, claimant=floor.verified(), serial=KMS, counter=Counter.HOST_ISSUES, seat=seat)
    assert floor.ask(wish).code == "limits.host_lower"


def test_a_leaked_key_is_blocked_at_once_and_unblocked_by_two(floor: Any) -> None:
    claimant = floor.verified()
    block = floor.wish(0, change=Change.BLOCK, claimant=claimant, reason=ReasonCode.KEY_LEAKED)
    assert floor.ask(block).status is RequestStatus.APPLIED
    assert floor.key().blocked
    assert floor.ask(block).sentence == "The key is blocked already."
    assert floor.ask(replace(block, change=Change.UNBLOCK)).status is RequestStatus.HELD
    assert floor.key().blocked


def test_blocking_takes_a_verified_caller_too(floor: Any) -> None:
    assert floor.ask(floor.wish(0, change=Change.BLOCK, claimant=floor.claimant())).code == "verification.missing"
    assert not floor.key().blocked


def test_the_vendor_blocks_any_key(floor: Any) -> None:
    wish = floor.wish(0, change=Change.BLOCK, serial=RETAIL, reason=ReasonCode.KEY_LEAKED)
    assert floor.ask(wish, floor.acting("nadia", Role.ADMINISTRATOR)).status is RequestStatus.APPLIED
    assert floor.key(RETAIL).blocked
    assert floor.outbox() == [], "a retail key has nobody on file"
