"""What was made for training, taken away again: keys with all that hangs on them, and the agreements they belonged to."""

from datetime import datetime

from data.engine import Connection
from data.times import to_microseconds

_MADE = "INSERT INTO training_keys (serial, made_at) VALUES (:serial, :at) ON CONFLICT DO NOTHING"
_OVER = """
    SELECT keys.serial, keys.agreement FROM training_keys JOIN keys ON keys.serial = training_keys.serial
    WHERE training_keys.made_at < :before AND NOT EXISTS (
        SELECT 1 FROM training_runs AS run
        WHERE run.ended_at IS NULL AND (run.serial = keys.serial OR run.agreement = keys.agreement)
    )
"""
_OF_AGREEMENT = "SELECT serial FROM keys WHERE agreement = :agreement"
_OF_KEY = (
    "DELETE FROM requests WHERE serial = :serial OR seat IN (SELECT id FROM seats WHERE serial = :serial)",
    "DELETE FROM issues WHERE seat IN (SELECT id FROM seats WHERE serial = :serial)",
    "DELETE FROM seats WHERE serial = :serial",
    "DELETE FROM volume_clients WHERE serial = :serial OR base_serial = :serial",
    "DELETE FROM base_licences WHERE serial = :serial",
    "DELETE FROM keys WHERE serial = :serial",
)
"""Everything that names a key, before the key."""
_OF_NUMBER = (
    "DELETE FROM requests WHERE agreement = :agreement",
    "DELETE FROM one_time_codes WHERE agreement = :agreement",
    "DELETE FROM notices WHERE agreement = :agreement",
    "DELETE FROM proposed_contacts WHERE agreement = :agreement",
    "DELETE FROM volume_clients WHERE agreement = :agreement",
    "DELETE FROM base_licences WHERE agreement = :agreement",
    "DELETE FROM portal_accounts WHERE name IN (SELECT id FROM contacts WHERE agreement = :agreement)",
    "DELETE FROM contacts WHERE agreement = :agreement",
    "DELETE FROM agreements WHERE number = :agreement",
)
"""Everything that names an agreement, before the agreement."""


def note_made(connection: Connection, serial: int, at: datetime) -> None:
    """This key is made for training."""
    connection.run(_MADE, serial=serial, at=to_microseconds(at))


def take_away(connection: Connection, before: datetime) -> int:
    """Takes away what was made earlier, but for callers on the line; how many keys that were.

    Calls and cases stay, and so does the record of acts.
    """
    over = connection.all(_OVER, before=to_microseconds(before))
    agreements = {agreement for _serial, agreement in over if agreement is not None}
    issued = [row for number in agreements for row in connection.all(_OF_AGREEMENT, agreement=number)]
    serials = {int(row[0]) for row in (*over, *issued)}
    for serial in serials:
        note_made(connection, serial, before)  # a key that an agent of a story issued is one, too
        for statement in _OF_KEY:
            connection.run(statement, serial=serial)
    for agreement in agreements:
        for statement in _OF_NUMBER:
            connection.run(statement, agreement=agreement)
    return len(serials)
