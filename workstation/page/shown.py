"""How a computer looks from outside: state, clock and screen, for every page that draws it."""

from dataclasses import dataclass
from datetime import datetime

from workstation.computer.machine import Machine, State, state
from workstation.display.computer import state_in_words
from workstation.page.channels import CLIENT_TITLE, channel_title
from workstation.words import spoken

_KINDS = {
    State.IN_GRACE: "info",
    State.GRACE_ENDED: "bad",
    State.ACTIVATED: "good",
    State.OUT_OF_TOLERANCE: "warn",
    State.NOT_REQUIRED: "good",
    State.PRE_ACTIVATED: "good",
}
"""The colour of each state's badge."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One computer for a page: words and colour of its state, its clock, the language its system speaks."""

    state_words: str
    state_kind: str
    channel: str
    now: datetime
    clock: str
    language: str
    activated_at: str


def show(machine: Machine, now: datetime) -> Shown:
    """The computer as it stands at this moment of its own time."""
    return Shown(
        state_words=state_in_words(machine, now),
        state_kind=_KINDS[state(machine, now)],
        channel=CLIENT_TITLE if machine.media.is_client_setup else channel_title(machine.media.channel),
        now=now,
        clock=written(now),
        language=spoken(machine.language),
        activated_at=written(machine.activation.activated_at) if machine.activation else "",
    )


def written(moment: datetime) -> str:
    """A moment as the computer's clock shows it (UTC)."""
    return moment.strftime("%Y-%m-%d %H:%M")
