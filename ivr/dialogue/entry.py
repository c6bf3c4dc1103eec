"""Reading an installation ID, group by group or at one go. Each group is checked the moment it is complete.

A group that fails is remembered as a position and a count, never as digits.
"""

from dataclasses import replace
from itertools import accumulate, zip_longest

from activation.catalogue import Layout
from activation.correction import CLEAR, Candidate, both, hear_group, joined, least_certain
from activation.digits import split_groups
from activation.installation_id import check_group, layout_of
from ivr.dialogue.data_keys import StarCommand, read_keys
from ivr.dialogue.errands import decide, to_person
from ivr.dialogue.line import Line, Moved, Room, go, has_stopped, hold, home, is_quiet, keep_quiet
from ivr.dialogue.spoken_groups import Readings, fitting_readings, said_check, take_groups
from ivr.entry import Entry
from ivr.heard import Digits, FromCaller, Silence, SpokenDigits
from ivr.prompts import Ask, Say, Tone, say
from ivr.script import DIGITS
from ivr.state import Place, State

FAILURES_BEFORE_PERSON = 3
TIMEOUT_SECONDS = 4
LAST_DIGIT_SECONDS = 2
"""How long the last digit of a group that is being said is waited for, after the pause that ended what was heard."""


def begin(line: Line, state: State) -> Moved:
    """An installation ID from its first group on."""
    return _begin(state, Entry(), Place.ENTRY)


def begin_express(line: Line, state: State) -> Moved:
    """All digits in one Gather."""
    return _begin(state, Entry(), Place.EXPRESS)


def begin_after_refusal(line: Line, state: State) -> Moved:
    """The ID once more, to help with a confirmation ID that the computer refused."""
    return _begin(state, Entry(refused_before=True), Place.ENTRY, say("entry.refused_before"))


def _begin(state: State, entry: Entry, place: Place, *said: Say) -> Moved:
    cleared, _ = home(state)
    return go(replace(cleared, entry=entry), place, *said)


def _ask_group(line: Line, state: State) -> Ask:
    length = _group_length(line, state.entry) - len(state.partial)
    spoken = () if is_quiet(state) else (_question(state),)
    return Ask(spoken, digits=length, timeout_seconds=LAST_DIGIT_SECONDS if _lacks_one(line, state) else TIMEOUT_SECONDS)


def _lacks_one(line: Line, state: State) -> bool:
    """Whether one digit is missing of a group that was said: oftener lost than still to come."""
    return bool(state.begun) and len(state.partial) == _group_length(line, state.entry) - 1


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
        case SpokenDigits(readings):
            return _take_said(line, state, readings)
        case Digits(keys):
            keyed = read_keys(state.partial + keys)
            if keyed is StarCommand.CLEAR and keys.endswith("*"):
                return hold(state, "*")  # the key that says what the star means may be the first of the next Gather
            return _command(line, state, keyed) if isinstance(keyed, StarCommand) else _take(line, state, keyed)
    return _fail(state, state.entry, state.entry.at, say("common.misunderstood"))


def _hear_silence(line: Line, state: State) -> Moved:
    """Wait on quietly; digits of a group that never went on are dropped when the waiting is over."""
    is_over = _lacks_one(line, state)
    state, said = keep_quiet(state)
    if not (is_over or has_stopped(state)):
        return state, said
    if state.partial == "*":
        return go(state, state.place)
    over = take_groups(line.catalogue, state.entry, 0, state.begun, is_over=True) if state.begun else None
    if over and not over[1]:
        return _accept_said(state, over[0])
    short = say("entry.short", count=len(state.partial), length=_group_length(line, state.entry))
    return _fail(state, state.entry, state.entry.at, short)


def _command(line: Line, state: State, command: StarCommand) -> Moved:
    match command:
        case StarCommand.PERSON:
            return to_person(state, "agent.asked")
        case StarCommand.BACK:
            return _back(state)
        case StarCommand.EXPRESS if state.entry.at == 0:
            return go(state, Place.EXPRESS)
    return go(state, state.place)


