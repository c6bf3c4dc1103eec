"""Who a caller is: the agreement they name, the contact they claim to be, the three methods, and what guessing leads to."""

from datetime import timedelta
from typing import Any

import pytest

from callcenter.floor import locks, verification
from callcenter.floor.audit import Act
from callcenter.floor.customers import Agreement, Passed, Right
from callcenter.floor.people import Role
from callcenter.floor.private_facts import NO_RAISE_YET, NOT_ITS_KEY, NOT_THIS_KEY, USED_UP, FactKind
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import Method
from callcenter.floor.verification import Claimant

LARKSPUR, LARKSPUR_ABROAD, CALDER, ENDED, NOBODYS = "40718621", "62309581", "51203471", "53748509", "11111114"
MAK, MAK_VISTA, RETAIL = 3001, 3002, 1001
CODE_KEY = b"c" * 32


def find(floor: Any, case: str, keyed: str) -> Agreement | Refusal:
    return floor.do(lambda tx: verification.find_agreement(tx, floor.acting(), case, keyed, floor.policy))


def code_for(floor: Any, contact: str = "imogen", code: int = 4711) -> str:
    return floor.do(lambda tx: verification.issue_code(tx, CODE_KEY, LARKSPUR, contact, floor.now, lambda below: code % below))


def read_code(floor: Any, claimant: Claimant, code: str) -> Passed | Refusal:
    return floor.do(lambda tx: verification.one_time_code(tx, floor.acting(), claimant, code, CODE_KEY, floor.policy))


def tell(floor: Any, claimant: Claimant, kind: FactKind, answer: str, serial: int | None = None) -> Passed | Refusal:
    return floor.do(lambda tx: verification.private_fact(tx, floor.acting(), claimant, kind, answer, floor.policy, serial))


def ring(floor: Any, claimant: Claimant) -> None:
    floor.do(lambda tx: verification.call_contact(tx, floor.acting(), claimant, floor.policy))


def they_confirm(floor: Any, claimant: Claimant) -> Passed | Refusal:
    return floor.do(lambda tx: verification.call_back(tx, floor.acting(), claimant, floor.policy))


def passes(floor: Any, case: str) -> list[str]:
    return [passed.method for passed in floor.do(lambda tx: tx.verifications.passes(case))]


def test_the_agreement_of_the_calls_key_is_found_however_it_is_typed(floor: Any) -> None:
    found = find(floor, floor.open_case(), " 4071-8621 ")
    assert isinstance(found, Agreement)
    assert found.number == LARKSPUR
    assert floor.acts() == [Act.AGREEMENT_FOUND]


def test_another_agreement_of_the_same_organisation_does_too(floor: Any) -> None:
    assert isinstance(find(floor, floor.open_case(), LARKSPUR_ABROAD), Agreement)


@pytest.mark.parametrize("case", [{"serial": None}, {"serial": RETAIL}])
def test_a_call_whose_key_has_no_agreement_takes_any(floor: Any, case: dict[str, Any]) -> None:
    assert isinstance(find(floor, floor.open_case(**case), CALDER), Agreement)


@pytest.mark.parametrize(
    ("keyed", "code"),
    [
        (NOBODYS, "verification.number"),
        (ENDED, "verification.ended"),
        (CALDER, "verification.organisation"),
    ],
)
def test_a_number_that_does_not_fit_is_refused_and_counted(floor: Any, keyed: str, code: str) -> None:
    case = floor.open_case()
    refused = find(floor, case, keyed)
    assert isinstance(refused, Refusal)
    assert refused.code == code
    assert refused.sentence.endswith("4 more and it is locked.")
    assert floor.do(lambda tx: locks.failures(tx, locks.case_scope(case), floor.policy, floor.now)) == 1
    assert floor.acts() == [Act.AGREEMENT_NOT_FOUND]


@pytest.mark.parametrize("keyed", ["", "4071862", "40718622", "407186211", "ABCDE-FGHIJ-KLMNO-PQRST-UVWXY"])
def test_a_slip_that_is_no_agreement_number_goes_back_uncounted(floor: Any, keyed: str) -> None:
    case = floor.open_case()
    refusals = [find(floor, case, keyed) for _ in range(floor.policy.wrong_numbers_before_lock + 1)]
    assert set(refusals) == {verification.MISTYPED}
    assert floor.acts() == []
    assert isinstance(find(floor, case, LARKSPUR), Agreement)


def test_a_case_that_does_not_exist_is_refused(floor: Any) -> None:
    assert find(floor, "999999", LARKSPUR) == verification.UNKNOWN_CASE


