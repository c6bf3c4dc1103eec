"""Gather: keys or speech from the caller. Source: https://www.twilio.com/docs/voice/twiml/gather."""

from collections.abc import Mapping
from dataclasses import dataclass

from pbx.codes import Code
from pbx.leg import Key, Leg, Listening, Utterance
from pbx.reading import Attributes, Element, Reading, Vocabulary, verbs_in
from pbx.request import Method, WebhookRequest
from pbx.rounds import until_first
from pbx.scene import Outcome, Scene, Verb
from pbx.verbs.pause import Pause
from pbx.verbs.play import Play
from pbx.verbs.recognition import parse_recognition
from pbx.verbs.say import Say

PROMPTS: Vocabulary = {"Say": Say.parse, "Play": Play.parse, "Pause": Pause.parse}
KEYPAD = tuple("0123456789#*")
KEYS_ONLY = Listening(keys=True)
INPUTS = ("dtmf", "speech", "dtmf speech", "speech dtmf")


@dataclass(frozen=True, slots=True)
class Gather:
    """A question: prompts that may be barged into, then a wait for keys, speech, or whichever comes first."""

    prompts: tuple[Verb, ...]
    action: str
    method: Method
    listening: Listening
    timeout_seconds: int
    finish_key: str
    digit_limit: int | None
    asks_even_if_empty: bool
    speech_barges_in: bool

    @classmethod
    def parse(cls, element: Element, reading: Reading) -> "Gather":
        attributes = Attributes(element, reading)
        timeout_seconds = _timeout_seconds(attributes)
        inputs = attributes.one_of("input", INPUTS, "dtmf", Code.GATHER_INPUT).split()
        recognition = parse_recognition(attributes, timeout_seconds)
        gather = cls(
            prompts=tuple(verbs_in(element, PROMPTS, reading, Code.GATHER_NESTED_VERB)),
            action=attributes.url("action") or reading.url,
            method=attributes.method("method", Code.GATHER_METHOD),
            listening=Listening("dtmf" in inputs, recognition if "speech" in inputs else None),
            timeout_seconds=timeout_seconds,
            finish_key=attributes.one_of("finishOnKey", (*KEYPAD, ""), "#", Code.GATHER_FINISH_ON_KEY),
            digit_limit=attributes.optional_number("numDigits", Code.GATHER_NUM_DIGITS),
            asks_even_if_empty=attributes.flag("actionOnEmptyResult", False, Code.GATHER_ACTION_ON_EMPTY),
            speech_barges_in=attributes.flag("bargeIn", True, Code.GATHER_BARGE_IN),
        )
        attributes.close()
        return gather

    async def execute(self, scene: Scene) -> Outcome:
        await scene.pick_up()
        scene.leg.flush_keys()
        entered = await self._entered(scene)
        if entered or self.asks_even_if_empty:
            return WebhookRequest(self.action, self.method, entered)
        return None

    async def _entered(self, scene: Scene) -> Mapping[str, str]:
        """What the action will be told; nothing when nothing was entered."""
        match await self._first_input(scene):
            case Key(digit):
                return await self._keyed(scene.leg, digit)
            case Utterance(text, confidence) if text.strip():
                certainty = {} if confidence is None else {"Confidence": f"{confidence:.4f}"}
                return {"SpeechResult": text, **certainty}
            case _:
                return {}

    async def _first_input(self, scene: Scene) -> Key | Utterance | None:
        """The first key or utterance. It may barge into the prompts; the timer starts when they have ended."""
        if self.prompts:
            barged_in = await self._barge_in(scene)
            if barged_in is not None:
                return barged_in
        return await scene.leg.next_input(self.listening, self.timeout_seconds)

    async def _barge_in(self, scene: Scene) -> Key | Utterance | None:
        """What interrupted the prompts, or None when they were heard out. The rest of the list is not played."""
        heard_meanwhile = self.listening if self.speech_barges_in else Listening(self.listening.keys)
        hearing = scene.leg.next_input(heard_meanwhile, None)
        # A key that arrives when this ends stays with the leg: next_input loses nothing when cancelled.
        async with until_first(self._prompt(scene), hearing) as (prompting, heard):
            return heard.result() if heard.done() else prompting.result()

    async def _prompt(self, scene: Scene) -> None:
        for prompt in self.prompts:
            await prompt.execute(scene)

    async def _keyed(self, leg: Leg, first: str) -> Mapping[str, str]:
        """Keys until the limit, the finish key or a silence; a finish key with no digit before it enters nothing."""
        digits = ""
        key: str | None = first
        while key is not None and key != self.finish_key:
            digits += key
            if len(digits) == self.digit_limit:
                break
            key = await _next_key(leg, self.timeout_seconds)
        if not digits:
            return {}
        # Undocumented but seen in captured requests: empty when the limit or the timer ended it.
        finished_on = self.finish_key if key == self.finish_key else ""
        return {"Digits": digits, "FinishedOnKey": finished_on}


async def _next_key(leg: Leg, within_seconds: float) -> str | None:
    match await leg.next_input(KEYS_ONLY, within_seconds):
        case Key(digit):
            return digit
        case _:
            return None


def _timeout_seconds(attributes: Attributes) -> int:
    """Seconds of silence; `auto`, which Twilio's page also lists, is the default."""
    if attributes.text("timeout", "") == "auto":
        return 5
    return attributes.whole_number("timeout", 5, Code.GATHER_TIMEOUT)
