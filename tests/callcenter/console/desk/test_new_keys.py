"""New volume keys by call: issued or retrieved, told by voice, never a second one."""

from activation.catalogue import Channel
from activation.keys import write_key
from callcenter.floor.audit import Act


def order(browser, caller, contact, group, **fields):
    asked = {"contact": contact, "product_group": group, "channel": "mak", **fields}
    return browser.send(f"/console/calls/{caller.case}/new-key", **asked)


def wanting_a_key(desk, agreement):
    caller = desk.dials()
    caller.press("4", "1", agreement)
    return caller


def keys_of(console, agreement, group):
    centre = console.centre
    found = console.store.read(lambda tx: tx.keys.of_agreement(agreement))
    return [key for key in found if centre.catalogue.products[key.record.product].group.name == group]


def test_a_service_provider_gets_the_first_key_by_call(desk, console):  # row 79
    caller = wanting_a_key(desk, "70415265")
    browser = desk.verified("amira", caller, "70415265", "gumnut-1")
    shown = order(browser, caller, "gumnut-1", "vista").text
    (issued,) = keys_of(console, "70415265", "vista")
    assert (issued.record.channel, issued.record.allowed) == (Channel.MAK, 250)
    last_block = write_key(issued.key, console.centre.secrets)[-5:]
    assert all(f'<b class="mono">{symbol}</b>' in shown for symbol in last_block)
    assert [act.act for act in console.acts()][-2:] == [Act.KEY_ISSUED, Act.KEY_TOLD]
    assert "Read the product key out" not in browser.get(f"/console/calls/{caller.case}").text


def test_a_key_that_is_there_is_retrieved_and_is_the_same(desk, console):  # row 78
    caller = wanting_a_key(desk, "40718621")
    browser = desk.verified("amira", caller, "40718621", "larkspur-1")
    order(browser, caller, "larkspur-1", "windows-7")
    assert [key.record.serial for key in keys_of(console, "40718621", "windows-7")] == [3001]
    assert Act.KEY_RETRIEVED in [act.act for act in console.acts()]


# row 73
def test_the_key_of_a_group_serves_every_edition_of_it(desk, console):
    """The agent is asked for a product group, and what was issued for Enterprise is given for Standard too."""
    caller = wanting_a_key(desk, "62309581")
    browser = desk.verified("amira", caller, "62309581", "nordhafen-1")
    offered = browser.get(f"/console/calls/{caller.case}").text.partition('name="product_group"')[2].partition("</select>")[0]
    assert offered.count('value="server-2008-r2-b"') == 1
    assert "Standard" not in offered
    assert "Enterprise" not in offered
    order(browser, caller, "nordhafen-1", "server-2008-r2-b")
    maks = [key for key in keys_of(console, "62309581", "server-2008-r2-b") if key.record.channel is Channel.MAK]
    assert [console.centre.catalogue.products[key.record.product].name for key in maks] == ["server-2008-r2-enterprise"]
    assert Act.KEY_RETRIEVED in [act.act for act in console.acts()]


def test_a_second_key_is_refused_and_a_raise_offered(desk, console):  # row 84
    caller = wanting_a_key(desk, "40718621")
    browser = desk.verified("amira", caller, "40718621", "larkspur-1")
    order(browser, caller, "larkspur-1", "windows-7", do="second")
    assert "Raise its count instead." in browser.read(f"/console/calls/{caller.case}")
    assert len(keys_of(console, "40718621", "windows-7")) == 1


def test_no_key_is_told_to_somebody_who_is_not_verified(desk, console):
    caller = wanting_a_key(desk, "40718621")
    browser = desk.answers("amira", caller)
    browser.send(f"/console/calls/{caller.case}/agreement", agreement="40718621")
    order(browser, caller, "larkspur-1", "windows-7")
    assert "Verify the caller first" in browser.read(f"/console/calls/{caller.case}")
    assert not {Act.KEY_TOLD, Act.KEY_RETRIEVED} & {act.act for act in console.acts()}


def test_the_helpers_name_the_host_key_of_the_highest_group(desk):  # row 65
    caller = wanting_a_key(desk, "62309581")
    browser = desk.answers("amira", caller)
    text = browser.read(f"/console/calls/{caller.case}?held=windows-7&held=server-2008-r2-b")
    assert "Windows Server 2008 R2 group B KMS host key activates:" in text
    assert "Windows 7 KMS host key activates:" not in text


def test_the_downgrade_helper_gives_exactly_the_answers(desk):  # row 66
    caller = wanting_a_key(desk, "62309581")
    text = desk.answers("amira", caller).read(f"/console/calls/{caller.case}")
    assert "Windows 7 KMS host, or Windows Vista KMS host, or Windows Vista MAK" in text
    assert "Windows XP Professional key only" in text


def test_the_article_shows_both_ways_to_install_the_fix_and_that_it_is_free(desk):  # rows 90, 92
    caller = desk.stops_at(1004, 2)
    text = desk.answers("amira", caller).read(f"/console/calls/{caller.case}")
    assert "Safe mode:" in text
    assert "Recovery console:" in text
    assert "There is no charge" in text
