"""A real centre to call: an instance in a folder of its own, its web server on a free port, and computers to activate."""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from types import MappingProxyType

from werkzeug.serving import make_server

from activation.catalogue import Channel
from activation.keys import ProductKey, write_key
from activation.rules import KeyRecord
from callcenter.floor.keys import FloorKey
from data.instance import create_instance
from house.instance import House
from house.web import create_app
from workstation.computer.hardware import choose_parts
from workstation.computer.machine import Machine
from workstation.computer.media import Media, fetch_media


@dataclass(frozen=True, slots=True)
class Centre:
    """A centre that answers calls."""

    house: House
    base_url: str
    serials: Iterator[int]

    def install(self, product: str) -> Machine:
        """A new computer with a retail key of its own, installed from the centre's media."""
        serial, today = next(self.serials), datetime.now(UTC)
        found = self.house.catalogue.product_named(product)
        assert found, f"the catalogue has no {product}"
        key = ProductKey(self.house.secrets.epoch, found.code, serial)
        issued = FloorKey(key, KeyRecord(serial, found.code, Channel.RETAIL, allowed=1, used=0), today)
        self.house.store.transaction(lambda transaction: transaction.keys.add_missing([issued], self.house.secrets))
        media = fetch_media(self.base_url, write_key(key, self.house.secrets))
        assert isinstance(media, Media), media
        return Machine(f"computer-{serial}", media, choose_parts(Random(serial)), today)


@contextmanager
def open_centre(home: Path, environment: Mapping[str, str] = MappingProxyType({})) -> Iterator[Centre]:
    """A new instance in this folder, with no demo data, served until the context ends."""
    create_instance(home)
    house = House(home, environment)
    house.database.migrate(datetime.now(UTC))
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, create_app(house), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Centre(house, f"http://127.0.0.1:{server.server_port}", count(1))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        house.store.close()
