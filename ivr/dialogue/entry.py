"""Reading an installation ID, group by group or at one go. Each group is checked the moment it is complete.

A group that fails is remembered as a position and a count, never as digits.
"""

from dataclasses import replace
from itertools import zip_longest

from activation.catalogue import Layout
from activation.digits import split_groups
from activation.installation_id import check_group, layout_of
from ivr.dialogue.data_keys import StarCommand, read_keys
from ivr.dialogue.errands import decide, to_person
from ivr.dialogue.line import Line, Moved, Room, go, is_quiet, keep_quiet
from ivr.heard import Digits, FromCaller, Silence
from ivr.prompts import Ask, Say, say
from ivr.script import DIGITS
from ivr.state import Entry, Place, State

FAILURES_BEFORE_PERSON = 3
TIMEOUT_SECONDS = 4


def begin(line: Line, state: State) -> Moved:
    """An installation ID from its first group on."""
    return go(replace(state, entry=Entry(), readback=None, request=None), Place.ENTRY)


def begin_express(line: Line, state: State) -> Moved:
    """All digits in one Gather."""
    return go(replace(state, entry=Entry(), readback=None, request=None), Place.EXPRESS)


def begin_after_refusal(line: Line, state: State) -> Moved:
    """The ID once more, to help with a confirmation ID that the computer refused."""
    entry = Entry(refused_before=True)
    return go(replace(state, entry=entry, readback=None, request=None), Place.ENTRY, say("entry.refused_before"))


def _ask_group(line: Line, state: State) -> Ask:
    length = _group_length(line, state.entry) - len(state.entry.partial)
    spoken = () if is_quiet(state) else (_question(state),)
    return Ask(spoken, digits=length, timeout_seconds=TIMEOUT_SECONDS)


def _question(state: State) -> Say:
    number = state.entry.at + 1
    if state.silences:
        return say("entry.waiting", number=number)
    if _failures(state.entry, state.entry.at) or state.entry.starts:
        return say("entry.again" if _failures(state.entry, state.entry.at) else "entry.group", number=number)
    return say("entry.first") if number == 1 else say("entry.group", number=number)


def _ask_all(line: Line, state: State) -> Ask:
    most = max(layout.digits for layout in line.catalogue.layouts.values())
    spoken = () if is_quiet(state) else (say("entry.express"),)
    return Ask(spoken, digits=most, timeout_seconds=TIMEOUT_SECONDS, finish_key="#")


def _hear(line: Line, state: State, heard: FromCaller) -> Moved:
    match heard:
        case Silence():
            return _hear_silence(line, state)
        case Digits(keys):
            keyed = read_keys(keys)
            return _command(line, state, keyed) if isinstance(keyed, StarCommand) else _take(line, state, keyed)
    return _fail(state, state.entry, state.entry.at, say("common.misunderstood"))


def _hear_silence(line: Line, state: State) -> Moved:
    """Wait on quietly; digits of a group that never went on are dropped when the waiting is over."""
    state, said = keep_quiet(state)
    if state.place is Place.ENDED or is_quiet(state) or not state.entry.partial:
        return state, said
    entry, index = state.entry, state.entry.at
    short = say("entry.short", number=index + 1, count=len(entry.partial), length=_group_length(line, entry))
    return _fail(state, replace(entry, partial=""), index, short)


def _command(line: Line, state: State, command: StarCommand) -> Moved:
    fresh = replace(state, entry=replace(state.entry, partial=""))
    match command:
        case StarCommand.PERSON:
            return to_person(fresh, "agent.asked")
        case StarCommand.BACK:
            return _back(fresh)
        case StarCommand.EXPRESS if state.entry.at == 0:
            return go(fresh, Place.EXPRESS)
    return go(fresh, fresh.place)


def _back(state: State) -> Moved:
    """The previous group again; before the first one, the main menu."""
    entry = state.entry
    before = [index for index in range(entry.at) if entry.groups[index]]
    if not before:
        return go(replace(state, entry=Entry()), Place.MENU)
    groups = tuple(None if index == before[-1] else group for index, group in enumerate(entry.groups))
    return go(replace(state, entry=replace(entry, groups=groups)), Place.ENTRY)


def _take(line: Line, state: State, keyed: str) -> Moved:
    """Digits that came in: into as many open groups as they fill."""
    if not keyed:
        return _hear_silence(line, state)
    digits = state.entry.partial + keyed
    entry = replace(state.entry, partial="")
    layout = line.catalogue.layouts[entry.layout] if entry.layout else layout_of(digits, line.catalogue)
    if layout is None:
        return _fail(state, entry, 0, say("entry.layout"))
    filled, bad = _fill(entry, layout, digits)
    if bad is not None:
        return _fail(state, filled, bad, *_heard_up_to(state, filled), say("entry.bad", number=bad + 1))
    taken = replace(state, entry=filled, misses=0)
    if filled.is_complete:
        return decide(taken)
    if state.place is Place.EXPRESS:
        return go(replace(taken, entry=replace(filled, partial="")), Place.ENTRY, *_heard_up_to(state, filled))
    return (replace(taken, silences=1), ()) if filled.partial else go(taken, Place.ENTRY)


def _fill(entry: Entry, layout: Layout, digits: str) -> tuple[Entry, int | None]:
    """The entry with these digits in its open groups, and the index of the first group whose check digit does not hold.

    What follows a bad group is kept only if the digits fill the open groups exactly: then none is missing or too many,
    and the later groups are not shifted.
    """
    groups = list(entry.groups) or [None] * len(layout.groups)
    places = [index for index, group in enumerate(groups) if group is None]
    lengths = tuple(layout.groups[index] for index in places)
    exact, bad, partial = len(digits) == sum(lengths), None, ""
    for index, length, piece in zip(places, lengths, split_groups(digits, lengths), strict=True):
        if len(piece) < length:
            partial = piece
            break
        if check_group(piece):
            groups[index] = piece
        else:
            bad = index if bad is None else bad
            if not exact:
                break
    kept = layout.name if any(groups) else None
    return replace(entry, layout=kept, groups=tuple(groups) if kept else (), partial="" if bad is not None else partial), bad


def _fail(state: State, entry: Entry, index: int, *said: Say) -> Moved:
    """This group did not come right: ask it again alone, the third time go to a person with the good groups kept."""
    counted = zip_longest(entry.failures, (0,) * index + (1,), fillvalue=0)
    failures = tuple(before + now for before, now in counted)
    failed = replace(state, entry=replace(entry, partial="", failures=failures))
    if failures[index] >= FAILURES_BEFORE_PERSON:
        return to_person(failed, "agent.three_bad_groups")
    return go(failed, Place.ENTRY, *said)


def _heard_up_to(state: State, entry: Entry) -> tuple[Say, ...]:
    """After everything at one go, what arrived in order."""
    return (say("entry.express_done", number=entry.at),) if state.place is Place.EXPRESS and entry.at else ()


def _group_length(line: Line, entry: Entry) -> int:
    if entry.layout:
        return line.catalogue.layouts[entry.layout].groups[entry.at]
    return max(layout.groups[0] for layout in line.catalogue.layouts.values())


def _failures(entry: Entry, index: int) -> int:
    return entry.failures[index] if index < len(entry.failures) else 0


ENTRY = Room(_ask_group, _hear, DIGITS, takes_digits=True)
EXPRESS = Room(_ask_all, _hear, DIGITS, takes_digits=True)
