"""What leaves a computer: how it travels, exactly which fields, and what its user can see of that."""

import json
import re
import socket
import ssl
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from activation.catalogue import Channel
from house.web import create_app
from workstation.activating.request import OF_LATER_GENERATIONS, Field

FIRST_GENERATION = {field.value for field in Field} - {"computers"} - OF_LATER_GENERATIONS
EXAMPLES = ("192.0.2.", "198.51.100.", "203.0.113.")


@pytest.fixture
def sent(room: Any, serve: Any, service: Any) -> Any:
    """What a computer of this product sends, as the service gets it."""

    def send(product: str, channel: Channel = Channel.RETAIL, **options: str) -> tuple[dict[str, Any], dict[str, str]]:
        service.status, service.answer = 422, {"detail": "No.", "code": "unknown_key"}
        room.new(product=product, channel=channel, **options)
        with serve(service.app()) as url:
            room.point(f"{url}/probe", f"{url}/activate")
            room.fails("activate", "desk", "--yes")
        return service.bodies[-1], service.headers[-1]

    return send


# row 21
def test_the_first_generation_sends_exactly_the_listed_fields(room: Any, sent: Any) -> None:
    body, headers = sent("server-2003-standard", language="de", country="DE")
    assert set(body) == FIRST_GENERATION
    assert body["language"] == "de"
    assert body["product_key"] == room.machine().key
    assert re.fullmatch(r"[0-9a-f]{16}", body["hardware_hash"])
    assert datetime.fromisoformat(body["sent_at"]).tzinfo is not None
    assert body["product_version"] == room.machine().media.version
    assert body["activation_version"] == "1.0"
    assert headers["Accept-Language"] == "de"
    assert "server-2003-standard" in headers["User-Agent"]


# row 21
def test_the_request_viewer_lists_exactly_the_fields_that_were_sent(room: Any, sent: Any) -> None:
    body, _headers = sent("server-2003-standard")
    shown = json.loads(room.do("requests", "desk", "--json"))
    assert list(shown["fields"]) == list(body)
    assert {name for name in body if body[name] != shown["fields"][name]} == {"product_key"}
    assert shown["fields"]["product_key"] == f"…-{room.machine().key[-5:]}"
    assert shown["not_listed"] == []
    page = room.do("requests", "desk")
    assert f"All {len(body)} fields are on the list of what may be sent" in " ".join(page.split())
    assert "nothing personal was sent" in " ".join(page.split())
    assert all(name in page for name in body)


# row 22
def test_newer_generations_also_send_an_example_address_and_what_their_hardware_says(room: Any, sent: Any) -> None:
    body, _headers = sent("windows-7-professional")
    assert set(body) == FIRST_GENERATION | {"ip_address", "pre_activated"}
    assert body["ip_address"].startswith(EXAMPLES)
    assert body["pre_activated"] is False
    assert body["ip_address"] in room.do("requests", "desk")


# row 24
def test_the_example_address_is_one_of_the_computers_country(room: Any) -> None:
    key = room.sell("windows-7-home-premium-n")
    room.new("abroad", key, country="US")
    assert "does not activate in the country or region" in room.fails("activate", "abroad", "--yes").stderr
    room.new("home", key, country="FR")
    room.do("activate", "home", "--yes")
    assert room.state("home") == "activated"


def test_the_answer_to_the_question_travels_only_when_it_was_asked(room: Any) -> None:
    room.new()
    room.do("activate", "desk", "--yes", "--computers", "1")
    assert "computers" not in json.loads(room.do("requests", "desk", "--json"))["fields"]
    room.do("change", "desk", "--all")
    room.do("activate", "desk", "--yes", "--computers", "1")
    assert json.loads(room.do("requests", "desk", "--json"))["fields"]["computers"] == 1


def test_the_viewer_keeps_neither_the_key_nor_the_confirmation_id(room: Any) -> None:
    room.new()
    room.do("activate", "desk", "--yes")
    shown = json.loads(room.do("requests", "desk", "--json"))
    assert shown["status"] == 200
    assert set(shown["answered"]) == {"counted", "key"}
    kept = (room.home / "workstations" / "desk.exchange").read_text()
    assert room.machine().key not in kept
    assert "received, and not kept here" in room.do("requests", "desk")


def test_a_field_that_is_not_listed_would_be_told(room: Any) -> None:
    room.new(product="server-2003-standard")
    room.do("activate", "desk", "--yes")
    file = room.home / "workstations" / "desk.exchange"
    exchange = json.loads(file.read_text())
    exchange["fields"] |= {"email": "rosa@example.org", "ip_address": "192.0.2.1"}
    file.write_text(json.dumps(exchange))
    page = " ".join(room.do("requests", "desk").split())
    assert "not on the list of what may be sent: email, ip_address" in page
    assert "nothing personal was sent" not in page


def test_a_computer_that_sent_nothing_says_so_and_a_new_one_forgets_the_old(room: Any) -> None:
    room.new()
    assert "has sent nothing yet" in room.do("requests", "desk")
    room.do("activate", "desk", "--yes")
    room.do("remove", "desk")
    room.new()
    assert "has sent nothing yet" in room.do("requests", "desk")


