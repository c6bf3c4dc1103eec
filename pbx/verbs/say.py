"""Say: words spoken to the caller. Source: https://www.twilio.com/docs/voice/twiml/say."""

from dataclasses import dataclass

from pbx.codes import Code
from pbx.reading import Attributes, Element, Reading
from pbx.scene import Outcome, Scene
from pbx.speech import Speech, parts_in

MAXIMUM_CHARACTERS = 4096
"""The limit of the basic voices, the default ones. Source: /docs/api/errors/13521."""

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
        voice, language = attributes.text("voice", "man"), attributes.text("language", "en-US")
        times = attributes.whole_number("loop", 1, Code.SAY_LOOP, least=0) or ENDLESS_LOOP_TIMES
        attributes.close()
        say = cls(Speech(parts, voice, language), min(times, ENDLESS_LOOP_TIMES))
        say._check_length(element, reading)
        return say

    def _check_length(self, element: Element, reading: Reading) -> None:
        words = str(self.speech)
        if not words:
            reading.note(Code.SAY_EMPTY, element, "there is nothing to say")
        elif len(words) > MAXIMUM_CHARACTERS:
            reading.note(Code.SAY_TOO_LONG, element, f"more than {MAXIMUM_CHARACTERS} characters; split it")

    async def execute(self, scene: Scene) -> Outcome:
        await scene.pick_up()
        if self.speech.parts:
            for _ in range(self.times):
                await scene.leg.say(self.speech)
        return None
