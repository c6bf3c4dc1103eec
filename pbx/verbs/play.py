"""Play: a recording or tones for the caller. Source: https://www.twilio.com/docs/voice/twiml/play."""

from dataclasses import dataclass, replace

from pbx.codes import Code
from pbx.reading import Attributes, Element, Reading
from pbx.scene import Outcome, Scene

ENDLESS_LOOP_TIMES = 1000
"""What loop="0" comes to at most."""

TONES = frozenset("0123456789ABCD*#wW")
"""The keys, and w and W for half a second and a second of silence."""


@dataclass(frozen=True, slots=True)
class Play:
    """The recording at a URL, or tones, played `times` times; with neither there is nothing to play."""

    url: str = ""
    tones: str = ""
    times: int = 1

    @classmethod
    def parse_nested(cls, element: Element, reading: Reading) -> "Play":
        """One inside a Gather, where keys are what the caller gives: none are sounded."""
        play = cls.parse(element, reading)
        if play.tones:
            reading.note(Code.GATHER_NESTED_VERB, element, "Play with digits cannot stand in Gather; nothing is sounded")
        return replace(play, tones="")

    @classmethod
    def parse(cls, element: Element, reading: Reading) -> "Play":
        attributes = Attributes(element, reading)
        times = attributes.whole_number("loop", 1, Code.PLAY_LOOP, least=0) or ENDLESS_LOOP_TIMES
        tones = _tones(attributes)
        attributes.close_leaf()
        url = (element.text or "").strip()
        if not url and not tones:
            reading.note(Code.PLAY_CONTENT_TYPE, element, "give a URL or digits; there is nothing to play")
        return cls(reading.absolute(url) if url else "", tones, min(times, ENDLESS_LOOP_TIMES))

    async def execute(self, scene: Scene) -> Outcome:
        await scene.pick_up()
        async with scene.leg.prepared(self.urls):
            for _ in range(self.times):
                if self.tones:
                    await scene.leg.sound(self.tones)
                if self.url:
                    await scene.leg.play(self.url)
        return None

    @property
    def urls(self) -> tuple[str, ...]:
        """What is to be fetched for it."""
        return (self.url,) if self.url else ()


def _tones(attributes: Attributes) -> str:
    tones = attributes.text("digits", "").strip()
    if TONES.issuperset(tones):
        return tones
    attributes.note(Code.PLAY_DIGITS, "digits are 0-9, A-D, *, #, w and W; nothing is played")
    return ""
