"""From bytes to verbs: what an answer's content type makes of it, and TwiML read with no entities and no network."""

import codecs
import re
from dataclasses import dataclass
from functools import cache

from lxml import etree

from pbx.codes import Code, DocumentError, Notice
from pbx.reading import Attributes, Element, Reading, Vocabulary, verbs_in
from pbx.scene import Verb
from pbx.speech import Span, Speech
from pbx.verbs.play import Play
from pbx.verbs.say import Say

BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

CHARSET = re.compile(r";\s*charset=\"?([\w.:-]+)", re.ASCII | re.IGNORECASE)

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

    Raises DocumentError: 11770, 12100, 12101, 12102 or 12300.
    """
    content_type = answer.content_type.partition(";")[0].strip().lower()
    if content_type in TWIML_TYPES:
        return _twiml_in(answer, vocabulary)
    if content_type == "text/plain":
        return _read_plain_text(answer, vocabulary)
    if content_type.startswith(AUDIO):
        return Document(answer.url, (Play(answer.url),))
    detail = "answer with text/xml" if content_type else "the answer has no Content-Type; answer with text/xml"
    raise DocumentError(Code.BAD_CONTENT_TYPE, answer.url, detail)


def parse_twiml(body: bytes, url: str, vocabulary: Vocabulary, charset: str | None = None) -> Document:
    """The verbs of a TwiML document, in that encoding or the one that its own first line names.

    Raises DocumentError: 11770, 12100, 12101 or 12102.
    """
    root = _root(body, url, charset)
    reading = Reading(url)
    Attributes(root, reading).close()
    if any(text and text.strip() for text in (root.text, *(child.tail for child in root))):
        reading.note(Code.SCHEMA, root, "words outside of a verb are ignored; put them into Say")
    verbs = tuple(verbs_in(root, vocabulary, reading, Code.SCHEMA))
    return Document(url, verbs, tuple(reading.notices))


def _root(body: bytes, url: str, charset: str | None) -> Element:
    if not body.strip():
        raise DocumentError(Code.EMPTY_BODY, url, "the answer is empty; answer with at least <Response/>")
    parser = _parser(charset)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_UNKNOWN_VERSION:
            raise DocumentError(Code.XML_VERSION, url, "write version 1.0", 1) from None
        raise DocumentError(Code.NOT_XML, url, "it is not well-formed XML", error.lineno or 1) from None
    if root.getroottree().docinfo.xml_version != "1.0":
        raise DocumentError(Code.XML_VERSION, url, "write version 1.0", 1)
    if root.getroottree().docinfo.internalDTD is not None:
        raise DocumentError(Code.NOT_XML, url, "a document type is not allowed in TwiML; leave DOCTYPE out", 1)
    if root.tag != "Response":
        raise DocumentError(Code.NOT_A_RESPONSE, url, "TwiML begins with <Response>", root.sourceline)
    return root


@cache
def _parser(charset: str | None) -> etree.XMLParser:
    """One that fetches and expands nothing, and drops comments, since one inside a text would cut it in two."""
    return etree.XMLParser(
        encoding=charset,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _read_plain_text(answer: Answer, vocabulary: Vocabulary) -> Document:
    """Plain text is TwiML if it parses as such; otherwise it is spoken and the call ends."""
    try:
        return _twiml_in(answer, vocabulary)
    except DocumentError as error:
        if error.code is Code.EMPTY_BODY:
            raise
        words = (_text(answer) or answer.body.decode("utf-8", "replace")).removeprefix("\ufeff")
        return Document(answer.url, (Say(Speech((Span(words),))),))


def _twiml_in(answer: Answer, vocabulary: Vocabulary) -> Document:
    text = _text(answer)
    if text is None:
        return parse_twiml(answer.body, answer.url, vocabulary)
    return parse_twiml(text.encode(), answer.url, vocabulary, "utf-8")


def _text(answer: Answer) -> str | None:
    """The body in the encoding that HTTP names, which outweighs the document's own word for it (RFC 7303, section 3.2).

    None where HTTP names none that can be, or a byte-order mark says better.
    """
    named = CHARSET.search(answer.content_type)
    if named is None or answer.body.startswith(BYTE_ORDER_MARKS):
        return None
    try:
        return answer.body.decode(named[1])
    except (LookupError, UnicodeDecodeError):
        return None
