"""Installation IDs that are said: what was misheard is put right by the ID itself; the desk behind the phone is the real one."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activation.catalogue import Catalogue
from activation.claims import Claim, RefusalCode, Refused, Verdict
from activation.correction import CANDIDATES, TRIES, Candidate
from activation.desk import Desk
from activation.digits import with_check_digit
from activation.installation_id import BadId, check_group, read_installation_id
from activation.rules import refuse_id
from activation.secrets import Secrets
from ivr.account import collected
from ivr.dialogue.errands import SEARCHES_BEFORE_PERSON
from ivr.errand import Decide, OpenCase
from ivr.heard import Alternative, LeftQueue, Silence, Speech
from ivr.prompts import Tone
from ivr.state import Place, State, read_state, write_state

NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def words(digits: str) -> str:
    return " ".join(NAMES[int(digit)] for digit in digits)


def other(group: str, *places: int) -> str:
    """The group with other digits at these places, counted from 0; its check does not hold after one."""
    return "".join(str((int(digit) + 3) % 10) if place in places else digit for place, digit in enumerate(group))


def also_holding(group: str) -> str:
    """Another group that holds and begins alike."""
    return with_check_digit(other(group[:-1], len(group) - 2))


def tones(phone) -> list[Tone]:
    return [spoken for spoken in phone.ask.spoken if isinstance(spoken, Tone)]


@pytest.fixture
def phone(phone, catalogue: Catalogue, secrets: Secrets):
    """A phone whose desk searches and opens IDs as the house's does, and grants every authentic one."""
    desk = Desk(catalogue, secrets, lambda: "id")
    granted = phone.verdict

    def verdict(claim: Claim) -> Verdict:
        opened = read_installation_id(claim.installation_id, catalogue, secrets)
        return refuse_id(opened) if isinstance(opened, BadId) else granted(claim)

    phone.verdict, phone.resolve = verdict, desk.resolve
    phone.line = replace(phone.line, catalogue=catalogue.in_epochs(secrets.masters))
    return phone.call()


@pytest.fixture
def is_told_by_others(groups, catalogue: Catalogue) -> bool:
    """Whether an ID in this layout tells one of its groups by the others."""
    return sum(map(len, groups)) == catalogue.layouts["default"].digits


def test_a_group_heard_with_a_clear_winner_is_accepted_with_a_tone_and_not_a_word(phone, groups) -> None:
    phone.press("1").mumble((words(groups[0]), 0.0), (words(other(groups[0], 2)), -1.0))
    assert tones(phone)
    assert "Group 2." in phone.words, "after the first tone the caller hears once what comes next"
    phone.mumble((words(groups[1]), 0.0), (words(other(groups[1], 2)), -1.0))
    assert phone.ask.spoken == (Tone(),)
    assert phone.state.entry.heard[1].is_clear
    assert "I am waiting for group 3" in phone.wait(2).words


def test_a_doubtful_group_is_kept_open_and_no_tone_says_that_it_was_understood(phone, groups) -> None:
    phone.press("1").speak(words(groups[0])).mumble((words(groups[1]), 0.0), (words(also_holding(groups[1])), -0.5))
    assert (phone.words, tones(phone)) == ("Group 3.", [])
    assert tones(phone.speak(words(groups[2])))


def test_what_follows_a_tone_may_be_keyed_and_is_certain(phone, groups) -> None:
    phone.press("1").speak(words(groups[0])).press(groups[1])
    assert phone.state.entry.heard[0] is not None
    assert phone.state.entry.heard_at(1) is None
    assert phone.press(*groups[2:]).place is Place.READBACK


def test_wrong_best_guesses_are_put_right_when_all_groups_are_there(phone, groups) -> None:
    """Group 2's first guess holds its check digit and is wrong; group 5's does not hold."""
    phone.press("1")
    for number, group in enumerate(groups):
        misheard = {1: also_holding(group), 4: other(group, 3)}.get(number, group)
        phone.mumble((words(misheard), 0.0), ("[unk] seven", -0.4), (words(group), -0.9))
    assert phone.place is Place.READBACK
    assert phone.state.entry.groups == groups
    assert phone.state.entry.heard == ()
    assert collected(phone.state)["installation_id"] == "".join(groups)


