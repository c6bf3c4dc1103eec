"""Statistics at the console: counts of verdicts, and nothing that tells anybody or any machine."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest

from activation.claims import AgentReason, Door, RefusalCode
from activation.tally import ASK_FIRST, GRANTED, GRANTED_FREE, Tally
from callcenter.console.verdict_words import verdict_title
from callcenter.floor.statistics import Answer, put_together


def tell(console: Any, code: str, *, door: Door = Door.WEB, days_ago: int = 0, times: int = 1, **rest: str) -> None:
    day = console.clock.now.date() - timedelta(days=days_ago)
    values = {"channel": "mak", "product": "windows-7-professional", "country": "GB"} | rest
    for _ in range(times):
        console.store.transaction(lambda tx: tx.ledger.tally(Tally(day, door, code=code, **values)))


@pytest.fixture
def told(console: Any) -> None:
    tell(console, GRANTED, times=3)
    tell(console, GRANTED, door=Door.PHONE, days_ago=1, country="DE")
    tell(console, GRANTED_FREE, channel="retail", product="windows-7-home-premium")
    tell(console, RefusalCode.REGION, country="", times=2)
    tell(console, AgentReason.MAK_LIMIT, door=Door.PHONE)
    tell(console, RefusalCode.MALFORMED, channel="", product="", country="")


@pytest.mark.usefixtures("told")
def test_the_page_counts_by_day_licence_channel_product_country_and_refusal(console: Any) -> None:
    # row 25: counts only
    page = console.signed_in("celeste").read("/console/statistics")
    assert "Activated, counted4" in page
    assert "Activated, free1" in page
    assert "Not activated4" in page
    for counted in ("MAK7", "Web7", "Telephone2", "Windows 7 Professional7", "United Kingdom5", "Germany1"):
        assert counted in page.replace(" How many", ""), counted
    for refusal in ("Outside the edition’s region2", "Volume key used up, on the telephone1", "No installation ID1"):
        assert refusal in page
    assert "Verdicts by day" in page
    assert "Those given to simulated callers are among them" in page


@pytest.mark.usefixtures("told")
def test_nothing_about_anybody_is_in_what_is_counted(console: Any) -> None:
    # row 25: aggregated, without anything to contact anyone by
    file = console.signed_in("celeste").get("/console/statistics.csv")
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert set(rows[0]) == {"day", "channel", "licence", "product", "country", "verdict", "count"}
    assert sum(int(row["count"]) for row in rows) == 9
    assert {row["verdict"] for row in rows} == {
        "granted",
        "granted_free",
        "refused.region",
        "agent.mak_limit",
        "refused.malformed",
    }


@pytest.mark.usefixtures("told")
def test_other_days_are_other_numbers(console: Any) -> None:
    yesterday = (console.clock.now.date() - timedelta(days=1)).isoformat()
    page = console.signed_in("felix").read(f"/console/statistics?from={yesterday}&to={yesterday}")
    assert "Activated, counted1" in page
    assert "Not activated0" in page


def test_days_without_anything_say_so(console: Any) -> None:
    assert "Nobody asked for an activation on these days." in console.signed_in("celeste").read("/console/statistics")


@pytest.mark.parametrize(
    "query", ["from=yesterday", "from=2026-03-14&to=2026-03-01", "to=2999-01-01", "from=1999-01-01", "to=0001-01-01"]
)
def test_days_that_will_not_do_are_said(console: Any, query: str) -> None:
    browser = console.signed_in("celeste")
    refused = browser.get(f"/console/statistics?{query}")
    assert refused.status_code == 422
    assert "Write two days like" in refused.text
    assert browser.get(f"/console/statistics.csv?{query}").status_code == 400


def test_whoever_serves_calls_has_no_statistics(console: Any) -> None:
    assert console.signed_in("amira").get("/console/statistics").status_code == 403


def test_every_verdict_has_words() -> None:
    codes = [ASK_FIRST, *(each.value for kind in (RefusalCode, AgentReason) for each in kind)]
    assert [code for code in codes if verdict_title(code) == code] == []
    assert verdict_title("refused.of_a_later_version") == "refused.of_a_later_version"


def test_days_on_which_nothing_happened_are_there() -> None:
    first = date(2026, 3, 1)
    tally = Tally(date(2026, 3, 2), Door.WEB, "mak", "", "", GRANTED)
    found = put_together([(tally, 4)], first, date(2026, 3, 3))
    assert found.by_day[Answer.COUNTED] == (0, 4, 0)
    assert found.doors_by_day == {"phone": (0, 0, 0), "web": (0, 4, 0)}
    assert found.total == {Answer.COUNTED: 4, Answer.FREE: 0, Answer.ELSE: 0}
