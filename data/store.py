"""The database as the rest of the house sees it: `open_store` and the transaction with its tables (`ivr.records.Store`)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from cryptography.fernet import Fernet

from activation.catalogue import Catalogue
from data import schema
from data.accounts import AccountsTable
from data.activations import ActivationsTables
from data.agreements import AgreementsTable
from data.audit import AuditTable
from data.call_log import CallLogTable
from data.calls import CallsTable
from data.cases import CasesTable
from data.engine import Connection, Engine, Result, StorageError
from data.handlings import HandlingsTable
from data.keys import KeysTable
from data.ledger import LedgerTables
from data.licences import LicencesTables
from data.live import LiveTables
from data.measures import MeasuresTables
from data.notices import NoticesTable
from data.outbox import OutboxTable, payload_seal
from data.people import PeopleTable
from data.presences import PresencesTable
from data.proposed_contacts import ProposedContactsTable
from data.queue import QueueTable
from data.rate_counters import RateCountersTable
from data.registrations import RegistrationsTable
from data.requests import RequestsTable
from data.search import SearchTables
from data.sqlite import SqliteEngine
from data.switches import SwitchesTable
from data.timeline import TimelineTable
from data.training import TrainingTable
from data.verdict_counts import VerdictCountsTable
from data.verifications import VerificationsTable
from data.web_answers import WebAnswersTable


@dataclass(frozen=True, slots=True)
class _Parts:
    """What tables need besides a connection."""

    catalogue: Catalogue
    seal: Fernet
    new_id: Callable[[], str]
    agents_have_clients: bool


class Transaction:
    """One open transaction; each table costs nothing until it is asked for."""

    __slots__ = ("_connection", "_parts")

    def __init__(self, connection: Connection, parts: _Parts) -> None:
        self._connection, self._parts = connection, parts

    @property
    def ledger(self) -> LedgerTables:
        """Keys, seats and issues, for the desk."""
        return LedgerTables(self._connection)

    @property
    def calls(self) -> CallsTable:
        """The calls of the line."""
        return CallsTable(self._connection)

    @property
    def call_log(self) -> CallLogTable:
        """The calls of the line, for people to look at."""
        return CallLogTable(self._connection)

    @property
    def timeline(self) -> TimelineTable:
        """What happened in each call."""
        return TimelineTable(self._connection)

    @property
    def cases(self) -> CasesTable:
        """Calls handed to a person."""
        return CasesTable(self._connection)

    @property
    def agreements(self) -> AgreementsTable:
        """Volume agreements and their contacts."""
        return AgreementsTable(self._connection, self._parts.catalogue)

    @property
    def outbox(self) -> OutboxTable:
        """What is to be sent."""
        return OutboxTable(self._connection, self._parts.seal, self._parts.new_id)

    @property
    def people(self) -> PeopleTable:
        """The agents."""
        return PeopleTable(self._connection, have_clients=self._parts.agents_have_clients)

    @property
    def presences(self) -> PresencesTable:
        """What every agent is doing."""
        return PresencesTable(self._connection)

    @property
    def queue(self) -> QueueTable:
        """Who waits for a person."""
        return QueueTable(self._connection, self._parts.seal)

    @property
    def handlings(self) -> HandlingsTable:
        """The agents' times with calls."""
        return HandlingsTable(self._connection)

    @property
    def live(self) -> LiveTables:
        """The floor at one moment."""
        return LiveTables(self._connection, self.queue)

    @property
    def measures(self) -> MeasuresTables:
        """What reports are computed from."""
        return MeasuresTables(self._connection, self.queue)

    @property
    def keys(self) -> KeysTable:
        """Product keys and their counts, for people."""
        return KeysTable(self._connection)

    @property
    def requests(self) -> RequestsTable:
        """The changes people asked for."""
        return RequestsTable(self._connection)

    @property
    def verifications(self) -> VerificationsTable:
        """How callers were verified."""
        return VerificationsTable(self._connection)

    @property
    def notices(self) -> NoticesTable:
        """What customers' contacts are told."""
        return NoticesTable(self._connection)

    @property
    def accounts(self) -> AccountsTable:
        """Who signs in to the portal."""
        return AccountsTable(self._connection)

    @property
    def proposed_contacts(self) -> ProposedContactsTable:
        """New contacts whom somebody may still object to."""
        return ProposedContactsTable(self._connection)

    @property
    def licences(self) -> LicencesTables:
        """Base licences and volume clients."""
        return LicencesTables(self._connection)

    @property
    def audit(self) -> AuditTable:
        """The chain of console acts."""
        return AuditTable(self._connection)

    @property
    def rate_counters(self) -> RateCountersTable:
        """Limits on attempts."""
        return RateCountersTable(self._connection)

    @property
    def registrations(self) -> RegistrationsTable:
        """What owners told about themselves."""
        return RegistrationsTable(self._connection, self._parts.seal)

    @property
    def search(self) -> SearchTables:
        """Keys and installations by their tails."""
        return SearchTables(self._connection)

    @property
    def activations(self) -> ActivationsTables:
        """What has been activated, for people."""
        return ActivationsTables(self._connection)

    @property
    def web_answers(self) -> WebAnswersTable:
        """What the activation web service has answered."""
        return WebAnswersTable(self._connection, self._parts.seal)

    @property
    def verdict_counts(self) -> VerdictCountsTable:
        """Verdicts by day and kind, for statistics."""
        return VerdictCountsTable(self._connection)

    @property
    def switches(self) -> SwitchesTable:
        """What a person has switched on."""
        return SwitchesTable(self._connection)

    @property
    def training(self) -> TrainingTable:
        """Simulated callers."""
        return TrainingTable(self._connection)