def test_without_alternatives_likely_confusions_stand_in(phone, groups) -> None:
    """As Twilio hears: one text each. One digit of three groups is wrong, in the seventh two are run together."""
    phone.press("1")
    for number, group in enumerate(groups):
        misheard = {2: other(group, 1), 3: other(group, 5), 5: group[:2] + group[1:]}.get(number, group)
        phone.speak(words(misheard))
    assert phone.place is Place.READBACK
    assert phone.state.entry.groups == groups
    assert phone.state.reasked == 0


def nothing_holds(group: str) -> list[tuple[str, float]]:
    return [(words(other(group, place)), -0.1 * place) for place in range(5)]


def nothing_right(group: str) -> list[tuple[str, float]]:
    return [(words(also_holding(group)), 0.0), (words(with_check_digit(other(group[:-1], 0, 1))), -0.5)]


def read_out(phone, groups, misheard: dict[int, list[tuple[str, float]]]):
    """All groups one by one, heard right except those at these indexes."""
    phone.press("1")
    for index, group in enumerate(groups):
        phone.mumble(*misheard.get(index, [(words(group), 0.0)]))
    return phone


def test_a_group_of_which_nothing_holds_is_asked_again_and_the_second_time_for_keys(phone, groups, is_told_by_others) -> None:
    phone.press("1").speak(*map(words, groups[:2]))
    if is_told_by_others:
        phone.mumble(*nothing_holds(groups[2]))  # one is left to the others
    at = phone.state.entry.at
    assert phone.mumble(*nothing_holds(groups[at])).words == f"Group {at + 1} again, please."
    assert (
        phone.mumble(*nothing_holds(groups[at])).words
        == f"I do not hear it well. Keys are surer. Group {at + 1} again, please."
    )
    assert phone.mumble(*nothing_holds(groups[at])).errands == [OpenCase("agent.three_bad_groups")]
    assert phone.state.entry.failures == (*(0,) * at, 3)


def test_one_group_that_nobody_understood_is_not_asked_again_for_the_others_tell_it(phone, long_groups) -> None:
    phone.press("1").speak(*map(words, long_groups[:4])).mumble(*nothing_holds(long_groups[4]))
    assert (phone.words, tones(phone)) == ("Group 6.", []), "no tone says that it was understood"
    assert collected(phone.state)["groups_accepted"] == [1, 2, 3, 4]
    assert phone.speak(*map(words, long_groups[5:])).place is Place.READBACK
    assert phone.state.entry.groups == long_groups
    assert phone.state.reasked == 0


def test_one_group_that_was_taken_for_another_is_told_by_the_others_too(phone, long_groups) -> None:
    assert read_out(phone, long_groups, {7: nothing_right(long_groups[7])}).place is Place.READBACK
    assert phone.state.entry.groups == long_groups


def test_a_group_that_the_others_are_to_tell_may_be_gone_back_to_and_said_again(phone, long_groups) -> None:
    phone.press("1").speak(*map(words, long_groups[:2])).mumble(*nothing_holds(long_groups[2])).speak("go back")
    assert (phone.state.entry.at, phone.state.entry.heard_at(2)) == (2, None)
    assert phone.speak(*map(words, long_groups[2:])).place is Place.READBACK


def test_a_call_dropped_behind_a_group_that_was_not_understood_is_proved_by_one_that_was(phone, long_groups) -> None:
    phone.press("1").speak(*map(words, long_groups[:2])).mumble(*nothing_holds(long_groups[2]))
    dropped = read_state(write_state(phone.state))
    assert dropped == phone.state
    assert dropped.entry.proof == 1


