"""Activation over the internet, as a person meets it: one command against the real service, or one that answers as told."""

import re
from itertools import count
from typing import Any

import pytest

from activation.catalogue import Channel
from workstation.activating import connection

NOWHERE = "http://127.0.0.1:9"
PHONE_PAGE = "Activate Windows 7 Professional by telephone"


# row 29
def test_the_internet_route_takes_seconds_and_no_typing(room: Any) -> None:
    room.new()
    printed = room.do("activate", "desk", "--yes")
    assert "Activated over the internet." in printed
    finished = re.search(r"Finished in (\d+\.\d) seconds; there was nothing to type\.", printed)
    assert finished
    assert float(finished[1]) < 10
    assert room.state() == "activated"


# row 28
def test_the_same_wizard_offers_internet_and_telephone_and_both_end_activated(room: Any, call_line: Any) -> None:
    room.new("online")
    room.new("offline")
    room.do("activate", "online", "--yes")
    page = room.do("slui", "offline")
    groups = re.findall(r"\d+: (\d+)", page)
    room.do("confirm", "offline", *call_line(groups))
    assert (room.state("online"), room.state("offline")) == ("activated", "activated")


# row 30
@pytest.mark.parametrize("status", [200, 302, 404])
def test_any_status_below_500_says_that_the_service_is_there(room: Any, serve: Any, service: Any, status: int) -> None:
    service.probe_status = status
    room.new()
    with serve(service.app()) as probe:
        room.point(f"{probe}/here", f"{room.url}/activate")
        room.do("activate", "desk", "--yes")
    assert service.seen == [("GET", "/here")], "one request, and no redirect is followed"
    assert f"status {status}, so the service is there" in room.log()


# row 30
@pytest.mark.parametrize("status", [500, 503])
def test_500_and_503_say_that_it_is_down_and_the_phone_is_proposed(room: Any, serve: Any, service: Any, status: int) -> None:
    service.probe_status = status
    room.new()
    with serve(service.app()) as probe:
        room.point(f"{probe}/here", f"{probe}/activate")
        outcome = room.fails("activate", "desk", "--yes")
    assert service.bodies == [], "nothing is sent to a service that is down"
    assert "Activate by telephone" in outcome.stderr
    assert PHONE_PAGE in outcome.stdout
    assert f"0xA0AC0101 service is down: Probe by HTTP on port {probe.rpartition(':')[2]}" in room.log()


def test_nobody_there_and_somebody_who_is_silent_are_down(
    room: Any, serve: Any, monkeypatch: pytest.MonkeyPatch, silent: str
) -> None:
    monkeypatch.setattr(connection, "PROBE_SECONDS", 0.2)
    room.new()
    for probe in (NOWHERE, silent):
        room.point(probe, f"{room.url}/activate")
        assert PHONE_PAGE in room.fails("activate", "desk", "--yes").stdout
    assert room.log().count("no answer.") == 2


# row 31
def test_with_a_modem_there_is_no_probe_and_the_log_says_so(room: Any, serve: Any, service: Any) -> None:
    room.new()
    with serve(service.app()) as probe:
        room.point(probe, f"{room.url}/activate", modem=True)
        room.do("activate", "desk", "--yes")
    assert service.seen == []
    assert "modem connects: Modem: there is no HTTP probe; only whether the modem connects was checked. It does." in room.log()
    assert room.state() == "activated"


# row 31
def test_a_modem_that_does_not_connect_leads_to_the_phone(room: Any) -> None:
    room.new()
    room.point(NOWHERE, NOWHERE, modem=True)
    assert PHONE_PAGE in room.fails("activate", "desk", "--yes").stdout
    assert "0xA0AC0102 modem does not connect" in room.log()


# row 33
def test_a_failing_attempt_shows_the_phone_page_at_once(room: Any) -> None:
    room.new(product="windows-7-professional", country="GB")
    room.point(NOWHERE, NOWHERE)
    outcome = room.fails("activate", "desk", "--yes")
    assert "cannot be reached over the internet" in outcome.stderr
    assert "United Kingdom: call +448081570142 (toll-free)." in outcome.stdout
    groups = re.findall(r"\d+: (\d+)", outcome.stdout)
    assert len("".join(groups)) == 54
    assert "phone page shown" in room.log()


# row 33
def test_what_the_centre_refuses_leads_to_the_phone_as_well(room: Any) -> None:
    key = room.sell(channel=Channel.MAK, allowed=1)
    room.new("first", key)
    room.new("second", key)
    room.do("activate", "first", "--yes")
    outcome = room.fails("activate", "second", "--yes", "--country", "DE")
    assert "no activations left" in outcome.stderr
    assert "Germany: call" in outcome.stdout
    assert "activation refused" in room.log("second") or "needs a person" in room.log("second")
    assert "(over_limit)" in room.log("second") or "(mak_limit)" in room.log("second")


# row 23
def test_the_same_refusal_comes_back_in_the_systems_language(room: Any) -> None:
    said = {}
    for language, country in (("en", "US"), ("de", "DE"), ("fr", "FR"), ("es", "US")):
        room.new(language, room.sell(channel=Channel.MAK, allowed=0), language=language, country=country)
        said[language] = room.fails("activate", language, "--yes").stderr.splitlines()[0]
    assert len(set(said.values())) == 4
    assert "no activations left" in said["en"]
    assert "Aktivierungen" in said["de"]


# row 23
def test_what_the_computer_says_itself_is_in_its_language_too(room: Any) -> None:
    room.new(language="de", country="DE")
    room.point(NOWHERE, NOWHERE)
    outcome = room.fails("activate", "desk", "--yes")
    assert "über das Internet gerade nicht zu erreichen" in outcome.stderr
    assert "per Telefon aktivieren" in outcome.stdout
    assert "keine Antwort" in room.log()


