"""Reading the confirmation ID out, block by block, at a pace one can type along; then whether the computer accepted it.

If it did not, the workarounds of requirement rows 87-92 follow in their order, each unlocked by the failure of the one before.
"""

from dataclasses import replace

from activation.claims import Granted
from activation.confirmation_id import BLOCK_LETTERS
from ivr.dialogue.errands import decide, miss, run, to_person
from ivr.dialogue.line import Line, Moved, Room, end, go, spell, stay
from ivr.dialogue.menu import menu
from ivr.errand import SendText
from ivr.heard import Digits, FromCaller, Silence
from ivr.prompts import Ask, Say, Spoken, say
from ivr.state import Place, Readback, State, Workaround

PAUSE_AFTER_BLOCK_SECONDS = 2
WAIT_SECONDS, WAITS = 30, 4
"""How long the reading stands still when the caller says wait, in so many silences; then the block is read again."""
SLOWEST = 3
_NEXT_WORKAROUND = dict(zip(Workaround, list(Workaround)[1:], strict=False))


def begin(line: Line, state: State, granted: Granted) -> Moved:
    """Start reading a confirmation ID; another one after the first was refused is announced as such."""
    keys_are_known = state.readback is not None
    reading = take(state, granted)
    another = (say("granted.another"),) if _is_another(reading) else ()
    return go(reading, Place.READBACK, *another, *(() if keys_are_known else _keys(reading, say("granted.intro"))))


def take(state: State, granted: Granted) -> State:
    """The state with this confirmation ID to be read out, wherever the call is just now."""
    before = state.readback
    reading = Readback(
        granted.confirmation_id,
        granted.product,
        granted.late_activation_fault,
        slower=before.slower if before else 0,
        workaround=Workaround.ANOTHER_ID if before or state.entry.refused_before else Workaround.NONE,
    )
    return replace(state, readback=reading, reason="", granted=True)


def take_from_agent(state: State, granted: Granted) -> State:
    """The state of a caller who is with the people; the line announces the confirmation ID when it has the caller back."""
    taken = take(state, granted)
    return replace(taken, readback=replace(_reading(taken), by_agent=True), reason=state.reason)


def _is_another(state: State) -> bool:
    return _reading(state).workaround is Workaround.ANOTHER_ID


def _keys(state: State, intro: Say) -> tuple[Say, ...]:
    """What comes now, and which keys help."""
    return intro, say("granted.keys_text" if state.textable else "granted.keys")


def _reading(state: State) -> Readback:
    assert state.readback is not None  # set before any place of this file is reached
    return state.readback


def _ask_block(line: Line, state: State) -> Ask:
    reading = _reading(state)
    if reading.waits:
        return Ask((), digits=1, timeout_seconds=WAIT_SECONDS)
    letter = BLOCK_LETTERS[reading.at]
    block = spell(line, reading.blocks[reading.at], slower=reading.slower, label=letter)
    return Ask((block,), digits=1, timeout_seconds=PAUSE_AFTER_BLOCK_SECONDS)


def _hear_block(line: Line, state: State, heard: FromCaller) -> Moved:
    reading = _reading(state)
    match heard:
        case Silence():
            return _wait(state, reading.waits + 1) if reading.waits else _move_to(state, reading.at + 1)
        case Digits(keys) if keys:
            return _press(line, replace(state, readback=replace(reading, waits=0)), keys[0])
        case _ if reading.waits:
            return stay(state)  # whoever asked the line to wait is talking to somebody else
    return miss(state, say("common.misunderstood"))


def _press(line: Line, state: State, key: str) -> Moved:
    reading = _reading(state)
    match key:
        case "1":
            return _move_to(state, reading.at + 1)
        case "2" | "9":
            return go(state, state.place)
        case "3" | "*":
            return _move_to(state, reading.at - 1)
        case "4":
            return _slow_down(state)
        case "5":
            return _move_to(state, 0)
        case "6":
            return _text(state)
        case "7":
            return _wait(state, 1, say("granted.waiting"))
        case "0":
            return to_person(state, "agent.asked")
    return miss(state, say("common.misunderstood"))


def _wait(state: State, waits: int, *said: Say) -> Moved:
    """Stand still until the caller wants to go on; after the last wait, once more with the block in hand."""
    return go(replace(state, readback=replace(_reading(state), waits=waits if waits <= WAITS else 0)), Place.READBACK, *said)


def go_on(state: State, *said: Spoken) -> Moved:
    """Back to the block, or the question, where the read-back stood; what a person had granted is announced first."""
    if not _reading(state).by_agent:
        return _move_to(state, _reading(state).at, *said)
    announced = replace(state, readback=replace(_reading(state), by_agent=False))
    another = (say("granted.another"),) if _is_another(announced) else ()
    return _move_to(announced, 0, *_keys(announced, say("granted.by_agent")), *another)


def _move_to(state: State, at: int, *said: Spoken) -> Moved:
    """To a block by index; past the last one, to the question whether the computer accepted them."""
    if at < 0:
        return stay(state, say("granted.first_block"))
    moved = replace(state, readback=replace(_reading(state), at=at, waits=0))
    return go(moved, Place.ACCEPTED if _reading(moved).is_read_out else Place.READBACK, *said)


def _slow_down(state: State) -> Moved:
    reading = _reading(state)
    if reading.slower >= SLOWEST:
        return stay(state, say("granted.slowest"))
    return go(replace(state, readback=replace(reading, slower=reading.slower + 1)), Place.READBACK, say("granted.slower"))


def _text(state: State) -> Moved:
    if not state.textable:
        return stay(state, say("text.cannot"))
    return stay(state, say("text.already")) if _reading(state).texted else run(state, SendText())


def text_queued(line: Line, state: State) -> Moved:
    """The text message is on its way; go on with the block."""
    return go(replace(state, readback=replace(_reading(state), texted=True)), Place.READBACK, say("text.sent"))


def _accepted(line: Line, state: State) -> Moved:
    return end(replace(state, accepted=True), say("farewell.accepted"))


def _not_accepted(line: Line, state: State) -> Moved:
    """The next workaround; the fault's explanation only for editions that have it."""
    workaround = _NEXT_WORKAROUND[_reading(state).workaround]
    if workaround is Workaround.LATE_ACTIVATION and not _reading(state).late_activation_fault:
        workaround = Workaround.PERSON
    if workaround is Workaround.PERSON:
        return to_person(state, "agent.id_refused")
    if workaround is Workaround.ANOTHER_ID:
        return decide(state)  # counts as tried once there is another ID
    tried = replace(state, readback=replace(_reading(state), workaround=workaround))
    return _move_to(tried, 0, say("granted.typing")) if workaround is Workaround.TYPING else go(tried, Place.ACCEPTED)


READBACK = Room(_ask_block, _hear_block, "readback")

ACCEPTED = menu(
    "accepted",
    lambda line, state: (say(f"accepted.{_reading(state).workaround}"),),
    lambda state: {"1": _accepted, "2": _not_accepted, "5": lambda line, state: _move_to(state, 0)},
    back=lambda line, state: _move_to(state, len(_reading(state).blocks) - 1),
    timeout_seconds=10,
    silent_goodbye="farewell.silent_accepted",
)