def test_repeated_wrong_numbers_lock_the_case_even_for_the_right_one(floor: Any) -> None:
    case = floor.open_case()
    for _ in range(floor.policy.wrong_numbers_before_lock):
        last = find(floor, case, NOBODYS)
    assert last.sentence.endswith("It is locked now; a supervisor can unlock it.")
    refused = find(floor, case, LARKSPUR)
    assert isinstance(refused, Refusal)
    assert refused.code == "verification.locked"
    assert isinstance(find(floor, floor.open_case(), LARKSPUR), Agreement), "another case is open"


def test_guessing_at_one_agreement_from_many_cases_locks_the_agreement(floor: Any) -> None:
    for _ in range(floor.policy.wrong_numbers_before_lock):
        find(floor, floor.open_case(), CALDER)
    refused = find(floor, floor.open_case(serial=3004), CALDER)
    assert isinstance(refused, Refusal)
    assert refused.sentence == "The agreement 51203471 is locked after 5 failed attempts. A supervisor can unlock it."


def test_unknown_numbers_of_call_after_call_lock_the_agent(floor: Any) -> None:
    for _ in range(locks.AGENT_CALLERS):
        case = floor.open_case()
        for _ in range(floor.policy.wrong_numbers_before_lock):
            find(floor, case, NOBODYS)
    refused = find(floor, floor.open_case(), LARKSPUR)
    assert isinstance(refused, Refusal)
    assert refused.sentence == "The agent amira is locked after 10 failed attempts. A supervisor can unlock it."
    bruno, case = floor.acting("bruno"), floor.open_case()
    found = floor.do(lambda tx: verification.find_agreement(tx, bruno, case, LARKSPUR, floor.policy))
    assert isinstance(found, Agreement), "a colleague goes on"
    assert floor.do(lambda tx: locks.unlock(tx, floor.celeste(), locks.agent_scope("amira"))) is None
    assert isinstance(find(floor, floor.open_case(), LARKSPUR), Agreement)


def test_a_lock_ends_with_its_window(floor: Any) -> None:
    case = floor.open_case()
    for _ in range(floor.policy.wrong_numbers_before_lock):
        find(floor, case, NOBODYS)
    floor.later(floor.policy.lock_window + timedelta(microseconds=1))
    assert isinstance(find(floor, case, LARKSPUR), Agreement)


def test_a_supervisor_unlocks_and_an_agent_does_not(floor: Any) -> None:
    case = floor.open_case()
    for _ in range(floor.policy.wrong_numbers_before_lock):
        find(floor, case, NOBODYS)
    scope = locks.case_scope(case)
    refused = floor.do(lambda tx: locks.unlock(tx, floor.acting(), scope))
    assert refused.code == "verification.unlock"
    assert floor.do(lambda tx: verification.is_locked(tx, scope, floor.policy, floor.now))
    assert floor.do(lambda tx: locks.unlock(tx, floor.celeste(), scope)) is None
    assert not floor.do(lambda tx: verification.is_locked(tx, scope, floor.policy, floor.now))
    assert floor.acts()[-1] == Act.UNLOCKED


def test_a_call_back_to_the_number_on_file_passes(floor: Any) -> None:
    claimant = floor.verified()
    assert passes(floor, claimant.case_number) == [Method.CALL_BACK]
    assert floor.acts() == [Act.CALLED_CONTACT, Act.VERIFIED]


def test_nobody_confirms_who_was_not_rung_from_this_case(floor: Any) -> None:
    claimant, elsewhere = floor.claimant(), floor.claimant()
    ring(floor, elsewhere)
    ring(floor, floor.claimant(claimant.case_number, LARKSPUR_ABROAD, "greta"))
    assert they_confirm(floor, claimant) == verification.NOT_RUNG
    assert passes(floor, claimant.case_number) == []


def test_a_ring_before_the_last_failure_or_long_ago_proves_nothing(floor: Any) -> None:
    claimant = floor.claimant()
    ring(floor, claimant)
    floor.do(lambda tx: verification.not_confirmed(tx, floor.acting(), claimant, Method.CALL_BACK, floor.policy))
    assert they_confirm(floor, claimant) == verification.NOT_RUNG
    ring(floor, claimant)
    floor.later(verification.PASS_LASTS + timedelta(seconds=1))
    assert they_confirm(floor, claimant) == verification.NOT_RUNG
    ring(floor, claimant)
    assert isinstance(they_confirm(floor, claimant), Passed)


def test_a_number_changed_lately_is_neither_rung_nor_believed(floor: Any) -> None:
    claimant = floor.claimant(contact="tobias")
    rung = floor.do(lambda tx: verification.call_contact(tx, floor.acting(), claimant, floor.policy))
    passed = floor.do(lambda tx: verification.call_back(tx, floor.acting(), claimant, floor.policy))
    assert rung == passed
    assert rung.code == "verification.phone_changed"
    assert "11 March 2026" in rung.sentence
    assert passes(floor, claimant.case_number) == []


