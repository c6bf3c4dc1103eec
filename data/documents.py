"""Small JSON documents inside a column: what was collected, what happened, what somebody saw. People read and export them."""

import json
from collections.abc import Mapping
from typing import Any

from activation.redaction import redact


def write_document(value: Mapping[str, Any]) -> str:
    """The document as JSON, with foreign product keys removed from every text in it."""
    return json.dumps(_redacted(value), ensure_ascii=False)


def read_document(text: str) -> Mapping[str, Any]:
    """The document as it was written."""
    document: Mapping[str, Any] = json.loads(text)
    return document


def _redacted(value: Any) -> Any:
    match value:
        case str():
            return redact(value)
        case Mapping():
            return {name: _redacted(each) for name, each in value.items()}
        case list() | tuple():
            return [_redacted(each) for each in value]
    return value
