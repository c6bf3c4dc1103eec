"""Recordings, kept in memory as long as there is room: the newest push the oldest out.

Source: https://www.twilio.com/docs/voice/api/recording.
"""

import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from typing import Protocol

from pbx.audio.frame import RATE_HZ
from pbx.call import API_VERSION, Call
from voices.sound import Sound

LARGEST_SHELF_BYTES = 64 * 1024 * 1024
"""A little more than two hours of one channel."""
_HEADER_BYTES, _SAMPLE_BYTES = 44, 2
"""Of a WAV file with nothing but sound."""


class RecordingStatus(StrEnum):
    """Where a recording stands. Source: https://www.twilio.com/docs/voice/api/recording#update-a-recording-resource."""

    IN_PROGRESS = "in-progress"
    PAUSED = "paused"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class KeptRecording:
    """One recording: G.711 µ-law at 8 kHz, the channels interleaved."""

    sid: str
    account_sid: str
    call_sid: str
    source: str
    """What made it, in Twilio's words, such as RecordVerb."""
    began_at: datetime
    channels: int
    sound: bytes
    url: str
    conference_sid: str | None = None
    track: str = "both"
    """Which end of the call: both, inbound or outbound."""
    status: RecordingStatus = RecordingStatus.IN_PROGRESS

    @property
    def duration_seconds(self) -> int:
        return len(self.sound) // (RATE_HZ * self.channels)

    @property
    def wav_bytes(self) -> int:
        """The size of the file."""
        return _HEADER_BYTES + _SAMPLE_BYTES * len(self.sound)

    def wav(self) -> bytes:
        """The file, as Twilio's are: 16-bit PCM."""
        file = BytesIO()
        with wave.open(file, "wb") as recording:
            recording.setnchannels(self.channels)
            recording.setsampwidth(_SAMPLE_BYTES)
            recording.setframerate(RATE_HZ)
            recording.writeframes(Sound.of_mulaw(self.sound).pcm())
        return file.getvalue()


class Running(Protocol):
    """A recording under way, as others lay hands on it."""

    def pause(self, *, keeps_time: bool) -> None:
        """Record nothing until it goes on, or silence instead."""

    def go_on(self) -> None: ...

    def stop(self) -> KeptRecording:
        """The end of it, and what it has come to."""


class RecordingShelf:
    """What has been recorded lately, and what is being recorded."""

    def __init__(self, new_sid: Callable[[str], str], base_url: Callable[[], str]) -> None:
        """`base_url` is where this exchange's REST face is reached, without a slash at its end."""
        self._new_sid = new_sid
        self._base_url = base_url
        self._kept: dict[str, KeptRecording] = {}
        self._running: dict[str, Running] = {}
        self._held_bytes = 0

    def __iter__(self) -> Iterator[KeptRecording]:
        """The latest first."""
        return reversed(self._kept.values())

    def get(self, sid: str) -> KeptRecording | None:
        return self._kept.get(sid)

    def running(self, sid: str) -> Running | None:
        """Whoever makes the recording, while it is under way."""
        return self._running.get(sid)

    def begin(
        self,
        call: Call,
        source: str,
        began_at: datetime,
        channels: int = 1,
        conference_sid: str | None = None,
        track: str = "both",
    ) -> KeptRecording:
        """A recording that has just begun, with nothing in it yet, and not on the shelf."""
        sid = self._new_sid("RE")
        url = f"{self._base_url()}/{API_VERSION}/Accounts/{call.account_sid}/Recordings/{sid}"
        return KeptRecording(sid, call.account_sid, call.sid, source, began_at, channels, b"", url, conference_sid, track)

    def run(self, begun: KeptRecording, running: Running) -> None:
        """Put it on the shelf while it is made, for whoever pauses it or stops it."""
        self._kept[begun.sid] = begun
        self._running[begun.sid] = running

    def stand(self, recording: KeptRecording, status: RecordingStatus) -> KeptRecording:
        """The recording as it stands from now on."""
        self._kept[recording.sid] = replace(recording, status=status)
        return self._kept[recording.sid]

    def finish(self, begun: KeptRecording, sound: bytes) -> KeptRecording:
        """Put it on the shelf; what is older makes room."""
        self._running.pop(begun.sid, None)
        kept = self.stand(replace(begun, sound=sound), RecordingStatus.COMPLETED)
        self._held_bytes += len(sound)
        for older in [one for one in self._kept.values() if one.sound and one is not kept]:
            if self._held_bytes > LARGEST_SHELF_BYTES:
                self.delete(older.sid)
        return kept

    def delete(self, sid: str) -> bool:
        """Whether there was such a recording."""
        kept = self._kept.pop(sid, None)
        if kept is not None:
            self._held_bytes -= len(kept.sound)
        return kept is not None
