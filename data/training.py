"""Simulated callers as records (`callcenter.floor.training.Training`): wanted, claimed by lease, played, over."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from callcenter.floor.training_records import Run, RunStatus, Traffic
from data import training_keys
from data.engine import Connection, Row
from data.times import to_microseconds, to_moment, to_moment_if_any

_SELECT = """
    SELECT id, story, started_by, wanted_at, status, doing, call_sid, serial, agreement, is_crowd, stop_wanted, ended_at
    FROM training_runs
"""
_ADD = """
    INSERT INTO training_runs (id, story, started_by, wanted_at, status, is_crowd)
    VALUES (:id, :story, :started_by, :wanted_at, :status, :is_crowd)
"""
_OPEN = f"{_SELECT} WHERE ended_at IS NULL ORDER BY wanted_at, id"
_NEWEST = f"{_SELECT} ORDER BY wanted_at DESC, id LIMIT :how_many"
_CLAIMABLE = f"""{_SELECT}
    WHERE ended_at IS NULL AND (status = :wanted OR leased_until < :now) ORDER BY wanted_at, id LIMIT 1
"""
_CLAIM = """
    UPDATE training_runs SET status = :under_way, leased_until = :until
    WHERE id = :id AND ended_at IS NULL AND (status = :wanted OR leased_until < :now)
"""
_RENEW = """
    UPDATE training_runs SET leased_until = :until WHERE id = :id AND ended_at IS NULL AND stop_wanted = 0
"""
_NOTE = """
    UPDATE training_runs SET doing = :doing, call_sid = coalesce(:call_sid, call_sid), serial = coalesce(:serial, serial),
        agreement = coalesce(:agreement, agreement)
    WHERE id = :id AND ended_at IS NULL
"""
_END = """
    UPDATE training_runs SET status = :status, doing = :doing, ended_at = :at, leased_until = NULL
    WHERE id = :id AND ended_at IS NULL
"""
_FORGET = "DELETE FROM training_runs WHERE ended_at < :before"
_STOP = "UPDATE training_runs SET stop_wanted = 1 WHERE id = :id AND ended_at IS NULL"
_MARK = "INSERT INTO simulated_calls (call_sid, story, marked_at) VALUES (:call_sid, :story, :at)"
_STORY = "SELECT story FROM simulated_calls WHERE call_sid = :call_sid"
_TRAFFIC = "SELECT stories, per_hour, started_by, since, next_at, sent FROM training_traffic WHERE number = 1"
_ADD_TRAFFIC = """
    INSERT INTO training_traffic (number, stories, per_hour, started_by, since, next_at, sent)
    VALUES (1, :stories, :per_hour, :started_by, :since, :next_at, :sent)
"""


class TrainingTable:
    """The simulated callers of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, run: Run) -> None:
        """One more caller is wanted."""
        self._connection.run(
            _ADD,
            id=run.id,
            story=run.story,
            started_by=run.started_by,
            wanted_at=to_microseconds(run.wanted_at),
            status=run.status.value,
            is_crowd=int(run.is_crowd),
        )

    def find(self, id: str) -> Run | None:
        """The caller of this id."""
        row = self._connection.one(f"{_SELECT} WHERE id = :id", id=id)
        return _run(row) if row else None

    def of_call(self, call_sid: str) -> Run | None:
        """The caller who makes this call."""
        row = self._connection.one(f"{_SELECT} WHERE call_sid = :call_sid", call_sid=call_sid)
        return _run(row) if row else None

    def open_runs(self) -> tuple[Run, ...]:
        """Those wanted or under way, the oldest first."""
        return tuple(map(_run, self._connection.all(_OPEN)))

    def newest(self, how_many: int) -> tuple[Run, ...]:
        """The latest, the newest first."""
        return tuple(map(_run, self._connection.all(_NEWEST, how_many=how_many)))

    def want_stop(self, ids: Sequence[str]) -> None:
        """Their players hear of it when they next renew their lease."""
        for id in ids:
            self._connection.run(_STOP, id=id)

    def claim(self, now: datetime, lease_seconds: float) -> Run | None:
        """The oldest that is wanted, or whose player's lease has run out; under way from now on, for whoever asks."""
        words = {"wanted": RunStatus.WANTED.value, "now": to_microseconds(now)}
        row = self._connection.one(_CLAIMABLE, **words)
        if row is None:
            return None
        until = to_microseconds(now + timedelta(seconds=lease_seconds))
        got = self._connection.run(_CLAIM, id=row[0], until=until, under_way=RunStatus.UNDER_WAY.value, **words)
        return _run(row) if got else None

    def renew(self, id: str, until: datetime) -> bool:
        """False when the caller is to hang up."""
        return self._connection.run(_RENEW, id=id, until=to_microseconds(until)) == 1

    def note(self, id: str, *, doing: str, call_sid: str | None, serial: int | None, agreement: str | None) -> None:
        """What the caller is doing; None leaves what is known."""
        self._connection.run(_NOTE, id=id, doing=doing, call_sid=call_sid, serial=serial, agreement=agreement)

    def end(self, id: str, status: RunStatus, doing: str, at: datetime) -> None:
        """The caller is gone; what has ended stays as it ended."""
        self._connection.run(_END, id=id, status=status.value, doing=doing, at=to_microseconds(at))

    def mark_call(self, call_sid: str, story: int, at: datetime) -> None:
        """A simulated caller makes this call."""
        self._connection.run(_MARK, call_sid=call_sid, story=story, at=to_microseconds(at))

    def story_of_call(self, call_sid: str) -> int | None:
        """The story that a simulated call plays; None for people's calls."""
        row = self._connection.one(_STORY, call_sid=call_sid)
        return int(row[0]) if row else None

    def made(self, serial: int, at: datetime) -> None:
        """This key is made for training."""
        training_keys.note_made(self._connection, serial, at)

    def take_away(self, before: datetime) -> int:
        """Callers who ended earlier, and the keys and agreements that were made earlier; how many keys that were."""
        self._connection.run(_FORGET, before=to_microseconds(before))
        return training_keys.take_away(self._connection, before)

    def traffic(self) -> Traffic | None:
        """The steady traffic, where there is some."""
        row = self._connection.one(_TRAFFIC)
        return _traffic(row) if row else None

    def set_traffic(self, traffic: Traffic | None) -> None:
        """In place of what there was; None ends it."""
        self._connection.run("DELETE FROM training_traffic WHERE number = 1")
        if traffic is None:
            return
        self._connection.run(
            _ADD_TRAFFIC,
            stories=" ".join(map(str, traffic.stories)),
            per_hour=traffic.per_hour,
            started_by=traffic.started_by,
            since=to_microseconds(traffic.since),
            next_at=to_microseconds(traffic.next_at),
            sent=traffic.sent,
        )


def _run(row: Row) -> Run:
    id, story, started_by, wanted_at, status, doing, call_sid, serial, agreement, is_crowd, stop_wanted, ended_at = row
    return Run(
        id=id,
        story=story,
        started_by=started_by,
        wanted_at=to_moment(wanted_at),
        status=RunStatus(status),
        doing=doing,
        call_sid=call_sid,
        serial=serial,
        agreement=agreement,
        is_crowd=bool(is_crowd),
        stop_wanted=bool(stop_wanted),
        ended_at=to_moment_if_any(ended_at),
    )


def _traffic(row: Row) -> Traffic:
    stories, per_hour, started_by, since, next_at, sent = row
    chosen = tuple(map(int, stories.split()))
    return Traffic(chosen, per_hour, started_by, to_moment(since), to_moment(next_at), sent)
