"""One installation on several computers: a copied disk, and images for mass duplication (rows 2, 81)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from activation.catalogue import VOLUME_CHANNELS, Channel
from workstation.computer.declined import Declined
from workstation.computer.machine import SETTLED, Machine, change_hardware, countdown, happened, is_pre_activated, state
from workstation.computer.traits import Countdown, Kind, Start
from workstation.words import say


def clone(machine: Machine, name: str, parts: Mapping[str, str], now: datetime) -> Machine:
    """Another computer with a copy of this one's disk: the same installation, key and history in new hardware (row 2).

    An activation is out of tolerance there; what the maker bound to the firmware, and what a host gave, did not come along.
    """
    copy = replace(machine, name=name, firmware_marker=False, hosted=None, made_from=machine.name)
    words, until = say("model.cloned", machine.language, source=machine.name), None
    if is_pre_activated(machine) or machine.hosted:
        copy = replace(copy, grace=Countdown(now, machine.media.grace_days))
        until = countdown(copy).end
    elif state(copy, now) not in SETTLED:
        until = countdown(copy).end
    return change_hardware(happened(copy, now, Kind.INSTALLED, words, until), parts, now)


def duplicate(machine: Machine, name: str, parts: Mapping[str, str], now: datetime) -> Machine | Declined:
    """Another computer set up from an image of this one, not yet activated; an image for many holds a volume key (row 81)."""
    if machine.media.channel not in {*VOLUME_CHANNELS, Channel.VOLUME}:
        return Declined(say("model.no_image_of", machine.language, channel=machine.media.channel))
    copy = replace(
        machine,
        name=name,
        parts=parts,
        installed_at=now,
        activation=None,
        drifted_at=None,
        grace=None,
        hosted=None,
        rearms=0,
        start=Start.WINDOWS,
        made_from=machine.name,
        history=(),
    )
    words = say("model.duplicated", machine.language, source=machine.name)
    return happened(copy, now, Kind.INSTALLED, words, None if state(copy, now) in SETTLED else countdown(copy).end)
