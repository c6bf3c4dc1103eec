"""The web server under the pages and webhooks: gunicorn with threads, waitress on Windows; never Flask's own."""

import sys
from collections.abc import Callable
from typing import Any

from flask import Flask


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
            fixed = {"worker_class": "gthread", "loglevel": "warning", "keepalive": 60, "control_socket_disable": True}
            for name, value in {**fixed, **options}.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Flask:
            return make_app()

    Web().run()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
