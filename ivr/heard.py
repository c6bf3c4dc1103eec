"""What the conversation can hear, one thing at a time: the caller, the telephone, and the house's answers to its errands."""

from dataclasses import dataclass

from activation.claims import Verdict
from ivr.records import VolumeAgreement
from ivr.state import Earlier, State


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A call came in. `country` is that of the number dialled; `textable`: a text message can reach the caller;
    `recognised`: the number is a real one; `earlier` is the caller's one unfinished call, if there is exactly one."""

    country: str | None = None
    textable: bool = False
    recognised: bool = False
    service_up: bool = True
    earlier: Earlier | None = None


@dataclass(frozen=True, slots=True)
class Digits:
    """Keys that were pressed (0-9, * and #)."""

    keys: str


@dataclass(frozen=True, slots=True)
class Speech:
    """Words that were recognised, the likeliest alternative first."""

    alternatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words that make no sense where they were said."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing, for as long as the question waits."""


@dataclass(frozen=True, slots=True)
class LeftQueue:
    """The caller is back from the queue without having met a person."""


@dataclass(frozen=True, slots=True)
class AskedForPerson:
    """The caller asked for a person outside any question of the dialogue: after an apology."""


@dataclass(frozen=True, slots=True)
class HungUp:
    """The phone is down."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The desk's answer to a claim."""

    verdict: Verdict


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
    """A case was recorded for a person: its number, and who is there."""

    number: str
    staffing: Staffing


@dataclass(frozen=True, slots=True)
class TextQueued:
    """The text message is in the outbox."""


@dataclass(frozen=True, slots=True)
class EarlierFetched:
    """The earlier call's state; None when it is erased by now or another call goes on with it."""

    state: State | None


FromCaller = Digits | Speech | Unclear | Silence
FromHouse = Decided | AgreementLookedUp | CaseOpened | TextQueued | EarlierFetched
Heard = CallStarted | FromCaller | LeftQueue | AskedForPerson | HungUp | FromHouse
