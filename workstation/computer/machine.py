"""One simulated computer as a value: what it is, which IDs it shows, and where it stands with its activation.

No clock and no randomness but what is passed in; `now` is always the computer's own time (`machine_now`), in UTC. What can be
done to a computer stands in modules beside this one, as pure functions from one computer to the next.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from activation.catalogue import Channel
from activation.confirmation_id import BadConfirmation, ConfirmationFault, check_confirmation_id
from activation.digits import clean_digits
from activation.hardware import hash_hardware, is_same_machine
from activation.installation_id import Installation, write_installation_id
from workstation.computer.declined import ConfirmFault, NotConfirmed
from workstation.computer.media import Media
from workstation.computer.traits import (
    OLD_GENERATION,
    ActivationRoute,
    Countdown,
    Fix,
    Happening,
    Hosted,
    Image,
    Kind,
    Moment,
    Routes,
    Start,
)
from workstation.words import say

DRIFTED_DAYS = 3
"""How long a computer out of tolerance may wait for its reactivation (requirement row 45)."""

MOST_HAPPENINGS = 400
"""How much of its history a computer keeps; its setup log keeps all."""


class State(StrEnum):
    """Where a computer stands with its activation."""

    IN_GRACE = "in grace"
    GRACE_ENDED = "grace ended"
    ACTIVATED = "activated"
    OUT_OF_TOLERANCE = "out of tolerance"
    """It was activated, and its hardware has changed too much since (row 45)."""
    NOT_REQUIRED = "activation not required"
    """A volume licence of the 2003 generation (row 9)."""
    PRE_ACTIVATED = "pre-activated"
    """The maker's image on a computer whose firmware carries the maker's marker (row 6)."""


SETTLED = frozenset({State.ACTIVATED, State.NOT_REQUIRED, State.PRE_ACTIVATED})
"""Where no countdown runs."""


@dataclass(frozen=True, slots=True)
class Activation:
    """What was confirmed: the ID's issue number (0-9), the hardware hash it holds for, when, and by which route."""

    issue_number: Annotated[int, Meta(ge=0, le=9)]
    hardware: Annotated[int, Meta(ge=0)]
    activated_at: Moment
    route: ActivationRoute = ActivationRoute.TELEPHONE


@dataclass(frozen=True, slots=True)
class Machine:
    """A simulated computer: `parts` are its components by name, `drifted_at` is when they left the tolerance.

    `key` is the simulator key it was installed with (empty for a volume client's setup), `centre` the URL its media came from.
    `grace` is the countdown of an unactivated computer where that did not begin with the installation; `set_up_as` is the
    channel before its key was exchanged for one of another (row 81), `made_from` the computer whose image or disk it has.
    """

    name: str
    media: Media
    parts: Mapping[str, str]
    installed_at: Moment
    activation: Activation | None = None
    drifted_at: Moment | None = None
    key: str = ""
    centre: str = ""
    clock_ahead_seconds: int = 0
    language: str = "en"
    country: str = "US"
    is_virtual: bool = False
    firmware_marker: bool = False
    image: Image = Image.OWN
    base_licence: bool = True
    routes: Routes = field(default_factory=Routes)
    rearms: Annotated[int, Meta(ge=0)] = 0
    fix: Fix = Fix.MISSING
    start: Start = Start.WINDOWS
    grace: Countdown | None = None
    hosted: Hosted | None = None
    set_up_as: Channel | None = None
    made_from: str = ""
    history: tuple[Happening, ...] = ()


def machine_now(machine: Machine, real_now: datetime) -> datetime:
    """The computer's own time, which can be moved ahead of the real one."""
    return real_now + timedelta(seconds=machine.clock_ahead_seconds)


def happened(machine: Machine, now: datetime, kind: Kind, words: str, until: datetime | None = None) -> Machine:
    """The computer with one more line in its history; the oldest ones make room."""
    return replace(machine, history=(*machine.history, Happening(now, kind, words, until))[-MOST_HAPPENINGS:])


def product_id(machine: Machine) -> str:
    """The product ID to display (row 16), in our own format: product, channel, key serial and a check over these."""
    media = machine.media
    stem = f"SIM{media.product.code:02X}-{list(Channel).index(media.channel):03d}-{media.serial:08d}"
    return f"{stem}-{zlib.crc32(stem.encode()) % 100_000:05d}"


def installation_id(machine: Machine) -> tuple[str, ...]:
    """The groups to read over the phone; the same key on the same hardware always gives the same ones (row 17)."""
    media = machine.media
    installation = Installation(media.product.code, media.serial, hash_hardware(machine.parts))
    return write_installation_id(installation, media.header, media.keys.installation_key)


def values_for_call(machine: Machine) -> dict[str, str]:
    """What a scripted call keys in: `id` (all digits) and `group1`, `group2` and so on."""
    groups = installation_id(machine)
    return {"id": "".join(groups)} | {f"group{number}": group for number, group in enumerate(groups, start=1)}


def is_old(machine: Machine) -> bool:
    """Whether the computer is of the generation that blocks the logon when time is up (row 42)."""
    return machine.media.product.generation == OLD_GENERATION


