"""What every room of the dialogue shares: the line's data, the shape of a room, and the few moves all rooms are made of.

A room answers with the next state and what is said before that state's own question; `step` adds the question.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from activation.catalogue import Catalogue
from activation.correction import Candidate
from ivr.entry import Entry
from ivr.heard import FromCaller
from ivr.prompts import Ask, Spell, Spoken, say
from ivr.script import Script
from ivr.state import Place, State
from ivr.vocabulary import Vocabulary

QUIET_WAITS = 2
"""How often the line waits on in silence before it says something; reading a group takes time and is no error."""
REMINDERS = 5
"""How often it says something into silence, while digits are expected, before it says goodbye."""
SILENT_QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """What the dialogue knows besides the state: its name, the catalogue, words by language, the read-back pace.

    `language` is what a call begins in when nothing else settles it; `numbers` the languages that our own numbers (E.164)
    speak; `hears` the languages in which somebody recognises what callers say.
    """

    name: str
    catalogue: Catalogue
    scripts: Mapping[str, Script]
    vocabularies: Mapping[str, Vocabulary]
    pace_seconds: float = 0.7
    language: str = "en"
    numbers: Mapping[str, str] = field(default_factory=dict)
    hears: frozenset[str] = frozenset({"en"})


Moved = tuple[State, tuple[Spoken, ...]]
Move = Callable[[Line, State], Moved]


@dataclass(frozen=True, slots=True)
class Room:
    """One place of the conversation: its question, and what it makes of the caller's answer.

    `words` names the script's table of phrases that stand for keys here; with `takes_digits`, spoken digits are an answer.
    `weighs`: every way in which digits may have been said is kept. `holds` tells of digits with a check digit whether it holds:
    those are heard rather than others.
    """

    ask: Callable[[Line, State], Ask]
    hear: Callable[[Line, State, FromCaller], Moved]
    words: str
    takes_digits: bool = False
    weighs: bool = False
    holds: Callable[[State, str], bool] | None = None


def go(state: State, place: Place, *said: Spoken) -> Moved:
    """To another place, or to the same one as if it were new."""
    return replace(state, place=place, misses=0, silences=0, partial="", begun=()), said


def stay(state: State, *said: Spoken) -> Moved:
    """Ask the same question again."""
    return state, said


def end(state: State, *said: Spoken) -> Moved:
    """Say this and hang up."""
    return replace(state, place=Place.ENDED), said


def home(state: State, *said: Spoken) -> Moved:
    """To the main menu, with nothing kept of the last choice; while activation is down, to the menu that says so."""
    place = Place.MENU if state.service_up else Place.OUTAGE
    fresh = replace(state, entry=Entry(), readback=None, request=None, reason="", product_group=None, settled=False)
    return go(fresh, place, *said)


def goodbye(state: State) -> Moved:
    """Hang up on silence, with the promise that holds: a recognised caller may go on later."""
    may_go_on = state.recognised and state.is_unfinished
    return end(state, say("farewell.silent_resumable" if may_go_on else "farewell.silent"))


def keep_quiet(state: State) -> Moved:
    """Silence while digits are expected: wait on, now and then with a reminder, and say goodbye in the end."""
    silent = replace(state, silences=state.silences + 1)
    if silent.silences > (QUIET_WAITS + 1) * REMINDERS:
        return goodbye(silent)
    return stay(silent)


def hold(state: State, partial: str, begun: tuple[Candidate, ...] = ()) -> Moved:
    """Keep the digits of a number that is not complete, and wait for the rest without a word. `begun`: how they may have been
    said, where they were."""
    return replace(state, partial=partial, begun=begun, silences=1), ()


def has_stopped(state: State) -> bool:
    """Whether a number was begun and did not go on for as long as the line waits quietly."""
    return bool(state.partial) and not is_quiet(state) and state.place is not Place.ENDED


def is_quiet(state: State) -> bool:
    """Whether the line waits without a word just now."""
    return state.silences % (QUIET_WAITS + 1) != 0


def spell(line: Line, characters: str, *, slower: int = 0, label: str = "") -> Spell:
    """Digits at the line's pace, half as slow again for every time the caller asked."""
    return Spell(characters, round(line.pace_seconds * 1.5**slower, 2), label)
