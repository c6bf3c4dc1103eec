"""Which phone is rung for which address, and which number somebody means who dials."""

import pytest

from pbx.exchange.numbers import IncomingNumber, Numbers, international
from pbx.exchange.stations import Stations
from pbx.scene import Target

NOW = None


class Registered:
    """SIP with these users."""

    port = 5070

    def __init__(self, *users: str) -> None:
        self.users = users
        self.texts = []

    def show_text(self, user, sender, words):
        self.texts.append((user, sender, words))

    def station(self, user):
        return f"registered {user}" if user in self.users else None

    def station_at(self, uri, username, password, headers):
        return f"at {uri} as {username}:{password} with {dict(headers)}"


class Opened:
    """Browsers at these addresses."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.texts = []

    def station(self, address):
        return f"browser {address}" if address in self.addresses else None

    def show_text(self, address, sender, body):
        self.texts.append((address, sender, body))
        return address in self.addresses


@pytest.fixture
def stations():
    stations = Stations(Opened("client:amira", "client:bruno"))
    stations.sip = Registered("amira", "+493023125142")
    return stations


@pytest.mark.parametrize(
    ("address", "station"),
    [
        ("client:amira", "registered amira"),
        ("client:bruno", "browser client:bruno"),
        ("client:nobody", None),
        ("+493023125142", "registered +493023125142"),
        ("sip:amira@127.0.0.1", "registered amira"),
        ("sip:amira@localhost:5070", "registered amira"),
        ("sip:bruno@127.0.0.1", None),
        ("sip:amira@127.0.0.1:5999", "at sip:amira@127.0.0.1:5999 as : with {}"),
    ],
)
def test_sip_phones_are_rung_before_browsers_and_other_addresses_as_they_stand(stations, address, station):
    assert stations.find(Target(address)) == station


def test_a_sip_address_elsewhere_is_given_credentials_and_headers(stations):
    target = Target("sip:a@b.test", username="me", password="word", headers={"X-A": "1"})
    assert stations.find(target) == "at sip:a@b.test as me:word with {'X-A': '1'}"


def test_without_sip_browsers_alone_are_rung(stations):
    stations.sip = None
    assert stations.find(Target("client:amira")) == "browser client:amira"
    assert stations.find(Target("sip:a@b.test")) is None


def test_a_text_message_goes_to_the_browsers_of_the_address_or_number():
    browsers = Opened()
    stations = Stations(browsers)
    stations.show_text("client:amira", "+1", "a")
    stations.show_text("+493023125142", "+1", "b")
    assert browsers.texts == [("client:amira", "+1", "a"), ("client:+493023125142", "+1", "b")]


@pytest.mark.parametrize("address", ["amira", "client:amira", "sip:amira@127.0.0.1", "sip:amira@localhost:5070"])
def test_a_text_message_goes_to_the_sip_phones_of_whoever_registered(stations, address):
    stations.show_text(address, "+1", "a")
    stations.show_text("sip:amira@elsewhere.test", "+1", "b")
    assert stations.sip.texts == [("amira", "+1", "a")]


@pytest.mark.parametrize(
    "dialled", ["+493023125142", "00493023125142", "+49 (30) 2312-5142", "493023125142", "Activate", "activate"]
)
def test_a_number_and_a_name_are_found_as_they_are_dialled(dialled):
    number = IncomingNumber("+493023125142", "one", "http://a.test/voice", NOW, NOW)
    assert Numbers([number], {"activate": "+493023125142"}).dialled(dialled) is number


@pytest.mark.parametrize("dialled", ["", "amira", "+0123456789", "12", "+49302312514212345", "٤٩٣٠٢٣١٢٥١٤٢"])
def test_what_is_no_number_is_none(dialled):
    assert international(dialled) is None
