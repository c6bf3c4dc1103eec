"""What was said of an installation ID, cut into its groups. What fills no whole number of them is not for here."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from math import inf

from activation.catalogue import Catalogue, Layout
from activation.correction import CLEAR, UNHEARD, Candidate, both, hear_group
from activation.installation_id import can_complete, check_group, layout_of, may_begin
from ivr.entry import Entry

Readings = Sequence[Candidate]
Check = Callable[[str], bool]
Spans = list[tuple[int, int]]
"""From where to where in the digits each group stands."""


def take_groups(
    catalogue: Catalogue, entry: Entry, begun: int, readings: Readings, *, is_over: bool = False
) -> tuple[Entry, list[int]] | None:
    """The entry with the groups that were said, and the indexes of those to be asked again; None when the digits fill no whole
    number of groups, nearly enough. One that was not understood is left to the others where these can tell it. The first
    `begun` digits were keyed, and stay as they are; `is_over`: no more digits will follow these."""
    fitting = fitting_readings(catalogue, entry, readings)
    layout = catalogue.layouts[entry.layout] if entry.layout else _layout(catalogue, fitting)
    if layout is None:
        return None
    taken = entry if entry.layout else replace(entry, layout=layout.name, groups=(None,) * len(layout.groups))
    places = [index for index, group in enumerate(taken.groups) if group is None]
    lengths, checks = [layout.groups[index] for index in places], [said_check(catalogue, entry, index) for index in places]
    spans, again = _spans(lengths, checks, readings, is_over=is_over), []
    for index, holds, span in zip(places, checks, spans, strict=False):
        pieces = _pieces(readings, span, spans[-1][1])
        new = hear_group(pieces, layout.groups[index], max(begun - span[0], 0), holds)
        heard = both(entry.heard_at(index), new)
        is_taken = heard.is_credible and (index > 0 or _is_layout_sure(heard.candidates, layout, catalogue))
        is_whole = span[1] - span[0] == layout.groups[index]
        all_said = [said for said in (fitting, heard.candidates) if said]
        is_placed = index > 0 or (is_whole and all(_is_layout_sure(said, layout, catalogue) for said in all_said))
        may_be_left = is_placed and can_complete(layout) and taken.left_to_others is None and not heard.is_begun_with_keys
        left = UNHEARD * layout.groups[index] if may_be_left else None
        taken = taken.with_group(index, heard.candidates[0].digits if is_taken else left, heard)
        again += [] if taken.groups[index] else [index]
    taken = taken if any(taken.groups) else replace(taken, layout=None, groups=())
    return (taken, again) if spans else None


def fitting_readings(catalogue: Catalogue, entry: Entry, readings: Readings) -> Readings:
    """The readings that may be meant here: with nothing before them, those that an ID may begin with, if there are any."""
    if entry.at > 0:
        return readings
    return tuple(each for each in readings if _may_begin(catalogue, entry, each.digits)) or readings


def said_check(catalogue: Catalogue, entry: Entry, index: int) -> Check:
    """What tells whether a group that was said in this place may be meant: its check digit, and of the first one whether an
    installation ID may begin with it."""
    if index > 0:
        return check_group
    return lambda group: check_group(group) and _may_begin(catalogue, entry, group)


def _may_begin(catalogue: Catalogue, entry: Entry, digits: str) -> bool:
    """Whether an ID may; where other groups of it are there, one of their layout."""
    layout = layout_of(digits, catalogue)
    return may_begin(digits, catalogue) and (entry.layout is None or layout == catalogue.layouts[entry.layout])


def _layout(catalogue: Catalogue, readings: Readings) -> Layout | None:
    """That of the likeliest reading whose first group holds, else of the likeliest that begins as an ID does."""
    begins = [(reading.digits, layout) for reading in readings if (layout := layout_of(reading.digits, catalogue))]
    holding = [layout for digits, layout in begins if check_group(digits[: layout.groups[0]])]
    return (holding + [layout for _, layout in begins] + [None])[0]


def _is_layout_sure(said: Readings, layout: Layout, catalogue: Catalogue) -> bool:
    """Whether the first group's first digit, which tells the lengths of all groups, is beyond doubt."""
    best, *others = said
    rivals = (other.cost for other in others if layout_of(other.digits, catalogue) not in (layout, None))
    is_clear = min(rivals, default=inf) - best.cost >= CLEAR
    return is_clear and layout_of(best.digits, catalogue) == layout


def _spans(lengths: Sequence[int], checks: Sequence[Check], readings: Readings, *, is_over: bool) -> Spans:
    """As the likeliest reading has the groups that is a whole number of them; before all others one whose groups hold.

    Where the first guess is none, only such a reading counts, and until it is over only one close behind: the caller may have
    paused in the middle of a group. A lone reading with one digit too many for a group may be that group; if it is over, any
    with one too few as well.
    """
    digits, best = readings[0].digits, readings[0].cost
    is_pausing = not is_over and not _ends(lengths, readings[0])
    close = [reading for reading in readings if not is_pausing or reading.cost - best < CLEAR]
    wholes = [(reading.digits, list(pairwise((0, *ends)))) for reading in close if (ends := _ends(lengths, reading))]
    holding = [
        spans for said, spans in wholes if all(holds(said[slice(*span)]) for holds, span in zip(checks, spans, strict=False))
    ]
    if holding or (wholes and wholes[0][0] == digits):
        return holding[0] if holding else wholes[0][1]
    is_alone = len({reading.digits for reading in readings}) == 1
    is_one_too_many = is_alone and len(digits) == lengths[0] + 1 and not check_group(digits[:-1])
    is_one_too_few = is_over and len(digits) == lengths[0] - 1
    return [(0, len(digits))] if is_one_too_many or is_one_too_few else []


def _ends(lengths: Sequence[int], reading: Candidate) -> list[int]:
    """Where the groups of this reading end; nowhere when the last one is not whole."""
    ends = list(accumulate(lengths))
    size = len(reading.digits)
    return ends[: ends.index(size) + 1] if size in ends else []


def _pieces(readings: Readings, span: tuple[int, int], size: int) -> list[Candidate]:
    """Every reading's part in this group; readings of another size have none."""
    start, end = span
    return [replace(each, digits=each.digits[start:end] if len(each.digits) == size else "") for each in readings]
