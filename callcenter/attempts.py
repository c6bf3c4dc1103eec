"""How often passwords may be guessed, at the console and at the portal: Flask-Limiter, its counters in the database.

All workers share them, and failures alone count: per name, and per address.
"""

from collections.abc import Callable
from http import HTTPStatus
from math import ceil
from typing import Any

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from callcenter.floor.askers import digest_address, digest_name
from callcenter.rate_limits import SCHEME
from callcenter.visiting import Host

View = Callable[..., ResponseReturnValue]

_PER_NAME, _PER_ADDRESS = "10 per 15 minutes", "50 per 15 minutes"


class Attempts:
    """Bounds how often passwords can be guessed on one blueprint's pages; `name` tells whose an attempt is."""

    def __init__(self, app: Flask, here: Host, blueprint: str, name: Callable[[], str]) -> None:
        self._clock, self._blueprint, self._name = here.clock, blueprint, name
        options: dict[str, Any] = {
            "look": lambda work: here.store.read(lambda tx: work(tx.rate_counters)),
            "change": lambda work: here.store.transaction(lambda tx: work(tx.rate_counters)),
            "clock": here.clock,
        }
        self._limiter = Limiter(get_remote_address, app=app, storage_uri=f"{SCHEME}://", storage_options=options)
        self._limiter.request_filter(lambda: request.blueprint != blueprint)  # nobody else shall pay for it

    def limited(self, view: View) -> View:
        """The view, which refuses further attempts once too many have failed."""

        def name() -> str:
            return digest_name(self._name())

        for bound, scope, key in ((_PER_NAME, "name", name), (_PER_ADDRESS, "address", _address)):
            scope = f"{self._blueprint} {scope}"
            view = self._limiter.shared_limit(bound, scope=scope, key_func=key, methods=["POST"], deduct_when=_has_failed)(view)
        return view

    def refusal(self, page: Callable[[HTTPStatus, str, str], Response], further: str) -> Response:
        """What whoever was just refused sees: a page of this heading and these sentences, the last `further`, with
        `Retry-After`."""
        refused = self._limiter.current_limit
        over_at = refused.window.reset_time if refused else 0.0  # reset_at is a second later
        seconds = max(1, ceil(over_at - self._clock().timestamp()))
        minutes = -(-seconds // 60)
        sentences = f"Wait {minutes} minute{'s' if minutes > 1 else ''}, then try again. {further}"
        answer = page(HTTPStatus.TOO_MANY_REQUESTS, "Too many attempts", sentences)
        answer.headers["Retry-After"] = str(seconds)
        return answer


def _has_failed(response: Response) -> bool:
    return response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def _address() -> str:
    return digest_address(get_remote_address())
