"""Finding a call, a key, an agreement or a machine by whatever the caller can read out (requirement E1.13).

What is typed may be a whole product key, so it arrives by POST and goes on under the key's serial: no address holds a key.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from activation.digits import clean_digits
from activation.keys import ALPHABET
from callcenter.console.centre import Transaction, centre
from callcenter.console.reasons import reason_for
from callcenter.console.shell import look, needs
from callcenter.console.typed import CALL_SID, stands_for
from callcenter.floor.calls import CallSummary, Case
from callcenter.floor.customers import Agreement
from callcenter.floor.key_facts import KeyFacts, key_facts
from callcenter.floor.keys import FloorKey, Host
from callcenter.floor.permissions import Action
from callcenter.floor.refusals import Refusal

SHOWN = 20
"""How many of a kind a page shows; who has more to look through asks for more of the word."""
_CASE = re.compile(r"[0-9]{6}", re.ASCII)
_SERIAL = re.compile(r"[0-9]{1,8}", re.ASCII)
_LAST_BLOCK = re.compile(rf"[{ALPHABET}]{{5}}", re.ASCII | re.IGNORECASE)
_HARDWARE_TAIL = re.compile(r"[0-9a-f]{4,16}", re.ASCII | re.IGNORECASE)
_FEWEST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Machine:
    """An installation that was found by its hash, and its key."""

    key: KeyFacts
    host: Host


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that fits what was asked for."""

    cases: tuple[Case, ...] = ()
    call: CallSummary | None = None
    keys: tuple[KeyFacts, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    machines: tuple[Machine, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cases or self.call or self.keys or self.agreements or self.machines)


def register(blueprint: Blueprint) -> None:
    """The page `/console/search`."""
    blueprint.add_url_rule("/search", view_func=search)
    blueprint.add_url_rule("/search", view_func=search_for, methods=["POST"])


@needs(Action.SEE_CALLS)
def search() -> ResponseReturnValue:
    """The form, and what was found for `q`."""
    asked = request.args.get("q", "").strip()
    if asked and (meant := stands_for(asked, centre().secrets)) != asked:
        return _answer(meant)
    found = look(lambda tx: find(tx, asked)) if asked else Found()
    return _page(asked, found)


@needs(Action.SEE_CALLS)
def search_for() -> ResponseReturnValue:
    """Takes what was typed and goes on to what it stands for."""
    return _answer(stands_for(request.form.get("q", "").strip(), centre().secrets))


def find(tx: Transaction, asked: str) -> Found:
    """Everything that `asked` may mean: digits can be a case, a serial and an agreement at once."""
    case, call = _case(tx, asked), tx.call_log.summary(asked) if CALL_SID.fullmatch(asked) else None
    return Found(
        cases=tuple(case for case in (case, tx.cases.of_call(asked) if call else None) if case),
        call=call,
        keys=tuple(map(_facts, _keys(tx, asked))),
        agreements=_agreements(tx, asked),
        machines=tuple(_machines(tx, asked)),
    )


def _answer(meant: str | Refusal) -> ResponseReturnValue:
    """On to the result's own address, or the sentence about a key or ID that is none; what was typed is not repeated."""
    if isinstance(meant, Refusal):
        return _page("", Found(), meant.sentence), meant.status
    return redirect(url_for("console.search", q=meant or None), HTTPStatus.SEE_OTHER)


def _page(asked: str, found: Found, sentence: str = "") -> str:
    parts = {"asked": asked, "found": found, "sentence": sentence, "shown": SHOWN, "reason_for": reason_for}
    return render_template("console/search.html", **parts)


def _case(tx: Transaction, asked: str) -> Case | None:
    digits = clean_digits(asked) or ""
    return tx.cases.find(digits) if _CASE.fullmatch(digits) else None


def _keys(tx: Transaction, asked: str) -> tuple[FloorKey, ...]:
    ending = tx.search.keys_ending(asked.upper(), SHOWN) if _LAST_BLOCK.fullmatch(asked) else ()
    named = tx.keys.get(int(asked)) if _SERIAL.fullmatch(asked) else None
    return (named, *ending) if named else ending


def _agreements(tx: Transaction, asked: str) -> tuple[Agreement, ...]:
    """By the number, or by letters of the organisation's name."""
    if by_number := tx.agreements.get(clean_digits(asked) or ""):
        return (by_number,)
    if len(asked) < _FEWEST_LETTERS or asked.isdigit():
        return ()
    fitting = (agreement for agreement in tx.agreements.all() if asked.casefold() in agreement.organisation.casefold())
    return tuple(fitting)[:SHOWN]


def _machines(tx: Transaction, asked: str) -> list[Machine]:
    if not _HARDWARE_TAIL.fullmatch(asked):
        return []
    seats = tx.search.seats_ending(asked.lower(), SHOWN)
    return [Machine(_facts(key), host) for serial, host in seats if (key := tx.keys.get(serial))]


def _facts(key: FloorKey) -> KeyFacts:
    return key_facts(key, centre().catalogue, centre().secrets)
