"""Reading the installation ID by keys and voice: checked group by group, a bad one asked again alone."""

from dataclasses import replace

import pytest

from activation.claims import AgentReason, AskFirst, Claim, Granted, NeedsAgent, RefusalCode, Refused
from activation.installation_id import Installation, write_installation_id
from ivr.account import collected
from ivr.errand import Decide, OpenCase
from ivr.heard import LeftQueue
from ivr.state import Place


def test_the_simulator_sentence_comes_first_in_every_greeting(phone) -> None:
    assert phone.call().words.startswith("Test Line. This is a simulator and activates no real product.")
    assert "monitored" in phone.words


def test_all_groups_by_keys_lead_to_the_confirmation_id(phone, groups) -> None:
    phone.call().press("1")
    for number, group in enumerate(groups, start=1):
        assert phone.place is Place.ENTRY
        assert phone.ask.digits == len(group)
        assert f"roup {number}" in phone.words
        phone.press(group)
    assert phone.place is Place.READBACK
    assert phone.errands == [Decide(Claim("".join(groups), "phone"))]


def test_every_key_is_data_in_a_group_and_silence_of_four_seconds_ends_it(phone) -> None:
    ask = phone.call().press("1").ask
    assert (ask.digits, ask.finish_key, ask.timeout_seconds) == (6, "", 4)


def test_all_groups_by_voice_lead_there_too(phone, groups) -> None:
    names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    phone.call().speak("activate").speak(*(" ".join(names[int(digit)] for digit in group) for group in groups))
    assert phone.place is Place.READBACK


def test_two_groups_said_in_one_breath_are_both_taken(phone, groups) -> None:
    phone.call().press("1").speak(" ".join(groups[0] + groups[1]))
    assert phone.state.entry.groups[:3] == (groups[0], groups[1], None)


def test_a_bad_group_is_named_and_asked_again_alone(phone, groups, wrong_group) -> None:
    phone.call().press("1", groups[0], groups[1], wrong_group(groups[2]))
    assert "Group 3 is not right." in phone.words
    assert phone.state.entry.groups[:3] == (groups[0], groups[1], None)
    phone.press(groups[2])
    assert "Group 4." in phone.words


def test_three_failures_on_one_group_go_to_a_person_with_the_good_digits_kept(phone, groups, wrong_group) -> None:
    phone.call().press("1", groups[0], groups[1], *[wrong_group(groups[2])] * 3)
    assert phone.place is Place.QUEUE
    assert phone.errands == [OpenCase("agent.three_bad_groups")]
    assert "Group 3 did not come right three times." in phone.words
    assert phone.state.entry.groups[:3] == (groups[0], groups[1], None)


def test_failures_on_different_groups_do_not_add_up(phone, groups, wrong_group) -> None:
    phone.call().press("1")
    for group in groups[:6]:
        phone.press(wrong_group(group), wrong_group(group), group)
    assert phone.state.entry.failures[:6] == (2,) * 6
    assert phone.place is Place.ENTRY


def test_digits_that_failed_their_check_are_not_kept_anywhere(phone, groups, wrong_group) -> None:
    phone.call().press("1", groups[0], wrong_group(groups[1]))
    assert wrong_group(groups[1]) not in repr(phone.state)


def test_a_first_digit_that_begins_no_id_is_told(phone) -> None:
    known = {digit: header for digit, header in phone.line.catalogue.headers.items() if digit != 7}
    phone.line = replace(phone.line, catalogue=replace(phone.line.catalogue, headers=known))
    assert "No installation ID begins like that. Group 1 again" in phone.call().press("1", "712345").words


def test_star_nine_says_the_group_again_and_star_star_goes_back_one(phone, groups) -> None:
    phone.call().press("1", groups[0], groups[1])
    assert "Group 3." in phone.press("*9").words
    assert "Group 2." in phone.press("**").words
    assert phone.state.entry.groups[1] is None
    assert "Group 3." in phone.press(groups[1]).words


