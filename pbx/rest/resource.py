"""What every resource of the REST face stands on."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from aiohttp import web

from pbx.call import API_VERSION
from pbx.exchange.switchboard import Switchboard


class Resources(ABC):
    """A collection of the account."""

    def __init__(self, switchboard: Switchboard) -> None:
        self.switchboard = switchboard

    def path(self, below: str) -> str:
        return f"/{API_VERSION}/Accounts/{self.switchboard.account_sid}{below}"

    @abstractmethod
    def routes(self) -> Sequence[web.RouteDef]:
        """The requests this collection answers."""
