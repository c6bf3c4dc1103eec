"""The computers' sentences: none missing in any language, and the same things named in each."""

import string

import pytest

from workstation.words import FOLDER, LANGUAGES, say, say_count, sentences, spoken

FAMILIES = sorted({path.name.partition(".")[0] for path in FOLDER.glob("*.toml")})


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_there_in_every_language_and_in_no_other(family: str) -> None:
    found = {path.name.split(".")[1] for path in FOLDER.glob(f"{family}.*.toml")}
    assert found == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_sentence_and_none_of_its_own(language: str) -> None:
    assert sentences(language).keys() == sentences("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_names_the_same_things_in_every_language(language: str) -> None:
    english = sentences("en")
    # "1 day" may be written in words of its own, so a singular need not name its count.
    differing = [
        key for key, text in sentences(language).items() if fields(text) - {"count"} != fields(english[key]) - {"count"}
    ]
    assert differing == []
    assert not [key for key, text in sentences(language).items() if not text.strip()]


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_sentences_of_several_words_are_translated(language: str) -> None:
    english = sentences("en")
    same = [key for key, text in sentences(language).items() if text == english[key] and len(text.split()) > 3]
    assert same == []


def test_a_language_setting_is_spoken_to_in_its_language_or_in_english() -> None:
    assert [spoken(setting) for setting in ("de-AT", "FR", "es-419", "en-GB", "sv", "")] == ["de", "fr", "es", "en", "en", "en"]


def test_counted_things_have_a_singular_and_a_plural() -> None:
    assert say_count("logon.reminder", 1, "de") == "Aktivieren Sie diesen Computer: Es bleibt 1 Tag."
    assert say_count("logon.reminder", 2, "de") == "Aktivieren Sie diesen Computer: Es bleiben 2 Tage."
    with pytest.raises(KeyError):
        say("logon.nothing", "en")
