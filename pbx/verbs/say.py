"""Say: words spoken to the caller. Source: https://www.twilio.com/docs/voice/twiml/say."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from lxml import etree

from pbx.codes import Code
from pbx.reading import Attributes, Element, Reading
from pbx.scene import Outcome, Scene
from pbx.speech import Speech, parts_in

BASIC_VOICES = frozenset({"man", "woman", "alice"})
MAXIMUM_CHARACTERS = {"basic": 4096, "Polly": 3000, "Google": 5000}
"""Of what is said, by the maker of the voice; Google counts tags and white space too. Source: /docs/api/errors/13521."""
MAXIMUM_ENCODED_CHARACTERS = 4500
"""Of the text URL-encoded, in any voice."""
VOICE = re.compile(r"(Polly|Google)\.[\w-]+", re.ASCII)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)

ENDLESS_LOOP_TIMES = 1000
"""What loop="0" comes to at most."""


@dataclass(frozen=True, slots=True)
class Say:
    """Speech, said `times` times."""

    speech: Speech
    times: int = 1

    @classmethod
    def parse(cls, element: Element, reading: Reading) -> "Say":
        attributes = Attributes(element, reading)
        parts = parts_in(element, lambda tag: reading.note(Code.SCHEMA, tag, "not an SSML tag; its words are spoken"))
        voice, language = _voice(attributes), _language(attributes)
        times = attributes.whole_number("loop", 1, Code.SAY_LOOP, least=0) or ENDLESS_LOOP_TIMES
        attributes.close()
        say = cls(Speech(parts, voice, language), min(times, ENDLESS_LOOP_TIMES))
        _check_length(say.speech, element, reading)
        return say

    async def execute(self, scene: Scene) -> Outcome:
        await scene.pick_up()
        if self.speech.parts:
            for _ in range(self.times):
                await scene.leg.say(self.speech)
        return None


def _voice(attributes: Attributes) -> str:
    """Any voice of Twilio's three kinds is accepted by its name; which of ours speaks for it, the leg decides."""
    voice = attributes.text("voice", "man")
    if voice in BASIC_VOICES or VOICE.fullmatch(voice):
        return voice
    attributes.note(Code.SAY_VOICE, "a voice is man, woman, alice, Polly.Name or Google.Name; man applies")
    return "man"


def _language(attributes: Attributes) -> str:
    language = attributes.text("language", "en-US")
    if LANGUAGE.fullmatch(language):
        return language
    attributes.note(Code.SAY_LANGUAGE, "write a language such as de-DE; en-US applies")
    return "en-US"


def _check_length(speech: Speech, element: Element, reading: Reading) -> None:
    words, maker = str(speech), speech.voice.partition(".")[0] if "." in speech.voice else "basic"
    if not words:
        reading.note(Code.SAY_EMPTY, element, "there is nothing to say")
        return
    counted = _markup(element) if maker == "Google" else words
    if len(counted) > MAXIMUM_CHARACTERS[maker]:
        reading.note(Code.SAY_TOO_LONG, element, f"more than {MAXIMUM_CHARACTERS[maker]} characters; split it")
    elif len(quote(words)) > MAXIMUM_ENCODED_CHARACTERS:
        detail = f"more than {MAXIMUM_ENCODED_CHARACTERS} characters when URL-encoded; split it"
        reading.note(Code.SAY_TOO_LONG, element, detail)


def _markup(element: Element) -> str:
    """What stands between the tags of the Say, its own tags included."""
    inner = [etree.tostring(child, encoding="unicode") for child in element]
    return (element.text or "") + "".join(inner)
