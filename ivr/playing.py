"""Sentences as sound of our own: on its way out, a document's every Say becomes Plays of sounds whose names are signed.

Documents are made and kept with their sentences as words, so that whoever cannot play them, or fails to, gets the words.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer
from lxml import etree

from ivr.twiml import SPOKEN_DIGIT_SECONDS

AFTER_SENTENCE_SECONDS = 0.3
"""A breath before whatever follows; Twilio's voices take one themselves."""
LETTER = re.compile(r"(\w)\.?")
"""What a block is called; voices know the names of letters better than a sentence of one."""
LONGEST_NAME = 2000
_FORM = "sound 1"
"""What names are signed for; a name of another form is none."""
_BELONGS_TO_A_CALL = re.compile(r"[0-9](?:\W{0,2}[0-9]){5}", re.ASCII)
"""Six digits in a row are somebody's: they stand in no address."""


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


def played(document: str, address: Callable[[Utterance], str]) -> str:
    """The document with its sentences as Plays of the addresses given; what belongs to one call alone stays a Say."""
    response = etree.fromstring(document.encode())
    for element in (response, *response.iter("Gather")):
        element[:] = [sound for child in element for sound in _sounds(child, address)]
    return etree.tostring(response, encoding="UTF-8", xml_declaration=True).decode()


def _sounds(element: etree._Element, address: Callable[[Utterance], str]) -> Iterator[etree._Element]:
    if element.tag != "Say" or _BELONGS_TO_A_CALL.search(element.text or ""):
        yield element
        return
    for utterance in _utterances(element):
        play = etree.Element("Play")
        play.text = address(utterance)
        yield play


def _utterances(say: etree._Element) -> Iterator[Utterance]:
    """What a Say says, one after the other: its sentence or single letter, then the characters spelled in it at their pace."""
    locale, text, pace_seconds = say.get("language", ""), (say.text or "").strip(), _pace_seconds(say)
    spelled = [each.text or "" for each in say.iter("say-as")]
    if letter := LETTER.fullmatch(text):
        spelled.insert(0, letter[1])
    elif text:
        yield Utterance(text, locale, AFTER_SENTENCE_SECONDS)
    for character in spelled[:-1]:
        yield Utterance(character, locale, pace_seconds)
    if spelled:
        yield Utterance(spelled[-1], locale)


def _pace_seconds(say: etree._Element) -> float:
    """From one character to the next; a Say tells how long the voice is silent between them."""
    pause = say.find("break")
    milliseconds = int(pause.get("time", "").removesuffix("ms")) if pause is not None else 0
    return round(milliseconds / 1000 + SPOKEN_DIGIT_SECONDS, 2)
