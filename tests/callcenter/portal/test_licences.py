"""What a customer holds: all three channels, computers with a warning where no base licence is, keys of other agreements."""

import pytest

from activation.keys import write_key

LARKSPUR, CALDER, NORDHAFEN, NORDHAFEN_OPEN = "40718621", "51203471", "62309581", "71934286"
PATH = f"/portal/agreements/{LARKSPUR}/licences"
RETAIL, OEM, MAK_7, MAK_VISTA = 1004, 1101, 3001, 3002
COMPUTER = {"name": "reception-pc", "product": "windows-7-professional", "serial": MAK_7, "base": ""}


def text_of(centre, serial):
    return write_key(centre.key(serial).key, centre.house.secrets)


def keep(browser, text, path=PATH):
    return browser.send(f"{path}/base", form_on=path, key=text)


def register(browser, path=PATH, **changes):
    return browser.send(f"{path}/computers", form_on=path, **{**COMPUTER, **changes})


# row 4
def test_one_customer_holds_licences_of_all_three_channels(centre):
    browser = centre.contact()
    for serial in (RETAIL, OEM):
        assert keep(browser, text_of(centre, serial)).status_code == 303
    held = browser.read(PATH).partition("What you hold")[2].partition("Computers with")[0]
    assert "Windows 7 Home Premium retail retail" in held
    assert "Windows 7 Professional oem came with the computer" in held
    assert "Windows 7 volume MAK" in held
    assert text_of(centre, RETAIL)[:11] not in browser.get(PATH).text


# row 13
def test_a_volume_client_without_a_base_licence_gives_a_warning_row(centre):
    browser = centre.contact()
    register(browser)
    row = browser.read(PATH).partition("reception-pc Windows 7 Professional")[2].partition("Register a computer")[0]
    assert "warning No base licence: volume licences of a client cover upgrades only." in row
    keep(browser, text_of(centre, OEM))
    centre.clock.turn(minutes=1)
    register(browser, name="surgery-pc", base=OEM)
    row = browser.read(PATH).partition("surgery-pc Windows 7 Professional")[2].partition("reception-pc Windows 7")[0]
    assert "warning" not in row
    assert f"…{text_of(centre, OEM)[-5:]}" in row


# row 83
def test_a_key_of_the_organisations_other_agreement_is_allowed_and_flagged_as_information(centre):
    browser, path = centre.contact("nordhafen-1"), f"/portal/agreements/{NORDHAFEN_OPEN}/licences"
    assert register(browser, path, serial=4002).status_code == 303
    row = browser.read(path).partition("reception-pc Windows 7 Professional")[2]
    assert f"information key of agreement {NORDHAFEN}: allowed" in row
    (client,) = centre.store.read(lambda tx: tx.licences.clients(NORDHAFEN_OPEN))
    assert client.serial == 4002


def test_another_organisations_key_is_not_allowed(centre):
    answer = register(centre.contact(), serial=4002)
    assert (answer.status_code, "Choose one of your organisation’s volume keys." in answer.text) == (422, True)


def test_one_base_licence_is_good_for_one_computer(centre):
    browser = centre.contact()
    keep(browser, text_of(centre, OEM))
    register(browser, base=OEM)
    answer = register(browser, name="second-pc", base=OEM)
    assert (answer.status_code, "each is good for one" in answer.text) == (409, True)
    assert len(centre.store.read(lambda tx: tx.licences.clients(LARKSPUR))) == 1


def test_a_base_licence_is_registered_once_by_whomever(centre):
    keep(centre.contact(), text_of(centre, RETAIL))
    answer = keep(centre.contact("calder-1"), text_of(centre, RETAIL), f"/portal/agreements/{CALDER}/licences")
    assert "registered as a base licence already" in answer.text


def test_a_volume_key_is_no_base_licence(centre):
    assert "a retail or an OEM key" in keep(centre.contact(), text_of(centre, MAK_7)).text


@pytest.mark.parametrize("typed", ["QW3RT-YU5PA-SD6FG-HJ7KZ-XC8VB", "SIMBB-BBBBB-BBBBB-BBBBB-BBBBB", "something"])
def test_what_is_no_key_of_the_simulator_is_refused_and_repeated_nowhere(centre, typed):
    answer = keep(centre.contact(), typed)
    assert answer.status_code == 422
    assert typed not in answer.text
    assert typed not in str(centre.acts())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"serial": MAK_VISTA}, "That key is for Windows Vista; Windows 7 Professional takes a key for Windows 7."),
        ({"product": "windows-7-home-premium"}, "sold in the volume channel"),
        ({"product": "server-2008-standard"}, "sold in the volume channel"),
        ({"name": " "}, "computer’s name"),
        ({"base": RETAIL}, "Choose one of the base licences registered here"),
        ({"serial": "x"}, "Choose one of your organisation’s volume keys"),
    ],
)
def test_what_does_not_fit_is_said(centre, changes, says):
    answer = register(centre.contact(), **changes)
    assert (answer.status_code, says in answer.text) == (422, True)


def test_registering_takes_the_right_to_fetch_keys(centre):
    browser, path = centre.contact("nordhafen-2"), f"/portal/agreements/{NORDHAFEN}/licences"
    assert "Only somebody with the right to fetch keys registers" in browser.read(path)
    assert browser.send(f"{path}/computers", form_on="/portal", **{**COMPUTER, "serial": 4002}).status_code == 403
