"""Numbers as German, French and Spanish say them, Swiss and Belgian French included; what has two readings is refused."""

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.spoken import spoken_command, spoken_digits
from ivr.vocabulary import Vocabulary, load_vocabularies, load_vocabulary

VOCABULARIES = {language: load_vocabulary(language) for language in ("de", "fr", "es")}


def heard(language: str, text: str) -> str | None:
    return spoken_digits(text, VOCABULARIES[language])


GERMAN = ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"]
GERMAN += ["dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"]
GERMAN_TENS = ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]


def german(number: int) -> str:
    if number < 20:
        return GERMAN[number]
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        return f"{'ein' if hundreds == 1 else GERMAN[hundreds]}hundert{german(rest) if rest else ''}"
    tens, units = divmod(number, 10)
    return f"{'ein' if units == 1 else GERMAN[units]}und{GERMAN_TENS[tens - 2]}" if units else GERMAN_TENS[tens - 2]


FRENCH = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
]
FRENCH += ["dix-sept", "dix-huit", "dix-neuf"]
FRENCH_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}
SWISS_TENS = FRENCH_TENS | {7: "septante", 8: "huitante", 9: "nonante"}


def french(number: int) -> str:
    """As the Académie writes it, hundreds included."""
    if number < 20:
        return FRENCH[number]
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        cent = "cent" if rest or hundreds == 1 else "cents"
        return " ".join(filter(None, ["" if hundreds == 1 else FRENCH[hundreds], cent, french(rest) if rest else ""]))
    if number >= 80:
        return f"quatre-vingt-{FRENCH[number - 80]}" if number > 80 else "quatre-vingts"
    tens = min(number // 10, 6)
    rest = number - 10 * tens
    if not rest:
        return FRENCH_TENS[tens]
    return f"{FRENCH_TENS[tens]} et {FRENCH[rest]}" if rest in (1, 11) else f"{FRENCH_TENS[tens]}-{FRENCH[rest]}"


def swiss(number: int) -> str:
    if number < 20:
        return FRENCH[number]
    tens, rest = SWISS_TENS[number // 10], number % 10
    return tens if not rest else f"{tens} et un" if rest == 1 else f"{tens}-{FRENCH[rest]}"


SPANISH = [
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciséis",
]
SPANISH += [
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidós",
    "veintitrés",
    "veinticuatro",
    "veinticinco",
]
SPANISH += ["veintiséis", "veintisiete", "veintiocho", "veintinueve"]
SPANISH_TENS = ["treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"]
SPANISH_HUNDREDS = [
    "ciento",
    "doscientos",
    "trescientos",
    "cuatrocientos",
    "quinientos",
    "seiscientos",
    "setecientos",
    "ochocientos",
    "novecientos",
]


def spanish(number: int) -> str:
    if number == 100:
        return "cien"
    if number > 100:
        rest = number % 100
        return SPANISH_HUNDREDS[number // 100 - 1] + (f" {spanish(rest)}" if rest else "")
    if number < 30:
        return SPANISH[number]
    tens, units = divmod(number, 10)
    return SPANISH_TENS[tens - 3] + (f" y {SPANISH[units]}" if units else "")


SAYS: dict[str, Callable[[int], str]] = {"de": german, "fr": french, "es": spanish}


@pytest.mark.parametrize("language", SAYS)
def test_every_number_below_a_thousand_is_understood(language: str) -> None:
    for number in range(1000):
        assert heard(language, SAYS[language](number)) == str(number), SAYS[language](number)


def test_septante_huitante_and_nonante_are_understood() -> None:
    assert [heard("fr", swiss(number)) for number in range(100)] == [str(number) for number in range(100)]
    assert heard("fr", "octante deux") == "82"


@pytest.mark.parametrize(
    ("language", "apart"),
    [
        ("de", lambda number: german(number).replace("und", " und ").replace("hundert", " hundert ")),
        ("fr", lambda number: french(number).replace("-", " ")),
        ("es", lambda number: spanish(number).translate(str.maketrans("éó", "eo"))),
    ],
)
def test_numbers_are_understood_as_recognisers_write_them(language: str, apart: Callable[[int], str]) -> None:
    """German compounds taken apart, French without hyphens, Spanish without accents."""
    for number in range(100):
        assert heard(language, apart(number)) == str(number), apart(number)


def test_german_hundreds_taken_apart_are_understood() -> None:
    assert heard("de", "zwei hundert fünf") == "205"
    assert heard("de", "ein hundert") == heard("de", "hundert") == heard("de", "einhundert") == "100"


@pytest.mark.parametrize(
    ("language", "text", "digits"),
    [
        ("de", "zwo zwo doppel fünf", "2255"),
        ("de", "Die Nummer lautet: null, sieben, bitte", "07"),
        ("de", "Dreißig dreizehn", "3013"),
        ("de", "zwanzig drei", "203"),
        ("de", "dreimal sieben", "777"),
        ("fr", "double six, zéro", "660"),
        ("fr", "c'est le quatre-vingt-quatre, s'il vous plaît", "84"),
        ("fr", "vingt-quatre, vingt-deux", "2422"),
        ("fr", "quatre cent vingt", "420"),
        ("fr", "mille neuf cent quatre-vingt-quatre", "1984"),
        ("es", "doble cero siete, por favor", "007"),
        ("es", "dos mil quinientos", "2500"),
        ("es", "diez y seis", "16"),
        ("es", "treintaiuno", "31"),
    ],
)
def test_numbers_in_other_ordinary_ways(language: str, text: str, digits: str) -> None:
    assert heard(language, text) == digits


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "fünf, und zwanzig"),
        ("de", "zwei hundertfünf"),  # 205, or 2 and 105
        ("de", "vier, hundert"),
        ("de", "eins hundert"),
        ("de", "ein"),
        ("de", "drei Komma fünf"),
        ("fr", "vingt un"),
        ("fr", "vingt, deux"),
        ("fr", "soixante onze"),
        ("fr", "soixante, dix"),
        ("fr", "soixante-dix deux"),
        ("fr", "vingt quatre vingt"),  # 24 and 20, or 20 and 80
        ("fr", "vingt quatre vingt deux"),
        ("fr", "cinq, cent"),
        ("fr", "vingt-deux cents"),
        ("fr", "trois virgule cinq"),
        ("es", "treinta uno"),
        ("es", "treinta, y uno"),
        ("es", "treinta, uno"),
        ("es", "diez seis"),
        ("es", "tres coma cinco"),
    ],
)
def test_what_has_two_readings_is_refused(language: str, text: str) -> None:
    assert heard(language, text) is None


