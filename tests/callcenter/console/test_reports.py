"""Reports: the numbers of the days asked for, as a page, as charts with their tables, as CSV."""

import csv
import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from lxml import etree

from callcenter.console.charts import Chart, Kind, draw
from callcenter.console.report_words import duration
from callcenter.floor.queue import EntryKind, EntryStatus, Handling, Parting, QueueEntry
from ivr.records import CallRecord, NewCall, NewCase, Progress

CHARTS = ("calls-by-day", "calls-by-hour", "handle-time-by-day", "levels-by-day", "levels-by-hour", "waits-by-hour")


@pytest.fixture
def three_calls(console: Any, now: datetime) -> None:
    """Today: one call that the line served, one answered after 15 seconds, one abandoned after 40."""

    def work(tx: Any) -> None:
        for number, place in enumerate(("ended", "queue", "queue"), start=1):
            sid = f"CA{number:032x}"
            tx.calls.open(NewCall(sid, None, "43", "+18005550199", now))
            handed_over = number > 1
            progress = Progress(place, handed_over, completed=not handed_over, reasked=1, keyed=True, granted=not handed_over)
            at = now + timedelta(seconds=60)
            tx.calls.save(CallRecord(sid, 2, b"", ""), progress, unfinished=False, waiting=False, at=at)
            tx.calls.close(sid, now + timedelta(seconds=200))
            if handed_over:
                case = tx.cases.open(NewCase(sid, "agent.mak_limit", "en", {}), at)
                place_of = QueueEntry(sid, case, EntryKind.CALL, "en", at, at, status=EntryStatus.CLOSED)
                tx.queue.save(place_of)
        answered, gone = (tx.queue.find(f"CA{number:032x}") for number in (2, 3))
        leave(tx, gone, EntryStatus.ABANDONED, at + timedelta(seconds=40))
        leave(tx, answered, EntryStatus.CLOSED, at + timedelta(seconds=115))
        tx.handlings.add(handling(answered, at + timedelta(seconds=15)))

    console.store.transaction(work)


def leave(tx: Any, entry: QueueEntry, status: EntryStatus, at: datetime) -> None:
    fields = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
    tx.queue.save(QueueEntry(**{**fields, "status": status, "closed_at": at}))


def handling(entry: QueueEntry, at: datetime) -> Handling:
    """A hundred seconds with the caller, thirty of them on hold, and twenty to wrap up."""
    parted = at + timedelta(seconds=100)
    return Handling(
        "h1",
        entry.call_sid,
        entry.case_number,
        "amira",
        at,
        30.0,
        None,
        parted,
        Parting.BACK_TO_LINE,
        parted + timedelta(seconds=20),
    )


def tile(page: str, title: str) -> str:
    found = re.search(rf'<dt>{title}</dt><dd><span class="big">([^<]+)</span>', page)
    assert found, title
    return found[1]


@pytest.mark.usefixtures("three_calls")
def test_the_measures_of_the_day_stand_on_the_page(console: Any) -> None:
    page = console.signed_in("celeste").get("/console/reports").text
    assert tile(page, "Calls") == "3"
    assert tile(page, "Containment, raw") == "33.3 %"
    assert tile(page, "Containment, true") == "33.3 %"
    assert tile(page, "Abandonment") == "50.0 %"
    assert tile(page, "Service level") == "50.0 %"
    assert tile(page, "Wait, longest") == "40 s"
    assert tile(page, "Handle time") == "2 min 0 s"
    assert [tile(page, part) for part in ("Talk", "Hold", "Wrap-up")] == ["1 min 10 s", "30 s", "20 s"]
    assert "Volume key used up" in page


@pytest.mark.usefixtures("three_calls")
def test_other_days_have_other_numbers_and_nobody_calling_is_said(console: Any, now: datetime) -> None:
    day = (now - timedelta(days=1)).date().isoformat()
    page = console.signed_in("celeste").get(f"/console/reports?from={day}&to={day}").text
    assert tile(page, "Calls") == "0"
    assert tile(page, "Service level") == "–"
    assert "Nobody called on these days" in page


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-03-15&to=2026-03-14",
        "from=1026-01-01",
        "from=tomorrow",
        "to=9999-12-31",
        "short=sometimes",
        "to=0001-01-01",
        "from=0001-01-01&to=0001-01-02",
    ],
)
def test_days_that_will_not_do_are_a_sentence(console: Any, query: str) -> None:
    celeste = console.signed_in("celeste")
    answer = celeste.get(f"/console/reports?{query}")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert celeste.get(f"/console/reports.csv?{query}").status_code == 400


