"""Every demo call, told by the command against a centre that runs: its end, the counts, the record of acts, the computers."""

from typing import Any

import pytest

pytestmark = pytest.mark.long


def test_1_a_fresh_retail_copy_is_activated_over_the_web(centre: Any) -> None:  # rows 5, 28, 29
    told = centre.tell(1)
    assert centre.count(told.serial) == (1, 1)
    assert centre.state("story-1") == "activated"


def test_2_a_fresh_retail_copy_is_activated_by_voice(centre: Any) -> None:  # rows 5, 28
    told = centre.tell(2)
    assert "(understood: " in told.words
    assert centre.count(told.serial) == (1, 1)
    assert centre.state("story-2") == "activated"


def test_3_a_bad_group_is_asked_for_again_and_nobody_is_needed(centre: Any) -> None:
    told = centre.tell(3)
    assert told.words.count("Group 3 is not right.") == 2
    assert "answers case" not in told.words
    assert centre.count(told.serial) == (1, 1)
    assert centre.state("story-3") == "activated"


def test_4_an_agent_goes_on_with_the_digits_that_were_kept(centre: Any) -> None:  # row 35
    told = centre.tell(4)
    assert "has kept the groups 1, 2, 3; the others are asked for" in told.words
    assert "reads out 6 groups" in told.words
    order = ["answered", "entered groups", "asked for the decision", "gave back to the line", "wrapped up"]
    assert [act for act in centre.acts(told) if act in order] == order
    assert centre.state("story-4") == "activated"


def test_5_the_same_computer_again_is_free(centre: Any) -> None:
    told = centre.tell(5)
    assert told.words.count("takes the confirmation ID: activated") == 2
    assert centre.count(told.serial) == (1, 1)


def test_6_another_main_board_means_three_days_and_a_senior_agent(centre: Any) -> None:  # rows 45, 46
    told = centre.tell(6)
    assert told.words.count("out of tolerance, 3 days left") == 5
    assert "goes on to the telephone page" in told.words
    assert centre.acts(told).count("used an exception") == 1
    assert centre.count(told.serial) == (1, 1), "replacements take no seat"
    assert centre.state("story-6") == "activated"


def test_7_a_second_computer_is_refused(centre: Any) -> None:  # rows 1, 48
    told = centre.tell(7)
    assert "already activated on as many computers as its licence allows" in told.words
    assert centre.count(told.serial) == (1, 1)
    assert (centre.state("story-7"), centre.state("story-7-2")) == ("activated", "in grace")


def test_8_a_developers_key_serves_one_more_computer(centre: Any) -> None:  # row 48
    told = centre.tell(8)
    assert centre.count(told.serial) == (4, 10)
    assert centre.state("story-8") == "activated"


def test_9_an_agent_verifies_the_caller_and_raises_the_limit_in_the_same_call(centre: Any) -> None:  # rows 67, 76, 80
    told = centre.tell(9)
    assert centre.count(told.serial) == (51, 60)
    acts = centre.acts(told)
    order = ["answered", "found the agreement", "verified the caller", "gave back to the line", "wrapped up"]
    assert [act for act in acts if act in order] == order
    assert (centre.state("story-9"), centre.state("story-9-2")) == ("activated", "activated")


def test_10_a_large_raise_needs_a_second_person(centre: Any) -> None:  # row 76
    told = centre.tell(10)
    assert "a second person decides" in told.words
    assert centre.count(told.serial) == (26, 225)
    assert centre.state("story-10") == "activated"


def test_11_a_key_of_one_server_group_does_not_serve_another(centre: Any) -> None:  # row 71
    told = centre.tell(11)
    assert "It is a key for Windows Server 2008 group B." in told.words
    assert centre.count(told.serial) == (0, 50)
    assert centre.state("story-11") == "in grace"


def test_12_an_agent_gives_a_seventh_host(centre: Any) -> None:  # row 58
    told = centre.tell(12)
    assert centre.count(told.serial) == (7, 7)
    assert centre.state("story-12") == "activated"


def test_13_of_a_batch_of_ten_one_fails_and_nine_are_counted(centre: Any) -> None:  # rows 69, 71
    told = centre.tell(13)
    assert "types 9 confirmation IDs in; 1 computer goes without" in told.words
    assert "what is left of the key" in told.words
    assert centre.count(told.serial) == (9, 50)
    assert [centre.state("story-13"), centre.state("story-13-10")] == ["activated", "in grace"]


def test_14_the_late_activation_fault_is_gone_through_and_fixed(centre: Any) -> None:  # rows 87, 88, 89, 90, 91, 92
    told = centre.tell(14)
    assert "31 days pass: grace ended" in told.words
    assert told.words.count("shows: The confirmation ID is not valid.") == 3
    workarounds = ["typing", "another", "internet", "fix", "fixed"]
    asked = [line.split()[1].rstrip("?") for line in told.words.splitlines() if "? Bogdan: " in line]
    assert asked == workarounds
    assert "restarts: in grace, 30 days left" in told.words
    assert "wraps up: known issue, fix sent" in told.words
    assert centre.state("story-14") == "activated"


def test_15_a_service_provider_is_refused_at_the_portal_and_served_by_an_agent(centre: Any) -> None:  # row 79
    told = centre.tell(15)
    assert "SPLA agreements are not in the portal" in told.words
    acts = centre.acts(told)
    assert {"verified the caller", "issued a key", "told a product key"} <= set(acts)
    assert acts.index("verified the caller") < acts.index("told a product key")


def test_nobody_of_a_story_may_sign_in_afterwards_and_the_record_holds(centre: Any) -> None:
    centre.tell(4)
    assert centre.may_sign_in() == []
    assert "whole" in centre.run("audit", "verify")[1]


def test_a_story_can_be_told_again(centre: Any) -> None:
    serials = {centre.tell(8).serial, centre.tell(8).serial}
    assert len(serials) == 2


def test_a_number_without_a_story_names_those_there_are(centre: Any) -> None:
    status, said = centre.run("demo", "16")
    assert status == 1
    assert "There is no story 16; there are 1, 2, 3" in said


def test_the_stories_are_listed(centre: Any) -> None:
    status, said = centre.run("demo", "--list")
    assert status == 0
    assert [int(line.split()[0]) for line in said.splitlines()] == list(range(1, 16))


def test_during_an_outage_a_story_says_where_it_went_another_way(centre: Any) -> None:
    centre.run("outage", "on")
    try:
        status, said = centre.run("demo", "8")
    finally:
        centre.run("outage", "off")
    assert status == 1
    assert said.splitlines()[-1].startswith("Error: The story ends with 3 of 10 used, and should with 4 of 10 used.")
