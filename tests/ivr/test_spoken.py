"""Spoken digits, example by example: what is understood, what is refused, and where listening ends."""

import tomllib
from importlib.resources import files

import pytest

from ivr.spoken import MAXIMUM_CHARACTERS, UnknownLanguage, load_vocabulary, spoken_digits
from ivr.vocabulary import Kind

ENGLISH = load_vocabulary("en")


def heard(text: str) -> str | None:
    return spoken_digits(text, ENGLISH)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        # Words, one digit each.
        ("one two three", "123"),
        ("zero oh o nought naught nil", "000000"),
        ("One Oh FIVE", "105"),
        ("niner fife sicks", "956"),
        # Figures, solid, grouped and punctuated.
        ("123456", "123456"),
        ("123 456", "123456"),
        ("1 2 3-4", "1234"),
        ("1,234", "1234"),
        ("20 1", "201"),
        ("(555) 123-4567.", "5551234567"),
        ("1:05", "105"),
        ("one two three four 5678", "12345678"),
        ("4four", "44"),
        # Repetitions.
        ("double five", "55"),
        ("triple oh", "000"),
        ("treble seven double 2", "77722"),
        ("quadruple nine one", "99991"),
        ("one double to three", "1223"),
        # Numbers.
        ("thirteen", "13"),
        ("twenty", "20"),
        ("twenty one", "21"),
        ("Twenty-one.", "21"),
        ("forty two", "42"),
        ("nine hundred", "900"),
        ("one hundred twenty three", "123"),
        ("one hundred and five", "105"),
        ("a hundred and five", "105"),
        ("two thousand", "2000"),
        ("two thousand five hundred and twenty one", "2521"),
        ("twelve hundred", "1200"),
        ("twenty thousand", "20000"),
        ("five hundred thousand", "500000"),
        ("5 hundred", "500"),
        ("25 hundred", "2500"),
        # One number after another.
        ("nineteen eighty four", "1984"),
        ("twenty twenty", "2020"),
        ("twenty oh one", "2001"),
        ("twenty double five", "2055"),
        ("four fifty", "450"),
        ("one hundred twenty three, four hundred fifty six", "123456"),
        ("nine hundred 1234", "9001234"),
        # What recognisers write instead of digits.
        ("won to tree for five", "12345"),
        ("ate ate nine", "889"),
        ("four, to, six", "426"),
        ("one tutu one", "1221"),
        ("tutu", "22"),
        ("twenty to", "22"),
        ("for hundred", "400"),
        ("double to", "22"),
        # Filler, spaces, quotes.
        ("the number is 1 2 uh three please", "123"),
        ("it’s “one two”", "12"),
        ("one\u00a0two\u2003three\u3000four\u200b5\t6\n", "123456"),
        ("one‐two‑three – four", "1234"),
        ("five and six", "56"),
    ],
)
def test_digits_are_understood_in_every_shape(text: str, digits: str) -> None:
    assert heard(text) == digits


@pytest.mark.parametrize(
    "text",
    [
        # Nothing, or nothing but filler.
        "",
        " . ",
        "uh please",
        "and",
        # A homophone without company, where the everyday word is as likely.
        "to",
        "for",
        "to for",
        "for the one two three",
        "one two three please to",
        # Two readings with different digits.
        "twenty five hundred",
        "forty two thousand",
        "one hundred four hundred",
        "one hundred four thousand",
        "one hundred twenty three thousand four hundred fifty six",
        "twenty, one",
        "twenty uh one",
        "twenty and one",
        "two thousand, five",
        "one hundred oh five",
        "one hundred double five",
        "one hundred 23",
        "twenty 1",
        "double double five",
        "double five hundred",
        "double thirteen",
        "double 55",
        "double, five",
        "two fives",
        # Words of a number that make none.
        "double",
        "hundred",
        "a five",
        "zero hundred",
        "two hundred hundred",
        "five, hundred",
        # Something else was said.
        "one two potato",
        "one two no three",
        "group one is 123456",
        "for tea",
        "1st",
        "1.5",
        ".5",
        "-½",
        "$5",
        "+44",
        "1/2",
        # Digits of other scripts.
        "٣٤٥",
        "１２３",
        "१२३",
        "1２3",
        "²",
        "one ٢ three",
    ],
)
def test_what_is_not_surely_digits_is_refused(text: str) -> None:
    assert heard(text) is None


@pytest.mark.parametrize("unit", ["5", "five ", "double ", "a ", "to ", "twenty ", "hundred ", "five hundred ", ", "])
def test_a_megabyte_is_refused_and_the_longest_text_is_not_too_much(unit: str) -> None:
    assert heard(unit * (1_000_000 // len(unit))) is None
    digits = heard(unit * (MAXIMUM_CHARACTERS // len(unit)))
    assert digits is None or set(digits) <= set("250")


def test_the_longest_text_is_heard_and_one_character_more_is_not() -> None:
    assert heard("7" * MAXIMUM_CHARACTERS) == "7" * MAXIMUM_CHARACTERS
    assert heard("7" * (MAXIMUM_CHARACTERS + 1)) is None


def test_the_vocabulary_is_read_once_and_cannot_be_changed() -> None:
    assert load_vocabulary("en") is ENGLISH
    with pytest.raises(TypeError):
        ENGLISH.words["seven"] = ENGLISH.words["eight"]  # type: ignore[index]


def test_every_word_of_the_table_is_one_the_line_can_hear() -> None:
    """A misspelt entry (a capital, a hyphen, two words) would never match anything."""
    assert [word for word in ENGLISH.words if not word.replace("'", "").isalpha() or word != word.casefold()] == []


def test_no_word_of_the_table_has_two_meanings() -> None:
    table = tomllib.loads((files("ivr") / "script" / "spoken_en.toml").read_text(encoding="utf-8"))
    written = [word for section in table.values() for words in section.values() for word in words]
    assert sorted(written) == sorted(ENGLISH.words)


def test_noise_never_holds_a_word_of_correction() -> None:
    noise = {word for word, meaning in ENGLISH.words.items() if meaning.kind is Kind.NOISE}
    assert noise.isdisjoint({"no", "not", "sorry", "wait", "oops", "mean", "group", "block"})


@pytest.mark.parametrize("language", ["xx", "", "../en", "EN"])
def test_an_unknown_language_is_named_with_those_there_are(language: str) -> None:
    with pytest.raises(UnknownLanguage, match=r"no spoken words for language '.*'; choose one of: .*en"):
        load_vocabulary(language)
