"""Sending: what was collected is asked for in batches, each under an identifier that is on disk before it is used.

Whoever drives this saves each step's collection before going on. Cut off at any moment, it goes on with the same requests,
to which the centre gives the same answers: no activation is used twice.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from workstation.proxy.centre import Answered, Centre, Later, Rejected
from workstation.proxy.collection import Batch, Collection, Received, Refusal, Row, Status

ROWS_OF_A_BATCH = 500
"""Few enough that progress can be seen; the centre takes 10,000."""
TRIES = 5
LONGEST_WAIT_SECONDS = 120.0
"""Who is asked to come again later than this is told so instead of kept waiting."""


@dataclass(frozen=True, slots=True)
class Done:
    """The centre has decided these rows; `remaining` is what is left of their keys now, by last block."""

    collection: Collection
    rows: tuple[Row, ...]
    remaining: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TurnedDown:
    """The centre has not read one request; its rows wait to be sent anew, the other requests go on."""

    collection: Collection
    rows: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The centre cannot answer just now; the request goes out again after so many seconds."""

    collection: Collection
    wait_seconds: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The centre still cannot answer; what was not answered stays as it is for the next `send`."""

    collection: Collection
    sentence: str


Step = Done | TurnedDown | Waiting | Stopped


@dataclass(frozen=True, slots=True)
class Sent:
    """What the steps so far have come to: rows that were answered, sentences about those that could not be."""

    collection: Collection
    rows: tuple[Row, ...] = ()
    remaining: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def then(self, step: Step) -> "Sent":
        """With one step more."""
        match step:
            case Done(collection, rows, remaining):
                return Sent(collection, (*self.rows, *rows), {**self.remaining, **remaining}, self.problems)
            case TurnedDown(collection, _, sentence) | Stopped(collection, sentence):
                return Sent(collection, self.rows, self.remaining, (*self.problems, sentence))
            case Waiting():
                return self


def plan(collection: Collection, new_id: Callable[[], str], *, again: bool = False) -> Collection:
    """The collection with a request for every row that waits; with `again` also for refused ones, as after a raised count.

    Save it before `send`: from here on its rows have the identifiers they are asked for with.
    """
    wanted = {Status.COLLECTED, Status.REFUSED} if again else {Status.COLLECTED}
    row_ids = tuple(row.row_id for row, status in collection.statuses() if status in wanted)
    parts = (row_ids[start : start + ROWS_OF_A_BATCH] for start in range(0, len(row_ids), ROWS_OF_A_BATCH))
    return replace(collection, unanswered=(*collection.unanswered, *(Batch(new_id(), part) for part in parts)))


def send(collection: Collection, centre: Centre, wait: Callable[[float], object]) -> Iterator[Step]:
    """Makes the planned requests; save each step's collection before taking the next. `wait` sleeps so many seconds."""
    for batch in collection.unanswered:
        match (yield from _ask(collection, batch, centre, wait)):
            case Answered(answers, remaining):
                collection = _answered(collection, batch, answers, remaining)
                yield Done(collection, _rows_of(collection, batch), remaining)
            case Rejected(sentence):
                collection = _without(collection, batch)
                yield TurnedDown(collection, len(batch.row_ids), sentence)
            case Later(_, sentence):
                yield Stopped(collection, sentence)
                return


def _ask(
    collection: Collection, batch: Batch, centre: Centre, wait: Callable[[float], object]
) -> Generator[Step, None, Answered | Later | Rejected]:
    """The centre's answer to one request, asked for as often as patience allows."""
    rows = _rows_of(collection, batch)
    for _ in range(TRIES - 1):
        answer = centre.ask(batch.request_id, rows)
        if not isinstance(answer, Later) or answer.wait_seconds > LONGEST_WAIT_SECONDS:
            return answer
        yield Waiting(collection, answer.wait_seconds, answer.sentence)
        wait(answer.wait_seconds)
    return centre.ask(batch.request_id, rows)


def _rows_of(collection: Collection, batch: Batch) -> tuple[Row, ...]:
    """Its rows, always in the same order."""
    numbered = {row.row_id: row for row in collection.rows}
    return tuple(numbered[row_id] for row_id in batch.row_ids)


def _without(collection: Collection, batch: Batch) -> Collection:
    return replace(collection, unanswered=tuple(one for one in collection.unanswered if one != batch))


def _answered(
    collection: Collection, batch: Batch, answers: Mapping[int, Received | Refusal], remaining: Mapping[str, int]
) -> Collection:
    settled = _without(collection, batch).changed(_told(row, answers[row.row_id]) for row in _rows_of(collection, batch))
    return replace(settled, remaining={**collection.remaining, **remaining})


def _told(row: Row, answer: Received | Refusal) -> Row:
    if isinstance(answer, Received):
        return replace(row, received=answer, refused=None)
    return replace(row, refused=answer)
