"""Number, Client and Sip inside Dial: who is rung, and what they hear first.

Sources: https://www.twilio.com/docs/voice/twiml/number, .../client and .../sip.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from pbx.codes import Code
from pbx.line import PROGRESS_EVENTS, ProgressReport
from pbx.reading import Attributes, Element, Reading, children
from pbx.request import WebhookRequest
from pbx.scene import Target

SEPARATORS = re.compile(r"[\s().-]+")
TELEPHONE_NUMBER = re.compile(r"\+?[0-9]{1,15}", re.ASCII)
TONES = re.compile(r"[0-9A-D*#wW]*", re.ASCII)
SIP_URI = re.compile(r"sips?:[^\s?@]+@[^\s?@]+", re.ASCII | re.IGNORECASE)
LONGEST_SIP_URI_CHARACTERS = 254
LONGEST_SIP_HEADERS_CHARACTERS = 1024
STANDARD_HEADERS = {"user-to-user", "remote-party-id", "p-preferred-identity", "p-called-party-id"}
"""Names of headers that may be given without `X-`. Source: /docs/api/errors/13252."""
WITHOUT_EFFECT = (
    "machineDetection",
    "machineDetectionTimeout",
    "machineDetectionSpeechThreshold",
    "machineDetectionSpeechEndThreshold",
    "machineDetectionSilenceTimeout",
    "amdStatusCallback",
    "amdStatusCallbackMethod",
    "phoneNumberSid",
    "byoc",
)
"""Attributes that are Twilio's and change nothing where nobody listens for answering machines and one exchange is all."""


@dataclass(frozen=True, slots=True)
class Noun:
    """One phone to be rung, at the first of its addresses that takes the call."""

    targets: tuple[Target, ...]
    digits: str = ""
    whisper: WebhookRequest | None = None


def bare_number(text: str, element: Element, reading: Reading) -> Noun | None:
    """The number written straight into a Dial; None, with a warning, when it is none."""
    address = _number(text, element, reading)
    return Noun((Target(address),)) if address else None


def parse_number(element: Element, reading: Reading) -> Noun | None:
    attributes = Attributes(element, reading)
    report, whisper = _report(attributes), _whisper(attributes, Code.NUMBER_METHOD)
    digits = _digits(attributes)
    _close(attributes)
    address = _number(element.text or "", element, reading)
    return Noun((Target(address, report),), digits, whisper) if address else None


def parse_client(element: Element, reading: Reading) -> Noun | None:
    """The identity as text, or as a child with the parameters that the client is told."""
    attributes = Attributes(element, reading)
    report, whisper = _report(attributes), _whisper(attributes, Code.SCHEMA)
    _close(attributes)
    identity, parameters = (element.text or "").strip(), dict[str, str]()
    for child in children(element):
        if child.tag == "Identity":
            identity = (child.text or "").strip()
        elif child.tag == "Parameter":
            parameters[child.get("name", "")] = child.get("value", "")
        else:
            reading.note(Code.SCHEMA, child, f"{child.tag!s} is skipped; Client holds Identity and Parameter")
    if not identity:
        reading.note(Code.DIAL_NESTED, element, "Client names nobody; write an identity between the tags")
        return None
    return Noun((Target(f"client:{identity}", report, headers=parameters),), whisper=whisper)


def parse_sip(element: Element, reading: Reading) -> Noun | None:
    """One address as text, or several as Uri children, the lowest priority number and the greatest weight first."""
    attributes = Attributes(element, reading)
    report, whisper = _report(attributes), _whisper(attributes, Code.SIP_METHOD)
    credentials = attributes.text("username", ""), attributes.text("password", "")
    _close(attributes)
    uris = sorted((child for child in children(element) if child.tag == "Uri"), key=_rank)
    headers = _header_children(element, reading)
    targets = [_sip_target(uri, reading, report, credentials, headers) for uri in uris or [element]]
    found = tuple(target for target in targets if target is not None)
    return Noun(found, whisper=whisper) if found else None


def _number(text: str, element: Element, reading: Reading) -> str:
    number = SEPARATORS.sub("", text)
    if TELEPHONE_NUMBER.fullmatch(number):
        return number
    reading.note(Code.NUMBER_FORMAT, element, "write a telephone number as +12065550100; nobody is rung for it")
    return ""


def _digits(attributes: Attributes) -> str:
    digits = attributes.text("sendDigits", "")
    if TONES.fullmatch(digits):
        return digits
    attributes.note(Code.NUMBER_SEND_DIGITS, "digits are 0-9, A-D, *, #, w and W; none are sent")
    return ""


def _whisper(attributes: Attributes, code: Code) -> WebhookRequest | None:
    url, method = attributes.url("url"), attributes.method("method", code)
    return WebhookRequest(url, method) if url else None


def _report(attributes: Attributes) -> ProgressReport | None:
    url = attributes.callback("statusCallback")
    method = attributes.method("statusCallbackMethod", Code.SCHEMA)
    events = frozenset(attributes.text("statusCallbackEvent", "completed").split())
    if not events <= PROGRESS_EVENTS:
        attributes.note(Code.SCHEMA, f"statusCallbackEvent lists {', '.join(sorted(PROGRESS_EVENTS))}; others are ignored")
    return ProgressReport(url, method, events & PROGRESS_EVENTS) if url else None


def _close(attributes: Attributes) -> None:
    for name in WITHOUT_EFFECT:
        attributes.text(name, "")
    attributes.close()


def _rank(uri: Element) -> tuple[int, int]:
    priority, weight = (_whole(uri.get(name, "")) for name in ("priority", "weight"))
    return priority, -weight


def _whole(number: str) -> int:
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 9 else 0


def _sip_target(
    element: Element,
    reading: Reading,
    report: ProgressReport | None,
    credentials: tuple[str, str],
    headers: Mapping[str, str],
) -> Target | None:
    uri, _, query = (element.text or "").strip().partition("?")
    if not SIP_URI.fullmatch(uri) or len(uri) > LONGEST_SIP_URI_CHARACTERS:
        limit = f"of at most {LONGEST_SIP_URI_CHARACTERS} characters"
        reading.note(Code.SIP_URI, element, f"write an address like sip:bob@example.com, {limit}; nobody is rung for it")
        return None
    username, password = element.get("username", credentials[0]), element.get("password", credentials[1])
    given = {**headers, **dict(_usable_headers(parse_qsl(query, keep_blank_values=True), element, reading))}
    return Target(uri, report, username, password, _short_enough(given, element, reading))


def _header_children(element: Element, reading: Reading) -> Mapping[str, str]:
    pairs = [
        (header.get("name", ""), header.get("value", ""))
        for block in children(element)
        if block.tag == "Headers"
        for header in children(block)
    ]
    return dict(_usable_headers(pairs, element, reading))


def _usable_headers(pairs: list[tuple[str, str]], element: Element, reading: Reading) -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        plain = value.isprintable() and re.fullmatch(r"[A-Za-z0-9-]+", name)
        if plain and (name.lower().startswith("x-") or name.lower() in STANDARD_HEADERS):
            yield name, value
        else:
            reading.note(Code.SIP_HEADER_NAME, element, "names of headers begin with X-; one is left out")


def _short_enough(headers: Mapping[str, str], element: Element, reading: Reading) -> Mapping[str, str]:
    if sum(len(name) + len(value) + 2 for name, value in headers.items()) < LONGEST_SIP_HEADERS_CHARACTERS:
        return headers
    reading.note(Code.SIP_HEADER_TOO_LONG, element, f"{LONGEST_SIP_HEADERS_CHARACTERS} characters or more; left out")
    return {}
