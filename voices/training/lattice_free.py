"""The training criterion: lattice-free maximum mutual information, from a flat start.

How much more probable the network makes the words that were said (the numerator: their units in a row, silence between words
if there is any) than anything that might have been said (the denominator: all units in a free loop). No alignment is needed:
both are sums over every alignment, by the forward-backward algorithm. Povey et al., "Purely sequence-trained neural networks
for ASR based on lattice-free MMI" (2016); Hadian et al., "End-to-end speech recognition using lattice-free MMI" (2018).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from voices.training.units import SILENCE, UNITS, Unit, first_states, states_of

STAY = LEAVE = 0.5
"""Every state's probabilities of being visited for one more frame and of being left."""
_SMALLEST = 1e-30


SILENCE_FOLLOWS = 0.3
"""How probable silence is after a word; after silence comes a word."""


def _entries(units: Sequence[Unit]) -> Tensor:
    """How probable each unit is to be entered."""
    return torch.tensor([SILENCE_FOLLOWS if unit == SILENCE else 1 / (len(units) - 1) for unit in units])


@dataclass(frozen=True, slots=True)
class Numerators:
    """What was said in a batch, as chains of states padded to one length: (batch, positions).

    `pdfs` are the network's outputs; `from_before` and `from_two_before` the probabilities of coming from the position
    before and from the one before that (past a silence that is not there); `begins` and `ends` mark where a chain may.
    """

    pdfs: Tensor
    from_before: Tensor
    from_two_before: Tensor
    begins: Tensor
    ends: Tensor


class Chains:
    """Builds numerators out of the names of these units."""

    def __init__(self, units: Sequence[Unit] = UNITS) -> None:
        self._firsts = first_states(units)
        self._lengths: Mapping[str, int] = {unit.name: unit.states for unit in units}
        self._entry = dict(zip((unit.name for unit in units), _entries(units).tolist(), strict=True))

    def length(self, words: Sequence[Sequence[str]]) -> int:
        """The fewest frames these words can take."""
        return sum(self._lengths[unit] for word in words for unit in word)

    def batch(self, said: Sequence[Sequence[Sequence[str]]]) -> Numerators:
        """The chains of several utterances, each a row of words, each word a row of unit names."""
        rows = [self._chain(words) for words in said]
        longest = max(len(row) for row in rows)
        pdfs = torch.zeros(len(rows), longest, dtype=torch.long)
        before, two_before, begins, ends = (torch.zeros(len(rows), longest) for _ in range(4))
        for index, row in enumerate(rows):
            size = len(row)
            pdfs[index, :size] = torch.tensor([pdf for pdf, _, _ in row])
            before[index, :size] = torch.tensor([one for _, one, _ in row])
            two_before[index, :size] = torch.tensor([two for _, _, two in row])
            begins[index, 0] = before[index, 0]
            ends[index, size - 1] = LEAVE
            if size > 1:
                begins[index, 1] = two_before[index, 1]
                ends[index, size - 2] = LEAVE
        before[:, 0] = 0.0
        two_before[:, :2] = 0.0
        return Numerators(pdfs, before, two_before, begins, ends)

    def _chain(self, words: Sequence[Sequence[str]]) -> list[tuple[int, float, float]]:
        """States with the probabilities of coming from one and from two before; a silence that may be left out around words."""
        silence = (self._firsts[SILENCE.name], LEAVE * self._entry[SILENCE.name], 0.0)
        chain = [silence]
        for word in words:
            for place, unit in enumerate(word):
                first, entry = self._firsts[unit], LEAVE * self._entry[unit]
                chain.append((first, entry, 0.0 if place else entry))
                chain += [(first + state, LEAVE, 0.0) for state in range(1, self._lengths[unit])]
            chain.append(silence)
        return chain


