"""The command `agreements invite`: a contact's way into the portal."""

from secrets import token_urlsafe
from typing import Protocol

import click

from callcenter.floor import accounts
from data import acting

_TOKEN_BYTES = 24


class Instance(acting.Instance, Protocol):
    """What inviting needs of the instance."""

    @property
    def pages_url(self) -> str:
        """Where people open this centre's pages."""


@click.command()
@click.argument("contact")
@click.pass_obj
def invite(instance: Instance, contact: str) -> None:
    """Gives a contact (ID) a one-time link into the portal.

    Whoever opens it chooses a password. The one before is void at once.
    """
    token = token_urlsafe(_TOKEN_BYTES)
    account = acting.act(instance, lambda tx, who: accounts.invite(tx, who, contact, token))
    hours = accounts.LINK_LASTS.total_seconds() / 3600
    click.echo(f"{instance.pages_url}/portal/link/{token}\nFor {account.name}: good for {hours:.0f} hours, and once.")
