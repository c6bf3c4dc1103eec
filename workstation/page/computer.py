"""One computer: its screen, and everything there is to see of it."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, render_template, request

from activation.hardware import SAME_MACHINE_VOTES
from workstation.activating.exchange import shown_fields, statement
from workstation.activating.online import last_exchange
from workstation.computer.machine import SETTLED, Machine, countdown, installation_id, is_old, product_id, state
from workstation.computer.tolerance import ALL_VOTES, parts_of, votes_lost
from workstation.kms.misuse import misuse_in_words
from workstation.kms.preference import preference_in_words
from workstation.life.fixing import file_versions
from workstation.life.services import services
from workstation.life.timeline import Entry, timeline
from workstation.page.changing import computer_named, own_time
from workstation.page.desktop import desktop
from workstation.page.room import room
from workstation.page.shown import show, written
from workstation.page.speaking import words_of
from workstation.words import LANGUAGES

_AHEAD = timedelta(days=1)
"""How far the timeline looks past the end of a countdown."""


def register(blueprint: Blueprint) -> None:
    """The pages of one computer."""
    blueprint.add_url_rule("/computers/<name>", view_func=computer)
    blueprint.add_url_rule("/computers/<name>/setuplog", view_func=setup_log)
    blueprint.add_url_rule("/computers/<name>/setuplog.txt", view_func=setup_log_file)
    blueprint.add_url_rule("/computers/<name>/requests", view_func=requests_sent)


def computer(name: str) -> str:
    """The computer as it stands."""
    machine = computer_named(name)
    now = own_time(machine)
    story = _story(machine, now)
    return render_template(
        "workstation/computer.html",
        machine=machine,
        shown=show(machine, now),
        words=words_of(machine),
        services=services(machine),
        desktop=desktop(machine, now),
        is_put_off="later" in request.args,
        parts=list(parts_of(machine)),
        votes={"same": ALL_VOTES - votes_lost(machine), "needed": SAME_MACHINE_VOTES, "all": ALL_VOTES},
        past=[entry for entry in story if not entry.is_ahead][::-1],
        ahead=[entry for entry in story if entry.is_ahead],
        written=written,
        product_id=product_id(machine),
        groups=installation_id(machine),
        is_settled=state(machine, now) in SETTLED,
        ends=countdown(machine).end,
        is_old=is_old(machine),
        languages=LANGUAGES,
        advice=preference_in_words(machine),
        misuse=misuse_in_words(machine),
        files=file_versions(machine) if machine.media.late_activation_fault else {},
    )


def setup_log(name: str) -> str:
    """The setup log, to be looked at (row 38)."""
    machine = computer_named(name)
    shown = show(machine, own_time(machine))
    return render_template("workstation/setuplog.html", machine=machine, shown=shown, log=room().folder.read_log(machine.name))


def setup_log_file(name: str) -> Response:
    """The setup log, to be kept (row 38)."""
    answer = Response(room().folder.read_log(computer_named(name).name), mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name.lower()}.setuplog.txt"'
    return answer


def requests_sent(name: str) -> str:
    """The request viewer: what the last request over the internet held, and nothing else did (rows 20 to 22)."""
    machine = computer_named(name)
    exchange, language = last_exchange(room().folder, machine), machine.language
    return render_template(
        "workstation/requests.html",
        machine=machine,
        shown=show(machine, own_time(machine)),
        exchange=exchange,
        fields=shown_fields(exchange, language) if exchange else (),
        statement=statement(exchange, language) if exchange else "",
        written=written,
    )


def _story(machine: Machine, now: datetime) -> tuple[Entry, ...]:
    """What happened, and what lies ahead until the countdown is over (row 41)."""
    until = now if state(machine, now) in SETTLED else max(now, countdown(machine).end) + _AHEAD
    return timeline(machine, now, until)
