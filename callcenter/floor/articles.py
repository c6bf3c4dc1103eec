"""What agents read about known faults, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Article:
    """What an agent reads about a known fault, and says."""

    title: str
    cause: str
    fix: str
    ways: tuple[str, ...]
    after: str
    charge: str


LATE_ACTIVATION = Article(
    title="The wizard refuses a right confirmation ID (KB 824345)",
    cause="""The computer was activated by telephone after its thirty days of grace had ended. Only Windows Server 2003 is \
concerned: Web, Standard, Enterprise, and Enterprise for 64-bit.""",
    fix="A fix replaces two system files. It is only for computers that have this fault, and comes from us.",
    ways=(
        "Safe mode: start the computer in safe mode, install the fix there, and restart.",
        "Recovery console: start from the CD, copy the two files over the old ones in the recovery console, and restart.",
    ),
    after="After the restart there are thirty days of grace again, and the same confirmation ID is accepted.",
    charge="There is no charge: wrap the call up as a known issue with the fix sent.",
)
"""Rows 88 to 90 and 92."""
