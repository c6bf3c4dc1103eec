"""Callers who really go through the line, keyed turn by turn, and agents who answer them at the desk."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from activation.hardware import COMPONENTS, hash_hardware
from activation.installation_id import Installation, write_installation_id
from callcenter.floor.people import Availability
from data.demo import load_demo
from ivr.conversation import Conversation
from ivr.heard import Digits, Heard, Silence
from ivr.house import Incoming
from ivr.phone_numbers import PhoneNumber
from ivr.state import State

EPOCH = 1
"""Demo keys are of the first epoch."""


@dataclass
class Caller:
    """Somebody on the line; `sid` names the call, `case` what it was handed over as."""

    console: Any
    conversation: Conversation
    sid: str
    number: str
    _turn: int | None = None

    def hear(self, heard: Heard) -> State:
        dialled = PhoneNumber("+18005550199")
        self.conversation.answer(Incoming(self.sid, self._turn, heard, PhoneNumber(self.number), dialled))
        record = self.console.store.read(lambda tx: tx.calls.find(self.sid))
        self._turn = record.turn
        return self.state

    def press(self, *keys: str) -> State:
        for key in keys:
            self.hear(Digits(key))
        return self.state

    def hang_up(self) -> None:
        self.conversation.hang_up(self.sid)

    @property
    def state(self) -> State:
        state = self.console.store.read(lambda tx: self.console.centre.assistance.view(tx, self.sid))
        assert state is not None
        return state

    @property
    def case(self) -> str:
        return self.state.case_number


@dataclass
class Desk:
    """The centre with its demo customers, its callers and its agents."""

    console: Any
    _sids: Any = field(default_factory=lambda: count(0xD0))

    @property
    def conversation(self) -> Conversation:
        return self.console.centre.assistance.conversation

    def installation_id(self, serial: int, machine: str = "office", product: str = "") -> tuple[str, ...]:
        """What a computer with this key shows; `product` is the edition installed where that is not the key's."""
        centre = self.console.centre
        installed = centre.catalogue.product_named(product) or self._product(serial)
        hardware = hash_hardware({component.name: f"{machine} {component.name}" for component in COMPONENTS})
        header = centre.catalogue.header_for(installed.layout, EPOCH)
        return write_installation_id(
            Installation(installed.code, serial, hardware), header, centre.secrets.installation_key(EPOCH)
        )

    def _product(self, serial: int) -> Any:
        return self.console.centre.catalogue.products[self.console.store.read(lambda tx: tx.ledger.key(serial)).product]

    def dials(self, number: str = "+447700900143") -> Caller:
        """A caller in the main menu."""
        caller = Caller(self.console, self.conversation, f"CA{next(self._sids):032x}", number)
        caller.hear(Silence())
        return caller

    def reads(self, serial: int, machine: str = "office", number: str = "+447700900143") -> Caller:
        """A caller who has keyed a whole installation ID."""
        caller = self.dials(number)
        caller.press("1", *self.installation_id(serial, machine))
        return caller

    def stops_at(self, serial: int, groups: int, machine: str = "office") -> Caller:
        """A caller who asks for a person after so many groups."""
        caller = self.dials()
        caller.press("1", *self.installation_id(serial, machine)[:groups], "*0")
        return caller

    def answers(self, name: str, caller: Caller) -> Any:
        """An agent's browser, with the call on its page."""
        browser = self.console.signed_in(name)
        self.console.is_doing(name, Availability.AVAILABLE)
        answered = browser.send("/console/answer", call_sid=caller.sid)
        assert answered.location.endswith(f"/console/calls/{caller.case}"), answered.text
        return browser

    def verified(self, name: str, caller: Caller, agreement: str, contact: str) -> Any:
        """An agent who has answered, found the agreement and verified the contact by call-back."""
        browser = self.answers(name, caller)
        at = f"/console/calls/{caller.case}"
        browser.send(f"{at}/agreement", agreement=agreement)
        browser.send(f"{at}/verify", contact=contact, do="ring")
        browser.send(f"{at}/verify", contact=contact, do="call-back")
        return browser


@pytest.fixture
def desk(console: Any) -> Desk:
    """The demo customers, whose computers were activated yesterday."""
    centre, yesterday = console.centre, console.clock.now - timedelta(days=1)
    load_demo(console.store, centre.catalogue, centre.secrets, lambda: "a first password", yesterday)
    return Desk(console)
