"""Record: what the caller says is kept. Source: https://www.twilio.com/docs/voice/twiml/record."""

from collections.abc import Mapping
from dataclasses import dataclass

from pbx.codes import Code, Notice
from pbx.leg import HungUp, Recording, RecordingTerms
from pbx.reading import Attributes, Element, Reading
from pbx.recording import TOLD_TO_ACTION, TRIMMED, TRIMS, RecordingEvent, RecordingReport, Source, recording_parameters
from pbx.request import Method, WebhookRequest
from pbx.scene import Outcome, Scene
from pbx.shelf import KeptRecording
from pbx.tape import BOTH, TRACKS
from pbx.verbs.recording_report import parse_report

SILENCE_SECONDS = 5
LONGEST_SECONDS = 3600
KEYPAD = "1234567890*#"
HANGUP = "hangup"


@dataclass(frozen=True, slots=True)
class Record:
    """A recording of the caller; its action is always requested, and says how the call goes on."""

    terms: RecordingTerms
    action: str
    method: Method
    report: RecordingReport | None
    url: str
    line: int | None

    @classmethod
    def parse(cls, element: Element, reading: Reading) -> "Record":
        attributes = Attributes(element, reading)
        record = cls(
            terms=_terms(attributes),
            action=attributes.url("action") or reading.url,
            method=attributes.method("method", Code.RECORD_METHOD),
            report=parse_report(attributes),
            url=reading.url,
            line=element.sourceline,
        )
        _read_transcription(attributes)
        attributes.one_of("recordingTrack", TRACKS, BOTH, Code.RECORDING_TRACK)
        attributes.close()
        return record

    async def execute(self, scene: Scene) -> Outcome:
        await scene.pick_up()
        begun = self._begun(scene)
        recording = await scene.leg.record(self.terms)
        request = WebhookRequest(self.action, self.method, self._kept(scene, recording, begun))
        if recording.ended_by != HANGUP:
            return request
        scene.call.end()
        await scene.tell(request)
        raise HungUp

    def _begun(self, scene: Scene) -> KeptRecording | None:
        """A recording that begins now; None where the exchange keeps none."""
        shelf = scene.surroundings.recordings
        if shelf is None:
            return None
        begun = shelf.begin(scene.call, Source.RECORD, scene.call.clock())
        self._tell(scene, RecordingEvent.BEGUN, begun)
        return begun

    def _kept(self, scene: Scene, recording: Recording, begun: KeptRecording | None) -> Mapping[str, str]:
        """What the action is told; the recording is on the shelf by then."""
        digits = {"Digits": recording.ended_by} if recording.ended_by else {}
        shelf = scene.surroundings.recordings
        if shelf is None or begun is None:
            scene.note(Notice(Code.INTERNAL, self.url, self.line, "this phone's exchange keeps no recordings"))
            return digits
        kept = shelf.finish(begun, recording.sound)
        self._tell(scene, RecordingEvent.COMPLETED if recording.sound else RecordingEvent.ABSENT, kept)
        told = recording_parameters(kept)
        return {name: told[name] for name in TOLD_TO_ACTION} | digits

    def _tell(self, scene: Scene, event: RecordingEvent, recording: KeptRecording) -> None:
        if self.report is not None:
            self.report.tell(scene.mention, event, recording)


def _terms(attributes: Attributes) -> RecordingTerms:
    return RecordingTerms(
        silence_seconds=attributes.whole_number("timeout", SILENCE_SECONDS, Code.RECORD_TIMEOUT, least=0),
        longest_seconds=attributes.whole_number("maxLength", LONGEST_SECONDS, Code.RECORD_MAX_LENGTH, most=LONGEST_SECONDS),
        finish_keys=_finish_keys(attributes),
        beeps=attributes.flag("playBeep", True, Code.RECORD_PLAY_BEEP),
        trims_silence=attributes.one_of("trim", TRIMS, TRIMMED, Code.RECORD_TRIM) == TRIMMED,
    )


def _finish_keys(attributes: Attributes) -> str:
    """Any of them ends the recording."""
    keys = attributes.text("finishOnKey", KEYPAD)
    if set(keys) <= set(KEYPAD):
        return keys
    attributes.note(Code.RECORD_FINISH_ON_KEY, f"finishOnKey holds keys of {KEYPAD}; any of them ends it")
    return KEYPAD


def _read_transcription(attributes: Attributes) -> None:
    """Recordings are not written down here."""
    wished = attributes.flag("transcribe", False, Code.RECORD_TRANSCRIBE)
    if wished or attributes.url("transcribeCallback"):
        attributes.note(Code.RECORD_NO_TRANSCRIPTION, "recordings are not transcribed here")
