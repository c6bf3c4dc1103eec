"""The decoding graph: what a way through it costs, by the words on it."""

from heapq import heappop, heappush

import pytest

from voices.listening import UNKNOWN
from voices.training.graph import EPSILON, VOCABULARY, GraphCosts, word_graph

COSTS = GraphCosts()
GRAPH = word_graph(COSTS)


def cost_of(said: str) -> float:
    """What the cheapest way to the end costs whose words are these, with no silence and no noise between them."""
    words = [VOCABULARY.index(word) + 1 for word in said.split()]
    waiting, seen = [(0.0, 0, 0)], set()
    while waiting:
        cost, node, spoken = heappop(waiting)
        if node == -1:
            return cost
        if (node, spoken) in seen:
            continue
        seen.add((node, spoken))
        if spoken == len(words) and node in GRAPH.finals:
            heappush(waiting, (cost + GRAPH.finals[node], -1, spoken))
        for arc in GRAPH.arcs[node]:
            if arc.word == EPSILON:
                heappush(waiting, (cost + arc.cost, arc.target, spoken))
            elif spoken < len(words) and arc.word == words[spoken]:
                heappush(waiting, (cost + arc.cost, arc.target, spoken + 1))
    raise AssertionError(f"there is no way that says {said!r}")


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ("", 0.0),
        ("agent", 0.0),
        (UNKNOWN, 0.0),
        ("one", COSTS.only_digit),
        ("one two", COSTS.broken_group),
        ("one two three four five", COSTS.broken_group),
        ("one two three four five six", 0.0),
        ("one double three four five", COSTS.broken_group),
        ("one double three four five six", 0.0),
        ("triple one triple two", 0.0),
        (f"one two {UNKNOWN} three four agent five six", 0.0),
        ("one two three four five six seven", 0.0),
        ("one two three four five six seven eight nine zero one two", 0.0),
    ],
)
def test_a_whole_group_or_one_word_ends_more_cheaply_than_a_broken_group(said: str, ends: float) -> None:
    commands = {"agent", "double", "triple"}
    entered = sum(
        COSTS.unknown if word == UNKNOWN else COSTS.command if word in commands else COSTS.digit for word in said.split()
    )
    assert cost_of(said) == pytest.approx(entered + ends)
