"""The migrations in `data/migrations`, applied in the order of their names, each in one transaction with the record of it."""

import re
from datetime import datetime
from importlib.resources import files

from data.engine import Connection, Engine, StorageError
from data.times import to_microseconds

_RECORD = "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at BIGINT NOT NULL)"
_STATEMENT_END = re.compile(r";[ \t]*(?:\n|$)")
_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)

Scripts = dict[str, str]
"""SQL text by the name of the migration."""


def packaged_migrations() -> Scripts:
    """The migrations this version of the house knows."""
    found = (entry for entry in files("data").joinpath("migrations").iterdir() if entry.name.endswith(".sql"))
    scripts = {entry.name.removesuffix(".sql"): entry.read_text(encoding="utf-8") for entry in found}
    return dict(sorted(scripts.items()))


def applied(engine: Engine) -> tuple[str, ...]:
    """The migrations the database has had; asking changes nothing."""
    return engine.read(_applied)


def pending(engine: Engine, scripts: Scripts) -> tuple[str, ...]:
    """The migrations the database still needs; asking changes nothing. Raises StorageError for a newer database."""
    done = applied(engine)
    if unknown := [name for name in done if name not in scripts]:
        raise StorageError(
            f"The database was written by a newer version of Activation Center: it has had migration {unknown[-1]}, "
            f"this version knows up to {max(scripts)}. Install the newer version again, or restore an older backup."
        )
    return tuple(name for name in scripts if name not in done)


def migrate(engine: Engine, scripts: Scripts, now: datetime) -> tuple[str, ...]:
    """Applies what is pending and returns its names. One that fails changes nothing and stays pending; its error is raised."""
    names = pending(engine, scripts)
    if names:
        engine.write(lambda connection: connection.run(_RECORD))
    for name in names:
        engine.write(lambda connection, name=name: _apply(connection, name, scripts[name], now))  # type: ignore[misc]
    return names


def _applied(connection: Connection) -> tuple[str, ...]:
    if not connection.has_table("migrations"):
        return ()
    return tuple(name for (name,) in connection.all("SELECT name FROM migrations ORDER BY name"))


def _apply(connection: Connection, name: str, script: str, now: datetime) -> None:
    """Records first and runs then: of two processes that migrate at once, the second meets the record and does nothing."""
    if name in _applied(connection):
        return
    connection.run("INSERT INTO migrations (name, applied_at) VALUES (:name, :at)", name=name, at=to_microseconds(now))
    for statement in _statements(script):
        connection.run(statement)


def _statements(script: str) -> list[str]:
    return [part.strip() for part in _STATEMENT_END.split(_COMMENT.sub("", script)) if part.strip()]
