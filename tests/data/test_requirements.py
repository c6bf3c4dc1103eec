"""The rules of the centre and the tests that show them: read from comments, held against pytest's own reports."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from data.requirement_commands import requirements
from data.requirements import read_requirements

ALL_ROWS = ", ".join(str(row.number) for row in read_requirements())

TESTS = f"""
import pytest

# rows {ALL_ROWS}
@pytest.mark.parametrize("number", [1, 2])
def test_everything(number):
    assert number < LIMIT


def test_another_thing():  # row 71
    {{body}}
"""


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    folder = tmp_path / "tests"
    folder.mkdir()
    return folder


def asked(folder: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(requirements, ["--tests", str(folder), *options])
    return result.exit_code, result.output


def written(folder: Path, body: str = "pass", limit: int = 3) -> None:
    (folder / "test_rules.py").write_text(TESTS.replace("{body}", body).replace("LIMIT", str(limit)))


def run(folder: Path) -> str:
    """The report of a real run of pytest."""
    report = folder.parent / "report.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        ".",
        f"--junitxml={report}",
        "tests",
    ]
    subprocess.run(command, cwd=folder.parent, check=False, capture_output=True)
    return str(report)


def test_there_are_ninety_two_rows_in_order():
    assert [row.number for row in read_requirements()] == list(range(1, 93))


def test_a_comment_above_beside_or_in_a_test_names_the_rows_that_it_shows(tests):
    (tests / "test_rules.py").write_text(
        "# row 1\n"
        "# and why\n"
        "@decorated(\n"
        "    1\n"
        ")\n"
        "def test_above(): pass\n\n"
        "def test_beside(\n"
        "    a\n"
        "):  # rows 2, 3 and 4: with words\n"
        "    pass\n\n"
        "class TestThings:\n"
        "    async def test_inside(self):\n"
        "        x = '# row 6'  # row 5\n"
    )
    found = {row["number"]: row["tests"] for row in json.loads(asked(tests, "--json")[1].rpartition("Error")[0])}
    names = {number: [test.removeprefix("tests/test_rules.py::") for test in found[number]] for number in range(1, 7)}
    assert names == {1: ["test_above"], 2: ["test_beside"], 3: ["test_beside"], 4: ["test_beside"], 5: ["test_inside"], 6: []}


def test_rows_without_a_test_fail_and_are_named(tests):
    (tests / "test_rules.py").write_text("def test_one(): pass  # rows 1, 93\n")
    status, told = asked(tests)
    assert status == 1
    assert "91 of 92 rules are shown by no test: 2, 3," in told
    assert "tests/test_rules.py::test_one names row 93, which there is not." in told


def test_a_mark_that_stands_in_no_test_is_told(tests):
    written(tests)
    (tests / "test_other.py").write_text("# row 3\n\nVALUE = 1\n")
    status, told = asked(tests)
    assert status == 1
    assert "tests/test_other.py, line 1: this comment names a row but stands in no test." in told


def test_every_test_that_is_named_has_run_and_passed(tests):
    written(tests)
    report = run(tests)
    assert asked(tests, "--results", report)[0] == 0


@pytest.mark.parametrize("body", ["assert False", "pytest.skip('no phone')"])
def test_one_that_failed_or_was_skipped_counts_as_not_shown(tests, body):
    written(tests, body)
    status, told = asked(tests, "--results", run(tests))
    assert status == 1
    assert "tests/test_rules.py::test_another_thing did not run and pass." in told


def test_one_failing_case_of_many_is_a_failure(tests):
    written(tests, limit=2)
    status, told = asked(tests, "--results", run(tests))
    assert status == 1
    assert "tests/test_rules.py::test_everything did not run and pass." in told


def test_a_report_that_is_none_is_told(tests, tmp_path):
    written(tests)
    (tmp_path / "report.xml").write_text("nothing")
    status, told = asked(tests, "--results", str(tmp_path / "report.xml"))
    assert status == 1
    assert "report.xml is not a report of pytest's" in told


def test_without_the_source_tree_a_sentence_says_where_the_tests_are(tmp_path):
    status, told = asked(tmp_path / "nowhere")
    assert (status, told) == (
        1,
        "Error: The tests are not here: they come with the source tree. Run this there, or name their folder with --tests.\n",
    )
