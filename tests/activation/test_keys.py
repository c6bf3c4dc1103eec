"""Product keys of our own scheme, and foreign ones refused unread."""

import json
import time
from urllib.parse import quote

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


HYPHENS = ["-", "\u2010", "\u2011", "–", "—", "\u2212", "%2D", "%2d", "%252D", "%E2%80%91", "-\u200d", "\\u2011"]
SEPARATORS = [
    *HYPHENS,
    *["", " ", ".", "_", " - ", "   -   ", "\n", "\t", "\u00a0", "\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff"],
    *["\\", "\\n", "\\\\", "·", "=", "+", ") (", "][", "/", "|", '","', '", "', "', '", '\\",\\"', "%", "%%", "%20", "%20-%20"],
    *["%2C%20", "%22%2C%22", "%E2%80%8B", "%C2%A0"],
]


@given(foreign_keys, st.sampled_from(SEPARATORS), st.text('abc ,.:("=%[', max_size=20).map(lambda text: f"{text} "))
@example(["ABCDE", "FGHIJ", "KLMNO", "PQRST", "UVWXY"], "-", "")
def test_a_foreign_key_is_refused_unread_and_removed_wherever_text_is_kept(
    blocks: list[str], separator: str, around: str
) -> None:
    text = separator.join(blocks)
    assert read_key(text, SECRETS) is KeyFault.FOREIGN
    kept = redact(f"{around}{text}{around[::-1]}")
    assert REMOVED in kept
    assert text not in kept
    assert not holds_foreign_key(kept)


@given(foreign_keys, st.sampled_from(HYPHENS), st.text("aZ9_ é", max_size=7), st.text("aZ9_ é%", max_size=7))
def test_a_hyphenated_foreign_key_is_seen_with_anything_glued_to_it(
    blocks: list[str], hyphen: str, before: str, behind: str
) -> None:
    kept = redact(before + hyphen.join(blocks) + behind)
    assert REMOVED in kept
    assert hyphen.join(blocks[1:4]) not in kept


@given(foreign_keys, st.sampled_from("\u00ad\u200b\u200c\u200d\u2060\ufeff\u202e\u0332"), st.sampled_from(["", "-", " "]))
def test_characters_that_nobody_sees_hide_no_key(blocks: list[str], unseen: str, separator: str) -> None:
    assert redact(unseen.join(separator.join(blocks))) == REMOVED


def test_a_key_is_seen_in_addresses_and_in_json_and_the_rest_stays_as_it_was() -> None:
    blocks = FOREIGN.split("-")
    address = f"GET /media?key={quote(' '.join(blocks))}&from=%2Fhome%20page"
    assert redact(address) == f"GET /media?key={REMOVED}&from=%2Fhome%20page"
    assert redact(f"next%3Dkey%3D{'%2D'.join(blocks)}%26") == f"next%3Dkey%3D{REMOVED}%26"
    assert json.loads(redact(json.dumps({"key": blocks}))) == {"key": [REMOVED]}
    assert json.loads(redact(json.dumps({"é": "\n".join(blocks)}))) == {"é": REMOVED}


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
        "the group of seven (three seven eight three seven) - there, which would those again",
        " · ".join(["123456"] * 9),
        "%20".join(["1234567"] * 9),
        '["12345", "67890", "12345", "67890", "12345"]',
        "C:\\names\\there\\which\\100%25\\é",
        "1b4e28ba-2fa1-11d2-883f-0016d3cca427",
    ],
)
def test_words_and_figures_are_left_alone(text: str) -> None:
    assert redact(text) == text


@given(
    keys,
    st.sampled_from(["-", " ", "", "%2D", "%20", '", "', "\u2060", "   -   "]),
    st.sampled_from(["", "key ", "key", "there-", "12345 ", "which would those again ", "3D%3D"]),
    st.sampled_from(["", " there", "-12345", ", 12345 67890", "y"]),
)
def test_our_own_keys_are_left_alone_amid_words_and_figures(key: ProductKey, separator: str, before: str, behind: str) -> None:
    text = before + write_key(key, SECRETS).replace("-", separator) + behind
    assert redact(text) == text


PIECES = [*SEPARATORS, "BCDFG", "HJKMP", "QRT23", "12345", "there", "SIMBC", "key", "x", "2D", "25", "É", "\uff21", "[", "%E2"]


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from([*PIECES, FOREIGN, REMOVED])).map("".join)))
@example("SIMBC\\%20BCDFG-HJKMP-QRT23SIMBC%20-%20\\BCDFG-BCDFG-HJKMP-QRT23BCDFG-BCDFG-HJKMP-QRT23")
@example("\ud800%ff\\ud800\\xff")
def test_redaction_never_raises_and_settles(text: str) -> None:
    assert redact(redact(text)) == redact(text)
    assert not holds_foreign_key(redact(text))


@pytest.mark.parametrize(
    "unit",
    [
        "A",
        "AAAAA ",
        "A\u200b",
        "AAAAA%2D",
        "%25",
        "25",
        "%E2",
        "SIMBBBBBBBB",
        "é",
        "AAAAA        ",
        "AAAAA-AAAAA-AAAAA-AAAAA-AAAA",
    ],
)
def test_four_times_the_text_takes_about_four_times_as_long(unit: str) -> None:
    def seconds(characters: int) -> float:
        text = unit * (characters // len(unit)) + "A"
        started = time.process_time()
        redact(text)
        return time.process_time() - started

    assert seconds(200_000) < 12 * min(seconds(50_000) for _ in range(3)) + 0.1
