"""Where a recording is told of. Source: https://www.twilio.com/docs/voice/twiml/record#recordingstatuscallback."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime

from pbx.codes import Code
from pbx.reading import Attributes
from pbx.request import Method, WebhookRequest
from pbx.scene import Scene
from pbx.shelf import KeptRecording

TOLD_TO_ACTION = ("RecordingSid", "RecordingUrl", "RecordingDuration")
"""What the action of the verb that recorded hears of it."""
EVENTS = frozenset({"in-progress", "completed", "absent"})


@dataclass(frozen=True, slots=True)
class RecordingReport:
    """A callback, and which events it is told of."""

    url: str
    method: Method
    events: frozenset[str]

    def tell(self, scene: Scene, event: str, parameters: Mapping[str, str]) -> None:
        if event in self.events:
            told = {**parameters, "RecordingStatus": event}
            scene.mention(WebhookRequest(self.url, self.method, told))


def begin_recording(scene: Scene, source: str, report: RecordingReport | None, channels: int = 1) -> KeptRecording | None:
    """A recording that begins now, of which is told; None where the exchange keeps none."""
    shelf = scene.surroundings.recordings
    if shelf is None:
        return None
    begun = shelf.begin(scene.call, source, scene.call.clock(), channels)
    if report is not None:
        told = recording_parameters(begun)
        report.tell(scene, "in-progress", {name: value for name, value in told.items() if name != "RecordingDuration"})
    return begun


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


def recording_parameters(kept: KeptRecording) -> Mapping[str, str]:
    """What a callback is told of a recording."""
    return {
        "RecordingSid": kept.sid,
        "RecordingUrl": kept.url,
        "RecordingDuration": str(kept.duration_seconds),
        "RecordingChannels": str(kept.channels),
        "RecordingStartTime": format_datetime(kept.began_at),
        "RecordingSource": kept.source,
    }
