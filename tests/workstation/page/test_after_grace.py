"""What is to be seen of a computer whose time is up, and of one whose hardware has changed too much."""

import re

import pytest
from page_people import RETAIL_7, RETAIL_2003, Person, Room, said

from workstation.computer.machine import State, state

SIGNS = ["logon_dialog", "in_programs", "black_desktop", "notice_area", "action_centre"]


# row 42
def test_the_2003_generation_blocks_the_logon_and_lets_only_the_activation_be_opened(room: Room, person: Person) -> None:
    person.set_up("blocked", RETAIL_2003)
    person.do("blocked", "end")
    person.do("blocked", "log-on")
    page = person.get("/computers/blocked")
    screen = re.search(r'id="screen".*?<div class="monitor-foot"', page.text, re.DOTALL)
    assert screen
    assert 'class="screen blocked"' in page.text
    assert "must be activated before anybody can log on" in screen[0]
    assert re.findall(r'href="([^"]+)"', screen[0]) == ["/workstation/computers/blocked/activate"]
    assert person.get("/computers/blocked/activate").status_code == 200


# row 43
@pytest.mark.parametrize("serial", [RETAIL_2003, RETAIL_7])
def test_services_and_remote_administration_run_on_after_the_grace(person: Person, serial: int) -> None:
    name = f"services-{serial}"
    person.set_up(name, serial)
    before = person.read(f"/computers/{name}")
    person.do(name, "end")
    after = person.read(f"/computers/{name}")
    assert "Remote administration running" in after
    assert after.count(" running ") == before.count(" running ") >= 5
    assert " stopped " not in after


# row 44
def test_the_newer_generation_shows_five_signs_and_locks_nobody_out(room: Room, person: Person) -> None:
    person.set_up("noticed", RETAIL_7)
    assert "data-sign" not in person.get("/computers/noticed").text
    person.do("noticed", "end")
    page = person.get("/computers/noticed")
    assert sorted(re.findall(r'data-sign="(\w+)"', page.text)) == sorted(SIGNS)
    assert 'class="screen black"' in page.text
    assert "This computer" in said(page), "the desktop is there"
    later = person.get("/computers/noticed?later=1").text
    assert sorted(re.findall(r'data-sign="(\w+)"', later)) == sorted(set(SIGNS) - {"logon_dialog"})
    person.send("/computers/noticed/activate/telephone", block=room.issue("noticed"))
    assert "data-sign" not in person.get("/computers/noticed").text


def test_a_logon_brings_up_a_reminder(person: Person) -> None:
    person.set_up("reminds", RETAIL_2003)
    page = person.get("/computers/reminds").text
    assert 'class="balloon"' not in page
    assert "Activate this computer: 30 days are left." in person.do("reminds", "log-on")
    assert 'class="balloon"' in person.get("/computers/reminds").text


# row 45
def test_enough_exchanged_parts_start_a_countdown_of_three_days(room: Room, person: Person) -> None:
    person.set_up("drifting", RETAIL_2003)
    person.send("/computers/drifting/activate/telephone", block=room.issue("drifting"))
    page = person.do("drifting", "exchange", part="network address")
    assert "9 of 12 votes" in page
    assert "out of tolerance" not in page
    for part in ("disk serial", "graphics", "processor"):
        page = person.do("drifting", "exchange", part=part)
    assert "6 of 12 votes" in page
    assert "out of tolerance, 3 days left" in page
    assert "must be activated before anybody can log on" not in page
    person.do("drifting", "end")
    page = person.read("/computers/drifting")
    assert "only the activation can be opened" in page
    assert "Remote administration running" in page


# row 45
def test_reactivation_within_the_three_days_ends_the_countdown(room: Room, person: Person) -> None:
    person.set_up("mended", RETAIL_2003)
    person.send("/computers/mended/activate/telephone", block=room.issue("mended"))
    person.do("mended", "exchange", part="all")
    assert state(room.machine("mended"), room.now("mended")) is State.OUT_OF_TOLERANCE
    person.send("/computers/mended/activate/telephone", block=room.issue("mended"))
    assert state(room.machine("mended"), room.now("mended")) is State.ACTIVATED


def test_the_late_activation_fault_and_its_fix(room: Room, person: Person) -> None:
    person.set_up("faulty", 1001)
    person.do("faulty", "end")
    shown = said(person.send("/computers/faulty/activate/telephone", block=room.issue("faulty")))
    assert "The confirmation ID is not valid" in shown
    assert "logon" in person.do("faulty", "fix-setup"), "with the logon blocked, its setup cannot be run"
    person.do("faulty", "fix-safe-mode")
    assert "Safe mode" in person.read("/computers/faulty")
    assert "in grace, 30 days left" in person.do("faulty", "restart")
    person.send("/computers/faulty/activate/telephone", block=room.issue("faulty"))
    assert room.machine("faulty").activation
