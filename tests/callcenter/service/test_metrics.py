"""`GET /metrics` of a real floor, read with Prometheus's own parser."""

from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from callcenter.floor.people import Availability
from callcenter.service.metrics import metrics_blueprint


def scrape(desks) -> dict[tuple[str, tuple[str, ...]], float]:
    app = Flask(__name__)
    app.register_blueprint(metrics_blueprint(lambda: desks.store.read(lambda tx: tx.live.snapshot(desks.now))))
    response = app.test_client().get("/metrics")
    assert response.status_code == 200
    families = text_string_to_metric_families(response.get_data(as_text=True))
    samples = [sample for family in families for sample in family.samples]
    return {(one.name.removeprefix("activation_center_"), tuple(one.labels.values())): one.value for one in samples}


def test_an_empty_floor_is_told_in_noughts(desks) -> None:
    measures = scrape(desks)
    assert measures["longest_wait_seconds", ()] == 0
    assert measures["agents", ("available",)] == 0
    assert measures["requests_held", ()] == 0


def test_who_waits_and_who_works_is_told_in_numbers(desks) -> None:
    desks.with_agent("amira")
    desks.be("bruno")
    desks.be("sofia", Availability.BREAK, "meal")
    desks.arrive(wait_seconds=42)
    desks.arrive(language="de")
    measures = scrape(desks)
    assert (measures["callers_waiting", ("en",)], measures["callers_waiting", ("de",)]) == (1, 1)
    assert measures["longest_wait_seconds", ()] == 42
    doing = {state: measures["agents", (state,)] for state in ("available", "on call", "break", "wrap-up")}
    assert doing == {"available": 1, "on call": 1, "break": 1, "wrap-up": 0}
    assert measures["calls_with_agents", ()] == 1
