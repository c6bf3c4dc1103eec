"""`init`, typed at the terminal: the record of acts has its anchors from the first day, and gets others never."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    environment = {**os.environ, "ACTIVATION_CENTER_HOME": str(tmp_path / "instance")}
    environment.pop("ACTIVATION_CENTER_DATABASE", None)
    return lambda *line: subprocess.run(
        [sys.executable, "-m", "app", *line], env=environment, capture_output=True, text=True, check=False
    )


def test_a_new_instance_has_a_whole_record_and_anchors_taken_away_do_not_come_back(run: Run, tmp_path: Path) -> None:
    run("init")
    assert run("audit", "verify").stdout == "The record is whole: 0 entries, 0 anchors.\n"
    (tmp_path / "instance" / "audit-anchors").unlink()
    with sqlite3.connect(tmp_path / "instance" / "activation.db") as database:
        database.execute("DELETE FROM audit")
    run("init")
    verified = run("audit", "verify")
    assert (verified.returncode, "audit-anchors is missing" in verified.stdout) == (1, True)


def test_an_instance_of_an_older_version_gets_its_anchors(run: Run, tmp_path: Path) -> None:
    run("init")
    (tmp_path / "instance" / "audit-anchors").unlink()
    (tmp_path / "instance" / "activation.db").unlink()  # every migration is due again, as for an older database
    assert run("init").returncode == 0
    assert run("audit", "verify").stdout == "The record is whole: 0 entries, 0 anchors.\n"
