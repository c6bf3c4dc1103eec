"""Whatever a webhook answers, the interpreter survives it: a call ends in one of its ways, and nothing is raised."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pbx.call import Ending

_VERBS = """
Say Play Pause Gather Redirect Hangup Reject Dial Enqueue Leave Record Connect Start Stop Number Client Sip Queue Conference
Stream Parameter Identity Uri Response say Nonsense
"""
_ATTRIBUTES = """
action method timeout timeLimit hangupOnStar callerId record url name track input numDigits finishOnKey speechTimeout loop voice
language length reason waitUrl maxQueueSize sendDigits sequential answerOnBridge maxLength playBeep value xml:lang
"""
VERBS, ATTRIBUTES = _VERBS.split(), _ATTRIBUTES.split()
VALUES = st.sampled_from(["", "true", "0", "1", "5", "-1", "POST", "#", "/voice", "wss://x/y", "http://[", "agents"]) | st.text(
    "<&>\"'é☃ 0a", max_size=6
)


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def element(children):
    attributes = st.dictionaries(st.sampled_from(ATTRIBUTES), VALUES, max_size=3)
    return st.builds(_write, st.sampled_from(VERBS), attributes, VALUES, st.lists(children, max_size=3))


def _write(name, attributes, text, children):
    given = "".join(f' {attribute}="{escaped(value)}"' for attribute, value in attributes.items())
    return f"<{name}{given}>{escaped(text)}{''.join(children)}</{name}>"


trees = st.recursive(st.just("<Pause/>"), element, max_leaves=6)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | st.sampled_from([b"<Response>", b"\xff\xfe", b"<Response/>\x00", b"<!DOCTYPE x><Response/>"]))
def test_any_bytes_end_the_call_in_one_of_its_ways(play, body):
    call = play(body.decode("latin-1"), hang_up_at=60)
    assert call.ending in Ending


@settings(max_examples=150, deadline=None)
@given(st.lists(trees, max_size=4))
def test_any_verbs_in_any_nesting_end_the_call_in_one_of_its_ways(play, verbs):
    call = play({"/voice": ["<Response>" + "".join(verbs) + "</Response>", "<Hangup/>"]}, hang_up_at=600)
    assert call.ending in Ending


@settings(max_examples=40, deadline=None)
@given(st.lists(trees, min_size=1, max_size=3))
def test_any_wait_content_keeps_the_caller_in_the_queue_or_lets_them_out(play, verbs):
    body = "<Response>" + "".join(verbs) + "</Response>"
    pages = {"/voice": "<Enqueue waitUrl='/wait' action='/done'>agents</Enqueue>", "/wait": body, "/done": "<Hangup/>"}
    assert play(pages, hang_up_at=60).ending in Ending
