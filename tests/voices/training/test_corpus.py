"""The corpus: what its parts promise to the training, on a few utterances each."""

import itertools
import multiprocessing
import struct
from pathlib import Path

import numpy as np
import pytest
import soxr

pytest.importorskip("voices.training.vocoder", exc_type=ImportError)
pytest.importorskip("espeakng_loader")
pytest.importorskip("pocketsphinx")

from voices.sound import RATE_HZ, Sound
from voices.training import accents, an4, an4_words, corpus, dictionary, digits, espeak, flite, script, sounds
from voices.training.speech import Speech
from voices.training.units import WORDS
from voices.training.utterance import Utterance


def _hum(seconds: float, pitch_hz: float) -> np.ndarray:
    """A voice-like sound: a falling row of harmonics."""
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    harmonics = range(1, int(3600 / pitch_hz))
    return (4000 * sum(np.sin(2 * np.pi * pitch_hz * n * time) / n for n in harmonics)).astype(np.int16)


def _pitch_hz(samples: np.ndarray) -> float:
    """The strongest period between 80 and 300 Hz."""
    signal = samples.astype(float)
    lags = np.arange(RATE_HZ // 300, RATE_HZ // 80)
    likeness = [np.dot(signal[lag:], signal[:-lag]) / (len(signal) - lag) for lag in lags]
    return RATE_HZ / float(lags[int(np.argmax(likeness))])


def test_a_converted_voice_says_the_same_words_and_keeps_the_person_first() -> None:
    spoken = Utterance(_hum(0.5, 120), ("five",), "anna", "digits")
    other = digits.converted(spoken, np.random.default_rng(1))
    assert (other.words, other.speaker, other.samples.dtype) == (("five",), "anna/converted", np.int16)


def test_conversions_reach_both_low_and_high_voices() -> None:
    spoken = Utterance(_hum(0.5, 120), ("five",), "anna", "digits")
    pitches = [_pitch_hz(digits.converted(spoken, np.random.default_rng(seed)).samples) for seed in range(12)]
    assert min(pitches) < 150
    assert max(pitches) > 180


def test_the_same_recipe_gives_the_same_samples() -> None:
    spoken = Utterance(_hum(0.4, 110), ("one",), "anna", "digits")
    once, again = (digits.converted(spoken, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(once.samples, again.samples)


def test_cepstra_are_read_big_endian_with_their_count(tmp_path: Path) -> None:
    file = tmp_path / "a.mfc"
    file.write_bytes(struct.pack(">i26f", 26, *range(26)))
    assert an4.read_cepstra(file).tolist() == [list(range(13)), list(range(13, 26))]


def test_energies_have_the_cepstra_they_were_made_from() -> None:
    cepstra = np.random.default_rng(3).normal(size=(5, 13))
    energies = an4.log_mel(cepstra)
    j = np.arange(40)
    weights = np.where(j == 0, 0.5, 1.0) / 40
    for i in range(13):
        assert np.allclose((energies * weights * np.cos(np.pi * i * (j + 0.5) / 40)).sum(axis=1), cepstra[:, i])


def test_an_answer_lasts_as_long_as_its_frames() -> None:
    cepstra = np.tile([10.0, 1.0] + [0.0] * 11, (100, 1))
    samples = an4.resynthesised(cepstra, "fabc", np.random.default_rng(1))
    assert abs(len(samples) / RATE_HZ - 1.0) < 0.02


def test_every_word_of_the_line_is_in_the_dictionary() -> None:
    assert {word.name for word in WORDS} <= set(dictionary.pronunciations())


def test_the_dictionary_has_every_way_to_say_a_word_under_one_name() -> None:
    pronunciations = dictionary.pronunciations()
    assert set(pronunciations["zero"]) >= {("Z", "IH", "R", "OW"), ("Z", "IY", "R", "OW")}
    assert not [word for word in pronunciations if word.endswith(")")]


def test_other_words_never_sound_like_the_lines_own() -> None:
    pronunciations = dictionary.pronunciations()
    ours = {way for word in WORDS for way in pronunciations[word.name]}
    words = script.vocabulary(pronunciations)
    assert len(words.frequent) == 3000
    assert not [word for word in (*words.frequent, *words.near) if ours & set(pronunciations[word])]


def spoken_elsewhere(speech: Speech) -> Utterance:
    """By eSpeak NG in another process, as in training: in this one the line's own engine may have its settings."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        ((spoken,),) = pool.map(corpus._utterances, [speech])
    return spoken


def test_a_synthetic_voice_speaks_and_pauses() -> None:
    voice = espeak.EspeakVoice("en-us+f2", 150, 50)
    run = spoken_elsewhere(Speech(("one", "two"), voice, None, 0.5, espeak.SOURCE))
    apart = spoken_elsewhere(Speech(("one", "two"), voice, (1.0,), 0.5, espeak.SOURCE))
    assert 0.3 < len(run.samples) / RATE_HZ < 1.5
    assert len(apart.samples) > len(run.samples) + 0.8 * RATE_HZ


def _accented(language: str) -> accents.AccentedVoice:
    return accents.AccentedVoice(language, espeak.EspeakVoice(f"{language}+f2", 150, 50))


def test_an_accent_says_the_lines_words_and_reads_others_its_own_way() -> None:
    said = Speech(("three", "want", "one"), _accented("hu"), None, 0.5, accents.SOURCE)
    assert 0.5 < len(spoken_elsewhere(said).samples) / RATE_HZ < 2.5


def test_a_word_that_an_accent_makes_one_of_the_lines_is_not_told_from_it() -> None:
    said = [
        Speech(("five", word), _accented(language), None, 0.5, accents.SOURCE)
        for language, word in (("hu", "van"), ("hu", "want"), ("de", "van"))
    ]
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(accents.is_mistakable, said) == [True, False, False]


@pytest.mark.skipif(not flite.is_installed(), reason="speaks with Flite: apt install libflite1")
def test_flites_voices_differ_and_go_slower() -> None:
    plain = {name: flite.FliteVoice(name, 1.0, None).speak("seven") for name in flite.VOICES}
    assert len({len(samples) for samples in plain.values()}) == len(plain)
    slow = flite.FliteVoice("slt", 1.4, None).speak("seven")
    assert len(slow) > 1.2 * len(plain["slt"])


def test_without_flite_training_says_so_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flite, "is_installed", lambda: False)
    for part in (digits, an4, an4_words, espeak, accents):
        corpus.save(tmp_path / f"{part.SOURCE}-1.npz", iter([Utterance(np.ones(9, np.int16), ("oh",), "s", part.SOURCE)]))
    collected = corpus.collect(tmp_path, tmp_path, 1, lambda *_: None)
    assert [each.source for each in collected.utterances] == ["digits", "an4", "an4-words", "espeak", "accents"]
    assert collected.missing == (flite.MISSING,)


def test_people_are_told_apart_by_their_files_names(tmp_path: Path) -> None:
    for name in ("7_anna_0", "7_anna_1", "3_anna_0", "7_ben_0"):
        (tmp_path / f"{name}.wav").write_bytes(Sound(_hum(0.2, 120)).wav())
    people = digits.people(tmp_path)
    assert {speaker: {digit: len(said) for digit, said in theirs.items()} for speaker, theirs in people.items()} == {
        "anna": {7: 2, 3: 1}, "ben": {7: 1},
    }  # fmt: skip


def test_words_are_cut_where_they_were_said() -> None:
    voice = espeak.EspeakVoice("en-us+m3", 130, 40)
    said = ("three", "seven", "nine")
    spoken = spoken_elsewhere(Speech(said, voice, (0.5, 0.7), 0.5, espeak.SOURCE))
    sound = soxr.resample(spoken.samples, RATE_HZ, an4.ANALYSIS_RATE_HZ)
    found = list(an4_words.cuts(sound, said))
    assert [cut.word for cut in found] == list(said)
    pauses = [later.first - cut.end for cut, later in itertools.pairwise(found)]
    assert pauses == pytest.approx([50, 70], abs=20)


def test_a_word_the_aligner_does_not_know_cuts_nothing() -> None:
    assert not list(an4_words.cuts(np.zeros(16000, np.int16), ("one", "blorfed")))


def test_a_higher_voice_has_its_formants_higher() -> None:
    cepstra = np.random.default_rng(3).normal(size=(1, 13))
    plain, higher = an4.envelope(cepstra)[0], an4.envelope(cepstra, formants=1.1)[0]
    emphasis = an4.envelope(np.zeros((1, 13)))[0]
    place = np.arange(50, 400)
    moved = np.interp(place / 1.1, np.arange(len(plain)), plain - emphasis)
    assert (higher - emphasis)[50:400] == pytest.approx(moved, abs=0.1)


def test_every_sound_of_the_dictionary_is_told_apart() -> None:
    names = {unit.name for unit in sounds.SOUNDS}
    assert {sound for ways in dictionary.pronunciations().values() for way in ways for sound in way} <= names
    assert sounds.spelled("blorfed") == (sounds.UNSPELLED.name,)


def test_what_is_kept_is_loaded_again(tmp_path: Path) -> None:
    kept = [Utterance(np.arange(n, dtype=np.int16), ("oh", "nine"), f"s{n}", "digits") for n in (3, 1, 4)]
    corpus.save(tmp_path / "part.npz", iter(kept))
    loaded = corpus.load(tmp_path / "part.npz")
    assert [(u.samples.tolist(), u.words, u.speaker, u.source) for u in loaded] == [
        (u.samples.tolist(), u.words, u.speaker, u.source) for u in kept
    ]
