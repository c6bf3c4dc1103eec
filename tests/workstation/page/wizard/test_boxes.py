"""The boxes of a confirmation ID: where typed and pasted digits go, and what is said of each block."""

from hypothesis import given
from hypothesis import strategies as st

from activation.catalogue import Layout
from activation.digits import check_digit_holds, with_check_digit
from workstation.page.wizard.boxes import Standing, read_boxes, spread

LAYOUT = Layout("default", (6,) * 9, 8, 6)
OLD = Layout("2003", (6,) * 8 + (2,), 7, 6)
BLOCKS = st.lists(st.text("0123456789", min_size=5, max_size=5).map(with_check_digit), min_size=8, max_size=8)
SEPARATORS = st.sampled_from(["", " ", "-", " - ", "\n", "."])


@given(blocks=BLOCKS, separator=SEPARATORS, box=st.integers(0, 7))
def test_a_whole_id_pasted_into_any_box_finds_all_its_boxes(blocks, separator, box):
    typed = [""] * 8
    typed[box] = separator.join(blocks)
    assert spread(typed, LAYOUT) == tuple(blocks)


@given(blocks=BLOCKS, box=st.integers(0, 6))
def test_two_blocks_in_one_box_hand_the_second_on(blocks, box):
    typed = [""] * 8
    typed[box] = blocks[0] + blocks[1]
    found = spread(typed, LAYOUT)
    assert found[box : box + 2] == (blocks[0], blocks[1])
    assert not any(found[:box])


@given(texts=st.lists(st.text(max_size=300), max_size=12))
def test_whatever_is_typed_gives_one_box_for_every_block(texts):
    boxes = read_boxes(texts, LAYOUT)
    assert [box.letter for box in boxes] == list("ABCDEFGH")


@given(block=BLOCKS.map(lambda blocks: blocks[0]), place=st.integers(0, 5), step=st.integers(1, 9))
def test_every_single_wrong_digit_is_seen_at_its_block(block, place, step):
    wrong = block[:place] + str((int(block[place]) + step) % 10) + block[place + 1 :]
    assert read_boxes([block], LAYOUT)[0].standing is Standing.GOOD
    assert read_boxes([wrong], LAYOUT)[0].standing is Standing.WRONG
    assert not check_digit_holds(wrong)


def test_a_box_says_how_it_stands():
    texts = ["", "123", with_check_digit("12345"), "12a456", "000001", "", "", "12345678"]
    standing = [box.standing.value for box in read_boxes(texts, LAYOUT)]
    assert standing == ["empty", "begun", "good", "wrong", "wrong", "empty", "empty", "wrong"]


def test_the_2003_generation_has_seven_boxes():
    assert [box.letter for box in read_boxes([], OLD)] == list("ABCDEFG")
