"""Putting right what was misheard: best first, complete, never a keyed digit, and never a wrong ID."""

import random
import time
from itertools import islice, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activation import correction, installation_id
from activation.catalogue import Catalogue, Header
from activation.correction import (
    CLEAR,
    LONGEST_LIST,
    TRIES,
    UNHEARD,
    Candidate,
    HeardGroup,
    both,
    combinations,
    hear_group,
    least_certain,
    search,
)
from activation.digits import check_digit_holds, with_check_digit
from activation.installation_id import Installation, block_opener, data_digits, whole_holds, write_installation_id
from activation.secrets import Secrets
from data.catalogue import load_catalogue

CATALOGUE = load_catalogue()
SECRETS = Secrets({1: bytes(range(32))})
HEADERS = [CATALOGUE.header_for(layout, 1) for layout in CATALOGUE.layouts.values()]
COMPLETABLE = CATALOGUE.header_for(CATALOGUE.layouts["default"], 1)

costs = st.floats(0, 12)
candidates = st.lists(st.builds(Candidate, st.text("0123456789", min_size=6, max_size=6), costs), min_size=1, max_size=4).map(
    lambda found: tuple(sorted(found, key=lambda candidate: candidate.cost))
)
headers = st.sampled_from(HEADERS)
installations = st.builds(Installation, st.integers(0, 255), st.integers(0, 2**24 - 1), st.integers(0, 2**64 - 1))
five_digits = st.text("0123456789", min_size=5, max_size=5)


def shown(installation: Installation, header: Header) -> tuple[str, ...]:
    return write_installation_id(installation, header, SECRETS.installation_key(1))


def random_candidates(header: Header, each: int, chance: random.Random) -> list[tuple[Candidate, ...]]:
    """Of every group so many candidates that nobody's computer shows; each holds its check digit. It may be none of them, too."""
    groups = []
    for number, length in enumerate(header.layout.groups):
        first = str(header.digit) if number == 0 else ""
        said = {first + "".join(chance.choices("0123456789", k=length - 1 - len(first))) for _ in range(each)}
        groups.append((*(Candidate(with_check_digit(digits), chance.random()) for digits in said), unheard("0" * length, 0.5)))
    return [tuple(sorted(group, key=lambda candidate: candidate.cost)) for group in groups]


# The order in which whole IDs are tried.


@given(st.lists(candidates, min_size=1, max_size=4))
def test_every_combination_comes_once_and_the_cheapest_first(groups: list[tuple[Candidate, ...]]) -> None:
    prices = [sum(candidate.cost for candidate in chosen) for chosen in product(*groups)]
    indexed = [tuple(Candidate(f"{at}", each.cost) for at, each in enumerate(group)) for group in groups]
    found = list(combinations(indexed))
    assert len(found) == len(set(found)) == len(prices), "complete, and none twice"
    price = [sum(indexed[at][int(index)].cost for at, index in enumerate(chosen)) for chosen in found]
    assert price == pytest.approx(sorted(prices))


def test_combinations_are_lazy() -> None:
    """Ten candidates in each of nine groups make a thousand million IDs; the first ones cost nothing."""
    groups = [tuple(Candidate(str(digit), float(digit)) for digit in range(10))] * 9
    assert next(combinations(groups)) == ("0",) * 9
    assert len(list(islice(combinations(groups), TRIES))) == TRIES


def test_a_group_without_candidates_leaves_nothing_to_try() -> None:
    assert list(combinations([(Candidate("1"),), ()])) == list(combinations([])) == []
    assert search([(Candidate("1"),), ()], CATALOGUE, SECRETS) is None
    assert search([], CATALOGUE, SECRETS) is None


# Finding the ID.


@settings(max_examples=60)
@given(headers, installations, st.data())
def test_an_id_with_wrong_best_guesses_is_found_if_its_groups_are_among_the_candidates(
    header: Header, installation: Installation, data: st.DataObject
) -> None:
    """Up to three groups of nine misheard, with so many candidates that the right ID is among the tries in any order."""
    truth = shown(installation, header)
    misheard = data.draw(st.sets(st.integers(0, 7), max_size=3))
    groups = [(Candidate(group),) for group in truth]
    for index in misheard:
        others = data.draw(st.lists(five_digits, min_size=1, max_size=12))
        wrong = [Candidate(with_check_digit(each), 0.0) for each in others]
        groups[index] = (*wrong, Candidate(truth[index], data.draw(st.floats(0.1, 9))))
    found = search(groups, CATALOGUE, SECRETS)
    assert found is not None
    assert found.digits == "".join(truth)
    assert found.installation == installation


def unheard(group: str, cost: float = 0.0) -> Candidate:
    return Candidate(UNHEARD * len(group), cost)


