"""The ways a SIP message can take: a transport, and who is at the other end."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Protocol

from pbx.sip.message import to_bytes


@dataclass(frozen=True, slots=True)
class Address:
    """Where a SIP peer is: `udp` or `tcp`, an IP address or a name, and a port."""

    transport: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.transport}:{bracketed(self.host)}:{self.port}"


class Line(Protocol):
    """Our end of a transport. Sending never raises: what is lost is sent again, or given up, by its transaction."""

    transport: str
    host: str
    port: int

    def send(self, data: bytes, host: str, port: int) -> None: ...


class _Options:
    """What sippy asks of a server's options: only whether it must look for a better one."""

    def isWildCard(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Flow:
    """One peer over one line: what sippy takes for a server.

    Replies go back where their request came from, whatever its Via says: phones behind address translation are reached, and
    nobody is sent what they did not ask for. A flow that is not pinned (we ring a SIP address) goes where sippy says.
    """

    line: Line
    peer: Address
    is_pinned: bool = True
    uopts: ClassVar[_Options] = _Options()

    @property
    def transport(self) -> str:
        return self.line.transport

    @property
    def local_host(self) -> str:
        """Our address as this peer sees it, never 0.0.0.0."""
        return self.line.host if self.line.host not in ("0.0.0.0", "::") else _local_host_towards(self.peer.host)  # noqa: S104

    def getSIPaddr(self) -> tuple[tuple[str, int], str]:
        return (bracketed(self.local_host), self.line.port), self.transport

    def send_to(self, data: str, address: tuple[Any, Any]) -> None:
        """Send a message of sippy's."""
        host, port = (self.peer.host, self.peer.port) if self.is_pinned else (str(address[0]).strip("[]"), int(address[1]))
        if 0 < port <= 65535:
            self.line.send(to_bytes(data), host, port)

    def addr2str(self, _address: object) -> str:
        return str(self.peer)


Receive = Callable[[bytes, Flow], None]


def bracketed(host: str) -> str:
    """A host as it is written in a URI."""
    return f"[{host}]" if ":" in host else host


@lru_cache(maxsize=1024)
def _local_host_towards(host: str) -> str:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((host, 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
