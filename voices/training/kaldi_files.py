"""Vosk's model folder (its second layout), written with numpy and struct alone: no Kaldi, no OpenFst.

The formats are Kaldi's binary ones (`hmm/transition-model.cc`, `nnet3/nnet-nnet.cc`, `matrix/kaldi-vector.cc`); of its
components only fixed affine maps and rectifiers are used.
"""

import struct
from collections.abc import Iterator, Sequence
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voices.training.graph import EPSILON, VOCABULARY, GraphCosts, word_graph
from voices.training.network import CEPSTRA, Layer, Network
from voices.training.phones import TABLE
from voices.training.units import STATES

_NO_OUTPUT = -1
_FINAL_STATE = struct.pack("<bibi", 4, _NO_OUTPUT, 4, 0)

_MFCC = f"""\
--sample-frequency=8000
--use-energy=false
--num-mel-bins=30
--num-ceps={CEPSTRA}
--low-freq=100
--high-freq=3700
--dither=4
--snip-edges=true
"""
# Lattices by word alone, within so many bytes: a doubtful sound has very many ways through the states, and takes seconds.
# Rule 2 ends a result soon, but only where the graph may end as cheaply as go on: not inside a group, nor behind a single
# digit, which may begin one (the costs in `GraphCosts` must stay above its own). Rules 3 and 4 wait as long as VoskHearing.
# Each chunk of frames is computed with 40 frames of context: shorter chunks cost more than they hurry partial results.
_DECODING = """\
--min-active=200
--max-active=3000
--beam=11
--lattice-beam=7
--phone-determinize=false
--max-mem=500000
--frames-per-chunk=10
--acoustic-scale=1.0
--frame-subsampling-factor=2
--endpoint.silence-phones=1:2
--endpoint.rule2.max-relative-cost=0.4
--endpoint.rule2.min-trailing-silence=0.6
--endpoint.rule3.min-trailing-silence=1.5
--endpoint.rule4.min-trailing-silence=1.5
"""


def write_model(folder: Path, network: Network, graph: GraphCosts) -> None:
    """Writes a complete model into a folder; raises ValueError when the network does not fit the units."""
    outputs = len(network.layers[-1].bias)
    if outputs != STATES:
        raise ValueError(f"The network has {outputs} outputs, but the units have {STATES} states: train it anew.")
    for part, content in _files(network, graph).items():
        path = folder / part
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _files(network: Network, graph: GraphCosts) -> dict[str, bytes]:
    words = "".join(f"{word} {number}\n" for number, word in enumerate(("<eps>", *VOCABULARY)))
    places = "".join(f"{phone.number} {phone.place}\n" for phone in TABLE)
    return {
        "am/final.mdl": b"\0B" + _transition_model() + _acoustic_model(network),
        "graph/HCLG.fst": word_graph(graph).openfst(),
        "graph/words.txt": words.encode(),
        "graph/phones/word_boundary.int": places.encode(),
        "conf/mfcc.conf": _MFCC.encode(),
        "conf/model.conf": _DECODING.encode(),
    }


def _token(name: str) -> bytes:
    return f"{name} ".encode()


def _integer(value: int) -> bytes:
    return struct.pack("<bi", 4, value)


def _real(value: float) -> bytes:
    return struct.pack("<bf", 4, value)


def _double(value: float) -> bytes:
    return struct.pack("<bd", 8, value)


def _integers(values: Sequence[int]) -> bytes:
    return struct.pack(f"<bi{len(values)}i", 4, len(values), *values)


def _vector(values: NDArray[np.float32]) -> bytes:
    return _token("FV") + _integer(len(values)) + values.astype("<f4").tobytes()


def _matrix(values: NDArray[np.float32]) -> bytes:
    return _token("FM") + _integer(values.shape[0]) + _integer(values.shape[1]) + values.astype("<f4").tobytes()


def _transition_model() -> bytes:
    """The topology and the (phone, state, output) triples; every transition has probability one half."""
    triples = [
        _integer(phone.number) + _integer(state) + _integer(phone.first_output + state)
        for phone in TABLE
        for state in range(phone.unit.states)
    ]
    logarithms = np.full(1 + 2 * len(triples), log(0.5), np.float32)
    logarithms[EPSILON] = 0.0
    parts = (
        _token("<TransitionModel>"), _topology(),
        _token("<Triples>"), _integer(len(triples)), *triples, _token("</Triples>"),
        _token("<LogProbs>"), _vector(logarithms), _token("</LogProbs>"),
        _token("</TransitionModel>"),
    )  # fmt: skip
    return b"".join(parts)


def _topology() -> bytes:
    """One left-to-right entry for each length of unit."""
    lengths = sorted({phone.unit.states for phone in TABLE})
    entries = [_integer(length + 1) + b"".join(map(_state, range(length))) + _FINAL_STATE for length in lengths]
    entry_of_phone = [-1, *(lengths.index(phone.unit.states) for phone in TABLE)]
    parts = (
        _token("<Topology>"), _integers([phone.number for phone in TABLE]), _integers(entry_of_phone),
        _integer(len(entries)), *entries, _token("</Topology>"),
    )  # fmt: skip
    return b"".join(parts)


def _state(state: int) -> bytes:
    ways = b"".join(_integer(target) + _real(0.5) for target in (state, state + 1))
    return _integer(state) + _integer(2) + ways


def _acoustic_model(network: Network) -> bytes:
    components = list(_components(network))
    parts = (
        _token("<Nnet3>"), b"\n", "".join(f"{line}\n" for line in _wiring(network)).encode(), b"\n",
        _token("<NumComponents>"), _integer(len(components)), *components, _token("</Nnet3>"),
        _token("<LeftContext>"), _integer(network.context),
        _token("<RightContext>"), _integer(sum(max(layer.offsets) for layer in network.layers)),
        _token("<Priors>"), _vector(np.zeros(0, np.float32)),
    )  # fmt: skip
    return b"".join(parts)


def _wiring(network: Network) -> Iterator[str]:
    """nnet3's description of which node reads which."""
    yield f"input-node name=input dim={CEPSTRA}"
    below = "input"
    for number, layer in enumerate(network.layers):
        frames = ", ".join(f"Offset({below}, {offset})" for offset in layer.offsets)
        below = f"affine{number}"
        yield f"component-node name={below} component={below} input=Append({frames})"
        if layer.is_rectified:
            yield f"component-node name=rectifier{number} component=rectifier{number} input={below}"
            below = f"rectifier{number}"
    yield f"output-node name=output input={below} objective=linear"


def _components(network: Network) -> Iterator[bytes]:
    for number, layer in enumerate(network.layers):
        yield _token("<ComponentName>") + _token(f"affine{number}") + _affine(layer)
        if layer.is_rectified:
            yield _token("<ComponentName>") + _token(f"rectifier{number}") + _rectifier(len(layer.bias))


def _affine(layer: Layer) -> bytes:
    parts = (
        _token("<FixedAffineComponent>"),
        _token("<LinearParams>"), _matrix(layer.weight),
        _token("<BiasParams>"), _vector(layer.bias),
        _token("</FixedAffineComponent>"),
    )  # fmt: skip
    return b"".join(parts)


def _rectifier(width: int) -> bytes:
    nothing = _vector(np.zeros(0, np.float32))
    parts = (
        _token("<RectifiedLinearComponent>"), _token("<Dim>"), _integer(width),
        _token("<ValueAvg>"), nothing, _token("<DerivAvg>"), nothing, _token("<Count>"), _double(0.0),
        _token("</RectifiedLinearComponent>"),
    )  # fmt: skip
    return b"".join(parts)
