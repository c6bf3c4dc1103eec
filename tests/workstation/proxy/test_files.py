"""The collection's file: strict, whole at every moment, changed by one tool at a time."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.proxy.collection import Batch, Collection, Row
from workstation.proxy.files import CollectionFile, Unusable

BEGUN = '{"format":"activation-center-proxy-1","collection":{"remaining":{}'
ROW = '{"row_id":1,"name":"a","installation_id":"123"}'


def sentence_of(tmp_path: Path, text: str) -> str:
    path = tmp_path / "collection.json"
    path.write_text(text)
    found = CollectionFile(path).read()
    assert isinstance(found, Unusable)
    return found.sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "truncated"),
        ("[]", "Expected `object`"),
        ("{}", "missing required field `format`"),
        ('{"format":"activation-center-proxy-2"}', "Invalid enum value 'activation-center-proxy-2' - at `$.format`"),
        (BEGUN + ',"owner":"me"}}', "unknown field `owner`"),
        (BEGUN + ',"rows":[{"row_id":1,"name":"a"}]}}', "missing required field `installation_id` - at `$.collection.rows[0]`"),
        (BEGUN + ',"rows":[{"row_id":1,"name":"a","installation_id":"12x"}]}}', "at `$.collection.rows[0].installation_id`"),
        (BEGUN + ',"rows":[{"row_id":1,"name":"\\u001b[2J","installation_id":"1"}]}}', "cannot be printed"),
        (
            BEGUN + ',"rows":[{"row_id":1,"name":"ABCDE-12345-FGHIJ-67890-KLMNO","installation_id":"1"}]}}',
            "there is a product key in it that is not a simulator key",
        ),
        (BEGUN + f',"rows":[{ROW}]' + "}}", "its rows are not numbered one by one"),
        (BEGUN + f',"next_row_id":3,"rows":[{ROW},{ROW.replace("1,", "2,", 1)}]' + "}}", "it has an installation ID twice"),
        (
            BEGUN + f',"next_row_id":2,"rows":[{ROW}],"unanswered":[{{"request_id":"r","row_ids":[7]}}]' + "}}",
            "its unanswered requests do not fit its rows",
        ),
    ],
)
def test_a_file_that_is_no_collection_is_told_where_it_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    sentence = sentence_of(tmp_path, text)
    assert said in sentence
    assert str(tmp_path / "collection.json") in sentence
    assert sentence.endswith("if it is damaged, restore it from a copy.")


@given(st.binary(max_size=200))
def test_no_file_is_a_traceback(tmp_path_factory: pytest.TempPathFactory, document: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "collection.json"
    path.write_bytes(document)
    assert isinstance(CollectionFile(path).read(), Unusable | Collection)


def test_a_collection_comes_back_as_it_was_saved_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = CollectionFile(tmp_path / "lab.json")
    collection = Collection((Row(1, "a", "123", "SIM"), Row(2, "b", "124")), (Batch("r-1", (2,)),), 3, {"AAAAA": 4})
    file.write(collection)
    assert file.read() == collection
    assert os.name == "nt" or file.path.stat().st_mode & 0o77 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["lab.json"]


def test_a_save_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = CollectionFile(tmp_path / "lab.json")
    file.write(Collection())

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        file.write(Collection((Row(1, "a", "123"),), next_row_id=2))
    assert file.read() == Collection()
    assert [path.name for path in tmp_path.iterdir()] == ["lab.json"]


def test_two_tools_at_once_are_told_so_and_nothing_is_changed(network: Any, centre: Any) -> None:
    network.install("lab-1", centre.sell())
    network("collect", "lab-1")
    before = network.file.read_bytes()
    with CollectionFile(network.file).held() as busy:
        assert busy is None
        for command in (("collect", "lab-1"), ("send",), ("apply",), ("remove", "lab-1"), ("forget", "--yes")):
            assert "Another proxy tool is working on" in network(*command, fails=True).stderr
        assert [row["name"] for row in network.rows()] == ["lab-1"]
    assert network.file.read_bytes() == before
    network("send")


def test_a_collection_may_be_anywhere_and_needs_no_instance(network: Any, tmp_path: Path) -> None:
    listed, kept = tmp_path / "lab.csv", tmp_path / "elsewhere" / "lab.json"
    listed.write_text(f"name,installation_id\ndesk,{'1' * 54}\n")
    network.home.rmdir()
    assert "There is no instance at" in network("list", fails=True).stderr
    network("collect", "--csv", str(listed), "--collection", str(kept))
    assert [row["name"] for row in network.rows("--collection", str(kept))] == ["desk"]
