"""What a computer's bounded history has gained between two moments."""

from workstation.computer.traits import Happening


def gained(known: tuple[Happening, ...], history: tuple[Happening, ...]) -> tuple[Happening, ...]:
    """The happenings of a history that are not its end as it was known: the oldest make room for new ones."""
    most = min(len(known), len(history))
    kept = next((count for count in range(most, 0, -1) if history[:count] == known[-count:]), 0)
    return history[kept:]
