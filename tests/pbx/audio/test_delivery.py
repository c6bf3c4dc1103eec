"""What of a Say is spoken as a sentence and what is spelled, in which language, how fast and how loud."""

import pytest
from lxml import etree

from pbx.audio.delivery import Piece, pieces_of
from pbx.speech import Break, Speech, parts_in


def delivered(content: str, language: str = "en-US") -> tuple[object, ...]:
    """The pieces of a Say with that content."""
    unknown: list[object] = []
    parts = parts_in(etree.fromstring(f"<Say>{content}</Say>"), unknown.append)
    assert unknown == []
    return pieces_of(Speech(parts, language=language))


def test_plain_words_are_one_piece():
    assert delivered("  Hello\n there. ") == (Piece("Hello there.", "en-US"),)


def test_nothing_but_blanks_is_nothing_to_say():
    assert delivered(" \n ") == ()


@pytest.mark.parametrize("kind", ["characters", "spell-out", "digits", "telephone", "verbatim"])
def test_characters_are_spelled(kind):
    assert delivered(f'<say-as interpret-as="{kind}">471X</say-as>') == (Piece("471X", "en-US", is_spelled=True),)


@pytest.mark.parametrize("kind", ["cardinal", "number", "ordinal", "date", "time", "fraction", "unit", "address", "unheard-of"])
def test_what_the_voice_reads_by_itself_is_left_to_it(kind):
    assert delivered(f'<say-as interpret-as="{kind}">471</say-as>') == (Piece("471", "en-US"),)


def test_single_characters_with_spaces_between_them_are_spelled_without_a_pause_and_groups_with_one():
    assert delivered('<say-as interpret-as="digits">4 7 1</say-as>') == (Piece("471", "en-US", is_spelled=True),)
    assert delivered('<say-as interpret-as="telephone">206 555</say-as>') == (Piece("206 555", "en-US", is_spelled=True),)


def test_emphasis_pitch_and_phonemes_do_not_tear_a_sentence_apart():
    content = 'This is <emphasis level="strong">really</emphasis> <prosody pitch="high">one</prosody> sentence.'
    assert delivered(content) == (Piece("This is really one sentence.", "en-US"),)


def test_another_language_inside_a_sentence_is_a_piece_of_its_own():
    content = 'Press 1. <lang xml:lang="de-DE">Drücken Sie 1.</lang> Thank you.'
    assert delivered(content) == (
        Piece("Press 1.", "en-US"),
        Piece("Drücken Sie 1.", "de-DE"),
        Piece("Thank you.", "en-US"),
    )


def test_a_substitute_is_spoken_in_place_of_what_is_written():
    assert delivered('<sub alias="kilobytes">kB</sub>') == (Piece("kilobytes", "en-US"),)


def test_breaks_keep_their_place_and_their_length():
    assert delivered('One<break time="400ms"/>two') == (Piece("One", "en-US"), Break(0.4), Piece("two", "en-US"))


@pytest.mark.parametrize(
    ("rate", "tempo"),
    [
        ("x-slow", 0.5), ("slow", 0.75), ("medium", 1.0), ("fast", 1.25), ("x-fast", 1.5), ("default", 1.0),
        ("80%", 0.8), ("150%", 1.5), ("+20%", 1.2), ("-20%", 0.8), ("1%", 0.2), ("900%", 2.0), ("quick", 1.0),
    ],
)  # fmt: skip
def test_rates_are_tempi_within_reason(rate, tempo):
    [piece] = delivered(f'<prosody rate="{rate}">Hello.</prosody>')
    assert piece.tempo == pytest.approx(tempo)


@pytest.mark.parametrize(
    ("volume", "decibels"),
    [("silent", -100), ("x-soft", -12), ("soft", -6), ("loud", 6), ("x-loud", 12), ("+3dB", 3), ("-6.5dB", -6.5), ("+90dB", 12), ("11", 0)],
)  # fmt: skip
def test_volumes_are_decibels_within_reason(volume, decibels):
    [piece] = delivered(f'<prosody volume="{volume}">Hello.</prosody>')
    assert piece.gain_decibels == decibels


def test_a_date_is_said_in_the_order_of_its_format_within_its_sentence():
    said = delivered(
        'Due on <say-as interpret-as="date" format="dmy">3/11/2026</say-as>, after <say-as interpret-as="time">1\'5"</say-as>.'
    )
    assert said == (Piece("Due on November 3rd, 2026, after 1 minute 5 seconds.", "en-US"),)


def test_a_date_of_another_language_is_read_as_it_stands():
    assert delivered('<say-as interpret-as="date" format="dmy">3.11.</say-as>', "de-DE") == (Piece("3.11.", "de-DE"),)


def test_an_expletive_is_a_tone():
    blot, end = delivered('<say-as interpret-as="expletive">blot</say-as> it')
    assert (blot.is_bleeped, end) == (True, Piece("it", "en-US"))
