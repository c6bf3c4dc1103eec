"""The instance folder, created by many at once."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from data.instance import Instance, create_instance, open_instance

ROOT = Path(__file__).parents[2]
CREATORS = 8


def create_and_open(home: Path) -> tuple[bool, Instance]:
    return create_instance(home), open_instance(home)


LEFT = ["audit-anchors", "secrets.json", "settings.toml"]
"""What an instance is made of; no draft is left."""
CREATOR = """
import sys
from pathlib import Path
from data.instance import create_instance, open_instance
for name in sys.argv[1:]:
    print(create_instance(Path(name)), open_instance(Path(name)).auth_token)
"""


def test_of_many_who_create_an_instance_one_does_and_all_see_the_same_secrets(tmp_path: Path) -> None:
    with ThreadPoolExecutor(CREATORS) as pool:
        for number in range(20):
            home = tmp_path / f"instance {number}"
            made, seen = zip(*pool.map(create_and_open, [home] * CREATORS), strict=True)
            assert sorted(made) == [False] * (CREATORS - 1) + [True]
            assert all(one == seen[0] for one in seen)
            assert sorted(path.name for path in home.iterdir()) == LEFT


def test_of_several_processes_that_create_an_instance_one_does_and_all_see_the_same_secrets(tmp_path: Path) -> None:
    homes = [tmp_path / f"instance {number}" for number in range(40)]
    command = [sys.executable, "-c", CREATOR, *map(str, homes)]
    creators = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(3)]
    told = [creator.communicate(timeout=60)[0].splitlines() for creator in creators]
    for home, *each in zip(homes, *told, strict=True):
        made, tokens = zip(*(line.split() for line in each), strict=True)
        assert sorted(made) == ["False", "False", "True"]
        assert len(set(tokens)) == 1
        assert sorted(path.name for path in home.iterdir()) == LEFT


def test_anchors_that_are_gone_stay_gone_where_there_are_secrets(tmp_path: Path) -> None:
    create_instance(tmp_path)
    (tmp_path / "audit-anchors").unlink()
    assert not create_instance(tmp_path)
    assert not (tmp_path / "audit-anchors").exists()


def test_the_secrets_and_the_anchors_are_for_their_owner_alone(tmp_path: Path) -> None:
    create_instance(tmp_path)
    assert (tmp_path / "audit-anchors").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
