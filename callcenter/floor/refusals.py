"""Expected refusals at the desk, as values with a sentence for the person who reads it."""

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was wrong and what to do; `code` never changes once published."""

    code: str
    sentence: str
    status: HTTPStatus = HTTPStatus.CONFLICT
