"""What somebody typed into a search: no whole key and no ID is looked up, repeated, or put into an address."""

import re
from http import HTTPStatus

from activation.keys import KeyFault, read_key
from activation.secrets import Secrets
from callcenter.floor.refusals import Refusal

CALL_SID = re.compile(r"CA[0-9a-f]{32}", re.ASCII)
_LONGEST = 80
_OWN_KEY = re.compile(r"SIM[^\W_]{2}(?:[\W_]{0,8}[^\W_]{5}){4}", re.IGNORECASE)
_MOST_DIGITS = 16
"""Enough for every number that may be searched for; a confirmation ID has three times as many."""
_NOT_BY_ID = "IDs are kept nowhere, so none is looked up by its digits. Search for the case, the key or the machine."


def stands_for(typed: str, secrets: Secrets) -> str | Refusal:
    """What may stand in an address for what was typed: the serial for a whole key, else the words themselves, shortened."""
    key = read_key(typed, secrets)
    if key is KeyFault.SHAPE and (own := _OWN_KEY.search(typed)):  # among other words
        key = read_key(own[0], secrets)
    if not isinstance(key, KeyFault):
        return str(key.serial)
    if key is not KeyFault.SHAPE:
        return _refused("search.key", key.value)
    if sum(map(str.isdecimal, typed)) > _MOST_DIGITS and not CALL_SID.fullmatch(typed):
        return _refused("search.id", _NOT_BY_ID)
    return typed[:_LONGEST]


def _refused(code: str, sentence: str) -> Refusal:
    return Refusal(code, sentence, HTTPStatus.UNPROCESSABLE_ENTITY)
