"""The commands that put acts on the record: `agents`, `audit`, `agreements code|invite`, as a person types them."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from activation.catalogue import Catalogue
from activation.secrets import Secrets
from callcenter.floor.accounts import hash_link
from callcenter.floor.audit import Act
from callcenter.floor.people import Agent, Role
from data.anchor import AnchorFile
from data.audit_commands import audit
from data.commands import agreements
from data.demo import load_demo
from data.engine import Engine
from data.people_commands import agents
from data.store import Store

Run = Callable[..., Result]


@dataclass(frozen=True, slots=True)
class Instance:
    """The instance under test."""

    store: Store
    catalogue: Catalogue
    secrets: Secrets
    anchors: AnchorFile
    pages_url: str = "https://centre.example"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One engine is enough here: the commands know none."""
    return f"sqlite:///{tmp_path}/centre.db"


@pytest.fixture
def instance(store: Store, catalogue: Catalogue, secrets: Secrets, now: datetime, tmp_path: Path) -> Instance:
    load_demo(store, catalogue, secrets, lambda: "password", now)
    anchors = AnchorFile(tmp_path / "audit-anchors")
    anchors.create()
    return Instance(store, catalogue, secrets, anchors)


@pytest.fixture
def run(instance: Instance) -> Run:
    """Runs a command line in a terminal of 80 columns."""
    root = click.Group(commands={"agents": agents, "audit": audit, "agreements": agreements})
    return lambda *line: CliRunner(env={"COLUMNS": "80"}).invoke(root, line, obj=instance)


def find(instance: Instance, name: str) -> Agent:
    agent = instance.store.read(lambda tx: tx.people.find(name))
    assert agent
    return agent


def acts(instance: Instance) -> list[tuple[str, str, str]]:
    entries = instance.store.read(lambda tx: tx.audit.after(0, 100))
    return [(entry.actor, entry.act, entry.subject) for entry in entries]


def test_an_added_agent_is_on_the_record_and_must_change_the_password_shown_once(run: Run, instance: Instance) -> None:
    line = ("agents", "add", "farid", "--full-name", "Farid Nasser", "--role", "senior agent", "--language", "en,ar")
    result = run(*line, "--phone", "sip:farid@127.0.0.1")
    assert result.exit_code == 0, result.output
    password = re.search(r"First password: (\S{12})$", result.output, re.MULTILINE)
    farid = find(instance, "farid")
    assert password
    assert password[1] not in farid.password_hash
    assert (farid.role, farid.must_change, farid.phone) == (Role.SENIOR_AGENT, True, "sip:farid@127.0.0.1")
    assert farid.languages == {"en", "ar"}
    assert acts(instance) == [("command line", "added an agent", "agent/farid")]
    assert password[1] not in run("audit", "export", "--personal").output


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"NAME": "amira"}, "The name amira is taken"),
        ({"NAME": "Farid"}, "begins with a letter"),
        ({"NAME": "command line"}, "begins with a letter"),
        ({"--full-name": " "}, "full name"),
        ({"--full-name": "ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2"}, "full name"),
        ({"--phone": "12"}, "+18005550142, sip:name@host"),
        ({"--language": "english"}, "two-letter codes"),
        ({"--role": "boss"}, "'agent', 'senior agent', 'supervisor'"),
    ],
)
def test_an_agent_that_will_not_do_is_refused_in_a_sentence(
    run: Run, instance: Instance, change: dict[str, str], sentence: str
) -> None:
    options = {"--full-name": "Farid Nasser", "--role": "agent", **change}
    name = options.pop("NAME", "farid")
    result = run("agents", "add", name, *(part for option in options.items() for part in option))
    assert result.exit_code != 0
    assert sentence in " ".join(result.output.split())
    assert "ABCDE" not in result.output
    assert acts(instance) == []


def test_the_list_fits_eighty_columns_and_tells_who_is_disabled(run: Run) -> None:
    run("agents", "disable", "amira")
    listing = run("agents", "list").output
    assert max(map(len, listing.splitlines())) <= 80
    by_name = {row["name"]: row for row in json.loads(run("agents", "list", "--json").output)}
    assert (by_name["amira"]["status"], by_name["bruno"]["status"]) == ("disabled", "first password")
    assert "password_hash" not in by_name["amira"]


def test_disabling_ends_the_sessions_and_enabling_opens_no_old_one(run: Run, instance: Instance) -> None:
    before = datetime.now(UTC)
    assert run("agents", "disable", "Amira").output == "amira is disabled.\n"
    disabled = find(instance, "amira")
    assert disabled.is_disabled
    assert disabled.sessions_from is not None
    assert disabled.sessions_from >= before
    assert "disabled already" in run("agents", "disable", "amira").output
    assert run("agents", "enable", "amira").exit_code == 0
    enabled = find(instance, "amira")
    assert (enabled.is_disabled, enabled.sessions_from) == (False, disabled.sessions_from)
    assert "is not disabled" in run("agents", "enable", "amira").output


