"""`GET /metrics`: the floor at this moment for Prometheus. Taken from the database, so that every worker tells the same."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from callcenter.floor.calls import Snapshot
from callcenter.floor.people import Availability


def metrics_blueprint(snapshot: Callable[[], Snapshot]) -> Blueprint:
    """The page of measures; `snapshot` looks at the floor. Counts only, nothing about anybody."""
    blueprint = Blueprint("metrics", __name__)

    @blueprint.get("/metrics")
    def metrics() -> Response:
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Floor(snapshot()))
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return blueprint


@dataclass(frozen=True, slots=True, eq=False)
class _Floor:
    """One moment of the floor as a Prometheus collector."""

    snapshot: Snapshot

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every gauge."""
        yield from gauges(self.snapshot)


def gauges(snapshot: Snapshot) -> Iterator[GaugeMetricFamily]:
    """The floor's gauges: who waits and how long, what agents do, where calls are, what is to be approved."""
    yield _by("callers_waiting", "Callers who wait for a person.", "language", [one.language for one in snapshot.waiting])
    waits = [(snapshot.at - entry.entered_at).total_seconds() for entry in snapshot.waiting]
    yield GaugeMetricFamily(_name("longest_wait_seconds"), "The longest of their waits.", value=max(waits, default=0.0))
    doing = Counter({availability.value: 0 for availability in Availability})
    doing.update(one.availability.value for one in snapshot.presences)
    yield _by("agents", "Agents by what they are doing.", "availability", doing)
    yield _by("calls", "Calls whose phone is not down, by the conversation's place.", "place", [c.place for c in snapshot.live])
    talking = sum(handling.parted_at is None for handling in snapshot.handlings)
    yield GaugeMetricFamily(_name("calls_with_agents"), "Agents' parts in calls that are under way.", value=talking)
    yield GaugeMetricFamily(_name("requests_held"), "Requests that wait for a second person.", value=snapshot.held_requests)


def _by(name: str, words: str, label: str, values: list[str] | Counter[str]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(_name(name), words, labels=[label])
    for value, count in sorted(Counter(values).items()):
        family.add_metric([value], count)
    return family


def _name(name: str) -> str:
    return f"activation_center_{name}"
