"""Levels are in dBm0 (ITU-T Q.24); a sine at full µ-law scale has 3.17 of them."""

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbx.audio.frame import FRAME_BYTES, frames_of
from pbx.audio.inband import HIGH_HZ, KEYS, LOW_HZ, InbandDetector
from voices.pyttsx3_speaker import Pyttsx3Speaker
from voices.sound import Sound, levelled

RATE_HZ = 8000
MS = RATE_HZ // 1000


def sine(hertz, level, samples):
    amplitude = 32124 * 10 ** ((level - 3.17) / 20)
    return amplitude * numpy.sin(2 * numpy.pi * hertz * numpy.arange(samples) / RATE_HZ + 0.7)


def typed(keys, *, low=-10, high=-10, on_ms=40, off_ms=40, phase=0, off_by=0.0, noise=None):
    """The sound of these keys; `phase` samples after the beginning of a frame."""
    parts = [numpy.zeros(FRAME_BYTES + phase)]
    for key in keys:
        row, column = divmod(KEYS.index(key), 4)
        tones = [(LOW_HZ[row], low), (HIGH_HZ[column], high)]
        parts.append(sum(sine(hertz * (1 + off_by), level, on_ms * MS) for hertz, level in tones))
        parts.append(numpy.zeros(off_ms * MS))
    samples = numpy.concatenate([*parts, numpy.zeros(4 * FRAME_BYTES)])
    if noise is not None:
        samples += numpy.random.default_rng(1).normal(0, sine(1, noise, 8000).max() / numpy.sqrt(2), len(samples))
    return Sound(numpy.clip(samples, -32768, 32767).astype(numpy.int16))


def heard(*sounds):
    """The keys heard in each of these, all at once by one detector."""
    keys = dict.fromkeys(range(len(sounds)), "")

    def press(leg, key):
        keys[leg] += key

    detector = InbandDetector(press)
    pieces = [frames_of(sound.mulaw()) for sound in sounds]
    for leg in keys:
        detector.watch(leg)
    for tick in range(max(map(len, pieces))):
        detector.hear({leg: frames[tick] for leg, frames in enumerate(pieces) if tick < len(frames)})
    return list(keys.values())


@pytest.mark.parametrize("level", [-25, -20, -15, -10, -6, -3])
def test_all_sixteen_keys_are_heard_once_at_40_ms_wherever_in_a_frame_they_begin(level):
    assert set(heard(*(typed(KEYS, low=level, high=level, phase=phase) for phase in range(0, FRAME_BYTES, 10)))) == {KEYS}


@pytest.mark.parametrize(("low", "high"), [(-10, -6), (-21, -17), (-14, -10), (-6, -14), (-17, -25), (-10, -18)])
def test_one_tone_may_be_louder_than_the_other(low, high):
    """Twist of 4 dB, and reverse twist of 8 dB, are to be borne."""
    assert set(heard(*(typed(KEYS, low=low, high=high, phase=phase) for phase in range(0, FRAME_BYTES, 20)))) == {KEYS}


@pytest.mark.parametrize("off_by", [-0.015, -0.01, 0.01, 0.015])
def test_tones_may_be_off_by_one_and_a_half_per_cent(off_by):
    assert heard(typed(KEYS, off_by=off_by)) == [KEYS]


def test_tones_off_by_three_and_a_half_per_cent_are_no_keys():
    assert heard(typed(KEYS, off_by=0.035), typed(KEYS, off_by=-0.035)) == ["", ""]


def test_keys_are_heard_through_noise_15_db_below_them():
    assert heard(*(typed(KEYS, low=-13, high=-13, noise=-28, phase=phase) for phase in range(0, FRAME_BYTES, 20))) == [KEYS] * 8


@pytest.mark.parametrize("on_ms", [40, 70, 500, 2000])
def test_a_key_counts_once_however_long_it_is_held(on_ms):
    assert heard(typed("5", on_ms=on_ms)) == ["5"]


def test_the_same_key_again_counts_again():
    assert heard(typed("5500555#")) == ["5500555#"]


def test_a_dropout_of_10_ms_within_a_key_does_not_make_it_two():
    samples = typed("5", on_ms=200).samples.copy()
    samples[900:980] = 0
    assert heard(Sound(samples)) == ["5"]


