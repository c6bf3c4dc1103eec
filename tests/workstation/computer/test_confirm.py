"""What a computer says of a confirmation ID: taken, or why not, and which block to have read again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.catalogue import Channel
from activation.digits import with_check_digit
from activation.redaction import holds_foreign_key
from workstation.computer.declined import ConfirmFault, NotConfirmed
from workstation.computer.machine import Activation, Machine, confirm

Install = Callable[..., Machine]
Issue = Callable[..., str]
LAYOUTS = ["server-2003-r2-standard", "windows-7-professional"]
SEPARATORS = " -–—\u00a0\u2009\u200b\t\n.,_/:;|'·•*()[]"
FOREIGN_KEY = "BCDFG-HJKMP-QRTVW-XY234-6789B"


def refused(machine: Machine, text: str) -> NotConfirmed:
    outcome = confirm(machine, text, machine.installed_at)
    assert isinstance(outcome, NotConfirmed)
    return outcome


def block_of(position: int) -> str:
    return "ABCDEFGH"[position // 6]


@pytest.mark.parametrize("product", LAYOUTS)
@pytest.mark.parametrize("issue_number", range(10))
def test_every_issue_activates_the_machine_it_was_given_for(
    install: Install, issue: Issue, product: str, issue_number: int
) -> None:
    machine = install(product)
    outcome = confirm(machine, issue(machine, issue_number), machine.installed_at)
    assert isinstance(outcome, Machine)
    assert outcome.activation
    assert (outcome.activation.issue_number, outcome.activation.activated_at) == (issue_number, machine.installed_at)


@given(seeds=st.tuples(st.integers(), st.integers()).filter(lambda pair: pair[0] != pair[1]))
def test_one_machines_confirmation_id_fails_on_another(install: Install, issue: Issue, seeds: tuple[int, int]) -> None:
    one, other = (install(seed=seed) for seed in seeds)
    assert refused(other, issue(one)).fault is ConfirmFault.OTHER_COMPUTER


@pytest.mark.parametrize("product", LAYOUTS)
def test_every_single_wrong_digit_is_refused_and_its_block_named(install: Install, issue: Issue, product: str) -> None:
    machine = install(product)
    right = issue(machine)
    for position, digit in enumerate(right):
        for wrong in set("0123456789") - {digit}:
            found = refused(machine, right[:position] + wrong + right[position + 1 :])
            assert (found.fault, found.block) == (ConfirmFault.BLOCK, block_of(position))
            assert f"Block {block_of(position)} " in found.sentence


@pytest.mark.parametrize("product", LAYOUTS)
def test_swapped_neighbours_are_refused_and_the_first_block_they_touch_is_named(
    install: Install, issue: Issue, product: str
) -> None:
    machine = install(product)
    right = issue(machine)
    for position in range(len(right) - 1):
        one, next_one = right[position], right[position + 1]
        if one != next_one:
            found = refused(machine, right[:position] + next_one + one + right[position + 2 :])
            assert (found.fault, found.block) == (ConfirmFault.BLOCK, block_of(position))


def test_a_wrong_block_whose_check_digit_holds_is_still_named(install: Install, issue: Issue) -> None:
    machine = install()
    right = issue(machine)
    other = with_check_digit(f"{(int(right[12:17]) + 1) % 100_000:05d}")
    assert refused(machine, right[:12] + other + right[18:]).block == "C"


@given(data=st.data())
def test_separators_of_every_kind_are_accepted(install: Install, issue: Issue, data: st.DataObject) -> None:
    machine = install()
    typed = "".join(digit + data.draw(st.text(SEPARATORS, max_size=2)) for digit in issue(machine))
    assert isinstance(confirm(machine, typed, machine.installed_at), Machine)


@given(length=st.integers(0, 100).filter(lambda length: length != 48))
def test_too_short_and_too_long_are_told_with_their_counts(install: Install, issue: Issue, length: int) -> None:
    machine = install()
    found = refused(machine, (issue(machine) * 3)[:length])
    words = f"{length} digits were typed, {abs(48 - length)} too {'few' if length < 48 else 'many'}"
    assert found.sentence.startswith(words)
    assert "has 48" in found.sentence


@given(text=st.text())
def test_anything_may_be_typed(install: Install, text: str) -> None:
    assert refused(install(), text).fault in {ConfirmFault.MALFORMED, ConfirmFault.TOO_SHORT}


def test_digits_of_other_scripts_are_not_digits(install: Install, issue: Issue) -> None:
    machine = install()
    arabic = issue(machine).translate({ord(str(digit)): 0x0660 + digit for digit in range(10)})
    assert refused(machine, arabic).fault is ConfirmFault.MALFORMED


def test_a_foreign_product_key_typed_by_mistake_is_not_repeated(install: Install) -> None:
    found = refused(install(), FOREIGN_KEY)
    assert found.fault is ConfirmFault.MALFORMED
    assert not holds_foreign_key(found.sentence)


def test_confirming_again_keeps_the_machine_activated(install: Install, issue: Issue) -> None:
    machine = install()
    first = confirm(machine, issue(machine, 0), machine.installed_at)
    assert isinstance(first, Machine)
    second = confirm(first, issue(machine, 1), machine.installed_at + timedelta(days=1))
    assert isinstance(second, Machine)
    assert isinstance(second.activation, Activation)
    assert second.activation.issue_number == 1


@pytest.mark.parametrize(
    "product", ["server-2003-web", "server-2003-standard", "server-2003-enterprise", "server-2003-enterprise-64"]
)
def test_the_late_activation_fault_refuses_a_right_id_once_grace_has_ended(
    install: Install, issue: Issue, product: str
) -> None:
    machine = install(product, Channel.OEM)
    right, start = issue(machine), machine.installed_at
    assert isinstance(confirm(machine, right, start + timedelta(days=29)), Machine)
    late = confirm(machine, right, start + timedelta(days=31))
    assert isinstance(late, NotConfirmed)
    assert late.fault is ConfirmFault.REFUSED


@pytest.mark.parametrize("product", LAYOUTS)
def test_other_products_are_activated_after_grace_as_well(install: Install, issue: Issue, product: str) -> None:
    machine = install(product)
    assert isinstance(confirm(machine, issue(machine), machine.installed_at + timedelta(days=31)), Machine)
