"""The activation database as the desk sees it (`activation.desk.Ledger`): keys, seats, issues.

Limits are decided by single statements, never by a read followed by a write.
"""

from collections.abc import Iterable
from datetime import datetime

from activation.catalogue import Channel
from activation.claims import Door
from activation.desk import Installed
from activation.rules import KeyRecord, Seat
from activation.tally import Tally
from data.engine import Connection, Row
from data.switches import OUTAGE, SwitchesTable
from data.times import to_microseconds
from data.verdict_counts import VerdictCountsTable

_KEY = "SELECT serial, product, channel, allowed, used, blocked, agreement FROM keys WHERE serial = :serial"
_SEATS = """
    SELECT id, hardware, issues, issues_allowed, granted_at FROM seats WHERE serial = :serial AND hardware = :hardware
    UNION
    SELECT * FROM (
        SELECT id, hardware, issues, issues_allowed, granted_at FROM seats
        WHERE serial = :serial ORDER BY granted_at DESC LIMIT :newest
    ) AS newest
    ORDER BY granted_at DESC, id
"""
_REISSUES = "SELECT count(*) FROM issues WHERE seat = :seat AND reason = 'again' AND issued_at >= :since"
_REPLACEMENTS = "SELECT count(*) FROM issues WHERE serial = :serial AND reason = 'replacement' AND issued_at >= :since"
_COUNT = "UPDATE keys SET used = used + 1 WHERE serial = :serial AND used < allowed"
_TAKE = """
    INSERT INTO seats (id, serial, product, hardware, issues, issues_allowed, granted_at)
    VALUES (:id, :serial, :product, :hardware, 1, :issues_allowed, :at)
"""
_ISSUE_AGAIN = """
    UPDATE seats SET hardware = :hardware, issues = issues + 1, granted_at = :at
    WHERE id = :seat AND (issues_allowed IS NULL OR issues < issues_allowed)
"""
_GIVE_HARDWARE = "UPDATE seats SET hardware = :hardware, issues = issues + 1, granted_at = :at WHERE id = :seat"
_RECORD_ISSUE = """
    INSERT INTO issues (seat, number, serial, hardware, reason, door, issued_at)
    SELECT id, issues - 1, serial, hardware, :reason, :door, :at FROM seats WHERE id = :seat
"""
_ISSUE_NUMBER = "SELECT issues - 1 FROM seats WHERE id = :seat"


class LedgerTables:
    """The ledger of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def service_is_up(self) -> bool:
        return not SwitchesTable(self._connection).is_on(OUTAGE)

    def key(self, serial: int) -> KeyRecord | None:
        row = self._connection.one(_KEY + self._connection.hold_row, serial=serial)
        return _key(row) if row else None

    def seats(self, serial: int, hardware: int, newest: int) -> tuple[Seat, ...]:
        rows = self._connection.all(_SEATS, serial=serial, hardware=to_text(hardware), newest=newest)
        return tuple(_seats(rows))

    def reissues_since(self, seat: Seat, since: datetime) -> int:
        return self._count(_REISSUES, seat=seat.id, since=to_microseconds(since))

    def replacements_since(self, serial: int, since: datetime) -> int:
        return self._count(_REPLACEMENTS, serial=serial, since=to_microseconds(since))

    def take_seat(self, installed: Installed) -> bool:
        if not self._connection.run(_COUNT, serial=installed.serial):
            return False
        self._connection.run(
            _TAKE,
            id=installed.id,
            serial=installed.serial,
            product=installed.product,
            hardware=to_text(installed.hardware),
            issues_allowed=installed.issues_allowed,
            at=to_microseconds(installed.issued_at),
        )
        self._record_issue(installed.id, "first", installed.door, installed.issued_at)
        return True

    def reissue(self, seat: Seat, hardware: int, door: Door, at: datetime) -> int | None:
        if not self._connection.run(_ISSUE_AGAIN, seat=seat.id, hardware=to_text(hardware), at=to_microseconds(at)):
            return None
        return self._record_issue(seat.id, "again", door, at)

    def replace(self, seat: Seat, hardware: int, door: Door, at: datetime) -> int:
        self._connection.run(_GIVE_HARDWARE, seat=seat.id, hardware=to_text(hardware), at=to_microseconds(at))
        return self._record_issue(seat.id, "replacement", door, at)

    def tally(self, tally: Tally) -> None:
        VerdictCountsTable(self._connection).count(tally)

    def _record_issue(self, seat: str, reason: str, door: Door, at: datetime) -> int:
        """Writes down the issue that the seat has just counted and returns its number, from 0."""
        self._connection.run(_RECORD_ISSUE, seat=seat, reason=reason, door=door.value, at=to_microseconds(at))
        return self._count(_ISSUE_NUMBER, seat=seat)

    def _count(self, statement: str, **parameters: str | int) -> int:
        row = self._connection.one(statement, **parameters)
        assert row is not None  # a count, or a seat that this transaction has just written
        return int(row[0])


def to_text(hardware: int) -> str:
    """A 64-bit hardware hash as 16 hexadecimal digits: the engines' own integers are signed."""
    return f"{hardware:016x}"


def _key(row: Row) -> KeyRecord:
    serial, product, channel, allowed, used, blocked, agreement = row
    return KeyRecord(serial, product, Channel(channel), allowed, used, bool(blocked), agreement)


def _seats(rows: Iterable[Row]) -> Iterable[Seat]:
    for id, hardware, issues, issues_allowed, _granted_at in rows:
        yield Seat(id, int(hardware, 16), issues, issues_allowed)