def _back(state: State) -> Moved:
    """The previous group again; before the first one, the main menu."""
    entry = state.entry
    before = [index for index in range(entry.at) if entry.groups[index]]
    if not before:
        return home(state)
    return go(replace(state, entry=_reopen(entry, before[-1])), Place.ENTRY)


def _reopen(entry: Entry, reopened: int) -> Entry:
    """The entry without this group; when it was the only one, the layout is open again too."""
    left = entry.with_group(reopened, None, None)
    return left if any(left.groups) else replace(left, layout=None, groups=())


def _open_digits(entry: Entry, layout: Layout) -> int:
    """How many digits the open groups take."""
    return layout.digits - len(entry.digits)


def _take_said(line: Line, state: State, readings: tuple[Candidate, ...]) -> Moved:
    """Whole groups with all the ways they may have been said; else as they are likeliest said, for they may go on. Of a group
    that was begun with keys no earlier reading counts, for it may begin otherwise."""
    keyed = "" if state.begun else state.partial.strip("*")
    if keyed:
        state = replace(state, entry=state.entry.unheard(state.entry.at))
    said = joined(state.begun or (Candidate(keyed),), readings)
    taken = take_groups(line.catalogue, state.entry, len(keyed), said)
    if taken is None:
        fitting = fitting_readings(line.catalogue, state.entry, said)
        likely = fitting if fitting[0].cost - said[0].cost < CLEAR else said
        return _take(line, state, likely[0].digits, likely, len(keyed))
    entry, again = taken
    if again:
        return _fail(state, entry, again[0], *_heard_up_to(state, entry), *_advice(state.entry, again[0]))
    return _accept_said(state, entry)


def _advice(entry: Entry, index: int) -> tuple[Say, ...]:
    """Keys are surer than a voice that was misunderstood before."""
    return (say("entry.key_it"),) if _failures(entry, index) else ()


def _accept_said(state: State, entry: Entry) -> Moved:
    """A tone for what is beyond doubt, and instead of words where the caller knows what comes next: not after the first group,
    nor out of order. What is kept open is followed by the next question alone: it tells where the line has got to."""
    accepted = replace(state, entry=entry, misses=0)
    if entry.is_complete:
        return decide(accepted)
    new = [heard for index, heard in enumerate(entry.heard) if heard and heard is not state.entry.heard_at(index)]
    is_clear = all(heard.is_clear for heard in new)
    moved, said = go(accepted, Place.ENTRY, *_heard_up_to(state, entry), *((Tone(),) if is_clear else ()))
    before = state.entry.groups.count(None)
    is_next = entry.at - state.entry.at == before - entry.groups.count(None) and not _failures(entry, entry.at)
    return (replace(moved, silences=1) if is_clear and before and is_next and state.place is Place.ENTRY else moved), said


def ask_least_certain(state: State) -> Moved:
    """No ID was found in what was said: the group that was heard worst once more; what was heard before counts on."""
    entry = state.entry
    index = least_certain(entry.heard)
    assert index is not None  # asked only when groups were said
    return _fail(state, entry.with_group(index, None, entry.heard_at(index)), index, *_advice(entry, index))


