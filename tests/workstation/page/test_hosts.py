"""Key-management hosts as people find them at `/workstation/kms`."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from page_people import Person, Room

from activation.confirmation_id import write_confirmation_id
from activation.installation_id import Opened, read_installation_id
from workstation.computer.machine import installation_id
from workstation.kms.files import host_folder
from workstation.kms.host import Host

VISTA_HOST, R2_HOST, MAK = 4001, 4008, 3001
numbers = count(1)


@pytest.fixture
def host(person: Person) -> str:
    """A host of the test's own with the highest key, not registered yet."""
    name = f"kms-{next(numbers)}"
    answer = person.post("/kms", name=name, demo=str(R2_HOST), system="server-2008", beside="DNS, file server")
    assert answer.status_code == 303, answer.text
    return name


def read(room: Room, name: str) -> Host:
    found = host_folder(room.house.home).read(name)
    assert isinstance(found, Host)
    return found


def confirmation_id(room: Room, name: str) -> str:
    house = room.house
    opened = read_installation_id(" ".join(installation_id(read(room, name).machine)), house.catalogue, house.secrets)
    assert isinstance(opened, Opened)
    key = house.secrets.confirmation_key(opened.header.epoch, opened.installation.product)
    return " ".join(write_confirmation_id(opened.digits, 0, opened.header.layout, key))


def registered(room: Room, person: Person, name: str) -> str:
    person.send(f"/kms/{name}/confirm", confirmation_id=confirmation_id(room, name))
    assert read(room, name).is_registered
    return name


def test_a_host_is_set_up_and_shows_its_role_and_what_stands_beside_it(person: Person, host: str) -> None:  # row 54
    page = person.read(f"/kms/{host}")
    assert "activates volume clients inside the customer's own network" in page
    assert "DNS, file server. A host is light and may share its machine." in page
    assert "registers this host with the vendor, and does nothing else" in page
    assert host in person.read("/kms")
    assert f'value="{host}"' not in person.get("/kms").text, "a new host is offered a name that is free"


def test_a_host_registers_over_the_internet(room: Room, person: Person, host: str) -> None:  # row 58
    before = room.house.find_key(R2_HOST)
    page = person.send(f"/kms/{host}/register").text
    assert read(room, host).is_registered, page
    after = room.house.find_key(R2_HOST)
    assert before is not None
    assert after is not None
    assert after.used == before.used + 1
    assert "1 of 10 used" in person.read(f"/kms/{host}")


def test_a_host_takes_the_confirmation_id_that_the_line_reads(room: Room, person: Person, host: str) -> None:
    wrong = person.send(f"/kms/{host}/confirm", confirmation_id="123")
    assert "too few" in wrong.text
    registered(room, person, host)
    assert "not registered" not in person.read(f"/kms/{host}")


def test_the_threshold_flips_on_the_page(room: Room, person: Person, host: str) -> None:  # row 56
    registered(room, person, host)
    first = person.send(f"/kms/{host}/crowd", count="24", product="vista-business").text
    assert "not activated" in first
    assert "counts 24 computers so far" in first
    second = person.send(f"/kms/{host}/crowd", count="1", product="vista-business").text
    assert "the host counts 25 computers" in second
    person.send(f"/kms/{host}/renew")
    assert {known.activated_at is not None for known in read(room, host).known.values()} == {True}


def test_an_older_host_is_updated_on_the_page(room: Room, person: Person, host: str) -> None:  # row 63
    registered(room, person, host)
    seven = {"count": "30", "product": "windows-7-professional"}
    assert "before the update for Windows 7" in person.send(f"/kms/{host}/crowd", **seven).text
    assert "the update for Windows 7 and Windows Server 2008 R2 is missing" in person.read(f"/kms/{host}")
    person.send(f"/kms/{host}/update")
    assert "the update for Windows 7 and Windows Server 2008 R2 is installed" in person.read(f"/kms/{host}")
    assert "activated until" in person.send(f"/kms/{host}/crowd", **seven).text


