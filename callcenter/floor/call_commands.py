"""What the telephony side is asked to do with a call, as the outbox keeps it; `callcenter.service.call_control` does it.

A conference is named by the CallSid of its caller, and the people in it by labels. Paths are those of the line's webhooks.
"""

from collections.abc import Mapping
from enum import StrEnum

from callcenter.floor.people import Agent, Role

Command = Mapping[str, str]

MOVED_PATH = "/voice/moved"
"""Where a caller goes whenever people move them: the line then asks where they should be."""


class Do(StrEnum):
    """The kinds of commands (key `do`)."""

    DEQUEUE = "dequeue"
    """Take the caller out of the queue."""
    REDIRECT = "redirect"
    HANG_UP = "hang_up"
    HOLD = "hold"
    MUTE = "mute"
    RING = "ring"
    """One more person into the conference, which begins with the first."""
    MODE = "mode"
    DROP = "drop"
    CALL_BACK = "call_back"


class Mode(StrEnum):
    """How somebody takes part in a conference."""

    TALK = "talk"
    LISTEN = "listen"
    """Hears all and is not heard."""
    COACH = "coach"
    """Hears all and is heard by the coached person alone."""


def label_of(agent: Agent) -> str:
    """What a person's leg is called in a conference (Twilio: participant label; no slash, at most 128 characters)."""
    return f"{'supervisor' if agent.role is Role.SUPERVISOR else 'agent'}-{agent.name}"


def dequeue(call_sid: str, queue_sid: str) -> Command:
    """A waiting caller asks the line where to go; `queue_sid` may not be known yet."""
    return {"do": Do.DEQUEUE, "call": call_sid, "queue": queue_sid, "path": MOVED_PATH}


def redirect(call_sid: str) -> Command:
    """The caller's call asks the line where to go."""
    return {"do": Do.REDIRECT, "call": call_sid, "path": MOVED_PATH}


def hang_up(call_sid: str) -> Command:
    """The caller's call ends."""
    return {"do": Do.HANG_UP, "call": call_sid}


def hold(call_sid: str, *, on: bool) -> Command:
    """The caller hears music, or the people again."""
    return {"do": Do.HOLD, "call": call_sid, "on": _yes_or_no(on)}


def mute(call_sid: str, agent: Agent, *, on: bool) -> Command:
    """The agent is not heard, or heard again."""
    return {"do": Do.MUTE, "call": call_sid, "label": label_of(agent), "on": _yes_or_no(on)}


def ring(call_sid: str, person: Agent, mode: Mode = Mode.TALK, coached: Agent | None = None, part: str = "") -> Command:
    """One more person is rung into the conference; `part` is the handling that their phone serves, where it is one."""
    who = {"phone": person.rung_at, "person": person.name, "part": part}
    return {**who, **change_mode(call_sid, person, mode, coached), "do": Do.RING}


def change_mode(call_sid: str, person: Agent, mode: Mode, coached: Agent | None = None) -> Command:
    """Somebody in the conference takes part in another way."""
    label = label_of(coached) if coached else ""
    return {"do": Do.MODE, "call": call_sid, "label": label_of(person), "mode": mode, "coached": label}


def drop(call_sid: str, person: Agent) -> Command:
    """Somebody leaves the conference."""
    return {"do": Do.DROP, "call": call_sid, "label": label_of(person)}


def call_back(number: str, case_number: str) -> Command:
    """A caller who asked for it is called; `number` (E.164) stays in the outbox, encrypted, until that is done."""
    return {"do": Do.CALL_BACK, "to": number, "case": case_number}


def _yes_or_no(on: bool) -> str:
    return "yes" if on else "no"
