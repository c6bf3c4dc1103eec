"""Lists as spreadsheets save them: what is read, and what each line that will not do is told."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.proxy.collecting import Found, NotCollected
from workstation.proxy.spreadsheet import read_list

ID = "0123456789" * 5 + "0123"
OTHER = "9876543210" * 5 + "9876"
FOREIGN = "ABCDE-12345-FGHIJ-67890-KLMNO"
OWN = "SIMBB-CCCCC-DDDDD-FFFFF-GGGGG"


def read(text: str) -> list[Found | NotCollected]:
    return list(read_list(text.encode()))


def wrong(text: str) -> list[tuple[str, str]]:
    return [(one.what, one.sentence) for one in read(text) if isinstance(one, NotCollected)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_every_common_way_of_saving_a_list_reads_the_same(delimiter: str, line_end: str, mark: str, quote: str) -> None:
    lines = [["name", "installation_id", "product_key"], ["desk-1", ID, OWN], ["desk-2", OTHER, ""]]
    written = line_end.join(delimiter.join(f"{quote}{cell}{quote}" for cell in cells) for cells in lines)
    assert read(mark + written + line_end) == [Found("desk-1", ID, OWN), Found("desk-2", OTHER)]


@pytest.mark.parametrize(
    "cell", [ID, f" {ID} ", f"'{ID}", f'"=""{ID}"""', f"{ID[:6]}-{ID[6:12]} {ID[12:]}", ".".join((ID[:27], ID[27:]))]
)
def test_digits_may_be_grouped_and_marked_as_text(cell: str) -> None:
    assert read(f"name,installation_id\ndesk,{cell}\n") == [Found("desk", ID)]


def test_columns_may_stand_in_any_order_and_case_and_empty_lines_between() -> None:
    assert read(f"\r\nProduct_Key;Installation_ID;Name\r\n\r\n{OWN.lower()};{ID};Büro 3\r\n;;\r\n") == [
        Found("Büro 3", ID, OWN)
    ]


def test_a_name_may_hold_commas_and_line_breaks_do_not_pass() -> None:
    text = f'name,installation_id\n"Desk, left",{ID}\n"two\nlines",{OTHER}\n'
    assert read(text) == [
        Found("Desk, left", ID),
        NotCollected("line 4", "A name has 1 to 80 characters that can be printed."),
    ]


@pytest.mark.parametrize("number", ["1.23457E+53", "1,23457E+53", "1e53", "1.2e53"])
def test_a_number_in_scientific_notation_is_named_for_what_it_is(number: str) -> None:
    ((line, sentence),) = wrong(f"name;installation_id\ndesk;{number}\n")
    assert line == "line 2"
    assert f"has become the number {number}" in sentence
    assert "Format that column as text" in sentence


def test_digits_that_a_spreadsheet_has_rounded_are_named_for_what_they_are() -> None:
    ((_, sentence),) = wrong(f"name,installation_id\ndesk,{ID[:15]}{'0' * 39}\n")
    assert "only 15 of its digits are left" in sentence


@pytest.mark.parametrize("column", range(3))
def test_a_foreign_product_key_is_refused_unread_by_its_line_wherever_it_stands(column: int) -> None:
    cells = ["desk", ID, OWN]
    cells[column] = FOREIGN
    text = f"name,installation_id,product_key\nfirst,{OTHER},\n{','.join(cells)}\n"
    assert [type(one) for one in read(text)] == [Found, NotCollected]
    assert wrong(text) == [
        (
            "line 3",
            "That looks like a product key that is not a simulator key. It was not read. Simulator keys begin with SIM.",
        )
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (f"desk,{ID}", "It has 2 columns, not 3 as the first line."),
        (f"desk,{ID},SIM", "A simulator key is five blocks of five"),
        ("desk,,", "The installation ID is missing."),
        ("desk,12345x,", "An installation ID has digits only"),
        (f",{ID},", "A name has 1 to 80 characters"),
        (f"{'n' * 81},{ID},", "A name has 1 to 80 characters"),
        (f"\x1b[31mred,{ID},", "A name has 1 to 80 characters"),
    ],
)
def test_a_line_that_will_not_do_is_told_why_and_the_next_is_read(line: str, sentence: str) -> None:
    found = read(f"name,installation_id,product_key\n{line}\nnext,{OTHER},\n")
    assert isinstance(found[0], NotCollected)
    assert (found[0].what, found[1]) == ("line 2", Found("next", OTHER))
    assert sentence in found[0].sentence


@pytest.mark.parametrize("heading", ["", f"desk,{ID}", "name;id", "name,installation_id,owner", "name,name,installation_id"])
def test_a_first_line_that_does_not_name_the_columns_is_told_which_there_are(heading: str) -> None:
    ((line, sentence),) = wrong(f"{heading}\n")
    assert line == "line 1"
    assert sentence.startswith("The first line names the columns: name, installation_id and, if wanted, product_key")


def test_text_in_another_encoding_and_broken_quotes_are_sentences() -> None:
    (not_text,) = read_list("name,installation_id\nBüro".encode("utf-16"))
    assert isinstance(not_text, NotCollected)
    assert 'Save it as "CSV UTF-8"' in not_text.sentence
    ((line, sentence),) = wrong(f'name,installation_id\n"desk,{ID}\n')
    assert (line, sentence.endswith("nothing after it was read.")) == ("line 2", True)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"name,installation_id\n{text}".encode()))
def test_whatever_is_in_a_file_it_is_read_or_named(document: bytes) -> None:
    for one in read_list(document):
        assert isinstance(one, Found) or one.sentence


@given(st.lists(st.tuples(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20), st.integers(1, 9**50))))
def test_what_a_csv_library_writes_comes_back(computers: list[tuple[str, int]]) -> None:
    wanted = [(f"pc {name}", f"{number:054}") for name, number in computers]
    text = io.StringIO()
    csv.writer(text).writerows([("name", "installation_id"), *wanted])
    assert read(text.getvalue()) == [Found(name, digits) for name, digits in wanted]


def test_collect_takes_the_good_lines_names_the_others_and_fails(network: Any, tmp_path: Path) -> None:
    listed = tmp_path / "lab.csv"
    listed.write_text(f"name,installation_id\ngood,{ID}\nbad,1.23E+53\n{FOREIGN},{OTHER}\n")
    outcome = network("collect", "--csv", str(listed), fails=True)
    assert "line 3" in outcome.stdout
    assert "line 4" in outcome.stdout
    assert [row["name"] for row in network.rows()] == ["good"]
    for written in (outcome.output, network.file.read_text()):
        assert FOREIGN not in written


def test_a_list_of_ten_thousand_is_collected_and_twice_is_once(network: Any, tmp_path: Path) -> None:
    listed = tmp_path / "all.csv"
    listed.write_text("name,installation_id\n" + "".join(f"pc-{number},{number:054}\n" for number in range(1, 10_001)))
    told = json.loads(network("collect", "--csv", str(listed), "--csv", str(listed), "--json").stdout)
    assert (told["added"], told["duplicates"], told["rows"]) == (10_000, 10_000, 10_000)