def test_the_last_administrator_stays(run: Run, instance: Instance) -> None:
    refused = run("agents", "disable", "dmitri")
    assert (refused.exit_code, "last administrator" in refused.output) == (1, True)
    assert not find(instance, "dmitri").is_disabled
    run("agents", "add", "greta", "--full-name", "Greta Holm", "--role", "administrator")
    assert run("agents", "disable", "dmitri").exit_code == 0
    assert "last administrator" in run("agents", "disable", "greta").output


def test_a_reset_ends_the_sessions_and_asks_for_another_password(run: Run, instance: Instance) -> None:
    old = find(instance, "amira").password_hash
    result = run("agents", "reset", "amira")
    fresh = find(instance, "amira")
    assert "First password: " in result.output
    assert fresh.password_hash != old
    assert fresh.must_change
    assert fresh.sessions_from is not None
    assert acts(instance) == [("command line", "reset a password", "agent/amira")]


@pytest.mark.parametrize("command", ["disable", "enable", "reset"])
def test_nobody_of_that_name_is_a_sentence(run: Run, command: str) -> None:
    result = run("agents", command, "nobody")
    assert (result.exit_code, result.output) == (1, "Error: Nobody here is called 'nobody'.\n")


def test_a_contact_gets_a_code_that_is_on_the_record_without_its_digits(run: Run, instance: Instance) -> None:
    result = run("agreements", "code", "4071 8621", "--contact", "larkspur-1")
    assert re.fullmatch(r"\d{6}\nGood for 10 minutes, and once.\n", result.output)
    assert acts(instance) == [("command line", "issued a one-time code", "agreement/40718621")]
    assert result.output[:6] not in run("audit", "export").output


def test_a_code_for_a_stranger_is_refused(run: Run, instance: Instance) -> None:
    assert "has no contact 'calder-1'" in run("agreements", "code", "40718621", "--contact", "calder-1").output
    assert "eight digits" in run("agreements", "code", "40718620", "--contact", "larkspur-1").output
    assert acts(instance) == []


def test_every_act_is_anchored_outside_the_database(run: Run, instance: Instance) -> None:
    run("agents", "disable", "amira")
    run("agents", "enable", "amira")
    entries = instance.store.read(lambda tx: tx.audit.after(0, 100))
    assert instance.anchors.all() == tuple((entry.number, entry.digest) for entry in entries)


def test_a_sound_record_is_said_to_be_whole_and_the_check_is_on_it(run: Run, instance: Instance) -> None:
    run("agents", "disable", "amira")
    result = run("audit", "verify")
    assert (result.exit_code, result.output) == (0, "The record is whole: 1 entry, 1 anchor.\n")
    assert run("audit", "verify").output == "The record is whole: 2 entries, 2 anchors.\n"
    assert acts(instance)[1:] == [("command line", "verified the record of acts", "audit")] * 2


@pytest.mark.parametrize(
    ("tampering", "sentence"),
    [
        ("UPDATE audit SET actor = 'amira' WHERE number = 2", "Entry 2 was changed or forged"),
        ("DELETE FROM audit WHERE number = 2", "Entry 2 is missing"),
        ("DELETE FROM audit WHERE number = 3", "Entry 3 was seen by an anchor and is gone"),
        ("UPDATE audit_personal SET words = 'Someone Else'", "Entry 1 has other personal words"),
    ],
)
def test_tampering_is_found_named_and_nothing_is_added(
    run: Run, instance: Instance, engine: Engine, tampering: str, sentence: str
) -> None:
    run("agents", "add", "greta", "--full-name", "Greta Holm", "--role", "administrator")
    run("agents", "disable", "amira")
    run("agents", "enable", "amira")
    engine.write(lambda connection: connection.run(tampering))
    before = acts(instance)
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert sentence in result.output
    assert "does not fit together" in result.output
    assert acts(instance) == before


def test_erased_personal_words_break_nothing(run: Run, engine: Engine) -> None:
    run("agents", "add", "greta", "--full-name", "Greta Holm", "--role", "agent")
    engine.write(lambda connection: connection.run("DELETE FROM audit_personal"))
    assert run("audit", "verify").exit_code == 0


def test_a_changed_anchor_file_is_found(run: Run, instance: Instance) -> None:
    run("agents", "disable", "amira")
    instance.anchors.path.write_text("nonsense\n")
    result = run("audit", "verify")
    assert (result.exit_code, "Line 1 of audit-anchors is no anchor" in result.output) == (1, True)