@pytest.mark.parametrize("said", ["go back", "back", "previous group"])
def test_words_do_what_the_keys_do(phone, groups, said: str) -> None:
    assert "group 1" in phone.call().press("1", groups[0]).speak(said).words
    assert phone.speak("repeat please").place is Place.ENTRY
    assert phone.speak("agent").errands == [OpenCase("agent.asked")]


def test_star_star_before_the_first_group_is_the_main_menu(phone) -> None:
    assert phone.call().press("1", "**").place is Place.MENU


def test_star_zero_is_a_person_even_in_the_middle_of_a_group(phone, groups) -> None:
    phone.call().press("1", groups[0], groups[1][:3] + "*0")
    assert phone.errands == [OpenCase("agent.asked")]
    assert phone.state.entry.groups[0] == groups[0]


def test_a_pound_from_habit_after_a_group_costs_nothing(phone, groups) -> None:
    """The sixth digit has answered already: the pound is the first key of the next group's Gather, with five digits behind it."""
    phone.call().press("1", groups[0], "#" + groups[1][:5])
    assert phone.ask.digits == 1
    assert phone.words == "", "the caller is still keying: not a word"
    phone.press(groups[1][5])
    assert phone.state.entry.groups[1] == groups[1]


def test_a_group_read_in_two_halves_is_one_group(phone, groups) -> None:
    phone.call().press("1", groups[0][:3])
    assert (phone.words, phone.ask.digits) == ("", 3)
    phone.press(groups[0][3:])
    assert phone.state.entry.groups[0] == groups[0]


def test_a_group_that_never_goes_on_is_told_with_its_count(phone, groups) -> None:
    phone.call().press("1", groups[0][:4]).wait(2)
    assert "I have only 4 of 6 digits. Group 1 again, please." in phone.words
    assert phone.press(groups[0]).state.entry.groups[0] == groups[0]


def test_silence_while_reading_waits_quietly_twice_then_prompts_and_says_goodbye_in_the_end(phone) -> None:
    phone.call().press("1")
    spoken = [bool(phone.wait().words) for _ in range(15)]
    assert spoken == [False, False, True] * 5
    assert "I am waiting for group 1" in phone.words
    assert phone.wait().place is Place.ENDED


@pytest.mark.parametrize(("recognised", "keys", "promised"), [(True, 1, True), (True, 0, False), (False, 1, False)])
def test_the_goodbye_promises_going_on_only_where_that_will_be_so(
    phone, groups, recognised: bool, keys: int, promised: bool
) -> None:
    phone.call(recognised=recognised).press("1", *groups[:keys]).wait(16)
    assert ("within thirty minutes" in phone.words) is promised


def test_a_digit_too_many_at_the_end_is_told(phone, groups) -> None:
    phone.call().press("1", *groups[:-1]).speak(" ".join(groups[-1] + "7"))
    assert "That was a digit too many." in phone.words
    assert phone.press(groups[-1]).place is Place.READBACK


def test_noise_is_said_to_be_noise(phone) -> None:
    assert "I did not get that. Group 1 again, please." in phone.call().press("1").speak("the weather is nice").words


# Express: one Gather for everything.


@pytest.mark.parametrize("way", [("5",), ("1", "*1")])
def test_everything_at_one_go_by_menu_or_star_one(phone, groups, way) -> None:
    ask = phone.call().press(*way).ask
    assert (ask.digits, ask.finish_key) == (54, "#")
    assert phone.press("".join(groups)).place is Place.READBACK


def test_express_goes_on_at_the_first_group_that_is_missing(phone, groups) -> None:
    phone.call().press("5", "".join(groups[:4]) + groups[4][:2])
    assert "I have the groups up to 4. Group 5." in phone.words
    assert phone.press(*groups[4:]).place is Place.READBACK


