"""The volume agreements (`ivr.records.Agreements`) and the people named in them."""

from collections.abc import Sequence

from activation.catalogue import Catalogue, Channel
from callcenter.floor.customers import Agreement, Contact, Right
from data.engine import Connection, Row
from data.times import to_microseconds, to_moment
from ivr.records import VolumeAgreement, VolumeGroup

_SELECT = "SELECT number, programme, organisation, country, licences, active, created_at FROM agreements"
_CONTACTS = """
    SELECT id, agreement, name, phone, rights, phone_changed_at FROM contacts WHERE agreement = :number ORDER BY name, id
"""
_ACTIVE = "SELECT number FROM agreements WHERE number = :number AND active = 1"
_MAKS = "SELECT product, allowed, used FROM keys WHERE agreement = :number AND channel = :channel ORDER BY product, serial"


class AgreementsTable:
    """The agreements of one open transaction."""

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        self._connection, self._catalogue = connection, catalogue

    def find(self, number: str) -> VolumeAgreement | None:
        if not self._connection.one(_ACTIVE, number=number):
            return None
        rows = self._connection.all(_MAKS, number=number, channel=Channel.MAK.value)
        return VolumeAgreement(number, tuple(self._volume_group(*row) for row in rows))

    def get(self, number: str) -> Agreement | None:
        """The agreement with this number, active or not."""
        row = self._connection.one(f"{_SELECT} WHERE number = :number", number=number)
        return _agreement(row) if row else None

    def all(self) -> tuple[Agreement, ...]:
        """Every agreement, by number."""
        return tuple(map(_agreement, self._connection.all(f"{_SELECT} ORDER BY number")))

    def contacts(self, number: str) -> tuple[Contact, ...]:
        """The people named in the agreement, by name."""
        return tuple(map(_contact, self._connection.all(_CONTACTS, number=number)))

    def add_missing(self, agreements: Sequence[Agreement], contacts: Sequence[Contact]) -> None:
        """Records new agreements and contacts; those that are there already stay as they are."""
        self._connection.insert_missing("agreements", [_agreement_row(agreement) for agreement in agreements])
        self._connection.insert_missing("contacts", [_contact_row(contact) for contact in contacts])

    def _volume_group(self, product: int, allowed: int, used: int) -> VolumeGroup:
        group = self._catalogue.products[product].group
        return VolumeGroup(group.name, group.title, allowed, used)


def _agreement(row: Row) -> Agreement:
    number, programme, organisation, country, licences, active, created_at = row
    return Agreement(number, programme, organisation, country, licences, bool(active), to_moment(created_at))


def _agreement_row(agreement: Agreement) -> dict[str, object]:
    return {
        "number": agreement.number,
        "programme": agreement.programme,
        "organisation": agreement.organisation,
        "country": agreement.country,
        "licences": agreement.licences,
        "active": int(agreement.active),
        "created_at": to_microseconds(agreement.created_at),
    }


def _contact(row: Row) -> Contact:
    id, agreement, name, phone, rights, changed_at = row
    return Contact(id, agreement, name, phone, frozenset(map(Right, filter(None, rights.split(",")))), to_moment(changed_at))


def _contact_row(contact: Contact) -> dict[str, object]:
    return {
        "id": contact.id,
        "agreement": contact.agreement,
        "name": contact.name,
        "phone": contact.phone,
        "rights": ",".join(sorted(contact.rights)),
        "phone_changed_at": to_microseconds(contact.phone_changed_at),
    }
