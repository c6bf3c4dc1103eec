"""The demo data's keys as a page offers them: read back from the store, so that an instance without them offers none."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files

from activation.catalogue import Channel
from activation.keys import write_key
from activation.secrets import Secrets
from data.store import Transaction


@dataclass(frozen=True, slots=True)
class OfferedKey:
    """A demo key: its serial, the words that say what it shows, how it was sold, and its text."""

    serial: int
    title: str
    channel: Channel
    text: str = field(repr=False)


def offered_keys(tx: Transaction, secrets: Secrets) -> Iterator[OfferedKey]:
    """Those of `demo.toml` that this instance has."""
    rows = tomllib.loads(files("data").joinpath("demo.toml").read_text(encoding="utf-8"))["keys"]["rows"]
    for row in rows:
        known = tx.keys.get(row["serial"])
        if known is not None:
            yield OfferedKey(row["serial"], row["title"], known.record.channel, write_key(known.key, secrets))
