"""Who registered their copy: seen by customer service and marketing only, exported and erased as acts on record (row 53)."""

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from callcenter.console.centre import centre
from callcenter.console.shell import act, done, look, needs
from callcenter.floor import registrations
from callcenter.floor.csv_files import write_csv
from callcenter.floor.permissions import Action

SHOWN = 200


def register(blueprint: Blueprint) -> None:
    """The pages under `/console/registrations`."""
    see = needs(Action.SEE_REGISTRATIONS)
    blueprint.add_url_rule("/registrations", "registrations", see(every_registration), methods=["GET", "POST"])
    blueprint.add_url_rule("/registrations/export", "export_registrations", see(export), methods=["POST"])
    blueprint.add_url_rule("/registrations/<id>/erase", "erase_registration", see(erase), methods=["POST"])


def every_registration() -> str:
    """The newest; what is searched for travels in a form, because names in addresses end up in logs."""
    asked = request.form.get("q", "").strip()
    every = look(lambda tx: tx.registrations.all())
    found = registrations.fitting(every, asked)
    parts = {"found": found[:SHOWN], "asked": asked, "count": len(every), "titles": _titles(), "shown": SHOWN}
    return render_template("console/registrations.html", **parts)


def erase(id: str) -> ResponseReturnValue:
    """Forgets one because its owner asked for it."""
    result = act(lambda tx, acting: registrations.erase(tx, acting, id))
    return done(result, url_for("console.registrations"), "Erased. The activation of that computer is as it was.")


def export() -> ResponseReturnValue:
    """All of them as a file."""
    rows = act(lambda tx, acting: registrations.exported(tx, acting, _titles()))
    file = Response(write_csv(registrations.EXPORTED, rows), mimetype="text/csv")
    file.headers["Content-Disposition"] = 'attachment; filename="registrations.csv"'
    return file


def _titles() -> dict[int, str]:
    return {product.code: product.title for product in centre().catalogue.products.values()}
