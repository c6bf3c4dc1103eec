"""MFCCs as Vosk computes them from `conf/mfcc.conf` (Kaldi's `compute-mfcc-feats`), for whole batches, in PyTorch.

Training hears every voice through vocal tracts of other lengths, and between the mel filters and the cosine transform come
masks over bands of time and frequency.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from voices.sound import RATE_HZ
from voices.training.network import CEPSTRA

WINDOW, SHIFT, TRANSFORM = 200, 80, 256
"""25 ms windows every 10 ms, in samples, and the length of the Fourier transform."""
BANDS, LOW_HZ, HIGH_HZ = 30, 100.0, 3700.0
DITHER = 4.0
"""White noise added to 16-bit samples before anything else: exact digital zeros would make infinitely low energies."""
_PREEMPHASIS, _LIFTER = 0.97, 22.0
_TRACTS = torch.linspace(0.86, 1.16, 13)
"""By how much training moves the formants of a voice, at random."""
_SHIFTS = (54, 94)
"""Training moves the windows on by as many samples, which makes speech slower or faster without changing the voice."""
_KNEE_HZ = 3200.0
"""Above this frequencies move less and less, so that the band stays full."""


class Features:
    """Turns (batch, samples) of 16-bit scale into (batch, frames, CEPSTRA)."""

    def __init__(self) -> None:
        ramp = torch.arange(WINDOW, dtype=torch.float64)
        self._window = (0.5 - 0.5 * torch.cos(2 * math.pi * ramp / (WINDOW - 1))).pow(0.85).float()
        self._bands = _mel_filters(1.0)
        self._tracts = torch.stack([_mel_filters(float(tract)) for tract in _TRACTS])
        self._cosines = _cosines()

    def __call__(self, samples: Tensor) -> Tensor:
        return self._energies(samples, self._bands) @ self._cosines

    def varied(self, samples: Tensor, mask: Callable[[Tensor], Tensor]) -> Tensor:
        """Each row in another's vocal tract, all at another pace; `mask` changes the log energies, (batch, frames, BANDS)."""
        tracts = self._tracts[torch.randint(len(self._tracts), (len(samples),))]
        return mask(self._energies(samples, tracts, int(torch.randint(*_SHIFTS, ())))) @ self._cosines

    def _energies(self, samples: Tensor, bands: Tensor, shift: int = SHIFT) -> Tensor:
        frames = samples.unfold(-1, WINDOW, shift)
        frames = frames + DITHER * torch.randn_like(frames)
        frames = frames - frames.mean(-1, keepdim=True)
        before = torch.cat((frames[..., :1], frames[..., :-1]), -1)
        spectrum = torch.fft.rfft((frames - _PREEMPHASIS * before) * self._window, TRANSFORM)
        power = spectrum.real.square() + spectrum.imag.square()
        return (power[..., : TRANSFORM // 2] @ bands).clamp_min(1.2e-7).log()


def _mel(hertz: Tensor) -> Tensor:
    return 1127.0 * torch.log1p(hertz / 700.0)


def _mel_filters(tract: float) -> Tensor:
    """Triangles of equal width in mel, (bins, BANDS); what is at a frequency counts as if it were at `tract` times that."""
    edges = torch.linspace(float(_mel(torch.tensor(LOW_HZ))), float(_mel(torch.tensor(HIGH_HZ))), BANDS + 2)
    bins = _mel(_moved(torch.arange(TRANSFORM // 2) * (RATE_HZ / TRANSFORM), tract))[:, None]
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    return torch.minimum((bins - left) / (centre - left), (right - bins) / (right - centre)).clamp_min(0.0)


def _moved(hertz: Tensor, tract: float) -> Tensor:
    """In proportion up to a knee, and from there to the same end of the band."""
    end, knee = RATE_HZ / 2, _KNEE_HZ / max(tract, 1.0)
    return torch.where(hertz <= knee, hertz * tract, end - (end - hertz) * (end - knee * tract) / (end - knee))


def _cosines() -> Tensor:
    """The orthonormal cosine transform with Kaldi's lifter, (BANDS, CEPSTRA)."""
    band = torch.arange(BANDS)[:, None] + 0.5
    order = torch.arange(CEPSTRA)[None, :]
    cosines = torch.cos(math.pi / BANDS * band * order) * math.sqrt(2.0 / BANDS)
    cosines[:, 0] = math.sqrt(1.0 / BANDS)
    return cosines * (1.0 + 0.5 * _LIFTER * torch.sin(math.pi * order / _LIFTER))
