"""Every language says everything: the same sentences, values, keys in the same order, and words for the same keys."""

import re
import string
from collections import Counter

import pytest

from callcenter.floor.hours import ENGLISH as HOURS_AT_THE_DESK
from ivr.script import BY_KEY, LANGUAGE_KEYS, ScriptError, load_scripts
from ivr.spoken import spoken_digits
from ivr.vocabulary import heard_languages, load_vocabulary

SCRIPTS = load_scripts()
ENGLISH = SCRIPTS["en"]
OTHERS = sorted(SCRIPTS.keys() - {"en"})

STAR = {"en": r"\bstar\b", "de": r"\bStern(?:taste)?\b", "fr": r"\bétoile\b", "es": r"\basterisco\b"}
POUND = {"en": r"\bpound\b", "de": r"\bRaute(?:taste)?\b", "fr": r"\bdièse\b", "es": r"\balmohadilla\b"}
SPEAK = {
    "en": r"\bsay\b|\bspeak\b|\bor voice\b",
    "de": r"\bsag(?:en|t)?\b|\bspr(?:echen|icht) Sie\b",
    "fr": r"\bdites\b|\bprononcez\b",
    "es": r"\bdiga\b|\bpronuncie\b",
}
FAMILIAR = {
    "de": r"\b(?:du|dich|dir|dein\w*|deine\w*|drück|tipp|wähle?)\b",
    "fr": r"\b(?:tu|toi|ton|ta|tes|tape|appuie)\b",
    "es": r"\b(?:tú|tu|tus|te|ti|pulsa|teclea|marca)\b",
}


