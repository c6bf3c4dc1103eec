"""Who is at work: the person, the moment and the key of the record, handed to every function that changes something."""

from dataclasses import dataclass
from datetime import datetime

from callcenter.floor import audit
from callcenter.floor.audit import Act, AuditEntry, Detail, Recording
from callcenter.floor.people import Agent


@dataclass(frozen=True, slots=True)
class Acting:
    """A person who does something now; `audit_key` is the instance's secret for purpose `audit`."""

    agent: Agent
    audit_key: bytes
    now: datetime


def record(tx: Recording, acting: Acting, act: Act, subject: str, detail: Detail, personal: str | None = None) -> AuditEntry:
    """Puts what this person does on the record (`callcenter.floor.audit.record`)."""
    return audit.record(tx, acting.audit_key, acting.agent.name, act, subject, detail, acting.now, personal)
