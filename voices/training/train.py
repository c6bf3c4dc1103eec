"""Trains the recogniser's network from nothing, with what may be heard drawn anew for every example."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from voices.training.acoustic import Acoustic
from voices.training.examples import LENGTHS_SECONDS, Examples, units_of
from voices.training.features import Features
from voices.training.lattice_free import Task
from voices.training.network import Network
from voices.training.sounds import SOUNDS, spelled
from voices.training.units import UNITS
from voices.training.utterance import Utterance

FULL_SCALE = 32768.0
LEARNERS = 2
"""Processes that learn, each from examples of its own; after every step they share what they learned."""
BATCH = 24
"""Examples that each of them learns from in a step."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how hard to train."""

    examples: int = 320_000
    width: int = 256
    rate: float = 2.5e-3
    dropout: float = 0.1
    decay: float = 1e-2
    steadying: float = 0.1
    """Weight of the cross-entropy against the criterion's own alignment."""
    sounding: float = 0.3
    """Weight of telling the sounds of English apart."""
    smallness: float = 5e-4
    """Weight of the outputs' squares."""
    seed: int = 1

    @property
    def steps(self) -> int:
        return self.examples // (LEARNERS * BATCH)


def train(utterances: Sequence[Utterance], schedule: Schedule, progress: Callable[[int, float], None]) -> Network:
    """The trained network. `progress` hears the step and the criterion's mean of late after every step."""
    with TemporaryDirectory() as folder:
        learners = [_Learner(utterances, schedule, number, Path(folder) / "meeting") for number in range(LEARNERS)]
        others = [get_context("fork").Process(target=each.learn, daemon=True) for each in learners[1:]]
        for other in others:
            other.start()
        network = learners[0].learn(progress)
        for other in others:
            other.join()
    network.eval()
    return network.as_numbers()


@dataclass(frozen=True, slots=True)
class _Learner:
    """One of the processes, which find each other by a file that all of them can reach."""

    utterances: Sequence[Utterance]
    schedule: Schedule
    number: int
    meeting: Path

    def learn(self, progress: Callable[[int, float], None] = lambda step, late: None) -> Acoustic:
        """The trained network, which is the same in all of them."""
        torch.set_num_threads(1)
        distributed.init_process_group("gloo", f"file://{self.meeting}", rank=self.number, world_size=LEARNERS)
        try:
            return self._learned(progress)
        finally:
            distributed.destroy_process_group()

    def _learned(self, progress: Callable[[int, float], None]) -> Acoustic:
        schedule = self.schedule
        torch.manual_seed(schedule.seed * LEARNERS + self.number)
        batches = self._batches()
        network = _fresh(next(batches), schedule)
        shared = DistributedDataParallel(network)
        words, sounds = Task(UNITS), Task(SOUNDS)
        optimiser = torch.optim.AdamW(network.parameters(), schedule.rate, weight_decay=schedule.decay)
        rates = torch.optim.lr_scheduler.OneCycleLR(optimiser, schedule.rate, schedule.steps, pct_start=0.2)
        late = 0.0
        for step, batch in zip(range(schedule.steps), batches, strict=False):
            with torch.autocast("cpu", torch.bfloat16):
                outputs, second, sounded = (each.float() for each in shared(batch.cepstra))
            value, gradient, posteriors = words(outputs, [[units_of(word) for word in said] for said in batch.words])
            _, toward, _ = sounds(sounded, [[spelled(word) for word in said] for said in batch.words])
            loss = schedule.smallness * outputs.square().mean() - (outputs * gradient).sum()
            loss = loss - schedule.steadying * (posteriors * second.log_softmax(-1)).sum(-1).mean()
            loss = loss - schedule.sounding * (sounded * toward).sum()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            rates.step()
            late = value if step == 0 else 0.98 * late + 0.02 * value
            progress(step + 1, late)
        return network

    def _batches(self) -> Iterator["_Batch"]:
        """Examples without end; those of one step are as long in every process, so that none waits for another."""
        lengths = np.random.default_rng(self.schedule.seed)
        examples = Examples(self.utterances, np.random.default_rng((self.schedule.seed, self.number)))
        features = Features()
        while True:
            batch = examples.batch(BATCH, float(lengths.choice(LENGTHS_SECONDS)))
            samples = torch.from_numpy(np.stack([example.samples for example in batch])) * FULL_SCALE
            yield _Batch(features.varied(samples, _masked), [example.words for example in batch])


@dataclass(frozen=True, slots=True)
class _Batch:
    """Features, (BATCH, frames, CEPSTRA), and the words that were said."""

    cepstra: Tensor
    words: Sequence[Sequence[str]]


def _fresh(batch: _Batch, schedule: Schedule) -> Acoustic:
    """An untrained network for features like these."""
    return Acoustic(schedule.width, batch.cepstra.mean((0, 1)), batch.cepstra.std((0, 1)), schedule.dropout)


def _masked(energies: Tensor) -> Tensor:
    """Now and then a band of frequencies or a moment is lost in the mean."""
    energies = energies.clone()
    batch, frames, bands = energies.shape
    for index in range(batch):
        chance = torch.rand(4)
        if chance[0] < 0.3:
            width = int(1 + chance[1] * 5)
            low = int(torch.randint(0, bands - width, ()))
            energies[index, :, low : low + width] = energies[index, :, low : low + width].mean()
        if chance[2] < 0.2:
            length = int(2 + chance[3] * 5)
            start = int(torch.randint(0, frames - length, ()))
            energies[index, start : start + length] = energies[index].mean(0)
    return energies
