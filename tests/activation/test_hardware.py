"""The hardware hash: short pieces, votes, tolerance."""

from hypothesis import given
from hypothesis import strategies as st

from activation.hardware import COMPONENTS, HASH_BITS, hash_hardware, is_same_machine, pieces, votes_in_common

parts = st.fixed_dictionaries({component.name: st.text(max_size=20) for component in COMPONENTS})


def test_the_pieces_are_as_short_as_the_design_says() -> None:
    assert HASH_BITS == 64
    assert [component.bits for component in COMPONENTS] == [20, 20, 3, 3, 3, 3, 3, 3, 3, 3]
    assert sum(component.votes for component in COMPONENTS) == 12


@given(parts)
def test_a_machine_is_the_same_as_itself_with_all_votes(machine: dict[str, str]) -> None:
    value = hash_hardware(machine)
    assert 0 <= value < 2**64
    assert votes_in_common(value, value) == 12
    assert all(piece < 1 << component.bits for piece, component in zip(pieces(value), COMPONENTS, strict=True))


def _flip(value: int, names: set[str]) -> int:
    """The hash with every bit of these components' pieces turned over."""
    shift = HASH_BITS
    for component in COMPONENTS:
        shift -= component.bits
        if component.name in names:
            value ^= (1 << component.bits) - 1 << shift
    return value


@given(parts, st.sets(st.sampled_from([component.name for component in COMPONENTS])))
def test_seven_of_twelve_votes_decide(machine: dict[str, str], changed: set[str]) -> None:
    # what counts as the same machine rests on this threshold
    lost = sum(component.votes for component in COMPONENTS if component.name in changed)
    before = hash_hardware(machine)
    assert votes_in_common(before, _flip(before, changed)) == 12 - lost
    assert is_same_machine(before, _flip(before, changed)) == (lost <= 5)