@settings(max_examples=60)
@given(installations, st.integers(0, 8), five_digits, st.booleans())
def test_the_other_groups_tell_one_that_was_not_heard_or_heard_wrong_in_every_way(
    installation: Installation, place: int, heard: str, is_heard: bool
) -> None:
    truth = shown(installation, COMPLETABLE)
    groups = [(Candidate(group), unheard(group, 7.0)) for group in truth]
    wrong = (Candidate(with_check_digit(heard)),) if is_heard else ()
    groups[place] = (*wrong, unheard(truth[place], 7.0))
    found = search(groups, CATALOGUE, SECRETS)
    assert found is not None
    assert (found.digits, found.installation) == ("".join(truth), installation)


@settings(max_examples=30)
@given(installations, st.integers(0, 7), st.integers(0, 7))
def test_what_the_others_tell_of_a_group_may_rest_on_a_second_choice_among_them(
    installation: Installation, place: int, doubtful: int
) -> None:
    truth = shown(installation, COMPLETABLE)
    groups = [(Candidate(group), unheard(group, 7.0)) for group in truth]
    rival = with_check_digit(f"{truth[doubtful][0]}0000")
    groups[doubtful] = (Candidate(rival), Candidate(truth[doubtful], 2.0), unheard(rival, 7.0))
    groups[place] = (unheard(truth[place]),)
    found = search(groups, CATALOGUE, SECRETS)
    assert found is not None
    assert found.digits == "".join(truth)


@settings(max_examples=20)
@given(installations, st.sets(st.integers(0, 8), min_size=2, max_size=9))
def test_two_groups_that_were_not_heard_are_told_by_nothing(installation: Installation, places: set[int]) -> None:
    truth = shown(installation, COMPLETABLE)
    groups = [(unheard(group),) if place in places else (Candidate(group),) for place, group in enumerate(truth)]
    assert search(groups, CATALOGUE, SECRETS) is None


@given(installations, st.integers(0, 8))
def test_a_layout_without_further_check_digits_tells_no_group(installation: Installation, place: int) -> None:
    header = next(each for each in HEADERS if each is not COMPLETABLE)
    truth = shown(installation, header)
    groups = [(unheard(group) if at == place else Candidate(group),) for at, group in enumerate(truth)]
    assert search(groups, CATALOGUE, SECRETS) is None


@settings(max_examples=60)
@given(headers, installations, st.integers(0, 8), five_digits)
def test_no_keyed_digit_is_ever_altered(header: Header, installation: Installation, keyed: int, other: str) -> None:
    """With one group keyed wrong nothing is found, however right the candidates of all other groups are."""
    truth = shown(installation, header)
    wrong = with_check_digit(other[: len(truth[keyed]) - 1])
    zeros = [Candidate(with_check_digit("0" * (len(group) - 1)), 3.0) for group in truth]
    groups = [(Candidate(group), other, unheard(group, 7.0)) for group, other in zip(truth, zeros, strict=True)]
    groups[keyed] = (Candidate(wrong),)
    found = search(groups, CATALOGUE, SECRETS)
    assert found is None or found.digits == "".join(truth)
    assert (found is not None) is (wrong == truth[keyed])


def test_no_more_ids_are_tried_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    monkeypatch.setattr("activation.correction.whole_checker", lambda layout: lambda said: bool(tried.append(said)))
    assert search(random_candidates(COMPLETABLE, 10, random.Random(4)), CATALOGUE, SECRETS) is None
    assert len(tried) == len(set(tried)) == TRIES
    assert not any(UNHEARD in "".join(said) for said in tried)


