"""The commands that show and switch what is stored: `keys`, `agreements`, `outage`; and a contact's one-time code."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from secrets import randbelow
from typing import Any

import click

from activation.agreements import read_agreement_number
from activation.catalogue import Channel
from activation.digits import clean_digits
from activation.keys import KeyFault, read_key
from activation.secrets import Secrets
from callcenter.floor.acting import Acting, record
from callcenter.floor.audit import Act
from callcenter.floor.keys import FloorKey
from callcenter.floor.refusals import Refusal
from callcenter.floor.verification import CODE_LASTS, CODE_PURPOSE, issue_code
from data.acting import Instance, act
from data.contact_commands import invite
from data.descriptions import describe_agreement, describe_contact, describe_key
from data.listings import print_details, print_table
from data.store import Transaction
from data.switches import OUTAGE

_SERIAL_DIGITS = 8

_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
_reveal = click.option(
    "--reveal", is_flag=True, help="Print whole keys, which goes on the record; else all but the last block is hidden."
)


@click.group()
def keys() -> None:
    """Product keys and their counts."""


@keys.command("list")
@click.option("--channel", type=click.Choice([channel.value for channel in Channel]), help="Only keys sold this way.")
@click.option("--agreement", metavar="NUMBER", help="Only keys of this volume agreement.")
@_reveal
@_as_json
@click.pass_obj
def list_keys(instance: Instance, channel: str | None, agreement: str | None, reveal: bool, as_json: bool) -> None:
    """Lists the product keys, by serial."""
    number = _agreement_number(agreement) if agreement else None
    wanted = Channel(channel) if channel else None
    found = _read_keys(instance, lambda tx: tx.keys.all(channel=wanted, agreement=number), reveal=reveal)
    rows = [describe_key(key, instance, reveal=reveal) for key in found]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    elif rows:
        _print_keys(rows, reveal=reveal)
    else:
        filtered = wanted or number
        click.echo("No key matches." if filtered else "There are no keys yet; `activation-center init` loads some to try.")


@keys.command("show")
@click.argument("key")
@_reveal
@_as_json
@click.pass_obj
def show_key(instance: Instance, key: str, reveal: bool, as_json: bool) -> None:
    """Shows one product key, given as its text or its serial."""
    serial = _serial(key, instance.secrets)
    found = _read_keys(instance, lambda tx: tuple(filter(None, [tx.keys.get(serial)])), reveal=reveal)
    if not found:
        raise click.ClickException(f"No key has the serial {serial}; `activation-center keys list` shows those there are.")
    _print_one(describe_key(found[0], instance, reveal=reveal), as_json=as_json)


@click.group()
def agreements() -> None:
    """Volume agreements, their contacts and their keys."""


@agreements.command("list")
@_as_json
@click.pass_obj
def list_agreements(instance: Instance, as_json: bool) -> None:
    """Lists the volume agreements, by number."""
    rows = [describe_agreement(agreement, instance) for agreement in instance.store.read(lambda tx: tx.agreements.all())]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    elif rows:
        print_table(rows, {"number": "Number", "programme": "Programme", "organisation": "Organisation", "status": "Status"})
    else:
        click.echo("There are no agreements yet; `activation-center init` loads some to try.")


@agreements.command("show")
@click.argument("number")
@_reveal
@_as_json
@click.pass_obj
def show_agreement(instance: Instance, number: str, reveal: bool, as_json: bool) -> None:
    """Shows one volume agreement with its contacts and keys."""
    digits = _agreement_number(number)
    agreement, contacts = instance.store.read(lambda tx: (tx.agreements.get(digits), tx.agreements.contacts(digits)))
    if agreement is None:
        raise click.ClickException(f"No agreement has the number {digits}; `activation-center agreements list` shows them.")
    issued = _read_keys(instance, lambda tx: tx.keys.all(agreement=digits), reveal=reveal)
    description = describe_agreement(agreement, instance)
    people = [describe_contact(contact) for contact in contacts]
    rows = [describe_key(key, instance, reveal=reveal) for key in issued]
    if as_json:
        click.echo(json.dumps({**description, "contacts": people, "keys": rows}, indent=2))
        return
    print_details(description)
    print_table(people, {"id": "ID", "name": "Contact", "phone": "Phone", "rights": "May"})
    _print_keys(rows, reveal=reveal)


@agreements.command("code")
@click.argument("number")
@click.option("--contact", required=True, metavar="ID", help="Who is to read it out; `agreements show` lists the contacts.")
@click.pass_obj
def issue_contact_code(instance: Instance, number: str, contact: str) -> None:
    """Gives a contact a one-time code, as the portal would.

    The contact reads it to the agent, who enters it to verify the caller.
    """
    digits, key = _agreement_number(number), instance.secrets.purpose(CODE_PURPOSE)

    def issue(tx: Transaction, acting: Acting) -> str | Refusal:
        if contact not in {each.id for each in tx.agreements.contacts(digits)}:
            return Refusal(
                "agreements.contact", f"Agreement {digits} has no contact {contact!r}; `agreements show` lists them."
            )
        record(tx, acting, Act.CODE_ISSUED, f"agreement/{digits}", {"contact": contact})
        return issue_code(tx, key, digits, contact, acting.now, randbelow)

    click.echo(f"{act(instance, issue)}\nGood for {CODE_LASTS.total_seconds() / 60:.0f} minutes, and once.")


agreements.add_command(invite)


@click.group()
def outage() -> None:
    """Tell callers that activation is down.

    While the outage is on, nothing is activated and callers are told so before any digit.
    """


@outage.command("on")
@click.pass_obj
def outage_on(instance: Instance) -> None:
    """Takes the activation service down."""
    _switch_outage(instance, is_on=True)


@outage.command("off")
@click.pass_obj
def outage_off(instance: Instance) -> None:
    """Brings the activation service back."""
    _switch_outage(instance, is_on=False)


@outage.command("show")
@_as_json
@click.pass_obj
def show_outage(instance: Instance, as_json: bool) -> None:
    """Says whether the activation service is up."""
    is_on = instance.store.read(lambda tx: tx.switches.is_on(OUTAGE))
    click.echo(json.dumps({"outage": is_on}) if as_json else _outage_sentence(is_on))


def _read_keys(
    instance: Instance, find: Callable[[Transaction], tuple[FloorKey, ...]], *, reveal: bool
) -> tuple[FloorKey, ...]:
    """The keys to print; printing them whole is an act on the record, one for each key."""

    def show_whole(tx: Transaction, acting: Acting) -> tuple[FloorKey, ...]:
        found = find(tx)
        for key in found:
            record(tx, acting, Act.REVEALED, f"key/{key.record.serial}", {"what": "product key"})
        return found

    return act(instance, show_whole) if reveal else instance.store.read(find)


def _switch_outage(instance: Instance, *, is_on: bool) -> None:
    now = datetime.now(UTC)
    instance.store.transaction(lambda tx: tx.switches.set(OUTAGE, is_on, now))
    click.echo(_outage_sentence(is_on))


def _outage_sentence(is_on: bool) -> str:
    return "The activation service is down: nothing is activated." if is_on else "The activation service is up."


def _serial(text: str, secrets: Secrets) -> int:
    """The serial that a person gave, plainly or inside a key; what is no key is never repeated."""
    digits = clean_digits(text)
    if digits and len(digits) <= _SERIAL_DIGITS:
        return int(digits)
    key = read_key(text, secrets)
    if isinstance(key, KeyFault):
        raise click.ClickException(key.value)
    return key.serial


def _agreement_number(text: str) -> str:
    number = read_agreement_number(text)
    if number is None:
        raise click.ClickException(
            "An agreement number is eight digits, the last a check digit; `activation-center agreements list` shows them."
        )
    return number


def _print_one(description: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(description, indent=2))
    else:
        print_details(description)


def _print_keys(rows: Sequence[Mapping[str, Any]], *, reveal: bool) -> None:
    """A hidden key is shown by its last block alone, which leaves room for everything else in 80 columns."""
    shown = [
        {
            **row,
            "key": row["key"] if reveal else f"…{row['key'][-5:]}",
            "count": "blocked" if row["blocked"] else f"{row['used']}/{row['allowed']}",
        }
        for row in rows
    ]
    columns = {"serial": "Serial", "key": "Key", "product": "Product", "channel": "Channel", "count": "Used"}
    print_table(shown, columns if reveal else {**columns, "agreement": "Agreement"})
