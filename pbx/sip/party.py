"""Who talks to a phone through its dialog."""

from typing import Protocol

from pbx.sip.request import Request


class Party(Protocol):
    """Who is told what the phone at the other end of a dialog does."""

    def rings(self) -> None:
        """It rings; told once for every provisional response that says so."""

    def connected(self, description: str) -> None:
        """It answered, or told in its ACK what it makes of our offer; empty when it said nothing of sound."""

    def failed(self, code: int) -> None:
        """It did not take the call; the final response."""

    def updated(self, description: str) -> None:
        """It offers something else while we talk; to be answered with `accept_update` or `refuse_update` at once."""

    def offer(self) -> str:
        """What we offer when it asks for an offer while we talk."""

    def asked(self, request: Request) -> None:
        """Something else inside the dialog; to be answered with its `reply` at once."""

    def ended(self) -> None:
        """It hung up, gave up, or is out of reach."""
