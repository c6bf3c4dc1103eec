"""Where the centre listens: a port in use is a sentence that names the option."""

import socket

import click
import pytest

from callcenter.service.server import origins, refuse_port_in_use


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
