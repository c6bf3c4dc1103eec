"""Row 10: nothing at the computer switches activation off; only another channel or the maker's firmware changes the outcome."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import Result

from activation.catalogue import Channel
from workstation.commands import workstation
from workstation.commands.group import real_now
from workstation.computer.machine import Machine, State, machine_now, state
from workstation.keeping.files import MachineFolder

Run = Callable[..., Result]
New = Callable[..., Machine]

SETTLING = {"remove", "reimage"}
"""Scrapping the computer, and volume media: the first ends it, the second is the channel's own way out (rows 10, 12)."""


def leaves(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from leaves(command, (*path, name))
        else:
            yield (*path, name), command


def attempts(command: click.Command) -> Iterator[list[str]]:
    """The command with each of its switches, and with every value of each of its choices, alone and in pairs."""
    single = [[]]
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.is_flag:
            single.append([parameter.opts[0]])
        elif isinstance(parameter, click.Option) and isinstance(parameter.type, click.Choice):
            single.extend([parameter.opts[0], str(choice)] for choice in parameter.type.choices)
        elif isinstance(parameter, click.Argument) and isinstance(parameter.type, click.Choice):
            single.extend([str(choice)] for choice in parameter.type.choices)
    yield from single
    yield from ([*one, *other] for one, other in itertools.combinations(single[1:], 2))


COMMANDS = [pytest.param(path, command, id=" ".join(path)) for path, command in leaves(workstation) if path[0] not in SETTLING]


# row 10
@pytest.mark.parametrize(("path", "command"), COMMANDS)
@pytest.mark.parametrize(
    ("product", "channel"),
    [("windows-7-professional", Channel.RETAIL), ("server-2003-standard", Channel.OEM)],
)
def test_no_command_with_any_of_its_switches_settles_a_computer_that_must_be_activated(
    new: New, run: Run, tmp_path: Path, path: tuple[str, ...], command: click.Command, product: str, channel: Channel
) -> None:
    new("desk", product, channel)
    for attempt in attempts(command):
        run(*path, "desk", *attempt)
        machine = MachineFolder(tmp_path).read("desk")
        assert isinstance(machine, Machine), f"{path} {attempt}"
        assert state(machine, machine_now(machine, real_now())) in {State.IN_GRACE, State.GRACE_ENDED}, f"{path} {attempt}"


# row 10
def test_no_option_is_even_called_a_switch_for_activation() -> None:
    names = [
        option
        for _, command in leaves(workstation)
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    ]
    off = ("no-activ", "skip", "disable", "deactivat", "bypass", "without-activ", "crack")
    assert not [name for name in names if any(word in name for word in off)]


# row 10
def test_only_the_channel_or_the_makers_firmware_changes_the_outcome(new: New, run: Run, tmp_path: Path) -> None:
    outcomes = {}
    for channel, options in itertools.product(Channel, [(), ("--firmware-marker",), ("--firmware-marker", "--image", "maker")]):
        product = "windows-7-professional" if channel in {Channel.MAK, Channel.KMS} else "server-2003-standard"
        name = f"{channel}-{len(options)}"
        if "--image" in options and channel is not Channel.OEM:
            continue  # refused: test_setting_up shows it
        machine = new(name, product, channel, *options)
        outcomes[name] = state(machine, machine.installed_at)
    settled = {name for name, found in outcomes.items() if found is not State.IN_GRACE}
    assert settled == {"volume-0", "volume-1", "oem-3"}