def test_where_no_id_is_found_only_the_least_certain_group_is_asked_again_and_both_readings_count(
    phone, groups, is_told_by_others
) -> None:
    read_out(phone, groups, {index: nothing_right(groups[index]) for index in (3, 5)})
    assert phone.place is Place.ENTRY
    assert phone.words == "Group 4 again, please."
    assert (phone.state.searches, phone.state.entry.at, phone.state.entry.groups.count(None)) == (1, 3, 1)
    phone.mumble((words(also_holding(groups[3])), 0.0), (words(groups[3]), -2.0))
    if not is_told_by_others:
        assert phone.words == "Group 6 again, please."
        phone.speak(words(groups[5]))
    assert phone.place is Place.READBACK
    assert phone.state.entry.groups == groups
    assert phone.state.searches == 0


def test_where_no_id_is_found_the_group_left_to_the_others_is_asked_before_any_that_was_understood(phone, long_groups) -> None:
    read_out(phone, long_groups, {2: nothing_right(long_groups[2]), 6: nothing_holds(long_groups[6])})
    assert phone.words == "Group 7 again, please."
    assert phone.speak(words(long_groups[6])).place is Place.READBACK
    assert phone.state.entry.groups == long_groups


def test_a_group_asked_again_may_be_keyed(phone, groups, is_told_by_others) -> None:
    read_out(phone, groups, {index: nothing_right(groups[index]) for index in (2, 4)})
    assert phone.words == "Group 3 again, please."
    phone.press(groups[2])
    if not is_told_by_others:
        phone.press(groups[4])
    assert phone.place is Place.READBACK
    assert phone.state.entry.groups == groups


def test_keyed_groups_that_are_no_id_are_never_searched(phone, groups) -> None:
    claims = []
    phone.resolve = lambda claim: claims.append(claim) or claim
    phone.press("1", *groups[:-1], with_check_digit(other(groups[-1][:-1], 0)))
    assert [claim.heard for claim in claims] == [()]
    assert "together they are not an installation ID" in phone.words
    assert (phone.state.searches, phone.state.entry.starts) == (0, 1)


any_keys = st.text("0123456789*#", min_size=1, max_size=7)
holding = st.text("0123456789", min_size=5, max_size=5).map(with_check_digit)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(holding, any_keys), max_size=12), st.lists(holding, min_size=7, max_size=7))
def test_whatever_is_keyed_and_keyed_again_nothing_is_searched(phone, groups, odd: list[str], right: list[str]) -> None:
    claims: list[Claim] = []
    phone.resolve = lambda claim: claims.append(claim) or claim
    phone = replace(phone, state=State(), errands=[]).call().press("1")
    for keys in odd:
        if phone.place is Place.ENTRY:
            phone.press(keys)
    phone = replace(phone, state=State()).call().press("1", groups[0], *right, groups[-1])
    assert claims
    assert not any(claim.heard for claim in claims)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.integers(0, 8), min_size=1, max_size=8), st.data())
def test_a_keyed_group_reaches_the_desk_as_it_was_keyed(phone, groups, spoken: set[int], data: st.DataObject) -> None:
    claims: list[Claim] = []
    phone.resolve = lambda claim: claims.append(claim) or claim
    phone = replace(phone, state=State(), errands=[]).call().press("1")
    keyed = [with_check_digit(data.draw(st.text("0123456789", min_size=len(g) - 1, max_size=len(g) - 1))) for g in groups[1:]]
    entered = [groups[0], *keyed]
    for number, group in enumerate(entered):
        phone.mumble((words(group), 0.0), (words(also_holding(group)), -0.5)) if number in spoken else phone.press(group)
    for number, candidates in enumerate(claims[0].heard):
        assert (len(candidates) == 1) or number in spoken
        assert candidates[0].digits == entered[number]


def test_all_at_one_go_by_voice_with_alternatives_as_far_as_they_fit(phone, groups) -> None:
    first, second = list(groups), list(groups)
    first[2], second[6] = other(groups[2], 1), other(groups[6], 4)
    phone.press("5").mumble((words("".join(first)), 0.0), ("nothing like it", -0.2), (words("".join(second)), -1.0))
    assert phone.place is Place.READBACK
    assert phone.state.entry.groups == groups


