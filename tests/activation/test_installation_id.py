"""Installation IDs: round trips, and every kind of misreading that must be refused as a value, never an exception."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from activation.catalogue import Catalogue, Header
from activation.digits import check_digit_holds, clean_digits, with_check_digit
from activation.installation_id import (
    BadId,
    IdFault,
    Installation,
    Opened,
    can_complete,
    check_group,
    may_begin,
    read_installation_id,
    whole_completer,
    whole_holds,
    write_installation_id,
)
from activation.secrets import Secrets
from data.catalogue import load_catalogue

CATALOGUE = load_catalogue()
SECRETS = Secrets({1: b"1" * 32, 2: b"2" * 32})
HEADERS = [header for header in CATALOGUE.headers.values() if header.epoch in SECRETS.masters]

headers = st.sampled_from(HEADERS)
installations = st.builds(
    Installation, product=st.integers(0, 255), serial=st.integers(0, 2**24 - 1), hardware=st.integers(0, 2**64 - 1)
)


def written(installation: Installation, header: Header, secrets: Secrets = SECRETS) -> tuple[str, ...]:
    return write_installation_id(installation, header, secrets.installation_key(header.epoch))


def read(text: str, catalogue: Catalogue = CATALOGUE, secrets: Secrets = SECRETS) -> Opened | BadId:
    return read_installation_id(text, catalogue, secrets)


def test_both_layouts_have_the_lengths_of_the_design() -> None:
    lengths = {len("".join(written(Installation(1, 1, 1), header))) for header in HEADERS}
    assert lengths == {50, 54}


@given(installations, headers)
def test_what_is_written_is_read_again(installation: Installation, header: Header) -> None:
    groups = written(installation, header)
    assert tuple(map(len, groups)) == header.layout.groups
    assert all(check_group(group) for group in groups)
    opened = read("".join(groups))
    assert isinstance(opened, Opened)
    assert (opened.installation, opened.header) == (installation, header)
    assert written(installation, header) == groups  # same machine and key, same ID


@given(installations, headers, st.integers(1, 54))
def test_an_id_may_begin_as_every_id_does(installation: Installation, header: Header, length: int) -> None:
    assert may_begin("".join(written(installation, header))[:length], CATALOGUE)


@given(headers, st.integers(2**128, 10**39 - 1))
def test_no_id_begins_with_a_block_too_large_for_its_bits(header: Header, block: int) -> None:
    begun = f"{header.digit}{block}"[: header.layout.groups[0] - 1]
    assume(int(begun[1:]) > int(str(2**128)[: len(begun) - 1]))
    assert not may_begin(begun, CATALOGUE)


def test_no_id_begins_with_the_first_digit_of_an_epoch_that_never_was() -> None:
    begun = CATALOGUE.in_epochs(SECRETS.masters)
    assert {digit for digit in "0123456789" if may_begin(digit, begun)} == {str(header.digit) for header in HEADERS}
    assert not may_begin("", begun)


@given(installations, headers.filter(lambda header: can_complete(header.layout)), st.integers(0, 8))
def test_all_groups_but_one_leave_few_ways_for_it_and_the_right_one_is_among_them(
    installation: Installation, header: Header, place: int
) -> None:
    groups = tuple(group[:-1] for group in written(installation, header))
    ways = list(whole_completer(header.layout)((*groups[:place], "?????", *groups[place + 1 :]), place))
    assert groups in ways
    assert all(way[:place] == groups[:place] and way[place + 1 :] == groups[place + 1 :] for way in ways)
    assert {len("".join(way)) for way in ways} == {len("".join(groups))}
    assert len(set(ways)) == len(ways) <= 11
    # Of all 100,000 ways for the group none holds that is not among them.
    if place < 8:
        others = {f"{(int(groups[place]) + step) % 10**5:05d}" for step in range(1, 2_000, 7)} - {way[place] for way in ways}
        assert not any(whole_holds("".join((*groups[:place], other, *groups[place + 1 :])), header.layout) for other in others)


def test_the_layout_with_four_further_check_digits_alone_tells_a_missing_group() -> None:
    assert {name for name, layout in CATALOGUE.layouts.items() if can_complete(layout)} == {"default"}
    cut_otherwise = replace(CATALOGUE.layouts["default"], groups=(5,) * 11 + (2,))
    assert not can_complete(cut_otherwise), "a group of these may be half check digits"


SEPARATORS = st.text(
    st.sampled_from(" -\t\n.,_/:;|'·•*()[]\u00a0\u2009\u202f\u2010\u2011\u2013\u2014\u2212\u200b\ufeff\u00ad"), max_size=3
)


@given(installations, headers, st.lists(SEPARATORS, min_size=60, max_size=60))
def test_separators_of_every_kind_people_type_change_nothing(
    installation: Installation, header: Header, separators: list[str]
) -> None:
    solid = "".join(written(installation, header))
    typed = "".join(gap + digit for gap, digit in zip(separators, solid, strict=False))
    assert read(typed) == read(solid)


@given(installations, headers, st.data())
def test_every_single_wrong_digit_is_refused_and_its_group_named(
    installation: Installation, header: Header, data: st.DataObject
) -> None:
    groups = written(installation, header)
    index = data.draw(st.integers(0, len(groups) - 1))
    place = data.draw(st.integers(0, len(groups[index]) - 1))
    assume((index, place) != (0, 0))  # the first digit of all chooses the layout
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != groups[index][place]]))
    wrong = groups[index][:place] + other + groups[index][place + 1 :]
    assert read("".join((*groups[:index], wrong, *groups[index + 1 :]))) == BadId(IdFault.GROUP, index + 1)


@given(installations, headers, st.data())
def test_every_swap_of_neighbours_in_a_group_is_refused(
    installation: Installation, header: Header, data: st.DataObject
) -> None:
    groups = written(installation, header)
    index = data.draw(st.integers(0, len(groups) - 1))
    place = data.draw(st.integers(0, len(groups[index]) - 2))
    group = groups[index]
    assume(group[place] != group[place + 1] and (index, place) != (0, 0))
    swapped = group[:place] + group[place + 1] + group[place] + group[place + 2 :]
    assert read("".join((*groups[:index], swapped, *groups[index + 1 :]))) == BadId(IdFault.GROUP, index + 1)


@given(installations, headers, st.data())
def test_two_groups_in_each_others_place_are_refused_though_every_group_holds(
    installation: Installation, header: Header, data: st.DataObject
) -> None:
    groups = list(written(installation, header))
    six = [index for index, group in enumerate(groups) if len(group) == 6 and index > 0]
    one, other = data.draw(st.sampled_from(six)), data.draw(st.sampled_from(six))
    assume(groups[one] != groups[other])
    groups[one], groups[other] = groups[other], groups[one]
    answer = read("".join(groups))
    assert isinstance(answer, BadId)
    assert answer.fault in (IdFault.WHOLE, IdFault.NOT_AUTHENTIC)


@given(headers, st.text("0123456789", min_size=39, max_size=39))
def test_a_forged_id_with_every_check_digit_right_is_refused_by_its_tag(header: Header, block: str) -> None:
    """The checks are public; without the key nobody makes an ID that opens (chance 2**-32)."""
    forged = _with_all_checks(f"{header.digit}{block}", header)
    assert read(forged) == BadId(IdFault.NOT_AUTHENTIC)


def _with_all_checks(core: str, header: Header) -> str:
    room = sum(header.layout.groups) - len(header.layout.groups) - 41
    data = with_check_digit(core + (f"{int(core) % 9973:0{room}d}" if room else ""))
    groups = []
    for length in header.layout.groups:
        groups.append(with_check_digit(data[: length - 1]))
        data = data[length - 1 :]
    return "".join(groups)


@given(installations, headers)
def test_an_id_of_another_instance_is_not_authentic(installation: Installation, header: Header) -> None:
    elsewhere = Secrets({1: b"a" * 32, 2: b"b" * 32})
    assert read("".join(written(installation, header, elsewhere))) == BadId(IdFault.NOT_AUTHENTIC)


@pytest.mark.parametrize("header", [header for header in CATALOGUE.headers.values() if header.epoch not in SECRETS.masters])
def test_a_first_digit_of_an_epoch_that_never_was_names_group_one(header: Header) -> None:
    digits = "".join(written(Installation(1, 2, 3), replace(HEADERS[0], digit=HEADERS[0].digit)))
    assert read(str(header.digit) + digits[1:]) == BadId(IdFault.LAYOUT, 1)


@given(installations)
def test_the_other_layouts_first_digit_is_refused(installation: Installation) -> None:
    one, other = HEADERS[0], next(header for header in HEADERS if header.layout != HEADERS[0].layout)
    digits = "".join(written(installation, one))
    assert isinstance(read(str(other.digit) + digits[1:]), BadId)


@given(installations, headers, st.integers(0, 53), st.sampled_from("\u0663\u0969\u17e3\uff13\U0001d7db"))
def test_digits_of_other_scripts_are_refused_not_converted(
    installation: Installation, header: Header, place: int, foreign: str
) -> None:
    solid = "".join(written(installation, header))
    place %= len(solid)
    assert read(solid[:place] + foreign + solid[place + 1 :]) == BadId(IdFault.MALFORMED)


@given(installations, headers, st.integers(1, 53))
def test_missing_or_surplus_digits_are_a_wrong_length(installation: Installation, header: Header, missing: int) -> None:
    solid = "".join(written(installation, header))
    assert read(solid[: -min(missing, len(solid) - 1)]) == BadId(IdFault.LENGTH)
    assert read(solid + "7") == BadId(IdFault.LENGTH)


@given(st.text(max_size=80))
def test_any_text_at_all_gets_an_answer_and_no_digits_back(text: str) -> None:
    answer = read(text)
    assert isinstance(answer, BadId)
    digits = clean_digits(text)
    assert not digits or len(digits) < 5 or digits not in repr(answer)


@given(st.text("0123456789", min_size=1, max_size=60))
def test_the_check_digit_accepts_exactly_one_of_ten_endings(digits: str) -> None:
    assert [ending for ending in "0123456789" if check_digit_holds(digits + ending)] == [with_check_digit(digits)[-1]]


def test_check_digits_of_other_scripts_do_not_hold() -> None:
    assert not check_digit_holds("٣٣٣٣٣٣")
