"""The activation wizard without scripts: every step by links and forms."""

import json
import re
from datetime import UTC, datetime

import pytest
from page_people import MSDN, RETAIL_7, RETAIL_2003, RETAIL_IN_USE, Person, Room, said

from activation.digits import with_check_digit
from workstation.activating.request import listed_fields
from workstation.computer.machine import Machine, State, installation_id, state
from workstation.setup.relicensing import uninstall_key
from workstation.words import LANGUAGES, say

WIZARD = "/computers/{}/activate"


# row 27
def test_the_privacy_statement_is_a_link_away_before_anything_leaves(room: Room, person: Person) -> None:
    person.set_up("private")
    for step in ("", "/internet"):
        page = person.get(WIZARD.format("private") + step).text
        assert '/workstation/computers/private/activate/privacy"' in page
    statement = person.read(WIZARD.format("private") + "/privacy")
    fields = set(listed_fields("7")) - {"computers"}
    assert all(say(f"request.field.{field}", "en") in statement for field in fields)
    assert "Nothing has been sent over the internet yet" in person.read("/computers/private/requests")


# row 28
def test_both_ways_work_end_to_end_by_telephone(room: Room, person: Person) -> None:
    person.set_up("by-telephone", RETAIL_2003)
    page = person.read(WIZARD.format("by-telephone"))
    assert "Over the internet" in page
    assert "By telephone" in page
    shown = said(person.send(f"{WIZARD.format('by-telephone')}/telephone", block=room.issue("by-telephone")))
    assert "is activated" in shown
    assert state(room.machine("by-telephone"), room.now("by-telephone")) is State.ACTIVATED


# row 28
# row 29
def test_both_ways_work_end_to_end_over_the_internet_with_nothing_to_type(room: Room, person: Person) -> None:
    person.set_up("by-internet", MSDN)
    shown = said(person.send(f"{WIZARD.format('by-internet')}/internet"))
    seconds = re.search(r"Done in ([\d.]+) seconds. There was nothing to type.", shown)
    assert seconds, shown
    assert float(seconds[1]) < 20
    assert state(room.machine("by-internet"), room.now("by-internet")) is State.ACTIVATED
    viewer = person.read("/computers/by-internet/requests")
    assert "nothing personal was sent" in viewer
    assert all(field in viewer for field in ("installation_id", "product_id", "hardware_hash", "sent_at", "language"))


# row 33
# row 46
def test_an_attempt_that_fails_leads_to_the_telephones_page_in_one_step(room: Room, person: Person) -> None:
    person.set_up("refused")
    person.do("refused", "routes", probe_url=f"{room.url}/activate/probe", activation_url="http://127.0.0.1:9/activate")
    answer = person.send(f"{WIZARD.format('refused')}/internet")
    assert answer.request.path == "/workstation/computers/refused/activate/telephone"
    page = said(answer)
    assert "Activation over the internet did not work" in page
    assert re.findall(r"Group \d: \d (\d{6})", page) == list(installation_id(room.machine("refused")))
    assert "+18005550199" in page


# row 46
def test_a_key_in_use_elsewhere_is_asked_about_online_and_then_sent_to_the_telephone(room: Room, person: Person) -> None:
    person.set_up("in-use", RETAIL_IN_USE)
    asked = said(person.send(f"{WIZARD.format('in-use')}/internet"))
    assert "On how many computers is this copy installed?" in asked
    answer = person.send(f"{WIZARD.format('in-use')}/internet", computers="2")
    assert answer.request.path.endswith("/activate/telephone")
    assert "Activation over the internet did not work" in said(answer)


# row 34
# row 37
@pytest.mark.parametrize(
    ("country", "number", "kind"),
    [
        ("US", "+18005550199", "toll-free"),
        ("GB", "+448081570142", "toll-free"),
        ("DE", "+493023125142", "toll number"),
        ("IE", "+353209100142", "toll number"),
        ("JP", "+442079460142", "toll number"),
    ],
)
def test_the_country_decides_which_number_is_shown(person: Person, room: Room, country: str, number: str, kind: str) -> None:
    if not room.folder.holds("abroad"):
        person.set_up("abroad")
    page = person.get(f"{WIZARD.format('abroad')}/telephone?country={country}")
    assert f"Call this number: {number} {kind}" in said(page)
    assert f'src="/phone?number=%2B{number[1:]}&amp;embedded"' in page.text


# row 36
def test_the_confirmation_id_typed_in_its_boxes_ends_the_process(room: Room, person: Person) -> None:
    person.set_up("typed", RETAIL_2003)
    before = datetime.now(UTC)
    person.send(f"{WIZARD.format('typed')}/telephone", block=room.issue("typed"))
    machine = room.machine("typed")
    assert machine.activation
    assert before <= machine.activation.activated_at <= datetime.now(UTC)
    page = person.read("/computers/typed")
    assert f"Activated {machine.activation.activated_at:%Y-%m-%d %H:%M}, by telephone" in page
    assert person.get(WIZARD.format("typed")).request.path.endswith("/activate/done")


