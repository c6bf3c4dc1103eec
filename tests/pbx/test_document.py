"""Documents as /docs/voice/twiml tells them: what is TwiML, what is warned of, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.codes import DocumentError
from pbx.document import Answer, Document, parse_twiml, read_answer
from pbx.speech import Span, Speech
from pbx.verbs.pause import Pause
from pbx.verbs.say import Say
from pbx.vocabulary import CALL_VERBS, WAIT_VERBS

URL = "http://centre.test/voice"
BILLION_LAUGHS = (
    b'<!DOCTYPE Response [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<Response><Say voice="&b;">&b;</Say></Response>'
)
OUTSIDE_ENTITY = b'<!DOCTYPE Response [<!ENTITY x SYSTEM "file:///etc/hostname">]><Response><Say>&x;</Say></Response>'


def parse(xml: str | bytes):
    return parse_twiml(xml.encode() if isinstance(xml, str) else xml, URL, CALL_VERBS)


def refusal(body: bytes, content_type: str = "text/xml") -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read_answer(Answer(URL, content_type, body), CALL_VERBS)
    return caught.value


def test_verbs_come_in_document_order():
    document = parse("<Response><Say>one</Say><Pause/><Say>two</Say></Response>")
    assert [type(verb) for verb in document.verbs] == [Say, Pause, Say]


def test_a_response_may_be_empty():
    assert parse("<Response/>").verbs == ()


def test_comments_and_processing_instructions_are_ignored():
    document = parse("<?xml version='1.0'?><!-- a --><Response><!-- b --><?php c ?><Say>a<!-- d -->b</Say></Response>")
    assert [str(verb.speech) for verb in document.verbs] == ["ab"]
    assert document.notices == ()


def test_verb_names_are_case_sensitive_and_unknown_ones_are_skipped_with_a_warning():
    document = parse("<Response>\n<say>no</say>\n<Dance/>\n<Say>yes</Say>\n</Response>")
    assert [str(verb.speech) for verb in document.verbs] == ["yes"]
    assert [(notice.code, notice.line) for notice in document.notices] == [(12200, 2), (12200, 3)]


def test_unknown_attributes_are_warned_of_with_their_line():
    (notice,) = parse('<Response>\n\n<Pause Length="3"/></Response>').notices
    assert (notice.code, notice.line) == (12200, 3)
    assert "Length" in str(notice)


def test_leave_stands_only_in_a_wait_document_and_enqueue_only_outside_one():
    both = b"<Response><Leave/><Enqueue>agents</Enqueue></Response>"
    assert [notice.line for notice in parse_twiml(both, URL, CALL_VERBS).notices] == [1]
    assert type(parse_twiml(both, URL, CALL_VERBS).verbs[0]).__name__ == "Enqueue"
    assert type(parse_twiml(both, URL, WAIT_VERBS).verbs[0]).__name__ == "Leave"


@pytest.mark.parametrize(
    "body",
    [
        b"Hello",
        b"\x00\xff",
        b"<Response>",
        b"<Response><Say>one</Response>",
        b"<Response/><Response/>",
        b"<Response><Say loop=1/></Response>",
        b"<Response>&nbsp;</Response>",
        b"<Response><Say>\xff</Say></Response>",
        b"<?xml version='1.0' encoding='klingon'?><Response/>",
        b"{}",
        BILLION_LAUGHS,
        OUTSIDE_ENTITY,
        b"<!DOCTYPE html><Response/>",
        b"<Response>" + b"<Say>" * 10_000,
    ],
)
def test_what_is_not_well_formed_is_12100(body):
    error = refusal(body)
    assert (error.code, error.url) == (12100, URL)
    assert error.line


@pytest.mark.parametrize("body", [b"", b"   "])
def test_an_empty_answer_is_11770(body):
    assert refusal(body).code == 11770


@pytest.mark.parametrize("body", [b"<response/>", b"<html/>", b"<Say>hello</Say>", b"<Response xmlns='urn:x'/>"])
def test_another_root_than_response_is_12102(body):
    assert refusal(body).code == 12102


def test_an_error_names_the_code_the_document_and_the_line_and_hides_the_query():
    error = DocumentError(refusal(b"\n<Response>").code, "http://me:secret@centre.test/voice?key=1#rc=2", "broken", 2)
    assert str(error) == "error 12100, http://centre.test/voice, line 2: Document parse failure: broken"


@pytest.mark.parametrize("content_type", ["text/xml", "application/xml; charset=utf-8", "TEXT/HTML"])
def test_xml_and_html_are_read_as_twiml(content_type):
    assert len(read_answer(Answer(URL, content_type, b"<Response><Pause/></Response>"), CALL_VERBS).verbs) == 1


def test_plain_text_is_twiml_if_it_parses():
    assert read_answer(Answer(URL, "text/plain", b"<Response><Pause/></Response>"), CALL_VERBS).verbs == (Pause(1),)


def test_plain_text_that_does_not_parse_is_spoken():
    document = read_answer(Answer(URL, "text/plain; charset=utf-8", b"Out of order"), CALL_VERBS)
    assert document.verbs == (Say(Speech((Span("Out of order"),))),)


@pytest.mark.parametrize("content_type", ["", "application/json", "video/mp4", "image/png", ";"])
def test_any_other_content_type_is_12300(content_type):
    assert refusal(b"<Response/>", content_type).code == 12300


def read_or_refused(body: bytes, content_type: str = "text/xml") -> Document | DocumentError:
    try:
        return read_answer(Answer(URL, content_type, body), CALL_VERBS)
    except DocumentError as error:
        return error


@given(st.binary(max_size=400), st.sampled_from(["text/xml", "text/plain"]))
def test_any_bytes_raise_nothing_but_the_document_error(body, content_type):
    read = read_or_refused(body, content_type)
    assert read.code in {11770, 12100, 12101, 12102} if isinstance(read, DocumentError) else isinstance(read.verbs, tuple)


NAMES = [*CALL_VERBS, "Leave", "Conference", "Number", "say", "break", "prosody", "say-as", "Ünknown"]
ATTRIBUTES = [
    "action",
    "method",
    "timeout",
    "numDigits",
    "finishOnKey",
    "input",
    "loop",
    "length",
    "reason",
    "waitUrl",
    "endConferenceOnExit",
    "coach",
    "time",
    "strength",
    "hints",
]
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="<&\"'￾￿"), max_size=8)


def element(name: str, attributes: dict[str, str], inside: str) -> str:
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{written}>{inside}</{name}>"


ELEMENTS = st.deferred(
    lambda: st.builds(
        element,
        st.sampled_from(NAMES),
        st.dictionaries(st.sampled_from(ATTRIBUTES), TEXTS | st.sampled_from(["0", "5", "http://[", "auto", "true"])),
        TEXTS | st.lists(ELEMENTS, max_size=3).map("".join),
    )
)


@given(st.lists(ELEMENTS, max_size=4).map("".join))
def test_any_verbs_with_any_attributes_are_read_or_refused(inside):
    read = read_or_refused(f"<Response>{inside}</Response>".encode())
    if isinstance(read, DocumentError):
        assert (read.code in {11100, 13215, 13231, 14204, 14205}, read.line) == (True, 1)
    else:
        assert {notice.line for notice in read.notices} <= {1}


@pytest.mark.parametrize(
    ("xml", "attribute", "told"),
    [
        ("<Redirect><!-- a -->http://a.test/b</Redirect>", "url", "http://a.test/b"),
        ("<Redirect>http://a.test/<?b c?>b</Redirect>", "url", "http://a.test/b"),
        ("<Redirect><![CDATA[http://a.test/?a=1&b=2]]></Redirect>", "url", "http://a.test/?a=1&b=2"),
        ("<Redirect>\n  /b?a=1&amp;b=2\n</Redirect>", "url", "http://centre.test/b?a=1&b=2"),
        ("<Enqueue>age<!-- a -->nts</Enqueue>", "queue_name", "agents"),
    ],
)
def test_a_comment_does_not_cut_a_text_in_two(xml, attribute, told):
    (verb,) = parse(f"<Response>{xml}</Response>").verbs
    assert getattr(verb, attribute) == told


def said_in(body: bytes, content_type: str) -> list[str]:
    return [str(verb.speech) for verb in read_answer(Answer(URL, content_type, body), CALL_VERBS).verbs]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<Response><Say>ü</Say></Response>".encode("latin-1"), "text/xml; charset=ISO-8859-1"),
        ("<Response><Say>ü</Say></Response>".encode("latin-1"), 'text/xml;charset="iso-8859-1"'),
        ("<?xml version='1.0' encoding='utf-16'?><Response><Say>ü</Say></Response>".encode(), "text/xml; charset=utf-8"),
        ("<?xml version='1.0' encoding='iso-8859-1'?><Response><Say>ü</Say></Response>".encode("latin-1"), "text/xml"),
        ("<Response><Say>ü</Say></Response>".encode("utf-16"), "text/xml; charset=latin-1"),
        ("<Response><Say>ü</Say></Response>".encode("utf-8-sig"), "text/xml; charset=latin-1"),
        ("<Response><Say>ü</Say></Response>".encode(), "text/xml; charset=klingon"),
        ("<Response><Say>ü</Say></Response>".encode(), "text/xml; charset=rot13"),
        ("ü".encode("latin-1"), "text/plain; charset=latin-1"),
        ("ü".encode(), "text/plain"),
    ],
)
def test_the_encoding_that_http_names_counts_before_the_document_s_own(body, content_type):
    assert said_in(body, content_type) == ["ü"]


def test_an_empty_plain_text_is_an_empty_body():
    assert refusal(b" ", "text/plain").code == 11770


def test_only_version_1_0_is_read():
    assert refusal(b"<?xml version='1.1'?><Response/>").code == 12101


@pytest.mark.parametrize(
    "inside",
    [
        "words<Say>a</Say>",
        "<Say>a</Say>words",
        "<Say>a</Say><Pause><Say>b</Say></Pause>",
        "<Say>a</Say><Reject><Say>b</Say></Reject>",
        "<Say>a</Say><Play>/a.wav<Say>b</Say></Play>",
    ],
)
def test_what_stands_where_nothing_may_stand_is_warned_of_and_skipped(inside):
    document = parse(f"<Response>{inside}</Response>")
    assert [notice.code for notice in document.notices] == [12200]
    assert [str(verb.speech) for verb in document.verbs if isinstance(verb, Say)] == ["a"]


def test_an_attribute_of_response_is_warned_of_unless_it_is_of_another_namespace():
    assert [notice.code for notice in parse("<Response voice='alice'/>").notices] == [12200]
    schema = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:noNamespaceSchemaLocation='twiml.xsd'"
    assert parse(f"<Response {schema}/>").notices == ()


def test_a_response_of_another_namespace_is_none():
    assert refusal(b"<Response xmlns='http://example.com/'/>").code == 12102
