"""Fetching installation media: what arrives is checked, what does not arrive is a sentence."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any

import msgspec
import pytest
from flask import Flask, Response, redirect
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.serving import make_server

from activation.catalogue import Channel
from activation.installation_id import Opened, read_installation_id
from activation.redaction import holds_foreign_key
from workstation.computer.hardware import choose_parts
from workstation.computer.machine import Machine, installation_id
from workstation.computer.media import Media, NoMedia, fetch_media, read_media

Sell = Callable[..., str]
Install = Callable[..., Machine]
Serve = Callable[[], AbstractContextManager[str]]
FOREIGN_KEY = "BCDFG-HJKMP-QRTVW-XY234-6789B"


@contextmanager
def answering(answer: Callable[[], Response]) -> Iterator[str]:
    """Something at the centre's address that answers every POST to /media in this way; gives its URL."""
    application = Flask(__name__)
    application.add_url_rule("/media", view_func=answer, methods=["POST"])
    server = make_server("127.0.0.1", 0, application)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sentence(media: Media | NoMedia) -> str:
    assert isinstance(media, NoMedia)
    assert media.sentence.endswith(".")
    return media.sentence


def test_a_running_centre_gives_the_media_of_the_key(serve: Serve, sell: Sell) -> None:
    with serve() as url:
        media = fetch_media(url, sell("server-2003-standard", Channel.EVALUATION))
    assert isinstance(media, Media)
    assert (media.product.name, media.channel, media.grace_days) == ("server-2003-standard", Channel.EVALUATION, 14)
    assert media.late_activation_fault


def test_a_slash_at_the_end_of_the_address_does_no_harm(serve: Serve, sell: Sell) -> None:
    with serve() as url:
        assert isinstance(fetch_media(f"{url}/", sell("windows-7-professional", Channel.RETAIL)), Media)


def test_another_edition_of_a_volume_keys_group_can_be_named(serve: Serve, sell: Sell) -> None:
    with serve() as url:
        media = fetch_media(url, sell("windows-7-professional", Channel.MAK), "windows-7-enterprise")
    assert isinstance(media, Media)
    assert media.product.name == "windows-7-enterprise"


def test_the_centres_refusal_is_passed_on_in_its_own_words(serve: Serve, sell: Sell) -> None:
    with serve() as url:
        words = sentence(fetch_media(url, sell("windows-7-professional", Channel.MAK), "vista-business"))
    assert "installs windows-7-professional, windows-7-enterprise and nothing else" in words


def test_a_centre_that_is_not_running_is_a_sentence_that_names_it_and_the_cure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    words = sentence(fetch_media(f"http://127.0.0.1:{port}", "SIM"))
    assert f"http://127.0.0.1:{port}" in words
    assert "activation-center serve" in words


@pytest.mark.parametrize(
    "url",
    [
        "",
        "centre",
        "localhost:1",
        "ftp://centre",
        "http://",
        "http://[",
        "http://x:99999",
        "http://a..b",
        "http://\0",
        "http://" + "é" * 70,
    ],
)
def test_an_address_that_is_none_is_a_sentence(url: str) -> None:
    assert "No activation centre answers" in sentence(fetch_media(url, "SIM"))


@pytest.mark.parametrize("field", ["key", "product", "url"])
def test_a_foreign_key_never_leaves_the_workstation(field: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asked: list[str] = []

    def remember() -> Response:
        asked.append("asked")
        return Response()

    with answering(remember) as url:
        arguments = {"key": "SIM", "product": "p", "url": url}
        arguments[field] = f"{url}/{FOREIGN_KEY}" if field == "url" else FOREIGN_KEY
        words = sentence(fetch_media(arguments["url"], arguments["key"], arguments["product"]))
    assert asked == []
    assert not holds_foreign_key(words)
    assert not holds_foreign_key(caplog.text)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda: Response("<h1>Bad gateway</h1>", status=502), "HTTP status 502"),
        (lambda: Response("[" * 100_000, status=500), "HTTP status 500"),
        (lambda: redirect("/elsewhere", code=301), "HTTP status 301"),
        (lambda: Response("<h1>Welcome</h1>"), "not installation media"),
        (lambda: Response("{}"), "not installation media"),
        (lambda: Response(f'{{"detail": "Not {FOREIGN_KEY}."}}', status=422), "[product key removed]"),
    ],
)
def test_an_answer_that_is_no_media_is_a_sentence(answer: Callable[[], Response], words: str) -> None:
    with answering(answer) as url:
        assert words in sentence(fetch_media(url, "SIM"))


@given(data=st.data())
def test_media_survive_being_written_and_read(install: Install, data: st.DataObject) -> None:
    product, channel = data.draw(st.sampled_from([("windows-7-professional", Channel.KMS), ("server-2003-web", Channel.OEM)]))
    media = install(product, channel).media
    assert read_media(msgspec.json.encode(media)) == media


@given(document=st.binary())
def test_any_answer_is_media_or_a_sentence(document: bytes) -> None:
    assert isinstance(read_media(document), NoMedia)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("serial", 1 << 24),
        ("serial", -1),
        ("grace_days", -1),
        ("channel", "wholesale"),
        ("keys", {"cipher": "00", "tag": "00", "confirmation": "00"}),
        ("countries", None),
        (
            "header",
            {"digit": 10, "epoch": 1, "layout": {"name": "x", "groups": [6] * 9, "blocks": 8, "block_length": 6}},
        ),
        (
            "header",
            {"digit": 1, "epoch": 1, "layout": {"name": "x", "groups": [6] * 8, "blocks": 8, "block_length": 6}},
        ),
        (
            "header",
            {"digit": 1, "epoch": 1, "layout": {"name": "x", "groups": [6] * 10, "blocks": 8, "block_length": 6}},
        ),
        (
            "header",
            {"digit": 1, "epoch": 1, "layout": {"name": "x", "groups": [6] * 9, "blocks": 0, "block_length": 6}},
        ),
    ],
)
def test_media_that_do_not_fit_are_refused(install: Install, field: str, value: object) -> None:
    document = msgspec.json.decode(msgspec.json.encode(install().media)) | {field: value}
    sentence(read_media(msgspec.json.encode(document)))


def test_media_without_a_key_hold_no_secret_and_what_they_make_opens_nowhere(centre: Any, serve: Serve) -> None:
    with serve() as url:
        media = fetch_media(url, "", "windows-7-professional")
    assert isinstance(media, Media)
    assert (media.is_client_setup, media.channel, media.serial) == (True, Channel.KMS, 0)
    keys = (media.keys.cipher, media.keys.tag, media.keys.confirmation)
    assert all(set(key) == {"0"} for key in keys)
    machine = Machine("desk", media, choose_parts(Random(1)), datetime(2009, 10, 22, tzinfo=UTC))
    assert not isinstance(read_installation_id(" ".join(installation_id(machine)), centre.catalogue, centre.secrets), Opened)


def test_media_tell_the_group_what_its_host_key_covers_and_the_version(centre: Any, sell: Sell) -> None:
    media = centre.media(sell("windows-7-professional", Channel.RETAIL))
    assert (media.group_title, media.covers, media.version) == ("Windows 7", ("vista",), "6.1.7601")
