"""New contacts in the time for objections (`floor.portal_records.ProposedContacts`)."""

from datetime import datetime

from callcenter.floor.portal_records import ProposedContact
from data.agreements import read_rights, write_rights
from data.engine import Connection, Row
from data.times import to_microseconds, to_moment

_SELECT = """
    SELECT id, agreement, name, phone, rights, account, proposed_by, proposed_at, takes_effect_at FROM proposed_contacts
"""
_FIND = f"{_SELECT} WHERE id = :id"
_OF_AGREEMENT = f"{_SELECT} WHERE agreement = :number ORDER BY proposed_at, id"
_DUE = f"{_SELECT} WHERE takes_effect_at <= :now ORDER BY takes_effect_at, id"
_ADD = """
    INSERT INTO proposed_contacts (id, agreement, name, phone, rights, account, proposed_by, proposed_at, takes_effect_at)
    VALUES (:id, :agreement, :name, :phone, :rights, :account, :proposed_by, :proposed_at, :takes_effect_at)
"""
_REMOVE = "DELETE FROM proposed_contacts WHERE id = :id"


class ProposedContactsTable:
    """The proposals of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, proposed: ProposedContact) -> None:
        """Records a proposal."""
        self._connection.run(
            _ADD,
            id=proposed.id,
            agreement=proposed.agreement,
            name=proposed.name,
            phone=proposed.phone,
            rights=write_rights(proposed.rights),
            account=proposed.account,
            proposed_by=proposed.proposed_by,
            proposed_at=to_microseconds(proposed.proposed_at),
            takes_effect_at=to_microseconds(proposed.takes_effect_at),
        )

    def find(self, id: str) -> ProposedContact | None:
        """The proposal with this id."""
        row = self._connection.one(_FIND, id=id)
        return _proposed(row) if row else None

    def of_agreement(self, number: str) -> tuple[ProposedContact, ...]:
        return tuple(map(_proposed, self._connection.all(_OF_AGREEMENT, number=number)))

    def due(self, now: datetime) -> tuple[ProposedContact, ...]:
        return tuple(map(_proposed, self._connection.all(_DUE, now=to_microseconds(now))))

    def remove(self, id: str) -> bool:
        """False when it is gone already."""
        return self._connection.run(_REMOVE, id=id) == 1


def _proposed(row: Row) -> ProposedContact:
    id, agreement, name, phone, rights, account, proposed_by, proposed_at, takes_effect_at = row
    moments = to_moment(proposed_at), to_moment(takes_effect_at)
    return ProposedContact(id, agreement, name, phone, read_rights(rights), account, proposed_by, *moments)
