"""Choosing computers by name: whole names, or patterns as a shell has them (`lab-*`), in any case of letters."""

from collections.abc import Iterable, Sequence
from fnmatch import translate
from re import IGNORECASE, compile


def choose(names: Iterable[str], patterns: Sequence[str]) -> tuple[str, ...]:
    """The names that one of the patterns fits, each once, in their order."""
    whole = {pattern.lower() for pattern in patterns}
    fits = [compile(translate(pattern), IGNORECASE) for pattern in patterns if {*pattern} & {*"*?["}]
    return tuple(dict.fromkeys(name for name in names if name.lower() in whole or any(fit.match(name) for fit in fits)))


def unfitting(names: Iterable[str], patterns: Sequence[str]) -> tuple[str, ...]:
    """The patterns that fit none of the names."""
    every = {name.lower() for name in names}
    return tuple(pattern for pattern in patterns if pattern.lower() not in every and not choose(every, (pattern,)))
