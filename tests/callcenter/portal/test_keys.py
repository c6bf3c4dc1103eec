"""The keys of an agreement as its contacts see them."""

from dataclasses import replace

from activation.keys import write_key
from callcenter.floor.audit import Act
from callcenter.floor.customers import Right

LARKSPUR, CALDER, NORDHAFEN, NORDHAFEN_OPEN = "40718621", "51203471", "62309581", "71934286"
CLIENT, SERVERS = ("windows-7-professional",), ("server-2008-r2-web", "server-2008-r2-standard", "server-2008-r2-datacenter")


def request(browser, number, kind, *products):
    return browser.send(f"/portal/agreements/{number}/request", kind=kind, product=list(products))


def started(centre, browser, licences="5", programme="open"):
    """The number of a new agreement."""
    answer = browser.send("/portal/register/start", form_on="/portal/register", programme=programme, licences=licences)
    assert answer.status_code == 303, answer.text
    return answer.location.rpartition("/")[2]


def section(page, heading, until):
    return page.partition(heading)[2].partition(until)[0]


# row 72
# row 82
def test_a_customer_holds_one_pair_for_the_client_group_and_three_for_the_server_groups_side_by_side(centre):
    browser = centre.contact()
    number = started(centre, browser)
    for kind in ("mak", "kms"):
        assert request(browser, number, kind, *CLIENT, *SERVERS).status_code == 200
    page = browser.read(f"/portal/agreements/{number}").partition("Keys of your other agreements")[0]
    clients, servers = section(page, "Client keys", "Server keys"), page.partition("Server keys")[2]
    assert [part.count(" key ending in ") for part in (clients, servers)] == [2, 6]
    assert [clients.count(f"{kind} SIM") for kind in ("MAK", "KMS host key")] == [1, 1]
    assert [servers.count(f"{kind} SIM") for kind in ("MAK", "KMS host key")] == [3, 3]


# row 73
def test_standard_and_enterprise_share_one_key(centre):
    browser = centre.contact("nordhafen-1")
    page = browser.read(f"/portal/agreements/{NORDHAFEN}")
    group_b = section(page, "Windows Server 2008 R2 group B", "Windows Server 2008 R2 group C")
    assert "One key for: Windows Server 2008 R2 Standard, Windows Server 2008 R2 Enterprise" in group_b
    assert group_b.count("MAK SIM") == 1
    again = request(browser, NORDHAFEN, "mak", "server-2008-r2-standard")
    assert again.status_code == 303, "the key that the Enterprise edition has serves the Standard edition"
    assert "All of those keys are there already" in browser.read("/portal")


# row 75
def test_the_remaining_count_is_right_after_every_activation(centre):
    browser = centre.contact()
    number = started(centre, browser)
    request(browser, number, "mak", *CLIENT)
    (key,) = centre.store.read(lambda tx: tx.keys.of_agreement(number))
    for machine, left in (("one", 49), ("two", 48)):
        centre.activates(key.record.serial, machine)
        assert f"allowed 50 used {50 - left} left {left}" in browser.read(f"/portal/agreements/{number}")


# row 75
def test_the_count_is_the_one_that_the_tool_is_told(centre):
    """The proxy tool asks the web service how much is left on a key."""
    text = write_key(centre.key(3001).key, centre.house.secrets)
    told = centre.app.test_client().post("/activate/counts", json={"product_key": text})
    assert (told.status_code, told.json["remaining"]) == (200, 1)
    assert f"allowed {told.json['allowed']} used {told.json['used']} left 1" in centre.contact().read(
        f"/portal/agreements/{LARKSPUR}"
    )


# row 9
def test_volume_keys_of_the_2003_generation_say_that_no_activation_is_needed(centre):
    page = centre.contact("calder-1").read(f"/portal/agreements/{CALDER}")
    assert "Windows Server 2003 SIM" in page
    assert "no activation needed" in page
    assert "no activation needed" not in centre.contact().read(f"/portal/agreements/{LARKSPUR}")


# row 83
def test_keys_of_the_organisations_other_agreement_are_offered_as_information(centre):
    page = centre.contact("nordhafen-1").read(f"/portal/agreements/{NORDHAFEN_OPEN}")
    elsewhere = page.partition("Keys of your other agreements")[2]
    assert "information They may be used for licences of this agreement too; that is allowed" in elsewhere
    assert "Windows 7 · KMS host key" in elsewhere
    assert NORDHAFEN in elsewhere
    assert "warning" not in elsewhere
    assert "Keys of your other agreements" not in centre.contact("nordhafen-2").read(f"/portal/agreements/{NORDHAFEN}")


def test_the_list_shows_no_more_of_a_key_than_its_last_block(centre):
    text = write_key(centre.key(3001).key, centre.house.secrets)
    page = centre.contact().get(f"/portal/agreements/{LARKSPUR}").text
    assert text[-5:] in page
    assert text[:11] not in page


def test_showing_a_key_takes_the_right_and_is_on_the_record_every_time(centre):
    text, path = write_key(centre.key(3001).key, centre.house.secrets), f"/portal/agreements/{LARKSPUR}/keys/3001/reveal"
    browser = centre.contact("larkspur-2")
    assert text in browser.send(path).text
    assert [(each.actor, each.subject) for each in centre.acts() if each.act == Act.REVEALED] == [
        ("contact:larkspur-2", "key/3001")
    ]
    colleague = centre.store.read(lambda tx: tx.agreements.contact("larkspur-2"))
    centre.store.transaction(lambda tx: tx.agreements.save_contact(replace(colleague, rights=frozenset({Right.RAISE_COUNTS}))))
    assert text not in browser.send(path).text
    assert "You may not fetch keys" in browser.read("/portal")
    assert len([each for each in centre.acts() if each.act == Act.REVEALED]) == 1


def test_no_key_of_another_agreement_is_shown(centre):
    browser = centre.contact()
    assert browser.send(f"/portal/agreements/{NORDHAFEN}/keys/3007/reveal").status_code == 404
    assert browser.send(f"/portal/agreements/{LARKSPUR}/keys/3007/reveal").status_code == 303
    assert "does not belong to this agreement" in browser.read("/portal")
    assert Act.REVEALED not in {each.act for each in centre.acts()}


def test_a_blocked_key_is_not_shown(centre):
    centre.store.transaction(lambda tx: tx.keys.set_blocked(3001, blocked=True))
    browser = centre.contact()
    browser.send(f"/portal/agreements/{LARKSPUR}/keys/3001/reveal")
    assert "The key is blocked" in browser.read("/portal")


def test_an_agreement_without_keys_says_what_to_do(centre):
    page = centre.contact("nordhafen-1").read(f"/portal/agreements/{NORDHAFEN_OPEN}")
    assert page.count("Request keys: tick the products you need.") == 2


def test_somebody_with_no_rights_looks_and_has_no_button(centre):
    page = centre.contact("nordhafen-2").read(f"/portal/agreements/{NORDHAFEN}")
    assert "left 970" in page
    assert not [button for button in ("Show the key", "Raise or lower", "Another key") if button in page]
