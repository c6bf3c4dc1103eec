"""`slmgr NAME /dti` and its kind: the licence manager's options, spelled as they always were."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import click

from activation.redaction import holds_foreign_key
from workstation.commands.group import Desk, Places, decline, find_desk
from workstation.commands.internet import activate_online
from workstation.declined import Declined, NotConfirmed
from workstation.installing import exchange_key
from workstation.machine import confirm, happened, installation_id
from workstation.relicensing import rearm
from workstation.setup_log import Code, log_line
from workstation.slmgr import detailed_information, expiry, rearms_left, short_information, uninstall_key
from workstation.traits import Kind
from workstation.words import say


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the licence manager: the computer, and what stood behind the option."""

    desk: Desk
    value: str

    def say(self, key: str, **values: object) -> None:
        """Prints one of its sentences in the system's language."""
        click.echo(say(f"slmgr.{key}", self.desk.machine.language, **values))


def _install_key(asked: Asked) -> None:
    """A foreign key is refused unread."""
    desk = asked.desk
    if holds_foreign_key(asked.value):
        decline(say("slmgr.foreign", desk.machine.language))
    after = desk.keep(exchange_key(desk.machine, asked.value, desk.now))
    asked.say("installed", block=after.key[-5:].upper())


def _uninstall_key(asked: Asked) -> None:
    asked.desk.keep(uninstall_key(asked.desk.machine, asked.desk.now))
    asked.say("uninstalled")


def _activate(asked: Asked) -> None:
    asked.say("activating", product=asked.desk.machine.media.product.title)
    activate_online(asked.desk)


def _short(asked: Asked) -> None:
    click.echo("\n".join(short_information(asked.desk.machine, asked.desk.now)))


def _detailed(asked: Asked) -> None:
    click.echo("\n".join(detailed_information(asked.desk.machine, asked.desk.now)))


def _expiry(asked: Asked) -> None:
    click.echo(expiry(asked.desk.machine, asked.desk.now))


def _installation_id(asked: Asked) -> None:
    asked.say("installation_id", groups=" ".join(installation_id(asked.desk.machine)))


def _confirm(asked: Asked) -> None:
    desk = asked.desk
    outcome = confirm(desk.machine, asked.value, desk.now)
    if isinstance(outcome, NotConfirmed):
        desk.keep(happened(desk.machine, desk.now, Kind.REFUSED, outcome.sentence))
        decline(outcome.sentence)
    desk.keep(outcome)
    asked.say("deposited", product=outcome.media.product.title)


def _rearm(asked: Asked) -> None:
    outcome = rearm(asked.desk.machine, asked.desk.now)
    if isinstance(outcome, Declined):
        decline(outcome.sentence)
    after = asked.desk.keep(outcome)
    asked.say("rearmed")
    asked.say("rearms", count=rearms_left(after))


def _log_only(sentence: str, code: Code) -> Callable[[Asked], None]:
    """Options that touch files which a simulated computer does not have: a line in its log."""

    def note(asked: Asked) -> None:
        desk = asked.desk
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
    known.work(Asked(find_desk(places, name), " ".join(value)))


COMMANDS = (slmgr,)