# row 27
def test_the_privacy_statement_is_shown_before_anything_leaves(room: Any, serve: Any, service: Any) -> None:
    room.new()
    with serve(service.app()) as url:
        room.point(f"{url}/probe", f"{url}/activate")
        outcome = room.fails("activate", "desk", typed="n\n")
    assert "Privacy statement" in outcome.stdout
    assert "no name, no address, no e-mail address and no telephone number is asked or sent" in outcome.stdout
    assert service.seen == [], "not even the probe"
    assert "Nothing was sent" in outcome.stderr
    assert "nothing sent" in room.log()
    assert room.state() == "in grace"


# row 27
@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "Privacy statement"), ("de", "Datenschutzerklärung"), ("fr", "confidentialité"), ("es", "privacidad")],
)
def test_who_agrees_goes_on_and_has_read_it_in_their_language(room: Any, language: str, title: str) -> None:
    room.new(language=language)
    printed = room.do("activate", "desk", typed="y\n")
    assert title in printed
    assert printed.index(title) < printed.index("desk: ")
    assert room.state() == "activated"


# row 46
def test_a_computer_out_of_tolerance_is_reactivated_online(room: Any) -> None:
    room.new()
    room.do("activate", "desk", "--yes")
    room.do("change", "desk", "--all")
    assert room.state() == "out of tolerance"
    printed = room.do("activate", "desk", "--yes", typed="1\n")
    assert "On how many computers is this copy installed?" in printed
    assert room.state() == "activated"
    assert "question asked" in room.log()


# row 46
def test_where_the_centre_refuses_the_reactivation_the_phone_page_follows(room: Any) -> None:
    room.new()
    room.do("activate", "desk", "--yes")
    room.do("change", "desk", "--all")
    outcome = room.fails("activate", "desk", "--yes", "--computers", "2")
    assert "as many computers as its licence allows" in outcome.stderr
    assert PHONE_PAGE in outcome.stdout
    assert room.state() == "out of tolerance"


def test_an_outage_of_the_centre_is_told_in_its_own_words(room: Any, serve: Any, service: Any) -> None:
    service.status, service.answer = 503, {"detail": "Activation is out of order.", "code": "service_down"}
    room.new()
    with serve(service.app()) as url:
        room.point(f"{url}/probe", f"{url}/activate")
        assert "Activation is out of order." in room.fails("activate", "desk", "--yes").stderr
    assert "0xA0AC0204 service out of order" in room.log()


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, {}),
        (200, {"confirmation_id": "x", "counted": True, "key": "X"}),
        (502, {}),
        (301, {}),
        (200, {"detail": 3, "code": "x"}),
    ],
)
def test_an_answer_that_is_none_of_ours_is_a_sentence(
    room: Any, serve: Any, service: Any, status: int, answer: dict[str, Any]
) -> None:
    service.status, service.answer = status, answer
    room.new()
    with serve(service.app()) as url:
        room.point(f"{url}/probe", f"{url}/activate")
        outcome = room.fails("activate", "desk", "--yes")
    assert f"answered with status {status} and nothing that can be understood" in outcome.stderr
    assert PHONE_PAGE in outcome.stdout
    assert service.seen == [("GET", "/probe"), ("POST", "/activate")]


def test_a_confirmation_id_of_another_computer_is_not_taken_from_the_centre_either(room: Any, serve: Any, service: Any) -> None:
    service.answer = {"confirmation_id": ["000000"] * 8, "counted": True, "key": "XXXXX"}
    room.new()
    with serve(service.app()) as url:
        room.point(f"{url}/probe", f"{url}/activate")
        room.fails("activate", "desk", "--yes")
    assert room.state() == "in grace"
    assert "0xA0AC0301 confirmation ID refused" in room.log()


def test_neither_a_foreign_key_nor_a_control_character_of_the_centres_is_repeated(room: Any, serve: Any, service: Any) -> None:
    foreign = "BCDFG-HJKMP-QRTVW-XY234-6789B"
    service.status, service.answer = 422, {"detail": f"\x1b[2JNot {foreign}!", "code": "\x1bx"}
    room.new()
    with serve(service.app()) as url:
        room.point(f"{url}/probe", f"{url}/activate")
        outcome = room.fails("activate", "desk", "--yes")
    assert "\x1b" not in outcome.output + room.log()
    kept = "".join(file.read_text() for file in (room.home / "workstations").iterdir())
    assert "HJKMP" not in outcome.output + kept


def test_a_volume_client_and_a_licence_that_needs_nothing_are_told_so_without_a_phone_page(room: Any) -> None:
    room.new("2003", room.sell("server-2003-enterprise", Channel.VOLUME))
    outcome = room.fails("activate", "2003", "--yes")
    assert "needs no activation" in outcome.stderr
    assert "telephone" not in outcome.stdout


def test_a_mak_tells_what_is_left_of_it(room: Any) -> None:
    key = room.sell(channel=Channel.MAK, allowed=3)
    room.new(key=key)
    assert f"Activations left of the key that ends in {key[-5:]}: 2." in room.do("activate", "desk", "--yes")


def test_an_answer_without_an_end_is_not_read_to_it(room: Any, serve: Any) -> None:
    def endless(_environ: Any, start: Any) -> Any:
        start("200 OK", [])
        return (b" " * 4096 for _ in count())

    room.new()
    with serve(endless) as url:
        room.point(f"{room.url}/activate/probe", f"{url}/activate")
        assert "nothing that can be understood" in room.fails("activate", "desk", "--yes").stderr
