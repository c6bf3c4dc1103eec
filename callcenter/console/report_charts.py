"""Which charts a report is drawn as, and the table it is exported as."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from callcenter.console.charts import Chart, Kind
from callcenter.console.report_words import duration
from callcenter.floor.measures import Figures, Report

Row = list[str | int | float | None]

_HOURS = range(24)
_TITLES = (
    "calls",
    "contained",
    "truly_contained",
    "line_seconds",
    "first_digit_seconds",
    "activation_seconds",
    "reasked_per_call",
    "queued",
    "abandoned",
    "callbacks",
    "answered_in_time",
    "counted_for_service_level",
    "average_wait_seconds",
    "longest_wait_seconds",
    "handled",
    "talk_seconds",
    "hold_seconds",
    "wrap_up_seconds",
    "hung_up_on_hold",
)


def charts(report: Report) -> Mapping[str, Chart]:
    """Every chart of a report, by name."""
    drawn = (*_by_day(report), *_by_hour(report))
    return {chart.name: chart for chart in drawn}


def _by_day(report: Report) -> Iterator[Chart]:
    days = list(_days(report))
    labels = [f"{day:%d %b}".lstrip("0") for day in days]
    each = [report.by_day.get(day) for day in days]
    yield Chart(
        "calls-by-day",
        "Calls by day",
        Kind.STACKED,
        labels,
        {
            "ended on the line": [one.contained.part if one else 0 for one in each],
            "went to a person, or still on": [one.calls - one.contained.part if one else 0 for one in each],
        },
    )
    yield _levels("levels-by-day", "Service level and abandonment by day", labels, each)
    handled = [one.handle_time if one and one.handle_time.calls else None for one in each]
    yield Chart(
        "handle-time-by-day",
        "Handle time by day",
        Kind.STACKED,
        labels,
        {
            "talk": [one.talk_seconds if one else None for one in handled],
            "hold": [one.hold_seconds if one else None for one in handled],
            "wrap-up": [one.wrap_up_seconds if one else None for one in handled],
        },
        duration,
    )


def _by_hour(report: Report) -> Iterator[Chart]:
    labels = [f"{hour:02d}:00" for hour in _HOURS]
    each = [report.by_hour.get(hour) for hour in _HOURS]
    yield Chart("calls-by-hour", "Calls by hour", Kind.BARS, labels, {"calls": [one.calls if one else 0 for one in each]})
    yield _levels("levels-by-hour", "Service level and abandonment by hour", labels, each)
    yield Chart(
        "waits-by-hour",
        "Waits by hour",
        Kind.LINES,
        labels,
        {
            "average": [one.waits.average_seconds if one else None for one in each],
            "longest": [one.waits.longest_seconds if one else None for one in each],
        },
        duration,
    )


def _levels(name: str, title: str, labels: Sequence[str], each: Sequence[Figures | None]) -> Chart:
    series = {
        "service level": [one.service_level.percent if one else None for one in each],
        "abandonment": [one.abandoned.percent if one else None for one in each],
    }
    return Chart(name, title, Kind.LINES, labels, series, "{:.0f} %".format)


def _days(report: Report) -> Iterator[date]:
    """Every day of the period, those on which nothing happened too."""
    period = report.period
    day = period.since.astimezone(period.zone).date()
    last = (period.until.astimezone(period.zone) - timedelta(microseconds=1)).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def table(report: Report) -> tuple[Sequence[str], list[Row]]:
    """Titles and rows: the whole period, every day, every hour of the day; then the counts by reason, outcome and place."""
    counted = sorted({name for name, _ in _counts(report.total)})
    parts: list[tuple[str, str, Figures]] = [("total", "", report.total)]
    parts += [("day", day.isoformat(), figures) for day, figures in report.by_day.items()]
    parts += [("hour", f"{hour:02d}:00", figures) for hour, figures in report.by_hour.items()]
    rows: list[Row] = []
    for part, when, figures in parts:
        counts = dict(_counts(figures))
        rows.append([part, when, *_numbers(figures), *(counts.get(name, 0) for name in counted)])
    return ("part", "when", *_TITLES, *counted), rows


def _numbers(figures: Figures) -> Row:
    handled, waits = figures.handle_time, figures.waits
    return [
        figures.calls,
        figures.contained.part,
        figures.truly_contained.part,
        _rounded(figures.line_seconds),
        _rounded(figures.first_digit_seconds),
        _rounded(figures.activation_seconds),
        _rounded(figures.reasked_per_call),
        figures.queued,
        figures.abandoned.part,
        figures.callbacks,
        figures.service_level.part,
        figures.service_level.whole,
        _rounded(waits.average_seconds),
        _rounded(waits.longest_seconds),
        handled.calls,
        _rounded(handled.talk_seconds if handled.calls else None),
        _rounded(handled.hold_seconds if handled.calls else None),
        _rounded(handled.wrap_up_seconds if handled.calls else None),
        figures.hung_up_on_hold,
    ]


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 2)


def _counts(figures: Figures) -> Iterator[tuple[str, int]]:
    yield from ((f"transfers {reason}", count) for reason, count in figures.transfers.items())
    yield from ((f"limit requests {outcome}", count) for outcome, count in figures.limit_requests.items())
    yield from ((f"hung up at {place}", count) for place, count in figures.hung_up_on_line.items())
