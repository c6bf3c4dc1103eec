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
from limits.storage import Storage

from callcenter.floor.askers import digest_address, digest_name
from callcenter.visiting import Host

View = Callable[..., ResponseReturnValue]

_SCHEME = "shared-counters"
_PER_NAME, _PER_ADDRESS = "10 per 15 minutes", "50 per 15 minutes"


class SharedCounters(Storage):
    """Flask-Limiter's counters in our own table, where every worker and every machine sees them."""

    STORAGE_SCHEME = [_SCHEME]  # noqa: RUF012 - declared so by the library
    base_exceptions = ()  # a database that fails is a failed request, not a limit that does not hold

    def __init__(self, uri: str, here: Host) -> None:
        super().__init__(uri)
        self._store, self._clock = here.store, here.clock

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Counts an attempt; the counter runs out `expiry` seconds after its first."""
        return self._store.transaction(lambda tx: tx.rate_counters.increase(key, amount, expiry, self._clock()))

    def get(self, key: str) -> int:
        """The attempts so far."""
        return self._store.read(lambda tx: tx.rate_counters.count(key, self._clock()))

    def get_expiry(self, key: str) -> float:
        """When the counter runs out, in seconds since 1970."""
        return self._store.read(lambda tx: tx.rate_counters.runs_out_at(key, self._clock())).timestamp()

    def check(self) -> bool:
        """The database is looked after elsewhere."""
        return True

    def reset(self) -> None:
        """Nobody clears all counters at once."""
        raise NotImplementedError

    def clear(self, key: str) -> None:
        """Forgets the attempts under one key."""
        self._store.transaction(lambda tx: tx.rate_counters.clear(key))


class Attempts:
    """Bounds how often passwords can be guessed on one blueprint's pages; `name` tells whose an attempt is."""

    def __init__(self, app: Flask, here: Host, blueprint: str, name: Callable[[], str]) -> None:
        self._clock, self._blueprint, self._name = here.clock, blueprint, name
        options: dict[str, Any] = {"here": here}
        self._limiter = Limiter(get_remote_address, app=app, storage_uri=f"{_SCHEME}://", storage_options=options)
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
