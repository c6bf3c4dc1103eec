"""KMS host keys at the desk: hosts and their issues by phone, the raise, misuse on clients, and the helpers' answers."""

import re
from html import unescape

import pytest

from callcenter.floor.requests import RequestStatus

VISTA_HOST, SEVEN_HOST, NORDHAFEN, CONTACT = 4001, 4002, "62309581", "nordhafen-1"
"""Host keys with six hosts, of which none and two are in use, and their agreement."""
OLD_KEY = 2001
"""A volume key of Windows Server 2003."""
SIX, TEN = 6, 10


def raises(browser, caller, counter, amount="1", serial=VISTA_HOST, group="vista"):
    wish = {"contact": CONTACT, "serial": str(serial), "change": "raise", "amount": amount, "reason": "merger"}
    browser.send(f"/console/calls/{caller.case}/change", **wish, product_group=group, counter=counter)
    return browser.read(f"/console/calls/{caller.case}")


def key(console, serial=VISTA_HOST):
    return console.store.read(lambda tx: tx.keys.get(serial)).record


def seats(console):
    return console.store.read(lambda tx: tx.keys.hosts(VISTA_HOST, 9))


def test_six_hosts_register_by_phone_and_the_seventh_after_a_raise(desk, console):  # row 58
    for number in range(SIX):
        assert desk.reads(VISTA_HOST, f"host-{number}").state.readback is not None
    caller = desk.reads(VISTA_HOST, "host-7")
    assert caller.state.readback is None
    assert (key(console).used, key(console).allowed) == (SIX, SIX)
    browser = desk.verified("amira", caller, NORDHAFEN, CONTACT)
    assert "The KMS key has as many hosts as it may." in browser.read(f"/console/calls/{caller.case}")
    assert "Done: raise applied. A confirmation ID was issued." in raises(browser, caller, "hosts")
    assert (key(console).used, key(console).allowed) == (SIX + 1, SIX + 1)
    assert caller.state.readback is not None


def test_ten_issues_for_one_host_by_phone_and_the_eleventh_after_a_raise(desk, console):  # row 58
    for _ in range(TEN):
        assert desk.reads(VISTA_HOST, "host-1").state.readback is not None
    caller = desk.reads(VISTA_HOST, "host-1")
    assert caller.state.readback is None
    assert key(console).used == 1, "one host, however often it is registered"
    browser = desk.verified("amira", caller, NORDHAFEN, CONTACT)
    assert "This KMS host was activated as often as it may be." in browser.read(f"/console/calls/{caller.case}")
    (host,) = seats(console)
    assert (host.issues, host.issues_allowed) == (TEN, TEN)
    assert "A confirmation ID was issued." in raises(browser, caller, f"activations of one host/{host.seat}", "2")
    (host,) = seats(console)
    assert (host.issues, host.issues_allowed) == (TEN + 1, TEN + 2)
    assert caller.state.readback is not None


def test_raising_the_hosts_gives_no_host_more_issues(desk, console):  # row 58
    for _ in range(TEN):
        desk.reads(VISTA_HOST, "host-1")
    caller = desk.reads(VISTA_HOST, "host-1")
    browser = desk.verified("amira", caller, NORDHAFEN, CONTACT)
    raises(browser, caller, "hosts")
    assert key(console).allowed == SIX + 1
    assert caller.state.readback is None
    assert [host.issues_allowed for host in seats(console)] == [TEN]


@pytest.fixture
def seventh(desk):
    """Somebody whose computer is the seventh with the Vista host key."""
    for number in range(SIX):
        desk.reads(VISTA_HOST, f"host-{number}")
    return desk.reads(VISTA_HOST, "reception desk")


def test_more_computers_than_hosts_are_a_signal_that_the_key_was_put_on_clients(desk, seventh):  # row 55
    browser = desk.answers("amira", seventh)
    page = browser.read(f"/console/calls/{seventh.case}")
    assert "More computers ask with this KMS host key than it may have hosts" in page
    assert "on a client a KMS host key is misused, and no limit is raised for one" in page


def test_a_host_key_on_a_client_is_flagged_as_misuse(desk, seventh):  # row 55
    browser, at = desk.answers("amira", seventh), f"/console/calls/{seventh.case}"
    browser.send(f"{at}/answers", **{"answer-host": "client", "answer-instead": "setup"})
    page = browser.get(at).text
    assert '<li class="signal bad">The KMS host key is on a client: that is misuse.' in page
    assert "Do not raise the limit for a client." in page


def test_of_a_host_no_misuse_is_said(desk, seventh):
    browser, at = desk.answers("amira", seventh), f"/console/calls/{seventh.case}"
    browser.send(f"{at}/answers", **{"answer-host": "host", "answer-gone": "yes"})
    page = browser.read(at)
    assert "is on a client" not in page
    assert "perhaps it is misused on clients" not in page


