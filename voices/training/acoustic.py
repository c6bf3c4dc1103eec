"""The network in PyTorch: a time-delay network over MFCCs, and its way into plain numbers."""

import numpy as np
import torch
from torch import Tensor, nn

from voices.training.network import CEPSTRA, Layer, Network
from voices.training.sounds import SOUNDS
from voices.training.units import STATES, states_of

OFFSETS = ((-2, -1, 0, 1, 2), (-2, 0, 2), (-4, 0, 4), (-8, 0, 8), (-12, 0, 12))
"""What each layer sees of the one below, in frames of 10 ms."""
CONTEXT = -sum(offsets[0] for offsets in OFFSETS)
SUBSAMPLING = 2
"""Every second frame is worth an output. All layers but the first see even offsets, so they run at that rate throughout."""
_STEPS = (OFFSETS[0], *(tuple(offset // SUBSAMPLING for offset in offsets) for offsets in OFFSETS[1:]))
"""The offsets in what each layer's input counts: frames for the first, outputs for the others."""


class Acoustic(nn.Module):
    """(batch, frames, CEPSTRA) to (batch, frames / SUBSAMPLING, STATES), twice, and the states of the sounds.

    The first output is the model's; the second steadies it, the third makes what is below attend to sounds.
    """

    def __init__(self, width: int, mean: Tensor, deviation: Tensor, dropout: float) -> None:
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)
        sizes = (CEPSTRA, *(width for _ in OFFSETS))
        self.affines = nn.ModuleList(
            nn.Linear(below * len(offsets), width) for below, offsets in zip((*sizes,), (*OFFSETS, (0,)), strict=True)
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(width) for _ in sizes)
        self.dropout = dropout
        self.output = nn.Linear(width, STATES)
        self.steadying = nn.Linear(width, STATES)
        self.sounds = nn.Linear(width, states_of(SOUNDS))

    def forward(self, cepstra: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The outputs, those of the second head for the cross-entropy, and those of the sounds."""
        hidden = (cepstra - self.mean) / self.deviation
        edge = (CONTEXT, CONTEXT)
        hidden = nn.functional.pad(hidden.transpose(1, 2), edge, mode="replicate").transpose(1, 2)
        for affine, norm, offsets in zip(self.affines, self.norms, (*_STEPS, (0,)), strict=True):
            rectified = torch.relu(affine(_spliced(hidden, offsets, SUBSAMPLING if offsets is _STEPS[0] else 1)))
            hidden = norm(rectified.flatten(0, 1)).view_as(rectified)
            if self.training:
                kept = torch.rand(len(hidden), 1, hidden.shape[-1]) >= self.dropout
                hidden = hidden * (kept / (1 - self.dropout)).to(hidden.dtype)
        return self.output(hidden), self.steadying(hidden), self.sounds(hidden)

    def as_numbers(self) -> Network:
        """The network with normalisation folded into the affine maps that follow it."""
        layers, scale, shift = [], 1 / self.deviation, -self.mean / self.deviation
        for affine, norm, offsets in zip(self.affines, self.norms, (*OFFSETS, (0,)), strict=True):
            layers.append(_layer(affine, scale, shift, offsets, is_rectified=True))
            scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            shift = norm.bias - norm.running_mean * scale
        layers.append(_layer(self.output, scale, shift, (0,), is_rectified=False))
        return Network(tuple(layers))


def _spliced(hidden: Tensor, offsets: tuple[int, ...], every: int) -> Tensor:
    """Frames beside each other, (batch, frames - span, inputs x offsets), one for every so many frames."""
    first, span = offsets[0], offsets[-1] - offsets[0]
    size = hidden.shape[1] - span
    return torch.cat([hidden[:, offset - first : offset - first + size : every] for offset in offsets], -1)


def _layer(affine: nn.Linear, scale: Tensor, shift: Tensor, offsets: tuple[int, ...], *, is_rectified: bool) -> Layer:
    """An affine map of inputs that are still to be scaled and shifted, the same for every offset."""
    weight, count = affine.weight.detach(), len(offsets)
    bias = affine.bias.detach() + weight @ shift.detach().repeat(count)
    scaled = weight * scale.detach().repeat(count)
    return Layer(offsets, scaled.numpy().astype(np.float32), bias.numpy().astype(np.float32), is_rectified)
