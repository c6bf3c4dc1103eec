"""The computer as a value: its IDs, its states and its countdowns."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.catalogue import Channel
from activation.hardware import COMPONENTS, hash_hardware, is_same_machine
from workstation.computer.declined import NotConfirmed
from workstation.computer.hardware import choose_parts
from workstation.computer.machine import (
    Machine,
    State,
    change_hardware,
    confirm,
    days_left,
    installation_id,
    product_id,
    state,
    values_for_call,
)

Install = Callable[..., Machine]
Issue = Callable[..., str]
DAY = timedelta(days=1)
LAYOUTS = [("server-2003-standard", 9, 50), ("windows-7-professional", 9, 54)]


def activated(machine: Machine, issue: Issue) -> Machine:
    outcome = confirm(machine, issue(machine), machine.installed_at + DAY)
    assert isinstance(outcome, Machine)
    return outcome


@given(seed=st.integers())
def test_the_same_hardware_and_key_always_show_the_same_installation_id(install: Install, seed: int) -> None:
    one = install(seed=seed)
    again = Machine("another name", one.media, choose_parts(Random(seed)), one.installed_at + DAY)
    assert installation_id(again) == installation_id(one)


@pytest.mark.parametrize(("product", "groups", "digits"), LAYOUTS)
def test_the_installation_id_is_written_in_the_layout_of_its_generation(
    install: Install, product: str, groups: int, digits: int
) -> None:
    shown = installation_id(install(product))
    assert (len(shown), len("".join(shown))) == (groups, digits)


def test_two_keys_on_the_same_hardware_show_different_installation_ids(install: Install) -> None:
    assert installation_id(install(seed=5)) != installation_id(install(seed=5))


@given(seed=st.integers(), name=st.sampled_from([component.name for component in COMPONENTS]), value=st.text())
def test_the_installation_id_changes_exactly_when_the_hash_does(install: Install, seed: int, name: str, value: str) -> None:
    machine = install(seed=seed)
    changed = change_hardware(machine, {name: value}, machine.installed_at)
    same_hash = hash_hardware(changed.parts) == hash_hardware(machine.parts)
    assert (installation_id(changed) == installation_id(machine)) is same_hash


def test_values_for_a_scripted_call_are_the_groups_and_all_the_digits(install: Install) -> None:
    machine = install()
    values, groups = values_for_call(machine), installation_id(machine)
    assert values["id"] == "".join(groups)
    assert [values[f"group{number}"] for number in range(1, 10)] == list(groups)
    assert len(values) == 10


def test_the_product_id_says_product_channel_and_serial_and_is_checked(install: Install) -> None:
    machine = install("windows-7-professional", Channel.MAK)
    code, serial = machine.media.product.code, machine.media.serial
    assert re.fullmatch(rf"SIM{code:02X}-005-{serial:08d}-\d{{5}}", product_id(machine))
    other = replace(machine, media=replace(machine.media, serial=serial + 1))
    assert product_id(other)[-5:] != product_id(machine)[-5:]


def test_no_key_of_the_media_is_in_what_a_machine_prints_of_itself(install: Install) -> None:
    machine = install()
    keys = machine.media.keys
    assert not any(key in repr(machine) for key in (keys.cipher, keys.tag, keys.confirmation))


@pytest.mark.parametrize(
    ("product", "channel", "grace_days"),
    [
        ("windows-7-professional", Channel.RETAIL, 30),
        ("windows-7-professional", Channel.MAK, 30),
        ("server-2003-standard", Channel.OEM, 30),
        ("server-2003-standard", Channel.EVALUATION, 14),
        ("server-2003-standard", Channel.MSDN, 60),
    ],
)
def test_grace_lasts_as_long_as_the_channel_says(install: Install, product: str, channel: Channel, grace_days: int) -> None:
    machine = install(product, channel)
    end, second = machine.installed_at + grace_days * DAY, timedelta(seconds=1)
    assert days_left(machine, machine.installed_at) == grace_days
    assert (state(machine, end - second), days_left(machine, end - second)) == (State.IN_GRACE, 1)
    assert (state(machine, end), days_left(machine, end)) == (State.GRACE_ENDED, 0)


def test_a_2003_volume_licence_needs_no_activation_and_takes_none(install: Install) -> None:
    machine = install("server-2003-standard", Channel.VOLUME)
    late = machine.installed_at + 1000 * DAY
    assert (state(machine, late), days_left(machine, late)) == (State.NOT_REQUIRED, None)
    assert isinstance(confirm(machine, "0" * 42, late), NotConfirmed)


def test_an_activated_machine_stays_activated_and_counts_no_days(install: Install, issue: Issue) -> None:
    machine = activated(install(), issue)
    late = machine.installed_at + 1000 * DAY
    assert (state(machine, late), days_left(machine, late)) == (State.ACTIVATED, None)


@given(seed=st.integers(), changed=st.sets(st.sampled_from([component.name for component in COMPONENTS])))
def test_an_activated_machine_is_out_of_tolerance_exactly_when_its_hash_is(
    install: Install, issue: Issue, seed: int, changed: set[str]
) -> None:
    machine = activated(install(seed=seed), issue)
    drifted = change_hardware(machine, dict.fromkeys(changed, "something else"), machine.installed_at + DAY)
    same = is_same_machine(hash_hardware(drifted.parts), hash_hardware(machine.parts))
    assert state(drifted, machine.installed_at + DAY) is (State.ACTIVATED if same else State.OUT_OF_TOLERANCE)


def test_out_of_tolerance_leaves_three_days_which_further_changes_do_not_prolong(install: Install, issue: Issue) -> None:
    machine = activated(install(), issue)
    moment = machine.installed_at + 100 * DAY
    drifted = change_hardware(machine, choose_parts(Random(2)), moment)
    again = change_hardware(drifted, choose_parts(Random(3)), moment + DAY)
    assert [days_left(again, moment + days * DAY) for days in range(5)] == [3, 2, 1, 0, 0]


def test_hardware_put_back_is_within_tolerance_again(install: Install, issue: Issue) -> None:
    machine = activated(install(), issue)
    drifted = change_hardware(machine, choose_parts(Random(2)), machine.installed_at + 9 * DAY)
    restored = change_hardware(drifted, machine.parts, machine.installed_at + 10 * DAY)
    assert replace(restored, history=machine.history) == machine


def test_a_drifted_machine_is_activated_again_by_the_answer_to_its_new_id(install: Install, issue: Issue) -> None:
    machine = activated(install(), issue)
    moment = machine.installed_at + 9 * DAY
    drifted = change_hardware(machine, choose_parts(Random(2)), moment)
    assert isinstance(confirm(drifted, issue(machine), moment), NotConfirmed)
    assert state(activated(drifted, issue), moment) is State.ACTIVATED


def test_changes_before_activation_start_no_countdown_of_their_own(install: Install) -> None:
    machine = install()
    changed = change_hardware(machine, choose_parts(Random(2)), machine.installed_at + DAY)
    assert days_left(changed, machine.installed_at + DAY) == 29
