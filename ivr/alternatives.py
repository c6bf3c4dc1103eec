"""What a recogniser heard, as the telephony side posts it: our own exchange's alternatives, or Twilio's single text.

Sources: Twilio's page on Gather (`SpeechResult`, `Confidence`). Twilio never sends `Alternatives`.
"""

from collections.abc import Mapping
from math import isfinite, log

import msgspec

from activation.correction import LONGEST_LIST
from ivr.heard import Alternative, Speech
from ivr.spoken import MAXIMUM_CHARACTERS

MOST_ALTERNATIVES = LONGEST_LIST
"""Of a caller whom the model hears badly, forty hold the right group in two of three cases, ten in one of two."""
LONGEST_LIST_CHARACTERS = 40_000
LEAST_CONFIDENCE = 0.05
LEAST_SCORE = -1000.0
"""Beyond it nothing is told apart; bounded, scores may be added and stored without ceasing to be numbers."""
_MAYBE_CONFIDENCE = frozenset("0123456789.")


class _Posted(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    score: float


def speech(form: Mapping[str, str]) -> Speech | None:
    """The words of a webhook's parameters, the likeliest first; None when there are none. A list of alternatives that is not as
    agreed is as good as none."""
    if alternatives := _alternatives(form.get("Alternatives", "")):
        return Speech(alternatives)
    text = form.get("SpeechResult", "").strip()
    return Speech((Alternative(text, log(_confidence(form.get("Confidence", "")))),)) if text else None


def _alternatives(posted: str) -> tuple[Alternative, ...]:
    """At most forty, best first, the best at 0; none when anything about the list is wrong."""
    if not posted or len(posted) > LONGEST_LIST_CHARACTERS:
        return ()
    try:
        listed = msgspec.json.decode(posted.encode(errors="replace"), type=list[_Posted])
    except msgspec.DecodeError:
        return ()
    if not all(isfinite(each.score) and len(each.text) <= MAXIMUM_CHARACTERS for each in listed):
        return ()
    ordered = sorted((each for each in listed if each.text.strip()), key=lambda each: -each.score)[:MOST_ALTERNATIVES]
    return tuple(Alternative(each.text.strip(), max(each.score - ordered[0].score, LEAST_SCORE)) for each in ordered)


def _confidence(posted: str) -> float:
    """Twilio's confidence, from 0 to 1; where it says nothing usable, 1."""
    is_number = 0 < len(posted) <= 20 and _MAYBE_CONFIDENCE.issuperset(posted) and posted.count(".") <= 1 and posted != "."
    confidence = float(posted) if is_number else 1.0
    return min(max(confidence, LEAST_CONFIDENCE), 1.0)
