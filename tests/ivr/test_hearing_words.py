"""What a recogniser is told to listen for: all that people read to the line and all that commands it, in every language."""

import pytest

from ivr.hearing_words import words_to_hear
from ivr.script import load_scripts
from ivr.spoken import spoken_command, spoken_digits
from ivr.vocabulary import Kind, load_vocabulary

SCRIPTS = load_scripts()
READ_ALOUD = {
    "en": ("zero one two three four five six seven eight nine", "oh double five", "twenty one", "ninety nine"),
    "de": ("null eins zwei drei vier fünf sechs sieben acht neun", "zwo doppel fünf", "einundzwanzig", "neun und neunzig"),
    "fr": ("zéro un deux trois quatre cinq six sept huit neuf", "double cinq", "soixante et onze", "quatre vingt dix neuf"),
    "es": ("cero uno dos tres cuatro cinco seis siete ocho nueve", "doble cinco", "veintiuno", "noventa y nueve"),
}


def listened_for(language: str) -> tuple[str, ...]:
    return words_to_hear(SCRIPTS[language], load_vocabulary(language))


@pytest.mark.parametrize("language", SCRIPTS)
def test_digits_and_pairs_as_people_read_them_are_listened_for(language: str) -> None:
    for said in READ_ALOUD[language]:
        assert spoken_digits(said, load_vocabulary(language)), said
        assert set(said.split()) <= set(listened_for(language)), said


@pytest.mark.parametrize("language", SCRIPTS)
def test_every_command_of_every_place_is_listened_for_and_so_is_its_opposite(language: str) -> None:
    words, vocabulary = set(listened_for(language)), load_vocabulary(language)
    for place in SCRIPTS[language].words:
        for phrases in SCRIPTS[language].words_at(place).values():
            assert all(spoken_command(phrase, {"key": (phrase,)}, vocabulary) for phrase in phrases)
            assert {word for phrase in phrases for word in phrase.split()} <= words, place
    assert {word for word, meaning in vocabulary.words.items() if meaning.kind is Kind.NEGATION} <= words


@pytest.mark.parametrize("language", SCRIPTS)
def test_each_word_once_and_few_enough_to_be_told_apart(language: str) -> None:
    words = listened_for(language)
    assert len(set(words)) == len(words) < 400
    assert not any(" " in word for word in words)


def test_the_digit_is_listened_for_and_not_the_everyday_word_that_sounds_like_it() -> None:
    assert not {"to", "for", "ate", "won"} - set(_command_words()) & set(listened_for("en"))


def _command_words() -> list[str]:
    return [
        word for keys in SCRIPTS["en"].words.values() for phrases in keys.values() for each in phrases for word in each.split()
    ]
