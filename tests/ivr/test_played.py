"""Sentences as sound of our own: what becomes of a document on its way out, and what a sound's name gives away."""

import base64
import json
import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer
from lxml import etree

from ivr import twiml
from ivr.prompts import Ask, Say, Spell, Tone, say
from ivr.script import load_scripts
from ivr.sound_names import SoundNames, Utterance
from ivr.twiml import AFTER_SENTENCE_SECONDS, played
from pbx.document import parse_twiml
from pbx.verbs.gather import Gather
from pbx.verbs.play import Play
from pbx.vocabulary import CALL_VERBS

SCRIPTS = load_scripts()
NAMES = SoundNames(b"k" * 32)
ACTION = "/voice?turn=2"
utterances = st.builds(Utterance, st.text(min_size=1), st.sampled_from(("en-US", "de-DE")), st.floats(0, 3))


def sounds_of(document: str) -> list[Utterance | str]:
    """What is played, in order: utterances, and the addresses of everything else."""
    played_sounds: dict[str, Utterance] = {}

    def address(utterance: Utterance) -> str:
        played_sounds[f"/sound/{len(played_sounds)}"] = utterance
        return f"/sound/{len(played_sounds) - 1}"

    root = etree.fromstring(played(document, address).encode())
    return [played_sounds.get(each.text or "", each.text or each.tag) for each in root.iter("Play", "Say")]


def rendered(*said: Say | Spell | Tone | Ask, language: str = "en") -> str:
    return twiml.render(said, SCRIPTS[language], "CA1", ACTION)


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_sentence_is_played_in_its_language(language: str) -> None:
    sentence = SCRIPTS[language].sentence("entry.group", number=3)
    assert sounds_of(rendered(say("entry.group", number=3), language=language)) == [
        Utterance(sentence, SCRIPTS[language].locale, AFTER_SENTENCE_SECONDS)
    ]


@pytest.mark.parametrize("other", SCRIPTS)
def test_a_sentence_in_another_language_than_the_calls_has_that_languages_voice(other: str) -> None:
    script = SCRIPTS[other]
    document = rendered(Ask((say("menu.question"), Say("entry.group", (("number", 3),), other))))
    first, second = etree.fromstring(document.encode()).iterfind("Gather/Say")
    assert (first.get("language"), second.get("language"), second.get("voice")) == ("en-US", script.locale, script.voice)
    assert [each.locale for each in sounds_of(document)[:2] if isinstance(each, Utterance)] == ["en-US", script.locale]


def test_a_block_is_its_letter_and_its_digits_one_sound_each_at_the_lines_pace() -> None:
    expected = [Utterance(character, "en-US", 0.7) for character in "A20481"] + [Utterance("7", "en-US")]
    assert sounds_of(rendered(Spell("204817", 0.7, "A"))) == expected


def test_a_label_of_several_letters_is_a_sentence() -> None:
    document = '<Response><Say language="de-DE">Block A.<break time="300ms"/><say-as>2</say-as></Say></Response>'
    assert sounds_of(document) == [Utterance("Block A.", "de-DE", 0.3), Utterance("2", "de-DE")]


def test_a_slower_pace_is_a_longer_silence_after_the_same_digits() -> None:
    assert {each.seconds for each in sounds_of(rendered(Spell("111", 1.05)))[:-1] if isinstance(each, Utterance)} == {1.05}


def test_the_tone_and_the_music_stay_what_they_are() -> None:
    assert sounds_of(rendered(Tone()))[0] == "/voice/tone"
    assert sounds_of(twiml.render_wait(SCRIPTS["en"], (), leave=False)) == ["/voice/music"]


@pytest.mark.parametrize("language", SCRIPTS)
def test_every_other_part_of_a_document_stays_as_it_was(language: str) -> None:
    document = rendered(Tone(), Ask((say("entry.group", number=2), Spell("12", 0.7))), language=language)
    before, after = (etree.fromstring(each.encode()) for each in (document, played(document, NAMES.write)))
    assert [(each.tag, dict(each.attrib)) for each in before] == [(each.tag, dict(each.attrib)) for each in after]
    assert after.findtext("Redirect") == ACTION


