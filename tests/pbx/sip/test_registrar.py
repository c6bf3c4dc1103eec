"""Phones that register: who they are, where, for how long, and in which order they are rung."""

import re
from datetime import UTC, datetime, timedelta

import pytest

PASSWORD = "open sesame"


@pytest.fixture(scope="module")
def registered(credentials):
    """Ask to be registered, prove it when asked, and tell what came of it."""

    async def ask(phone, *headers, user="amira", password=PASSWORD, nonce=None, count="00000001", name=None):
        challenge = nonce or await challenged(phone, user)
        proof = credentials(name or user, password, challenge, f"sip:{user}@127.0.0.1:{phone.centre[1]}", count)
        return await phone.ask("REGISTER", f"Authorization: {proof}", *headers, user=user)

    return ask


async def challenged(phone, user="amira"):
    answer = await phone.ask("REGISTER", user=user)
    assert answer.code == 401
    return re.search(r'nonce="([^"]+)"', answer.header("WWW-Authenticate"))[1]


def test_a_phone_that_proves_who_it_is_can_be_reached_for_as_long_as_it_wishes(calling, registered):
    async def scenario(centre, phone):
        answer = await registered(phone, "Expires: 120", "User-Agent: Linphone/5")
        assert answer.code == 200
        assert answer.header("Contact") == f"<sip:caller@127.0.0.1:{phone.port}>;expires=120"
        (registration,) = centre.sip.registrations()
        assert (registration.user, registration.transport, registration.agent) == ("amira", "udp", "Linphone/5")
        assert timedelta(seconds=115) < registration.expires_at - datetime.now(UTC) <= timedelta(seconds=120)
        assert centre.sip.station("amira").address == "client:amira"
        assert centre.sip.station("ben") is None

    calling(scenario)


def test_a_registration_ends_when_its_time_is_over(calling, registered):
    async def scenario(centre, phone):
        await registered(phone, "Expires: 60")
        centre.now += timedelta(seconds=59)
        assert centre.sip.station("amira")
        centre.now += timedelta(seconds=1)
        assert centre.sip.station("amira") is None
        assert centre.sip.registrations() == ()

    calling(scenario)


@pytest.mark.parametrize(
    ("user", "name", "password"), [("amira", None, "wrong"), ("nobody", None, PASSWORD), ("ben", "amira", PASSWORD)]
)
def test_a_wrong_password_is_refused_for_good(calling, registered, user, name, password):
    async def scenario(centre, phone):
        assert (await registered(phone, user=user, name=name, password=password)).code == 403
        assert centre.sip.registrations() == ()

    calling(scenario)


def test_a_proof_serves_once(calling, registered):
    async def scenario(centre, phone):
        nonce = await challenged(phone)
        assert (await registered(phone, nonce=nonce)).code == 200
        again = await registered(phone, nonce=nonce)
        assert (again.code, "stale" in again.header("WWW-Authenticate")) == (401, True)
        assert (await registered(phone, nonce=nonce, count="00000002")).code == 200

    calling(scenario)


def test_a_nonce_of_somebody_else_is_asked_for_anew(calling, registered):
    async def scenario(centre, phone):
        answer = await registered(phone, nonce="bm9uY2U")
        assert (answer.code, "stale" in answer.header("WWW-Authenticate")) == (401, True)

    calling(scenario)


@pytest.mark.parametrize(
    "broken",
    [
        "Digest",
        "Digest nonsense",
        'Digest username="amira"',
        'Digest username="amira", realm="centre.test", nonce="x", uri="y", response="z", qop=auth',
        'Digest username="amira", realm="centre.test", nonce="x", uri="y", response="z", algorithm=ROT13',
    ],
)
def test_credentials_that_cannot_be_read_are_refused(calling, broken):
    async def scenario(centre, phone):
        assert (await phone.ask("REGISTER", f"Authorization: {broken}", user="amira")).code == 400

    calling(scenario)


def test_several_phones_of_one_user_are_listed_and_the_most_wanted_first(calling, registered):
    async def scenario(centre, phone):
        one, two = "<sip:one@127.0.0.1:5071>;q=0.3;expires=100", "<sip:two@127.0.0.1:5072;transport=udp>;q=0.7"
        answer = await registered(phone, f"Contact: {one}, {two}", "Expires: 200")
        assert answer.headers("Contact") == [
            f"<sip:caller@127.0.0.1:{phone.port}>;expires=200",
            "<sip:two@127.0.0.1:5072;transport=udp>;q=0.7;expires=200",
            "<sip:one@127.0.0.1:5071>;q=0.3;expires=100",
        ]

    calling(scenario)


def test_no_time_takes_one_phone_back_and_a_star_all(calling, registered):
    async def scenario(centre, phone):
        await registered(phone, "Contact: <sip:one@127.0.0.1:5071>")
        assert len(centre.sip.registrations()) == 2
        await registered(phone, "Contact: <sip:one@127.0.0.1:5071>;expires=0")
        assert [registration.contact for registration in centre.sip.registrations()] == [f"sip:caller@127.0.0.1:{phone.port}"]
        phone.contact = "*"
        assert (await registered(phone)).code == 400
        assert (await registered(phone, "Expires: 0")).code == 200
        assert centre.sip.registrations() == ()

    calling(scenario)


def test_a_question_changes_nothing(calling, registered):
    async def scenario(centre, phone):
        await registered(phone)
        phone.contact = ""
        answer = await registered(phone, "Expires: 0")
        assert answer.code == 200
        assert len(answer.headers("Contact")) == len(centre.sip.registrations()) == 1

    calling(scenario)


@pytest.mark.parametrize(
    "contact", ["sip:user@example.com?Route=%3Csip:sip.example.com%3E", "<mailto:amira@example.com>", "<>", "garbage"]
)
def test_a_contact_that_nobody_can_ring_is_refused(calling, registered, contact):
    async def scenario(centre, phone):
        phone.contact = contact
        assert (await registered(phone)).code == 400
        assert centre.sip.registrations() == ()

    calling(scenario)


def test_an_older_request_of_the_same_phone_changes_nothing(calling, registered):
    async def scenario(centre, phone):
        await registered(phone, "Expires: 100")
        phone.sequence -= 2
        nonce = await challenged(phone)
        phone.sequence -= 1
        assert (await registered(phone, "Expires: 0", nonce=nonce)).code == 500
        assert len(centre.sip.registrations()) == 1

    calling(scenario)


def test_one_user_has_ten_phones_at_most_and_the_oldest_makes_room(calling, registered):
    async def scenario(centre, phone):
        for number in range(12):
            phone.contact = f"<sip:phone{number}@127.0.0.1:{6000 + number}>"
            assert (await registered(phone)).code == 200
        contacts = {registration.contact for registration in centre.sip.registrations()}
        assert contacts == {f"sip:phone{number}@127.0.0.1:{6000 + number}" for number in range(2, 12)}

    calling(scenario)


@pytest.mark.parametrize(("wish", "seconds"), [("999999999999999999", 3600), ("soon", 3600), ("86400", 3600), ("1", 1)])
def test_a_phone_is_known_for_an_hour_at_most(calling, registered, wish, seconds):
    async def scenario(centre, phone):
        answer = await registered(phone, f"Expires: {wish}")
        assert answer.header("Contact").endswith(f";expires={seconds}")

    calling(scenario)
