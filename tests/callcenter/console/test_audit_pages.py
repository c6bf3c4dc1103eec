"""The record of acts as a page: filtered, checked, exported; personal words only one at a time, and not unnoticed."""

import csv
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from callcenter.floor.audit import Act

GINA = {"name": "gina", "full_name": "Gina Ferrari", "role": "agent", "languages": "en", "phone": ""}


@pytest.fixture
def added(console: Any) -> int:
    """The number of an act with personal words beside it."""
    console.signed_in("erin").send("/console/people", **GINA)
    return next(entry.number for entry in console.acts() if entry.act == Act.AGENT_ADDED)


def rows(console: Any, **query: str) -> list[str]:
    page = console.signed_in("felix").get("/console/audit", query_string=query).text
    return page.split("<tr id=")[1:]


def test_acts_are_shown_newest_first_in_words_without_the_personal_ones(console: Any, added: int) -> None:
    page = console.signed_in("felix").read("/console/audit")
    assert "added an agent" in page
    assert "agent/gina role agent" in page
    assert "Gina Ferrari" not in page
    numbers = [int(row.split('"')[1].removeprefix("act-")) for row in rows(console)]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] == len(console.acts())


@pytest.mark.parametrize(
    ("query", "act"),
    [({"actor": "erin", "act": "added an agent"}, "added an agent"), ({"subject": "agent/gina"}, "added an agent")],
)
def test_acts_are_filtered_by_who_what_and_to_what(console: Any, added: int, query: dict[str, str], act: str) -> None:
    found = rows(console, **query)
    assert len(found) == 1
    assert act in found[0]
    assert rows(console, **{**query, "actor": "nobody"}) == []


def test_a_sound_record_is_said_to_be_whole(console: Any, added: int) -> None:
    page = console.signed_in("felix").read("/console/audit/check")
    assert "The record is whole" in page
    assert f"Entries read{len(console.acts())}Anchors read{len(console.acts())}" in page


@pytest.mark.parametrize(
    ("tampering", "sentence"),
    [
        ("UPDATE audit SET actor = 'nobody' WHERE number = 1", "Entry 1 was changed or forged"),
        ("DELETE FROM audit WHERE number = 1", "Entry 1 is missing"),
        ("DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)", "was seen by an anchor and is gone"),
    ],
)
def test_tampering_is_named(console: Any, added: int, tmp_path: Path, tampering: str, sentence: str) -> None:
    felix = console.signed_in("felix")
    with sqlite3.connect(tmp_path / "centre.db") as connection:
        connection.execute(tampering)
    page = felix.read("/console/audit/check")
    assert "The record does not fit together" in page
    assert sentence in page


def test_every_act_of_the_console_is_anchored_outside_the_database(console: Any, added: int) -> None:
    assert console.centre.anchors.all() == tuple((entry.number, entry.digest) for entry in console.acts())


def test_personal_words_are_revealed_one_act_at_a_time_and_that_is_an_act(console: Any, added: int) -> None:
    felix = console.signed_in("felix")
    assert "Gina Ferrari" in felix.send(f"/console/audit/{added}/words").text
    newest = console.acts()[-1]
    assert (newest.actor, newest.act, newest.subject) == ("felix", "revealed", f"act/{added}")


def test_words_that_were_erased_are_said_to_be_and_the_record_stays_whole(console: Any, added: int, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "centre.db") as connection:
        connection.execute("DELETE FROM audit_personal")
    felix = console.signed_in("felix")
    assert "They were erased" in felix.send(f"/console/audit/{added}/words").text
    assert "The record is whole" in felix.read("/console/audit/check")


@pytest.mark.parametrize("number", [0, 1, 999999])
def test_an_act_without_words_reveals_nothing_and_is_no_act(console: Any, number: int) -> None:
    felix = console.signed_in("felix")
    before = console.acts()
    assert felix.send(f"/console/audit/{number}/words").status_code == 404
    assert console.acts() == before


def test_an_export_is_an_act_and_the_last_one_in_the_file(console: Any, added: int) -> None:
    felix = console.signed_in("felix")
    answer = felix.send("/console/audit/export", format="csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="record-of-acts.csv"'
    found = list(csv.DictReader(io.StringIO(answer.text)))
    assert (found[-1]["actor"], found[-1]["act"]) == ("felix", "exported")
    assert len(found) == len(console.acts())
    assert "Gina Ferrari" not in answer.text


def test_the_words_go_into_an_export_only_for_whoever_may_reveal(console: Any, added: int) -> None:
    with_words = console.signed_in("felix").send("/console/audit/export", format="json", personal="yes")
    assert json.loads(with_words.text)[added - 1]["personal_words"] == "Gina Ferrari"
    before = console.acts()
    erin = console.signed_in("erin")
    assert erin.send("/console/audit/export", format="json", personal="yes").status_code == 403
    assert console.acts()[:-1] == before, "only the sign-in was added"
    assert erin.send("/console/audit/export", format="xml").status_code == 303


def test_of_very_many_acts_the_newest_are_shown_and_more_on_request(console: Any) -> None:
    """A hundred on the page; the link keeps the filter."""
    erin = console.signed_in("erin")
    for _ in range(101):
        erin.send("/console/audit/export", format="csv")
    assert len(rows(console, actor="erin", act="exported")) == 100
    page = console.signed_in("felix").get("/console/audit?actor=erin&act=exported").text
    assert "more=yes&amp;actor=erin&amp;act=exported" in page
    assert len(rows(console, actor="erin", act="exported", more="yes")) == 101
