"""Key-management hosts in the browser: setting one up, registering it, and letting computers ask it (rows 54 to 64)."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from itertools import count
from uuid import uuid4

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from activation.catalogue import Channel
from workstation.activating.internet import Ending
from workstation.computer.declined import Declined, NotConfirmed
from workstation.computer.machine import Machine, confirm, installation_id
from workstation.keeping.folder import Missing
from workstation.kms import display
from workstation.kms.crowds import MOST_AT_ONCE, Crowd, asking_crowd
from workstation.kms.host import Host, confirmed_as, install_update, move_clock
from workstation.kms.network import Answer, Network
from workstation.kms.setting_up import Place, read_beside, set_up
from workstation.page.room import room

_USUAL_SYSTEM = "server-2008-r2"
_MOST_DAYS = 3650


def register(blueprint: Blueprint) -> None:
    """The pages of hosts."""
    blueprint.add_url_rule("/kms", view_func=hosts)
    blueprint.add_url_rule("/kms", view_func=new_host, methods=["POST"])
    blueprint.add_url_rule("/kms/<name>", view_func=host)
    blueprint.add_url_rule("/kms/<name>/<what>", view_func=host_act, methods=["POST"])


def hosts() -> str:
    """Every host, and the form to set one up."""
    taken = room().network.hosts.holds
    names = (f"kms-{number}" for number in count(1))
    return _hosts({"name": next(name for name in names if not taken(name)), "system": _USUAL_SYSTEM})


def new_host() -> ResponseReturnValue:
    """Sets a host up, or says on the form why there is none. A key that was typed is not shown again."""
    typed = request.form
    made = _set_up(typed)
    if isinstance(made, Declined):
        return _hosts(typed, made.sentence), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(f"{made.name} is set up. It activates nobody before the vendor has registered it.", "good")
    return redirect(url_for("workstation.host", name=made.name), HTTPStatus.SEE_OTHER)


def host(name: str) -> str:
    """One host: what it is, who may be activated by it, who has asked."""
    network = room().network
    found = _named(network, name)
    return render_template(
        "workstation/host.html",
        host=found,
        page=display.describe(found, network.catalogue, network.time_of(found)),
        groups=installation_id(found.machine),
        editions=room().volume_editions,
        clients=[each.name for each in network.machines.read_all() if isinstance(each, Machine) and each.media.is_client_setup],
        most=MOST_AT_ONCE,
    )


def host_act(name: str, what: str) -> ResponseReturnValue:
    """Does one thing to a host, and says what came of it."""
    act = _ACTS.get(what) or abort(HTTPStatus.NOT_FOUND, "There is no such thing to do with a host.")
    network = room().network
    with network.hosts.lock(name):
        for kind, sentence in act(network, _named(network, name)):
            flash(sentence, kind)
    is_there = network.hosts.holds(name)
    place = url_for("workstation.host", name=name) if is_there else url_for("workstation.hosts")
    return redirect(place, HTTPStatus.SEE_OTHER)


Said = list[tuple[str, str]]
"""What to tell after an act: good or bad, and the sentence."""


def _register(network: Network, found: Host) -> Said:
    attempt = network.register(found, uuid4().hex)
    is_registered = attempt.ending is Ending.ACTIVATED
    return [("good" if is_registered else "bad", attempt.sentence)]


def _confirm(network: Network, found: Host) -> Said:
    outcome = confirm(found.machine, request.form.get("confirmation_id", ""), network.time_of(found))
    if isinstance(outcome, NotConfirmed):
        return [("bad", outcome.sentence)]
    network.hosts.write(confirmed_as(found, outcome))
    return [("good", f"{found.name} is registered with the vendor.")]


def _update(network: Network, found: Host) -> Said:
    updated = install_update(found)
    if isinstance(updated, Declined):
        return [("bad", updated.sentence)]
    network.hosts.write(updated)
    return [("good", f"Installed: {updated.system.update}.")]


def _crowd(network: Network, found: Host) -> Said:
    typed = request.form
    number, service_pack = _whole_number("count"), _whole_number("service_pack")
    if number is None or not 1 <= number <= MOST_AT_ONCE:
        return [("bad", f"Say how many computers ask: a number from 1 to {MOST_AT_ONCE:,}.")]
    marks = ["is_virtual" in typed, "without_licence" not in typed, "without_marker" not in typed]
    asking = asking_crowd(Crowd(number, typed.get("product", ""), service_pack, *marks), found, network.catalogue)
    return [("bad", asking.sentence)] if isinstance(asking, Declined) else _told([network.ask(found, asking)[1]])


def _client(network: Network, found: Host) -> Said:
    machine = network.machines.read(request.form.get("client", ""))
    return [("bad", machine.sentence)] if isinstance(machine, Missing) else _told([network.ask_for(found, machine)[1]])


def _renew(network: Network, found: Host) -> Said:
    answers = network.renew(found)[1]
    return _told(answers) if answers else [("bad", "Nobody has asked this host who could ask it again.")]


def _clock(network: Network, found: Host) -> Said:
    days = _whole_number("days")
    if days is None or not 1 <= days <= _MOST_DAYS:
        return [("bad", f"Say by how many days: a number from 1 to {_MOST_DAYS}.")]
    moved = move_clock(found, timedelta(days=days))
    network.hosts.write(moved)
    return [("good", f"It is {network.time_of(moved):%Y-%m-%d} on {found.name} now.")]


def _remove(network: Network, found: Host) -> Said:
    network.hosts.remove(found.name)
    return [("good", f"{found.name} is removed; its registration stays counted at the vendor.")]


_ACTS: Mapping[str, Callable[[Network, Host], Said]] = {
    "register": _register,
    "confirm": _confirm,
    "update": _update,
    "crowd": _crowd,
    "client": _client,
    "renew": _renew,
    "clock": _clock,
    "remove": _remove,
}


def _told(answers: "list[Answer] | tuple[Answer, ...]") -> Said:
    return [("good" if answer.is_activated else "bad", answer.sentence) for answer in answers]


def _named(network: Network, name: str) -> Host:
    found = network.hosts.read(name)
    if isinstance(found, Missing):
        abort(HTTPStatus.NOT_FOUND, found.sentence)
    return found


def _set_up(typed: Mapping[str, str]) -> Host | Declined:
    beside = read_beside(typed.get("beside", ""))
    if isinstance(beside, Declined):
        return beside
    network = room().network
    place = Place(typed.get("system", ""), "is_virtual" in typed, beside)
    demo = next((each.key for each in room().demo_keys() if str(each.serial) == typed.get("demo")), "")
    key = typed.get("key", "").strip() or demo or "SIM"
    return set_up(network.hosts, typed.get("name", ""), room().centre_url(), key, place, network.catalogue, now=network.now)


def _whole_number(field: str) -> int | None:
    text = request.form.get(field, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _hosts(typed: Mapping[str, str], sentence: str = "") -> str:
    network = room().network
    found = network.hosts.read_all()
    return render_template(
        "workstation/hosts.html",
        listed=[display.summarise(each, network.time_of(each)) for each in found if isinstance(each, Host)],
        broken=[each.sentence for each in found if isinstance(each, Missing)],
        typed=typed,
        sentence=sentence,
        systems=network.catalogue.host_systems.values(),
        demo=[each for each in room().demo_keys() if each.channel is Channel.KMS],
    )