class Store:
    """A database of the house. Threads may share it; a forked process may go on using it."""

    def __init__(self, engine: Engine, parts: _Parts) -> None:
        self._engine, self._parts = engine, parts
        self._scripts = schema.packaged_migrations()

    def transaction(self, work: Callable[[Transaction], Result]) -> Result:
        """Runs `work` in one serialisable transaction and commits; after a conflict runs it again: it has no other effects."""
        parts = self._parts
        return self._engine.write(lambda connection: work(Transaction(connection, parts)))

    def read(self, work: Callable[[Transaction], Result]) -> Result:
        """Runs `work` on one consistent picture of the database without holding up writers; it cannot write."""
        parts = self._parts
        return self._engine.read(lambda connection: work(Transaction(connection, parts)))

    def pending(self) -> tuple[str, ...]:
        """The migrations the database still needs. Raises StorageError for a database newer than this code."""
        return schema.pending(self._engine, self._scripts)

    def migrate(self, now: datetime) -> tuple[str, ...]:
        """Applies the pending migrations, each in one transaction, and returns their names."""
        return schema.migrate(self._engine, self._scripts, now)

    def close(self) -> None:
        """Closes this process's connections."""
        self._engine.close()


def open_store(
    url: str,
    *,
    catalogue: Catalogue,
    payload_key: bytes,
    new_id: Callable[[], str] = lambda: uuid4().hex,
    agents_have_clients: bool = False,
) -> Store:
    """The database at `sqlite:///path`, a bare path, or `postgresql://...`; connections open when they are first needed.

    `payload_key` (32 bytes) encrypts the outbox and the numbers to call back; with `agents_have_clients` the telephony side
    rings agents by name. Raises StorageError for an address that leads nowhere.
    """
    return Store(open_engine(url), _Parts(catalogue, payload_seal(payload_key), new_id, agents_have_clients))


def open_engine(url: str) -> Engine:
    """The engine behind a database address. Raises StorageError for an address that leads nowhere."""
    scheme, separator, rest = url.partition("://")
    if not separator and ":" not in url:
        return SqliteEngine(Path(url))
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return SqliteEngine(Path(rest[1:]))
    if scheme in ("postgresql", "postgres"):
        return _postgres(url)
    raise StorageError(
        f"A database address is sqlite:///path or postgresql://user@host/name; this one begins with {scheme}://."
    )


def _postgres(url: str) -> Engine:
    try:
        from data.postgres import PostgresEngine  # noqa: PLC0415 - psycopg is only needed, and only loaded, for PostgreSQL
    except ImportError:
        raise StorageError("PostgreSQL needs the package psycopg: install it with `pip install 'psycopg[binary]'`.") from None
    return PostgresEngine(url)
