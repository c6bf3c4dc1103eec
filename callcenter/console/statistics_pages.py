"""The statistics of activations: counts only, by day, licence, channel, product and country, and of refusals (row 25)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from http import HTTPStatus

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from activation.catalogue import Catalogue, Channel
from activation.claims import Door
from callcenter.console.activation_pages import DOOR_TITLES
from callcenter.console.centre import centre
from callcenter.console.charts import Chart, Kind, picture_of
from callcenter.console.shell import look, needs
from callcenter.console.verdict_words import verdict_title
from callcenter.floor.csv_files import write_csv
from callcenter.floor.key_facts import CHANNEL_TITLES
from callcenter.floor.permissions import Action
from callcenter.floor.statistics import Answer, Statistics, put_together

_USUAL_DAYS, _MOST_DAYS = 30, 366
_EARLIEST = date(2000, 1, 1)
_COLUMNS = ("day", "channel", "licence", "product", "country", "verdict", "count")
_NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days in UTC, the last one included."""

    first: date
    last: date

    @property
    def query(self) -> dict[str, str]:
        """The same as an address."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}


def register(blueprint: Blueprint) -> None:
    """The page `/console/statistics` and its table."""
    blueprint.add_url_rule("/statistics", view_func=statistics)
    blueprint.add_url_rule("/statistics.csv", view_func=statistics_csv)


@needs(Action.SEE_REPORTS)
def statistics() -> ResponseReturnValue:
    """The counts of the days asked for, the last thirty by default."""
    days = _days()
    sentence = "" if days else f"Write two days like 2026-11-22: the first before the last, none to come, at most {_MOST_DAYS}."
    shown = days or _latest(_USUAL_DAYS)
    found = put_together(look(lambda tx: tx.verdict_counts.between(shown.first, shown.last)), shown.first, shown.last)
    page = render_template(
        "console/statistics.html",
        sentence=sentence,
        statistics=found if days else None,
        answers=tuple(Answer),
        charts=[(chart, picture_of(chart)) for chart in _charts(found)],
        breakdowns=_breakdowns(found, centre().catalogue),
        days=shown,
        ranges=[(words, _latest(many)) for words, many in (("Today", 1), ("7 days", 7), ("30 days", 30), ("90 days", 90))],
    )
    return page, HTTPStatus.OK if days else HTTPStatus.UNPROCESSABLE_ENTITY


@needs(Action.SEE_REPORTS)
def statistics_csv() -> ResponseReturnValue:
    """The daily counters as they are kept."""
    days = _days()
    if days is None:
        abort(HTTPStatus.BAD_REQUEST)
    counted = look(lambda tx: tx.verdict_counts.between(days.first, days.last))
    rows = [(t.day.isoformat(), t.door.value, t.channel, t.product, t.country, t.code, count) for t, count in counted]
    file = Response(write_csv(_COLUMNS, rows), mimetype="text/csv")
    file.headers["Content-Disposition"] = f'attachment; filename="statistics-{days.first}-{days.last}.csv"'
    return file


def _days() -> Days | None:
    """The days of the address; what it leaves out ends today. None for what are no days."""
    latest = _latest(_USUAL_DAYS)
    try:
        last = date.fromisoformat(request.args.get("to") or latest.last.isoformat())
        first = date.fromisoformat(request.args.get("from") or (last - timedelta(days=_USUAL_DAYS - 1)).isoformat())
    except (ValueError, OverflowError):
        return None
    is_span = _EARLIEST <= first <= last <= latest.last and last - first < timedelta(days=_MOST_DAYS)
    return Days(first, last) if is_span else None


def _latest(days: int) -> Days:
    today = centre().clock().astimezone(UTC).date()
    return Days(today - timedelta(days=days - 1), today)


def _charts(found: Statistics) -> Iterator[Chart]:
    labels = [f"{day:%d %b}".lstrip("0") for day in found.days]
    answers = {answer.value: counts for answer, counts in found.by_day.items()}
    yield Chart("answers-by-day", "Verdicts by day", Kind.STACKED, labels, answers)
    doors = {DOOR_TITLES[Door(door)]: counts for door, counts in found.doors_by_day.items()}
    yield Chart("channels-by-day", "Telephone and web by day", Kind.LINES, labels, doors)


def _breakdowns(found: Statistics, catalogue: Catalogue) -> Mapping[str, list[tuple[str, int]]]:
    """Counts with the words for what they count."""
    products = {product.name: product.title for product in catalogue.products.values()}
    licences = {channel.value: CHANNEL_TITLES[channel] for channel in Channel}
    doors = {door.value: title for door, title in DOOR_TITLES.items()}
    countries = {country.code: country.title for country in catalogue.countries.values()}
    return {
        "By licence": _titled(found.by_licence, licences),
        "By channel": _titled(found.by_door, doors),
        "By product": _titled(found.by_product, products),
        "By country of the number or network": _titled(found.by_country, countries),
        "Why not activated": [(verdict_title(code), count) for code, count in found.refusals],
    }


def _titled(counts: tuple[tuple[str, int], ...], titles: Mapping[str, str]) -> list[tuple[str, int]]:
    return [(titles.get(name, name) or _NOT_KNOWN, count) for name, count in counts]
