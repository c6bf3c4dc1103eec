"""How much may be given at once on each counter of a volume key: what the forms at the desk and at the portal offer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from activation.catalogue import Channel
from callcenter.floor.keys import FloorKey, Host
from callcenter.floor.limits import SmallRaise, small_raise
from callcenter.floor.policy import Policy
from callcenter.floor.records import Transaction
from callcenter.floor.requests import Counter

HOSTS_OFFERED = 200


@dataclass(frozen=True, slots=True)
class Room:
    """How much of one counter may be given at once: of the key, or of one of its hosts. `title` names what is counted."""

    counter: Counter
    title: str
    small: SmallRaise
    host: Host | None = None

    @property
    def value(self) -> str:
        """What a form sends: the counter, and the seat where there is one."""
        return f"{self.counter.value}/{self.host.seat}" if self.host else self.counter.value


def rooms(tx: Transaction, key: FloorKey, policy: Policy, now: datetime) -> tuple[Room, ...]:
    """The room on each of a volume key's counters, as things stand."""
    return tuple(_rooms(tx, key, policy, now))


def _rooms(tx: Transaction, key: FloorKey, policy: Policy, now: datetime) -> Iterator[Room]:
    if key.record.channel is Channel.MAK:
        if small := small_raise(tx, key, Counter.INSTALLATIONS, None, policy, now):
            yield Room(Counter.INSTALLATIONS, "activations", small)
        return
    if small := small_raise(tx, key, Counter.HOSTS, None, policy, now):
        yield Room(Counter.HOSTS, "hosts", small)
    for host in tx.keys.hosts(key.record.serial, HOSTS_OFFERED):
        if small := small_raise(tx, key, Counter.HOST_ISSUES, host.seat, policy, now):
            used = f"{host.issues} of {host.issues_allowed} used"
            yield Room(Counter.HOST_ISSUES, f"activations of the host ending in {host.hardware_tail} ({used})", small, host)