@pytest.mark.parametrize("language", SCRIPTS)
def test_the_exchange_reads_documents_with_sounds_as_well_as_with_words(language: str) -> None:
    document = rendered(Tone(), Ask((say("entry.group", number=2), Spell("12", 0.7, "A"))), language=language)
    for each in (document, played(document, lambda utterance: f"/voice/sound/{NAMES.write(utterance)}.wav")):
        read = parse_twiml(each.encode(), "https://line.example/voice", CALL_VERBS)
        assert not read.notices
    gather = next(verb for verb in read.verbs if isinstance(verb, Gather))
    assert len(gather.prompts) == 4
    assert all(
        isinstance(prompt, Play) and prompt.url.startswith("https://line.example/voice/sound/") for prompt in gather.prompts
    )


@pytest.mark.parametrize("digits", ["204817", "2 0 4 8 1 7", "204-817", "2, 0, 4, 8, 1, 7", "+12065550143"])
def test_a_sentence_with_somebodys_digits_stays_a_say(digits: str) -> None:
    document = f'<Response><Say language="en-US">Your number is {digits}.</Say></Response>'
    assert played(document, NAMES.write).endswith(document)


# Names


@given(utterances)
def test_a_name_says_what_its_sound_says(utterance: Utterance) -> None:
    name = NAMES.write(utterance)
    assert NAMES.read(name) == utterance
    assert re.fullmatch(r"[\w.-]+", name, re.ASCII), "it stands in an address as it is"


@given(utterances, st.data())
def test_a_name_with_anything_changed_is_none(utterance: Utterance, data: st.DataObject) -> None:
    name = NAMES.write(utterance)
    at = data.draw(st.integers(0, len(name) - 1))
    other = data.draw(st.sampled_from("aZ0-_.").filter(lambda character: character != name[at]))
    changed = name[:at] + other + name[at + 1 :]
    # The last character of a signature has bits that stand for nothing.
    assert NAMES.read(changed) is None or (at == len(name) - 1 and NAMES.read(changed) == utterance)


@given(st.text())
def test_nothing_else_is_a_name(text: str) -> None:
    assert NAMES.read(text) is None


@pytest.mark.parametrize("key", [b"x" * 32, b""])
def test_a_name_of_another_instance_is_none(key: bytes) -> None:
    assert NAMES.read(SoundNames(key).write(Utterance("Hello.", "en-US"))) is None


def test_what_the_same_key_signed_for_another_use_is_none() -> None:
    assert NAMES.read(str(URLSafeSerializer(b"k" * 32).dumps(["en-US", "Hello.", 0.0]))) is None


def test_a_name_longer_than_any_sentence_is_not_even_checked() -> None:
    assert NAMES.read(NAMES.write(Utterance("".join(map(chr, range(0x4E00, 0x4E00 + 1500))), "en-US"))) is None


@pytest.mark.parametrize("language", SCRIPTS)
def test_the_name_of_every_sentence_fits_into_an_address(language: str) -> None:
    for sentence in SCRIPTS[language].sentences.values():
        assert NAMES.read(NAMES.write(Utterance(sentence, SCRIPTS[language].locale))) is not None


@given(st.text("0123456789", min_size=6, max_size=6), st.sampled_from(["", "A", "H"]))
def test_no_address_tells_more_than_one_digit_of_what_is_spelled(digits: str, label: str) -> None:
    """The payload of a name is no secret; this reads it."""
    document = played(rendered(Spell(digits, 0.7, label)), NAMES.write)
    names = [each.text or "" for each in etree.fromstring(document.encode()).iter("Play")]
    texts = [text_in(name) for name in names]
    assert "".join(texts) == label + digits
    assert all(len(text) == 1 for text in texts)


def text_in(name: str) -> str:
    payload = name.split(".")[0]
    parts: Sequence[str] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return parts[1]