def test_express_goes_on_at_the_first_wrong_group_and_keeps_what_came_after_it(phone, groups, wrong_group) -> None:
    mistyped = [wrong_group(group) if number in (3, 6) else group for number, group in enumerate(groups)]
    phone.call().press("5", "".join(mistyped))
    assert "I have the groups up to 3. Group 4 is not right. Group 4 again, please." in phone.words
    phone.press(groups[3])
    assert "Group 7." in phone.words, "group 7 was wrong too; 5 and 6 were right and are kept"
    assert phone.press(groups[6]).place is Place.READBACK


def test_express_with_a_digit_left_out_keeps_nothing_behind_it(phone, groups) -> None:
    digits = "".join(groups)
    phone.call().press("5", digits[:14] + digits[15:])
    accepted = phone.state.entry.groups
    assert accepted[:2] == groups[:2]
    at = phone.state.entry.at
    assert all(group is None for group in accepted[at:])


# What follows the last group.


def answers(phone, *verdicts) -> None:
    given = iter(verdicts)
    phone.verdict = lambda claim: next(given)


def test_groups_that_are_no_id_together_are_read_once_more_then_a_person_helps(phone, groups) -> None:
    answers(phone, Refused(RefusalCode.WHOLE_CHECK), Refused(RefusalCode.NOT_AUTHENTIC))
    phone.call().press("1", *groups)
    assert "together they are not an installation ID" in phone.words
    assert phone.state.entry.groups == ()
    phone.press(*groups)
    assert phone.errands[-1] == OpenCase("agent.whole")


def test_how_many_computers_is_asked_only_when_the_desk_wants_to_know(phone, groups) -> None:
    claims = []

    def verdict(claim: Claim):
        claims.append(claim)
        return AskFirst() if claim.computers is None else Granted(("123456",) * 8, 0, "x", counted=False)

    phone.verdict = verdict
    phone.call().press("1", *groups)
    assert "On how many computers" in phone.words
    assert phone.press("1").place is Place.READBACK
    assert [claim.computers for claim in claims] == [None, 1]


def test_more_than_one_computer_is_refused_and_a_person_still_offered(phone, groups) -> None:
    answers(phone, AskFirst(), Refused(RefusalCode.TOO_MANY_COMPUTERS))
    phone.call().press("1", *groups).speak("more than one")
    assert "as many computers as its licence allows" in phone.words
    assert "For a person, 0" in phone.words
    assert phone.press("0").place is Place.QUEUE


def test_the_right_group_of_a_key_is_named(phone, groups) -> None:
    answers(phone, Refused(RefusalCode.WRONG_PRODUCT, right_product="Server group B"))
    assert "It is a key for Server group B." in phone.call().press("1", *groups).words


@pytest.mark.parametrize("reason", AgentReason)
def test_what_only_a_person_can_decide_goes_to_a_person_with_its_reason(phone, groups, reason: AgentReason) -> None:
    answers(phone, NeedsAgent(reason, "windows-7"))
    phone.call().press("1", *groups)
    assert phone.errands[-1] == OpenCase(reason)
    facts = collected(phone.state)
    assert (facts["verdicts"], facts["product_group"]) == ([reason], "windows-7")
    assert facts["installation_id"] == "".join(groups)
    assert phone.line.scripts["en"].sentence(reason, number=1) in phone.words


@pytest.mark.parametrize(
    "code",
    sorted(
        set(RefusalCode)
        - {RefusalCode.MALFORMED, RefusalCode.GROUP_CHECK, RefusalCode.WHOLE_CHECK, RefusalCode.NOT_AUTHENTIC}
        - {RefusalCode.SERVICE_DOWN}
    ),
)
def test_every_refusal_is_said_and_leads_on(phone, groups, code: RefusalCode) -> None:
    answers(phone, Refused(code))
    phone.call().press("1", *groups)
    assert phone.line.scripts["en"].sentence(code, right="", number=0).strip()[:20] in phone.words
    assert phone.press("0").errands[-1] == OpenCase("agent.asked")
    assert collected(phone.state)["verdicts"] == [code]


