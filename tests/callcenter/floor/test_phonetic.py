"""Spelling keys and IDs over the telephone."""

from activation.keys import ALPHABET, ProductKey, write_key
from activation.secrets import Secrets
from callcenter.floor.phonetic import WORDS, phonetic


def test_every_letter_and_digit_has_a_word_of_its_own_that_begins_with_it() -> None:
    letters = {character: word for character, word in WORDS.items() if character.isalpha()}
    assert "".join(letters) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert all(word.startswith(character) for character, word in letters.items())
    assert "".join(character for character in WORDS if character.isdigit()) == "0123456789"
    assert len(set(WORDS.values())) == len(WORDS) == 36


def test_every_symbol_of_a_product_key_can_be_spelled() -> None:
    assert set(ALPHABET) <= set(WORDS)


def test_a_key_is_spelled_block_by_block(secrets: Secrets) -> None:
    text = write_key(ProductKey(1, 33, 3001), secrets)
    spelled = phonetic(text)
    assert "-".join("".join(each.character for each in block) for block in spelled) == text
    assert [each.word for each in spelled[0][:3]] == ["Sierra", "India", "Mike"]


def test_an_id_typed_with_spaces_and_small_letters_is_spelled_too() -> None:
    assert phonetic("a9  0") == ((("A", "Alfa"), ("9", "Niner")), (("0", "Zero"),))


def test_nothing_has_no_blocks() -> None:
    assert phonetic(" - ") == ()
