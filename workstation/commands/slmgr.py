"""`slmgr NAME /dti` and its kind: the licence manager's options, spelled as they always were."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import click

from activation.redaction import holds_foreign_key
from workstation.activating.typing_in import type_in
from workstation.commands.group import Desk, Places, decline, find_desk, find_network, look_at_desk, tell_what_happened
from workstation.commands.internet import activate_online
from workstation.computer.declined import NotConfirmed
from workstation.computer.machine import Machine, installation_id
from workstation.display.licence import detailed_information, expiry, short_information
from workstation.keeping.setup_log import Code, log_line
from workstation.setup.installing import exchange_key
from workstation.setup.relicensing import rearm, rearms_left, uninstall_key
from workstation.words import say


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the licence manager: of which computer, and what stood behind the option."""

    places: Places
    name: str
    value: str

    def look(self) -> Desk:
        """The computer, only to be looked at."""
        return look_at_desk(self.places, self.name)

    def hold(self) -> Desk:
        """The computer, to be changed."""
        return find_desk(self.places, self.name)


def _say(machine: Machine, key: str, **values: object) -> None:
    """Prints one of the licence manager's sentences in the system's language."""
    click.echo(say(f"slmgr.{key}", machine.language, **values))


def _install_key(asked: Asked) -> None:
    """A foreign key is refused unread."""
    desk = asked.hold()
    if holds_foreign_key(asked.value):
        decline(say("slmgr.foreign", desk.machine.language))
    after = desk.keep(exchange_key(desk.machine, asked.value, desk.now))
    _say(after, "installed", block=after.key[-5:].upper())


def _uninstall_key(asked: Asked) -> None:
    desk = asked.hold()
    _say(desk.keep(uninstall_key(desk.machine, desk.now)), "uninstalled")


def _activate(asked: Asked) -> None:
    """Over the internet; a volume client asks the key-management hosts of its network (row 60)."""
    machine = asked.look().machine
    _say(machine, "activating", product=machine.media.product.title)
    if machine.media.is_client_setup:
        _ask_hosts(asked, machine)
    else:
        activate_online(asked.hold())


def _ask_hosts(asked: Asked, machine: Machine) -> None:
    """Prints what every host answered; ends the command with status 1 where none activated the computer."""
    answers = find_network(asked.places).look_for_host(machine)
    if not answers:
        decline(say("kms.no_host", machine.language))
    tell_what_happened(machine, asked.look().machine)
    if not answers[-1].is_activated:
        click.get_current_context().exit(1)


def _short(asked: Asked) -> None:
    desk = asked.look()
    click.echo("\n".join(short_information(desk.machine, desk.now)))


def _detailed(asked: Asked) -> None:
    desk = asked.look()
    click.echo("\n".join(detailed_information(desk.machine, desk.now)))


def _expiry(asked: Asked) -> None:
    desk = asked.look()
    click.echo(expiry(desk.machine, desk.now))


def _installation_id(asked: Asked) -> None:
    machine = asked.look().machine
    if machine.media.is_client_setup:
        decline(say("confirm.by_host", machine.language))
    _say(machine, "installation_id", groups=" ".join(installation_id(machine)))


def _confirm(asked: Asked) -> None:
    desk = asked.hold()
    outcome = type_in(desk.folder, desk.machine, asked.value, desk.now)
    if isinstance(outcome, NotConfirmed):
        decline(outcome.sentence)
    _say(outcome, "deposited", product=outcome.media.product.title)


def _rearm(asked: Asked) -> None:
    desk = asked.hold()
    after = desk.keep(rearm(desk.machine, desk.now))
    _say(after, "rearmed")
    _say(after, "rearms", count=rearms_left(after))


def _log_only(sentence: str, code: Code) -> Callable[[Asked], None]:
    """Options that touch files which a simulated computer does not have: a line in its log."""

    def note(asked: Asked) -> None:
        desk = asked.look()
        words = say(f"slmgr.{sentence}", desk.machine.language)
        desk.folder.append_log(desk.machine.name, [log_line(desk.machine, desk.now, words, code)])
        click.echo(words)

    return note


@dataclass(frozen=True, slots=True)
class Option:
    """One option: what it does, and what has to stand behind it (empty for nothing)."""

    work: Callable[[Asked], None]
    value: str = ""


OPTIONS: Mapping[str, Option] = {
    "/ipk": Option(_install_key, "KEY"),
    "/upk": Option(_uninstall_key),
    "/ato": Option(_activate),
    "/dli": Option(_short),
    "/dlv": Option(_detailed),
    "/xpr": Option(_expiry),
    "/dti": Option(_installation_id),
    "/atp": Option(_confirm, "CONFIRMATION_ID"),
    "/rearm": Option(_rearm),
    "/cpky": Option(_log_only("key_cleared", Code.KEY)),
    "/ilc": Option(_log_only("licence_installed", Code.LICENCE_FILES)),
    "/rilc": Option(_log_only("licences_reinstalled", Code.LICENCE_FILES)),
}


@click.command(epilog=f"Options: {' '.join(f'{name} {one.value}'.strip() for name, one in OPTIONS.items())}")
@click.argument("name")
@click.argument("option")
@click.argument("value", nargs=-1)
@click.pass_obj
def slmgr(places: Places, name: str, option: str, value: tuple[str, ...]) -> None:
    """The licence manager, with the options of old."""
    known = OPTIONS.get(option.lower())
    if known is None:
        raise click.UsageError(f"There is no option {option!r}. There are {' '.join(OPTIONS)}.")
    if bool(value) != bool(known.value):
        raise click.UsageError(f"Write: slmgr {name} {option.lower()} {known.value}".rstrip())
    known.work(Asked(places, name, " ".join(value)))


COMMANDS = (slmgr,)
