"""Limits on attempts, through Flask-Limiter, with the counters that all workers share in the database."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request, session
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage

from callcenter.console.centre import Centre
from callcenter.floor.askers import digest_address, digest_name

View = Callable[..., ResponseReturnValue]

_SCHEME = "shared-counters"
_PER_NAME, _PER_ADDRESS = "10 per 15 minutes", "50 per 15 minutes"


class SharedCounters(Storage):
    """Flask-Limiter's counters in our own table, where every worker and every machine sees them."""

    STORAGE_SCHEME = [_SCHEME]  # noqa: RUF012 - declared so by the library
    base_exceptions = ()  # a database that fails is a failed request, not a limit that does not hold

    def __init__(self, uri: str, centre: Centre) -> None:
        super().__init__(uri)
        self._store, self._clock = centre.store, centre.clock

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
    """Bounds how often passwords can be guessed: failed attempts per name and per address, on every page that asks for one."""

    def __init__(self, app: Flask, centre: Centre) -> None:
        self._clock = centre.clock
        options: dict[str, Any] = {"centre": centre}
        self._limiter = Limiter(get_remote_address, app=app, storage_uri=f"{_SCHEME}://", storage_options=options)
        self._limiter.request_filter(lambda: request.blueprint != "console")  # webhooks shall not pay for it

    def limited(self, view: View) -> View:
        """The view, which refuses further attempts once too many have failed."""
        for bound, scope, key in ((_PER_NAME, "name", _name), (_PER_ADDRESS, "address", _address)):
            view = self._limiter.shared_limit(bound, scope=scope, key_func=key, methods=["POST"], deduct_when=_has_failed)(view)
        return view

    def seconds_left(self) -> int:
        """How long whoever was just refused has to wait."""
        refused = self._limiter.current_limit
        return max(1, round(refused.reset_at - self._clock().timestamp())) if refused else 1


def _has_failed(response: Response) -> bool:
    return response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def _name() -> str:
    """The name tried where one signs in; elsewhere whose session it is, whatever the form says."""
    is_signing_in = request.endpoint == "console.sign_in"
    return digest_name(request.form.get("name", "") if is_signing_in else session.get("_user_id", ""))


def _address() -> str:
    return digest_address(get_remote_address())