def test_combinations_that_nothing_can_be_made_of_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two groups of which nothing was heard: of no combination is there a whole ID."""
    taken = []
    ranked = correction.combinations
    monkeypatch.setattr(correction, "combinations", lambda groups: (taken.append(said) or said for said in ranked(groups)))
    groups = random_candidates(COMPLETABLE, 30, random.Random(4))
    groups[3:5] = [(unheard("000000"),)] * 2
    assert search(groups, CATALOGUE, SECRETS) is None
    assert len(taken) == TRIES


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: header.layout.name)
def test_a_search_in_vain_takes_some_twenty_milliseconds(header: Header) -> None:
    """Of the processor, at best of a few; three times that here, for machines with much else to do."""
    groups, took = random_candidates(header, 30, random.Random(8)), []
    for _ in range(5):
        began = time.process_time()
        assert search(groups, CATALOGUE, SECRETS) is None
        took.append(time.process_time() - began)
    assert min(took) < 0.06


def test_an_epoch_that_never_was_is_not_tried() -> None:
    later = Secrets({5: b"5" * 32})
    assert search([(Candidate(group),) for group in shown(Installation(1, 2, 3), HEADERS[0])], CATALOGUE, later) is None


# How often a wrong ID could pass: the arithmetic of each layout's check digits, and experiments that confirm it.

_TAG, _CORE = 2**32, 40


def decrypted_share(header: Header) -> float:
    """Of random digits that were heard and whose groups hold, the share that reaches the cipher: the digits beyond the core follow
    from it, and the 39 digits of the block must be a number of 128 bits."""
    data = sum(header.layout.groups) - len(header.layout.groups)
    return 10.0 ** (_CORE - data) * 2**128 / 10**39


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: header.layout.name)
def test_a_search_ends_in_a_wrong_id_less_than_once_in_a_hundred_thousand(header: Header) -> None:
    assert TRIES / _TAG < 1e-6, "even if every try were decrypted"
    assert TRIES * decrypted_share(header) / _TAG < 5e-8
    assert decrypted_share(header) == pytest.approx(0.034 if header.layout.name == "2003" else 3.4e-6, rel=0.01)


def test_the_checks_over_the_whole_let_as_many_pass_as_the_arithmetic_says(catalogue: Catalogue) -> None:
    chance, layout = random.Random(11), catalogue.layouts["2003"]
    held = sum(whole_holds("".join(chance.choices("0123456789", k=41)), layout) for _ in range(20_000))
    assert held / 20_000 == pytest.approx(0.1, abs=0.01)
    # The longer layout's five closing digits: of all 100,000 exactly one set fits a core.
    long, core = catalogue.layouts["default"], "".join(chance.choices("0123456789", k=40))
    assert sum(whole_holds(f"{core}{closing:05d}", long) for closing in range(100_000)) == 1


def test_with_a_tag_of_one_byte_a_wrong_block_passes_once_in_256(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same code with a shorter tag, so that there is something to count: the tag alone bounds what passes."""
    monkeypatch.setattr(installation_id.hmac, "compare_digest", lambda one, other: one[:1] == other[:1])
    chance, opens = random.Random(12), block_opener(SECRETS.installation_key(1))
    passed = sum(opens(f"1{chance.randrange(2**128):039d}0") is not None for _ in range(40_000))
    assert passed / 40_000 == pytest.approx(1 / 256, rel=0.25)


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: header.layout.name)
def test_whoever_guesses_finds_nothing(header: Header) -> None:
    chance = random.Random(13)
    assert all(search(random_candidates(header, 8, chance), CATALOGUE, SECRETS) is None for _ in range(15))


# One group.

right_groups = five_digits.map(with_check_digit)


def test_only_what_holds_is_a_candidate_and_the_best_comes_first() -> None:
    said = [Candidate("123450"), Candidate(with_check_digit("12345"), 2.0), Candidate(with_check_digit("92345"), 4.0)]
    said += [Candidate("123", 4.5), Candidate(with_check_digit("12345"), 5.0)]
    heard = hear_group(said, 6)
    assert [candidate.cost for candidate in heard.candidates] == [2.0, 4.0]
    assert heard.certainty == 2.0
    assert heard.is_credible
    assert not heard.is_clear


def test_a_group_with_a_lead_over_everything_else_is_clear() -> None:
    best, far, near = (Candidate(with_check_digit(digits), cost) for digits, cost in (("12345", 0), ("54321", 5), ("11111", 1)))
    assert hear_group([best, far], 6).is_clear
    assert not hear_group([best, near], 6).is_clear


def test_a_full_list_may_have_left_out_what_is_as_likely_as_its_last() -> None:
    best = Candidate(with_check_digit("12345"))
    others = [Candidate(f"{digits:06d}", 0.5) for digits in range(2 * LONGEST_LIST) if not check_digit_holds(f"{digits:06d}")]
    assert len(others) >= LONGEST_LIST - 1
    assert hear_group([best, *others[:2]], 6).is_clear
    assert not hear_group([best, *others], 6).is_clear


def test_what_holds_but_lies_far_behind_a_first_guess_that_does_not_is_asked_again() -> None:
    first, holding = Candidate("123450"), with_check_digit("12345")
    assert hear_group([first, Candidate(holding, 4.0)], 6).is_credible
    assert not hear_group([first, Candidate(holding, 5.0)], 6).is_credible


def test_where_nothing_that_holds_was_heard_the_group_is_not_credible() -> None:
    heard = hear_group([Candidate("123450"), Candidate("123451", 1.0)], 6)
    assert heard.candidates == ()
    assert (heard.certainty, heard.is_credible) == (0.0, False)
    assert not hear_group([], 6).is_credible