def is_pre_activated(machine: Machine) -> bool:
    """Whether the maker has bound the system to the firmware, and both are still in place (rows 6, 7)."""
    return machine.media.channel is Channel.OEM and machine.image is Image.MAKER and machine.firmware_marker


def has_late_activation_fault(machine: Machine) -> bool:
    """Whether this computer refuses right confirmation IDs once its grace has ended (KB 824345, row 88)."""
    return machine.media.late_activation_fault and machine.fix in {Fix.MISSING, Fix.WAITING}


def state(machine: Machine, now: datetime) -> State:
    """Where the computer stands at this moment."""
    if machine.media.channel is Channel.VOLUME:
        return State.NOT_REQUIRED
    if is_pre_activated(machine):
        return State.PRE_ACTIVATED
    if machine.activation:
        return State.OUT_OF_TOLERANCE if machine.drifted_at else State.ACTIVATED
    if machine.hosted and now < machine.hosted.valid_until:
        return State.ACTIVATED
    return State.IN_GRACE if countdown(machine).left(now) else State.GRACE_ENDED


def countdown(machine: Machine) -> Countdown:
    """The days that run, or would run, for this computer (rows 39, 45)."""
    if machine.drifted_at:
        return Countdown(machine.drifted_at, DRIFTED_DAYS)
    if machine.hosted:
        return Countdown(machine.hosted.valid_until, machine.media.grace_days)
    return machine.grace or Countdown(machine.installed_at, machine.media.grace_days)


def days_left(machine: Machine, now: datetime) -> int | None:
    """Days left to activate, one begun counted whole (rows 39, 45); None where no countdown runs."""
    if state(machine, now) in SETTLED:
        return None
    return -(-countdown(machine).left(now) // timedelta(days=1))


def time_is_up(machine: Machine, now: datetime) -> bool:
    """Whether the computer had to be activated, or activated again, before this moment."""
    return days_left(machine, now) == 0


def change_hardware(machine: Machine, changed: Mapping[str, str], now: datetime) -> Machine:
    """The computer with these components exchanged; beyond its activation's tolerance a countdown starts (row 45)."""
    parts, language = {**machine.parts, **changed}, machine.language
    exchanged = ", ".join(name for name in changed if changed[name] != machine.parts.get(name))
    if exchanged:
        machine = happened(machine, now, Kind.HARDWARE, say("model.exchanged", language, parts=exchanged))
    if machine.activation is None or is_same_machine(hash_hardware(parts), machine.activation.hardware):
        if machine.drifted_at:
            machine = happened(machine, now, Kind.RETURNED, say("model.within_tolerance", language))
        return replace(machine, parts=parts, drifted_at=None)
    drifted = replace(machine, parts=parts, drifted_at=machine.drifted_at or now)
    if machine.drifted_at:
        return drifted
    words = say("model.out_of_tolerance", language, days=DRIFTED_DAYS)
    return happened(drifted, now, Kind.DRIFTED, words, countdown(drifted).end)


def confirm(
    machine: Machine, text: str, now: datetime, route: ActivationRoute = ActivationRoute.TELEPHONE
) -> Machine | NotConfirmed:
    """The computer activated by this confirmation ID as typed, with any separators (rows 19, 36), or why it is not.

    The late activation fault stands in the telephone's way only (row 91: the internet is a way round it).
    """
    media, language = machine.media, machine.language
    if state(machine, now) in {State.NOT_REQUIRED, State.PRE_ACTIVATED}:
        return _refusal(ConfirmFault.NOT_NEEDED, language)
    if media.is_client_setup:
        return _refusal(ConfirmFault.BY_HOST, language)
    layout, solid_id = media.header.layout, "".join(installation_id(machine))
    checked = check_confirmation_id(text, solid_id, layout, media.keys.confirmation_key)
    if isinstance(checked, BadConfirmation):
        return _explain(checked, text, layout.confirmation_digits, language)
    late = route is ActivationRoute.TELEPHONE and state(machine, now) is State.GRACE_ENDED
    if late and has_late_activation_fault(machine):
        return _refusal(ConfirmFault.REFUSED, language)
    activation = Activation(checked, hash_hardware(machine.parts), now, route)
    words = say(f"model.activated_by_{route}", language)
    return happened(replace(machine, activation=activation, drifted_at=None), now, Kind.ACTIVATED, words)


def _explain(bad: BadConfirmation, text: str, wanted: int, language: str) -> NotConfirmed:
    match bad.fault:
        case ConfirmationFault.MALFORMED:
            return _refusal(ConfirmFault.MALFORMED, language)
        case ConfirmationFault.LENGTH:
            typed = len(clean_digits(text) or "")
            fault = ConfirmFault.TOO_SHORT if typed < wanted else ConfirmFault.TOO_LONG
            return _refusal(fault, language, typed=typed, wanted=wanted, difference=abs(wanted - typed))
        case ConfirmationFault.BLOCK:
            return NotConfirmed(ConfirmFault.BLOCK, say(ConfirmFault.BLOCK, language, block=bad.block), bad.block)
        case ConfirmationFault.OTHER_COMPUTER:
            return _refusal(ConfirmFault.OTHER_COMPUTER, language)


def _refusal(fault: ConfirmFault, language: str, **details: object) -> NotConfirmed:
    return NotConfirmed(fault, say(fault, language, **details))
