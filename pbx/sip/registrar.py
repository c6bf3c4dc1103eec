"""Phones that tell where they are: REGISTER. Source: RFC 3261, section 10.3."""

import re
from dataclasses import dataclass

from pbx.sip.bindings import Binding, Bindings
from pbx.sip.digest import Digest, Proof
from pbx.sip.flows import Flow
from pbx.sip.request import Request

LONGEST_SECONDS = 3600
"""Also where a phone names no time, or none that can be read."""
LARGEST_HEADER = 256

_CONTACT = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^"<,]*)<([^<>]+)>((?:\s*;[^,]*)?)|([^\s<>,;"?]+)((?:\s*;[^,]*)?)')
_EXPIRES = re.compile(r";\s*expires\s*=\s*\"?(\d+)", re.IGNORECASE | re.ASCII)
_PREFERENCE = re.compile(r";\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*(?:;|$)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact of a REGISTER: its URI, how long it is to be known, and its `q`."""

    uri: str
    seconds: int
    preference: float


class Registrar:
    """Knows where phones are that prove who they are."""

    def __init__(self, digest: Digest, bindings: Bindings) -> None:
        self._digest = digest
        self.bindings = bindings

    def register(self, request: Request) -> None:
        """Answer a REGISTER. A wrong password is refused for good: asked for another, some phones send the same without end."""
        user = request.addressee
        proof = self._digest.prove(request.message.values("authorization"), user, "REGISTER")
        if proof in (Proof.MISSING, Proof.STALE):
            request.reply(401, "Unauthorized", (self._digest.challenge(is_stale=proof is Proof.STALE),))
        elif proof is Proof.MALFORMED:
            request.reply(400, "Malformed Authorization")
        elif proof is Proof.WRONG:
            request.reply(403, "Forbidden")
        else:
            self._bind(request, user)

    def _bind(self, request: Request, user: str) -> None:
        default = _seconds(request.message.value("expires"))
        values = request.message.values("contact")
        if "*" in values:
            self._forget_all(request, user, default, len(values))
            return
        contacts = read_contacts(values, default)
        if contacts is None:
            request.reply(400, "Malformed Contact")
        elif any(self.bindings.is_stale(user, contact.uri, request.call_id, request.cseq) for contact in contacts):
            request.reply(500, "Out of Order")
        else:
            for contact in contacts:
                self.bindings.bind(user, self._binding(contact, request, request.flow), contact.seconds)
            self._list(request, user)

    def _forget_all(self, request: Request, user: str, seconds: int, contacts: int) -> None:
        """A star forgets all phones, and may stand only alone and with no time."""
        if seconds != 0 or contacts > 1:
            request.reply(400, "Contact * Needs Expires 0")
            return
        for binding in self.bindings.of(user):
            self.bindings.bind(user, binding, 0)
        self._list(request, user)

    def _binding(self, contact: Contact, request: Request, flow: Flow) -> Binding:
        agent = request.message.value("user-agent")[:LARGEST_HEADER]
        expiry = self.bindings.expiry(contact.seconds)
        return Binding(contact.uri, flow, expiry, contact.preference, request.call_id, request.cseq, agent)

    def _list(self, request: Request, user: str) -> None:
        now = self.bindings.now()
        request.reply(
            200, "OK", tuple(_line(binding, (binding.expires_at - now).total_seconds()) for binding in self.bindings.of(user))
        )


def read_contacts(values: list[str], default_seconds: int) -> list[Contact] | None:
    """The contacts of a REGISTER, none for a question; None when one of them is malformed."""
    contacts = []
    for value in values:
        position = 0
        while position < len(value):
            match = _CONTACT.match(value, position)
            if match is None:
                return None
            contacts.append(_contact(match[1] or match[3], match[2] or match[4] or "", default_seconds))
            position = match.end() + len(value[match.end() :]) - len(value[match.end() :].lstrip(" ,\t"))
    return contacts if all(contact.uri.lower().startswith(("sip:", "sips:")) for contact in contacts) else None


def _contact(uri: str, parameters: str, default_seconds: int) -> Contact:
    seconds = _EXPIRES.search(parameters)
    preference = _PREFERENCE.search(parameters)
    return Contact(uri, _seconds(seconds[1]) if seconds else default_seconds, float(preference[1]) if preference else 1.0)


def _seconds(text: str) -> int:
    """How long a phone is known: as it wishes, no longer than an hour."""
    return min(int(text), LONGEST_SECONDS) if text.isascii() and text.isdigit() and len(text) < 12 else LONGEST_SECONDS


def _line(binding: Binding, seconds: float) -> tuple[str, str]:
    preference = f";q={binding.preference:g}" if binding.preference < 1 else ""
    return "Contact", f"<{binding.contact}>{preference};expires={max(int(seconds), 1)}"
