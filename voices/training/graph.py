"""The decoding graph: the line's words in any order, with silence and noise between them, and garbage for all other words.

It counts digits: people read six at a time, or say one, so that five and a silence are likely six, one of which noise hid.
Kaldi's reordered form: a state's forward transition comes first, its self-loop after it. The probabilities of transitions
are left out, for they cost every path the same. The graph is small enough to be written arc by arc, as OpenFst stores it.
"""

import struct
from dataclasses import dataclass, field

from voices.listening import UNKNOWN
from voices.training.phones import phone_of
from voices.training.units import DIGITS, GARBAGE, NOISE, SILENCE, WORDS, Unit

EPSILON = 0
GROUP = 6
"""How many digits people read in one breath, as they are written."""
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
    only_digit: float = 0.5
    """Ending with a single digit, which may begin a group; with a group or more, or without any digit, costs nothing."""
    broken_group: float = 3.0
    """Ending with another number of digits below a group's. Above it none is likelier: what is read back has a letter first."""


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
    finals: dict[int, float] = field(default_factory=dict)
    """Where a way may end, and what that costs."""

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
        state = struct.pack("<fq", self.finals.get(node, float("inf")), len(self.arcs[node]))
        return state + b"".join(struct.pack("<iifi", a.transition, a.word, a.cost, a.target) for a in self.arcs[node])


def _header(nodes: int, arcs: int) -> bytes:
    names = b"".join(struct.pack("<i", len(name)) + name for name in (b"vector", b"standard"))
    numbers = struct.pack("<iiQqqq", _VECTOR_VERSION, 0, _EXPANDED_AND_MUTABLE, 0, nodes, arcs)
    return struct.pack("<i", _OPENFST_MAGIC) + names + numbers


@dataclass(frozen=True, slots=True)
class _Place:
    """Where so many digits have been said: at `pause` silence may come, at `entry` a word or noise must."""

    pause: int
    entry: int


def word_graph(costs: GraphCosts) -> Graph:
    """All words in any order, by how many digits they make; beyond a group they are not counted."""
    graph = Graph()
    places = [_place(graph, costs, _end_cost(digits, costs)) for digits in range(GROUP + 2)]
    for digits, here in enumerate(places):
        graph.chain(here.entry, here.pause, NOISE, costs.noise)
        for number, unit in enumerate((*WORDS, GARBAGE), start=1):
            cost = costs.digit if unit in DIGITS else costs.unknown if unit == GARBAGE else costs.command
            after = places[min(digits + _digits_of(unit), GROUP + 1)]
            graph.chain(here.entry, after.pause, unit, cost, number)
    return graph


def _place(graph: Graph, costs: GraphCosts, end_cost: float) -> _Place:
    place = _Place(graph.node(), graph.node())
    graph.finals |= {place.pause: end_cost, place.entry: end_cost}
    graph.connect(place.pause, place.entry)
    graph.chain(place.pause, place.entry, SILENCE, costs.silence)
    return place


def _digits_of(unit: Unit) -> int:
    """How many digits a word makes, or adds to the one behind it."""
    return 1 if unit in DIGITS else {"double": 1, "triple": 2}.get(unit.name, 0)


def _end_cost(digits: int, costs: GraphCosts) -> float:
    if digits == 0 or digits >= GROUP:
        return 0.0
    return costs.only_digit if digits == 1 else costs.broken_group