def test_some_groups_in_one_breath_keep_their_alternatives(phone, groups) -> None:
    misheard = groups[0] + other(groups[1], 2)
    phone.press("1").mumble((words(misheard), 0.0), (words(groups[0] + groups[1]), -0.7))
    assert phone.state.entry.groups[:3] == (groups[0], groups[1], None)
    assert "Group 3." in phone.words


def test_a_group_said_in_two_halves_may_be_misheard_in_both(phone, groups) -> None:
    one, two = groups[0][:3], groups[0][3:]
    phone.press("1").mumble((words(other(one, 1)), 0.0), (words(one), -0.4))
    assert phone.words == ""
    phone.mumble((words(other(two, 1)), 0.0), (words(two), -0.5))
    assert groups[0] in [each.digits for each in phone.state.entry.heard[0].candidates]
    assert phone.state.begun == ()


def test_a_caller_who_pauses_in_a_group_is_not_taken_at_an_unlikely_word_for_one_who_has_finished(phone, groups) -> None:
    """A stretched last digit may count twice, and the group would hold."""
    begun = next(digits for digits in (str(number) for number in range(10**4, 10**5)) if check_group(digits + digits[-1]))
    assert phone.press("1", groups[0]).mumble((words(begun), 0.0), (words(begun + begun[-1]), -5.0)).words == ""
    assert phone.state.entry.at == 1
    phone.mumble((words(with_check_digit(begun)[-1]), 0.0))
    assert phone.state.entry.heard[1].candidates[0].digits == with_check_digit(begun)


def test_a_group_keyed_in_its_first_half_keeps_that_half(phone, groups) -> None:
    keyed, said = groups[1][:3], groups[1][3:]
    phone.press("1", groups[0], keyed).mumble((words(other(said, 1)), 0.0), (words(said), -0.5))
    assert all(each.digits.startswith(keyed) for each in phone.state.entry.heard[1].candidates)
    phone.press("**", keyed).speak(words(said[:1])).speak(words(other(said[1:], 0)))
    assert all(each.digits.startswith(keyed) for each in phone.state.entry.heard[1].candidates)


@pytest.mark.parametrize("stops", [(6,), (4, 6)], ids=["in one breath", "in two"])
def test_a_half_that_was_keyed_is_not_altered_by_what_was_heard_of_the_group_before(phone, groups, stops) -> None:
    """A wrong group was heard clearly, so that there is no ID; asked again, the caller keys its first half and says the rest."""
    misheard = with_check_digit(other(groups[1][:-1], 0))
    phone.press("1", groups[0]).mumble((words(misheard), 0.0), (words(also_holding(misheard)), -0.1))
    phone.press(*groups[2:-1], with_check_digit(other(groups[-1][:-1], 0)))
    assert phone.state.entry.at == 1
    assert misheard in [each.digits for each in phone.state.entry.heard[1].candidates]
    claims: list[Claim] = []
    phone.resolve = lambda claim: claims.append(claim) or claim
    phone.press(groups[1][:2]).speak(*(words(groups[1][start:stop]) for start, stop in pairwise((2, *stops))))
    assert claims[0].heard[1] == (Candidate(groups[1]),)


@pytest.mark.parametrize("stops", [(6,), (4, 6)], ids=["in one breath", "in two"])
def test_the_others_tell_nothing_of_a_group_whose_first_half_was_keyed(phone, long_groups, stops) -> None:
    """Keyed wrong, and said so that it holds: there is no ID, rather than one with other digits than were keyed."""
    phone.press("1", *long_groups[:3])
    misheard = with_check_digit(other(long_groups[3][:-1], 0))
    phone.press(misheard[:2]).speak(*(words(misheard[start:stop]) for start, stop in pairwise((2, *stops))))
    phone.speak(*map(words, long_groups[4:]))
    assert phone.words == "Group 4 again, please."
    assert phone.press(long_groups[3]).place is Place.READBACK


def test_a_call_in_which_nothing_was_understood_is_not_offered_to_go_on(phone, long_groups) -> None:
    phone.press("1").mumble(*((words(other(long_groups[0], place)), -0.1) for place in range(1, 5)))
    assert phone.state.entry.left_to_others == 0
    assert not phone.state.is_unfinished
    assert phone.speak(*map(words, long_groups[1:])).place is Place.READBACK
    assert phone.state.entry.groups == long_groups


