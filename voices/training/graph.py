"""The decoding graph: a loop of the line's words, with silence and noise between them, and garbage for all other words.

Kaldi's reordered form: a state's forward transition comes first, its self-loop after it. The probabilities of transitions are
left out, for they cost every path the same. The graph is small enough to be written arc by arc, as OpenFst stores it.
"""

import struct
from dataclasses import dataclass, field

from voices.listening import UNKNOWN
from voices.training.phones import phone_of
from voices.training.units import DIGITS, GARBAGE, NOISE, SILENCE, WORDS, Unit

EPSILON = 0
VOCABULARY = (*(unit.name for unit in WORDS), UNKNOWN)
"""The words in the order of their numbers, which start after epsilon's."""

_OPENFST_MAGIC = 2125659606
_VECTOR_VERSION = 2
_EXPANDED_AND_MUTABLE = 3


@dataclass(frozen=True, slots=True)
class GraphCosts:
    """What entering each kind of unit costs, as negated natural logarithms; tuned without training anew."""

    digit: float = 1.5
    """Cheaper than in training, as all of these: in noise or of a strange voice the network is less sure, and hears silence."""
    command: float = 3.0
    unknown: float = 2.6
    """For each part of a word that is none of ours."""
    noise: float = 2.6
    silence: float = 0.9


@dataclass(frozen=True, slots=True)
class Arc:
    """A way from one node to another: a transition-id in, a word out (or epsilon, each)."""

    transition: int
    word: int
    cost: float
    target: int


@dataclass(slots=True)
class Graph:
    """A weighted transducer of transition-ids to words; node 0 is the start."""

    arcs: list[list[Arc]] = field(default_factory=list)
    finals: set[int] = field(default_factory=set)

    def node(self) -> int:
        """A new node."""
        self.arcs.append([])
        return len(self.arcs) - 1

    def connect(self, source: int, target: int, transition: int = EPSILON, word: int = EPSILON, cost: float = 0.0) -> None:
        """Adds an arc."""
        self.arcs[source].append(Arc(transition, word, cost, target))

    def chain(self, source: int, target: int, unit: Unit, cost: float, word: int = EPSILON) -> None:
        """Adds a unit's states from one node to another; word and cost are on its first arc."""
        phone, here = phone_of(unit), source
        for state in range(unit.states):
            after = self.node()
            self.connect(here, after, phone.forward(state), word, cost)
            self.connect(after, after, phone.self_loop(state))
            here, word, cost = after, EPSILON, 0.0
        self.connect(here, target)

    def openfst(self) -> bytes:
        """The graph as OpenFst's vector of standard arcs (the file HCLG.fst)."""
        return _header(len(self.arcs), sum(map(len, self.arcs))) + b"".join(map(self._stored, range(len(self.arcs))))

    def _stored(self, node: int) -> bytes:
        state = struct.pack("<fq", 0.0 if node in self.finals else float("inf"), len(self.arcs[node]))
        return state + b"".join(struct.pack("<iifi", a.transition, a.word, a.cost, a.target) for a in self.arcs[node])


def _header(nodes: int, arcs: int) -> bytes:
    names = b"".join(struct.pack("<i", len(name)) + name for name in (b"vector", b"standard"))
    numbers = struct.pack("<iiQqqq", _VECTOR_VERSION, 0, _EXPANDED_AND_MUTABLE, 0, nodes, arcs)
    return struct.pack("<i", _OPENFST_MAGIC) + names + numbers


def word_loop(costs: GraphCosts) -> Graph:
    """The loop of all words: at `pause` silence may come, at `entry` a word or noise must."""
    graph = Graph()
    pause, entry = graph.node(), graph.node()
    graph.finals |= {pause, entry}
    graph.connect(pause, entry)
    graph.chain(pause, entry, SILENCE, costs.silence)
    graph.chain(entry, pause, NOISE, costs.noise)
    for number, unit in enumerate((*WORDS, GARBAGE), start=1):
        cost = costs.digit if unit in DIGITS else costs.unknown if unit == GARBAGE else costs.command
        graph.chain(entry, pause, unit, cost, number)
    return graph
