"""Who acts: the person, the moment and the key of the record, handed to every function that changes something.

People of the centre and contacts of customers are two types. What is an agent's takes an `Acting`; a contact is never one.
"""

from dataclasses import dataclass
from datetime import datetime

from callcenter.floor import audit
from callcenter.floor.audit import Act, AuditEntry, Detail, Recording
from callcenter.floor.customers import Contact
from callcenter.floor.people import Agent

CONTACT_PREFIX = "contact:"
"""What the record puts before a contact's id. No agent's name has a colon in it (`callcenter.floor.staff`)."""


@dataclass(frozen=True, slots=True)
class Acting:
    """A person of the centre who does something now; `audit_key` is the instance's secret for purpose `audit`."""

    agent: Agent
    audit_key: bytes
    now: datetime

    @property
    def name(self) -> str:
        """Who it is on the record."""
        return self.agent.name


@dataclass(frozen=True, slots=True)
class ActingContact:
    """A contact, signed in at the portal, who does something now for the one agreement that they are named in."""

    contact: Contact
    audit_key: bytes
    now: datetime

    @property
    def name(self) -> str:
        """Who it is on the record."""
        return contact_name(self.contact.id)


Actor = Acting | ActingContact


def contact_name(id: str) -> str:
    """A contact, or the account a contact signs in with, as the actor of the record."""
    return f"{CONTACT_PREFIX}{id}"


def record(tx: Recording, acting: Actor, act: Act, subject: str, detail: Detail, personal: str | None = None) -> AuditEntry:
    """Puts what this person does on the record (`callcenter.floor.audit.record`)."""
    return audit.record(tx, acting.audit_key, acting.name, act, subject, detail, acting.now, personal)
