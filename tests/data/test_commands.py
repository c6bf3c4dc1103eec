"""The commands `keys`, `agreements`, `outage`, as a person types them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from activation.catalogue import Catalogue
from activation.secrets import Secrets
from data.anchor import AnchorFile
from data.commands import agreements, keys, outage
from data.demo import Demo, load_demo
from data.store import Store

FOREIGN = "-".join(["B4DK3", "Y7QWR", "PLM2X", "T9VBN", "C6HJK"])
Run = Callable[..., Result]


@dataclass(frozen=True, slots=True)
class Instance:
    """The instance under test."""

    store: Store
    catalogue: Catalogue
    secrets: Secrets
    anchors: AnchorFile


@pytest.fixture
def database_url(tmp_path: object) -> str:
    """One engine is enough here: the commands know none."""
    return f"sqlite:///{tmp_path}/centre.db"


@pytest.fixture
def instance(store: Store, catalogue: Catalogue, secrets: Secrets, tmp_path: Path) -> Instance:
    return Instance(store, catalogue, secrets, AnchorFile(tmp_path / "audit-anchors"))


@pytest.fixture
def run(instance: Instance) -> Run:
    """Runs a command line in a terminal of 80 columns."""
    root = click.Group(commands={"keys": keys, "agreements": agreements, "outage": outage})
    return lambda *line: CliRunner(env={"COLUMNS": "80"}).invoke(root, line, obj=instance)


@pytest.fixture
def demo(store: Store, catalogue: Catalogue, secrets: Secrets, now: datetime) -> Demo:
    """The demo data."""
    return load_demo(store, catalogue, secrets, lambda: "password", now)


def text_of(demo: Demo, title: str) -> str:
    return next(key.text for key in demo.keys if key.title == title)


@pytest.mark.parametrize(
    ("line", "serials"),
    [
        (("keys", "show", "3002"), ["3002"]),
        (("keys", "list", "--agreement", "40718621"), ["3001", "3002"]),
        (("agreements", "show", "40718621"), ["3001", "3002"]),
    ],
)
def test_keys_printed_whole_are_on_the_record_and_masked_ones_are_not(
    run: Run, instance: Instance, demo: Demo, line: tuple[str, ...], serials: list[str]
) -> None:
    assert run(*line).exit_code == 0
    assert instance.store.read(lambda tx: tx.audit.head()) is None
    assert run(*line, "--reveal").exit_code == 0
    entries = instance.store.read(lambda tx: tx.audit.after(0, 100))
    assert {(entry.actor, entry.act) for entry in entries} == {("command line", "revealed")}
    assert [entry.subject for entry in entries] == [f"key/{serial}" for serial in serials]


def test_a_key_that_is_not_there_puts_nothing_on_the_record(run: Run, instance: Instance) -> None:
    assert run("keys", "show", "9999", "--reveal").exit_code == 1
    assert instance.store.read(lambda tx: tx.audit.head()) is None


@pytest.mark.parametrize("line", [("keys", "list"), ("agreements", "list")])
def test_an_empty_listing_says_what_to_do(run: Run, line: tuple[str, ...]) -> None:
    result = run(*line)
    assert result.exit_code == 0
    assert "`activation-center init`" in result.output


@pytest.mark.parametrize(
    "line",
    [
        ("keys", "list"),
        ("keys", "list", "--reveal"),
        ("keys", "show", "1102"),
        ("agreements", "list"),
        ("agreements", "show", "51203471"),
        ("agreements", "show", "62309581", "--reveal"),
    ],
)
def test_every_table_fits_eighty_columns_and_cuts_no_number(run: Run, demo: Demo, line: tuple[str, ...]) -> None:
    result = run(*line)
    assert result.exit_code == 0
    assert max(map(len, result.output.splitlines())) <= 80
    if "--reveal" in line:
        assert text_of(demo, "KMS host, Windows 7") in result.output


def test_keys_are_hidden_unless_asked_for(run: Run, demo: Demo) -> None:
    text = text_of(demo, "MSDN (ten computers)")
    hidden = run("keys", "list").output + run("keys", "list", "--json").output + run("keys", "show", "1301").output
    assert text[-5:] in hidden
    assert not any(block in hidden for block in text.split("-")[:-1])
    for line in (("list",), ("list", "--json"), ("show", "1301")):
        assert text in run("keys", *line, "--reveal").output


def test_keys_are_listed_by_channel_and_by_agreement(run: Run, demo: Demo) -> None:
    rows = json.loads(run("keys", "list", "--channel", "mak", "--agreement", "4071 8621", "--json").output)
    assert [(row["serial"], row["channel"], row["agreement"]) for row in rows] == [
        (3001, "mak", "40718621"),
        (3002, "mak", "40718621"),
    ]


def test_nothing_that_matches_is_said_in_words_and_is_an_empty_list_in_json(run: Run, demo: Demo) -> None:
    line = ("keys", "list", "--channel", "retail", "--agreement", "40718621")
    assert run(*line).output == "No key matches.\n"
    assert json.loads(run(*line, "--json").output) == []


def test_a_key_is_shown_by_text_or_serial_with_its_count(run: Run, demo: Demo) -> None:
    by_serial = json.loads(run("keys", "show", "3001", "--json").output)
    by_text = json.loads(run("keys", "show", text_of(demo, "MAK, Windows 7, 49 of 50 used").lower(), "--json").output)
    assert by_text == by_serial
    assert (by_serial["used"], by_serial["allowed"]) == (49, 50)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (("keys", "show", "99"), "No key has the serial 99"),
        (("keys", "show", "9" * 5000), "five blocks of five"),
        (("keys", "show", "SIM23-45678"), "A simulator key is five blocks of five"),
        (("keys", "show", "SIMBB-BBBBB-BBBBB-BBBBB-BBBBB"), "mistyped or never issued"),
        (("keys", "show", FOREIGN), "not a simulator key"),
        (("keys", "list", "--agreement", "12"), "An agreement number is eight digits"),
        (("agreements", "show", "99999992"), "No agreement has the number 99999992"),
        (("agreements", "show", "40718612"), "the last a check digit"),
        (("agreements", "show", FOREIGN), "An agreement number is eight digits"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(run: Run, demo: Demo, line: tuple[str, ...], sentence: str) -> None:
    result = run(*line)
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output
    assert not any(block in result.output for block in FOREIGN.split("-"))


def test_an_agreement_is_shown_with_its_contacts_and_keys(run: Run, demo: Demo) -> None:
    shown = json.loads(run("agreements", "show", "40718621", "--json").output)
    assert (shown["programme"], shown["organisation"]) == ("Open", "Larkspur Veterinary Clinic")
    assert [contact["name"] for contact in shown["contacts"]] == ["Imogen Fairweather", "Tobias Quill"]
    assert [key["serial"] for key in shown["keys"]] == [3001, 3002]
    printed = run("agreements", "show", "40718621").output
    assert "Imogen Fairweather" in printed
    assert "49/50" in printed


def test_an_outage_is_switched_on_and_off(run: Run, store: Store) -> None:
    assert "is up" in run("outage", "show").output
    assert "down" in run("outage", "on").output
    assert json.loads(run("outage", "show", "--json").output) == {"outage": True}
    assert not store.read(lambda tx: tx.ledger.service_is_up())
    assert "is up" in run("outage", "off").output
    assert store.read(lambda tx: tx.ledger.service_is_up())


@pytest.mark.parametrize("group", [keys, agreements, outage])
def test_every_command_has_help(group: click.Group) -> None:
    for command in (group, *group.commands.values()):
        assert command.help
