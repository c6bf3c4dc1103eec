"""Made-up hardware: complete, varied, repeatable, and never mistaken for a product key."""

import json
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.hardware import COMPONENTS, hash_hardware, is_same_machine, pieces
from activation.redaction import holds_foreign_key
from workstation.computer.hardware import choose_parts, replace_part

NAMES = [component.name for component in COMPONENTS]


@given(seed=st.integers())
def test_a_computer_has_every_component_once_with_a_value(seed: int) -> None:
    parts = choose_parts(Random(seed))
    assert list(parts) == NAMES
    assert all(parts.values())


@given(seed=st.integers())
def test_the_same_randomness_gives_the_same_computer(seed: int) -> None:
    assert choose_parts(Random(seed)) == choose_parts(Random(seed))


@given(seed=st.integers())
def test_no_computer_looks_like_it_holds_a_product_key(seed: int) -> None:
    parts = choose_parts(Random(seed))
    assert not holds_foreign_key(json.dumps(parts))
    assert not holds_foreign_key(" ".join(parts.values()))


def test_a_thousand_computers_are_a_thousand_machines() -> None:
    random = Random(1)
    hashes = [hash_hardware(choose_parts(random)) for _ in range(1000)]
    assert len(set(hashes)) == 1000
    assert not any(is_same_machine(one, other) for one, other in pairwise(hashes))


@pytest.mark.parametrize("name", NAMES)
@given(seed=st.integers())
def test_a_replaced_part_changes_its_own_piece_of_the_hash_and_no_other(name: str, seed: int) -> None:
    random = Random(seed)
    parts = choose_parts(random)
    changed = {**parts, name: replace_part(name, parts, random)}
    before, after = pieces(hash_hardware(parts)), pieces(hash_hardware(changed))
    assert [one != other for one, other in zip(before, after, strict=True)] == [name == each for each in NAMES]