def test_the_documents_table_of_fields_is_the_list() -> None:
    table = (Path(__file__).parents[3] / "docs" / "workstation.md").read_text()
    listed = re.findall(r"^\| `(\w+)` \| (all|after 2003) \|", table, re.MULTILINE)
    assert dict(listed) == {field.value: "after 2003" if field in OF_LATER_GENERATIONS else "all" for field in Field}


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[trustme.CA]:
    """A certificate authority that this computer trusts."""
    authority, file = trustme.CA(), tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(file)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    return authority


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, int], str]:
    """Which ports of which hosts lead to which address on this machine; all others lead where they always did."""
    ways: dict[tuple[str, int], str] = {}
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
        if way := ways.get((str(host), int(port or 0))):
            host, port = "127.0.0.1", int(way.rpartition(":")[2])
        return real(host, port, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return ways


# row 32
def test_the_probe_goes_to_port_80_and_everything_after_it_by_https_to_443(
    room: Any, serve: Any, service: Any, authority: trustme.CA, network: dict[tuple[str, int], str], house: Any
) -> None:
    room.new()
    with serve(service.app()) as plain, serve(create_app(house), ssl_context=_context(authority, "centre.test")) as secure:
        network |= {("centre.test", 80): plain, ("centre.test", 443): secure}
        room.point("http://centre.test/activate/probe", "https://centre.test/activate")
        room.do("activate", "desk", "--yes")
    assert service.seen == [("GET", "/activate/probe")]
    assert room.state() == "activated"
    trace = json.loads(room.do("requests", "desk", "--json"))["trace"]
    probe, request = (
        next(place for place, line in enumerate(trace) if words in line) for words in ("HTTP on port 80", "to port 443")
    )
    assert probe < request
    assert "Request sent by HTTPS to port 443 of centre.test." in room.log()


# row 32
def test_a_centre_on_this_very_machine_may_be_asked_in_clear_and_the_log_says_what_a_real_one_does(room: Any) -> None:
    room.new()
    room.do("activate", "desk", "--yes")
    port = room.url.rpartition(":")[2]
    assert (
        f"Request sent by HTTP to port {port} of 127.0.0.1, which is this very machine. A real one goes by HTTPS to port 443."
        in (room.log())
    )


def test_nothing_is_sent_in_clear_to_another_machine(
    room: Any, serve: Any, service: Any, network: dict[tuple[str, int], str]
) -> None:
    room.new()
    with serve(service.app()) as plain:
        network |= {("centre.test", 80): plain}
        room.point("http://centre.test/probe", "http://centre.test/activate")
        outcome = room.fails("activate", "desk", "--yes")
    assert service.seen == [("GET", "/probe")]
    assert "does not begin with https://" in outcome.stderr
    assert "by telephone" in outcome.stdout
    assert "0xA0AC0105 address is not HTTPS" in room.log()


def test_a_certificate_nobody_vouches_for_is_not_trusted(
    room: Any, serve: Any, service: Any, network: dict[tuple[str, int], str]
) -> None:
    room.new()
    stranger = trustme.CA()
    with serve(service.app(), ssl_context=_context(stranger, "centre.test")) as secure:
        network |= {("centre.test", 443): secure}
        room.point(f"{room.url}/activate/probe", "https://centre.test/activate")
        outcome = room.fails("activate", "desk", "--yes")
    assert service.seen == []
    assert "cannot be trusted, so nothing was sent" in outcome.stderr
    assert "0xA0AC0104 certificate not trusted" in room.log()


def test_a_certificate_for_another_host_is_not_trusted(
    room: Any, serve: Any, service: Any, authority: trustme.CA, network: dict[tuple[str, int], str]
) -> None:
    room.new()
    with serve(service.app(), ssl_context=_context(authority, "other.test")) as secure:
        network |= {("centre.test", 443): secure}
        room.point(f"{room.url}/activate/probe", "https://centre.test/activate")
        room.fails("activate", "desk", "--yes")
    assert service.seen == []


def test_neither_a_proxy_nor_a_stored_password_stands_between_a_computer_and_its_own_machine(
    room: Any, serve: Any, service: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login rosa password secret\n")
    for name, value in (("http_proxy", "http://127.0.0.1:9"), ("all_proxy", "http://127.0.0.1:9"), ("NETRC", str(netrc))):
        monkeypatch.setenv(name, value)
    service.status, service.answer = 422, {"detail": "No.", "code": "x"}
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    room.new()
    monkeypatch.delenv("no_proxy")
    with serve(service.app()) as url:
        room.point(f"{url}/probe", f"{url}/activate")
        room.fails("activate", "desk", "--yes")
    assert len(service.bodies) == 1
    assert "Authorization" not in service.headers[0]
    assert "Cookie" not in service.headers[0]


def _context(authority: trustme.CA, host: str) -> Any:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context
