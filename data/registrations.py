"""The registrations (`floor.registrations.Registrations`); the registrant is encrypted under the instance's payload key."""

import json
from dataclasses import asdict

from cryptography.fernet import Fernet, InvalidToken

from callcenter.floor.registrations import Registrant, Registration
from data.engine import Connection, Row
from data.times import to_microseconds, to_moment

_ADD = """
    INSERT INTO registrations (id, request_id, product, country, wants_mailings, registrant, registered_at)
    VALUES (:id, :request_id, :product, :country, :wants_mailings, :registrant, :at)
    ON CONFLICT (request_id) DO NOTHING
"""
_ALL = """
    SELECT id, product, country, wants_mailings, registrant, registered_at
    FROM registrations ORDER BY registered_at DESC, id
"""
_ERASE = "DELETE FROM registrations WHERE id = :id"


class RegistrationsTable:
    """The registrations of one open transaction."""

    def __init__(self, connection: Connection, seal: Fernet) -> None:
        self._connection, self._seal = connection, seal

    def add(self, registration: Registration, request_id: str) -> bool:
        """Raises ValueError for a registration without its registrant, which is not one."""
        if registration.registrant is None:
            raise ValueError("a registration says who registered")
        added = self._connection.run(
            _ADD,
            id=registration.id,
            request_id=request_id,
            product=registration.product,
            country=registration.country,
            wants_mailings=int(registration.wants_mailings),
            registrant=self._seal.encrypt(json.dumps(asdict(registration.registrant)).encode()).decode(),
            at=to_microseconds(registration.registered_at),
        )
        return added == 1

    def all(self) -> tuple[Registration, ...]:
        return tuple(map(self._opened, self._connection.all(_ALL)))

    def erase(self, id: str) -> bool:
        return self._connection.run(_ERASE, id=id) == 1

    def _opened(self, row: Row) -> Registration:
        id, product, country, wants_mailings, sealed, registered_at = row
        return Registration(id, product, country, bool(wants_mailings), self._registrant(sealed), to_moment(registered_at))

    def _registrant(self, sealed: str) -> Registrant | None:
        try:
            return Registrant(**json.loads(self._seal.decrypt(sealed)))
        except InvalidToken:
            return None
