"""The phone page, the confirmation ID that is typed in, and the setup log that keeps it all."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from data.catalogue import load_catalogue
from workstation.keeping.setup_log import Code
from workstation.words import LANGUAGES, sentences

ROOT = Path(__file__).parents[3]
COUNTRIES = load_catalogue().countries
FICTIONAL = re.compile(
    r"\+18005550199|\+161355501\d\d|\+448081570\d{3}|\+442079460\d{3}|\+3532091\d{5}"
    r"|\+61180097570[7-9]|\+61180097571[01]|\+493023125\d{3}|\+33199000\d{3}|\+468465004\d\d"
)
"""The ranges that regulators keep for fiction, in the countries of the list."""


# row 17
def test_the_computer_shows_the_same_groups_for_the_same_key_and_hardware(room: Any) -> None:
    room.new()
    pages = [room.do("slui", "desk"), room.do("slmgr", "desk", "/dti"), room.do("show", "desk", "--json")]
    groups = re.findall(r"\d+: (\d+)", pages[0])
    assert len(groups) == 9
    assert all(len(group) == 6 for group in groups)
    assert groups == re.findall(r"\d{6}", pages[1]) == json.loads(pages[2])["installation_id"]
    room.do("change", "desk", "--all")
    assert re.findall(r"\d+: (\d+)", room.do("slui", "desk")) != groups
    room.new("other", room.machine().key)
    assert re.findall(r"\d+: (\d+)", room.do("slui", "other")) != groups


# row 19
def test_the_confirmation_id_of_one_computer_does_not_unlock_another(room: Any, call_line: Any) -> None:
    room.new("here")
    room.new("there")
    blocks = call_line(re.findall(r"\d+: (\d+)", room.do("slui", "here")))
    assert "belongs to another computer" in room.fails("confirm", "there", *blocks).stderr
    room.do("confirm", "here", *blocks)
    assert (room.state("here"), room.state("there")) == ("activated", "in grace")
    assert "0xA0AC0301 confirmation ID refused" in room.log("there")


# row 36
def test_typing_the_confirmation_id_ends_the_process_with_a_time_stamp(room: Any, call_line: Any) -> None:
    before = room.new()
    blocks = call_line(re.findall(r"\d+: (\d+)", room.do("slui", "desk")))
    assert "activated" in room.do("confirm", "desk", *blocks)
    shown = json.loads(room.do("show", "desk", "--json"))
    assert shown["state"] == "activated"
    assert datetime.fromisoformat(shown["activated_at"]) >= before.installed_at
    assert "0x00000000 success: Activated by telephone." in room.log()


# row 34
@pytest.mark.parametrize("country", COUNTRIES.values(), ids=list(COUNTRIES))
def test_the_country_drives_the_number_shown(room: Any, country: Any) -> None:
    room.new()
    page = room.do("slui", "desk", "--country", country.code)
    kind = "toll-free" if country.toll_free else "toll number"
    assert f"{country.title}: call {country.number} ({kind})." in page
    others = {each.number for each in COUNTRIES.values()} - {country.number}
    assert not [number for number in others if number in page]


# row 34
def test_there_are_countries_with_and_without_a_toll_free_number_and_every_number_is_fictional(room: Any) -> None:
    room.new()
    listed = room.do("slui", "desk", "--list")
    assert " toll-free" in listed
    assert " toll number" in listed
    numbers = re.findall(r"\+\d+", listed)
    assert set(numbers) == {country.number for country in COUNTRIES.values()}
    assert all(FICTIONAL.fullmatch(number) for number in numbers)


# row 37
def test_a_country_of_its_own_routes_to_its_number_and_all_others_to_the_common_centre(room: Any) -> None:
    room.new(language="de", country="DE")
    own = room.do("slui", "desk")
    assert f"Deutschland: Rufen Sie {COUNTRIES['DE'].number} an" in own
    assert "meldet sich auf Deutsch" in own
    elsewhere = room.do("slui", "desk", "--country", "JP")
    assert COUNTRIES["ZZ"].number in elsewhere


# row 37
def test_a_computer_of_no_listed_country_is_routed_by_its_language(room: Any) -> None:
    room.new(language="fr")
    room.change(country="")
    assert COUNTRIES["FR"].number in room.do("slui", "desk")
    room.change(language="es")
    assert COUNTRIES["ZZ"].number in room.do("slui", "desk")


def test_every_country_of_the_catalogue_has_its_name_in_every_language() -> None:
    for language in LANGUAGES:
        names = {code: sentences(language).get(f"phone.country.{code}") for code in COUNTRIES}
        assert all(names.values()), names
    assert {code: sentences("en")[f"phone.country.{code}"] for code in COUNTRIES} == {
        code: country.title for code, country in COUNTRIES.items()
    }


# row 38
def test_the_setup_log_tells_everything_with_codes_and_can_be_taken_along(room: Any, tmp_path: Path) -> None:
    room.new()
    room.point("http://127.0.0.1:9", "http://127.0.0.1:9")
    room.fails("activate", "desk", "--yes")
    room.do("routes", "desk", "--reset", "--no-modem")
    room.do("activate", "desk", "--yes")
    log = room.log()
    codes = re.findall(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d desk (0x[0-9A-F]{8} [^:]+): \S", log, re.MULTILINE)
    assert len(codes) == len(log.splitlines())
    assert codes == [
        "0x20AC0001 system",
        "0x20AC0010 activation started",
        "0xA0AC0101 service is down",
        "0x20AC0016 phone page shown",
        "0x20AC0010 activation started",
        "0x20AC0011 service is up",
        "0x20AC0014 sent by HTTP on this machine",
        "0x00000000 success",
    ]
    out = tmp_path / "taken along.txt"
    room.do("log", "desk", "--out", str(out))
    assert out.read_text() == log


def test_a_log_that_cannot_be_written_is_a_sentence(room: Any, tmp_path: Path) -> None:
    room.new()
    assert "No such file" in room.fails("log", "desk", "--out", str(tmp_path / "missing" / "log.txt")).stderr


def test_the_documents_table_of_codes_is_that_of_the_log() -> None:
    table = (ROOT / "docs" / "workstation.md").read_text()
    listed = re.findall(r"^\| `(0x[0-9A-F]{8})` \| ([^|]+) \|", table, re.MULTILINE)
    assert [f"{number} {name.strip()}" for number, name in listed] == [code.label for code in Code]


def test_no_two_codes_have_a_number_or_a_name_in_common() -> None:
    numbers, names = zip(*(code.value for code in Code), strict=True)
    assert len(set(numbers)) == len(set(names)) == len(Code)


def test_addresses_are_shown_set_and_reset(room: Any) -> None:
    room.new()
    derived = {"probe_url": f"{room.url}/activate/probe", "activation_url": f"{room.url}/activate", "modem": False}
    assert json.loads(room.do("routes", "desk", "--json")) == derived
    room.do("routes", "desk", "--activation-url", "https://centre.test/activate", "--modem")
    shown = room.do("routes", "desk")
    assert "https://centre.test/activate" in shown
    assert "skipped: modem" in shown
    assert json.loads(room.do("routes", "desk", "--reset", "--json")) == derived


def test_a_centre_known_by_https_answers_the_probe_on_port_80(room: Any) -> None:
    room.new()
    room.change(centre="https://centre.test:8443/simulator")
    assert json.loads(room.do("routes", "desk", "--json")) == {
        "probe_url": "http://centre.test/simulator/activate/probe",
        "activation_url": "https://centre.test:8443/simulator/activate",
        "modem": False,
    }


@pytest.mark.parametrize(
    "address",
    [
        "",
        "centre.test",
        "ftp://centre.test",
        "http://",
        "http://rosa:secret@centre.test",
        "http://centre.test:99999",
        "http://centre.test:0",
        "http://[::1",
        "http://centre.test/\x1b[2J",
        f"http://{'x' * 600}",
        "https://centre.test/BCDFG-HJKMP-QRTVW-XY234-6789B",
    ],
)
@pytest.mark.parametrize("option", ["--probe-url", "--activation-url"])
def test_an_address_that_will_not_do_is_refused_and_not_kept(room: Any, option: str, address: str) -> None:
    room.new()
    before = room.machine()
    outcome = room.fails("routes", "desk", option, address)
    assert outcome.stderr.count("\n") == 1
    assert "HJKMP" not in outcome.output
    assert room.machine() == before


def test_an_encrypted_probe_is_refused(room: Any) -> None:
    room.new()
    assert "plain HTTP" in room.fails("routes", "desk", "--probe-url", "https://centre.test").stderr