def test_a_key_that_is_no_host_key_is_never_called_misused(desk):
    caller = desk.reads(3002)
    page = desk.answers("amira", caller).read(f"/console/calls/{caller.case}")
    assert "KMS host key is on a client" not in page
    assert "More computers ask with this KMS host key" not in page


def test_a_key_of_the_old_kind_in_a_newer_product_gets_a_clear_message(desk):  # row 86
    caller = desk.dials()
    caller.press("1", *desk.installation_id(OLD_KEY, product="windows-7-professional"), "0")
    page = desk.answers("amira", caller).read(f"/console/calls/{caller.case}")
    assert "The key is a volume key of the XP and 2003 kind: it installs that generation only" in page
    assert "Newer products take a MAK, or no key at all and a key-management host." in page


def test_of_newer_volume_keys_that_is_not_said(desk, seventh):
    page = desk.answers("amira", seventh).read(f"/console/calls/{seventh.case}")
    assert "XP and 2003 kind" not in page


def helper(desk, *held):
    """What the helpers say of these product groups: the host key to use with what it activates."""
    caller = desk.dials()
    caller.press("4", "1", NORDHAFEN)
    page = desk.answers("amira", caller).get(f"/console/calls/{caller.case}", query_string={"held": held}).text
    said = re.findall(r"<strong>(.*?) KMS host key</strong> activates: (.*?)\.</div>", page)
    return {title: set(unescape(editions).split(", ")) for title, editions in said}, page


CLIENTS = {"Windows Vista Business", "Windows Vista Enterprise"}
SEVEN = CLIENTS | {"Windows 7 Professional", "Windows 7 Enterprise"}
A = {"Windows Web Server 2008", "Windows HPC Server 2008"}
B = A | {f"Windows Server 2008 {name}{more}" for name in ("Standard", "Enterprise") for more in ("", " without Hyper-V")}
C = (
    B
    | {f"Windows Server 2008 Datacenter{more}" for more in ("", " without Hyper-V")}
    | {"Windows Server 2008 for Itanium-based Systems"}
)
R2_A = {"Windows Web Server 2008 R2", "Windows HPC Server 2008 R2"}
R2_B = R2_A | {"Windows Server 2008 R2 Standard", "Windows Server 2008 R2 Enterprise"}
R2_C = R2_B | {"Windows Server 2008 R2 Datacenter", "Windows Server 2008 R2 for Itanium-based Systems"}


@pytest.mark.parametrize(
    ("held", "right"),
    [
        (["vista"], {"Windows Vista": CLIENTS}),
        (["vista", "windows-7"], {"Windows 7": SEVEN}),
        (["server-2008-a", "vista"], {"Windows Server 2008 group A": A | CLIENTS}),
        (["server-2008-a", "server-2008-b"], {"Windows Server 2008 group B": B | CLIENTS}),
        (["server-2008-b", "server-2008-c", "vista"], {"Windows Server 2008 group C": C | CLIENTS}),
        (["server-2008-r2-a", "windows-7", "server-2008-a"], {"Windows Server 2008 R2 group A": R2_A | A | SEVEN}),
        (["server-2008-r2-b", "server-2008-b", "vista"], {"Windows Server 2008 R2 group B": R2_B | B | SEVEN}),
        (["server-2008-r2-c", "server-2008-c", "server-2008-r2-b"], {"Windows Server 2008 R2 group C": R2_C | C | SEVEN}),
        (
            ["windows-7", "server-2008-c"],
            {"Windows 7": SEVEN, "Windows Server 2008 group C": C | CLIENTS},
        ),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else "",
)
def test_the_helpers_suggest_the_right_host_key_from_the_products_held(desk, held, right):  # rows 64, 65
    assert helper(desk, *held)[0] == right


def test_nothing_held_that_has_a_host_key_is_said(desk):  # row 65
    suggested, page = helper(desk, "server-2003")
    assert suggested == {}
    assert "Nothing of that has a KMS host key." in page


def test_the_downgrade_helper_gives_the_two_answers_and_no_others(desk):  # row 66
    page = helper(desk)[1]
    table = re.search(r"What activates a downgrade</caption>(.*?)</table>", page, re.DOTALL)
    assert table
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", table[1], re.DOTALL)]
    assert [row for row in rows if row] == [
        ["Windows 7", "Windows Vista", "Windows 7 KMS host, or Windows Vista KMS host, or Windows Vista MAK"],
        ["Windows 7", "Windows XP", "Windows XP Professional key only"],
    ]


def test_a_large_raise_of_hosts_waits_for_a_second_person(desk, console, seventh):  # row 58
    browser = desk.verified("amira", seventh, NORDHAFEN, CONTACT)
    raises(browser, seventh, "hosts", "60")
    (held,) = console.store.read(lambda tx: tx.requests.of_case(seventh.case))
    assert (held.status, key(console).allowed) == (RequestStatus.HELD, SIX)
    console.signed_in("celeste").send(f"/console/approvals/{held.id}/approve", words="Two sites merge.")
    assert key(console).allowed == SIX + 60
    assert seventh.state.readback is not None