class Criterion:
    """The value to be made large, a frame, and its gradient, for a network that tells these units apart."""

    def __init__(self, units: Sequence[Unit] = UNITS) -> None:
        firsts, states = first_states(units), states_of(units)
        lasts = [firsts[unit.name] + unit.states - 1 for unit in units]
        self._enter = torch.zeros(states)
        self._enter[[firsts[unit.name] for unit in units]] = _entries(units)
        self._leave = torch.zeros(states)
        self._leave[lasts] = LEAVE
        self._silent = firsts[SILENCE.name]
        self._silence_again = LEAVE * SILENCE_FOLLOWS
        self._inside = torch.full((states,), LEAVE)
        self._inside[[firsts[unit.name] for unit in units]] = 0.0

    def __call__(self, outputs: Tensor, numerators: Numerators) -> tuple[float, Tensor, Tensor]:
        """The mean log ratio a frame, its gradient by `outputs` (batch, frames, STATES), and the numerator's posteriors."""
        scaled = (outputs - outputs.amax(-1, keepdim=True)).exp()
        told, said = self._numerator(scaled, numerators)
        might, anything = self._denominator(scaled)
        frames = outputs.shape[0] * outputs.shape[1]
        return float((told - might).sum()) / frames, (said - anything) / frames, said

    def _numerator(self, scaled: Tensor, chains: Numerators) -> tuple[Tensor, Tensor]:
        batch, frames, _ = scaled.shape
        pdfs = chains.pdfs[:, None, :].expand(-1, frames, -1)
        seen = scaled.gather(-1, pdfs).transpose(0, 1).contiguous()
        alphas = torch.empty_like(seen)
        alpha, total = chains.begins * seen[0], torch.zeros(batch)
        before, two_before = chains.from_before[:, 1:], chains.from_two_before[:, 2:]
        for frame in range(frames):
            if frame:
                following = STAY * alpha
                following[:, 1:] += before * alpha[:, :-1]
                following[:, 2:] += two_before * alpha[:, :-2]
                alpha = following * seen[frame]
            scale = alpha.sum(-1, keepdim=True).clamp_min(_SMALLEST)
            alpha = alpha / scale
            alphas[frame] = alpha
            total += scale[:, 0].log()
        total += (alpha * chains.ends).sum(-1).clamp_min(_SMALLEST).log()
        beta, posteriors = chains.ends, torch.empty_like(seen)
        for frame in range(frames - 1, -1, -1):
            if frame < frames - 1:
                arriving = beta * seen[frame + 1]
                beta = STAY * arriving
                beta[:, :-1] += before * arriving[:, 1:]
                beta[:, :-2] += two_before * arriving[:, 2:]
                beta = beta / beta.sum(-1, keepdim=True).clamp_min(_SMALLEST)
            product = alphas[frame] * beta
            posteriors[frame] = product / product.sum(-1, keepdim=True).clamp_min(_SMALLEST)
        return total, torch.zeros_like(scaled).scatter_add_(-1, pdfs, posteriors.transpose(0, 1))

    def _denominator(self, scaled: Tensor) -> tuple[Tensor, Tensor]:
        batch, frames, _ = scaled.shape
        seen = scaled.transpose(0, 1).contiguous()
        alphas = torch.empty_like(seen)
        alpha, total = self._enter * seen[0], torch.zeros(batch)
        inside = self._inside[1:]
        for frame in range(frames):
            if frame:
                following = STAY * alpha + (alpha @ self._leave)[:, None] * self._enter
                following[:, 1:] += inside * alpha[:, :-1]
                following[:, self._silent] -= alpha[:, self._silent] * self._silence_again
                alpha = following * seen[frame]
            scale = alpha.sum(-1, keepdim=True).clamp_min(_SMALLEST)
            alpha = alpha / scale
            alphas[frame] = alpha
            total += scale[:, 0].log()
        total += (alpha @ self._leave).clamp_min(_SMALLEST).log()
        beta, posteriors = self._leave.expand(batch, -1), torch.empty_like(seen)
        for frame in range(frames - 1, -1, -1):
            if frame < frames - 1:
                arriving = beta * seen[frame + 1]
                beta = STAY * arriving + (arriving @ self._enter)[:, None] * self._leave
                beta[:, :-1] += inside * arriving[:, 1:]
                beta[:, self._silent] -= arriving[:, self._silent] * self._silence_again
                beta = beta / beta.sum(-1, keepdim=True).clamp_min(_SMALLEST)
            product = alphas[frame] * beta
            posteriors[frame] = product / product.sum(-1, keepdim=True).clamp_min(_SMALLEST)
        return total, posteriors.transpose(0, 1)


class Task:
    """Telling these units apart: the criterion of outputs for what was said, rows of words, each a row of unit names."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._chains, self._criterion = Chains(units), Criterion(units)

    def __call__(self, outputs: Tensor, said: Sequence[Sequence[Sequence[str]]]) -> tuple[float, Tensor, Tensor]:
        """As `Criterion`."""
        return self._criterion(outputs.detach(), self._chains.batch(said))