@pytest.mark.parametrize("hertz", [*LOW_HZ, *HIGH_HZ, 350, 440, 425, 1000, 2100])
def test_a_single_tone_is_no_key(hertz):
    samples = sine(hertz, -6, RATE_HZ)
    assert heard(Sound(samples.astype(numpy.int16))) == [""]


@pytest.mark.parametrize("tones", [(350, 440), (440, 480), (480, 620), (697, 770), (1209, 1336)])
def test_what_exchanges_sound_is_no_key(tones):
    samples = sum(sine(hertz, -9, RATE_HZ) for hertz in tones)
    assert heard(Sound(samples.astype(numpy.int16))) == [""]


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.floats(-40, 0))
def test_noise_is_no_key(seed, level):
    samples = numpy.random.default_rng(seed).normal(0, 32768 * 10 ** (level / 20), RATE_HZ)
    assert heard(Sound(numpy.clip(samples, -32768, 32767).astype(numpy.int16))) == [""]


SENTENCES = {
    "en": "Please enter the first group of your installation ID: six six four, nine zero two, double seven, one.",
    "de": "Bitte geben Sie die erste Gruppe Ihrer Installations-ID ein: sechs sechs vier, neun null zwei, sieben.",
    "fr": "Veuillez saisir le premier groupe de votre identifiant: six, six, quatre, neuf, zéro, deux, sept, un.",
    "es": "Introduzca el primer grupo de su identificador: seis, seis, cuatro, nueve, cero, dos, siete, uno.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_speech_is_no_key(language):
    spoken = Pyttsx3Speaker({}, 170).speak(SENTENCES[language], language)
    assert heard(*(levelled(spoken, level) for level in (-30.0, -20.0, -12.0))) == [""] * 3


def test_keys_are_heard_while_others_speak():
    others = [Pyttsx3Speaker({}, 170).speak(SENTENCES["en"], "en")] * 3
    assert heard(others[0], typed("123"), *others[1:], typed("#")) == ["", "123", "", "", "#"]


def test_a_leg_that_has_had_a_key_in_another_way_is_not_listened_to():
    keys = []
    detector = InbandDetector(lambda leg, key: keys.append(key))
    detector.watch("leg")
    detector.watch("leg")
    frames = frames_of(typed("1234", on_ms=100, off_ms=100).mulaw())
    for index, frame in enumerate(frames):
        if keys == ["1", "2"]:
            detector.forget("leg")
            detector.forget("leg")
        detector.hear({"leg": frame} if index % 7 else {"leg": frame, "another": frame})
    assert keys == ["1", "2"]


def test_a_leg_that_falls_silent_and_speaks_again_goes_on():
    keys = []
    detector = InbandDetector(lambda leg, key: keys.append(key))
    detector.watch("leg")
    for frame in [*frames_of(typed("1").mulaw())[:3], None, None, *frames_of(typed("1").mulaw())]:
        detector.hear({} if frame is None else {"leg": frame})
    assert keys == ["1", "1"]


def heard_before(detector, sound, leg="leg"):
    for frame in frames_of(sound.mulaw()):
        detector.hear({leg: frame})


@pytest.mark.parametrize(("key", "is_the_same"), [("5", True), ("6", False), ("x", False)])
def test_a_key_that_comes_by_info_when_its_tone_has_been_heard_is_the_same_press(key, is_the_same):
    detector = InbandDetector(lambda leg, key: None)
    detector.watch("leg")
    heard_before(detector, typed("15", on_ms=200))
    assert detector.comes_beside("leg", key) is is_the_same


def test_a_key_that_comes_later_or_first_is_another_press_and_tones_are_not_heard_any_more():
    keys = []
    detector = InbandDetector(lambda leg, key: keys.append(key))
    detector.watch("leg")
    heard_before(detector, typed("5"))
    heard_before(detector, typed("", noise=-50))
    for _ in range(10):
        heard_before(detector, typed("", noise=-50))
    assert not detector.comes_beside("leg", "5")
    heard_before(detector, typed("5"))
    assert not detector.comes_beside("leg", "5")
    assert keys == ["5"]
