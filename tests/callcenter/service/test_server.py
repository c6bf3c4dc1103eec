"""Where the centre listens: a port in use is a sentence that names the option."""

import socket

import click
import pytest

from callcenter.service.server import origins, refuse_port_in_use, sip_port


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
def test_a_port_for_softphones_that_is_taken_either_way_is_refused_in_a_sentence(kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", 0))
        if kind is socket.SOCK_STREAM:
            other.listen()
        port = other.getsockname()[1]
        with pytest.raises(click.ClickException, match=rf"port {port}: .* --sip-port, or 0 for any"):
            sip_port("127.0.0.1", port)


def test_a_free_port_for_softphones_is_the_one_asked_for_and_0_finds_one() -> None:
    port = sip_port("127.0.0.1", 0)
    assert port > 1023
    assert sip_port("127.0.0.1", port) == port


def test_a_web_port_in_use_is_refused_in_a_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(click.ClickException, match=r"Choose another with --port\."):
            refuse_port_in_use("127.0.0.1", other.getsockname()[1])


def test_a_page_of_this_machine_may_be_written_two_ways() -> None:
    assert origins("http://127.0.0.1:8000") == {"http://127.0.0.1:8000", "http://localhost:8000"}
    assert origins("http://127.0.0.1:80") == {"http://127.0.0.1", "http://localhost"}
    assert origins("https://line.example.com") == {"https://line.example.com"}