def _take(line: Line, state: State, digits: str, said: Readings = (), keyed: int = 0) -> Moved:
    """The digits there are by now: into as many open groups as they fill. `said`: all the ways they may have been said, behind
    so many that were `keyed`."""
    if not digits:
        return _hear_silence(line, state)
    entry = state.entry
    layout = line.catalogue.layouts[entry.layout] if entry.layout else layout_of(digits, line.catalogue)
    if layout is None:
        return _fail(state, entry, 0, say("entry.layout"))
    filled, bad, partial = _fill(line, entry, layout, digits, keyed if said else len(digits))
    if filled.is_complete and len(digits) > _open_digits(entry, layout):
        last = len(filled.groups) - 1
        return _fail(state, _reopen(filled, last), last, say("entry.surplus"))
    if bad is not None:
        return _fail(state, filled, bad, *_heard_up_to(state, filled), say("entry.bad", number=bad + 1))
    taken = replace(state, entry=filled, misses=0)
    if filled.is_complete:
        return decide(taken)
    if state.place is Place.EXPRESS:
        return go(taken, Place.ENTRY, *_heard_up_to(state, filled))
    if partial:
        return hold(taken, partial, _begun(state, partial, said))
    return go(taken, Place.ENTRY)


def _begun(state: State, partial: str, said: Readings) -> tuple[Candidate, ...]:
    """How these digits of a group that goes on may have been said; not at all when they, or some before them, were keyed."""
    if not said or (state.partial.strip("*") and not state.begun):
        return ()
    return tuple(said) if said[0].digits == partial else (Candidate(partial),)


def _fill(line: Line, entry: Entry, layout: Layout, digits: str, keyed: int) -> tuple[Entry, int | None, str]:
    """The entry with these digits in its open groups, the index of the first whose check digit does not hold, and the rest.

    The first `keyed` digits are certain, all others were said.
    What follows a bad group is kept only if the digits fill the open groups exactly: then none is missing or too many,
    and the later groups are not shifted.
    """
    filled = replace(entry, layout=layout.name, groups=entry.groups or (None,) * len(layout.groups))
    places = [index for index, group in enumerate(filled.groups) if group is None]
    lengths = tuple(layout.groups[index] for index in places)
    exact, bad, partial = len(digits) == sum(lengths), None, ""
    pieces, starts = split_groups(digits, lengths), accumulate(lengths, initial=0)
    for index, length, piece, start in zip(places, lengths, pieces, starts, strict=False):
        if len(piece) < length:
            partial = piece
            break
        certain = max(keyed - start, 0)
        is_said = certain < length
        holds = said_check(line.catalogue, entry, index) if is_said else check_group
        if holds(piece):
            heard = both(entry.heard_at(index), hear_group((Candidate(piece),), length, certain, holds)) if is_said else None
            filled = filled.with_group(index, heard.candidates[0].digits if heard else piece, heard)
        else:
            bad = index if bad is None else bad
            if not exact:
                break
    return filled if any(filled.groups) else replace(filled, layout=None, groups=()), bad, partial


def _fail(state: State, entry: Entry, index: int, *said: Say) -> Moved:
    """This group did not come right: ask it again alone, the third time go to a person with the good groups kept."""
    counted = zip_longest(entry.failures, (0,) * index + (1,), fillvalue=0)
    failures = tuple(before + now for before, now in counted)
    failed = replace(state, entry=replace(entry, failures=failures), reasked=state.reasked + 1)
    if failures[index] >= FAILURES_BEFORE_PERSON:
        return to_person(failed, "agent.three_bad_groups")
    return go(failed, Place.ENTRY, *said)


def _heard_up_to(state: State, entry: Entry) -> tuple[Say, ...]:
    """After everything at one go, what arrived in order."""
    is_in_order = entry.at > 0 and entry.left_to_others is None
    return (say("entry.express_done", number=entry.at),) if state.place is Place.EXPRESS and is_in_order else ()


def _group_length(line: Line, entry: Entry) -> int:
    if entry.layout:
        return line.catalogue.layouts[entry.layout].groups[entry.at]
    return max(layout.groups[0] for layout in line.catalogue.layouts.values())


def _failures(entry: Entry, index: int) -> int:
    return entry.failures[index] if index < len(entry.failures) else 0


ENTRY = Room(_ask_group, _hear, DIGITS, takes_digits=True, weighs=True)
EXPRESS = Room(_ask_all, _hear, DIGITS, takes_digits=True, weighs=True)