@pytest.mark.parametrize("language", SAYS)
def test_pairs_with_a_pause_between_them_are_understood_or_refused_never_misread(language: str) -> None:
    say = SAYS[language]
    for first, second in product(range(10, 100), repeat=2):
        assert heard(language, f"{say(first)}, {say(second)}") in (f"{first}{second}", None)


SINGLE = st.sampled_from(sorted(SAYS))


@given(SINGLE, st.text("0123456789", min_size=1, max_size=54), st.sampled_from([" ", ", ", ". "]))
def test_digits_said_one_by_one_are_understood_exactly(language: str, digits: str, pause: str) -> None:
    assert heard(language, pause.join(SAYS[language](int(digit)) for digit in digits)) == digits


@given(SINGLE, st.lists(st.integers(0, 99), min_size=1, max_size=12), st.sampled_from(["nein", "non", "no", "Gruppe", "%"]))
def test_one_strange_word_refuses_the_whole(language: str, numbers: list[int], stranger: str) -> None:
    said = [SAYS[language](number) for number in numbers]
    assert heard(language, ", ".join([*said, stranger])) is None


def soup(vocabulary: Vocabulary) -> st.SearchStrategy[tuple[str, str]]:
    words = [*vocabulary.words][:400] + [" ".join(words) for words in vocabulary.compounds][:400]
    pieces = st.sampled_from([*words, "5", "07", ",", ".", "-", "et", "und", "y"])
    return st.tuples(st.just(vocabulary.language), st.lists(pieces, max_size=40).map(" ".join))


@given(st.one_of(*(soup(vocabulary) for vocabulary in VOCABULARIES.values())))
def test_any_words_give_ascii_digits_or_none_and_are_understood_again(said: tuple[str, str]) -> None:
    language, text = said
    digits = heard(language, text)
    assert digits is None or (digits.isascii() and digits.isdigit() and heard(language, digits) == digits)


@pytest.mark.parametrize(
    ("language", "text"), [("de", "zwei und zwanzig " * 100), ("fr", "vingt quatre " * 150), ("es", "treinta y uno " * 130)]
)
def test_long_utterances_take_no_longer_than_their_words(language: str, text: str) -> None:
    assert heard(language, text) in (None, str({"de": 22, "fr": 24, "es": 31}[language]) * text.count(text.split()[0]))


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "hundert " * 245 + "nicht"), ("fr", "cent " * 395 + "pas"), ("fr", "cent mille " * 178 + "deux fois")],
)
def test_scales_without_end_are_refused_at_once(language: str, text: str) -> None:
    """Every way to cut them into numbers would be tried otherwise: beyond thirty of them for hours."""
    assert heard(language, text) is None


@pytest.mark.parametrize(
    ("language", "text", "command"),
    [
        ("de", "Das stimmt nicht.", "2"),
        ("de", "Das stimmt leider nicht.", None),
        ("de", "Ja, das stimmt", "1"),
        ("fr", "Non.", "2"),
        ("fr", "Ce n'est pas exact", "2"),
        ("fr", "C'est pas vraiment exact", None),
        ("es", "Sí, es correcto", "1"),
        ("es", "No es correcto.", "2"),
        ("es", "Nunca es correcto", None),
    ],
)
def test_commands_and_their_negations(language: str, text: str, command: str | None, line) -> None:
    assert spoken_command(text, line.scripts[language].words_at("confirm"), VOCABULARIES[language]) == command


def test_a_language_without_a_table_understands_figures_only() -> None:
    italian = load_vocabularies(["it"])["it"]
    assert spoken_digits("123 456", italian) == "123456"
    assert spoken_digits("uno due tre", italian) is None
