"""The measures of a report in words: what each is called, how it is written out, and how it is defined (requirements E2)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from callcenter.console.reasons import reason_for
from callcenter.console.words import place_words
from callcenter.floor.measures import Figures, Report, Share

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a report: `value` as a page shows it, `of` what it is of; a part of another has no `definition`."""

    title: str
    value: str
    of: str
    definition: str


def duration(seconds: float | None) -> str:
    """Seconds as people say them: 45 s, 3 min 20 s, 1 h 5 min."""
    if seconds is None:
        return NOTHING
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min {rest} s" if minutes else f"{whole} s"


def percent(share: Share) -> str:
    """A share as a percentage; of nothing there is none."""
    return NOTHING if share.percent is None else f"{share.percent:.1f} %"


def measures(report: Report) -> Mapping[str, Sequence[Measure]]:
    """The headline of a report, in three parts."""
    return {
        "The line": tuple(_about_calls(report.total)),
        "The queue": tuple(_about_waiting(report)),
        "The people": tuple(_about_agents(report.total)),
    }


def _about_calls(total: Figures) -> Iterator[Measure]:
    yield Measure("Calls", f"{total.calls:,}", "that came in", "Every call that reached the line in the period.")
    yield Measure(
        "Containment, raw",
        percent(total.contained),
        _of(total.contained, "calls"),
        "Calls that ended on the line without a person, of all calls that came in.",
    )
    yield Measure(
        "Containment, true",
        percent(total.truly_contained),
        _of(total.truly_contained, "calls"),
        "As the raw one, but only calls that got what they called for and whose caller did not call again within 24 hours.",
    )
    yield Measure(
        "Time with the line",
        duration(total.line_seconds),
        "on average",
        "From the first moment of the call to the queue, or to the end where nobody was asked for. Not part of handle time.",
    )
    yield Measure(
        "To the first digit", duration(total.first_digit_seconds), "on average", "From the start of a call to its first digits."
    )
    yield Measure(
        "To activation", duration(total.activation_seconds), "on average", "From the start of a call to its first activation."
    )
    again = NOTHING if total.reasked_per_call is None else f"{total.reasked_per_call:.2f}"
    yield Measure(
        "Groups asked again", again, "per call with digits", "How often a group of the ID had to be asked for once more."
    )


def _about_waiting(report: Report) -> Iterator[Measure]:
    total, target = report.total, report.target_seconds
    yield Measure(
        "Service level",
        percent(total.service_level),
        f"{_of(total.service_level, 'calls')} within {target} s",
        f"Calls answered within {target} s of entering the queue, of those that were answered, were abandoned or have waited "
        f"longer. Callers who hang up within {target} s are {report.short_abandons.value}.",
    )
    yield Measure(
        "Abandonment",
        percent(total.abandoned),
        _of(total.abandoned, "queued"),
        "Callers who hung up in the queue, of all who waited there. Callbacks do not count; who hangs up on the line, or on "
        "hold, is counted apart.",
    )
    yield Measure(
        "Wait, average",
        duration(total.waits.average_seconds),
        "in the queue",
        "From entering the queue to its end, answered or not.",
    )
    yield Measure("Wait, longest", duration(total.waits.longest_seconds), "in the queue", "The longest of these waits.")
    yield Measure("Callbacks", f"{total.callbacks:,}", "booked", "Callers who kept their place without waiting on the line.")


def _about_agents(total: Figures) -> Iterator[Measure]:
    handled = total.handle_time
    yield Measure(
        "Handle time",
        duration(handled.average_seconds),
        f"{handled.calls:,} calls",
        "Talk, hold and wrap-up of the people, per handled call; only calls that are wrapped up.",
    )
    for title, seconds in (
        ("Talk", handled.talk_seconds),
        ("Hold", handled.hold_seconds),
        ("Wrap-up", handled.wrap_up_seconds),
    ):
        yield Measure(title, duration(seconds if handled.calls else None), "per handled call", "")
    yield Measure(
        "Hung up on hold", f"{total.hung_up_on_hold:,}", "callers", "Callers who were gone when they were taken off hold."
    )


def breakdowns(total: Figures) -> Mapping[str, Sequence[tuple[str, int]]]:
    """Counts by reason, by outcome, by place: the most frequent first, in words."""
    return {
        "Handed to a person, by reason": _counted(total.transfers, lambda key: reason_for(key).short),
        "Requests for limits, by outcome": _counted(total.limit_requests, str),
        "Hung up on the line, by place": _counted(total.hung_up_on_line, place_words),
    }


def _counted(counts: Mapping[str, int], words: Callable[[str], str]) -> Sequence[tuple[str, int]]:
    """Two keys of the same words are one line."""
    summed: Counter[str] = Counter()
    for key, count in counts.items():
        summed[_sentence_case(words(key))] += count
    return summed.most_common()


def _sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


def _of(share: Share, noun: str) -> str:
    return f"{share.part:,} of {share.whole:,} {noun}"
