"""Words of the desk that templates ask for: languages, outcomes, requests and where they stand."""

import json
from collections.abc import Callable, Mapping

from flask import Blueprint

from callcenter.floor.request_words import STATUS_CLASSES, STATUS_TITLES, request_title
from callcenter.floor.requests import RequestStatus

_LANGUAGES = {"en": "English", "de": "German", "fr": "French", "sv": "Swedish", "es": "Spanish", "ja": "Japanese"}


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
