"""Spoken digits in any mixture of shapes: understood exactly, and nothing at all makes the line stumble."""

from collections.abc import Callable

from hypothesis import example, given
from hypothesis import strategies as st

from ivr.spoken import MAXIMUM_CHARACTERS, load_vocabulary, spoken_digits

ENGLISH = load_vocabulary("en")


def heard(text: str) -> str | None:
    return spoken_digits(text, ENGLISH)


UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
HOMOPHONES = {"1": ["won"], "2": ["to", "too"], "3": ["tree"], "4": ["for", "fore"], "8": ["ate"]}
ZEROS = ["zero", "oh", "o", "nought", "nil"]
CASES: list[Callable[[str], str]] = [str.lower, str.upper, str.title]
REPEATED = {2: ["double"], 3: ["triple", "treble"]}


def english(number: int) -> str:
    """A number below 10,000 as English says it."""
    if number < 20:
        return (UNITS + TEENS)[number]
    for value, name in ((1000, "thousand"), (100, "hundred")):
        if number >= value:
            rest = f" {english(number % value)}" if number % value else ""
            return f"{english(number // value)} {name}{rest}"
    return TENS[number // 10] + (f" {UNITS[number % 10]}" if number % 10 else "")


def test_every_number_below_ten_thousand_is_understood() -> None:
    assert [heard(english(number)) for number in range(10_000)] == [str(number) for number in range(10_000)]


def test_every_pair_of_pairs_is_understood() -> None:
    def pair(number: int) -> str:
        return english(number) if number >= 10 else f"oh {english(number)}"

    for first in range(100):
        for second in range(100):
            assert heard(f"{pair(first)} {pair(second)}") == f"{first:02}{second:02}"


def shapes(rest: str, room: int, accompanied: bool) -> list[tuple[str, int]]:
    """The ways to say the next digits after a number that ends in `room` open zeros: texts, and how many they say."""
    said = [(rest[:length], length) for length in range(room + 1, min(6, len(rest)) + 1)]
    if room < 2:  # Behind "nine hundred" only figures too long to complete it are clear.
        said += words_behind_tens(rest)
    if room == 0 and rest[0] != "0":
        said += [(word, 1) for word in [UNITS[int(rest[0])], *(HOMOPHONES.get(rest[0], []) if accompanied else [])]]
        said += [(english(int(rest[:length])), length) for length in (3, 4) if length <= len(rest)]
    return [(text, length) for text, length in said if len(rest) - length not in range(1, open_zeros(text) + 1)]


def words_behind_tens(rest: str) -> list[tuple[str, int]]:
    """Words for the next digits that cannot be taken for the end of "twenty": zeros, repetitions, tens and teens."""
    runs = [length for length in REPEATED if len(rest) >= length and len(set(rest[:length])) == 1]
    said = [(f"{word} {UNITS[int(rest[0])]}", length) for length in runs for word in REPEATED[length]]
    if rest[0] == "0":
        return said + [(zero, 1) for zero in ZEROS]
    return [*said, (english(int(rest[:2])), 2)] if len(rest) > 1 else said


def open_zeros(text: str) -> int:
    """How many zeros at the end of what was said a further word could replace."""
    last = text.split()[-1]
    return {"hundred": 2, "thousand": 3}.get(last, int(last in TENS[2:]))


@st.composite
def sayings(draw: st.DrawFn) -> tuple[str, str]:
    """A digit string, and one of the many texts a recogniser may make of it."""
    digits = draw(st.text("0123456789", min_size=1, max_size=54))
    blanks, breaks = st.sampled_from([" ", "-", "  ", "\u00a0", "\u2009"]), st.sampled_from([", ", ". ", " uh ", " "])
    text, position, room = "", 0, 0
    while position < len(digits):
        glue = draw(breaks if room == 0 else blanks) if text else ""
        options = shapes(digits[position:], room, accompanied=glue != "" and "uh" not in glue)
        piece, length = draw(st.sampled_from(options))
        text, position, room = f"{text}{glue}{piece.replace(' ', draw(blanks))}", position + length, open_zeros(piece)
    opening = draw(st.sampled_from(["", " ", "Uh, ", "The number is: ", "“"]))
    closing = draw(st.sampled_from(["", ".", " please", "...", "”"]))
    return digits, draw(st.sampled_from(CASES))(opening + text + closing)


@given(sayings())
def test_any_digits_in_any_mixture_of_shapes_are_understood_exactly(saying: tuple[str, str]) -> None:
    digits, text = saying
    assert heard(text) == digits


@given(sayings(), st.sampled_from(["potato", "no", "sorry", "٣", "３", "%", "1st"]), st.floats(0, 1))
def test_one_strange_word_anywhere_refuses_the_whole(saying: tuple[str, str], stranger: str, place: float) -> None:
    words = saying[1].split()
    words.insert(round(place * len(words)), stranger)
    assert heard(" ".join(words)) is None


VOCABULARY_SOUP = st.lists(st.sampled_from([*ENGLISH.words, "5", "07", "1234", ",", ".", "-"])).map(" ".join)


@given(st.one_of(st.text(), VOCABULARY_SOUP, VOCABULARY_SOUP.map(str.upper)))
@example("\x00")
@example("\ud800")
@example("İ ſix ß")
def test_any_text_gives_ascii_digits_or_none(text: str) -> None:
    digits = heard(text)
    assert digits is None or (digits.isascii() and digits.isdigit())


@given(VOCABULARY_SOUP)
def test_what_was_understood_is_understood_again(text: str) -> None:
    digits = heard(text)
    assert digits is None or heard(digits) == digits


@given(st.text("0123456789", min_size=1, max_size=MAXIMUM_CHARACTERS))
def test_solid_digits_stay_as_they_are(digits: str) -> None:
    assert heard(digits) == digits
