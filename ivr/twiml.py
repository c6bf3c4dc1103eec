"""The file that says Twilio's words: webhook parameters become things heard, prompts become TwiML.

Sources: Twilio's pages on Gather, Say and Enqueue, and its request parameters for voice webhooks.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lxml import etree
from twilio.twiml.voice_response import Dial, Enqueue, Gather, Leave, Play, VoiceResponse
from twilio.twiml.voice_response import Say as SayVerb

from ivr import alternatives, prompts
from ivr.heard import Digits, Heard, HungUp, LeftQueue, MovedByPeople, Silence, Unclear
from ivr.prompts import Ask, Connect, HangUp, Prompt, Say, Spell, Spoken, Tone, Transfer
from ivr.script import Script
from ivr.sound_names import Utterance

QUEUE = "agents"
CALLER = "caller"
"""The label of the caller's leg in a conference."""
MUSIC, TONE = "/voice/music", "/voice/tone"
SPOKEN_DIGIT_SECONDS = 0.4
"""About how long a voice takes for one digit (the mean of ours, in four languages); the rest of the pace is a break."""
AFTER_SENTENCE_SECONDS = 0.3
"""A breath before whatever follows; Twilio's voices take one themselves."""
LETTER = re.compile(r"(\w)\.?")
"""What a block is called; voices know the names of letters better than a sentence of one."""
SPEECH_TIMEOUT_SECONDS = 2
AFTER_MUSIC_SECONDS = 1
"""The silence after a round of music that ends it; a star is heard during the music too."""
_TURN = re.compile(r"/voice\?turn=\d+")
_BELONGS_TO_A_CALL = re.compile(r"[0-9](?:\W{0,2}[0-9]){5}", re.ASCII)
"""Six digits in a row are somebody's: they stand in no address."""
_KEYS = frozenset("0123456789*#")
_LONGEST_KEYS = 120
_DIGIT_HINT = "$OOV_CLASS_DIGIT_SEQUENCE"
_QUEUE_WAS_THE_END = frozenset({"hangup", "bridged"})
"""Queue results after which the line has nothing to add: the phone is down, or the caller has met a person."""
_MOVED_ELSEWHERE = frozenset({"redirected", "redirected-from-bridged", "bridging-in-process"})
"""Queue results of callers whom people move: another document is under way to them, and the answer to this one is not run."""
_FINISHED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


def heard(form: Mapping[str, str]) -> Heard:
    """What a webhook's parameters say was heard; keys win over words, and nothing at all is silence."""
    if result := form.get("QueueResult"):
        return HungUp() if result in _QUEUE_WAS_THE_END else LeftQueue()
    if "DialCallStatus" in form:
        return HungUp() if is_over(form) else MovedByPeople()
    if keys := form.get("Digits", ""):
        short = keys[:_LONGEST_KEYS]
        return Digits(short) if _KEYS.issuperset(short) else Unclear()
    return alternatives.speech(form) or Silence()


def call_sid(form: Mapping[str, str]) -> str:
    """Which call a webhook belongs to; empty when it does not say."""
    return form.get("CallSid", "")


def numbers(form: Mapping[str, str]) -> tuple[str, str]:
    """The caller's number and the line's, as they came in. Who is called back stands in the line's place."""
    ours_and_theirs = ("To", "From") if form.get("Direction", "").startswith("outbound") else ("From", "To")
    return form.get(ours_and_theirs[0], ""), form.get(ours_and_theirs[1], "")


def country(form: Mapping[str, str]) -> str:
    """Where the caller's number is from (ISO 3166), as far as the telephony side says."""
    return form.get("FromCountry", "")


def is_moved_elsewhere(form: Mapping[str, str]) -> bool:
    """Whether this tells only that people are moving the caller, who gets another document."""
    return form.get("QueueResult") in _MOVED_ELSEWHERE


def waiting(form: Mapping[str, str]) -> tuple[str, int, bool]:
    """Of a waiting caller: the queue's name on the telephony side, the seconds waited there, whether star was pressed."""
    waited = form.get("QueueTime", "")[:9]
    return form.get("QueueSid", ""), int(waited) if waited.isdecimal() else 0, "*" in form.get("Digits", "")


def asks_for_person(form: Mapping[str, str]) -> bool:
    """Whether the answer to an apology is 0."""
    return form.get("Digits") == "0"


def failure(form: Mapping[str, str]) -> tuple[str, str]:
    """What the telephony side reports to the fallback: its error code, and the address that failed."""
    return form.get("ErrorCode", ""), form.get("ErrorUrl", "")


def is_over(form: Mapping[str, str]) -> bool:
    """Whether a status callback says that the call has ended."""
    return form.get("CallStatus", "") in _FINISHED


