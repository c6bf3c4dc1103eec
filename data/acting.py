"""How commands change what is on the record: as the actor `command line`, in one transaction, its head anchored after it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol, TypeVar

import click

from activation.catalogue import Catalogue
from activation.secrets import Secrets
from callcenter.floor.acting import Acting
from callcenter.floor.anchors import Anchors, anchored
from callcenter.floor.refusals import Refusal
from callcenter.floor.staff import command_line
from data.store import Store, Transaction

Result = TypeVar("Result")


class Instance(Protocol):
    """What the commands need of the instance they work on (`click.Context.obj`)."""

    @property
    def store(self) -> Store: ...
    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def secrets(self) -> Secrets: ...
    @property
    def anchors(self) -> Anchors: ...


def audit_key(secrets: Secrets) -> bytes:
    """The key of the chain of acts."""
    return secrets.purpose("audit")


def act(instance: Instance, work: Callable[[Transaction, Acting], Result | Refusal]) -> Result:
    """Runs one act. Raises ClickException with the refusal's sentence."""
    now = datetime.now(UTC)
    acting = Acting(command_line(now), audit_key(instance.secrets), now)
    result = anchored(instance.store.transaction, instance.anchors, lambda tx: work(tx, acting))
    if isinstance(result, Refusal):
        raise click.ClickException(result.sentence)
    return result
