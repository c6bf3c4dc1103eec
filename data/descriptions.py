"""What is stored in the words that commands print, as a table or as JSON."""

from typing import Any

from activation.keys import masked, write_key
from callcenter.floor.customers import Agreement, Contact
from callcenter.floor.keys import FloorKey
from data.acting import Instance


def describe_key(issued: FloorKey, instance: Instance, *, reveal: bool) -> dict[str, Any]:
    """One key, masked unless it is to be revealed."""
    record, text = issued.record, write_key(issued.key, instance.secrets)
    return {
        "serial": record.serial,
        "key": text if reveal else masked(text),
        "product": instance.catalogue.products[record.product].title,
        "channel": record.channel.value,
        "agreement": record.agreement,
        "used": record.used,
        "allowed": record.allowed,
        "blocked": record.blocked,
        "created_at": issued.created_at.isoformat(),
    }


def describe_agreement(agreement: Agreement, instance: Instance) -> dict[str, Any]:
    """One agreement."""
    return {
        "number": agreement.number,
        "programme": instance.catalogue.programmes[agreement.programme].title,
        "organisation": agreement.organisation,
        "country": agreement.country,
        "licences": agreement.licences,
        "status": "active" if agreement.active else "ended",
        "created_at": agreement.created_at.isoformat(),
    }


def describe_contact(contact: Contact) -> dict[str, Any]:
    """One person who speaks for a customer."""
    return {"id": contact.id, "name": contact.name, "phone": contact.phone, "rights": sorted(contact.rights)}
