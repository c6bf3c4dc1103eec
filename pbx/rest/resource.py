"""What every resource of the REST face stands on."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from aiohttp import web

from pbx.call import API_VERSION
from pbx.exchange.switchboard import Switchboard
from pbx.line import Line
from pbx.rest.answers import not_found
from pbx.rooms.conference import Conference


class Resources(ABC):
    """A collection of the account."""

    def __init__(self, switchboard: Switchboard) -> None:
        self.switchboard = switchboard

    def path(self, below: str) -> str:
        return f"/{API_VERSION}/Accounts/{self.switchboard.account_sid}{below}"

    def line(self, request: web.Request) -> Line:
        """The call that the path names. Raises Problem 20404."""
        line = self.switchboard.line(request.match_info["call"])
        if line is None:
            raise not_found(request)
        return line

    def room(self, request: web.Request) -> Conference:
        """The conference that the path names. Raises Problem 20404."""
        room = self.switchboard.conferences.get(request.match_info["conference"])
        if room is None:
            raise not_found(request)
        return room

    @abstractmethod
    def routes(self) -> Sequence[web.RouteDef]:
        """The requests this collection answers."""
