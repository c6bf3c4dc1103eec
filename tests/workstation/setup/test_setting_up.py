"""Setup by channel, through the commands: what kind of licence a computer has decides what becomes of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from activation.catalogue import Channel
from activation.hardware import hash_hardware, is_same_machine
from workstation.computer.machine import Machine, installation_id
from workstation.keeping.files import MachineFolder

Sell = Callable[..., str]
Issue = Callable[..., str]
Run = Callable[..., Result]
New = Callable[..., Machine]
Shown = Callable[[str], dict[str, Any]]
Refusal = Callable[[Result], str]
MARKED = ("--firmware-marker", "--image", "maker")


def read(home: Path, name: str) -> Machine:
    machine = MachineFolder(home).read(name)
    assert isinstance(machine, Machine)
    return machine


def reminders(run: Run, name: str, days: int = 60) -> list[dict[str, Any]]:
    entries = json.loads(run("timeline", name, "--days", str(days), "--json").stdout)
    return [entry for entry in entries if entry["kind"] == "reminder"]


# row 4
def test_the_key_carries_the_channel_and_the_channel_decides_what_becomes_of_the_computer(
    new: New, run: Run, shown: Shown
) -> None:
    new("shelf", "windows-7-professional", Channel.RETAIL)
    new("bought", "windows-7-professional", Channel.OEM, *MARKED)
    new("office", "windows-7-professional", Channel.MAK)
    found = {entry["name"]: (entry["channel"], entry["state"]) for entry in json.loads(run("list", "--json").stdout)}
    assert found == {
        "shelf": ("retail", "in grace"),
        "bought": ("oem", "pre-activated"),
        "office": ("mak", "in grace"),
    }


# row 5
def test_a_retail_key_activates_its_computer_with_the_answer_to_a_call(new: New, run: Run, issue: Issue, shown: Shown) -> None:
    machine = new("desk", "windows-7-professional", Channel.RETAIL)
    assert run("confirm", "desk", issue(machine)).exit_code == 0
    assert shown("desk")["state"] == "activated"


# row 6
def test_an_oem_computer_with_marker_and_makers_image_is_pre_activated_and_never_reminds(
    new: New, run: Run, shown: Shown
) -> None:
    new("desk", "windows-7-professional", Channel.OEM, *MARKED)
    assert (shown("desk")["state"], shown("desk")["days_left"]) == ("pre-activated", None)
    run("clock", "desk", "--ahead", "400d")
    assert json.loads(run("logon", "desk", "--json").stdout)["reminder"] is None
    assert (shown("desk")["state"], shown("desk")["access"]) == ("pre-activated", "full")
    assert reminders(run, "desk") == []


# row 7
def test_without_the_makers_image_the_same_computer_is_in_grace_and_with_it_again_pre_activated(
    new: New, run: Run, shown: Shown
) -> None:
    new("desk", "windows-7-professional", Channel.OEM, *MARKED)
    run("clock", "desk", "--ahead", "400d")
    swapped = run("image", "desk", "own").stdout
    assert "must be activated in another way" in swapped
    assert (shown("desk")["state"], shown("desk")["days_left"]) == ("in grace", 30)
    assert reminders(run, "desk", 1)
    assert run("image", "desk", "maker").exit_code == 0
    assert shown("desk")["state"] == "pre-activated"


# row 8
@pytest.mark.parametrize("options", [(), ("--image", "maker"), ("--firmware-marker",)])
def test_a_pre_installed_server_without_marker_or_image_starts_a_normal_grace(
    new: New, shown: Shown, options: tuple[str, ...]
) -> None:
    new("server", "server-2003-standard", Channel.OEM, *options)
    assert (shown("server")["state"], shown("server")["days_left"]) == ("in grace", 30)


# row 9
def test_a_2003_volume_installation_never_reminds_and_never_blocks(new: New, run: Run, shown: Shown) -> None:
    new("server", "server-2003-enterprise", Channel.VOLUME)
    run("clock", "server", "--ahead", "1000d")
    assert (shown("server")["state"], shown("server")["access"]) == ("activation not required", "full")
    assert json.loads(run("logon", "server", "--json").stdout)["reminder"] is None
    assert reminders(run, "server") == []


# row 12
@pytest.mark.parametrize("channel", [Channel.RETAIL, Channel.OEM])
def test_a_re_imaged_computer_needs_no_activation_and_keeps_its_record(
    live: Run, sell: Sell, shown: Shown, tmp_path: Path, channel: Channel
) -> None:
    live("new", "--name", "server", "--key", sell("server-2003-standard", channel))
    before = read(tmp_path, "server")
    outcome = live("reimage", "server", "--key", sell("server-2003-standard", Channel.VOLUME))
    assert outcome.stdout.splitlines()[-1] == "server: activation not required."
    after = read(tmp_path, "server")
    assert (after.name, after.parts) == (before.name, before.parts)
    assert after.history[: len(before.history)] == before.history
    assert (shown("server")["channel"], shown("server")["set_up_as"], shown("server")["image"]) == ("volume", channel, "volume")


def test_re_imaging_is_for_retail_and_oem_computers_and_for_volume_media(live: Run, sell: Sell, refusal: Refusal) -> None:
    live("new", "--name", "a", "--key", sell("server-2003-standard", Channel.RETAIL))
    assert "not a volume key" in refusal(live("reimage", "a", "--key", sell("server-2003-standard", Channel.MSDN)))
    live("new", "--name", "b", "--key", sell("windows-7-professional", Channel.MAK))
    assert "convert it" in refusal(live("reimage", "b", "--product", "windows-7-enterprise"))
    live("new", "--name", "c", "--no-base-licence", "--key", sell("windows-7-professional", Channel.OEM))
    assert "without a qualifying licence" in refusal(live("reimage", "c", "--product", "windows-7-enterprise"))


def test_a_computer_re_imaged_without_a_key_is_a_volume_client(live: Run, sell: Sell, shown: Shown) -> None:
    live("new", "--name", "desk", "--key", sell("windows-7-professional", Channel.OEM))
    assert live("reimage", "desk", "--product", "windows-7-enterprise").exit_code == 0
    assert (shown("desk")["product"], shown("desk")["channel"]) == ("Windows 7 Enterprise", "kms")


# row 2
def test_a_cloned_disk_in_other_hardware_is_out_of_tolerance(new: New, run: Run, issue: Issue, shown: Shown) -> None:
    run("confirm", "desk", issue(new("desk")))
    outcome = run("clone", "desk", "--as", "copy")
    assert outcome.stdout == "copy: the disk of desk in other hardware; out of tolerance, 3 days left.\n"
    assert (shown("desk")["state"], shown("copy")["state"]) == ("activated", "out of tolerance")
    assert shown("copy")["product_id"] == shown("desk")["product_id"]
    assert shown("copy")["installation_id"] != shown("desk")["installation_id"]


# row 2
def test_a_cloned_disk_takes_neither_the_makers_marker_nor_the_first_computers_answer_along(
    new: New, run: Run, issue: Issue, shown: Shown, refusal: Refusal, tmp_path: Path
) -> None:
    new("oem", "windows-7-professional", Channel.OEM, *MARKED)
    run("clock", "oem", "--ahead", "90d")
    run("clone", "oem", "--as", "oem-copy")
    assert (shown("oem-copy")["state"], shown("oem-copy")["days_left"]) == ("in grace", 30)
    machine = new("desk")
    run("clone", "desk", "--as", "copy")
    assert shown("copy")["state"] == "in grace"
    assert "belongs to another computer" in refusal(run("confirm", "copy", issue(machine)))
    one, other = (hash_hardware(read(tmp_path, name).parts) for name in ("desk", "copy"))
    assert not is_same_machine(one, other)


# row 60
@pytest.mark.parametrize("product", ["windows-7-professional", "vista-enterprise", "server-2008-r2-datacenter"])
def test_a_volume_edition_without_a_key_looks_for_a_key_management_host(
    live: Run, shown: Shown, refusal: Refusal, product: str
) -> None:
    outcome = live("new", "--name", "desk", "--product", product)
    assert outcome.exit_code == 0
    assert "looks for a key-management host" in outcome.stdout
    assert (shown("desk")["channel"], shown("desk")["state"], shown("desk")["days_left"]) == ("kms", "in grace", 30)
    assert shown("desk")["installation_id"] is None
    assert "key-management host" in live("show", "desk").stdout
    assert "install a MAK first" in refusal(live("confirm", "desk", "1"))


# row 60
def test_a_mak_has_to_be_installed(live: Run, sell: Sell, shown: Shown, issue: Issue, tmp_path: Path) -> None:
    live("new", "--name", "desk", "--product", "windows-7-professional")
    assert live("convert", "desk", "--key", sell("windows-7-professional", Channel.MAK)).exit_code == 0
    assert shown("desk")["channel"] == "mak"
    assert live("confirm", "desk", issue(read(tmp_path, "desk"))).exit_code == 0


@pytest.mark.parametrize(
    ("product", "words"),
    [
        ("windows-7-home-premium", "cannot be installed without a product key"),
        ("server-2003-standard", "cannot be installed without a product key"),
        ("windows-95", "no product of that short name"),
    ],
)
def test_what_is_no_volume_edition_needs_a_key(live: Run, refusal: Refusal, product: str, words: str) -> None:
    assert words in refusal(live("new", "--name", "desk", "--product", product))


def test_neither_key_nor_product_is_told_what_to_name(run: Run, refusal: Refusal) -> None:
    assert "--key" in refusal(run("new", "--name", "desk"))


# row 70
def test_a_virtual_machine_with_a_mak_is_told_that_it_counts_and_what_is_preferred(
    new: New, live: Run, sell: Sell, shown: Shown
) -> None:
    outcome = live("new", "--name", "guest", "--virtual", "--key", sell("windows-7-professional", Channel.MAK))
    assert "counts for a virtual machine too; a key-management host is preferred" in outcome.stdout
    assert shown("guest")["virtual"] is True
    page = " ".join(live("show", "guest").stdout.split())
    assert "a virtual machine" in page
    assert "a key-management host is preferred for virtual machines" in page


# row 81
def test_a_computer_set_up_for_kms_takes_a_mak_and_shows_as_converted_and_back_again(
    live: Run, sell: Sell, shown: Shown
) -> None:
    live("new", "--name", "desk", "--product", "windows-7-professional")
    outcome = live("convert", "desk", "--key", sell("windows-7-professional", Channel.MAK))
    assert outcome.stdout.splitlines()[0] == "desk: Converted from KMS to MAK."
    assert (shown("desk")["set_up_as"], shown("desk")["channel"]) == ("kms", "mak")
    assert "from kms to mak" in live("show", "desk").stdout
    assert "Converted from MAK to KMS." in live("convert", "desk", "--kms").stdout
    assert (shown("desk")["set_up_as"], shown("desk")["channel"]) == ("mak", "kms")


# row 81
def test_an_image_with_a_mak_inside_sets_up_many_computers_each_with_an_id_of_its_own(
    live: Run, sell: Sell, issue: Issue, shown: Shown, tmp_path: Path
) -> None:
    live("new", "--name", "master", "--product", "windows-7-enterprise")
    live("convert", "master", "--key", sell("windows-7-enterprise", Channel.MAK))
    outcome = live("image-of", "master", "--times", "20", "--prefix", "lab-")
    assert outcome.stdout.startswith("20 computers, lab-01 to lab-20, set up from an image of master; in grace, 30 days left.")
    copies = [read(tmp_path, f"lab-{number:02d}") for number in range(1, 21)]
    assert len({installation_id(copy) for copy in copies}) == 20
    assert live("confirm", "lab-07", issue(copies[6])).exit_code == 0
    after = shown("lab-07")
    assert (after["state"], after["channel"], after["set_up_as"], after["made_from"]) == ("activated", "mak", "kms", "master")


def test_an_image_for_many_holds_a_volume_key(new: New, run: Run, refusal: Refusal, tmp_path: Path) -> None:
    new("desk")
    assert "holds a volume key" in refusal(run("image-of", "desk", "--times", "3", "--prefix", "lab-"))
    assert [machine.name for machine in MachineFolder(tmp_path).read_all() if isinstance(machine, Machine)] == ["desk"]


def test_a_taken_name_is_found_out_before_the_first_copy(live: Run, sell: Sell, refusal: Refusal, tmp_path: Path) -> None:
    live("new", "--name", "master", "--key", sell("windows-7-enterprise", Channel.MAK))
    live("clone", "master", "--as", "lab-3")
    assert "'lab-3'" in refusal(live("image-of", "master", "--times", "3", "--prefix", "lab-"))
    assert not MachineFolder(tmp_path).holds("lab-1")
    assert "already a workstation" in refusal(live("clone", "master", "--as", "LAB-3"))


# row 86
@pytest.mark.parametrize("channel", [Channel.RETAIL, Channel.VOLUME])
def test_a_key_of_the_old_kind_in_a_new_product_gets_a_clear_message(
    live: Run, sell: Sell, refusal: Refusal, channel: Channel
) -> None:
    old = sell("server-2003-standard", channel)
    words = refusal(live("new", "--name", "desk", "--product", "windows-7-professional", "--key", old))
    assert "a key of the Windows Server 2003 kind" in words
    assert "Windows 7 Professional needs a key of its own" in words
    live("new", "--name", "desk", "--product", "windows-7-professional")
    assert "a key of the Windows Server 2003 kind" in refusal(live("convert", "desk", "--key", old))


def test_a_key_of_another_product_is_refused_with_both_names(live: Run, sell: Sell, refusal: Refusal) -> None:
    live("new", "--name", "desk", "--key", sell("windows-7-professional", Channel.RETAIL))
    words = refusal(live("convert", "desk", "--key", sell("windows-7-ultimate", Channel.RETAIL)))
    assert "windows-7-ultimate" in words


def test_a_makers_image_comes_with_an_oem_key(live: Run, sell: Sell, refusal: Refusal) -> None:
    key = sell("windows-7-professional", Channel.RETAIL)
    assert "comes with an OEM key" in refusal(live("new", "--name", "desk", "--image", "maker", "--key", key))
    live("new", "--name", "desk", "--key", key)
    assert "Only a computer with an OEM key" in refusal(live("image", "desk", "maker"))


def test_an_exchanged_key_leaves_a_running_countdown_as_it_is(live: Run, sell: Sell, shown: Shown) -> None:
    live("new", "--name", "desk", "--product", "windows-7-professional")
    live("clock", "desk", "--ahead", "12d")
    live("convert", "desk", "--key", sell("windows-7-professional", Channel.MAK))
    assert shown("desk")["days_left"] == 18


def test_an_activation_goes_with_its_key(live: Run, sell: Sell, shown: Shown, issue: Issue, tmp_path: Path) -> None:
    live("new", "--name", "desk", "--key", sell("windows-7-professional", Channel.MAK))
    live("confirm", "desk", issue(read(tmp_path, "desk")))
    live("convert", "desk", "--key", sell("windows-7-professional", Channel.MAK))
    assert (shown("desk")["state"], shown("desk")["days_left"]) == ("in grace", 30)
