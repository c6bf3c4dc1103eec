"""Where a conversation stands: frozen values, JSON-able, versioned. Nothing here decides anything.

A stored state carries the version it was written in and is brought up to date when read, so that an upgrade drops no call:
fields with a default need nothing; any other change adds a step to `UPGRADES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgspec

from activation.correction import Candidate
from ivr.entry import Entry
from ivr.errand import Errand
from ivr.records import Whereabouts


class Place(StrEnum):
    """Every place a call can be at."""

    START = "start"
    RESUME = "resume"
    MENU = "menu"
    OUTAGE = "outage"
    ENTRY = "entry"
    EXPRESS = "express"
    DECIDING = "deciding"
    COMPUTERS = "computers"
    REFUSED = "refused"
    READBACK = "readback"
    ACCEPTED = "accepted"
    REQUESTS = "requests"
    AGREEMENT = "agreement"
    GROUP_CHOICE = "group choice"
    QUANTITY = "quantity"
    CONFIRM = "confirm"
    QUEUE = "queue"
    AFTER_QUEUE = "after queue"
    CALLBACK_CONSENT = "callback consent"
    CALLBACK_NUMBER = "callback number"
    CALLED_BACK = "called back"
    WITH_AGENT = "with agent"
    ENDED = "ended"


class Workaround(StrEnum):
    """What to try when the computer refuses a confirmation ID, in this order (requirement row 91)."""

    NONE = "none"
    TYPING = "typing"
    ANOTHER_ID = "another_id"
    INTERNET = "internet"
    LATE_ACTIVATION = "late_activation"
    """Explains the fault of KB 824345 and its fix; only for editions that have it (row 92)."""
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Readback:
    """A confirmation ID being read out: its blocks, the one in hand, how many times the caller asked for slower."""

    blocks: tuple[str, ...]
    product: str
    late_activation_fault: bool = False
    at: int = 0
    slower: int = 0
    workaround: Workaround = Workaround.NONE
    texted: bool = False
    waits: int = 0
    """How many silences the reading has stood still for, the one under way included; 0 while it goes on."""
    by_agent: bool = False
    """Granted while the caller was with the people, and not announced by the line yet."""

    @property
    def is_read_out(self) -> bool:
        """Whether every block has been heard."""
        return self.at >= len(self.blocks)


@dataclass(frozen=True, slots=True)
class GroupOption:
    """A MAK that the caller may choose: the product group and its present allowance."""

    name: str
    title: str
    allowed: int


@dataclass(frozen=True, slots=True)
class VolumeRequest:
    """What a caller wants of a volume key: the reason (a sentence key), and what was collected for the agent."""

    reason: str
    agreement: str = ""
    options: tuple[GroupOption, ...] = ()
    group: GroupOption | None = None
    add: int | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """An unfinished call of the same caller: its CallSid, and which group of how many digits proves that it is theirs.

    The digits themselves stay with that call, so that they are erased when their time is up.
    """

    sid: str
    group_number: int
    group_length: int
    tries: int = 0
    """How many wrong groups were keyed."""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Callback:
    """A caller's wish to be called at their turn: whether it may be booked just now, the number keyed for it until the caller
    said yes (empty: the number they call from), whether it is booked. `of` is the CallSid of the call a callback answers."""

    is_offered: bool = False
    number: str = ""
    is_booked: bool = False
    of: str = ""


VERSION = 1
ASKED_FIRST = "asked first"
"""Among the verdicts of a call: the desk wanted to know the number of computers."""


@dataclass(frozen=True, slots=True)
class State:
    """The whole conversation between two turns. `misses` counts answers in a row that were silent or made no sense here."""

    place: Place = Place.START
    language: str = "en"
    country: str | None = None
    textable: bool = False
    recognised: bool = False
    """Whether the caller's number can be recognised when it calls again."""
    caller_hint: str = ""
    """The last two digits of the caller's number; empty for a withheld one."""
    service_up: bool = True
    turns: int = 0
    misses: int = 0
    silences: int = 0
    partial: str = ""
    """The digits of a number that is being read and goes on after a breath."""
    begun: tuple[Candidate, ...] = ()
    """The ways in which these digits may have been said, the likeliest first; none when they were keyed."""
    entry: Entry = field(default_factory=Entry)
    readback: Readback | None = None
    request: VolumeRequest | None = None
    reason: str = ""
    """Why the call goes, or went, to a person: a sentence key."""
    case_number: str = ""
    errand: Errand | None = None
    verdicts: tuple[str, ...] = ()
    """Every answer of the desk in this call, for the person who may go on."""
    product_group: str | None = None
    """The group of the key whose limit is in the way."""
    earlier: Earlier | None = None
    replaces: str = ""
    """The CallSid of the earlier call that this one takes the place of, gone on with or started anew."""
    settled: bool = False
    """Whether the desk's answer is final: there is nothing to go on with."""
    accepted: bool = False
    """Whether the caller said that the computer accepted the confirmation ID."""
    callback: Callback = field(default_factory=Callback)
    reasked: int = 0
    """How many groups were asked for again in this call."""
    granted: bool = False
    """Whether the desk granted an activation in this call."""
    searches: int = 0
    """How often no ID was found in what was said, since one was; going back to the menu does not forget it."""
    version: int = VERSION

    @property
    def is_unfinished(self) -> bool:
        """Whether a caller who loses this call would want to go on with it; who will be called back need not."""
        return any(self.entry.understood) and not (self.accepted or self.settled or self.callback.is_booked)

    @property
    def whereabouts(self) -> Whereabouts:
        """Where the caller is, in the people's words."""
        return _WHEREABOUTS.get(self.place, Whereabouts.LINE)

    @property
    def is_with_people(self) -> bool:
        """Whether the people have this caller: in the queue, at a desk, or to be called back."""
        return self.whereabouts is not Whereabouts.LINE or self.callback.is_booked


_WHEREABOUTS = {Place.QUEUE: Whereabouts.QUEUE, Place.WITH_AGENT: Whereabouts.AGENT}
UPGRADES: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From each older version, the step that brings a stored state (as plain JSON values) to the next one."""


def write_state(state: State) -> bytes:
    """The state as JSON."""
    return msgspec.json.encode(state)


def read_state(stored: bytes, upgrades: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = UPGRADES) -> State:
    """A stored state, brought up to today's version. Raises msgspec.ValidationError for what never was a state."""
    version = msgspec.json.decode(stored, type=_Versioned).version
    if version == VERSION:
        return msgspec.json.decode(stored, type=State)
    raw = msgspec.json.decode(stored)
    while (version := raw["version"]) in upgrades:
        raw = {**upgrades[version](raw), "version": version + 1}
    return msgspec.convert(raw, type=State)


class _Versioned(msgspec.Struct):
    version: int