@pytest.mark.parametrize("cut", ["DELETE FROM audit WHERE number > 1", "DELETE FROM audit"])
def test_cutting_the_record_and_taking_the_anchors_away_is_found_even_after_another_act(
    run: Run, instance: Instance, engine: Engine, cut: str
) -> None:
    run("agents", "disable", "amira")
    run("agents", "enable", "amira")
    engine.write(lambda connection: connection.run(cut))
    instance.anchors.path.unlink()
    for _ in range(2):
        result = run("audit", "verify")
        assert (result.exit_code, "audit-anchors is missing" in result.output) == (1, True)
        run("agents", "disable", "bruno")


def test_cutting_the_record_and_emptying_the_anchors_is_found(run: Run, instance: Instance, engine: Engine) -> None:
    run("agents", "disable", "amira")
    run("agents", "enable", "amira")
    engine.write(lambda connection: connection.run("DELETE FROM audit WHERE number > 1"))
    instance.anchors.path.write_bytes(b"")
    result = run("audit", "verify")
    assert (result.exit_code, "not one anchor" in result.output) == (1, True)


def test_erasing_takes_the_personal_words_of_one_entry_and_is_on_the_record(run: Run, instance: Instance) -> None:
    for name in ("greta", "farid"):
        run("agents", "add", name, "--full-name", f"{name.title()} Holm", "--role", "agent")
    assert run("audit", "erase", "1").output == "The personal words of entry 1 are erased.\n"
    assert acts(instance)[-1] == ("command line", "erased personal words from the record", "act/1")
    exported = run("audit", "export", "--personal").output
    assert ("Greta Holm" in exported, "Farid Holm" in exported) == (False, True)
    assert run("audit", "verify").exit_code == 0


@pytest.mark.parametrize(
    ("number", "sentence"),
    [("1", "no personal words beside it"), ("7", "The record has no entry 7."), ("0", "1<=x"), ("x", "not a valid integer")],
)
def test_what_cannot_be_erased_is_a_sentence_and_nothing_on_the_record(
    run: Run, instance: Instance, number: str, sentence: str
) -> None:
    run("agents", "disable", "amira")
    result = run("audit", "erase", number)
    assert (result.exit_code != 0, sentence in result.output) == (True, True)
    assert len(acts(instance)) == 1


def test_erasing_twice_is_refused_and_the_help_says_what_stays(run: Run) -> None:
    run("agents", "add", "greta", "--full-name", "Greta Holm", "--role", "agent")
    run("audit", "erase", "1")
    assert "erased already" in run("audit", "erase", "1").output
    assert "The entry itself stays" in run("audit", "erase", "--help").output


def test_an_export_holds_itself_and_personal_words_only_when_asked(run: Run) -> None:
    run("agents", "add", "greta", "--full-name", "=Greta", "--role", "agent")
    rows = list(csv.DictReader(io.StringIO(run("audit", "export").output)))
    assert [row["act"] for row in rows] == ["added an agent", "exported"]
    assert [row["personal_words"] for row in rows] == ["", ""]
    with_words = list(csv.DictReader(io.StringIO(run("audit", "export", "--personal").output)))
    assert with_words[0]["personal_words"] == "'=Greta"  # a spreadsheet shows it and runs nothing
    as_json = json.loads(run("audit", "export", "--format", "json", "--personal").output)
    assert as_json[0]["personal_words"] == "=Greta"
    assert [row["number"] for row in as_json] == [1, 2, 3, 4]


def test_an_export_goes_into_a_file_or_says_why_not(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    assert run("audit", "export", "--format", "json", "--output", str(file)).output == f"Wrote {file}.\n"
    assert json.loads(file.read_text())[0]["act"] == "exported"
    refused = run("audit", "export", "--output", str(tmp_path / "nowhere" / "record.csv"))
    assert (refused.exit_code, "cannot be written" in refused.output) == (1, True)


def test_an_invitation_prints_a_link_that_the_contact_chooses_a_password_with(run: Run, instance: Instance) -> None:
    result = run("agreements", "invite", "nordhafen-3")
    link = re.search(r"^https://centre\.example/portal/link/(\S{32})$", result.output, re.MULTILINE)
    assert link, result.output
    assert "For nordhafen-1: good for 24 hours, and once." in result.output
    account = instance.store.transaction(lambda tx: tx.accounts.of_link(hash_link(link[1])))
    assert account is not None
    assert (account.name, account.password_hash) == ("nordhafen-1", "")
    assert acts(instance)[-1] == ("command line", Act.INVITED, "contact/nordhafen-1")


def test_nobody_who_is_no_contact_is_invited(run: Run) -> None:
    result = run("agreements", "invite", "nobody-1")
    assert (result.exit_code, "No agreement has a contact 'nobody-1'" in result.output) == (1, True)