def test_a_whole_id_pasted_into_the_first_box_activates(room: Room, person: Person) -> None:
    person.set_up("pasted", RETAIL_2003)
    person.send(f"{WIZARD.format('pasted')}/telephone", block=[" - ".join(room.issue("pasted")), *[""] * 6])
    assert room.machine("pasted").activation


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_block_is_named_in_the_computers_language_and_what_was_typed_stays(
    room: Room, person: Person, language: str
) -> None:
    name = f"wrong-{language}"
    person.set_up(name, language=language)
    blocks = room.issue(name)
    blocks[2] = blocks[2][:-1] + str((int(blocks[2][-1]) + 1) % 10)
    answer = person.send(f"{WIZARD.format(name)}/telephone?country=IE", block=blocks)
    page = said(answer)
    assert say("confirm.block", language, block="C") in page
    assert re.findall(r'data-standing="(\w+)"', answer.text) == ["good", "good", "wrong", *["good"] * 5]
    again = person.get(f"{WIZARD.format(name)}/telephone?country=IE").text
    assert re.findall(r'name="block" value="(\d+)"', again) == blocks
    assert "+353209100142" in again
    assert room.machine(name).activation is None


def test_another_computers_confirmation_id_is_refused_and_says_so(room: Room, person: Person) -> None:
    person.set_up("mine")
    person.set_up("theirs")
    page = said(person.send(f"{WIZARD.format('mine')}/telephone", block=room.issue("theirs")))
    assert "belongs to another computer" in page
    assert room.machine("mine").activation is None


def test_every_block_is_checked_by_itself_as_it_is_typed(room: Room, person: Person) -> None:
    person.set_up("live")
    good = with_check_digit("12345")
    answer = person.post(f"{WIZARD.format('live')}/telephone/check", block=[good, "12", "000001"])
    told = json.loads(answer.data)
    assert [box["standing"] for box in told["boxes"]] == ["good", "begun", "wrong", *["empty"] * 5]
    assert told["boxes"][1]["sentence"] == "Block B has 2 of 6 digits."
    assert told["complete"] == ""
    assert good in person.get(f"{WIZARD.format('live')}/telephone").text, "a reload loses nothing"


def test_when_every_block_fits_the_page_says_to_go_on(room: Room, person: Person) -> None:
    person.set_up("complete", RETAIL_7)
    answer = person.post(f"{WIZARD.format('complete')}/telephone/check", block=room.issue("complete"))
    assert json.loads(answer.data)["complete"] == "All blocks fit. Go on with Next."


def test_a_computer_that_needs_no_activation_has_no_wizard(person: Person) -> None:
    person.set_up("needless", 2001)
    assert person.get(WIZARD.format("needless")).request.path.endswith("/activate/done")


def test_a_volume_client_is_told_that_its_networks_host_activates_it(room: Room, person: Person) -> None:
    fields = {"name": "client", "source": "client", "client": "windows-7-professional", "country": "US"}
    assert "Volume client (KMS)" in said(person.send("/new", **fields))
    page = person.read(WIZARD.format("client"))
    assert "A key-management host of the network activates this computer" in page
    assert "By telephone" not in page
    assert person.get(f"{WIZARD.format('client')}/telephone").request.path.endswith("/activate")
    assert "Installation ID" not in person.read("/computers/client")


# row 60
def test_a_volume_client_looks_for_a_host_from_its_wizard(room: Room, person: Person) -> None:
    person.post("/new", name="asking", source="client", client="server-2008-standard", country="US", language="fr")
    host = f"{WIZARD.format('asking')}/host"
    assert "Aucun hôte de gestion de clés n'a été trouvé dans ce réseau." in said(person.send(host))
    person.post("/kms", name="wizard-host", demo="4008", system="server-2008-r2")
    assert "wizard-host n'est pas encore enregistré" in said(person.send(host))
    person.send("/kms/wizard-host/register")
    person.send("/kms/wizard-host/crowd", count="5", product="server-2008-standard")
    assert person.send(host).request.path.endswith("/activate/done")
    page = person.read("/computers/asking")
    assert "Activated by a key-management host of its network" in page
    assert "Host wizard-host, until " in page
    assert state(room.machine("asking"), room.now("asking")) is State.ACTIVATED


def test_an_attempt_that_cannot_be_made_stays_where_it_was_made_and_says_why(room: Room, person: Person) -> None:
    person.set_up("keyless")
    bare = uninstall_key(room.machine("keyless"), room.now("keyless"))
    assert isinstance(bare, Machine)
    room.folder.write(bare)
    answer = person.send(f"{WIZARD.format('keyless')}/internet")
    assert answer.request.path.endswith("/activate/internet")
    assert "No product key is installed. Install one first" in said(answer)
    assert "0x20AC0016" not in room.folder.read_log("keyless")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wizard_speaks_the_systems_language(person: Person, language: str) -> None:
    name = f"speaks-{language}"
    person.set_up(name, language=language)
    page = person.get(f"{WIZARD.format(name)}")
    assert f'id="screen" lang="{language}"' in page.text
    assert say("wizard.choose.telephone_hint", language) in said(page)