def render(said: tuple[Prompt, ...], script: Script, call_sid: str, action: str) -> str:
    """The document for these prompts; answers and silence both go to `action`, the numbered turn that follows."""
    response = VoiceResponse()
    for prompt in said:
        match prompt:
            case Ask():
                response.append(_gather(prompt, script, action))
                response.redirect(action, method="POST")
            case Transfer():
                response.append(Enqueue(QUEUE, action=action, method="POST", wait_url="/voice/wait", wait_url_method="POST"))
            case Connect():
                response.append(_conference(call_sid, action))
            case HangUp():
                response.hangup()
            case _:
                response.append(_say(prompt, script))
    return str(response)


def _conference(call_sid: str, action: str) -> Dial:
    """The caller's own conference, in which agents come and go; it is over when the caller leaves it."""
    dial = Dial(action=action, method="POST")
    dial.conference(
        call_sid,
        beep="false",
        start_conference_on_enter=True,
        end_conference_on_exit=True,
        wait_url=MUSIC,
        wait_method="GET",
        participant_label=CALLER,
    )
    return dial


def render_wait(script: Script, said: tuple[Say, ...], *, leave: bool) -> str:
    """What the queue plays: a word and music, star to leave. It is asked for again when it ends."""
    response = VoiceResponse()
    if leave:
        for sentence in said:
            response.append(_say(sentence, script))
        response.append(Leave())
        return str(response)
    gather = Gather(
        action="/voice/wait", method="POST", num_digits=1, finish_on_key="", timeout=AFTER_MUSIC_SECONDS, input="dtmf"
    )
    for sentence in said:
        gather.append(_say(sentence, script))
    gather.play(MUSIC)
    response.append(gather)
    return str(response)


def render_apology(script: Script, action: str) -> str:
    """Something broke on our side: say so and offer to go on or to speak to a person."""
    response = VoiceResponse()
    response.append(_say(prompts.say("farewell.apology"), script))
    gather = Gather(action=action, method="POST", num_digits=1, finish_on_key="", timeout=5, input="dtmf")
    gather.append(_say(prompts.say("farewell.apology_question"), script))
    response.append(gather)
    response.redirect(action, method="POST")
    return str(response)


def remember_failures(document: str, failures: int) -> str:
    """The document with the count of apologies in its turn's address: if that turn fails again, the count goes on."""
    return _TURN.sub(rf"\g<0>&amp;failures={failures}", document)


def render_goodbye(script: Script) -> str:
    """Something broke again and again: say sorry and hang up rather than go round in circles."""
    response = VoiceResponse()
    response.append(_say(prompts.say("farewell.apology"), script))
    response.hangup()
    return str(response)


def _gather(ask: Ask, script: Script, action: str) -> Gather:
    speech: dict[str, Any] = {}
    if ask.hears:
        speech = {"speech_timeout": SPEECH_TIMEOUT_SECONDS, "language": script.locale, "profanity_filter": False}
        speech |= {"hints": _hints(ask, script)}
    gather = Gather(
        input="dtmf speech" if ask.hears else "dtmf",
        action=action,
        method="POST",
        timeout=ask.timeout_seconds,
        finish_on_key=ask.finish_key,
        num_digits=ask.digits,
        **speech,
    )
    for spoken in ask.spoken:
        gather.append(_say(spoken, script))
    return gather


def _hints(ask: Ask, script: Script) -> str:
    phrases = [phrase for words in script.words_at(ask.words).values() for phrase in words]
    return ",".join([_DIGIT_HINT, *phrases] if ask.takes_digits else phrases)


def _say(spoken: Spoken, script: Script) -> SayVerb | Play:
    if isinstance(spoken, Tone):
        return Play(TONE)
    if isinstance(spoken, Spell):
        return _spell(spoken, script)
    script = script.speaking(spoken.language)
    return SayVerb(script.sentence(spoken.key, **dict(spoken.values)), voice=script.voice, language=script.locale)


def _spell(spell: Spell, script: Script) -> SayVerb:
    """Each character by itself with a break after it, so that one hears it at the pace one types."""
    verb = SayVerb(
        script.sentence("granted.block", letter=spell.label) if spell.label else "", voice=script.voice, language=script.locale
    )
    pause = f"{round(max(spell.pace_seconds - SPOKEN_DIGIT_SECONDS, 0) * 1000)}ms"
    if spell.label:
        verb.break_(time=pause)
    for number, character in enumerate(spell.characters):
        verb.say_as(character, interpret_as="characters")
        if number + 1 < len(spell.characters):
            verb.break_(time=pause)
    return verb


def played(document: str, address: Callable[[Utterance], str]) -> str:
    """The document with its sentences as Plays of the addresses given; what belongs to one call alone stays a Say.

    Documents are made and kept with words, so that whoever cannot play sounds, or fails to, gets the words.
    """
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
