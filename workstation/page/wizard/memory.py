"""What the browser's session remembers of the last few computers, so that a reload or a way back loses nothing."""

from typing import Any

from flask import session

_MOST = 3
"""Computers that are remembered for each purpose: a cookie holds little."""


def remember(purpose: str, name: str, kept: list[Any]) -> None:
    """Keeps something for this computer, in place of what was kept before."""
    others = _without(purpose, name)
    session[purpose] = {**dict(list(others.items())[1 - _MOST :]), name.lower(): kept}


def recall(purpose: str, name: str) -> list[Any] | None:
    """What is kept for this computer."""
    found: list[Any] | None = session.get(purpose, {}).get(name.lower())
    return found


def forget(purpose: str, name: str) -> None:
    """Keeps nothing for this computer any more."""
    session[purpose] = _without(purpose, name)


def _without(purpose: str, name: str) -> dict[str, Any]:
    return {other: kept for other, kept in session.get(purpose, {}).items() if other != name.lower()}