def test_a_changed_number_is_trusted_again_in_time(floor: Any) -> None:
    claimant = floor.claimant(contact="tobias")
    floor.later(floor.policy.distrust_changed_phone - timedelta(days=3))
    ring(floor, claimant)
    assert isinstance(they_confirm(floor, claimant), Passed)


def test_calling_the_contact_rings_the_number_on_file_into_the_callers_conference(floor: Any) -> None:
    claimant = floor.claimant()
    contact = floor.do(lambda tx: verification.call_contact(tx, floor.acting(), claimant, floor.policy))
    assert contact.id == "imogen"
    case = floor.do(lambda tx: tx.cases.find(claimant.case_number))
    (command,) = floor.outbox()
    assert (command["do"], command["call"], command["phone"]) == ("ring", case.call_sid, contact.phone)
    assert (command["label"], command["mode"]) == ("contact", "talk")
    assert passes(floor, claimant.case_number) == [], "ringing proves nothing"


def test_a_contact_who_knows_nothing_of_the_call_counts_as_a_failure(floor: Any) -> None:
    claimant = floor.claimant()
    refused = floor.do(lambda tx: verification.not_confirmed(tx, floor.acting(), claimant, Method.CALL_BACK, floor.policy))
    assert refused.code == "verification.failed"
    for scope in (locks.case_scope(claimant.case_number), locks.agreement_scope(LARKSPUR)):
        assert floor.do(lambda tx, scope=scope: locks.failures(tx, scope, floor.policy, floor.now)) == 1


@pytest.mark.parametrize(
    ("agreement", "contact", "code"),
    [
        (LARKSPUR, "renata", "verification.contact"),
        (ENDED, "imogen", "verification.ended"),
        (CALDER, "renata", "verification.organisation"),
        (NOBODYS, "imogen", "verification.number"),
    ],
)
def test_only_a_named_contact_of_a_fitting_agreement_can_be_verified(
    floor: Any, agreement: str, contact: str, code: str
) -> None:
    claimant = floor.claimant(agreement=agreement, contact=contact)
    refused = floor.do(lambda tx: verification.call_back(tx, floor.acting(), claimant, floor.policy))
    assert refused.code == code
    assert passes(floor, claimant.case_number) == []


def test_a_one_time_code_has_six_digits_and_passes_once(floor: Any) -> None:
    code = code_for(floor)
    assert code == "004711"
    first, second = floor.claimant(), floor.claimant()
    assert isinstance(read_code(floor, first, "004 711"), Passed)
    assert read_code(floor, second, code).code == "verification.failed"
    assert passes(floor, first.case_number) == [Method.ONE_TIME_CODE]
    assert passes(floor, second.case_number) == []


@pytest.mark.parametrize(("minutes", "is_good"), [(9.99, True), (10, False)])
def test_a_one_time_code_lasts_ten_minutes(floor: Any, minutes: float, is_good: bool) -> None:
    claimant, code = floor.claimant(), code_for(floor)
    floor.later(timedelta(minutes=minutes))
    assert isinstance(read_code(floor, claimant, code), Passed) is is_good


def test_a_new_code_makes_the_one_before_void(floor: Any) -> None:
    claimant, old, new = floor.claimant(), code_for(floor, code=1), code_for(floor, code=2)
    assert isinstance(read_code(floor, claimant, old), Refusal)
    assert isinstance(read_code(floor, claimant, new), Passed)


@pytest.mark.parametrize("said", ["", "004712", "4711", "x", "0047110"])
def test_another_code_fails_and_is_counted(floor: Any, said: str) -> None:
    claimant = floor.claimant()
    code_for(floor)
    assert read_code(floor, claimant, said).code == "verification.failed"
    assert floor.do(lambda tx: locks.failures(tx, locks.agreement_scope(LARKSPUR), floor.policy, floor.now)) == 1


def test_a_colleagues_code_is_no_proof(floor: Any) -> None:
    code = code_for(floor, contact="tobias")
    assert isinstance(read_code(floor, floor.claimant(contact="imogen"), code), Refusal)


def test_guessing_codes_locks_before_it_gets_anywhere(floor: Any) -> None:
    claimant, code = floor.claimant(), code_for(floor)
    for guess in range(floor.policy.wrong_numbers_before_lock):
        read_code(floor, claimant, f"{guess:06d}")
    assert read_code(floor, claimant, code).code == "verification.locked"