def test_an_outage_in_the_middle_keeps_the_groups_and_tries_again(phone, groups) -> None:
    answers(phone, Refused(RefusalCode.SERVICE_DOWN), Refused(RefusalCode.SERVICE_DOWN), Refused(RefusalCode.UNKNOWN_KEY))
    phone.call().press("1", *groups)
    assert "just gone out of order. To try once more, press 1." in phone.words
    assert "out of order" in phone.press("1").words
    assert "We do not know the key" in phone.press("1").words


@pytest.mark.parametrize("said", ["one", "one computer", "just one", "only this one"])
def test_one_computer_in_words(phone, groups, said: str) -> None:
    claims = []
    phone.verdict = lambda claim: claims.append(claim) or AskFirst()
    phone.call().press("1", *groups).speak(said)
    assert claims[-1].computers == 1


@pytest.mark.parametrize("said", ["twenty one", "one hundred", "this one and another one", "one other computer", "all but one"])
def test_more_than_one_computer_is_never_heard_as_one(phone, groups, said: str) -> None:
    claims = []
    phone.verdict = lambda claim: claims.append(claim) or AskFirst()
    phone.call().press("1", *groups).speak(said)
    assert claims[-1].computers != 1


def test_back_from_the_queue_a_question_of_the_desk_is_asked_again(phone, groups) -> None:
    phone.verdict = lambda claim: AskFirst()
    phone.call().press("1", *groups, "0").hear(LeftQueue()).press("*")
    assert phone.place is Place.COMPUTERS
    assert phone.state.entry.digits == "".join(groups)


def test_a_star_that_came_with_the_last_key_of_a_gather_waits_for_what_it_means(phone, groups) -> None:
    phone.call().press("1", groups[0], groups[1][:5] + "*")
    assert phone.words == ""
    assert phone.press("0").errands == [OpenCase("agent.asked")]


def test_a_star_with_nothing_behind_it_starts_the_group_anew_and_counts_as_nothing(phone, groups) -> None:
    phone.call().press("1", groups[0], groups[1][:3] + "*").wait(2)
    assert "Group 2." in phone.words
    assert not any(phone.state.entry.failures)
    assert phone.press(groups[1]).state.entry.groups[1] == groups[1]


def test_back_to_the_very_first_group_any_layout_may_follow(phone, groups, catalogue, secrets) -> None:
    other = "2003" if len(groups[-1]) == 6 else "default"
    header = catalogue.header_for(catalogue.layouts[other], 1)
    theirs = write_installation_id(Installation(33, 7, 7), header, secrets.installation_key(1))
    phone.call().press("1", groups[0], "**", *theirs)
    assert phone.place is Place.READBACK


@pytest.mark.parametrize("way", [("2", "**"), ("0",)])
def test_an_outage_is_not_forgotten_on_the_way_through_other_menus(phone, way: tuple[str, ...]) -> None:
    phone.call(service_up=False).press(*way)
    if phone.place is Place.QUEUE:
        phone.hear(LeftQueue()).press("*")
    assert phone.place is Place.OUTAGE
    assert phone.press("1").place is Place.OUTAGE
    assert phone.wait(3).words == "Please call again later. Goodbye."


def test_an_outage_is_told_before_any_digit_is_asked_for(phone) -> None:
    phone.call(service_up=False)
    assert "do not read us your installation ID yet" in phone.words
    assert phone.press("1").place is Place.OUTAGE
    assert phone.press("2").place is Place.AGREEMENT


def test_silence_at_the_menu_is_repeated_and_then_ends(phone) -> None:
    assert "press 1" in phone.call().wait(2).words
    assert phone.wait().place is Place.ENDED


def test_four_answers_that_make_no_sense_lead_to_a_person(phone) -> None:
    phone.call().press("#", "#").speak("bananas")
    assert phone.place is Place.MENU
    assert phone.press("#").errands == [OpenCase("agent.unclear")]
