"""Requesting keys at the portal: four steps, one record with the key by call, and never a second key."""

from activation.catalogue import VOLUME_CHANNELS, Channel
from activation.keys import write_key
from callcenter.floor.audit import Act
from callcenter.floor.people import Role
from callcenter.floor.requests import Change, RequestStatus

CALDER, LARKSPUR, NORDHAFEN = "51203471", "40718621", "62309581"
PATH = f"/portal/agreements/{CALDER}/request"
WINDOWS_7 = "product=windows-7-professional&product=windows-7-enterprise"


def keys_of(centre, number, group):
    found = centre.store.read(lambda tx: tx.keys.of_agreement(number))
    return [key for key in found if centre.house.catalogue.products[key.record.product].group.name == group]


# row 77
def test_four_steps_lead_to_a_key_that_is_shown_at_once_and_listed_later(centre):
    browser = centre.contact("calder-1")
    first = browser.get(PATH).text
    assert '<li aria-current="step">Tick products</li>' in first
    assert 'type="checkbox" name="product" value="windows-7-professional"' in first
    second = browser.get(f"{PATH}?step=2&kind=mak&{WINDOWS_7}").text
    assert '<li aria-current="step">Check the keys</li>' in second
    assert "Activations to begin with: <strong>500</strong>" in second
    third = browser.get(f"{PATH}?step=3&kind=mak&{WINDOWS_7}").text
    assert '<li aria-current="step">Request</li>' in third
    assert not keys_of(centre, CALDER, "windows-7"), "keys are not assigned before they are requested"
    fourth = browser.send(PATH, kind="mak", product=["windows-7-professional", "windows-7-enterprise"]).text
    assert '<li aria-current="step">Your keys</li>' in fourth
    (key,) = keys_of(centre, CALDER, "windows-7")
    text = write_key(key.key, centre.house.secrets)
    assert text in fourth
    listed = browser.get(f"/portal/agreements/{CALDER}").text
    assert text[-5:] in listed
    assert text not in listed
    assert (key.record.channel, key.record.allowed) == (Channel.MAK, 500)


# row 78
def test_the_key_from_the_portal_is_the_one_that_an_agent_retrieves_by_call(centre):
    browser = centre.contact("calder-1")
    browser.send(PATH, kind="mak", product="windows-7-professional")
    (key,) = keys_of(centre, CALDER, "windows-7")
    sid, case = centre.calls_about_keys(CALDER)
    agent = centre.agent("amira2", Role.AGENT)
    assert agent.send("/console/answer", call_sid=sid).status_code == 303
    code = shown_code(browser, CALDER)
    agent.send(f"/console/calls/{case}/agreement", agreement=CALDER)
    agent.send(f"/console/calls/{case}/verify", contact="calder-1", do="code", code=code)
    asked = {"contact": "calder-1", "product_group": "windows-7", "channel": "mak"}
    told = agent.send(f"/console/calls/{case}/new-key", **asked).text
    assert keys_of(centre, CALDER, "windows-7") == [key]
    assert Act.KEY_RETRIEVED in {each.act for each in centre.acts()}
    assert all(f'<b class="mono">{symbol}</b>' in told for symbol in write_key(key.key, centre.house.secrets)[-5:])


def shown_code(browser, number):
    page = browser.send(f"/portal/agreements/{number}/code").text
    return page.partition("Your code: </span>")[2][:6]


# row 84
def test_another_key_is_refused_and_a_raise_offered(centre):
    browser = centre.contact()
    browser.send(f"/portal/agreements/{LARKSPUR}/second", kind="mak", group="windows-7")
    assert "There are no extra keys" in (said := browser.read(f"/portal/agreements/{LARKSPUR}"))
    assert "Raise its count instead." in said
    step = browser.get(f"/portal/agreements/{LARKSPUR}/request?step=2&kind=mak&{WINDOWS_7}").text
    assert "there already" in step
    assert f'href="/portal/agreements/{LARKSPUR}/keys/3001">Raise its count instead</a>' in step
    assert "Go on</button>" not in step
    assert len(keys_of(centre, LARKSPUR, "windows-7")) == 1
    (wish,) = centre.store.read(lambda tx: tx.requests.of_key(3001))
    assert (wish.change, wish.status, wish.asker) == (Change.NEW_KEY, RequestStatus.REFUSED, "contact:larkspur-1")


