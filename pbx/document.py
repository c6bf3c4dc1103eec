"""From bytes to verbs: what an answer's content type makes of it, and TwiML read with no entities and no network."""

from dataclasses import dataclass

from lxml import etree

from pbx.codes import Code, DocumentError, Notice
from pbx.reading import Element, Reading, Vocabulary, verbs_in
from pbx.scene import Verb
from pbx.speech import Span, Speech
from pbx.verbs.play import Play
from pbx.verbs.say import Say

AUDIO = "audio/"
"""Such an answer is played and the document is over."""

TWIML_TYPES = {"text/xml", "application/xml", "text/html"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a webhook answered. `url` is the one that holds the document, after redirects."""

    url: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """TwiML, read: its verbs in order, and what was noted about them."""

    url: str
    verbs: tuple[Verb, ...]
    notices: tuple[Notice, ...] = ()


def read_answer(answer: Answer, vocabulary: Vocabulary) -> Document:
    """The document in an answer, by Twilio's rules on content types (https://www.twilio.com/docs/voice/twiml).

    Raises DocumentError: 12100, 12102 or 12300.
    """
    content_type = answer.content_type.partition(";")[0].strip().lower()
    if content_type in TWIML_TYPES:
        return parse_twiml(answer.body, answer.url, vocabulary)
    if content_type == "text/plain":
        return _read_plain_text(answer, vocabulary)
    if content_type.startswith(AUDIO):
        return Document(answer.url, (Play(answer.url),))
    detail = "answer with text/xml" if content_type else "the answer has no Content-Type; answer with text/xml"
    raise DocumentError(Code.BAD_CONTENT_TYPE, answer.url, detail)


def parse_twiml(body: bytes, url: str, vocabulary: Vocabulary) -> Document:
    """The verbs of a TwiML document. Raises DocumentError: 12100 or 12102."""
    root = _root(body, url)
    reading = Reading(url)
    verbs = tuple(verbs_in(root, vocabulary, reading, Code.SCHEMA))
    return Document(url, verbs, tuple(reading.notices))


def _root(body: bytes, url: str) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise DocumentError(Code.NOT_XML, url, "it is not well-formed XML", error.lineno or 1) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise DocumentError(Code.NOT_XML, url, "a document type is not allowed in TwiML; leave DOCTYPE out", 1)
    if root.tag != "Response":
        raise DocumentError(Code.NOT_A_RESPONSE, url, "TwiML begins with <Response>", root.sourceline)
    return root


def _read_plain_text(answer: Answer, vocabulary: Vocabulary) -> Document:
    """Plain text is TwiML if it parses as such; otherwise it is spoken and the call ends."""
    try:
        return parse_twiml(answer.body, answer.url, vocabulary)
    except DocumentError:
        words = answer.body.decode("utf-8", "replace")
        return Document(answer.url, (Say(Speech((Span(words),))),))
