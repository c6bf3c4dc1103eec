"""What must not be in the database, looked for in every table it has, on both engines."""

import re
from collections.abc import Callable
from datetime import datetime

from activation.catalogue import Catalogue, Channel
from activation.claims import Claim, Door, Granted
from activation.desk import Desk
from activation.rules import KeyRecord
from activation.secrets import Secrets
from data.demo import load_demo
from data.engine import Connection, Engine
from data.schema import packaged_migrations
from data.store import Store

AddKey = Callable[..., KeyRecord]

TABLES = re.findall(r"CREATE TABLE (\w+)", "\n".join(packaged_migrations().values()))


def contents(engine: Engine, table: str) -> list[tuple[object, ...]]:
    def select(connection: Connection) -> list[tuple[object, ...]]:
        return connection.all(f"SELECT * FROM {table}")

    return engine.read(select)


def test_an_activation_leaves_nothing_personal(
    store: Store,
    engine: Engine,
    add_key: AddKey,
    shown_id: Callable[..., str],
    catalogue: Catalogue,
    secrets: Secrets,
    now: datetime,
) -> None:
    # an activation record has no name, mail or phone field
    key = add_key(7, "windows-7-professional", Channel.MAK, 2)
    desk = Desk(catalogue, secrets, lambda: "seat-1")
    claim = Claim(shown_id(key, "machine"), Door.PHONE, country="GB")
    verdict = store.transaction(lambda tx: desk.decide(claim, tx.ledger, now))
    assert isinstance(verdict, Granted)
    (seat,), (issue,) = contents(engine, "seats"), contents(engine, "issues")
    microseconds, hardware = int(now.timestamp() * 1_000_000), seat[3]
    assert seat == ("seat-1", 7, key.product, hardware, 1, None, microseconds)
    assert issue == ("seat-1", 0, 7, hardware, "first", "phone", microseconds)
    kept = str(contents(engine, "seats") + contents(engine, "issues"))
    assert claim.installation_id not in kept
    assert "".join(verdict.confirmation_id) not in kept


def test_no_table_holds_the_text_of_a_key_or_a_password(
    store: Store, engine: Engine, catalogue: Catalogue, secrets: Secrets, now: datetime
) -> None:
    demo = load_demo(store, catalogue, secrets, lambda: "first password", now)
    kept = "\n".join(str(row).replace("-", "") for table in TABLES for row in contents(engine, table))
    assert "Larkspur Veterinary Clinic" in kept
    assert not [key.title for key in demo.keys if key.text.replace("-", "") in kept]
    assert "first password" not in kept