# row 14
def test_only_editions_of_the_volume_channel_may_be_ticked(centre):
    browser, products = centre.contact("calder-1"), centre.house.catalogue.products.values()
    page = browser.get(PATH).text
    for product in products:
        is_offered = f'name="product" value="{product.name}"' in page
        assert is_offered is not VOLUME_CHANNELS.isdisjoint(product.channels), product.name
    assert browser.get(f"{PATH}?step=2&kind=mak&product=vista-ultimate").status_code == 422
    assert browser.send(PATH, kind="mak", product="vista-ultimate").status_code == 303
    assert not keys_of(centre, CALDER, "vista-home")


# row 14
def test_the_list_of_editions_is_filtered_by_channel_and_says_what_is_sold_under_agreements_only(centre):
    browser = centre.contact("calder-1")
    everything, retail, mak = (browser.read(f"/portal/editions{query}") for query in ("", "?channel=retail", "?channel=mak"))
    assert "Windows Vista Enterprise" in everything
    assert "Windows Vista Enterprise" not in retail
    assert "Windows Vista Enterprise Windows Vista volume agreements only" in mak
    assert "Windows Vista Ultimate" in retail
    assert "Windows Vista Ultimate" not in mak
    assert "Windows Vista Business Windows Vista kms" in mak, "sold elsewhere as well"


def test_a_kms_host_key_comes_the_same_way_with_six_hosts(centre):
    browser = centre.contact("calder-1")
    browser.send(PATH, kind="kms", product="windows-7-professional")
    (key,) = keys_of(centre, CALDER, "windows-7")
    assert (key.record.channel, key.record.allowed) == (Channel.KMS, 6)


def test_several_groups_give_several_keys_and_only_those_that_are_missing(centre):
    browser = centre.contact("nordhafen-1")
    path = f"/portal/agreements/{NORDHAFEN}/request"
    page = browser.send(path, kind="mak", product=["windows-7-professional", "vista-business", "server-2008-r2-web"]).text
    assert page.count("Key number") == 2
    assert len(keys_of(centre, NORDHAFEN, "server-2008-r2-a")) == 2, "its MAK and its host key, as before"


def test_nothing_ticked_is_said_and_nothing_issued(centre):
    browser = centre.contact("calder-1")
    answer = browser.get(f"{PATH}?step=2&kind=mak")
    assert (answer.status_code, "Tick at least one product" in answer.text) == (422, True)


def test_requesting_takes_the_right_to_fetch_keys(centre):
    browser = centre.contact("calder-2")
    assert browser.get(PATH).status_code == 403
    browser.send(PATH, kind="mak", product="windows-7-professional")
    assert "You may not fetch keys" in browser.read("/portal")
    assert not keys_of(centre, CALDER, "windows-7")


def test_a_key_told_at_the_portal_is_on_the_record_and_told_to_the_colleagues(centre):
    browser = centre.contact("calder-1")
    browser.send(PATH, kind="mak", product="windows-7-professional")
    (key,) = keys_of(centre, CALDER, "windows-7")
    acts = [(each.act, each.actor, each.subject) for each in centre.acts()][-2:]
    assert acts == [
        (Act.KEY_ISSUED, "contact:calder-1", f"key/{key.record.serial}"),
        (Act.KEY_TOLD, "contact:calder-1", f"agreement/{CALDER}"),
    ]
    assert "was told to a contact of your agreement at the portal" in browser.read("/portal")
