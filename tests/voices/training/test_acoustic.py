"""The network, its criterion and its features: each against what defines it."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch: pip install -e '.[training]'")

from voices.training.acoustic import SUBSAMPLING, Acoustic  # noqa: E402
from voices.training.features import Features  # noqa: E402
from voices.training.lattice_free import Chains, Criterion  # noqa: E402
from voices.training.network import CEPSTRA, Network  # noqa: E402
from voices.training.sounds import SOUNDS, spelled  # noqa: E402
from voices.training.units import STATES, UNITS, Unit, states_of  # noqa: E402

SAID = ([["five"], ["one"]], [["no"], ["GRB", "GRB"]], [])
SOUNDED = ([spelled("five"), spelled("one")], [spelled("nobody")], [])


def plain_outputs(network: Network, cepstra: np.ndarray) -> np.ndarray:
    """What the layers make of (frames, CEPSTRA), the first and last frame going on for ever."""
    edge = network.context * 2
    hidden = np.pad(cepstra, ((edge, edge), (0, 0)), mode="edge")
    for layer in network.layers:
        spliced = np.concatenate([np.roll(hidden, -offset, 0) for offset in layer.offsets], 1)
        hidden = spliced @ layer.weight.T + layer.bias
        hidden = np.maximum(hidden, 0) if layer.is_rectified else hidden
    return hidden[edge : edge + len(cepstra) : SUBSAMPLING]


def test_the_plain_numbers_give_what_the_network_gives() -> None:
    torch.manual_seed(0)
    network = Acoustic(32, torch.randn(CEPSTRA), torch.rand(CEPSTRA) + 0.5, dropout=0.1)
    for _ in range(3):
        network(torch.randn(4, 101, CEPSTRA))
    network.eval()
    for norm in network.norms:
        norm.weight.data, norm.bias.data = torch.rand(32) + 0.5, torch.randn(32)
    cepstra = torch.randn(1, 101, CEPSTRA)
    expected = network(cepstra)[0][0].detach().numpy()
    assert expected.shape == (51, STATES)
    np.testing.assert_allclose(plain_outputs(network.as_numbers(), cepstra[0].numpy()), expected, atol=1e-4)


@pytest.mark.parametrize(("units", "said"), [(UNITS, SAID), (SOUNDS, SOUNDED)], ids=["words", "sounds"])
def test_the_gradient_of_the_criterion_is_its_slope(units: tuple[Unit, ...], said: tuple[list[list[str]], ...]) -> None:
    torch.manual_seed(0)
    criterion, numerators = Criterion(units), Chains(units).batch(said)
    outputs = torch.randn(len(said), 40, states_of(units))
    _, gradient, _ = criterion(outputs, numerators)
    for index in range(0, outputs.numel(), 997):
        place = np.unravel_index(index, outputs.shape)
        more, less = outputs.clone(), outputs.clone()
        more[place] += 0.5
        less[place] -= 0.5
        slope = criterion(more, numerators)[0] - criterion(less, numerators)[0]
        assert slope == pytest.approx(float(gradient[place]), abs=2e-4)


def test_the_criterion_grows_when_the_outputs_favour_what_was_said() -> None:
    numerators, outputs = Chains().batch(SAID[:1]), torch.zeros(1, 30, STATES)
    value, gradient, posteriors = Criterion()(outputs, numerators)
    better, _, _ = Criterion()(outputs + 100 * gradient, numerators)
    assert value < better < 0
    assert posteriors.sum(-1).numpy() == pytest.approx(np.ones((1, 30)), abs=1e-4)


def test_features_are_kaldis(monkeypatch: pytest.MonkeyPatch) -> None:
    fbank = pytest.importorskip(
        "kaldi_native_fbank", reason="compares with Kaldi's own numbers: pip install kaldi-native-fbank"
    )
    monkeypatch.setattr("voices.training.features.DITHER", 0.0)
    samples = (np.random.default_rng(1).standard_normal(8000) * 1000).astype(np.float32)
    options = fbank.MfccOptions()
    options.frame_opts.samp_freq, options.frame_opts.dither, options.use_energy = 8000, 0, False
    options.mel_opts.num_bins, options.mel_opts.low_freq, options.mel_opts.high_freq, options.num_ceps = 30, 100, 3700, CEPSTRA
    kaldi = fbank.OnlineMfcc(options)
    kaldi.accept_waveform(8000, samples.tolist())
    kaldi.input_finished()
    expected = np.stack([kaldi.get_frame(frame) for frame in range(kaldi.num_frames_ready)])
    np.testing.assert_allclose(Features()(torch.from_numpy(samples)[None])[0].numpy(), expected, atol=5e-3)
