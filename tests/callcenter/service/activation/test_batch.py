"""`POST /activate/batch`: row by row, resumable, duplicates free."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcenter.service.activation.batch import PART_ROWS

RETAIL, MSDN, MAK, MAK_B, KMS = 1, 3, 4, 5, 6
_numbers = count(1)


def row(web, serial: int, machine: str, row_id: str = "", **rest: object) -> dict[str, object]:
    return {"row_id": row_id or machine, "installation_id": web.shows(serial, machine), **rest}


def allow(web, serial: int, more: int) -> None:
    web.store.transaction(lambda tx: tx.keys.raise_allowed(serial, more))


def test_a_batch_of_n_gives_n_confirmation_ids_and_n_decrements(web) -> None:
    # row 69: one machine gathers several and sends one request
    answer = web.batch([row(web, MAK, f"pc-{number}", product_key=web.label(MAK)) for number in range(4)])
    assert answer.status_code == 200
    rows = answer.get_json()["rows"]
    assert [each["row_id"] for each in rows] == ["pc-0", "pc-1", "pc-2", "pc-3"]
    assert {each["status"] for each in rows} == {"granted"}
    assert len({tuple(each["confirmation_id"]) for each in rows}) == 4
    assert web.used(MAK) == 4
    assert answer.get_json()["remaining"] == {web.label(MAK)[-5:]: 1}


def test_every_row_is_decided_by_itself_and_a_failing_one_stops_none(web) -> None:
    # rows 1, 69: a key over its limit in a batch
    wrong = row(web, MAK, "wrong-digit")
    wrong["installation_id"] = str(wrong["installation_id"])[:-1] + "x"
    rows = [
        row(web, RETAIL, "first"),
        row(web, RETAIL, "second"),
        wrong,
        {"row_id": "vista", "installation_id": web.shows(MAK, "vista", "vista-business")},
        row(web, MAK, "other-key", product_key=web.label(MAK_B)),
        row(web, MAK, "real", product_key="BCDFG-HJKMP-QRTVW-XY234-6789B"),
        row(web, MAK, "fine"),
    ]
    answer = web.batch(rows, language="fr")
    said = [each.get("code", "granted") for each in answer.get_json()["rows"]]
    assert said == ["granted", "ask_first", "malformed", "wrong_product", "malformed_request", "malformed_request", "granted"]
    assert answer.get_json()["rows"][3]["right_product"] == "Windows 7"
    assert answer.get_json()["rows"][2]["detail"].startswith("Ce n'est pas un ID d'installation.")
    assert "BCDFG" not in answer.text
    assert answer.get_json()["remaining"] == {web.label(MAK)[-5:]: 4}


def test_the_last_seat_goes_to_the_first_row_and_the_rest_are_told_whom_to_call(web) -> None:
    rows = web.batch([row(web, MAK, f"pc-{number}") for number in range(7)]).get_json()["rows"]
    assert [each["status"] for each in rows] == ["granted"] * 5 + ["refused"] * 2
    assert {each["code"] for each in rows[5:]} == {"over_limit"}
    assert web.used(MAK) == 5


def test_duplicates_within_a_batch_are_free(web) -> None:
    spaced = {"row_id": "spaced", "installation_id": web.shows(MAK, "one").replace("-", " ")}
    rows = web.batch([row(web, MAK, "one"), *(row(web, MAK, "one", f"again-{n}") for n in range(8)), spaced]).get_json()["rows"]
    assert len({tuple(each["confirmation_id"]) for each in rows}) == 1
    assert [each["counted"] for each in rows] == [True] + [False] * 9
    assert web.used(MAK) == 1
    assert web.count() == 1


def test_a_key_written_in_another_way_makes_no_other_question(web) -> None:
    written = [web.label(KMS), web.label(KMS).lower(), web.label(KMS).replace("-", " ")]
    rows = web.batch([row(web, KMS, "host", f"row-{n}", product_key=key) for n, key in enumerate(written)]).get_json()["rows"]
    assert [(each["counted"], each["issue_number"]) for each in rows] == [(True, 0), (False, 0), (False, 0)]


def test_a_batch_that_is_sent_again_is_not_decided_again(web) -> None:
    allow(web, MAK, 1000)
    rows = [row(web, MAK, f"pc-{number}") for number in range(PART_ROWS + 5)]
    first, again = (web.batch(rows, "same") for _ in range(2))
    assert first.data == again.data
    assert web.used(MAK) == PART_ROWS + 5


def test_a_batch_that_was_cut_off_goes_on_behind_what_was_decided(make_web) -> None:
    web = make_web(rows_per_hour=2 * PART_ROWS)
    allow(web, MAK, 1000)
    rows = [row(web, MAK, f"pc-{number}") for number in range(2 * PART_ROWS)] + [row(web, MAK, "pc-0", "again")]
    cut = web.batch(rows, "long")
    assert (cut.status_code, cut.get_json()["code"]) == (429, "too_many_requests")
    assert int(cut.headers["Retry-After"]) > 0
    assert web.used(MAK) == 2 * PART_ROWS
    web.turn(hours=1, seconds=1)
    whole = web.batch(rows, "long").get_json()["rows"]
    assert [each["counted"] for each in whole] == [True] * (2 * PART_ROWS) + [False]
    assert whole[-1]["confirmation_id"] == whole[0]["confirmation_id"]
    assert web.used(MAK) == 2 * PART_ROWS


def test_an_outage_puts_the_rest_off(web) -> None:
    web.switch_outage(True)
    assert web.batch([row(web, MAK, "one")], "patient").status_code == 503
    web.switch_outage(False)
    assert web.batch([row(web, MAK, "one")], "patient").status_code == 200


def test_the_batch_id_with_other_rows_is_refused(web) -> None:
    web.batch([row(web, MAK, "one")], "same")
    assert web.batch([row(web, MAK, "two")], "same").get_json()["code"] == "request_id_reused"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "rows"),
        ([{"row_id": "a"}], "lacks the field rows[0].installation_id"),
        ([{"row_id": "a", "installation_id": "1"}] * 2, "rows[1].row_id is that of an earlier row"),
        ([{"row_id": "a", "installation_id": "1", "owner": "Ada"}], "not known here: rows[0].owner"),
        ([{"row_id": "a", "installation_id": "1"}] * 10_001, "The field rows"),
    ],
)
def test_a_batch_that_cannot_be_read_is_refused_whole(web, rows: list[dict[str, str]], sentence: str) -> None:
    refused = web.batch(rows)
    assert refused.status_code == 400
    assert sentence in refused.get_json()["detail"]
    assert web.count() == 0


@given(machines=st.lists(st.integers(0, 6), min_size=1, max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_counts_are_exact_whatever_is_in_the_batch(web, machines: list[int]) -> None:
    """As many IDs as distinct machines, as far as the count goes; a machine that was there before takes nothing."""
    before, batch = web.used(MAK), next(_numbers)
    rows = [row(web, MAK, f"{batch}-{machine}", str(number)) for number, machine in enumerate(machines)]
    allow(web, MAK, 3)
    answer = web.batch(rows, f"batch-of-any-{batch}").get_json()
    allowed = web.store.read(lambda tx: tx.keys.get(MAK)).record.allowed
    granted = {machine for machine, said in zip(machines, answer["rows"], strict=True) if said["status"] == "granted"}
    assert web.used(MAK) - before == len(granted) == min(len(set(machines)), allowed - before)
    assert sum(said.get("counted", False) for said in answer["rows"]) == len(granted)
    assert answer["remaining"] == {web.label(MAK)[-5:]: allowed - web.used(MAK)}
