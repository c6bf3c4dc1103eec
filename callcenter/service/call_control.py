"""Doing what the floor asks of calls, through the telephony side's REST API (twilio.com/docs/voice/api).

A command may come late, twice, or after the caller is gone: what is so already is left alone, what is not there yet raises
TelephonyError, so that the clerk asks again a moment later. Nothing here waits for anybody to pick up.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from twilio.rest import Client

from callcenter.floor.call_commands import Command, Do, Mode
from callcenter.service.telephony import TelephonyError, said_in_sentences

MUSIC_PATH = "/voice/music"
CALLBACK_PATH = "/voice/callback"
STATUS_PATH = "/voice/status"
DESK_PATH = "/voice/desk"
"""Where it is told that a phone at a desk is down."""
WHOSE_PHONE = ("call", "person", "part")
"""What that is told with, as commands name it."""
RING_SECONDS = 30


@dataclass(frozen=True, slots=True)
class CallControl:
    """Performs the commands of `callcenter.floor.call_commands`. `line_number` (E.164) is who calls; `base_url` is where the
    telephony side reaches the line's webhooks."""

    client: Client
    line_number: str
    base_url: str

    def perform(self, command: Command) -> None:
        """One command. Raises TelephonyError when it could not be done, final when asking again is no use."""
        acts: Mapping[str, Callable[[Command], None]] = {
            Do.DEQUEUE: self._dequeue,
            Do.REDIRECT: self._redirect,
            Do.HANG_UP: self._hang_up,
            Do.HOLD: self._hold,
            Do.MUTE: self._mute,
            Do.RING: self._ring,
            Do.MODE: self._change_mode,
            Do.DROP: self._drop,
            Do.CALL_BACK: self._call_back,
        }
        with said_in_sentences():
            acts[command["do"]](command)

    def _dequeue(self, command: Command) -> None:
        """By the queue where it is known. A caller who has left it for the conference already must not be moved out of that."""
        if command["queue"]:
            with _unless_gone() as member:
                members = self.client.queues(command["queue"]).members
                members(command["call"]).update(url=self._url(command["path"]), method="POST")
                member.is_there = True
            if member.is_there or self._is_in_conference(command["call"]):
                return
        self._redirect(command)

    def _redirect(self, command: Command) -> None:
        with _unless_gone():
            self.client.calls(command["call"]).update(url=self._url(command["path"]), method="POST")

    def _hang_up(self, command: Command) -> None:
        with _unless_gone():
            self.client.calls(command["call"]).update(status="completed")

    def _hold(self, command: Command) -> None:
        hold_url = self._url(MUSIC_PATH)
        self._participant(command, command["call"]).update(hold=command["on"] == "yes", hold_url=hold_url, hold_method="GET")

    def _mute(self, command: Command) -> None:
        self._participant(command, command["label"]).update(muted=command["on"] == "yes")

    def _ring(self, command: Command) -> None:
        """The conference goes by its name here, so that ringing begins it (the one act that takes a name)."""
        self.client.conferences(command["call"]).participants.create(
            from_=self.line_number,
            to=command["phone"],
            label=command["label"],
            beep="false",
            end_conference_on_exit=False,
            early_media=False,
            timeout=RING_SECONDS,
            wait_url=self._url(MUSIC_PATH),
            wait_method="GET",
            status_callback=self._url(f"{DESK_PATH}?{urlencode({name: command[name] for name in WHOSE_PHONE})}"),
            **self._part(command),
        )

    def _change_mode(self, command: Command) -> None:
        part = self._part(command)
        self._participant(command, command["label"]).update(**{"coaching": False, **part})

    def _drop(self, command: Command) -> None:
        conference = self._conference(command["call"])
        if conference is not None:
            with _unless_gone():
                conference.participants(command["label"]).delete()

    def _call_back(self, command: Command) -> None:
        self.client.calls.create(
            to=command["to"],
            from_=self.line_number,
            url=self._url(f"{CALLBACK_PATH}?case={command['case']}"),
            status_callback=self._url(f"{STATUS_PATH}?case={command['case']}"),  # a phone nobody picks up frees the agent
            timeout=RING_SECONDS,
        )

    def _part(self, command: Command) -> dict[str, Any]:
        """How somebody takes part, as Twilio's parameters."""
        if command["mode"] != Mode.COACH:
            return {"muted": command["mode"] == Mode.LISTEN}
        coached = self._participant(command, command["coached"]).fetch()
        return {"muted": False, "coaching": True, "call_sid_to_coach": coached.call_sid}

    def _participant(self, command: Command, who: str) -> Any:
        """Somebody in the conference, by CallSid or label. Raises TelephonyError when there is no conference yet."""
        conference = self._conference(command["call"])
        if conference is None:
            raise TelephonyError("The conference of this call has not begun", is_gone=True)
        return conference.participants(who)

    def _conference(self, name: str) -> Any | None:
        """The conference of this name that is not over; participants are found by its SID only."""
        found = self.client.conferences.list(friendly_name=name, limit=20)
        return next((self.client.conferences(one.sid) for one in found if one.status != "completed"), None)

    def _is_in_conference(self, call_sid: str) -> bool:
        conference = self._conference(call_sid)
        if conference is None:
            return False
        with _unless_gone() as caller:
            conference.participants(call_sid).fetch()
            caller.is_there = True
        return caller.is_there

    def _url(self, path: str) -> str:
        return f"{self.base_url}{path}"


@dataclass(slots=True)
class _Presence:
    """Whether what was asked for was there."""

    is_there: bool = False


@contextmanager
def _unless_gone() -> Iterator[_Presence]:
    """A request about something that may be gone, which is then as well as done."""
    presence = _Presence()
    try:
        with said_in_sentences():
            yield presence
    except TelephonyError as error:
        if not error.is_gone:
            raise
