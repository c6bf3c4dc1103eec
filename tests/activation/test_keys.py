"""Product keys of our own scheme, and foreign ones refused unread."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from activation.keys import ALPHABET, KeyFault, ProductKey, masked, read_key, write_key
from activation.redaction import REMOVED, holds_foreign_key, redact
from activation.secrets import Secrets

SECRETS = Secrets({1: b"1" * 32, 15: b"2" * 32})
FOREIGN = "ABCDE-FGH2J-KMPQR-TVWXY-23467"

keys = st.builds(ProductKey, epoch=st.sampled_from([1, 15]), product=st.integers(0, 255), serial=st.integers(0, 2**24 - 1))


@given(keys, st.sampled_from(["-", " ", "", ".", " - ", "–"]))
def test_a_key_reads_back_however_it_is_typed(key: ProductKey, separator: str) -> None:
    text = write_key(key, SECRETS)
    assert [len(block) for block in text.split("-")] == [5] * 5
    assert text.startswith("SIM")
    assert read_key(text.replace("-", separator).lower(), SECRETS) == key


@given(keys, st.integers(3, 24), st.sampled_from(ALPHABET))
def test_a_mistyped_key_is_refused_without_a_database(key: ProductKey, place: int, symbol: str) -> None:
    symbols = write_key(key, SECRETS).replace("-", "")
    assume(symbols[place] != symbol)
    assert read_key(symbols[:place] + symbol + symbols[place + 1 :], SECRETS) is KeyFault.NOT_GENUINE


@given(st.text(ALPHABET, min_size=22, max_size=22))
def test_an_invented_key_is_refused(symbols: str) -> None:
    assert read_key("SIM" + symbols, SECRETS) is KeyFault.NOT_GENUINE


@pytest.mark.parametrize("text", ["", "SIM", "hello", "SIM" + "A" * 22, "SIM" + "B" * 21, "12345", "S\u0130M" + "B" * 22])
def test_what_is_no_key_is_told_its_shape(text: str) -> None:
    assert read_key(text, SECRETS) is KeyFault.SHAPE


@given(st.text(max_size=60))
def test_any_text_at_all_gets_an_answer(text: str) -> None:
    assert isinstance(read_key(text, SECRETS), KeyFault)


def test_all_but_the_last_block_is_masked() -> None:
    text = write_key(ProductKey(1, 2, 3), SECRETS)
    assert masked(text)[-5:] == text[-5:]
    assert text[:23] not in masked(text)


foreign_keys = st.lists(st.text(ALPHABET, min_size=5, max_size=5), min_size=5, max_size=5).filter(
    lambda blocks: any(character.isalpha() for character in "".join(blocks))
)


@given(
    foreign_keys, st.sampled_from(["-", " ", "", "–", "—", ".", "_", " - ", "\u2011", "\n"]), st.text("abc ,.:", max_size=20)
)
@example(["ABCDE", "FGHIJ", "KLMNO", "PQRST", "UVWXY"], "-", "")
def test_a_foreign_key_is_refused_unread_and_removed_wherever_text_is_kept(
    blocks: list[str], separator: str, around: str
) -> None:
    text = separator.join(blocks)
    assert read_key(text, SECRETS) is KeyFault.FOREIGN
    kept = redact(f"{around} {text} {around}")
    assert REMOVED in kept
    assert text not in kept
    assert not holds_foreign_key(kept)


def test_a_key_in_fullwidth_letters_is_a_key_too() -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) if character.isalnum() else character for character in FOREIGN)
    assert redact(wide) == REMOVED


def test_two_keys_and_words_before_one_are_all_seen() -> None:
    kept = redact(f"first {FOREIGN}, then {FOREIGN} and WORDS {FOREIGN}")
    assert FOREIGN not in kept
    assert not any(block in kept for block in FOREIGN.split("-"))


@pytest.mark.parametrize(
    "text",
    [
        "three seven eight three seven",
        "there which would those again",
        "123456 789012 345678 901234 567890 123456 789012 345678 901234",
        "12345 67890 12345 67890 12345",
        "1" * 54,
        "Group 3 is not right.",
        write_key(ProductKey(1, 2, 3), SECRETS),
    ],
)
def test_words_figures_and_our_own_keys_are_left_alone(text: str) -> None:
    assert redact(text) == text


@given(st.text(max_size=200))
def test_redaction_never_raises_and_settles(text: str) -> None:
    assert redact(redact(text)) == redact(text)
