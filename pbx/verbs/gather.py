"""Gather: keys or speech from the caller. Source: https://www.twilio.com/docs/voice/twiml/gather."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from itertools import count

import msgspec

from pbx.codes import CallError, Code, Notice
from pbx.leg import Key, Leg, Listening, Utterance
from pbx.profanity import veiled
from pbx.reading import Attributes, Element, Reading, Vocabulary, verbs_in
from pbx.request import Method, WebhookRequest
from pbx.scene import Outcome, Scene, Verb
from pbx.side_by_side import until_first
from pbx.verbs.pause import Pause
from pbx.verbs.play import Play
from pbx.verbs.recognition import parse_recognition
from pbx.verbs.say import Say

PROMPTS: Vocabulary = {"Say": Say.parse, "Play": Play.parse_nested, "Pause": Pause.parse}
KEYPAD = tuple("0123456789#*")
KEYS_ONLY = Listening(keys=True)
UNFILTERED_MODEL = "numbers_and_commands"
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
    partial_results: WebhookRequest | None
    url: str
    line: int | None

    @classmethod
    def parse(cls, element: Element, reading: Reading) -> "Gather":
        attributes = Attributes(element, reading)
        timeout_seconds = _timeout_seconds(attributes)
        inputs = attributes.one_of("input", INPUTS, "dtmf", Code.GATHER_INPUT).split()
        digit_limit = attributes.optional_number("numDigits", Code.GATHER_NUM_DIGITS)
        recognition = parse_recognition(attributes, timeout_seconds, digit_limit)
        gather = cls(
            prompts=tuple(verbs_in(element, PROMPTS, reading, Code.GATHER_NESTED_VERB)),
            action=attributes.url("action") or reading.url,
            method=attributes.method("method", Code.GATHER_METHOD),
            listening=Listening("dtmf" in inputs, recognition if "speech" in inputs else None),
            timeout_seconds=timeout_seconds,
            finish_key=attributes.one_of("finishOnKey", (*KEYPAD, ""), "#", Code.GATHER_FINISH_ON_KEY),
            digit_limit=digit_limit,
            asks_even_if_empty=attributes.flag("actionOnEmptyResult", False, Code.GATHER_ACTION_ON_EMPTY),
            speech_barges_in=attributes.flag("bargeIn", True, Code.GATHER_BARGE_IN),
            partial_results=_partial_results(attributes),
            url=reading.url,
            line=element.sourceline,
        )
        attributes.close()
        return gather

    async def execute(self, scene: Scene) -> Outcome:
        await scene.pick_up()
        scene.leg.flush_keys()
        self._note_deafness(scene)
        entered = await self._entered(scene)
        if entered or self.asks_even_if_empty:
            return WebhookRequest(self.action, self.method, entered)
        return None

    async def _entered(self, scene: Scene) -> Mapping[str, str]:
        """What the action will be told; nothing when nothing was entered."""
        match await self._first_input(scene):
            case Key(digit):
                return await self._keyed(scene.leg, digit)
            case Utterance() as utterance if utterance.text.strip():
                return _spoken(self._presentable(utterance))
            case _:
                return {}

    async def _first_input(self, scene: Scene) -> Key | Utterance | None:
        """The first key or utterance. It may barge into the prompts; the timer starts when they have ended."""
        listening = replace(self.listening, on_partial=self._tell_partial_results(scene))
        if self.prompts:
            barged_in = await self._barge_in(scene, listening)
            if barged_in is not None:
                return barged_in
        return await scene.leg.next_input(listening, self.timeout_seconds)

    async def _barge_in(self, scene: Scene, listening: Listening) -> Key | Utterance | None:
        """What interrupted the prompts, or None when they were heard out. The rest of the list is not played."""
        heard_meanwhile = listening if self.speech_barges_in else Listening(self.listening.keys)
        hearing = scene.leg.next_input(heard_meanwhile, None)
        # A key that arrives when this ends stays with the leg: next_input loses nothing when cancelled.
        async with until_first(self._prompt(scene), hearing) as (prompting, heard):
            return heard.result() if heard.done() else prompting.result()

    def _tell_partial_results(self, scene: Scene) -> Callable[[str], None] | None:
        request = self.partial_results
        if request is None:
            return None
        numbers = count()

        def tell(guess: str) -> None:
            words = veiled(guess) if self._is_filtered else guess
            told = {"UnstableSpeechResult": words, "StableSpeechResult": "", "SequenceNumber": str(next(numbers))}
            scene.mention(WebhookRequest(request.url, request.method, told))

        return tell

    async def _prompt(self, scene: Scene) -> None:
        """All that is to be played is fetched before the first prompt starts. Raises CallError 13325 for what is no sound."""
        urls = [url for prompt in self.prompts if isinstance(prompt, Play) for url in prompt.urls]
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(scene.leg.prepared(urls))
            except CallError as error:
                if error.code in (Code.PLAY_CONTENT_TYPE, Code.BAD_CONTENT_TYPE):
                    raise CallError(Code.GATHER_PLAY_TYPE, error.url, error.detail) from error
                raise
            for prompt in self.prompts:
                await prompt.execute(scene)

    @property
    def _is_filtered(self) -> bool:
        """Whether obscene words are veiled, which one model never does."""
        speech = self.listening.speech
        return speech is not None and speech.profanity_filter and speech.model != UNFILTERED_MODEL

    def _presentable(self, utterance: Utterance) -> Utterance:
        if not self._is_filtered:
            return utterance
        alternatives = tuple((veiled(text), score) for text, score in utterance.alternatives)
        return replace(utterance, text=veiled(utterance.text), alternatives=alternatives)

    def _note_deafness(self, scene: Scene) -> None:
        speech = self.listening.speech
        if speech is not None and not scene.leg.hears(speech.language):
            detail = f"no recogniser here hears {speech.language}; only keys are heard"
            scene.note_once(Notice(Code.GATHER_LANGUAGE, self.url, self.line, detail))

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


def _spoken(utterance: Utterance) -> Mapping[str, str]:
    """Twilio's parameters, and the alternatives in one of our own, for a line that can choose among them."""
    told = {"SpeechResult": utterance.text}
    if utterance.confidence is not None:
        told["Confidence"] = f"{utterance.confidence:.4f}"
    if utterance.alternatives:
        listed = [{"text": text, "score": round(score, 4)} for text, score in utterance.alternatives]
        told["Alternatives"] = msgspec.json.encode(listed).decode()
    return told


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


def _partial_results(attributes: Attributes) -> WebhookRequest | None:
    url = attributes.callback("partialResultCallback")
    method = attributes.method("partialResultCallbackMethod", Code.GATHER_PARTIAL_METHOD)
    return WebhookRequest(url, method) if url else None
