"""The command `agents`: the people who may sign in at the console."""

import json
import secrets as randomness
from datetime import UTC, datetime
from typing import Any

import click

from callcenter.floor import staff
from callcenter.floor.people import Agent, Role
from data.acting import Instance, act
from data.listings import print_table

_FIRST_PASSWORD_BYTES = 9


@click.group()
def agents() -> None:
    """The people who may sign in at the console.

    What these commands do is on the record of acts, by `command line`.
    """


@agents.command("add")
@click.argument("name")
@click.option("--full-name", required=True, metavar="NAME", help="As colleagues see it.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What they may do.")
@click.option("--phone", default="", metavar="ADDRESS", help="Where to ring them: +18005550142, sip:name@host or client:name.")
@click.option(
    "--language", "languages", multiple=True, default=["en"], metavar="CODE", help="One they speak, such as en; repeat."
)
@click.pass_obj
def add_agent(instance: Instance, name: str, full_name: str, role: str, phone: str, languages: tuple[str, ...]) -> None:
    """Adds somebody and shows the first password, once."""
    spoken = staff.read_languages(languages)
    if spoken is None:
        raise click.ClickException(staff.NO_LANGUAGE)
    password = _first_password()
    draft = Agent(name, full_name.strip(), Role(role), "", True, datetime.now(UTC), phone=phone.strip(), languages=spoken)
    agent = act(instance, lambda tx, acting: staff.add(tx, acting, draft, password))
    click.echo(f"Added {agent.name}, {agent.role.value}.")
    _show_password(password)


@agents.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@click.pass_obj
def list_agents(instance: Instance, as_json: bool) -> None:
    """Lists everybody who may sign in, by name."""
    rows = [_describe(agent) for agent in instance.store.read(lambda tx: tx.people.all())]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    elif rows:
        columns = {"name": "Name", "full_name": "Full name", "role": "Role", "languages": "Speaks", "status": "Status"}
        print_table(rows, columns)
    else:
        click.echo("There is nobody yet; `activation-center agents add` adds somebody.")


@agents.command("disable")
@click.argument("name")
@click.pass_obj
def disable_agent(instance: Instance, name: str) -> None:
    """Ends somebody's sessions at once and lets them sign in no more."""
    agent = act(instance, lambda tx, acting: staff.disable(tx, acting, name))
    click.echo(f"{agent.name} is disabled.")


@agents.command("enable")
@click.argument("name")
@click.pass_obj
def enable_agent(instance: Instance, name: str) -> None:
    """Lets somebody who was disabled sign in again."""
    agent = act(instance, lambda tx, acting: staff.enable(tx, acting, name))
    click.echo(f"{agent.name} may sign in again.")


@agents.command("reset")
@click.argument("name")
@click.pass_obj
def reset_agent(instance: Instance, name: str) -> None:
    """Gives somebody a new first password and shows it, once."""
    password = _first_password()
    agent = act(instance, lambda tx, acting: staff.reset_password(tx, acting, name, password))
    click.echo(f"{agent.name} has a new first password; every session of theirs has ended.")
    _show_password(password)


def _first_password() -> str:
    return randomness.token_urlsafe(_FIRST_PASSWORD_BYTES)


def _show_password(password: str) -> None:
    click.echo(
        f"First password: {password}\nIt is stored hashed and shown only now; it has to be changed at the first sign-in."
    )


def _describe(agent: Agent) -> dict[str, Any]:
    status = "disabled" if agent.is_disabled else "first password" if agent.must_change else "active"
    return {
        "name": agent.name,
        "full_name": agent.full_name,
        "role": agent.role.value,
        "phone": agent.phone,
        "languages": sorted(agent.languages),
        "status": status,
        "created_at": agent.created_at.isoformat(),
    }
