"""A KMS host key on a client: it registers hosts with the vendor and does nothing else, so there it is misused (row 55)."""

from datetime import datetime

from activation.catalogue import Channel
from workstation.computer.machine import Machine, happened
from workstation.computer.traits import Kind
from workstation.words import say

SENTENCE = "kms.host_key"
"""The key of the sentence that says so."""


def misuses_host_key(machine: Machine) -> bool:
    """Whether this workstation was given a KMS host key."""
    return machine.media.channel is Channel.KMS and not machine.media.is_client_setup


def misuse_in_words(machine: Machine) -> str | None:
    """What to tell about the key of this workstation, in its system's language; None where it may have its key."""
    return say(SENTENCE, machine.language, name=machine.name) if misuses_host_key(machine) else None


def flag_misuse(machine: Machine, now: datetime) -> Machine:
    """The workstation with a line in its history where its new key is a host key; nothing else is changed."""
    words = misuse_in_words(machine)
    return machine if words is None else happened(machine, now, Kind.KEY, words)
