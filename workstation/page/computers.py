"""The list of computers, and setting one up: with a demo key by one click, or with a key of one's own."""

from collections.abc import Mapping
from http import HTTPStatus
from itertools import count

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from activation.catalogue import Channel
from workstation.computer.machine import Machine, machine_now
from workstation.computer.traits import Image
from workstation.keeping.files import Unreadable
from workstation.page.channels import PLAIN_WORDS
from workstation.page.room import DemoKey, room
from workstation.page.shown import show
from workstation.setup.installing import NotInstalled, Setup, install
from workstation.words import LANGUAGES

FIRST_NAME = "office-pc"
_COUNTRY = "US"
_NO_KEY = "SIM"
"""What an empty field says to the centre, which answers what a key looks like: only a volume client has none."""


def register(blueprint: Blueprint) -> None:
    """The pages of all computers."""
    blueprint.add_url_rule("", view_func=computers)
    blueprint.add_url_rule("/new", view_func=new)
    blueprint.add_url_rule("/new", view_func=set_up, methods=["POST"])


def computers() -> str:
    """Every computer with its state; what cannot be read is said."""
    found, now = room().folder.read_all(), room().clock()
    listed = [(machine, show(machine, machine_now(machine, now))) for machine in found if isinstance(machine, Machine)]
    broken = [each.sentence for each in found if isinstance(each, Unreadable)]
    return render_template("workstation/computers.html", listed=listed, broken=broken, first=_first_key(), name=_free_name())


def new() -> str:
    """The form to set a computer up."""
    return _form({"name": _free_name(), "source": "demo" if room().demo_keys() else "own", "country": _COUNTRY})


def set_up() -> ResponseReturnValue:
    """Sets the computer up, or says on the form why there is none. A key that was typed is not shown again."""
    typed = request.form
    machine = install(
        room().folder,
        typed.get("name", ""),
        room().centre_url(),
        _key(),
        _edition(),
        _setup(),
        now=room().clock(),
    )
    if isinstance(machine, NotInstalled):
        return _form(typed, machine.sentence), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(f"{machine.name} is set up with {machine.media.product.title}.", "good")
    return redirect(url_for("workstation.computer", name=machine.name), HTTPStatus.SEE_OTHER)


def _setup() -> Setup:
    typed = request.form
    return Setup(
        firmware_marker="firmware_marker" in typed,
        image=Image.MAKER if "maker_image" in typed else Image.OWN,
        is_virtual="is_virtual" in typed,
        base_licence="no_base_licence" not in typed,
        language=typed.get("language", LANGUAGES[0]),
        country=typed.get("country", _COUNTRY),
    )


def _key() -> str:
    """The key that was typed, whatever else is chosen; else that of the chosen demo key, or none for a volume client."""
    if typed := request.form.get("key", "").strip():
        return typed
    match request.form.get("source"):
        case "demo":
            return next((each.key for each in room().demo_keys() if str(each.serial) == request.form.get("demo")), _NO_KEY)
        case "client":
            return ""
        case _:
            return _NO_KEY


def _edition() -> str | None:
    """Which edition to install where the key alone does not say it."""
    return request.form.get("client" if request.form.get("source") == "client" else "product", "").strip() or None


def _form(typed: Mapping[str, str], sentence: str = "") -> str:
    demo: dict[Channel, list[DemoKey]] = {channel: [] for channel in PLAIN_WORDS}
    for each in room().demo_keys():
        demo[each.channel].append(each)
    return render_template(
        "workstation/new.html",
        typed=typed,
        sentence=sentence,
        kinds=PLAIN_WORDS,
        demo=demo,
        first=_first_key(),
        editions=room().volume_editions,
        languages=LANGUAGES,
    )


def _first_key() -> DemoKey | None:
    """A retail key of the later generation, with which a newcomer's first computer is set up."""
    retail = [each for each in room().demo_keys() if each.channel is Channel.RETAIL]
    return next((each for each in retail if "Windows 7" in each.title), next(iter(retail), None))


def _free_name() -> str:
    """A name that no computer has yet."""
    folder = room().folder
    names = (FIRST_NAME if number == 1 else f"{FIRST_NAME}-{number}" for number in count(1))
    return next(name for name in names if not folder.holds(name))