def test_two_digits_that_were_doubted_apart_are_put_right_together() -> None:
    said = [Candidate("123457"), Candidate("193457", 1.0), Candidate("123057", 1.5)]
    holding = [each for each in ("123457", "193457", "123057", "193057") if check_digit_holds(each)]
    assert holding == ["193057"]
    assert hear_group(said, 6).candidates == (Candidate("193057", 2.5),)


doubts = st.lists(st.tuples(st.integers(0, 5), st.sampled_from("0123456789"), st.floats(0, 6)), max_size=39)


@given(right_groups, doubts)
def test_what_is_put_together_costs_what_its_doubts_cost_and_nothing_listed_costs_another(first: str, doubted: list) -> None:
    costs = {first: 0.0} | {
        first[:place] + digit + first[place + 1 :]: cost for place, digit, cost in doubted if digit != first[place]
    }
    heard = hear_group([Candidate(*each) for each in sorted(costs.items(), key=lambda each: each[1])], 6)
    for candidate in heard.candidates if len(costs) > 1 else ():
        changed = [place for place in range(6) if candidate.digits[place] != first[place]]
        parts = [costs[first[:place] + candidate.digits[place] + first[place + 1 :]] for place in changed]
        assert candidate.cost == pytest.approx(sum(parts))


@given(right_groups, st.integers(0, 5), st.sampled_from("0123456789"))
def test_without_alternatives_one_wrong_digit_is_always_among_the_likely_confusions(truth: str, place: int, digit: str) -> None:
    said = truth[:place] + digit + truth[place + 1 :]
    heard = hear_group([Candidate(said, 0.1)], 6)
    assert truth in [candidate.digits for candidate in heard.candidates]
    assert all(check_digit_holds(candidate.digits) for candidate in heard.candidates)
    if said == truth:
        assert len(heard.candidates) == 1, "no confusions stand in for a group that holds"
    else:
        assert heard.is_credible
        assert not heard.is_clear, "a correction is never sure by itself"


@given(right_groups, st.integers(0, 5))
def test_a_digit_heard_twice_or_not_at_all_may_be_put_right(truth: str, place: int) -> None:
    twice, not_at_all = truth[:place] + truth[place] + truth[place:], truth[:place] + truth[place + 1 :]
    for said in (twice, not_at_all):
        assert truth in [candidate.digits for candidate in hear_group([Candidate(said)], 6).candidates]


def test_two_likely_confusions_in_one_group_are_put_right() -> None:
    truth = with_check_digit("56138")
    said = truth.replace("5", "9").replace("3", "8", 1)
    assert truth in [candidate.digits for candidate in hear_group([Candidate(said)], 6).candidates]


@given(right_groups, st.integers(0, 6))
def test_digits_keyed_before_the_rest_was_said_stay(said: str, certain: int) -> None:
    wrong = said[:-1] + str((int(said[-1]) + 1) % 10)
    heard = hear_group([Candidate(wrong)], 6, certain)
    assert all(candidate.digits[:certain] == wrong[:certain] for candidate in heard.candidates)


# Two readings of one group.

heard_groups = st.lists(st.builds(Candidate, right_groups, st.floats(0, 8)), min_size=1, max_size=9).map(
    lambda said: hear_group(sorted(said, key=lambda candidate: candidate.cost), 6)
)


@given(heard_groups, heard_groups)
def test_both_readings_count_alike_and_nothing_heard_is_lost(first: HeardGroup, second: HeardGroup) -> None:
    together, turned = both(first, second), both(second, first)
    assert {each.digits: pytest.approx(each.cost) for each in together.candidates} == {
        each.digits: each.cost for each in turned.candidates
    }
    assert {each.digits for each in together.candidates} == {each.digits for each in first.candidates + second.candidates}
    assert both(None, second) == second


def test_what_both_readings_heard_wins_over_what_each_heard_best() -> None:
    one, other, shared = (with_check_digit(digits) for digits in ("11111", "22222", "33333"))
    first = hear_group([Candidate(one), Candidate(shared, 2.0)], 6)
    second = hear_group([Candidate(other), Candidate(shared, 2.0)], 6)
    assert both(first, second).candidates[0].digits == shared
    assert both(first, second).certainty > CLEAR


def test_the_group_worth_asking_again_is_the_least_certain_that_was_said() -> None:
    sure = hear_group([Candidate(with_check_digit("12345"))], 6)
    unsure = hear_group([Candidate(with_check_digit("12345")), Candidate(with_check_digit("12346"), 0.3)], 6)
    assert least_certain([None, sure, unsure, sure]) == 2
    assert least_certain([sure, sure]) == 0
    assert least_certain([None, None]) is None


def test_data_digits_are_those_that_close_no_group() -> None:
    truth = "".join(shown(Installation(1, 2, 3), HEADERS[0]))
    assert len(data_digits(truth, HEADERS[0].layout)) == len(truth) - 9
