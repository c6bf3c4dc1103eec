"""Words of the desk that templates ask for: languages, outcomes, requests and where they stand."""

import json
from collections.abc import Callable, Mapping

from flask import Blueprint

from callcenter.floor.requests import Change, Counter, Request, RequestStatus

_LANGUAGES = {"en": "English", "de": "German", "fr": "French", "sv": "Swedish", "es": "Spanish", "ja": "Japanese"}

STATUS_TITLES: Mapping[RequestStatus, str] = {
    RequestStatus.HELD: "waits for approval",
    RequestStatus.APPLIED: "applied",
    RequestStatus.REFUSED: "refused",
    RequestStatus.EXPIRED: "expired",
    RequestStatus.FAILED: "no longer possible",
}
STATUS_CLASSES: Mapping[RequestStatus, str] = {
    RequestStatus.HELD: "warn",
    RequestStatus.APPLIED: "good",
    RequestStatus.REFUSED: "bad",
    RequestStatus.EXPIRED: "muted",
    RequestStatus.FAILED: "bad",
}
COUNTER_TITLES: Mapping[Counter | None, str] = {
    None: "the count",
    Counter.INSTALLATIONS: "the activations",
    Counter.HOSTS: "the KMS hosts",
    Counter.HOST_ISSUES: "the activations of one KMS host",
}


def register_words(blueprint: Blueprint) -> None:
    """Makes the words known to every template."""
    filters: Mapping[str, Callable[..., str]] = {
        "language_title": language_title,
        "sentence_case": sentence_case,
        "request_title": request_title,
        "conditions": conditions,
        "status_title": lambda status: STATUS_TITLES[RequestStatus(status)],
        "status_class": lambda status: STATUS_CLASSES[RequestStatus(status)],
    }
    for name, words in filters.items():
        blueprint.add_app_template_filter(words, name)


def conditions(when: Mapping[str, frozenset[str]]) -> str:
    """When a question is asked, for the page's script: its field names with the answers that lead to it."""
    return json.dumps({f"answer-{question}": sorted(answers) for question, answers in when.items()})


def language_title(code: str) -> str:
    """A language by its code, in English."""
    return _LANGUAGES.get(code, code.upper())


def sentence_case(words: str) -> str:
    """The words with a capital at their beginning only."""
    return words[:1].upper() + words[1:]


def request_title(request: Request) -> str:
    """What a request would change, short enough for a list."""
    counter = COUNTER_TITLES[request.counter]
    match request.change:
        case Change.RAISE:
            return f"Raise {counter} by {request.amount}"
        case Change.LOWER:
            return f"Lower {counter} to {request.amount}"
        case Change.BLOCK:
            return "Block the key"
        case Change.UNBLOCK:
            return "Unblock the key"
        case Change.NEW_KEY:
            return "New key"
        case Change.EXCEPTION:
            return "Exception for one activation"
