"""Where a phone's packets may come from, and so where its sound is sent to: symmetric RTP (RFC 4961), kept from strangers."""

import errno
import socket
from collections.abc import Collection

QUIET_TICKS = 10
"""Nothing for so long, and another port of the phone's host may take over: 200 ms."""

Address = tuple[str, int]
_NOT_HERE = (errno.EADDRNOTAVAIL, errno.EINVAL, errno.EAFNOSUPPORT)


class Source:
    """Latches onto the port that packets really come from, at hosts the signalling has named only.

    A phone behind a translator that is given another port in mid-call keeps its SSRC, and is followed at once; a second stream
    from the same host is not, for as long as the first one speaks.
    """

    def __init__(self, hosts: Collection[str], port_beside_us: int | None = None) -> None:
        """`port_beside_us`: the port of a phone on this machine, which may name one address of it and speak from another."""
        self._hosts = frozenset(hosts)
        self._port_beside_us = port_beside_us
        self._address: Address | None = None
        self._ssrc: int | None = None
        self._quiet_ticks = 0

    def admits(self, address: Address) -> bool:
        """Whether the signalling has named that host, or a phone on this machine has this port, or RTCP's."""
        host, port = address
        if host in self._hosts:
            return True
        return self._port_beside_us is not None and port - self._port_beside_us in (0, 1) and is_here(host)

    def takes(self, address: Address, ssrc: int) -> bool:
        """Whether a packet from there is the phone's; from now on that address is, if so."""
        if address != self._address and not (ssrc == self._ssrc or self._address is None or self._quiet_ticks >= QUIET_TICKS):
            return False
        self._address, self._ssrc, self._quiet_ticks = address, ssrc, 0
        return True

    @property
    def quiet_ticks(self) -> int:
        """How long nothing has come from the phone, in 20 ms."""
        return self._quiet_ticks

    def tick(self) -> None:
        """20 ms have passed."""
        self._quiet_ticks += 1


def is_here(host: str) -> bool:
    """Whether an IP address is one of this machine's own: no other's can be bound, and no packet from outside has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((host, 0))
    except OSError as fault:
        if fault.errno not in _NOT_HERE:
            raise
        return False
    return True