def test_a_group_with_one_digit_lost_is_left_to_the_others_once_the_caller_has_stopped_and_less_is_not(
    phone, long_groups
) -> None:
    phone.press("1").speak(*map(words, long_groups[:2]))
    assert "4 of 6" in phone.mumble((words(long_groups[2][:4]), 0.0), (words(long_groups[2][:3]), -0.1)).wait(2).words
    phone.mumble((words(long_groups[2][1:]), 0.0), (words(long_groups[2][2:]), -0.1)).wait()
    assert "Group 4." in phone.words
    assert phone.speak(*map(words, long_groups[3:])).place is Place.READBACK


def test_a_group_of_which_one_digit_was_never_heard_is_kept_once_the_caller_has_stopped(phone, groups) -> None:
    phone.press("1").speak(words(groups[0]), words(groups[1][:2] + groups[1][3:]))
    assert phone.words == "", "the rest may follow"
    phone.wait().speak(*map(words, groups[2:]))
    assert phone.place is Place.READBACK
    assert phone.state.entry.groups == groups


@pytest.mark.parametrize(("said", "seconds"), [(5, [2]), (4, [4, 4]), (3, [4, 4])])
def test_who_may_have_lost_the_last_digit_waits_less_than_who_paused(phone, groups, said, seconds) -> None:
    """The exchange posts what was said two seconds after its last word; the line waits on without a word for so long."""
    phone.press("1").speak(words(groups[0]))
    phone.mumble((words(groups[1][:said]), 0.0), (words(groups[1][: said - 1]), -0.1))
    waited = []
    while not phone.words:
        waited.append(phone.ask.timeout_seconds)
        phone.wait()
    assert waited == seconds


def test_the_digits_keyed_after_a_voice_was_heard_are_certain(phone, groups) -> None:
    phone.press("1", groups[0]).speak(words(groups[1][:3])).press(groups[1][3:])
    assert (phone.state.entry.groups[1], phone.state.entry.heard_at(1)) == (groups[1], None)


def test_a_first_digit_in_doubt_is_asked_again_before_it_decides_how_long_the_groups_are(phone, groups) -> None:
    rival = with_check_digit({"1": "2", "2": "1"}[groups[0][0]] + groups[0][1:-1])
    phone.press("1").mumble((words(groups[0]), 0.0), (words(rival), -1.0))
    assert phone.words == "Group 1 again, please."
    phone.mumble((words(groups[0]), 0.0), (words(rival), -2.5))
    assert phone.state.entry.groups[0] == groups[0]
    assert "Group 2." in phone.words


def test_a_first_group_that_may_be_the_other_layouts_is_not_left_to_the_others(phone, short_groups) -> None:
    """Heard without alternatives and with another first digit, which would have all groups of another length."""
    first = short_groups[0]
    phone.press("1").speak(words({"1": "2", "2": "1"}[first[0]] + first[1:]))
    assert phone.words == "Group 1 again, please."
    assert phone.speak(*map(words, short_groups)).place is Place.READBACK


@pytest.mark.parametrize("begun", ["9", "29"], ids=["a first digit of no epoch", "a block too large"])
def test_what_no_id_begins_with_was_misheard_however_well_it_holds(phone, groups, begun) -> None:
    misheard = with_check_digit(begun + groups[0][len(begun) : -1])
    phone.press("1").mumble((words(misheard), 0.0), (words(groups[0]), -4.0))
    assert phone.state.entry.groups[0] == groups[0]
    assert [each.digits for each in phone.state.entry.heard[0].candidates] == [groups[0]]


def test_the_only_reading_of_a_first_group_is_not_believed_where_no_id_begins_with_it(phone, groups) -> None:
    """As Twilio hears, without alternatives; and misheard so that it holds."""
    misheard = with_check_digit(groups[0][0] + "9" + groups[0][2:-1])
    phone.press("1").speak(words(misheard))
    assert phone.state.entry.groups[:1] != (misheard,)
    assert not any(misheard == each.digits for heard in phone.state.entry.heard if heard for each in heard.candidates)
    for _ in groups:
        if phone.place is Place.ENTRY:
            phone.speak(words(groups[phone.state.entry.at]))
    assert phone.place is Place.READBACK


