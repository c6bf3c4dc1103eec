"""What becomes of the phones that are rung at the desks: the telephony side tells, and the floor sees to the caller."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from flask import Blueprint, Response, request

from callcenter.floor import switchboard
from callcenter.floor.records import Transaction
from callcenter.service.call_control import DESK_PATH, WHOSE_PHONE
from ivr.twiml import is_over

Result = TypeVar("Result")


class Store(Protocol):
    """The database."""

    def transaction(self, work: Callable[[Transaction], Result]) -> Result: ...


def add_desk_phones(blueprint: Blueprint, store: Store, clock: Callable[[], datetime]) -> None:
    """`POST /desk` in the blueprint of the line's webhooks, which knows who may call it: a status callback."""

    @blueprint.post(DESK_PATH.removeprefix(blueprint.url_prefix or ""))
    def desk() -> Response:
        if is_over(request.form):
            call_sid, person, part = (request.args.get(name, "") for name in WHOSE_PHONE)
            store.transaction(lambda tx: switchboard.phone_gone(tx, call_sid, person, part, clock()))
        return Response(status=204)
