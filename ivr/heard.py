"""What the conversation can hear, one thing at a time: the caller, the telephone, and the house's answers to its errands."""

from dataclasses import dataclass

from activation.claims import Verdict
from activation.correction import Candidate
from ivr.records import Standing, VolumeAgreement, Whereabouts
from ivr.state import Earlier, State

NO_WORD = "[unk]"
"""What a recogniser writes for sounds that are none of its words: a cough, other people, what it never learnt."""


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A call came in, in this language. `country` is that of the number dialled; `textable`: a text message can reach the
    caller; `recognised`: the number is a real one, which ends in `caller_hint`; `earlier` is the one unfinished call, if there
    is exactly one."""

    country: str | None = None
    textable: bool = False
    recognised: bool = False
    service_up: bool = True
    earlier: Earlier | None = None
    caller_hint: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class CalledBack:
    """A person answered the call that people make about this case. `sid` is the call it was asked for in; empty when nobody
    waits with it any more."""

    sid: str
    case_number: str
    language: str = "en"
    textable: bool = False
    caller_hint: str = ""


@dataclass(frozen=True, slots=True)
class Digits:
    """Keys that were pressed (0-9, * and #)."""

    keys: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way the caller's words may be written down; `score` is the natural logarithm of how likely it is, 0 at most."""

    text: str
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Speech:
    """Words that were recognised, the likeliest alternative first; a recogniser that gives no others has one."""

    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class SpokenDigits:
    """Speech understood as digits, each way they may have been said, the likeliest first; never empty."""

    readings: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words that make no sense where they were said."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing, for as long as the question waits."""


@dataclass(frozen=True, slots=True)
class LeftQueue:
    """The caller is back from the queue without having met a person; `may_book`: people are there to call back today."""

    may_book: bool = False


@dataclass(frozen=True, slots=True)
class MovedByPeople:
    """The people have moved the caller; where to is asked of them, and heard as `SentTo`."""


@dataclass(frozen=True, slots=True)
class SentTo:
    """Where the people want the caller to be."""

    to: Whereabouts


@dataclass(frozen=True, slots=True)
class AskedForPerson:
    """The caller asked for a person outside any question of the dialogue: after an apology."""


@dataclass(frozen=True, slots=True)
class HungUp:
    """The phone is down."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The desk's answer to a claim; `installation_id` is the one it was given on, where several may have been said."""

    verdict: Verdict
    installation_id: str = ""


@dataclass(frozen=True, slots=True)
class AgreementLookedUp:
    """The agreement behind a number; None when there is no active one."""

    agreement: VolumeAgreement | None


@dataclass(frozen=True, slots=True)
class Staffing:
    """Whether people can be reached: open by the clock, how many are signed in, and the opening hours as a sentence's value."""

    is_open: bool
    people: int
    hours: str


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A case was recorded for a person: its number, who is there, and the caller's place among those who wait."""

    number: str
    staffing: Staffing
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class TextQueued:
    """The text message is in the outbox."""


@dataclass(frozen=True, slots=True)
class EarlierFetched:
    """The earlier call's state; None when it is erased by now or another call goes on with it."""

    state: State | None


@dataclass(frozen=True, slots=True)
class CallbackAnswered:
    """Whether the callback is booked; it is not when the centre has closed meanwhile."""

    is_booked: bool


@dataclass(frozen=True, slots=True)
class TakenOver:
    """The earlier call is this one now: its state (None once erased), and where the people want the caller."""

    earlier: State | None
    to: Whereabouts


FromCaller = Digits | Speech | SpokenDigits | Unclear | Silence
FromHouse = Decided | AgreementLookedUp | CaseOpened | TextQueued | EarlierFetched | CallbackAnswered | TakenOver
FromPeople = MovedByPeople | SentTo
Heard = CallStarted | CalledBack | FromCaller | LeftQueue | AskedForPerson | HungUp | FromPeople | FromHouse
