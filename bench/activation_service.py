"""What a batch costs: rows a second that the activation web service decides, over HTTP, against the least that must be written.

The floor, in the same run and on the same engine: as many bare inserts as a granted row leaves (its seat and its issue), in
transactions as large as the service's, with nothing read, decided, counted or answered. The phone's share is measured too: what
counting a verdict for the statistics adds to one decision.
"""

import json
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from random import Random
from statistics import median
from urllib.request import Request, urlopen

import click
from goals import goal
from instance import new_house
from rich.console import Console
from rich.table import Table
from servers import serving

from activation.catalogue import Channel
from activation.claims import Door
from activation.installation_id import Installation, write_installation_id
from activation.keys import ProductKey
from activation.rules import KeyRecord
from activation.tally import GRANTED, Tally
from callcenter.floor.keys import FloorKey
from callcenter.service.activation.batch import PART_ROWS
from data.engine import Connection
from data.store import open_engine
from house.instance import House

GOAL_SECONDS = 30.0
PRODUCT = "windows-7-professional"
SERIAL = 90_001
TURNS = 200


@dataclass(frozen=True, slots=True)
class Bench:
    """A centre and how many rows a batch has."""

    house: House
    rows: int

    def key(self) -> ProductKey:
        """A volume key with room for every row."""
        product = self.house.catalogue.product_named(PRODUCT)
        assert product, f"the catalogue has no {PRODUCT}"
        key = ProductKey(self.house.secrets.epoch, product.code, SERIAL)
        record = KeyRecord(SERIAL, product.code, Channel.MAK, allowed=self.rows, used=0)
        new = FloorKey(key, record, datetime.now(UTC))
        self.house.store.transaction(lambda tx: tx.keys.add_missing([new], self.house.secrets))
        return key

    def body(self, key: ProductKey) -> bytes:
        """One batch of so many different computers."""
        secrets, catalogue, random = self.house.secrets, self.house.catalogue, Random(7)
        header = catalogue.header_for(catalogue.products[key.product].layout, secrets.epoch)
        cipher = secrets.installation_key(secrets.epoch)
        shown = (Installation(key.product, key.serial, random.getrandbits(64)) for _ in range(self.rows))
        ids = ("-".join(write_installation_id(each, header, cipher)) for each in shown)
        rows = [{"row_id": str(number), "installation_id": id} for number, id in enumerate(ids)]
        return json.dumps({"request_id": "bench", "rows": rows}).encode()

    def floor_seconds(self, key: ProductKey) -> float:
        """Seconds of the bare inserts."""
        engine = open_engine(self.house.settings.database_url)
        begun = time.perf_counter()
        for start in range(0, self.rows, PART_ROWS):
            numbers = range(start, min(start + PART_ROWS, self.rows))
            engine.write(lambda connection, these=numbers: [_insert(connection, key, number) for number in these])
        taken = time.perf_counter() - begun
        engine.close()
        return taken


def _insert(connection: Connection, key: ProductKey, number: int) -> None:
    values = {"seat": f"floor-{number}", "serial": key.serial, "hardware": f"f{number:015x}", "at": number}
    connection.run(
        "INSERT INTO seats (id, serial, product, hardware, issues, granted_at) VALUES (:seat, :serial, 33, :hardware, 1, :at)",
        **values,
    )
    connection.run(
        "INSERT INTO issues (seat, number, serial, hardware, reason, door, issued_at) "
        "VALUES (:seat, 0, :serial, :hardware, 'first', 'web', :at)",
        **values,
    )


def send(port: int, body: bytes) -> tuple[float, dict[str, object]]:
    """Seconds until the whole answer is here, and the answer."""
    asked = Request(f"http://127.0.0.1:{port}/activate/batch", body, {"Content-Type": "application/json"})
    begun = time.perf_counter()
    with urlopen(asked, timeout=600) as answer:
        assert answer.status == HTTPStatus.OK
        said = json.loads(answer.read())
    return time.perf_counter() - begun, said


def counting_milliseconds(house: House) -> tuple[float, float]:
    """Milliseconds of a transaction that writes one row, without and with a verdict counted in it; medians, by turns."""
    tally = Tally(datetime.now(UTC).date(), Door.PHONE, "mak", PRODUCT, "DE", GRANTED)
    plain: list[float] = []
    counted: list[float] = []

    def timed(work: Callable[[], object]) -> float:
        begun = time.perf_counter()
        work()
        return (time.perf_counter() - begun) * 1000

    now = datetime.now(UTC)
    for _ in range(TURNS):
        plain.append(timed(lambda: house.store.transaction(lambda tx: tx.rate_counters.increase("bench", 1, 60, now))))
        counted.append(
            timed(
                lambda: house.store.transaction(
                    lambda tx: (tx.rate_counters.increase("bench", 1, 60, now), tx.ledger.tally(tally))
                )
            )
        )
    return median(plain), median(counted)


@click.command()
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option("--rows", default=10_000, show_default=True, type=click.IntRange(1, 10_000))
def main(database: str, rows: int) -> None:
    """Measure one batch of the activation web service; under a minute."""
    with ExitStack() as stack:
        house = stack.enter_context(new_house(database))
        bench = Bench(house, rows)
        key = bench.key()
        body = bench.body(key)
        server = stack.enter_context(serving((), "-P", "-m", "app", "web", "--port", "{port}"))
        decided, answer = send(server.port, body)
        again, same = send(server.port, body)
        if answer != same or not all(row["counted"] for row in answer["rows"]):  # type: ignore[attr-defined]
            raise click.ClickException("The batch was not decided once and remembered; nothing was measured.")
        taken = {"decided": decided, "sent again": again, "bare inserts": bench.floor_seconds(key)}
        plain, counted = counting_milliseconds(house)
    table = Table("", "seconds", "rows/s", title=f"{database}, {rows} rows, Python {sys.version.split()[0]}")
    for name, seconds in taken.items():
        table.add_row(name, f"{seconds:.2f}", f"{rows / seconds:,.0f}")
    console = Console(highlight=False)
    console.print(table)
    console.print(f"A transaction of one row: {plain:.2f} ms; with a verdict counted in it: {counted:.2f} ms")
    console.print(goal("The batch", decided, GOAL_SECONDS, " s"))
    console.print(f"Times the bare inserts: {decided / taken['bare inserts']:.1f}")


if __name__ == "__main__":
    main()
