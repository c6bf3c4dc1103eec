"""Keys where digits are data: `*0` a person, `*9` say it again, `**` back; a pound pressed from habit is nothing."""

from enum import StrEnum


class StarCommand(StrEnum):
    """What a star means among digits."""

    PERSON = "*0"
    REPEAT = "*9"
    BACK = "**"
    EXPRESS = "*1"
    CLEAR = "*"
    """A star with nothing known behind it: what was keyed is forgotten and may be keyed anew."""


def read_keys(keys: str) -> StarCommand | str:
    """The command that the keys end in, or the digits they are; a command wins over digits before it."""
    if "*" not in keys:
        return keys.replace("#", "")
    tail = keys.replace("#", "")[-2:]
    return StarCommand(tail) if tail in ("*0", "*9", "**", "*1") else StarCommand.CLEAR