def test_a_computer_of_the_room_asks_a_host(room: Room, person: Person, host: str) -> None:  # row 60
    registered(room, person, host)
    person.send(f"/kms/{host}/crowd", count="5", product="server-2008-web")
    person.post("/new", name="kms-client", source="client", client="server-2008-standard", country="US")
    assert "<option>kms-client</option>" in person.get(f"/kms/{host}").text
    page = person.send(f"/kms/{host}/client", client="kms-client").text
    assert "kms-client (Windows Server 2008 Standard): activated until" in page
    hosted = room.machine("kms-client").hosted
    assert hosted is not None
    assert hosted.host == host


def test_the_clock_moves_and_the_count_runs_out(room: Room, person: Person, host: str) -> None:
    registered(room, person, host)
    person.send(f"/kms/{host}/crowd", count="10000", product="vista-business")
    assert "10,000 computers that asked within 30 days" in person.read(f"/kms/{host}")
    person.send(f"/kms/{host}/clock", days="30")
    assert "0 computers that asked within 30 days" in person.read(f"/kms/{host}")


def test_a_host_is_removed(person: Person, host: str) -> None:
    assert "stays counted at the vendor" in person.send(f"/kms/{host}/remove").text
    assert person.get(f"/kms/{host}").status_code == 404


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"demo": str(MAK)}, "That is no KMS host key."),
        ({"name": "no good name"}, "begins with a letter or digit"),
        ({"system": "windows-me"}, "choose one of server-2003"),
        ({"beside": ", ".join(["DNS"] * 11)}, "at most 10 services"),
    ],
)
def test_what_cannot_be_set_up_is_said_on_the_form(person: Person, fields: dict[str, str], says: str) -> None:
    asked: dict[str, Any] = {"name": "kms-refused", "demo": str(VISTA_HOST), "system": "server-2008", **fields}
    answer = person.post("/kms", **asked)
    assert answer.status_code == 422
    assert says in answer.text


@pytest.mark.parametrize(
    ("what", "fields", "says"),
    [
        ("crowd", {"count": "many", "product": "vista-business"}, "a number from 1 to 1,000,000"),
        ("crowd", {"count": "0", "product": "vista-business"}, "a number from 1 to 1,000,000"),
        ("crowd", {"count": "1", "product": "windows-95"}, "No key-management host activates"),
        ("crowd", {"count": "1", "product": "vista-business", "service_pack": "7"}, "has no service pack 7"),
        ("client", {"client": "nobody"}, "There is no workstation named"),
        ("clock", {"days": "-1"}, "Say by how many days"),
        ("renew", {}, "Nobody has asked this host"),
    ],
)
def test_what_no_form_sends_is_refused_in_words(
    person: Person, host: str, what: str, fields: dict[str, str], says: str
) -> None:
    assert says in person.send(f"/kms/{host}/{what}", **fields).text


def test_crowds_that_ask_at_the_same_moment_are_all_counted(room: Room, person: Person, host: str) -> None:
    registered(room, person, host)
    browsers = [Person(room.app.test_client()) for _ in range(6)]
    with ThreadPoolExecutor(len(browsers)) as pool:
        list(pool.map(lambda each: each.send(f"/kms/{host}/crowd", count="1", product="vista-business"), browsers))
    assert sorted(read(room, host).known) == [f"crowd-{number}" for number in range(1, 7)]


def test_there_is_nothing_else_to_do_with_a_host(person: Person, host: str) -> None:
    assert person.post(f"/kms/{host}/explode").status_code == 404
    assert person.get("/kms/nobody").status_code == 404


def test_a_form_from_elsewhere_changes_nothing(room: Room, person: Person, host: str) -> None:
    answer = person.client.post(f"/workstation/kms/{host}/update", data={"csrf_token": "forged"})
    assert answer.status_code == 400
    assert not read(room, host).is_updated


def test_what_the_page_keeps_is_what_the_commands_show(room: Room, host: str) -> None:
    file = room.house.home / "kms-hosts" / f"{host.lower()}.json"
    assert json.loads(file.read_text())["beside"] == ["DNS", "file server"]
