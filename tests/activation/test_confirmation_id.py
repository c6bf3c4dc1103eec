"""Confirmation IDs: valid for one installation only, and a wrong block is named."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from activation.confirmation_id import (
    BLOCK_LETTERS,
    ISSUE_NUMBERS,
    BadConfirmation,
    ConfirmationFault,
    check_confirmation_id,
    write_confirmation_id,
)
from activation.digits import check_digit_holds
from data.catalogue import load_catalogue

LAYOUTS = list(load_catalogue().layouts.values())
KEY = b"k" * 32

layouts = st.sampled_from(LAYOUTS)
installation_ids = st.text("0123456789", min_size=54, max_size=54)
issues = st.integers(0, ISSUE_NUMBERS - 1)


def test_both_layouts_have_the_blocks_of_the_design() -> None:
    assert {(layout.blocks, layout.confirmation_digits) for layout in LAYOUTS} == {(7, 42), (8, 48)}


@given(installation_ids, issues, layouts)
def test_every_issued_one_is_accepted_and_says_its_number(installation_id: str, issue: int, layout) -> None:
    blocks = write_confirmation_id(installation_id, issue, layout, KEY)
    assert len(blocks) == layout.blocks
    assert all(len(block) == layout.block_length and check_digit_holds(block) for block in blocks)
    assert check_confirmation_id(" - ".join(blocks), installation_id, layout, KEY) == issue


@given(installation_ids, installation_ids, issues, layouts)
def test_another_computers_is_refused(mine: str, theirs: str, issue: int, layout) -> None:
    assume(mine != theirs)
    blocks = write_confirmation_id(theirs, issue, layout, KEY)
    assert check_confirmation_id("".join(blocks), mine, layout, KEY) == BadConfirmation(ConfirmationFault.OTHER_COMPUTER)


@given(installation_ids, issues, layouts, st.data())
def test_every_single_wrong_digit_is_refused_and_its_block_named(installation_id: str, issue: int, layout, data) -> None:
    digits = "".join(write_confirmation_id(installation_id, issue, layout, KEY))
    place = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != digits[place]]))
    answer = check_confirmation_id(digits[:place] + other + digits[place + 1 :], installation_id, layout, KEY)
    assert answer == BadConfirmation(ConfirmationFault.BLOCK, BLOCK_LETTERS[place // layout.block_length])


@given(installation_ids, issues, layouts, st.data())
def test_a_block_whose_check_digit_holds_but_is_not_the_right_one_is_named(
    installation_id: str, issue: int, layout, data
) -> None:
    blocks = list(write_confirmation_id(installation_id, issue, layout, KEY))
    others = write_confirmation_id(installation_id, (issue + 1) % 10, layout, KEY)
    place = data.draw(st.integers(0, len(blocks) - 1))
    assume(blocks[place] != others[place])
    blocks[place] = others[place]
    answer = check_confirmation_id("".join(blocks), installation_id, layout, KEY)
    assert answer == BadConfirmation(ConfirmationFault.BLOCK, BLOCK_LETTERS[place])


@pytest.mark.parametrize(
    ("typed", "fault"),
    [("", ConfirmationFault.LENGTH), ("12345", ConfirmationFault.LENGTH), ("12345x", ConfirmationFault.MALFORMED)],
)
def test_what_is_not_one_at_all_is_told_apart(typed: str, fault: ConfirmationFault) -> None:
    assert check_confirmation_id(typed, "1" * 54, LAYOUTS[0], KEY) == BadConfirmation(fault)


@given(st.text(max_size=70), layouts)
def test_any_text_at_all_gets_an_answer(text: str, layout) -> None:
    assert isinstance(check_confirmation_id(text, "1" * 54, layout, KEY), BadConfirmation)
