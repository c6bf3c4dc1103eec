"""Who may ask in whose name: agents for callers, contacts for themselves, nobody for anybody else."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from callcenter.floor.acting import Acting, ActingContact
from callcenter.floor.customers import Contact, Right
from callcenter.floor.people import Agent, Role
from callcenter.floor.standing import NOT_ALLOWED, AtPortal, may_claim
from callcenter.floor.verification import Claimant

NOW = datetime(2026, 3, 14, tzinfo=UTC)
CONTACT = Contact("larkspur-1", "40718621", "Imogen Fairweather", "+441632960107", frozenset(Right), NOW)
PORTAL, CALLER = AtPortal("40718621", "larkspur-1"), Claimant("100001", "40718621", "larkspur-1")


def contact(**changes: str) -> ActingContact:
    return ActingContact(replace(CONTACT, **changes), b"k", NOW)


def agent(role: Role) -> Acting:
    return Acting(Agent("amira", "Amira Haddad", role, "", False, NOW), b"k", NOW)


def test_a_contact_asks_for_themselves_at_the_portal_and_for_nobody_else() -> None:
    assert may_claim(contact(), PORTAL) is None
    assert may_claim(contact(id="larkspur-2"), PORTAL) == NOT_ALLOWED
    assert may_claim(contact(agreement="62309581"), PORTAL) == NOT_ALLOWED


@pytest.mark.parametrize("claiming", [CALLER, None], ids=["a caller", "the vendor"])
def test_a_contact_with_every_right_is_never_an_agent(claiming: Claimant | None) -> None:
    assert may_claim(contact(), claiming) == NOT_ALLOWED


@pytest.mark.parametrize("role", list(Role))
def test_no_agent_asks_as_if_signed_in_at_the_portal(role: Role) -> None:
    assert may_claim(agent(role), PORTAL) == NOT_ALLOWED


def test_agents_ask_for_callers_and_who_manages_keys_for_the_vendor() -> None:
    assert may_claim(agent(Role.AGENT), CALLER) is None
    assert may_claim(agent(Role.AGENT), None) == NOT_ALLOWED
    assert may_claim(agent(Role.ADMINISTRATOR), None) is None
    assert may_claim(agent(Role.ADMINISTRATOR), CALLER) == NOT_ALLOWED


def test_a_contacts_name_on_the_record_is_no_agents() -> None:
    assert contact().name == "contact:larkspur-1"
