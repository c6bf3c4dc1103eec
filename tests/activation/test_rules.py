"""The verdict table, row by row: the first that applies answers. Pure; the same rules run on the database in test_desk."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.catalogue import Channel, Product
from activation.claims import AgentReason, AskFirst, Claim, Door, NeedsAgent, RefusalCode, Refused
from activation.installation_id import BadId, IdFault, Installation
from activation.rules import Facts, KeyRecord, Reissue, Replace, Seat, TakeSeat, judge, refuse_id
from data.catalogue import load_catalogue

CATALOGUE = load_catalogue()
HARDWARE = 0x0123_4567_89AB_CDEF
OTHER = HARDWARE ^ (1 << 64) - 1
PHONE = Claim("", Door.PHONE)
WEB = Claim("", Door.WEB)


def product(name: str) -> Product:
    found = CATALOGUE.product_named(name)
    assert found is not None, name
    return found


SEVEN = product("windows-7-professional")
STANDARD = product("server-2008-r2-standard")
DATACENTER = product("server-2008-r2-datacenter")
VISTA = product("vista-business")


def facts(
    channel: Channel = Channel.RETAIL,
    of: Product = SEVEN,
    on: Product | None = None,
    *,
    allowed: int = 1,
    used: int = 0,
    **more,
) -> Facts:
    key = KeyRecord(7, of.code, channel, allowed, used)
    return replace(Facts(Installation((on or of).code, 7, HARDWARE), key), **more)


def seat(hardware: int = OTHER, **more) -> Seat:
    return Seat("seat", hardware, issues=1, **more)


@pytest.mark.parametrize(
    ("bad", "refused"),
    [
        (BadId(IdFault.MALFORMED), Refused(RefusalCode.MALFORMED)),
        (BadId(IdFault.LENGTH), Refused(RefusalCode.MALFORMED)),
        (BadId(IdFault.LAYOUT, 1), Refused(RefusalCode.MALFORMED, group=1)),
        (BadId(IdFault.GROUP, 4), Refused(RefusalCode.GROUP_CHECK, group=4)),
        (BadId(IdFault.WHOLE), Refused(RefusalCode.WHOLE_CHECK)),
        (BadId(IdFault.NOT_AUTHENTIC), Refused(RefusalCode.NOT_AUTHENTIC)),
    ],
)
def test_1_digits_that_are_no_id_are_refused_naming_the_group_where_there_is_one(bad: BadId, refused: Refused) -> None:
    assert refuse_id(bad) == refused


def test_3_an_unknown_key_is_refused() -> None:
    assert judge(PHONE, Facts(Installation(SEVEN.code, 7, HARDWARE), None), CATALOGUE) == Refused(RefusalCode.UNKNOWN_KEY)


def test_3_a_product_that_is_in_no_catalogue_is_refused() -> None:
    unknown = replace(facts(), installation=Installation(255, 7, HARDWARE))
    assert judge(PHONE, unknown, CATALOGUE) == Refused(RefusalCode.UNKNOWN_KEY)


def test_3_a_blocked_key_goes_to_a_person_even_on_the_same_machine() -> None:
    blocked = facts(seats=(seat(HARDWARE),))
    blocked = replace(blocked, key=replace(blocked.key, blocked=True))
    assert judge(PHONE, blocked, CATALOGUE) == NeedsAgent(AgentReason.BLOCKED_KEY)


@pytest.mark.parametrize(
    ("channel", "of", "on", "right"),
    [
        (Channel.MAK, STANDARD, DATACENTER, STANDARD.group.title),
        (Channel.MAK, DATACENTER, STANDARD, DATACENTER.group.title),
        (Channel.MAK, SEVEN, VISTA, SEVEN.group.title),
        (Channel.KMS, STANDARD, DATACENTER, STANDARD.group.title),
        (Channel.RETAIL, SEVEN, VISTA, SEVEN.title),
    ],
)
def test_4_a_key_of_another_group_is_refused_naming_the_right_one(
    channel: Channel, of: Product, on: Product, right: str
) -> None:
    answer = judge(PHONE, facts(channel, of, on, allowed=5), CATALOGUE)
    assert answer == Refused(RefusalCode.WRONG_PRODUCT, right_product=right)


@pytest.mark.parametrize(
    ("channel", "of", "on"),
    [
        (Channel.KMS, DATACENTER, STANDARD),
        (Channel.KMS, STANDARD, SEVEN),
        (Channel.MAK, STANDARD, product("server-2008-r2-enterprise")),
    ],
)
def test_4_a_host_key_serves_the_groups_below_and_a_mak_every_edition_of_its_group(
    channel: Channel, of: Product, on: Product
) -> None:
    assert judge(PHONE, facts(channel, of, on, allowed=5), CATALOGUE) == TakeSeat()


REGIONAL = next(product for product in CATALOGUE.products.values() if product.regions)


@pytest.mark.parametrize("country", ["US", "AU"])
def test_5_an_edition_bound_to_regions_is_refused_from_elsewhere(country: str) -> None:
    assert country not in REGIONAL.regions
    assert judge(replace(PHONE, country=country), facts(of=REGIONAL), CATALOGUE) == Refused(RefusalCode.REGION)


@pytest.mark.parametrize("country", [*sorted(REGIONAL.regions)[:3], None])
def test_5_it_is_granted_from_its_regions_and_from_a_number_of_no_country(country: str | None) -> None:
    assert judge(replace(PHONE, country=country), facts(of=REGIONAL), CATALOGUE) == TakeSeat()


def test_6_activation_that_is_not_needed_is_refused_as_unnecessary() -> None:
    volume = facts(Channel.VOLUME, product("server-2003-standard"), allowed=5)
    assert judge(PHONE, volume, CATALOGUE) == Refused(RefusalCode.NOT_NEEDED)
    assert judge(replace(WEB, pre_activated=True), facts(Channel.OEM), CATALOGUE) == Refused(RefusalCode.NOT_NEEDED)
    assert judge(WEB, facts(Channel.OEM), CATALOGUE) == TakeSeat()


@pytest.mark.parametrize("channel", [Channel.RETAIL, Channel.MAK, Channel.MSDN])
def test_7_the_same_machine_is_free_even_when_the_count_is_full(channel: Channel) -> None:
    mine = seat(HARDWARE)
    assert judge(PHONE, facts(channel, used=1, seats=(seat(), mine)), CATALOGUE) == Reissue(mine)


def test_7_a_retail_machine_with_a_new_graphics_card_is_the_same_a_volume_one_is_not() -> None:
    changed = seat(HARDWARE ^ 0b111)
    assert judge(PHONE, facts(used=1, seats=(changed,)), CATALOGUE) == Reissue(changed)
    assert isinstance(judge(PHONE, facts(Channel.MAK, used=1, seats=(changed,)), CATALOGUE), NeedsAgent)


@pytest.mark.parametrize(("reissues", "answer"), [(4, Reissue(seat(HARDWARE))), (5, NeedsAgent(AgentReason.TOO_MANY_REISSUES))])
def test_7_after_five_reissues_in_a_day_a_person_looks_at_it(reissues: int, answer: object) -> None:
    assert judge(PHONE, facts(used=1, seats=(seat(HARDWARE),), reissues_today=reissues), CATALOGUE) == answer


def test_7_a_kms_host_may_have_its_ten_issues_in_one_day() -> None:
    host = replace(seat(HARDWARE), issues=9, issues_allowed=10)
    busy_day = facts(Channel.KMS, STANDARD, used=1, allowed=6, seats=(host,), reissues_today=8)
    assert judge(PHONE, busy_day, CATALOGUE) == Reissue(host)


@given(st.integers(0, 20), st.integers(0, 20), st.sampled_from(list(Channel)))
def test_8_within_the_count_a_new_machine_takes_a_seat_and_over_it_never(used: int, allowed: int, channel: Channel) -> None:
    answer = judge(PHONE, facts(channel, allowed=allowed, used=used), CATALOGUE)
    if channel is Channel.VOLUME:
        assert answer == Refused(RefusalCode.NOT_NEEDED)
    else:
        assert (answer == TakeSeat()) == (used < allowed)


SINGLE = [Channel.RETAIL, Channel.OEM, Channel.EVALUATION, Channel.MSDN]


@pytest.mark.parametrize("channel", SINGLE)
def test_9_over_the_count_the_number_of_computers_is_asked_first(channel: Channel) -> None:
    full = facts(channel, used=1, seats=(seat(),))
    assert judge(PHONE, full, CATALOGUE) == AskFirst()
    assert judge(replace(PHONE, computers=1), full, CATALOGUE) == Replace(seat())
    assert judge(replace(PHONE, computers=2), full, CATALOGUE) == Refused(RefusalCode.TOO_MANY_COMPUTERS)


@pytest.mark.parametrize(("replacements", "answer"), [(2, Replace(seat())), (3, NeedsAgent(AgentReason.TOO_MANY_REPLACEMENTS))])
def test_9_fewer_than_three_replacements_in_120_days(replacements: int, answer: object) -> None:
    full = facts(used=1, seats=(seat(),), replacements=replacements)
    assert judge(replace(PHONE, computers=1), full, CATALOGUE) == answer


def test_9_the_seat_most_like_the_machine_is_the_one_replaced() -> None:
    far, near = replace(seat(OTHER), id="far"), replace(seat(HARDWARE ^ ((1 << 46) - 1 << 18)), id="near")  # six votes left
    full = facts(Channel.MSDN, used=2, allowed=2, seats=(far, near))
    assert judge(replace(PHONE, computers=1), full, CATALOGUE) == Replace(near)


def test_10_a_volume_key_over_its_count_needs_an_agent_on_the_line_and_is_refused_by_web() -> None:
    mak, kms = facts(Channel.MAK, used=1), facts(Channel.KMS, STANDARD, used=6, allowed=6)
    assert judge(PHONE, mak, CATALOGUE) == NeedsAgent(AgentReason.MAK_LIMIT, SEVEN.group.name)
    assert judge(PHONE, kms, CATALOGUE) == NeedsAgent(AgentReason.KMS_HOST_LIMIT, STANDARD.group.name)
    assert judge(WEB, mak, CATALOGUE) == Refused(RefusalCode.OVER_LIMIT)
    assert judge(WEB, kms, CATALOGUE) == Refused(RefusalCode.OVER_LIMIT)


def test_10_a_kms_host_is_activated_ten_times_and_not_an_eleventh() -> None:
    tenth, eleventh = (replace(seat(HARDWARE), issues=issues, issues_allowed=10) for issues in (9, 10))
    assert judge(PHONE, facts(Channel.KMS, STANDARD, used=1, allowed=6, seats=(tenth,)), CATALOGUE) == Reissue(tenth)
    full = judge(PHONE, facts(Channel.KMS, STANDARD, used=1, allowed=6, seats=(eleventh,)), CATALOGUE)
    assert full == NeedsAgent(AgentReason.KMS_ISSUE_LIMIT, STANDARD.group.name)


WAIVED = replace(PHONE, waived=True)


def test_an_exception_lets_the_same_machine_have_another_id_after_five_in_a_day() -> None:
    mine = seat(HARDWARE)
    assert judge(WAIVED, facts(used=1, seats=(mine,), reissues_today=5), CATALOGUE) == Reissue(mine)


@pytest.mark.parametrize("channel", SINGLE)
@pytest.mark.parametrize("computers", [None, 1, 2])
def test_an_exception_replaces_the_nearest_seat_whatever_was_answered_and_however_often_it_was_replaced(
    channel: Channel, computers: int | None
) -> None:
    far, near = replace(seat(OTHER), id="far"), replace(seat(HARDWARE ^ ((1 << 46) - 1 << 18)), id="near")
    full = facts(channel, used=2, allowed=2, seats=(far, near), replacements=3)
    assert judge(replace(WAIVED, computers=computers), full, CATALOGUE) == Replace(near)


def test_an_exception_leaves_volume_counts_blocked_keys_and_regions_as_they_are() -> None:
    eleventh = replace(seat(HARDWARE), issues=10, issues_allowed=10)
    full_host = facts(Channel.KMS, STANDARD, used=1, allowed=6, seats=(eleventh,))
    assert judge(WAIVED, full_host, CATALOGUE) == NeedsAgent(AgentReason.KMS_ISSUE_LIMIT, STANDARD.group.name)
    full_mak = facts(Channel.MAK, used=1, seats=(seat(),))
    assert judge(WAIVED, full_mak, CATALOGUE) == NeedsAgent(AgentReason.MAK_LIMIT, SEVEN.group.name)
    blocked = facts(seats=(seat(HARDWARE),))
    assert judge(WAIVED, replace(blocked, key=replace(blocked.key, blocked=True)), CATALOGUE) == NeedsAgent(
        AgentReason.BLOCKED_KEY
    )
    assert judge(replace(WAIVED, country="US"), facts(of=REGIONAL), CATALOGUE) == Refused(RefusalCode.REGION)


def test_an_exception_finds_nothing_to_replace_where_no_seat_is_taken() -> None:
    assert judge(replace(WAIVED, computers=1), facts(allowed=0), CATALOGUE) == Refused(RefusalCode.TOO_MANY_COMPUTERS)


@given(st.integers(0, 20), st.integers(0, 20), st.sampled_from(list(Channel)))
def test_an_exception_changes_nothing_within_the_count(used: int, allowed: int, channel: Channel) -> None:
    known = facts(channel, used=used, allowed=max(allowed, used + 1))
    assert judge(WAIVED, known, CATALOGUE) == judge(PHONE, known, CATALOGUE)
