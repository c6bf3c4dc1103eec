"""The line's name is a setting; a real vendor's name is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.naming import name_fault


@pytest.mark.parametrize(
    "name", ["Activation Center", "Nordlicht Aktivierung", "The Pineapple Line", "Centre d'activation", "HPV"]
)
def test_a_name_of_ones_own_is_fine(name: str) -> None:
    assert name_fault(name) is None


@pytest.mark.parametrize(
    "name",
    ["Microsoft", "MICRO-SOFT line", "Windows Activation", "my microsoftline", "Ｍｉｃｒｏｓｏｆｔ", "Apple", "HP", "Óffice"],
)
def test_a_real_vendors_name_is_refused_with_its_reason(name: str) -> None:
    assert "real vendor" in (name_fault(name) or "")


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\nb", "a\x00"])
def test_a_name_must_be_sayable(name: str) -> None:
    assert "printable" in (name_fault(name) or "")


def test_a_product_key_is_no_name() -> None:
    assert name_fault("BCDFG-HJKMP-QRTVW-XY234-6789B") == "The line's name must not hold a product key."


@given(st.text(max_size=80))
def test_any_text_gets_an_answer(name: str) -> None:
    assert name_fault(name) is None or len(name_fault(name) or "") > 20
