"""The volume agreements (`ivr.records.Agreements`) and the people named in them."""

from collections.abc import Iterable, Sequence

from activation.catalogue import Catalogue, Channel
from callcenter.floor.customers import Agreement, Contact, Right
from data.engine import Connection, Row
from data.times import to_microseconds, to_moment
from ivr.records import VolumeAgreement, VolumeGroup

_SELECT = "SELECT number, programme, organisation, country, licences, active, created_at FROM agreements"
_SELECT_CONTACT = "SELECT id, agreement, name, phone, rights, phone_changed_at, account FROM contacts"
_CONTACTS = f"{_SELECT_CONTACT} WHERE agreement = :number ORDER BY name, id"
_CONTACT = f"{_SELECT_CONTACT} WHERE id = :id"
_OF_ACCOUNT = f"{_SELECT_CONTACT} WHERE account = :name OR (account = '' AND id = :name) ORDER BY agreement, id"
_ADD = """
    INSERT INTO agreements (number, programme, organisation, country, licences, active, created_at)
    VALUES (:number, :programme, :organisation, :country, :licences, :active, :created_at)
    ON CONFLICT DO NOTHING
"""
_ADD_CONTACT = """
    INSERT INTO contacts (id, agreement, name, phone, rights, phone_changed_at, account)
    VALUES (:id, :agreement, :name, :phone, :rights, :phone_changed_at, :account)
    ON CONFLICT DO NOTHING
"""
_SAVE_CONTACT = """
    UPDATE contacts SET name = :name, phone = :phone, rights = :rights, phone_changed_at = :phone_changed_at WHERE id = :id
"""
_REMOVE_CONTACT = "DELETE FROM contacts WHERE id = :id"
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

    def contact(self, id: str) -> Contact | None:
        """The contact with this id."""
        row = self._connection.one(_CONTACT, id=id)
        return _contact(row) if row else None

    def of_account(self, name: str) -> tuple[Contact, ...]:
        """Everything that somebody who signs in so is a contact of, by agreement."""
        return tuple(map(_contact, self._connection.all(_OF_ACCOUNT, name=name)))

    def add(self, agreement: Agreement) -> bool:
        """False when the number is taken."""
        return self._connection.run(_ADD, **_agreement_row(agreement)) == 1

    def add_contact(self, contact: Contact) -> bool:
        """False when the id is taken."""
        return self._connection.run(_ADD_CONTACT, **_contact_row(contact)) == 1

    def save_contact(self, contact: Contact) -> None:
        """Keeps name, phone, rights and the moment of the number's change."""
        kept = {name: value for name, value in _contact_row(contact).items() if name not in ("agreement", "account")}
        self._connection.run(_SAVE_CONTACT, **kept)

    def remove_contact(self, id: str) -> bool:
        """False for an unknown contact."""
        return self._connection.run(_REMOVE_CONTACT, id=id) == 1

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
    id, agreement, name, phone, rights, changed_at, account = row
    return Contact(id, agreement, name, phone, read_rights(rights), to_moment(changed_at), account)


def _contact_row(contact: Contact) -> dict[str, object]:
    return {
        "id": contact.id,
        "agreement": contact.agreement,
        "name": contact.name,
        "phone": contact.phone,
        "rights": write_rights(contact.rights),
        "phone_changed_at": to_microseconds(contact.phone_changed_at),
        "account": contact.account,
    }


def write_rights(rights: Iterable[Right]) -> str:
    """Rights as the database keeps them."""
    return ",".join(sorted(rights))


def read_rights(text: str) -> frozenset[Right]:
    """Rights as they were kept."""
    return frozenset(map(Right, filter(None, text.split(","))))
