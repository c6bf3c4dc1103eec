"""Phones that can be rung: those that registered, all of one person's at once, and whoever has a SIP address."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Protocol

from pbx.audio.bell import Bell
from pbx.audio.port import Connection, Ringing, Unanswered
from pbx.sip.addressing import SipAddress, clean_headers, read_uri, user_of
from pbx.sip.bindings import Binding
from pbx.sip.dialog import Invitation
from pbx.sip.outgoing import House, SipRinging
from pbx.sip.request import Headers

_WORST_FIRST = ("failed", "canceled", "no-answer", "busy")


class Directory(House, Protocol):
    """What a registered phone needs of the exchange besides."""

    def bindings(self, user: str) -> tuple[Binding, ...]:
        """Where that user's phones are, the ones preferred first."""

    def is_talking(self, bindings: Collection[Binding]) -> bool:
        """Whether one of these phones is in a call."""


class RegisteredStation:
    """A registered user, who may have several phones."""

    def __init__(self, directory: Directory, user: str) -> None:
        self._directory, self._user = directory, user

    @property
    def address(self) -> str:
        return f"client:{self._user}"

    @property
    def is_busy(self) -> bool:
        return self._directory.is_talking(self._directory.bindings(self._user))

    def ring(self, caller: str, caller_name: str, call_sid: str) -> Ringing:
        """All phones of the highest preference ring at once, then the next ones. Source: RFC 3261, section 16.6."""
        rings: dict[float, list[Callable[[], SipRinging]]] = {}
        for binding in self._directory.bindings(self._user):
            invitation = _to_binding(binding, self._user, caller, caller_name, call_sid)
            rings.setdefault(binding.preference, []).append(partial(_ring_known, self._directory, invitation))
        return Fork(self._directory, list(rings.values()))


class AddressedStation:
    """Somebody at a SIP address; what is no address comes out as a call that failed."""

    def __init__(self, house: House, uri: str, username: str, password: str, headers: Mapping[str, str]) -> None:
        self.address = uri
        self.is_busy = False
        self._house = house
        self._credentials = (username, password)
        self._headers = clean_headers(headers)

    def ring(self, caller: str, caller_name: str, call_sid: str) -> Ringing:
        return SipRinging(self._house, self._find(caller, caller_name, call_sid))

    async def _find(self, caller: str, caller_name: str, call_sid: str) -> Invitation | None:
        target = read_uri(self.address)
        peer = await target.find() if target is not None else None
        if target is None or peer is None:
            return None
        headers = (*_identity(call_sid), *_merged(target, self._headers))
        return Invitation(
            target.uri, target.user, peer, None, user_of(caller), caller_name, *self._credentials, headers=headers
        )


class Fork(Bell):
    """Several phones rung for one: the first to answer has it, and the others stop."""

    def __init__(self, house: House, groups: list[list[Callable[[], SipRinging]]]) -> None:
        super().__init__()
        self._groups = groups
        self._ringing: list[SipRinging] = []
        house.begin(self._try_all()).add_done_callback(self._tried)

    def give_up(self) -> None:
        self.come_out(Unanswered("canceled"))
        for ringing in self._ringing:
            ringing.give_up()

    async def _try_all(self) -> None:
        worst = Unanswered("failed")
        for group in self._groups:
            if self.has_come_out:
                return
            outcome = await self._try(group)
            if not isinstance(outcome, Unanswered):
                return
            worst = max(worst, outcome, key=lambda unanswered: _WORST_FIRST.index(unanswered.status))
        self.come_out(worst)

    async def _try(self, group: list[Callable[[], SipRinging]]) -> Connection | Unanswered:
        self._ringing = [ring() for ring in group]
        for ringing in self._ringing:
            ringing.on_ringing(self.note_ringing)
        outcomes = await asyncio.gather(*map(self._follow, self._ringing))
        taken = [outcome for outcome in outcomes if not isinstance(outcome, Unanswered)]
        refusals = [outcome for outcome in outcomes if isinstance(outcome, Unanswered)]
        return taken[0] if taken else max(refusals, key=lambda unanswered: _WORST_FIRST.index(unanswered.status))

    async def _follow(self, ringing: SipRinging) -> Connection | Unanswered:
        outcome = await ringing.answered()
        if isinstance(outcome, Unanswered):
            return outcome
        if not self.come_out(outcome):
            outcome.hang_up()
            return Unanswered("canceled")
        for other in self._ringing:
            other.give_up()
        return outcome

    def _tried(self, task: asyncio.Task[None]) -> None:
        if task.cancelled():
            self.give_up()


def _ring_known(house: House, invitation: Invitation) -> SipRinging:
    return SipRinging(house, _known(invitation))


async def _known(invitation: Invitation) -> Invitation:
    return invitation


def _to_binding(binding: Binding, user: str, caller: str, caller_name: str, call_sid: str) -> Invitation:
    headers = _identity(call_sid)
    return Invitation(binding.contact, user, binding.flow.peer, binding.flow, user_of(caller), caller_name, headers=headers)


def _identity(call_sid: str) -> Headers:
    return (("X-Twilio-CallSid", call_sid),) if call_sid else ()


def _merged(target: SipAddress, headers: Headers) -> Headers:
    return tuple((dict(target.headers) | dict(headers)).items())
