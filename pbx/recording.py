"""Recordings under way: of a call or a conference, from its beginning until it is stopped, and who is told of it.

Source: https://www.twilio.com/docs/voice/api/recording.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from enum import StrEnum

from pbx.audio.tap import Tap
from pbx.request import Method, WebhookRequest
from pbx.shelf import KeptRecording, RecordingShelf, RecordingStatus
from pbx.tape import BOTH, Tape

TRIMS = TRIMMED, WHOLE = "trim-silence", "do-not-trim"
"""Whether the silence before and after is kept."""
TOLD_TO_ACTION = ("RecordingSid", "RecordingUrl", "RecordingDuration")
"""What the action of the verb that recorded hears of it."""


class RecordingEvent(StrEnum):
    """What a recording's callback can be told of. Source: /docs/voice/twiml/record#recordingstatuscallbackevent."""

    BEGUN = "in-progress"
    COMPLETED = "completed"
    ABSENT = "absent"


EVENTS = frozenset(event.value for event in RecordingEvent)


class Source(StrEnum):
    """What made a recording, in Twilio's words."""

    RECORD = "RecordVerb"
    DIAL = "DialVerb"
    ORDERED_CALL = "OutboundAPI"
    CALL_BY_API = "StartCallRecordingAPI"
    CONFERENCE = "Conference"


@dataclass(frozen=True, slots=True)
class RecordingReport:
    """A callback, and which events it is told of."""

    url: str
    method: Method
    events: frozenset[str] = frozenset({RecordingEvent.COMPLETED.value})
    is_legacy: bool = False
    """The eventCallbackUrl of a conference, which is told of its end in words of its own."""

    def tell(self, tell: Callable[[WebhookRequest], None], event: RecordingEvent, recording: KeptRecording) -> None:
        if event.value not in self.events:
            return
        told = {"AccountSid": recording.account_sid, "RecordingStatus": event.value, **recording_parameters(recording)}
        told |= {"ConferenceSid": recording.conference_sid} if recording.conference_sid else {"CallSid": recording.call_sid}
        if self.is_legacy:
            told = _legacy_parameters(recording)
        elif event is RecordingEvent.BEGUN:
            del told["RecordingDuration"]
        tell(WebhookRequest(self.url, self.method, told))


@dataclass(frozen=True, slots=True)
class RecordingPlan:
    """What is recorded, how it is kept, and who is told."""

    source: Source
    is_dual: bool = False
    track: str = BOTH
    is_trimmed: bool = False
    report: RecordingReport | None = None

    @property
    def channels(self) -> int:
        return 2 if self.is_dual else 1


class RunningRecording:
    """One recording under way; it stands on the shelf from its beginning."""

    def __init__(
        self,
        shelf: RecordingShelf,
        begun: KeptRecording,
        plan: RecordingPlan,
        attach: Callable[[Tap], Callable[[], None]],
        tell: Callable[[WebhookRequest], None],
    ) -> None:
        """`attach` has a tap told of the sound, until its answer is called."""
        self._shelf = shelf
        self._plan = plan
        self._tell = tell
        self._tape = Tape(plan.track, is_dual=plan.is_dual)
        self._remove = attach(self._tape)
        self.recording = begun
        shelf.run(begun, self)
        self._report(RecordingEvent.BEGUN)

    @property
    def is_over(self) -> bool:
        return self.recording.status is RecordingStatus.COMPLETED

    def pause(self, *, keeps_time: bool) -> None:
        """See `Tape.pause`."""
        if not self.is_over:
            self._tape.pause(keeps_time=keeps_time)
            self.recording = self._shelf.stand(self.recording, RecordingStatus.PAUSED)

    def go_on(self) -> None:
        if not self.is_over:
            self._tape.go_on()
            self.recording = self._shelf.stand(self.recording, RecordingStatus.IN_PROGRESS)

    def stop(self) -> KeptRecording:
        """What has been recorded; only the first stop counts."""
        if not self.is_over:
            self._remove()
            sound = self._tape.sound(is_trimmed=self._plan.is_trimmed)
            self.recording = self._shelf.finish(self.recording, sound)
            self._report(RecordingEvent.COMPLETED)
        return self.recording

    def _report(self, event: RecordingEvent) -> None:
        if self._plan.report is not None:
            self._plan.report.tell(self._tell, event, self.recording)


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


def _legacy_parameters(kept: KeptRecording) -> dict[str, str]:
    return {
        "EventName": "conference-record-end",
        "AccountSid": kept.account_sid,
        "ConferenceSid": kept.conference_sid or "",
        "RecordingUrl": kept.url,
        "Duration": str(kept.duration_seconds),
        "RecordingFileSize": str(kept.wav_bytes),
    }
