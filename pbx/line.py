"""One call as the exchange knows it, whoever carries it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Protocol

from pbx.audio.port import PortFigures
from pbx.audio.tap import Tap
from pbx.call import Call, CallStatus
from pbx.recording import TOLD_TO_ACTION, RecordingPlan, RunningRecording, Source, recording_parameters
from pbx.request import Destination, Method, WebhookRequest
from pbx.rooms.participant import Participant
from pbx.rooms.queues import Waiting
from pbx.shelf import RecordingShelf

FINAL_EVENT = "completed"
INITIATED = "initiated"
"""What a call that has just been made is called by its callback; by REST it is queued."""
EVENT_OF_STATUS = {CallStatus.QUEUED: INITIATED, CallStatus.RINGING: "ringing", CallStatus.IN_PROGRESS: "answered"}
PROGRESS_EVENTS = frozenset({*EVENT_OF_STATUS.values(), FINAL_EVENT})
"""What a call made by REST, or by a Dial, can tell. Source: /docs/voice/api/call-resource#statuscallbackevent."""


class Carrier(Protocol):
    """What carries a call and can be told to move it: a phone elsewhere, or an interpreter in this process."""

    def redirect(self, destination: Destination, fallback: WebhookRequest | None = None) -> None:
        """Drop everything and go on there, with another fallback URL if one is given."""

    def hang_up(self) -> None:
        """End the call, answered or not."""


@dataclass(frozen=True, slots=True)
class ProgressReport:
    """Where a call made by REST, or by a Dial, tells how it goes."""

    url: str
    method: Method = Method.POST
    events: frozenset[str] = frozenset({FINAL_EVENT})


class Timer(Protocol):
    """Something that will happen, unless it is cancelled."""

    def cancel(self) -> object: ...


def _nothing() -> None:
    """What most calls leave behind when they end."""


@dataclass(slots=True, eq=False)
class Line:
    """A call, where it stays, and how to move it. Whatever becomes of the call itself is noted here as it happens."""

    call: Call
    tell: Callable[[WebhookRequest], None]
    created_at: datetime
    updated_at: datetime
    carrier: Carrier | None = None
    """None until the phone that a call is made to has been rung."""
    report: ProgressReport | None = None
    on_answer: Callable[[], object] = _nothing
    on_end: Callable[[], None] = _nothing
    waiting: Waiting | None = None
    participant: Participant | None = None
    figures: Callable[[], PortFigures] | None = None
    """How the phone's sound comes over, where this process carries it."""
    tap: Callable[[Tap], Callable[[], None]] | None = None
    """Has a tap told of that sound, until its answer is called."""
    time_limit: Timer | None = None
    """What ends the call when it has lasted as long as it may."""
    _recordings: list[RunningRecording] = field(default_factory=list)
    _sequence: int = 0
    _is_over: bool = False

    def __post_init__(self) -> None:
        self.call.on_progress = self._note

    def progress(self, status: CallStatus) -> None:
        """The call has come as far as this; whoever made it is told."""
        changed = self.call.status is not status
        self.call.status = status
        if changed:
            self._note()

    def announce(self) -> None:
        """Tell how the call stands, if that was asked for."""
        event = EVENT_OF_STATUS.get(self.call.status, FINAL_EVENT)
        if self.report is None or event not in self.report.events:
            return
        told = {**self.call.parameters(), "CallbackSource": "call-progress-events", "SequenceNumber": str(self._sequence)}
        if event == INITIATED:
            told["CallStatus"] = INITIATED
        told["Timestamp"] = format_datetime(self.call.clock())
        if self.call.status is CallStatus.COMPLETED:
            told["CallDuration"] = str(self.call.duration_seconds)
            told.update(self._recorded())
        self._sequence += 1
        self.tell(WebhookRequest(self.report.url, self.report.method, told))

    def leave_rooms(self, *, moved: bool = False) -> None:
        """Out of any queue and any conference."""
        if self.waiting is not None:
            self.waiting.leave()
        if self.participant is not None:
            (self.participant.move_out if moved else self.participant.leave)()
        self.waiting = self.participant = None

    def record(self, plan: RecordingPlan, shelf: RecordingShelf) -> RunningRecording | None:
        """Record the call from now on, to its end at the latest; None where its sound is not carried here."""
        if self.tap is None:
            return None
        begun = shelf.begin(self.call, plan.source, self.call.clock(), plan.channels, track=plan.track)
        self._recordings.append(RunningRecording(shelf, begun, plan, self.tap, self.tell))
        return self._recordings[-1]

    def redirect(self, destination: Destination, fallback: WebhookRequest | None = None) -> None:
        """Move the call. It is told first: leaving a conference must not look to it as if that had ended."""
        if self.carrier is not None:
            self.carrier.redirect(destination, fallback)
        self.leave_rooms(moved=True)

    def hang_up(self) -> None:
        if self.carrier is not None:
            self.carrier.hang_up()
        self.leave_rooms()

    def cancel(self) -> None:
        """Give up a call that nobody has answered."""
        self.hang_up()
        self.end(CallStatus.CANCELED)

    def end(self, status: CallStatus) -> None:
        """The call is over; only the first end counts."""
        self.call.end(status)

    def _note(self) -> None:
        """The call has been answered, rings, or is over, of which only the first counts."""
        self.updated_at = self.call.clock()
        if not self.call.status.is_final:
            self.announce()
            if self.call.status is CallStatus.IN_PROGRESS:
                self.on_answer()
        elif not self._is_over:
            self._is_over = True
            self.leave_rooms()
            for running in self._recordings:
                running.stop()
            if self.time_limit is not None:
                self.time_limit.cancel()
            self.announce()
            self.on_end()
            self._let_go()

    def _let_go(self) -> None:
        """What carried a call that is over need not be remembered with it."""
        self.carrier = self.figures = self.tap = self.time_limit = None
        self.on_answer = self.on_end = self.call.on_progress = _nothing
        self._recordings.clear()

    def _recorded(self) -> Mapping[str, str]:
        """What has been recorded of a call that was made with Record=true."""
        for running in self._recordings:
            if running.recording.source == Source.ORDERED_CALL:
                told = recording_parameters(running.recording)
                return {name: told[name] for name in TOLD_TO_ACTION}
        return {}
