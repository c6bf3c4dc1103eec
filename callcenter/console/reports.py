"""The reports: the measures of a period with their definitions, charts that are tables too, and everything as CSV."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from http import HTTPStatus

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from callcenter.console.centre import centre
from callcenter.console.charts import draw, picture_of
from callcenter.console.report_charts import charts, table
from callcenter.console.report_words import breakdowns, measures
from callcenter.console.shell import look, needs
from callcenter.floor.csv_files import write_csv
from callcenter.floor.measures import Period, Report, ShortAbandons, report
from callcenter.floor.permissions import Action
from callcenter.floor.refusals import Refusal

_DAYS = 7
_MOST_DAYS = 366
_EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days in the centre's zone, the last one included, and how short abandons count."""

    first: date
    last: date
    short: ShortAbandons

    @property
    def query(self) -> dict[str, str]:
        """The same as an address."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat(), "short": self.short.name.lower()}


def register(blueprint: Blueprint) -> None:
    """The page `/console/reports`, its table and its charts."""
    blueprint.add_url_rule("/reports", view_func=reports)
    blueprint.add_url_rule("/reports.csv", view_func=reports_csv)
    blueprint.add_url_rule("/reports/<name>.svg", view_func=report_chart)


@needs(Action.SEE_REPORTS)
def reports() -> ResponseReturnValue:
    """The measures of the days asked for, the last seven by default."""
    span = _span()
    if isinstance(span, Refusal):
        return render_template("console/reports.html", sentence=span.sentence, **_form(_latest(_DAYS))), span.status
    made = _report(span)
    return render_template(
        "console/reports.html",
        sentence="",
        report=made,
        measures=measures(made),
        breakdowns=breakdowns(made.total),
        charts=[(chart, picture_of(chart)) for chart in charts(made).values()],
        **_form(span),
    )


@needs(Action.SEE_REPORTS)
def reports_csv() -> ResponseReturnValue:
    """The same numbers, unrounded into words: the whole, every day, every hour."""
    span = _span()
    if isinstance(span, Refusal):
        abort(HTTPStatus.BAD_REQUEST)
    file = Response(write_csv(*table(_report(span))), mimetype="text/csv")
    file.headers["Content-Disposition"] = f'attachment; filename="report-{span.first}-{span.last}.csv"'
    return file


@needs(Action.SEE_REPORTS)
def report_chart(name: str) -> ResponseReturnValue:
    """One chart by itself."""
    span = _span()
    if isinstance(span, Refusal):
        abort(HTTPStatus.BAD_REQUEST)
    chart = charts(_report(span)).get(name)
    return Response(draw(chart), mimetype="image/svg+xml") if chart else abort(HTTPStatus.NOT_FOUND)


def _span() -> Span | Refusal:
    """The days of the address; what it leaves out ends today and begins six days earlier."""
    latest = _latest(_DAYS)
    try:
        last = date.fromisoformat(request.args.get("to") or latest.last.isoformat())
        first = date.fromisoformat(request.args.get("from") or (last - timedelta(days=_DAYS - 1)).isoformat())
        short = ShortAbandons[request.args.get("short", latest.short.name).upper()]
    except (ValueError, KeyError, OverflowError):
        return _refused("Write both days like 2026-11-22.")
    if not _EARLIEST <= first <= last <= latest.last or last - first >= timedelta(days=_MOST_DAYS):
        return _refused(
            f"The first day comes before the last, the last is not after today, and both are within {_MOST_DAYS} days."
        )
    return Span(first, last, short)


def _refused(sentence: str) -> Refusal:
    return Refusal("reports.days", sentence, HTTPStatus.UNPROCESSABLE_ENTITY)


def _latest(days: int) -> Span:
    today = centre().clock().astimezone(centre().hours.zone).date()
    return Span(today - timedelta(days=days - 1), today, ShortAbandons.IGNORE)


def _report(span: Span) -> Report:
    here = centre()
    zone, since = here.hours.zone, datetime.combine(span.first, time(), here.hours.zone)
    until = datetime.combine(span.last + timedelta(days=1), time(), zone)
    period = Period(since, until, here.clock(), zone)
    facts = look(lambda tx: tx.measures.facts(since, until))
    return report(facts, period, here.policy.answer_target_seconds, span.short)


def _form(span: Span) -> dict[str, object]:
    ranges = [(words, _latest(days)) for words, days in (("Today", 1), ("7 days", 7), ("30 days", 30), ("90 days", 90))]
    return {
        "span": span,
        "ranges": ranges,
        "shorts": [(each.name.lower(), each.value.capitalize()) for each in ShortAbandons],
        "zone": centre().hours.zone.key,
        "target_percent": centre().policy.answer_target_percent,
    }