def test_the_same_goes_for_a_first_group_said_with_a_part_of_the_next(phone, groups) -> None:
    misheard = with_check_digit(groups[0][0] + "9" + groups[0][2:-1])
    phone.press("1").speak(words(misheard + groups[1][:2]))
    assert misheard not in phone.state.entry.groups
    assert not any(phone.state.entry.heard)


@pytest.mark.parametrize("said", [2, 5, 7])
def test_a_whole_first_group_is_not_taken_for_a_part_because_only_that_may_begin_an_id(phone, groups, said) -> None:
    """The whole first guess begins no ID; what is far behind it does, and is no whole group."""
    behind = (groups[0] + groups[1])[:said]
    phone.press("1").mumble((words("9" + groups[0][1:]), 0.0), (words(behind), -6.0))
    assert phone.words, "a question, not a wait for the rest"
    assert phone.state.partial == ""


def test_a_first_group_asked_again_is_of_the_layout_of_the_others(phone, groups, wrong_group) -> None:
    """Both readings hold and may begin an ID, one of each layout."""
    rival = with_check_digit({"1": "2", "2": "1"}[groups[0][0]] + groups[0][1:-1])
    phone.press("5", wrong_group(groups[0]) + "".join(groups[1:]))
    assert (phone.state.entry.at, phone.state.entry.groups[1:]) == (0, groups[1:])
    phone.mumble((words(rival), 0.0), (words(groups[0]), -0.5))
    assert phone.place is Place.READBACK
    assert phone.state.entry.groups == groups


def test_a_first_group_said_in_two_halves_begins_as_an_id_may(phone, groups) -> None:
    one, two = groups[0][:3], groups[0][3:]
    phone.press("1").mumble((words("9" + one[1:]), 0.0), (words(one), -1.0)).mumble((words(two), 0.0), (words("9"), -4.0))
    assert phone.state.entry.groups[0] == groups[0]


def test_a_first_group_that_no_id_begins_with_is_asked_again_and_told_why(phone, groups) -> None:
    phone.press("1").mumble((words("9" + groups[0][1:]), 0.0), (words("9" + groups[0][2:]), -1.0))
    assert "No installation ID begins like that." in phone.words
    assert phone.speak(*map(words, groups)).place is Place.READBACK


def test_all_at_one_go_with_a_group_not_understood_is_not_told_as_understood(phone, long_groups) -> None:
    heard = [long_groups[0], other(long_groups[1], 2), *long_groups[2:5]]
    phone.press("5").mumble((words("".join(heard)), 0.0), (words("".join(heard)[:-1]), -0.2))
    assert phone.state.entry.left_to_others == 1
    assert phone.words == "Group 6."
    assert phone.speak(*map(words, long_groups[5:])).place is Place.READBACK


def test_the_previous_group_again_forgets_what_was_heard_of_it(phone, groups) -> None:
    phone.press("1").speak(words(groups[0]), words(also_holding(groups[1])), "go back", words(groups[1]))
    assert [each.digits for each in phone.state.entry.heard[1].candidates] == [groups[1]]


def test_a_command_is_not_guessed_from_an_unlikely_alternative(phone, groups) -> None:
    phone.press("1").mumble(("[unk] [unk]", 0.0), ("agent", -7.0))
    assert phone.place is Place.ENTRY
    assert "I did not get that." in phone.words
    assert phone.mumble(("agent", 0.0), (words(groups[0]), -0.1)).errands == [OpenCase("agent.asked")]


@pytest.mark.parametrize(("noise", "one"), [(0.0, -4.0), (0.0, -0.5), (-0.5, 0.0)])
def test_noise_is_not_taken_for_the_digit_it_resembles_where_no_check_digit_guards(phone, noise: float, one: float) -> None:
    heard = sorted([("[unk]", noise), ("one", one)], key=lambda each: -each[1])
    assert phone.mumble(*heard).place is Place.MENU
    assert phone.mumble(("one", 0.0), ("[unk]", -1.5)).place is Place.ENTRY


