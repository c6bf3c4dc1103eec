"""Out of a closed network and home again: what travels has nothing personal, what comes back finds its computers."""

import json
from pathlib import Path
from typing import Any

import pytest

from workstation.proxy.collection import Collection
from workstation.proxy.files import CollectionFile
from workstation.proxy.sending import plan


@pytest.fixture
def travelled(network: Any, centre: Any, tmp_path: Path) -> Path:
    """Three computers collected and exported; one of them can no longer be counted."""
    key = centre.sell(allowed=2)
    network.install_many(3, key)
    network("collect", "--all")
    out = tmp_path / "stick" / "travels.json"
    out.parent.mkdir()
    network("export", "--out", str(out))
    return out


# row 69
def test_a_collection_is_carried_out_sent_carried_home_and_applied(network: Any, travelled: Path) -> None:
    network("send", "--collection", str(travelled), fails=True)
    outcome = network("import", str(travelled), fails=True)
    assert [line.split() for line in outcome.stdout.splitlines()] == [["received", "2"], ["refused", "1"]]
    assert [(row["name"], row["status"]) for row in network.rows()] == [
        ("lab-01", "received"),
        ("lab-02", "received"),
        ("lab-03", "refused"),
    ]
    assert json.loads(network("apply", "--json").stdout)["outcomes"] == {"activated": 2, "has no confirmation ID yet": 1}


def test_what_travels_is_row_numbers_and_installation_ids_and_nothing_else(network: Any, travelled: Path) -> None:
    document = json.loads(travelled.read_bytes())
    assert document == {
        "format": "activation-center-proxy-1",
        "collection": {
            "rows": [
                {"row_id": row["row_id"], "name": "", "installation_id": row["installation_id"]} for row in network.rows()
            ],
            "next_row_id": 4,
        },
    }


def test_only_what_waits_for_a_confirmation_id_travels(network: Any, travelled: Path, tmp_path: Path) -> None:
    network("send", fails=True)
    again = tmp_path / "again.json"
    network("export", "--out", str(again))
    assert [row["row_id"] for row in json.loads(again.read_bytes())["collection"]["rows"]] == [3]


def test_an_export_overwrites_no_file(network: Any, travelled: Path) -> None:
    before = travelled.read_bytes()
    assert "already; name another" in network("export", "--out", str(travelled), fails=True).stderr
    assert travelled.read_bytes() == before


def test_answers_of_another_collection_are_not_taken_home(network: Any, centre: Any, travelled: Path) -> None:
    network("forget", "--yes")
    network.install("other", centre.sell())
    network("collect", "other")
    before = network.file.read_bytes()
    outcome = network("import", str(travelled), fails=True)
    assert "Its row 1 has another installation ID than here" in outcome.stderr
    assert network.file.read_bytes() == before


def test_an_answer_for_a_row_that_was_removed_meanwhile_is_counted_and_left(network: Any, travelled: Path) -> None:
    network("send", "--collection", str(travelled), fails=True)
    network("remove", "lab-03")
    told = json.loads(network("import", str(travelled), "--json").stdout)
    assert {name: told[name] for name in ("received", "refused", "waiting", "unknown")} == {
        "received": 2,
        "refused": 0,
        "waiting": 0,
        "unknown": 1,
    }


def test_an_answer_from_elsewhere_takes_the_row_out_of_a_request_that_was_cut_off_here(
    network: Any, centre: Any, travelled: Path
) -> None:
    network("send", "--collection", str(travelled), fails=True)
    file = CollectionFile(network.file)
    collection = file.read()
    assert isinstance(collection, Collection)
    file.write(plan(collection, lambda: "cut-off"))
    assert [row["status"] for row in network.rows()] == ["sent"] * 3
    network("import", str(travelled), fails=True)
    assert [row["status"] for row in network.rows()] == ["received", "received", "refused"]
