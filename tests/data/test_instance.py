"""The instance folder, created by many at once."""

import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from data.instance import Instance, create_instance, open_instance

CREATORS = 8


def create_and_open(home: Path) -> tuple[bool, Instance]:
    return create_instance(home), open_instance(home)


@pytest.mark.parametrize(
    "creators",
    [
        pytest.param(lambda: ThreadPoolExecutor(CREATORS), id="threads"),
        pytest.param(lambda: ProcessPoolExecutor(2, multiprocessing.get_context("spawn")), id="processes"),
    ],
)
def test_of_many_who_create_an_instance_one_does_and_all_see_the_same_secrets(creators, tmp_path: Path) -> None:
    pool: Executor
    with creators() as pool:
        for number in range(20):
            home = tmp_path / f"instance {number}"
            made, seen = zip(*pool.map(create_and_open, [home] * CREATORS), strict=True)
            assert sorted(made) == [False] * (CREATORS - 1) + [True]
            assert all(one == seen[0] for one in seen)
            assert sorted(path.name for path in home.iterdir()) == ["audit-anchors", "secrets.json", "settings.toml"], (
                "no draft is left"
            )


def test_anchors_that_are_gone_stay_gone_where_there_are_secrets(tmp_path: Path) -> None:
    create_instance(tmp_path)
    (tmp_path / "audit-anchors").unlink()
    assert not create_instance(tmp_path)
    assert not (tmp_path / "audit-anchors").exists()


def test_the_secrets_and_the_anchors_are_for_their_owner_alone(tmp_path: Path) -> None:
    create_instance(tmp_path)
    assert (tmp_path / "audit-anchors").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
