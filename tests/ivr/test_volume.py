"""Volume keys on the line: everything is collected for the agent (rows 76 and 80 from the caller's end)."""

from dataclasses import replace

import pytest

from ivr.account import collected
from ivr.errand import FindAgreement, OpenCase
from ivr.state import Place


def test_more_activations_collects_agreement_group_and_number_and_reads_back_the_new_total(phone) -> None:
    assert "agreement number" in phone.call().press("2").words
    assert phone.ask.digits == 8
    phone.press(phone.agreement.number)
    assert "Windows 7: press 1. Windows Vista: press 2." in phone.words
    assert phone.press("1").ask.finish_key == "#"
    assert phone.press("25").words.startswith("25 more for Windows 7, 75 in all.")
    phone.press("1")
    assert phone.errands[-1] == OpenCase("agent.more_activations")
    assert phone.place is Place.QUEUE
    facts = collected(phone.state)
    assert (facts["agreement"], facts["product_group"], facts["add"]) == (phone.agreement.number, "windows-7", 25)


def test_it_all_works_by_voice(phone) -> None:
    phone.call().speak("more activations", " ".join(phone.agreement.number), "two", "one hundred", "yes")
    facts = collected(phone.state)
    assert (facts["product_group"], facts["add"]) == ("vista", 100)


def test_one_mak_needs_no_choice_and_none_goes_to_a_person(phone) -> None:
    phone.agreement = replace(phone.agreement, groups=phone.agreement.groups[:1])
    assert phone.call().press("2", phone.agreement.number).place is Place.QUANTITY
    phone.agreement = replace(phone.agreement, groups=())
    phone.press("25", "*", "**", phone.agreement.number)
    assert phone.errands[-1] == OpenCase("agent.no_volume_key")
    facts = collected(phone.state)
    assert (facts["add"], facts["product_group"]) == (None, None), "what was chosen for another agreement is forgotten"


def test_the_number_may_be_changed_before_it_goes_on(phone) -> None:
    phone.call().press("2", phone.agreement.number, "1", "25", "2", "30")
    assert phone.words.startswith("30 more for Windows 7, 80 in all.")


@pytest.mark.parametrize("bad", ["0", "0000", "#"])
def test_what_is_no_number_from_1_to_9999_is_asked_again(phone, bad: str) -> None:
    phone.call().press("2", phone.agreement.number, "1", bad)
    assert "not a number from 1 to 9999" in phone.words
    assert phone.press("9999").place is Place.CONFIRM


def test_an_agreement_number_is_checked_before_it_is_looked_up_and_three_tries_lead_to_a_person(phone) -> None:
    phone.call().press("2", "12345678")
    assert "That is not an agreement number. Key in your agreement number" in phone.words
    assert phone.errands == []
    phone.press("1234567").wait(2)
    phone.press("12345678")
    assert phone.errands == [OpenCase("agent.unknown_agreement")]


def test_an_agreement_number_read_in_two_breaths_is_one_number(phone) -> None:
    phone.call().press("2", phone.agreement.number[:3])
    assert (phone.words, phone.ask.digits) == ("", 5)
    phone.press(phone.agreement.number[3:])
    assert phone.errands == [FindAgreement(phone.agreement.number)]


def test_noise_between_two_halves_of_a_number_starts_it_anew(phone) -> None:
    phone.call().press("2", "1234").speak("blah")
    assert phone.ask.digits == 8


def test_an_unknown_agreement_counts_as_a_try_too(phone) -> None:
    phone.agreement = None
    phone.call().press("2", "12345671")
    assert "no active agreement" in phone.words
    phone.press("12345671", "12345671")
    assert phone.errands == [FindAgreement("12345671")] * 3 + [OpenCase("agent.unknown_agreement")]


@pytest.mark.parametrize(("key", "reason"), [("1", "agent.new_key"), ("2", "agent.kms"), ("3", "agent.other_volume")])
def test_other_requests_take_the_agreement_and_go_to_a_person(phone, key: str, reason: str) -> None:
    phone.call().press("4", key, phone.agreement.number)
    assert phone.errands[-1] == OpenCase(reason)
    assert collected(phone.state)["agreement"] == phone.agreement.number


def test_the_way_back_from_every_question(phone) -> None:
    phone.call().press("2", phone.agreement.number, "1", "5", "*")
    assert phone.place is Place.QUANTITY
    assert phone.press("**").place is Place.AGREEMENT
    assert phone.press("**").place is Place.MENU
    assert phone.press("4", "*").place is Place.MENU