@pytest.mark.usefixtures("three_calls")
def test_the_table_says_the_same_for_the_whole_the_day_and_the_hour(console: Any, now: datetime) -> None:
    answer = console.signed_in("celeste").get("/console/reports.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["part"], row["when"]) for row in rows] == [
        ("total", ""),
        ("day", now.date().isoformat()),
        ("hour", f"{now.hour:02d}:00"),
    ]
    for row in rows:
        assert (row["calls"], row["contained"], row["abandoned"], row["longest_wait_seconds"]) == ("3", "1", "1", "40.0")
        assert (row["talk_seconds"], row["hold_seconds"], row["wrap_up_seconds"]) == ("70.0", "30.0", "20.0")
        assert row["transfers agent.mak_limit"] == "2"


@pytest.mark.usefixtures("three_calls")
@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_plain_svg_and_its_numbers_are_a_table_too(console: Any, name: str) -> None:
    celeste = console.signed_in("celeste")
    answer = celeste.get(f"/console/reports/{name}.svg")
    assert answer.mimetype == "image/svg+xml"
    tags = {etree.QName(element).localname for element in etree.fromstring(answer.data).iter()}
    assert tags <= {"svg", "g", "path", "rect", "circle", "text", "title", "style"}
    assert b"http" not in answer.data.replace(b"http://www.w3.org/", b"")
    page = celeste.get("/console/reports").text
    assert f'id="chart-{name}"' in page
    assert 'src="data:image/svg+xml;base64,' in page


def test_a_chart_that_is_none_is_not_found(console: Any) -> None:
    assert console.signed_in("celeste").get("/console/reports/nothing.svg").status_code == 404


@pytest.mark.usefixtures("three_calls")
def test_short_abandons_count_as_chosen_and_the_page_says_how(console: Any, now: datetime) -> None:
    console.store.transaction(
        lambda tx: leave(tx, tx.queue.find(f"CA{3:032x}"), EntryStatus.ABANDONED, now + timedelta(seconds=65))
    )
    celeste = console.signed_in("celeste")
    levels = {
        short: tile(celeste.get(f"/console/reports?short={short}").text, "Service level")
        for short in ("ignore", "against", "for")
    }
    assert levels == {"ignore": "100.0 %", "against": "50.0 %", "for": "100.0 %"}
    assert "are counted against" in celeste.get("/console/reports?short=against").text


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("labels", [1, 24, 366])
def test_a_chart_of_any_length_is_drawn_with_labels_that_do_not_crowd(kind: Kind, labels: int) -> None:
    values = [number % 7 if number % 5 else None for number in range(labels)]
    chart = Chart("c", "Title & more", kind, [f"d{number}" for number in range(labels)], {"one": values, "two": values})
    drawn = etree.fromstring(draw(chart))
    assert drawn[0].text == "Title & more"
    written = [text for text in drawn.iter("{*}text") if (text.text or "").startswith("d")]
    assert 1 <= len(written) <= 14
    assert len(chart.rows()) == labels


@pytest.mark.parametrize(
    ("seconds", "words"), [(None, "–"), (0, "0 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (3900, "1 h 5 min")]
)
def test_seconds_are_said_as_people_say_them(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("most", [1, 2, 3, 4, 7, 12, 130])
def test_an_axis_of_counts_has_whole_numbers_and_none_twice(kind: Kind, most: int) -> None:
    drawn = etree.fromstring(draw(Chart("c", "Calls", kind, ["a", "b"], {"calls": [0, most]})))
    (axis,) = (group for group in drawn.iter("{*}g") if (group.get("class") or "").startswith("axis y"))
    ticks = [float(text.text.replace(",", "")) for text in axis.iter("{*}text")]
    assert len(ticks) == len(set(ticks)) > 1
    heights = [float(text.get("y")) for text in axis.iter("{*}text")]
    steps = {
        round((low - high) / (up - down), 3)
        for low, high, down, up in zip(heights, heights[1:], ticks, ticks[1:], strict=False)
    }
    assert len(steps) == 1, "a tick is written as another number than it stands for"
