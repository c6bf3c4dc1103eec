"""Where registered phones can be reached, for how long, and in which order. Source: RFC 3261, section 10.3."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pbx.sip.flows import Address, Flow

MOST_PHONES = 10
"""Of one user; the one that registered longest ago makes room for another."""


@dataclass(frozen=True, slots=True)
class Registration:
    """One phone that is registered, as it is listed."""

    user: str
    contact: str
    transport: str
    expires_at: datetime
    agent: str


@dataclass(frozen=True, slots=True)
class Binding:
    """One phone of a user: its URI, the flow it registered over, and its place among the others (`q`, 0 to 1)."""

    contact: str
    flow: Flow
    expires_at: datetime
    preference: float
    call_id: str
    cseq: int
    agent: str


class Bindings:
    """All registered phones. What has expired is not there any more."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self._of_user: dict[str, dict[str, Binding]] = {}

    def of(self, user: str) -> tuple[Binding, ...]:
        """A user's phones, the most wanted first, among those the one that is known longest."""
        now = self.now()
        live = {contact: binding for contact, binding in self._of_user.get(user, {}).items() if binding.expires_at > now}
        if live:
            self._of_user[user] = live
        else:
            self._of_user.pop(user, None)
        return tuple(sorted(live.values(), key=lambda binding: (binding.preference, binding.expires_at), reverse=True))

    def bind(self, user: str, binding: Binding, seconds: int) -> None:
        """Know a phone for so long; for no time, forget it."""
        phones = self._of_user.setdefault(user, {})
        phones.pop(binding.contact, None)
        if seconds > 0:
            phones[binding.contact] = binding
        while len(phones) > MOST_PHONES:
            phones.pop(next(iter(phones)))

    def expiry(self, seconds: int) -> datetime:
        return self.now() + timedelta(seconds=seconds)

    def is_stale(self, user: str, contact: str, call_id: str, cseq: int) -> bool:
        """Whether a request about this phone comes after a later one of the same phone."""
        binding = self._of_user.get(user, {}).get(contact)
        return binding is not None and binding.call_id == call_id and binding.cseq >= cseq

    def lost(self, peer: Address) -> None:
        """A connection has ended: no phone can be reached over it."""
        for user, phones in tuple(self._of_user.items()):
            self._of_user[user] = {contact: binding for contact, binding in phones.items() if binding.flow.peer != peer}

    def registrations(self) -> tuple[Registration, ...]:
        """Everybody, by name."""
        return tuple(
            Registration(user, binding.contact, binding.flow.transport, binding.expires_at, binding.agent)
            for user in sorted(self._of_user)
            for binding in self.of(user)
        )
