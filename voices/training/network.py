"""The acoustic network as plain numbers: what training produces and the writers of Vosk's files consume."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CEPSTRA = 20
"""Features in: 20 MFCCs every 10 ms (`mfcc.conf`); log-likelihoods of `units.STATES` out, every 20 ms."""


@dataclass(frozen=True, slots=True)
class Layer:
    """An affine map of several frames of the layer below; `weight` is (outputs, inputs x offsets), offsets in 10 ms frames.

    The columns of `weight` are ordered by offset, then by input: Append(Offset(below, offsets[0]), ...).
    """

    offsets: tuple[int, ...]
    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    is_rectified: bool


@dataclass(frozen=True, slots=True)
class Network:
    """The layers from the features up. Normalisation and priors are folded in; the last layer is not rectified."""

    layers: tuple[Layer, ...]

    @property
    def context(self) -> int:
        """How many frames to the left the output sees; as many to the right."""
        return sum(-min(layer.offsets) for layer in self.layers)
