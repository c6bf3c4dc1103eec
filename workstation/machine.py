"""One simulated computer as a value, and everything that can happen to it as pure functions.

No clock and no randomness but what is passed in; all times are UTC. Confirming needs the media's keys, no connection.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from activation.catalogue import Channel
from activation.confirmation_id import BadConfirmation, ConfirmationFault, check_confirmation_id
from activation.digits import clean_digits
from activation.hardware import hash_hardware, is_same_machine
from activation.installation_id import Installation, write_installation_id
from workstation.media import Media

DRIFTED_DAYS = 3
"""How long a computer out of tolerance may wait for its reactivation (requirement row 45)."""

Moment = Annotated[datetime, Meta(tz=True)]


class State(StrEnum):
    """Where a computer stands with its activation."""

    IN_GRACE = "in grace"
    GRACE_ENDED = "grace ended"
    ACTIVATED = "activated"
    OUT_OF_TOLERANCE = "out of tolerance"
    """It was activated, and its hardware has changed too much since (row 45)."""
    NOT_REQUIRED = "activation not required"
    """A volume licence of the 2003 generation (row 9)."""


class ConfirmFault(StrEnum):
    """Why the computer does not take a confirmation ID, in the words it shows."""

    MALFORMED = "A confirmation ID has digits only; something else is in what was typed."
    TOO_SHORT = "{typed} digits were typed, {difference} too few: this computer's confirmation ID has {wanted}."
    TOO_LONG = "{typed} digits were typed, {difference} too many: this computer's confirmation ID has {wanted}."
    BLOCK = "Block {block} is wrong. Have block {block} read again and correct it."
    OTHER_COMPUTER = (
        "This confirmation ID belongs to another computer, or to this one before its hardware changed. "
        "Call with the installation ID that is shown now."
    )
    REFUSED = (
        "The confirmation ID is not valid. Compare every block with what was read; if they agree, call the "
        "activation centre again and say that the confirmation ID was refused."
    )
    """What a computer with the late activation fault says of a right one, for it knows no better (rows 87, 88)."""
    NOT_NEEDED = "This computer needs no activation; nothing was changed."


@dataclass(frozen=True, slots=True)
class NotConfirmed:
    """A confirmation ID that was not taken: why, the sentence to show, the letter of the block at fault if one is."""

    fault: ConfirmFault
    sentence: str
    block: str | None = None


@dataclass(frozen=True, slots=True)
class Activation:
    """What was confirmed: the ID's issue number (0-9), the hardware hash it holds for, and when."""

    issue_number: Annotated[int, Meta(ge=0, le=9)]
    hardware: Annotated[int, Meta(ge=0)]
    activated_at: Moment


@dataclass(frozen=True, slots=True)
class Machine:
    """A simulated computer: `parts` are its components by name, `drifted_at` is when they left the tolerance."""

    name: str
    media: Media
    parts: Mapping[str, str]
    installed_at: Moment
    activation: Activation | None = None
    drifted_at: Moment | None = None


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


def state(machine: Machine, now: datetime) -> State:
    """Where the computer stands at this moment."""
    if machine.media.channel is Channel.VOLUME:
        return State.NOT_REQUIRED
    if machine.activation:
        return State.OUT_OF_TOLERANCE if machine.drifted_at else State.ACTIVATED
    return State.IN_GRACE if _time_left(machine, now) > timedelta() else State.GRACE_ENDED


def days_left(machine: Machine, now: datetime) -> int | None:
    """Days left to activate, one begun counted whole (rows 39, 45); None where no countdown runs."""
    if state(machine, now) in {State.ACTIVATED, State.NOT_REQUIRED}:
        return None
    return max(0, -(-_time_left(machine, now) // timedelta(days=1)))


def _time_left(machine: Machine, now: datetime) -> timedelta:
    if machine.drifted_at:
        return timedelta(days=DRIFTED_DAYS) - (now - machine.drifted_at)
    return timedelta(days=machine.media.grace_days) - (now - machine.installed_at)


def change_hardware(machine: Machine, changed: Mapping[str, str], now: datetime) -> Machine:
    """The computer with these components exchanged; beyond its activation's tolerance a countdown starts (row 45)."""
    parts = {**machine.parts, **changed}
    if machine.activation is None or is_same_machine(hash_hardware(parts), machine.activation.hardware):
        return replace(machine, parts=parts, drifted_at=None)
    return replace(machine, parts=parts, drifted_at=machine.drifted_at or now)


def confirm(machine: Machine, text: str, now: datetime) -> Machine | NotConfirmed:
    """The computer activated by this confirmation ID as typed, with any separators (rows 19, 36), or why it is not."""
    if machine.media.channel is Channel.VOLUME:
        return _refusal(ConfirmFault.NOT_NEEDED)
    media = machine.media
    layout, solid_id = media.header.layout, "".join(installation_id(machine))
    checked = check_confirmation_id(text, solid_id, layout, media.keys.confirmation_key)
    if isinstance(checked, BadConfirmation):
        return _explain(checked, text, layout.confirmation_digits)
    if media.late_activation_fault and state(machine, now) is State.GRACE_ENDED:
        return _refusal(ConfirmFault.REFUSED)
    return replace(machine, activation=Activation(checked, hash_hardware(machine.parts), now), drifted_at=None)


def _explain(bad: BadConfirmation, text: str, wanted: int) -> NotConfirmed:
    match bad.fault:
        case ConfirmationFault.MALFORMED:
            return _refusal(ConfirmFault.MALFORMED)
        case ConfirmationFault.LENGTH:
            typed = len(clean_digits(text) or "")
            fault = ConfirmFault.TOO_SHORT if typed < wanted else ConfirmFault.TOO_LONG
            return _refusal(fault, typed=typed, wanted=wanted, difference=abs(wanted - typed))
        case ConfirmationFault.BLOCK:
            return NotConfirmed(ConfirmFault.BLOCK, ConfirmFault.BLOCK.format(block=bad.block), bad.block)
        case ConfirmationFault.OTHER_COMPUTER:
            return _refusal(ConfirmFault.OTHER_COMPUTER)


def _refusal(fault: ConfirmFault, **details: object) -> NotConfirmed:
    return NotConfirmed(fault, fault.format(**details))
