"""Twilio's Gather over a phone with sound: the real verb, voice and recogniser; prompts out, what the webhook is told in."""

import asyncio

import msgspec
import numpy
import pytest

from pbx.audio.frame import SILENCE
from pbx.document import parse_twiml
from pbx.vocabulary import CALL_VERBS
from voices.sound import Sound

DIGITS = "four oh seven"
ASK = '<Gather input="dtmf speech" numDigits="3" timeout="1" speechTimeout="1" action="/heard"><Say>{}</Say></Gather>'
PROMPT = ASK.format("Please key or say the three digits that your screen shows you. " * 3)
SHORT = ASK.format("Three digits, please.")


class Scene:
    """As much of a call as a Gather needs."""

    def __init__(self, leg):
        self.leg = leg

    async def pick_up(self):
        pass


def asking(desk, document):
    """The document's one verb under way, on the desk's leg."""
    verb = parse_twiml(f"<Response>{document}</Response>".encode(), "http://line.test/voice", CALL_VERBS).verbs[0]
    return asyncio.create_task(verb.execute(Scene(desk.leg)))


async def prompted(desk):
    """Return when the prompt can be heard."""
    async with asyncio.timeout(20):
        while not desk.port.told or desk.port.told[-1] == SILENCE:
            await desk.beat()
            await asyncio.sleep(0.001)


@pytest.fixture(scope="module")
def said(voices):
    """Three digits by our voice, then a quiet line."""
    quiet = Sound(numpy.random.default_rng(7).normal(0, 20, 20_000).astype(numpy.int16)).mulaw()
    return quiet[:2400] + b"".join(voices.sentence(word, "en").mulaw() + quiet[:1600] for word in DIGITS.split()) + quiet


def test_a_key_stops_the_prompt_within_a_frame_and_three_are_posted(at_desk):
    async def act(desk):
        gathering = asking(desk, PROMPT)
        await prompted(desk)
        desk.leg.press("4")
        told = len(desk.port.told)
        await desk.beat(5)
        after = desk.port.told[told:]
        desk.leg.press("0")
        desk.leg.press("7")
        return after, await gathering

    after, request = at_desk(act)
    assert after[1:] == [SILENCE] * 4
    assert request.parameters == {"Digits": "407", "FinishedOnKey": ""}
    assert request.url == "http://line.test/heard"


@pytest.mark.parametrize("document", [PROMPT, SHORT])
def test_digits_said_into_the_prompt_or_after_it_are_posted_with_the_ways_they_may_have_been_said(at_desk, said, document):
    async def act(desk):
        gathering = asking(desk, document)
        await prompted(desk)
        if document is SHORT:
            while desk.port.told[-1] != SILENCE:
                await desk.beat()
        desk.says(said)
        return await desk.until(gathering)

    told = at_desk(act).parameters
    assert told["SpeechResult"] == DIGITS
    assert 0 < float(told["Confidence"]) <= 1
    alternatives = msgspec.json.decode(told["Alternatives"])
    assert alternatives[0] == {"text": DIGITS, "score": 0.0}
    assert 2 <= len(alternatives) <= 40


def test_nothing_entered_goes_on_with_the_document_a_second_after_the_prompt(at_desk):
    async def act(desk):
        gathering = asking(desk, SHORT)
        await prompted(desk)
        while desk.port.told[-1] != SILENCE:
            await desk.beat()
        ended_at = asyncio.get_running_loop().time()
        assert await desk.until(gathering) is None
        return asyncio.get_running_loop().time() - ended_at

    assert 0.98 <= at_desk(act) < 1.8
