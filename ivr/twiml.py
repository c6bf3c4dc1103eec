"""The only file that says a Twilio word: webhook parameters become things heard, prompts become TwiML.

Sources: Twilio's pages on Gather, Say and Enqueue, and its request parameters for voice webhooks.
"""

import re
from collections.abc import Mapping

from twilio.twiml.voice_response import Enqueue, Gather, Leave, VoiceResponse
from twilio.twiml.voice_response import Say as SayVerb

from ivr import prompts
from ivr.heard import Digits, Heard, HungUp, LeftQueue, Silence, Speech, Unclear
from ivr.prompts import Ask, HangUp, Prompt, Spell, Spoken, Transfer
from ivr.script import Script

QUEUE = "agents"
SPOKEN_DIGIT_SECONDS = 0.35
"""About how long a voice takes for one digit; the rest of the pace is a break."""
SPEECH_TIMEOUT_SECONDS = 2
WAIT_REMINDER_SECONDS = 20
LONGEST_WAIT_SECONDS = 300
"""While nobody can come, nobody is kept in the queue for longer."""
_TURN = re.compile(r"/voice\?turn=\d+")
_KEYS = frozenset("0123456789*#")
_LONGEST_KEYS = 120
_DIGIT_HINT = "$OOV_CLASS_DIGIT_SEQUENCE"
_QUEUE_WAS_THE_END = frozenset({"hangup", "bridged"})
"""Queue results after which the line has nothing to add: the phone is down, or the caller has met a person."""
_FINISHED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


def heard(form: Mapping[str, str]) -> Heard:
    """What a webhook's parameters say was heard; keys win over words, and nothing at all is silence."""
    if result := form.get("QueueResult"):
        return HungUp() if result in _QUEUE_WAS_THE_END else LeftQueue()
    if keys := form.get("Digits", ""):
        short = keys[:_LONGEST_KEYS]
        return Digits(short) if _KEYS.issuperset(short) else Unclear()
    if text := form.get("SpeechResult", "").strip():
        return Speech((text,))
    return Silence()


def call_sid(form: Mapping[str, str]) -> str:
    """Which call a webhook belongs to; empty when it does not say."""
    return form.get("CallSid", "")


def numbers(form: Mapping[str, str]) -> tuple[str, str]:
    """Who calls, and the number that was dialled, as they came in."""
    return form.get("From", ""), form.get("To", "")


def leaves_queue(form: Mapping[str, str]) -> bool:
    """Whether a waiting caller pressed star, or has waited as long as anybody is kept while nobody can come."""
    waited = form.get("QueueTime", "")[:9]
    return "*" in form.get("Digits", "") or (waited.isdecimal() and int(waited) >= LONGEST_WAIT_SECONDS)


def asks_for_person(form: Mapping[str, str]) -> bool:
    """Whether the answer to an apology is 0."""
    return form.get("Digits") == "0"


def failure(form: Mapping[str, str]) -> tuple[str, str]:
    """What the telephony side reports to the fallback: its error code, and the address that failed."""
    return form.get("ErrorCode", ""), form.get("ErrorUrl", "")


def is_over(form: Mapping[str, str]) -> bool:
    """Whether a status callback says that the call has ended."""
    return form.get("CallStatus", "") in _FINISHED


def render(said: tuple[Prompt, ...], script: Script, action: str) -> str:
    """The document for these prompts; answers and silence both go to `action`, the numbered turn that follows."""
    response = VoiceResponse()
    for prompt in said:
        match prompt:
            case Ask():
                response.append(_gather(prompt, script, action))
                response.redirect(action, method="POST")
            case Transfer():
                response.append(Enqueue(QUEUE, action=action, method="POST", wait_url="/voice/wait", wait_url_method="POST"))
            case HangUp():
                response.hangup()
            case _:
                response.append(_say(prompt, script))
    return str(response)


def render_wait(script: Script, *, leave: bool) -> str:
    """What the queue plays: a word now and then, star to leave. It is asked for again when it ends."""
    response = VoiceResponse()
    if leave:
        response.append(Leave())
        return str(response)
    gather = Gather(
        action="/voice/wait", method="POST", num_digits=1, finish_on_key="", timeout=WAIT_REMINDER_SECONDS, input="dtmf"
    )
    gather.append(_say(prompts.say("person.waiting"), script))
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
    gather = Gather(
        input="dtmf speech",
        action=action,
        method="POST",
        timeout=ask.timeout_seconds,
        finish_on_key=ask.finish_key,
        speech_timeout=SPEECH_TIMEOUT_SECONDS,
        language=script.locale,
        hints=_hints(ask, script),
        profanity_filter=False,
        num_digits=ask.digits,
    )
    for spoken in ask.spoken:
        gather.append(_say(spoken, script))
    return gather


def _hints(ask: Ask, script: Script) -> str:
    phrases = [phrase for words in script.words_at(ask.words).values() for phrase in words]
    return ",".join([_DIGIT_HINT, *phrases] if ask.takes_digits else phrases)


def _say(spoken: Spoken, script: Script) -> SayVerb:
    if isinstance(spoken, Spell):
        return _spell(spoken, script)
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
