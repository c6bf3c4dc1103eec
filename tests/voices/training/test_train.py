"""Training: two processes learn one network, the same for the same seed."""

import numpy as np
import pytest

pytest.importorskip("voices.training.vocoder", exc_type=ImportError)
pytest.importorskip("espeakng_loader")
pytest.importorskip("pocketsphinx")
pytest.importorskip("torch", reason="training needs PyTorch: pip install -e '.[training]'")

from voices.sound import RATE_HZ
from voices.training.network import Network
from voices.training.train import BATCH, LEARNERS, Schedule, train
from voices.training.units import STATES
from voices.training.utterance import Utterance

STEPS = 3


@pytest.fixture(scope="module")
def corpus() -> list[Utterance]:
    seconds = np.arange(round(0.4 * RATE_HZ)) / RATE_HZ
    tone = (16000 * np.sin(2 * np.pi * 440 * seconds)).astype(np.int16)
    said = (("five",), "digits"), (("nine",), "an4-words"), (("two", "r"), "an4"), (("yes",), "espeak")
    return [Utterance(tone, words, "anna", source) for words, source in said]


def trained(corpus: list[Utterance], progress: list[int]) -> Network:
    schedule = Schedule(examples=STEPS * LEARNERS * BATCH, width=8)
    return train(corpus, schedule, lambda step, _late: progress.append(step))


def test_the_processes_learn_one_network_and_tell_every_step_once(corpus: list[Utterance]) -> None:
    told: list[int] = []
    network = trained(corpus, told)
    assert told == [1, 2, 3]
    assert network.layers[-1].bias.shape == (STATES,)
    assert all(np.isfinite(layer.weight).all() for layer in network.layers)


def test_the_same_seed_trains_the_same_network(corpus: list[Utterance]) -> None:
    once, again = trained(corpus, []), trained(corpus, [])
    for one, other in zip(once.layers, again.layers, strict=True):
        assert np.array_equal(one.weight, other.weight)
        assert np.array_equal(one.bias, other.bias)
