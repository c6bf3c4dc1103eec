"""One file per workstation: whole or absent, private, and honest when it is damaged."""

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workstation.computer.machine import Machine, change_hardware, confirm, happened
from workstation.computer.traits import Kind
from workstation.keeping.files import MachineFolder, Unreadable
from workstation.keeping.folder import is_name

Install = Callable[..., Machine]
Issue = Callable[..., str]
FOREIGN_KEY = "BCDFG-HJKMP-QRTVW-XY234-6789B"


@given(seed=st.integers())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_read_again(tmp_path: Path, install: Install, seed: int) -> None:
    folder, machine = MachineFolder(tmp_path), install(seed=seed)
    machine = replace(machine, name="desk")
    folder.write(machine)
    assert MachineFolder(tmp_path).read("desk") == machine


def test_an_activation_and_a_drift_survive(tmp_path: Path, install: Install, issue: Issue) -> None:
    machine = install()
    activated = confirm(machine, issue(machine, 7), machine.installed_at)
    assert isinstance(activated, Machine)
    drifted = change_hardware(activated, dict.fromkeys(machine.parts, "other"), machine.installed_at)
    assert drifted.drifted_at
    MachineFolder(tmp_path).write(drifted)
    assert MachineFolder(tmp_path).read(machine.name) == drifted


def test_only_the_owner_may_read_a_file_with_keys(tmp_path: Path, install: Install) -> None:
    MachineFolder(tmp_path).write(install())
    (file,) = (tmp_path / "workstations").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_write_that_fails_leaves_the_old_file_and_no_draft(
    tmp_path: Path, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, machine = MachineFolder(tmp_path), install()
    folder.write(machine)

    def full_disk(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        folder.write(replace(machine, parts={}))
    monkeypatch.undo()
    assert folder.read_all() == (machine,)
    assert len(list(folder.folder.iterdir())) == 1


@given(place=st.floats(0, 1, exclude_max=True))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_cut_short_is_a_sentence_that_names_it(tmp_path: Path, install: Install, place: float) -> None:
    folder, machine = MachineFolder(tmp_path), install()
    folder.write(machine)
    path = folder.folder / f"{machine.name}.json"
    whole = path.read_bytes()
    path.write_bytes(whole[: int(place * len(whole))])
    found = folder.read(machine.name)
    assert isinstance(found, Unreadable)
    assert str(path) in found.sentence


@given(place=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_with_any_byte_changed_never_ends_in_an_exception(
    tmp_path: Path, install: Install, place: float, byte: int
) -> None:
    folder, machine = MachineFolder(tmp_path), install()
    folder.write(machine)
    path = folder.folder / f"{machine.name}.json"
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] = byte
    path.write_bytes(content)
    assert isinstance(folder.read(machine.name), Machine | Unreadable)


@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"],
)
def test_rubbish_in_a_file_is_a_sentence_and_hides_no_other_machine(tmp_path: Path, install: Install, content: bytes) -> None:
    folder, machine = MachineFolder(tmp_path), install()
    folder.write(machine)
    (folder.folder / "broken.json").write_bytes(content)
    broken, whole = folder.read_all()
    assert isinstance(broken, Unreadable)
    assert "broken.json of a workstation cannot be read" in broken.sentence
    assert whole == machine


def test_a_layout_that_no_id_fits_is_damage(tmp_path: Path, install: Install) -> None:
    folder, machine = MachineFolder(tmp_path), install()
    folder.write(machine)
    path = folder.folder / f"{machine.name}.json"
    path.write_bytes(path.read_bytes().replace(b'"block_length": 6', b'"block_length": 0'))
    found = folder.read(machine.name)
    assert isinstance(found, Unreadable)
    assert "layout of confirmation IDs" in found.sentence


def test_a_file_under_another_machines_name_is_not_taken_for_it(tmp_path: Path, install: Install) -> None:
    folder, machine = MachineFolder(tmp_path), install()
    folder.write(machine)
    (folder.folder / f"{machine.name}.json").rename(folder.folder / "copy.json")
    found = folder.read("copy")
    assert isinstance(found, Unreadable)
    assert machine.name in found.sentence


def test_names_that_differ_in_case_are_one_machine(tmp_path: Path, install: Install) -> None:
    folder, machine = MachineFolder(tmp_path), replace(install(), name="Lab-PC")
    folder.write(machine)
    assert folder.read("lab-pc") == folder.read("LAB-PC") == machine


@pytest.mark.parametrize("name", ["", ".hidden", "../up", "a/b", "a b", "Ünï", "a" * 41, "nul\0", "a\n", FOREIGN_KEY])
def test_a_name_that_is_no_file_name_is_refused_everywhere(tmp_path: Path, install: Install, name: str) -> None:
    folder = MachineFolder(tmp_path)
    folder.folder.mkdir()
    (tmp_path / "up.json").write_text("a file outside the folder")
    assert not is_name(name)
    assert not folder.holds(name)
    assert not folder.remove(name)
    assert isinstance(folder.read(name), Unreadable)
    with pytest.raises(ValueError, match="begins with a letter or digit"):
        folder.write(replace(install(), name=name))


def test_removing_needs_no_readable_file(tmp_path: Path) -> None:
    folder = MachineFolder(tmp_path)
    folder.folder.mkdir()
    (folder.folder / "broken.json").write_bytes(b"rubbish")
    assert folder.remove("broken")
    assert not folder.remove("broken")
    assert folder.read_all() == ()


def test_nothing_is_left_of_a_removed_machine(tmp_path: Path, install: Install) -> None:
    folder, machine = MachineFolder(tmp_path), install()
    folder.write(happened(machine, machine.installed_at, Kind.INSTALLED, "set up"))
    folder.exchange_path(machine.name).write_text("what it sent last")
    with folder.lock(machine.name):
        assert len(list(folder.folder.iterdir())) == 4
        assert folder.remove(machine.name)
    assert list(folder.folder.iterdir()) == []


def test_of_many_who_change_a_machine_at_once_no_change_is_lost(tmp_path: Path, install: Install) -> None:
    folder, machine = MachineFolder(tmp_path), install()
    folder.write(machine)

    def log_on(number: int) -> None:
        with folder.lock(machine.name):
            found = folder.read(machine.name)
            assert isinstance(found, Machine)
            folder.write(happened(found, found.installed_at, Kind.LOGON, str(number)))

    with ThreadPoolExecutor(4) as people:
        list(people.map(log_on, range(20)))
    kept = folder.read(machine.name)
    assert isinstance(kept, Machine)
    assert sorted(int(one.words) for one in kept.history) == list(range(20))
    assert len(folder.read_log(machine.name).splitlines()) == 20


def test_of_many_who_add_a_machine_of_one_name_one_does_and_the_others_are_told(tmp_path: Path, install: Install) -> None:
    folder, machine = MachineFolder(tmp_path), install()
    with ThreadPoolExecutor(4) as people:
        said = list(people.map(lambda country: folder.add(replace(machine, country=country)), ("US", "GB", "DE", "FR")))
    added = [country for country, complaint in zip(("US", "GB", "DE", "FR"), said, strict=True) if complaint is None]
    kept = folder.read(machine.name)
    assert isinstance(kept, Machine)
    assert [kept.country] == added
    assert said.count(f"There is already a workstation named {machine.name!r}; choose another name or remove it.") == 3