def test_an_agreement_number_is_heard_as_the_alternative_whose_check_digit_holds(phone) -> None:
    phone.press("2").mumble((words("12345678"), 0.0), (words("12345671"), -5.0))
    assert phone.place is not Place.AGREEMENT, "12345671 is an agreement's, 12345678 is nobody's"


# Resuming.


def test_a_dropped_call_goes_on_with_all_that_was_heard(phone, groups, catalogue, secrets) -> None:
    phone.press("1").speak(words(groups[0])).mumble((words(also_holding(groups[1])), 0.0), (words(groups[1]), -0.3))
    dropped = read_state(write_state(phone.state))
    assert dropped == phone.state
    assert dropped.entry.proof == 0, "what proves the call is the group that was heard for sure"


# Guessing.


def test_an_attacker_with_a_voice_gets_no_more_searches_than_the_bound_whatever_is_tried(phone, groups) -> None:
    """Reads random IDs whose public checks hold, goes back to the menu, to the queue and out of it: a person, in the end."""
    claims, chance = [], random.Random(5)
    resolve = phone.resolve
    phone.resolve = lambda claim: claims.append(claim) or resolve(claim)
    for _ in range(12):
        for _ in range(4):
            if phone.place is Place.QUEUE:
                phone.hear(LeftQueue()).press("*")
            if phone.place is not Place.ENTRY:
                phone.press("1")
            while phone.place is Place.ENTRY:
                length = phone.ask.digits
                first = groups[0][0] if phone.state.entry.at == 0 else chance.choice("0123456789")
                said = [with_check_digit((first + f"{chance.randrange(10**5):05d}")[: length - 1]) for _ in range(10)]
                phone.mumble(*((words(each), -0.1 * rank) for rank, each in enumerate(said)))
    searched = [claim for claim in claims if claim.heard]
    assert 0 < len(searched) <= SEARCHES_BEFORE_PERSON
    assert phone.errands[-1] in (OpenCase("agent.whole"), OpenCase("agent.three_bad_groups"))
    assert not phone.state.granted


def test_all_the_searches_of_an_id_together_accept_a_wrong_one_less_than_once_in_a_hundred_thousand() -> None:
    """Every try decrypted, no check digit counted: TRIES a search, each passed by the tag of 32 bits once in 2^32."""
    assert SEARCHES_BEFORE_PERSON * TRIES / 2**32 < 1e-5


def test_whatever_is_said_a_group_keeps_no_more_candidates_than_the_bound(phone, groups) -> None:
    phone.press("1").speak(words(groups[0]), *[words(other(groups[1], 2, 4))] * 2)
    assert all(len(heard.candidates) <= CANDIDATES for heard in phone.state.entry.heard if heard)


def test_digits_that_never_authenticated_are_in_no_case_for_a_person(phone, groups) -> None:
    phone.press("1").speak(*map(words, groups[:3])).press("*0")
    assert "installation_id" not in collected(phone.state)


def test_an_outage_is_told_on_an_id_that_was_put_right_and_the_next_try_needs_no_search(phone, groups) -> None:
    phone.verdict = lambda claim: Refused(RefusalCode.SERVICE_DOWN)
    phone.press("1").speak(words(other(groups[0], 4)) if groups[0][0] == "0" else words(groups[0]))
    phone.speak(*map(words, groups[1:-1]), words(other(groups[-1], 1)))
    assert phone.place is Place.REFUSED
    assert phone.state.entry.digits == "".join(groups)
    phone.press("1")
    assert phone.errands[-1] == Decide(Claim("".join(groups), "phone"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.builds(Alternative, st.text(max_size=20), st.floats(-30, 0)), max_size=10))
def test_any_list_of_alternatives_is_answered(phone, alternatives: list[Alternative]) -> None:
    phone.hear(Silence()).hear(Speech(tuple(alternatives)))
    assert phone.prompts
