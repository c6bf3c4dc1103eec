"""Virtual machines: a MAK counts each of them like a physical one, so that a key-management host is preferred (row 70)."""

from activation.catalogue import Channel
from workstation.computer.machine import Machine
from workstation.words import say


def preference_in_words(machine: Machine) -> str | None:
    """What a virtual machine with a MAK is told, in its system's language; None for every other computer."""
    is_told = machine.is_virtual and machine.media.channel is Channel.MAK
    return say("kms.preferred", machine.language) if is_told else None
