"""The privacy statement, shown before anything leaves (row 27): its fields are those that requests are held against."""

from collections.abc import Iterator

from workstation.activating.request import Field, listed_fields
from workstation.computer.machine import Machine
from workstation.words import say

_WITH_A_QUESTION_ONLY = frozenset({Field.COMPUTERS})
"""It travels when the centre asks for it, and the user types it then."""


def privacy_statement(machine: Machine) -> Iterator[str]:
    """The statement, line by line, in the system's language."""
    language, generation = machine.language, machine.media.product.generation
    yield say("request.privacy.title", language)
    yield say("request.privacy.sent", language)
    for field in listed_fields(generation):
        if field not in _WITH_A_QUESTION_ONLY:
            yield f"  - {say(f'request.field.{field}', language)}"
    for part in ("hash", "anonymous", "use", "country", "encrypted", "simulator"):
        if part != "country" or Field.IP_ADDRESS in listed_fields(generation):
            yield say(f"request.privacy.{part}", language)
