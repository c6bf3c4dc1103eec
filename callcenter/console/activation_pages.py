"""What was activated: the newest, one installation with all it was given, the export. Masked, nothing personal (rows 3, 20).

Whoever serves calls sees a digest of a machine's fingerprint; the whole one takes a right of its own, and showing it is on the
record of acts (row 26).
"""

from dataclasses import dataclass
from http import HTTPStatus
from itertools import chain
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from activation.claims import Door
from activation.hardware import COMPONENTS, pieces
from callcenter.console.centre import Transaction, centre
from callcenter.console.shell import act, look, needs
from callcenter.floor.acting import Acting, record
from callcenter.floor.activations import EXPORTED, Activation, exported, masked_fingerprint, pages
from callcenter.floor.audit import Act
from callcenter.floor.csv_files import write_lines
from callcenter.floor.key_facts import CHANNEL_TITLES
from callcenter.floor.permissions import Action

_SHOWN, _MANY = 50, 1000
_PAGE = 5000
"""Activations that an export reads at a time."""
_INSTALLATION = "/activations/<id>"
_WHY = {"first": "first time", "again": "again, free", "replacement": "hardware replaced, free"}
DOOR_TITLES = {Door.PHONE: "telephone", Door.WEB: "web"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One component's part in a fingerprint: its name and the few bits that are kept of it, in hexadecimal digits."""

    component: str
    bits: int
    kept: str


def register(blueprint: Blueprint) -> None:
    """The pages under `/console/activations`."""
    blueprint.add_url_rule("/activations", view_func=activations)
    blueprint.add_url_rule("/activations/export", view_func=export_activations, methods=["POST"])
    blueprint.add_url_rule(_INSTALLATION, view_func=activation)
    blueprint.add_url_rule(f"{_INSTALLATION}/fingerprint", view_func=fingerprint, methods=["POST"])


@needs(Action.SEE_CUSTOMERS)
def activations() -> ResponseReturnValue:
    """The newest, under a key or through a door where that is asked for."""
    last_block = request.args.get("key", "").strip().upper()[-5:] or None
    door = next((door for door in Door if door.value == request.args.get("door")), None)
    wants_many = bool(request.args.get("more"))
    limit = _MANY if wants_many else _SHOWN
    found = look(lambda tx: tx.activations.newest(limit + 1, last_block=last_block, door=door))
    wanted: dict[str, Any] = {"key": last_block, "door": door.value if door else None}
    return render_template(
        "console/activations.html",
        found=found[:limit],
        wanted=wanted,
        doors=[("", "Either"), *((each.value, title.capitalize()) for each, title in DOOR_TITLES.items())],
        more=None if wants_many or len(found) <= limit else url_for("console.activations", more="yes", **wanted),
        **_words(),
    )


@needs(Action.SEE_CUSTOMERS)
def activation(id: str) -> ResponseReturnValue:
    """One installation and everything it was given."""
    return _page(look(lambda tx: tx.activations.of_installation(id)))


@needs(Action.SEE_FINGERPRINTS)
def fingerprint(id: str) -> ResponseReturnValue:
    """Shows an installation's whole fingerprint, this once; that is an act."""
    return _page(act(lambda tx, acting: _reveal(tx, acting, id)), is_whole=True)


@needs(Action.SEE_REPORTS)
def export_activations() -> ResponseReturnValue:
    """All of them as CSV, newest first, fingerprints masked for everybody; an act itself. Sent while they are read, a part at
    a time, so that nobody who writes waits for it."""
    here, key = centre(), _masking_key()

    def behind(last: Activation | None) -> tuple[Activation, ...]:
        return here.store.read(lambda tx: tx.activations.newest(_PAGE, before=last))

    act(lambda tx, acting: record(tx, acting, Act.EXPORTED, "activations", {"format": "csv"}))
    parts = (write_lines(exported(page, here.catalogue, key)) for page in pages(behind))
    file = Response(chain([write_lines([EXPORTED])], parts), mimetype="text/csv")
    file.headers["Content-Disposition"] = 'attachment; filename="activations.csv"'
    return file


def _reveal(tx: Transaction, acting: Acting, id: str) -> tuple[Activation, ...]:
    found = tx.activations.of_installation(id)
    if found:
        record(tx, acting, Act.REVEALED, f"activation/{id}", {"what": "fingerprint"})
    return found


def _page(found: tuple[Activation, ...], *, is_whole: bool = False) -> ResponseReturnValue:
    if not found:
        abort(HTTPStatus.NOT_FOUND)
    newest = found[0]
    whole = _pieces(newest.hardware) if is_whole else ()
    return render_template("console/activation.html", installation=newest, issues=found, pieces=whole, **_words())


def _pieces(hardware: int) -> tuple[Piece, ...]:
    """The fingerprint, component by component."""
    kept = zip(COMPONENTS, pieces(hardware), strict=True)
    return tuple(Piece(component.name, component.bits, f"{piece:0{-(-component.bits // 4)}x}") for component, piece in kept)


def _words() -> dict[str, Any]:
    """How templates say what an activation holds."""
    products, key = centre().catalogue.products, _masking_key()
    return {
        "licence_title": CHANNEL_TITLES.__getitem__,
        "product_title": lambda code: products[code].title if code in products else f"product {code}",
        "masked": lambda hardware: masked_fingerprint(hardware, key),
        "why_title": lambda why: _WHY.get(why, why),
        "door_title": DOOR_TITLES.__getitem__,
    }


def _masking_key() -> bytes:
    return centre().secrets.purpose("fingerprints")
