"""Judging: every speaker by a model of theirs, on both cores."""

import numpy as np
import pytest

pytest.importorskip("voices.training.vocoder", exc_type=ImportError)

from voices.pyttsx3_speaker import Pyttsx3Speaker
from voices.sound import RATE_HZ
from voices.training.judge import CONDITIONS, judge
from voices.vosk_models import BUNDLED

NAMES = {4: "four", 5: "five", 9: "nine"}


def test_every_speaker_is_judged_in_every_noise_and_only_who_says_digits_is_understood() -> None:
    speaker = Pyttsx3Speaker({}, words_per_minute=160)
    said = {digit: speaker.speak(name, "en-US").samples for digit, name in NAMES.items()}
    spoken = {digit: [samples.astype(np.float32) / 32768] for digit, samples in said.items()}
    seconds = np.arange(round(0.4 * RATE_HZ)) / RATE_HZ
    hummed = {digit: [(0.3 * np.sin(2 * np.pi * 440 * seconds)).astype(np.float32)] for digit in NAMES}
    people = {"anna": spoken, "bert": hummed}
    judged = list(judge(dict.fromkeys(people, BUNDLED["en"]), people, singles=3, groups=1))
    assert [(each.speaker, each.noise_decibels) for each in judged] == [
        (name, noise) for name in people for noise in CONDITIONS
    ]
    assert (judged[0].digits, judged[0].groups_apart) == (1.0, 1.0)
    assert not any(each.digits or each.groups_apart for each in judged if each.speaker == "bert")
