"""The service over HTTP: the real blueprint on a fresh database, with keys of every channel and a clock to turn."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_network
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import TestResponse

from activation.catalogue import Catalogue, Channel
from activation.claims import Claim, Door
from activation.desk import Desk
from activation.hardware import COMPONENTS, hash_hardware
from activation.installation_id import Installation, write_installation_id
from activation.keys import ProductKey, write_key
from activation.rules import KeyRecord
from activation.secrets import Secrets
from callcenter.floor.customers import Agreement
from callcenter.floor.keys import FloorKey
from callcenter.service.activation.blueprint import activation_blueprint
from callcenter.service.activation.geography import Geography
from callcenter.service.activation.limits import Limits
from callcenter.service.activation.service import Service
from data.engine import StorageError
from data.store import Store
from data.switches import OUTAGE

RETAIL, OEM, MSDN, MAK, MAK_B, KMS, VOLUME, REGIONAL, BLOCKED, MAK_VISTA, RETAIL_2003 = range(1, 12)
KEYS = {
    RETAIL: ("windows-7-home-premium", Channel.RETAIL, 1),
    OEM: ("windows-7-professional", Channel.OEM, 1),
    MSDN: ("windows-7-professional", Channel.MSDN, 3),
    MAK: ("windows-7-professional", Channel.MAK, 5),
    MAK_B: ("server-2008-r2-standard", Channel.MAK, 5),
    KMS: ("windows-7-professional", Channel.KMS, 6),
    VOLUME: ("server-2003-standard", Channel.VOLUME, 100),
    REGIONAL: ("windows-7-home-premium-n", Channel.RETAIL, 1),
    BLOCKED: ("windows-7-professional", Channel.RETAIL, 1),
    MAK_VISTA: ("vista-business", Channel.MAK, 5),
    RETAIL_2003: ("server-2003-standard", Channel.RETAIL, 1),
}
NETWORKS = {
    ip_network("192.0.2.0/24"): "US",
    ip_network("198.51.100.0/24"): "DE",
    ip_network("198.51.100.128/25"): "CH",
    ip_network("2001:db8::/32"): "FR",
}
AGREEMENT = "40718621"


@dataclass
class Web:
    """The service's address, as programs on the net reach it."""

    store: Store
    catalogue: Catalogue
    secrets: Secrets
    client: FlaskClient
    now: datetime
    app: Flask
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    def post(self, path: str = "/activate", *, seen: str = "127.0.0.1", accept: str = "", **body: Any) -> TestResponse:
        headers = {"Accept-Language": accept, "User-Agent": "ActivationWizard/1.0"} if accept else {}
        return self.client.post(path, json=body, headers=headers, environ_overrides={"REMOTE_ADDR": seen})

    def ask(self, serial: int, machine: str = "machine", *, product: str = "", **body: Any) -> TestResponse:
        """A computer of this name, installed with this key, asks for its confirmation ID."""
        return self.post(
            installation_id=self.shows(serial, machine, product), **{"request_id": f"request-{next(self._ids)}"} | body
        )

    def batch(self, rows: list[dict[str, Any]], request_id: str = "", **rest: Any) -> TestResponse:
        return self.post("/activate/batch", request_id=request_id or f"batch-{next(self._ids)}", rows=rows, **rest)

    def shows(self, serial: int, machine: str = "machine", product: str = "") -> str:
        """The installation ID on that computer's screen."""
        edition = self.catalogue.product_named(product or KEYS[serial][0])
        assert edition
        installation = Installation(edition.code, serial, hardware(machine))
        header = self.catalogue.header_for(edition.layout, 1)
        return "-".join(write_installation_id(installation, header, self.secrets.installation_key(1)))

    def hash_of(self, machine: str) -> str:
        """The hardware hash of that computer, as it is sent."""
        return f"{hardware(machine):016x}"

    def label(self, serial: int) -> str:
        """The key's text."""
        edition = self.catalogue.product_named(KEYS[serial][0])
        assert edition
        return write_key(ProductKey(1, edition.code, serial), self.secrets)

    def used(self, serial: int) -> int:
        key = self.store.read(lambda tx: tx.keys.get(serial))
        assert key
        return key.record.used

    def count(self, **wanted: object) -> int:
        """How many verdicts were counted with these circumstances."""
        day = self.now.date()
        counts = self.store.read(lambda tx: tx.verdict_counts.between(day, day))
        return sum(number for tally, number in counts if all(getattr(tally, name) == value for name, value in wanted.items()))

    def switch_outage(self, is_on: bool) -> None:
        self.store.transaction(lambda tx: tx.switches.set(OUTAGE, is_on, self.now))

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)

    def by_phone(self, serial: int, machine: str, **claim: Any) -> Any:
        """The same computer's verdict on the phone."""
        desk = Desk(self.catalogue, self.secrets, lambda: f"phone-{next(self._ids)}")
        asked = Claim(self.shows(serial, machine), Door.PHONE, **claim)
        return self.store.transaction(lambda tx: desk.decide(asked, tx.ledger, self.now))


def hardware(machine: str) -> int:
    """The hash of a computer that shares no part with those of other names."""
    return hash_hardware({component.name: f"{machine} {component.name}" for component in COMPONENTS})


@pytest.fixture
def make_web(store: Store, catalogue: Catalogue, secrets: Secrets, now: datetime) -> Callable[..., Web]:
    """The service with limits of one's own."""
    records = {}
    for serial, (product, channel, allowed) in KEYS.items():
        edition = catalogue.product_named(product)
        assert edition
        agreement = AGREEMENT if channel in (Channel.MAK, Channel.KMS) else None
        record = KeyRecord(serial, edition.code, channel, allowed, 0, blocked=serial == BLOCKED, agreement=agreement)
        records[serial] = FloorKey(ProductKey(1, edition.code, serial), record, now)
    customer = Agreement(AGREEMENT, "open", "Larkspur Veterinary Clinic", "GB", 30, True, now)
    store.transaction(lambda tx: tx.agreements.add_missing([customer], []))
    store.transaction(lambda tx: tx.keys.add_missing(list(records.values()), secrets))

    def make(requests_per_minute: int = 1000, rows_per_hour: int = 100_000) -> Web:
        ids = count(1)
        app = Flask(__name__)
        web = Web(store, catalogue, secrets, app.test_client(), now, app)
        service = Service(
            store=store,
            desk=Desk(catalogue, secrets, lambda: f"seat-{next(ids)}"),
            geography=Geography(NETWORKS),
            limits=Limits(requests_per_minute, rows_per_hour),
            clock=lambda: web.now,
            line_number="+18005550199",
            language="en",
            storage_fault=StorageError,
        )
        app.register_blueprint(activation_blueprint(service))
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=0)  # type: ignore[method-assign]
        return web

    return make


@pytest.fixture
def web(make_web: Callable[..., Web]) -> Web:
    return make_web()
