"""Base licences and volume clients (`floor.portal_records.Licences`)."""

from callcenter.floor.portal_records import BaseLicence, VolumeClient
from data.engine import Connection, Row
from data.times import to_microseconds, to_moment

_ADD_BASE = """
    INSERT INTO base_licences (serial, agreement, registered_at) VALUES (:serial, :agreement, :registered_at)
    ON CONFLICT DO NOTHING
"""
_BASES = "SELECT serial, agreement, registered_at FROM base_licences WHERE agreement = :number ORDER BY serial"
_ADD_CLIENT = """
    INSERT INTO volume_clients (id, agreement, name, product, serial, base_serial, registered_at)
    VALUES (:id, :agreement, :name, :product, :serial, :base_serial, :registered_at)
    ON CONFLICT (base_serial) DO NOTHING
"""
_CLIENTS = """
    SELECT id, agreement, name, product, serial, base_serial, registered_at FROM volume_clients
    WHERE agreement = :number ORDER BY registered_at DESC, id
"""


class LicencesTables:
    """Licences and clients of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_base(self, licence: BaseLicence) -> bool:
        """False when the key is registered already, by whomever."""
        added = self._connection.run(
            _ADD_BASE,
            serial=licence.serial,
            agreement=licence.agreement,
            registered_at=to_microseconds(licence.registered_at),
        )
        return added == 1

    def bases(self, number: str) -> tuple[BaseLicence, ...]:
        rows = self._connection.all(_BASES, number=number)
        return tuple(BaseLicence(serial, agreement, to_moment(at)) for serial, agreement, at in rows)

    def add_client(self, client: VolumeClient) -> bool:
        """False when another computer builds on the base licence."""
        added = self._connection.run(
            _ADD_CLIENT,
            id=client.id,
            agreement=client.agreement,
            name=client.name,
            product=client.product,
            serial=client.serial,
            base_serial=client.base_serial,
            registered_at=to_microseconds(client.registered_at),
        )
        return added == 1

    def clients(self, number: str) -> tuple[VolumeClient, ...]:
        rows = self._connection.all(_CLIENTS, number=number)
        return tuple(map(_client, rows))


def _client(row: Row) -> VolumeClient:
    id, agreement, name, product, serial, base_serial, registered_at = row
    return VolumeClient(id, agreement, name, product, serial, base_serial, to_moment(registered_at))
