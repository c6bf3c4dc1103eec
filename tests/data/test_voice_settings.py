"""The section `[voice]`: what may be set, and what is told where it may not."""

import tomllib

import pytest

from data.voice_settings import VOICE_SECTION, Medium, VoiceSettings, read_voice

DEFAULTS = VoiceSettings(175, {}, Medium.SAY)


def test_what_is_left_out_keeps_its_default():
    assert read_voice({}) == DEFAULTS


def test_a_new_instances_section_is_the_defaults_written_out():
    assert read_voice(tomllib.loads(VOICE_SECTION)["voice"]) == DEFAULTS


def test_voices_are_named_by_language():
    assert read_voice({"names": {"en": "en-gb-x-rp"}, "words_per_minute": 140}).names == {"en": "en-gb-x-rp"}


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ({"rate": 140}, r"no setting 'rate'; its settings are words_per_minute, names"),
        ({"words_per_minute": 79}, "whole number from 80 to 300, not 79"),
        ({"words_per_minute": 301}, "not 301"),
        ({"words_per_minute": True}, "not True"),
        ({"words_per_minute": "fast"}, "not 'fast'"),
        ({"names": "en-us"}, "a voice for each language"),
        ({"names": {"deutsch": "de"}}, "the language 'deutsch'; the line speaks en, de, fr, es"),
        ({"names": {"en": ""}}, "a voice for each language"),
        ({"names": {"en": 1}}, "a voice for each language"),
    ],
)
def test_what_will_not_do_is_told_in_a_sentence(raw, why):
    with pytest.raises(ValueError, match=why):
        read_voice(raw)
