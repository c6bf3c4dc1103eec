"""The attributes of Gather that a speech recogniser is asked for. Source: https://www.twilio.com/docs/voice/twiml/gather."""

import re

from pbx.codes import Code
from pbx.leg import Recognition
from pbx.reading import Attributes

MAXIMUM_HINTS = 500
MAXIMUM_HINT_CHARACTERS = 100
LONGEST_SPEECH_SECONDS = 60
DEFAULT_LANGUAGE = "en-US"
DIGITS_HINT = "$OOV_CLASS_DIGIT_SEQUENCE"
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
MODEL = re.compile(
    r"default|numbers_and_commands|phone_call|experimental_(conversations|utterances)"
    r"|googlev2_(long|short|telephony|telephony_short)|deepgram_nova-(2(-\w+)?|3)",
    re.ASCII,
)


def parse_recognition(attributes: Attributes, timeout_seconds: int, digit_limit: int | None) -> Recognition:
    """What the recogniser of this Gather is asked for; speech ends after the key timeout unless it says otherwise.

    Where its hints say that digits are spoken, as many of them as of keys end it too: Twilio lets its callers wait.
    """
    model, hints = _model(attributes), _hints(attributes)
    recognition = Recognition(
        language=_language(attributes, model),
        hints=hints,
        model=model,
        profanity_filter=attributes.flag("profanityFilter", True, Code.GATHER_PROFANITY_FILTER),
        speech_timeout_seconds=_speech_timeout_seconds(attributes, model, timeout_seconds),
        longest_seconds=attributes.whole_number(
            "maxSpeechTime", LONGEST_SPEECH_SECONDS, Code.GATHER_MAX_SPEECH_TIME, most=LONGEST_SPEECH_SECONDS
        ),
        digits=digit_limit if DIGITS_HINT in hints else None,
    )
    for without_effect in ("enhanced", "debug"):
        attributes.text(without_effect, "")
    return recognition


def _language(attributes: Attributes, model: str) -> str:
    """A language tag (BCP 47); `multi` is one of the model's that hears several at once."""
    language = attributes.text("language", DEFAULT_LANGUAGE)
    if LANGUAGE.fullmatch(language) or (language == "multi" and model == "deepgram_nova-3"):
        return language
    attributes.note(Code.GATHER_LANGUAGE, f"write a language such as de-DE; {DEFAULT_LANGUAGE} applies")
    return DEFAULT_LANGUAGE


def _model(attributes: Attributes) -> str:
    model = attributes.text("speechModel", "default")
    if MODEL.fullmatch(model):
        return model
    attributes.note(Code.GATHER_MODEL, "no such speechModel; default applies")
    return "default"


def _hints(attributes: Attributes) -> tuple[str, ...]:
    hints = [hint.strip() for hint in attributes.text("hints", "").split(",") if hint.strip()]
    usable = [hint for hint in hints if len(hint) <= MAXIMUM_HINT_CHARACTERS][:MAXIMUM_HINTS]
    if len(usable) < len(hints):
        limits = f"at most {MAXIMUM_HINTS} hints of {MAXIMUM_HINT_CHARACTERS} characters"
        attributes.note(Code.GATHER_HINTS, f"{limits}; the others are left out")
    return tuple(usable)


def _speech_timeout_seconds(attributes: Attributes, model: str, timeout_seconds: int) -> int | None:
    """Seconds of silence that end speech; None is `auto`, which only the default model takes."""
    if attributes.text("speechTimeout", "") != "auto":
        return attributes.whole_number("speechTimeout", timeout_seconds, Code.GATHER_SPEECH_TIMEOUT)
    if model == "default":
        return None
    attributes.note(Code.GATHER_MODEL_TIMEOUT, f"give seconds with a speechModel; {timeout_seconds} applies")
    return timeout_seconds
