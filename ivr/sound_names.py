"""Sentences as sound of our own: what one sound says, and its signed name."""

import hashlib
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

LONGEST_NAME = 2000
_FORM = "sound 1"
"""What names are signed for; a name of another form is none."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one sound says in a locale: a sentence and the seconds of silence after it, or a single character by its name and
    silence until its seconds are up."""

    text: str
    locale: str
    seconds: float = 0.0

    @property
    def is_character(self) -> bool:
        """Whether it is said by its name."""
        return len(self.text) == 1


class SoundNames:
    """What sounds are called in an address: what they say, signed, so that nobody makes the line's voice say anything else.

    The same sound has the same name in every call, so that it is fetched once, and a name tells of no call.
    """

    def __init__(self, key: bytes) -> None:
        signing = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
        self._serializer = URLSafeSerializer(key, salt=_FORM, signer_kwargs=signing)

    def write(self, utterance: Utterance) -> str:
        """The name of the sound that says it."""
        name = self._serializer.dumps([utterance.locale, utterance.text, utterance.seconds])
        return name if isinstance(name, str) else name.decode("ascii")

    def read(self, name: str) -> Utterance | None:
        """What the sound of that name says; None for a name that was not written here."""
        if len(name) > LONGEST_NAME:
            return None
        try:
            locale, text, seconds = self._serializer.loads(name)
        except BadData:
            return None
        return Utterance(text, locale, seconds)
