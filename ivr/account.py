"""What a conversation tells others about itself: the case for a person, the progress for lists, the happening for the timeline.

Nothing here holds a digit of an ID that did not authenticate, and a happening holds no digit of any.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ivr.dialogue.data_keys import StarCommand, read_keys
from ivr.dialogue.line import Line
from ivr.dialogue.step import ROOMS
from ivr.dialogue.understanding import understand
from ivr.heard import Digits, FromCaller, Heard, SentTo, Silence, Speech, SpokenDigits
from ivr.prompts import Ask, Prompt, Say, Spell
from ivr.records import Progress
from ivr.state import Place, State, Workaround

CALLER, LINE = "caller", "line"
"""The actors of what the line tells; people stand in the timeline under their own names."""
_NOT_REFUSED = frozenset({Workaround.NONE, Workaround.TYPING, Workaround.ANOTHER_ID})


def collected(state: State) -> dict[str, Any]:
    """Everything the caller gave, for the person who goes on; never digits that did not authenticate."""
    entry, request = state.entry, state.request
    gathered: dict[str, Any] = {
        "groups_accepted": [number for number, group in enumerate(entry.understood, start=1) if group],
        "failures_by_group": list(entry.failures),
        "country": state.country,
        "verdicts": list(state.verdicts),
        "product_group": state.product_group,
    }
    if entry.authentic:
        gathered |= {"installation_id": entry.digits, "computers": entry.computers}
    if state.readback:
        gathered |= {"product": state.readback.product, "workaround": state.readback.workaround}
    if request:
        gathered |= {"agreement": request.agreement, "add": request.add, "request": request.reason}
        gathered["product_group"] = request.group.name if request.group else state.product_group
    return gathered


def progress(state: State) -> Progress:
    """How far the call has come. It is completed when the computer accepted the ID, or all of it was heard and nobody said
    since that the computer refuses it."""
    reading = state.readback
    heard_all = reading is not None and reading.is_read_out and reading.workaround in _NOT_REFUSED
    return Progress(
        place=state.place,
        handed_over=bool(state.case_number),
        completed=state.accepted or heard_all,
        reasked=state.reasked,
        keyed=bool(state.entry.groups or state.entry.failures or (state.place is Place.ENTRY and state.partial)),
        granted=state.granted,
    )


class Event(StrEnum):
    """What happens to a call on the line; the kinds of its happenings."""

    STARTED = "call started"
    TURN = "turn"
    MOVED = "moved"
    CALLBACK_BOOKED = "callback booked"
    CALLBACK_NOT_REACHED = "callback not reached"
    ENDED = "call ended"


@dataclass(frozen=True, slots=True)
class Happened:
    """One happening of a call, for its timeline.

    `detail` always has `place` (where it was heard) and `to` (where the call is now); of a turn, `heard` (`key`, `digits`,
    `speech`, `silence` or `unclear`, with `key`, `count` or `words`), `said` (sentence keys), `block` (the letter being read);
    and where it applies `verdicts` (this turn's, in one word each) and `failed_group`.
    """

    actor: str
    event: Event
    detail: Mapping[str, Any]


def happened(line: Line, before: State, heard: Heard, after: State, said: tuple[Prompt, ...]) -> Happened | None:
    """What a turn adds to the timeline; None for a quiet wait, in which nothing was heard or said, and after the end."""
    keys = _sentences(said)
    is_quiet = isinstance(heard, Silence) and not keys and before.place is after.place
    if is_quiet or before.place is Place.ENDED:
        return None
    detail = {"place": before.place.value, "to": after.place.value, **_heard(line, before, heard)}
    detail |= {"said": keys} | _block(after, said) | _judged(before, after)
    return Happened(LINE if isinstance(heard, SentTo) else CALLER, _event(before, heard, after), detail)


def ended(state: State) -> Happened:
    """The caller hung up at this place."""
    return Happened(CALLER, Event.ENDED, {"place": state.place.value, "to": Place.ENDED.value})


def _event(before: State, heard: Heard, after: State) -> Event:
    if before.place is Place.START:
        return Event.STARTED
    if after.callback.is_booked and not before.callback.is_booked:
        return Event.CALLBACK_BOOKED
    return Event.MOVED if isinstance(heard, SentTo) else Event.TURN


def _heard(line: Line, state: State, heard: Heard) -> dict[str, Any]:
    """What the caller gave: keys of menus as they are, digits that are data by their number, speech by its words' number."""
    room = ROOMS.get(state.place)
    if room is None or not isinstance(heard, FromCaller):
        return {}
    if isinstance(heard, Speech):
        words = len(heard.alternatives[0].text.split()) if heard.alternatives else 0
        return _keys(understand(line, state, room, heard), room.takes_digits) | {"heard": "speech", "words": words}
    return _keys(heard, room.takes_digits)


def _keys(heard: FromCaller, takes_digits: bool) -> dict[str, Any]:
    match heard:
        case Silence():
            return {"heard": "silence"}
        case SpokenDigits(readings):
            return {"heard": "digits", "count": len(readings[0].digits)}
        case Digits(keys) if takes_digits:
            read = read_keys(keys)
            if isinstance(read, StarCommand):
                return {"heard": "key", "key": read.value}
            return {"heard": "digits", "count": len(read)}
        case Digits(keys):
            return {"heard": "key", "key": keys[:1]}
    return {"heard": "unclear"}


def _sentences(said: Iterable[Prompt]) -> list[str]:
    """The keys of all sentences, those of questions too. What is spelled out is left out: it may be an ID; and so is what is
    said in another language than the call's, which is the same at every menu."""
    keys: list[str] = []
    for prompt in said:
        match prompt:
            case Ask(spoken):
                keys += _sentences(spoken)
            case Say(key, language=""):
                keys.append(key)
    return keys


def _block(state: State, said: tuple[Prompt, ...]) -> dict[str, str]:
    """The letter of the confirmation ID's block that is being read."""
    question = said[-1] if said else None
    spelled = question.spoken[-1] if isinstance(question, Ask) and question.spoken else None
    return {"block": spelled.label} if isinstance(spelled, Spell) and state.place is Place.READBACK else {}


def _judged(before: State, after: State) -> dict[str, Any]:
    """This turn's verdicts, and the group that did not come right; nothing of what is taken over from an earlier call."""
    if after.replaces != before.replaces:
        return {}
    new = after.verdicts[len(before.verdicts) :]
    was, now = before.entry.failures, after.entry.failures
    failed = [number for number, count in enumerate(now, start=1) if count > (was[number - 1] if number <= len(was) else 0)]
    return ({"verdicts": list(new)} if new else {}) | ({"failed_group": failed[0]} if failed else {})
