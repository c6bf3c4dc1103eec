"""New volume keys by call: the first one issued or retrieved, the second one refused."""

from typing import Any

import pytest

from activation.catalogue import Channel
from activation.keys import write_key
from callcenter.floor import new_keys
from callcenter.floor.audit import Act
from callcenter.floor.keys import FloorKey
from callcenter.floor.people import Role
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import Change, RequestStatus
from callcenter.floor.standing import NOT_ALLOWED

LARKSPUR, LARKSPUR_ABROAD, GUMNUT = "40718621", "62309581", "70415265"
MAK = 3001


def order(floor: Any, group: str, channel: Channel = Channel.MAK, **who: str) -> new_keys.KeyOrder:
    return new_keys.KeyOrder(floor.verified(floor.open_case(serial=None), **who), group, channel)


def first_key(floor: Any, wanted: new_keys.KeyOrder, role: Role = Role.AGENT) -> FloorKey | Refusal:
    acting = floor.acting(role=role)
    return floor.do(lambda tx: new_keys.first_key(tx, acting, wanted, floor.issuing(), floor.policy))


def second_key(floor: Any, wanted: new_keys.KeyOrder) -> Refusal:
    return floor.do(lambda tx: new_keys.second_key(tx, floor.acting(), wanted, floor.issuing(), floor.policy))


def test_the_first_mak_of_a_group_is_issued_with_the_programmes_allowance(floor: Any) -> None:
    key = first_key(floor, order(floor, "server-2008-r2-b"))
    assert isinstance(key, FloorKey)
    assert (key.record.channel, key.record.allowed, key.record.used) == (Channel.MAK, 50, 0)
    assert key.record.agreement == LARKSPUR
    assert floor.catalogue.products[key.record.product].group.name == "server-2008-r2-b"
    assert key.key.epoch == floor.secrets.epoch
    assert floor.do(lambda tx: tx.keys.get(key.record.serial)) == key
    (request,) = floor.do(lambda tx: tx.requests.of_key(key.record.serial))
    assert (request.change, request.status, request.contact) == (Change.NEW_KEY, RequestStatus.APPLIED, "imogen")
    assert floor.acts()[-1] == Act.KEY_ISSUED
    assert "A new key" in floor.do(lambda tx: tx.notices.of_agreement(LARKSPUR))[0].sentence


def test_the_first_kms_key_may_have_six_hosts(floor: Any) -> None:
    assert first_key(floor, order(floor, "vista", Channel.KMS)).record.allowed == 6


def test_a_programme_that_the_portal_does_not_serve_is_served_here(floor: Any) -> None:
    assert not floor.catalogue.programmes["spla"].portal
    key = first_key(floor, order(floor, "windows-7", agreement=GUMNUT, contact="matilda"))
    assert (key.record.agreement, key.record.allowed) == (GUMNUT, 250)


def test_a_blocked_key_is_told_to_nobody(floor: Any) -> None:
    floor.do(lambda tx: tx.keys.set_blocked(MAK, blocked=True))
    assert first_key(floor, order(floor, "windows-7")) == new_keys.BLOCKED
    assert Act.KEY_RETRIEVED not in floor.acts()


def test_a_key_that_is_there_is_the_same_record_again(floor: Any) -> None:
    key = first_key(floor, order(floor, "windows-7"))
    assert key.record == floor.key(MAK)
    assert floor.do(lambda tx: tx.requests.of_key(MAK)) == ()
    assert floor.acts()[-1] == Act.KEY_RETRIEVED
    issued = first_key(floor, order(floor, "server-2008-c"))
    assert first_key(floor, order(floor, "server-2008-c")) == issued


def test_a_second_key_is_refused_and_a_raise_is_offered(floor: Any) -> None:
    refused = second_key(floor, order(floor, "windows-7"))
    assert refused == new_keys.RAISE_INSTEAD
    assert "Raise its count instead" in refused.sentence
    (request,) = floor.do(lambda tx: tx.requests.of_key(MAK))
    assert (request.change, request.status) == (Change.NEW_KEY, RequestStatus.REFUSED)
    assert len(floor.do(lambda tx: tx.keys.of_agreement(LARKSPUR))) == 3


def test_there_is_no_second_key_before_a_first(floor: Any) -> None:
    assert second_key(floor, order(floor, "server-2008-a")) == new_keys.NO_FIRST_YET


@pytest.mark.parametrize(
    ("group", "channel"),
    [("windows-7-home", Channel.MAK), ("server-2003", Channel.KMS), ("no-such", Channel.MAK), ("windows-7", Channel.RETAIL)],
)
def test_a_group_without_such_keys_is_refused(floor: Any, group: str, channel: Channel) -> None:
    assert first_key(floor, order(floor, group, channel)) == new_keys.NO_SUCH_KIND


def test_a_caller_who_was_not_verified_gets_no_key(floor: Any) -> None:
    wanted = new_keys.KeyOrder(floor.claimant(), "windows-7", Channel.MAK)
    assert first_key(floor, wanted).code == second_key(floor, wanted).code == "verification.missing"
    assert floor.acts() == []


def test_a_contact_who_may_not_fetch_keys_gets_none(floor: Any) -> None:
    wanted = order(floor, "windows-7", agreement=LARKSPUR_ABROAD, contact="greta")
    assert first_key(floor, wanted).code == "verification.right"


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_only_those_who_serve_calls_issue_keys(floor: Any, role: Role) -> None:
    assert first_key(floor, order(floor, "windows-7"), role) == NOT_ALLOWED


def test_telling_a_key_is_an_act_the_customer_hears_of_and_its_text_is_nowhere(floor: Any) -> None:
    wanted = order(floor, "windows-7")
    key = first_key(floor, wanted)
    floor.do(lambda tx: new_keys.key_told(tx, floor.acting(), wanted, key))
    assert floor.acts()[-1] == Act.KEY_TOLD
    notices = floor.do(lambda tx: tx.notices.of_agreement(LARKSPUR))
    assert "was told to a contact" in notices[0].sentence
    assert {message["to"] for message in floor.outbox() if "to" in message} == {"+441632960107", "+441632960108"}
    text = write_key(key.key, floor.secrets)
    assert text not in repr((notices, floor.do(lambda tx: tx.audit.after(0, 100))))
