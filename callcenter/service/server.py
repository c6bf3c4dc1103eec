"""The web server under the pages and webhooks: gunicorn with threads, waitress on Windows; never Flask's own."""

import socket
import sys
from collections.abc import Callable
from typing import Any

import click
from flask import Flask

GRACEFUL_SECONDS = 3
"""Live pages never end by themselves; after so long a server that stops lets go of them, and they connect again."""


def serve_web(make_app: Callable[[], Flask], host: str, port: int, workers: int, threads: int) -> None:
    """Serves until told to stop. The application is made after the fork, in every worker for itself."""
    if sys.platform == "win32":
        from waitress import serve  # noqa: PLC0415 - installed on Windows only

        serve(make_app(), host=host, port=port, threads=threads)
    else:
        _gunicorn(make_app, {"bind": f"{_bracketed(host)}:{port}", "workers": workers, "threads": threads})


def _gunicorn(make_app: Callable[[], Flask], options: dict[str, Any]) -> None:
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - not installed on Windows

    class Web(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
        def load_config(self) -> None:
            fixed = {
                "worker_class": "gthread",
                "loglevel": "warning",
                "keepalive": 60,
                "graceful_timeout": GRACEFUL_SECONDS,
                "control_socket_disable": True,
            }
            for name, value in {**fixed, **options}.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Flask:
            return make_app()

    Web().run()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def reachable(host: str) -> str:
    """The host part of the address at which this machine reaches a server that listens on `host`."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - only compared
    return f"[{shown}]" if ":" in shown else shown


def origins(base_url: str) -> frozenset[str]:
    """What browsers may call the server at this address: on this machine both ways to write it."""
    said = base_url.removesuffix(":80")  # browsers leave out a scheme's own port
    return frozenset({said, said.replace("//127.0.0.1", "//localhost")})


def refuse_port_in_use(host: str, port: int) -> None:
    """A port that somebody else listens on is a sentence, not a traceback. Raises ClickException."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as fault:
        advice = "Choose another with --port."
        raise click.ClickException(f"Cannot listen on {host} port {port}: {fault.strerror}. {advice}") from None
