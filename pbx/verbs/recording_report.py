"""Where a recording is told of. Source: https://www.twilio.com/docs/voice/twiml/record#recordingstatuscallback."""

from pbx.codes import Code
from pbx.reading import Attributes
from pbx.recording import EVENTS, RecordingReport


def parse_report(attributes: Attributes) -> RecordingReport | None:
    url = attributes.callback("recordingStatusCallback")
    method = attributes.method("recordingStatusCallbackMethod", Code.SCHEMA)
    events = frozenset(attributes.text("recordingStatusCallbackEvent", "completed").split())
    if not events <= EVENTS:
        listed = ", ".join(sorted(EVENTS))
        attributes.note(Code.RECORDING_EVENTS, f"recordingStatusCallbackEvent lists {listed}; others are ignored")
    if url is not None and not url.startswith(("http://", "https://")):
        attributes.note(Code.RECORDING_CALLBACK, "recordingStatusCallback must begin with http:// or https://; nothing is told")
        return None
    return RecordingReport(url, method, events & EVENTS) if url else None