@pytest.mark.parametrize(("said", "is_right"), [("5", True), ("05", True), ("6", False), ("", False), ("five", False)])
def test_the_count_left_on_another_key_of_the_agreement_is_compared_by_the_server(
    floor: Any, said: str, is_right: bool
) -> None:
    claimant = floor.claimant()
    assert isinstance(tell(floor, claimant, FactKind.COUNT_LEFT, said, MAK_VISTA), Passed) is is_right


def test_what_the_line_has_just_told_proves_nothing(floor: Any) -> None:
    claimant = floor.claimant()
    assert tell(floor, claimant, FactKind.COUNT_LEFT, "5", MAK) == NOT_THIS_KEY
    assert tell(floor, claimant, FactKind.COUNT_LEFT, "488", 3004) == NOT_ITS_KEY


def test_what_the_line_told_in_an_earlier_call_proves_nothing_for_a_day(floor: Any) -> None:
    floor.open_case(MAK_VISTA)
    claimant = floor.claimant()
    assert tell(floor, claimant, FactKind.COUNT_LEFT, "5", MAK_VISTA) == NOT_THIS_KEY
    floor.later(timedelta(days=1))
    assert isinstance(tell(floor, floor.claimant(), FactKind.COUNT_LEFT, "5", MAK_VISTA), Passed)


def test_that_nothing_is_left_is_no_fact_to_ask_for(floor: Any) -> None:
    for number in range(5):
        floor.install(MAK_VISTA, f"machine {number}")
    assert tell(floor, floor.claimant(), FactKind.COUNT_LEFT, "0", MAK_VISTA) == USED_UP


def test_a_second_answer_to_the_same_question_is_a_guess_even_when_it_is_right(floor: Any) -> None:
    claimant = floor.claimant()
    assert isinstance(tell(floor, claimant, FactKind.COUNT_LEFT, "4", MAK_VISTA), Refusal)
    assert isinstance(tell(floor, claimant, FactKind.COUNT_LEFT, "5", MAK_VISTA), Refusal)
    assert passes(floor, claimant.case_number) == []
    assert floor.do(lambda tx: locks.failures(tx, locks.agreement_scope(LARKSPUR), floor.policy, floor.now)) == 2


def test_the_last_raise_is_a_fact_once_there_was_one(floor: Any) -> None:
    assert tell(floor, floor.claimant(), FactKind.LAST_AMOUNT, "12") == NO_RAISE_YET
    floor.ask(floor.wish(12, claimant=floor.verified()))
    assert isinstance(tell(floor, floor.claimant(), FactKind.LAST_AMOUNT, "12"), Passed)
    assert isinstance(tell(floor, floor.claimant(), FactKind.LAST_AMOUNT, "13"), Refusal)
    assert isinstance(tell(floor, floor.claimant(), FactKind.LAST_MONTH, "2026-03"), Passed)
    assert isinstance(tell(floor, floor.claimant(), FactKind.LAST_MONTH, "2025-03"), Refusal)


def entitled(floor: Any, claimant: Claimant, right: Right = Right.RAISE_COUNTS) -> Method | Refusal:
    return floor.do(lambda tx: verification.entitled(tx, claimant, right, floor.policy, floor.now, asked_at=floor.now))


def test_a_pass_holds_for_its_case_agreement_and_contact_only(floor: Any) -> None:
    passed = floor.verified()
    assert entitled(floor, passed) is Method.CALL_BACK
    assert entitled(floor, floor.claimant()) == verification.NOT_VERIFIED
    assert entitled(floor, floor.claimant(passed.case_number, LARKSPUR_ABROAD, "greta")) == verification.NOT_VERIFIED


def test_a_pass_grows_old(floor: Any) -> None:
    passed = floor.verified()
    floor.later(verification.PASS_LASTS)
    assert entitled(floor, passed) == verification.NOT_VERIFIED


def test_a_contact_without_the_right_is_refused_whatever_they_passed(floor: Any) -> None:
    code = code_for(floor, contact="tobias")
    claimant = floor.claimant(contact="tobias")
    assert isinstance(read_code(floor, claimant, code), Passed)
    refused = entitled(floor, claimant)
    assert isinstance(refused, Refusal)
    assert refused.sentence == "That contact may not raise counts. Ask for one who may."
    assert entitled(floor, claimant, Right.FETCH_KEYS) is Method.ONE_TIME_CODE


def test_nothing_personal_and_no_code_gets_into_the_chain(floor: Any) -> None:
    claimant, code = floor.claimant(), code_for(floor)
    floor.do(lambda tx: verification.call_contact(tx, floor.acting(role=Role.SENIOR_AGENT), claimant, floor.policy))
    read_code(floor, claimant, code)
    chain = repr(floor.do(lambda tx: tx.audit.after(0, 100)))
    assert "Imogen" not in chain
    assert "+4416" not in chain
    assert code not in chain