def values(sentence: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def keys(language: str, sentence: str) -> list[str]:
    """The keys and numbers of a sentence in their order, star and pound included."""
    named = re.sub(STAR[language], "*", re.sub(POUND[language], "#", sentence))
    return re.findall(r"[0-9]+|[*#]", named)


def test_the_line_speaks_four_languages_and_understands_their_numbers() -> None:
    assert list(SCRIPTS) == ["en", "de", "fr", "es"]
    assert heard_languages() == set(SCRIPTS)


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_is_missing_and_none_is_left_over(language: str) -> None:
    assert SCRIPTS[language].sentences.keys() == ENGLISH.sentences.keys()


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_filled_with_the_same_values(language: str) -> None:
    ways_of_the_clock = {"hours.minutes"}
    for key, sentence in SCRIPTS[language].sentences.items():
        if key not in ways_of_the_clock:
            assert values(sentence) == values(ENGLISH.sentences[key]), key


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_names_the_same_keys_in_the_same_order(language: str) -> None:
    for key, sentence in SCRIPTS[language].sentences.items():
        if not key.startswith("hours."):
            assert keys(language, sentence) == keys("en", ENGLISH.sentences[key]), key


@pytest.mark.parametrize("language", OTHERS)
def test_every_key_that_english_has_words_for_has_words(language: str) -> None:
    words = SCRIPTS[language].words
    assert words.keys() == ENGLISH.words.keys()
    for place, expected in ENGLISH.words.items():
        assert words[place].keys() == expected.keys(), place
        assert all(words[place].values()), place


@pytest.mark.parametrize("language", SCRIPTS)
def test_no_phrase_stands_for_two_keys_of_a_place(language: str) -> None:
    script = SCRIPTS[language]
    for place in script.words:
        phrases = Counter(phrase for words in script.words_at(place).values() for phrase in words)
        assert {phrase for phrase, times in phrases.items() if times > 1} == set(), place


@pytest.mark.parametrize("language", SCRIPTS)
def test_the_words_where_digits_are_data_are_no_digits(language: str) -> None:
    vocabulary = load_vocabulary(language)
    phrases = [phrase for words in SCRIPTS[language].words_at("digits").values() for phrase in words]
    assert [phrase for phrase in phrases if spoken_digits(phrase, vocabulary)] == []


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_sentence_that_asks_callers_to_speak_has_a_form_that_does_not(language: str) -> None:
    sentences = SCRIPTS[language].sentences
    asking = {key for key, sentence in sentences.items() if re.search(SPEAK[language], sentence, re.IGNORECASE)}
    assert asking == {"entry.first"}
    assert all(key + BY_KEY in sentences for key in asking)


@pytest.mark.parametrize("language", SCRIPTS)
def test_every_form_by_key_is_of_a_sentence(language: str) -> None:
    sentences = SCRIPTS[language].sentences
    assert all(key.removesuffix(BY_KEY) in sentences for key in sentences)


@pytest.mark.parametrize("language", OTHERS)
def test_callers_are_addressed_formally(language: str) -> None:
    familiar = re.compile(FAMILIAR[language], re.IGNORECASE)
    assert [key for key, sentence in SCRIPTS[language].sentences.items() if familiar.search(sentence)] == []


@pytest.mark.parametrize("language", SCRIPTS)
def test_no_sentence_holds_what_a_voice_stumbles_over(language: str) -> None:
    """Brackets, slashes and bare abbreviations are read aloud oddly. The text message is read with the eyes."""
    odd = re.compile(
        r"[()/\\<>\[\]…&%+]|\b(?<!-)(?<!confirmation )(?<!installation )ID\b|\b(?:z\. ?B|d\. ?h|p\. ?ej|Nr|No|N°|etc)\."
    )
    sentences = {key: words for key, words in SCRIPTS[language].sentences.items() if key != "text.body"}
    assert [key for key, words in sentences.items() if odd.search(words)] == []


@pytest.mark.parametrize("language", SCRIPTS)
def test_every_greeting_says_that_nothing_real_is_activated(language: str) -> None:
    simulator = {"en": "simulator", "de": "Simulator", "fr": "simulateur", "es": "simulador"}[language]
    real = {"en": "no real product", "de": "kein echtes Produkt", "fr": "aucun produit réel", "es": "ningún producto real"}[
        language
    ]
    for key in ("greeting.welcome", "callback.goodbye", "text.body"):
        sentence = SCRIPTS[language].sentences[key]
        assert simulator.lower() in sentence.lower(), key
        assert real in sentence, key


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_is_not_english_in_disguise(language: str) -> None:
    same = {key for key, sentence in SCRIPTS[language].sentences.items() if sentence == ENGLISH.sentences[key]}
    assert same <= {"granted.block", "hours.each"}


def test_the_desk_reads_the_hours_that_english_callers_hear() -> None:
    assert ENGLISH.section("hours") == HOURS_AT_THE_DESK


def test_voices_speak_the_locale_they_are_given() -> None:
    """Amazon Polly, available voices; Twilio refuses a voice with another's language (13512)."""
    assert {script.locale: script.voice for script in SCRIPTS.values()} == {
        "en-US": "Polly.Joanna",
        "de-DE": "Polly.Vicki",
        "fr-FR": "Polly.Lea",
        "es-ES": "Polly.Lucia",
    }


def test_every_other_language_has_a_key_and_no_country_two_languages() -> None:
    for code, script in SCRIPTS.items():
        assert sorted([code, *script.choices.values()]) == sorted(SCRIPTS)
        assert set(script.choices) <= set(LANGUAGE_KEYS)
    spoken = [script.spoken for script in SCRIPTS.values()]
    assert sum(len(each.countries) for each in spoken) == len(frozenset().union(*(each.countries for each in spoken)))
    assert sum(len(each.calling_codes) for each in spoken) == len(frozenset().union(*(each.calling_codes for each in spoken)))


def test_a_catalogue_without_its_file_is_told_by_name(tmp_path) -> None:
    line = '{ code = "xx", title = "X", names = ["x"], locale = "xx-XX", voice = "Polly.X" }'
    (tmp_path / "languages.toml").write_text(f"languages = [{line}]")
    with pytest.raises(ScriptError, match=r"xx\.toml"):
        load_scripts(tmp_path)


def test_a_line_of_the_catalogue_that_lacks_something_is_told(tmp_path) -> None:
    (tmp_path / "languages.toml").write_text('languages = [{ code = "xx", names = [] }]')
    with pytest.raises(ScriptError, match="'xx'"):
        load_scripts(tmp_path)
