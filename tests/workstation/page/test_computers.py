"""The list of computers, setting one up, and what a computer's page shows and lets one do."""

import itertools
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from page_people import EVALUATION, MAK, MSDN, OEM, RETAIL_7, RETAIL_2003, RETAIL_IN_USE, Person, Room, said

from activation.hardware import COMPONENTS
from workstation.computer.machine import SETTLED, installation_id, product_id, state
from workstation.page.acts import ACTS

CHANGES_THE_CHANNEL = {"key", "reimage", "makers-image"}
"""What makes another licence of a computer."""


def test_a_newcomer_gets_a_computer_by_one_click(room: Room, person: Person) -> None:
    page = person.get("")
    fields = dict(re.findall(r'<input type="hidden" name="(name|source|demo)" value="([^"]+)">', page.text))
    assert "There are no computers here yet" in page.text
    shown = said(person.send("/new", **fields))
    assert "office-pc is set up with Windows 7 Home Premium" in shown
    assert "in grace, 30 days left" in person.read("")


# row 16
def test_a_product_key_is_needed_and_the_product_id_is_displayed(room: Room, person: Person) -> None:
    nothing = person.post("/new", name="keyless", source="own", key="")
    assert (nothing.status_code, room.folder.holds("keyless")) == (422, False)
    key = next(each.key for each in room.app.extensions["workstation page"].demo_keys() if each.serial == RETAIL_2003)
    shown = said(person.send("/new", name="keyed", source="own", key=key, country="US"))
    assert product_id(room.machine("keyed")) in shown
    assert key not in shown


# row 70
def test_a_virtual_computer_with_a_mak_is_told_that_a_key_management_host_is_preferred(person: Person) -> None:
    wording = "a key-management host is preferred for virtual machines"
    computers = {"guest": (MAK, {"is_virtual": "yes"}), "solid": (MAK, {}), "at-home": (RETAIL_7, {"is_virtual": "yes"})}
    for name, (serial, fields) in computers.items():
        person.set_up(name, serial, **fields)
    assert [wording in person.read(f"/computers/{name}") for name in computers] == [True, False, False]


# row 17
def test_the_installation_id_is_shown_in_groups_and_stays_the_same_for_the_same_computer(room: Room, person: Person) -> None:
    person.set_up("same")
    groups = installation_id(room.machine("same"))
    assert len(groups) == 9
    page = person.read("/computers/same/activate/telephone")
    assert re.findall(r"Group \d: \d (\d{6})", page) == list(groups)
    person.do("same", "day")
    assert " ".join(groups) in person.read("/computers/same")
    person.do("same", "exchange", part="network address")
    assert " ".join(groups) not in person.read("/computers/same")


# row 10
@pytest.mark.parametrize("what", sorted(ACTS.keys() - CHANGES_THE_CHANNEL))
def test_no_switch_of_the_page_makes_activation_needless(room: Room, person: Person, what: str) -> None:
    name = f"no-switch-{what}"
    person.set_up(name, RETAIL_2003)
    offered = set(re.findall(r"/do/([a-z-]+)\"", person.get(f"/computers/{name}").text))
    assert offered <= ACTS.keys()
    for part in (component.name for component in COMPONENTS[:1]):
        person.do(name, what, part=part)
    assert state(room.machine(name), room.now(name)) not in SETTLED


# row 10
def test_only_another_channel_changes_the_outcome(room: Room, person: Person) -> None:
    person.set_up("volume", 2001)
    assert "activation not required" in person.read("/computers/volume")
    assert "Activate it" not in person.read("/computers/volume")


@pytest.mark.parametrize(("serial", "days"), [(RETAIL_7, 30), (OEM, 30), (EVALUATION, 14), (MSDN, 60)])
def test_the_countdown_comes_from_the_kind_of_licence(person: Person, serial: int, days: int) -> None:
    person.set_up(f"days-{serial}", serial)
    assert f"in grace, {days} days left" in person.read("")


# row 41
def test_the_timeline_tells_one_reminder_a_day_then_six_then_one_an_hour(room: Room, person: Person) -> None:
    person.set_up("reminded")
    machine = room.machine("reminded")
    end = machine.installed_at + timedelta(days=30)
    page = person.get("/computers/reminded").text
    due = re.findall(r'<time datetime="([^"]+)">[^<]+</time><span>Reminder', page)
    days_before_the_end = [(end - timedelta(days=3 - day)).isoformat() for day in range(4)]
    counts = [sum(start <= moment < stop for moment in due) for start, stop in itertools.pairwise(days_before_the_end)]
    assert counts == [6, 6, 24]
    assert sum(moment < days_before_the_end[0] for moment in due) == 27


def test_the_clock_has_buttons(room: Room, person: Person) -> None:
    person.set_up("clock")
    person.do("clock", "hour")
    person.do("clock", "day")
    assert room.machine("clock").clock_ahead_seconds == pytest.approx(25 * 3600, abs=2)
    assert "1 day left" in person.do("clock", "last-day")
    assert "grace ended" in person.do("clock", "end")
    assert "in grace, 30 days left" in person.do("clock", "real-time")


def test_two_people_who_press_buttons_at_once_lose_no_press(room: Room, person: Person) -> None:
    person.set_up("busy")
    people = [Person(room.app.test_client()) for _each in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda each: [each.do("busy", "hour") for _press in range(5)], people))
    assert room.machine("busy").clock_ahead_seconds == 20 * 3600


def test_a_copied_disk_is_out_of_tolerance_in_other_hardware(room: Room, person: Person) -> None:
    person.set_up("original", MSDN)
    person.send("/computers/original/activate/telephone", block=room.issue("original"))
    page = said(person.send("/computers/original/copy", **{"as": "copy", "way": "disk"}))
    assert "out of tolerance, 3 days left" in page
    assert "activated" in person.read("/computers/original")
    refused = said(person.send("/computers/original/copy", **{"as": "original", "way": "disk"}))
    assert "already a workstation named 'original'" in refused


def test_a_computer_that_is_not_there_is_a_page_that_says_so(person: Person) -> None:
    answer = person.get("/computers/nobody")
    assert answer.status_code == 404
    assert "There is no workstation named 'nobody'" in said(answer)
    assert "To the computers" in said(answer)


def test_an_address_that_leads_nowhere_is_a_page_with_the_way_back(person: Person) -> None:
    answer = person.get("/computres")
    assert answer.status_code == 404
    assert "There is no such page" in said(answer)
    assert 'href="/workstation"' in answer.text


def test_taking_a_computer_away(room: Room, person: Person) -> None:
    person.set_up("gone", RETAIL_IN_USE)
    assert "gone is gone." in said(person.send("/computers/gone/remove"))
    assert not room.folder.holds("gone")
