"""`setuplog.txt`: what happened to a computer, line by line, with return and error codes (row 38).

The numbers are our own. They carry the bit that HRESULT keeps for customers (0x20000000), so that none is a real product's;
0xA… says that something failed. docs/workstation.md has the table, which a test holds against this file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from activation.redaction import redact
from workstation.computer.history import gained
from workstation.computer.machine import Machine
from workstation.computer.traits import Kind


class Code(Enum):
    """A return or error code: its number, and the short English name that stands behind it in every language's log."""

    SUCCESS = (0x00000000, "success")

    SYSTEM = (0x20AC0001, "system")
    REMINDER = (0x20AC0002, "reminder")
    HARDWARE = (0x20AC0003, "hardware changed")
    KEY = (0x20AC0004, "key changed")
    REARMED = (0x20AC0005, "timers reset")
    FIX = (0x20AC0006, "fix")
    LICENCE_FILES = (0x20AC0007, "licence files")

    STARTED = (0x20AC0010, "activation started")
    SERVICE_UP = (0x20AC0011, "service is up")
    MODEM_CONNECTS = (0x20AC0012, "modem connects")
    SENT_SECURELY = (0x20AC0013, "sent by HTTPS")
    SENT_ON_LOOPBACK = (0x20AC0014, "sent by HTTP on this machine")
    QUESTION = (0x20AC0015, "question asked")
    PHONE_PAGE = (0x20AC0016, "phone page shown")
    NOTHING_SENT = (0x20AC0017, "nothing sent")

    REGISTRATION = (0x20AC0020, "registration")
    REGISTRATION_IN_CLEAR = (0x20AC0021, "registration by HTTP")

    SERVICE_DOWN = (0xA0AC0101, "service is down")
    MODEM_FAILS = (0xA0AC0102, "modem does not connect")
    NOT_REACHED = (0xA0AC0103, "service not reached")
    NOT_TRUSTED = (0xA0AC0104, "certificate not trusted")
    NOT_ENCRYPTED = (0xA0AC0105, "address is not HTTPS")
    NOT_UNDERSTOOD = (0xA0AC0106, "answer not understood")

    REFUSED = (0xA0AC0201, "activation refused")
    NEEDS_PERSON = (0xA0AC0202, "needs a person")
    BUSY = (0xA0AC0203, "too many requests")
    OUTAGE = (0xA0AC0204, "service out of order")

    CONFIRMATION_REFUSED = (0xA0AC0301, "confirmation ID refused")
    OUT_OF_TOLERANCE = (0xA0AC0302, "out of tolerance")

    REGISTRATION_FAILED = (0xA0AC0401, "registration failed")

    @property
    def label(self) -> str:
        """As it stands in a log: `0x00000000 success`."""
        number, name = self.value
        return f"0x{number:08X} {name}"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of something under way, as the log tells it."""

    code: Code
    words: str


_OF_KIND = {
    Kind.ACTIVATED: Code.SUCCESS,
    Kind.REFUSED: Code.CONFIRMATION_REFUSED,
    Kind.REMINDER: Code.REMINDER,
    Kind.HARDWARE: Code.HARDWARE,
    Kind.DRIFTED: Code.OUT_OF_TOLERANCE,
    Kind.KEY: Code.KEY,
    Kind.REARMED: Code.REARMED,
    Kind.FIX: Code.FIX,
}


def code_of(kind: Kind) -> Code:
    """The code of a happening in a computer's history."""
    return _OF_KIND.get(kind, Code.SYSTEM)


def log_line(machine: Machine, at: datetime, words: str, code: Code | None = None) -> str:
    """One line, without its end: the moment (the computer's own time, UTC), the computer, the code and the words."""
    stamp = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    said = " ".join(redact(words).split())
    return f"{stamp} {machine.name} {(code or Code.SUCCESS).label}: {said}"


def lines_of(machine: Machine, at: datetime, steps: Iterable[Step]) -> list[str]:
    """A line for every step."""
    return [log_line(machine, at, step.words, step.code) for step in steps]


def lines_since(before: Machine | None, after: Machine) -> Iterator[str]:
    """A line for every happening that the computer's history has gained; the internet route writes its own, step by step."""
    known = before.history if before else ()
    for happening in gained(known, after.history):
        if happening.kind is not Kind.INTERNET:
            yield log_line(after, happening.at, happening.words, code_of(happening.kind))
