"""A batch: every row decided by itself, in transactions of a bounded number of rows, so that the phone is never kept waiting.

A part that was decided is kept with its answers: a batch that was cut off and is sent again goes on behind it. A row that asks
what an earlier one has asked gets the same answer and takes nothing from any count.
"""

from collections import ChainMap
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

import msgspec

from activation.claims import Granted, RefusalCode, Refused
from activation.digits import clean_digits
from callcenter.service.activation.deciding import decide, facts_of
from callcenter.service.activation.fields import BatchAnswer, BatchRequest, BatchRow, GrantedRow, RefusedRow
from callcenter.service.activation.memory import Memory, Reused
from callcenter.service.activation.reading import Malformed
from callcenter.service.activation.records import Transaction
from callcenter.service.activation.service import Asker, Reply, Service, reply
from callcenter.service.activation.wording import Wording
from callcenter.service.problems import Problem

PART_ROWS = 50
"""Rows of one transaction: a fiftieth of a second in which nobody else writes."""

RowAnswer = GrantedRow | RefusedRow
_Question = tuple[str, str | None, int | None]
"""What a row asks: installation, key, number of computers."""


class Part(msgspec.Struct):
    """What one part of a batch was answered, and the serials of the keys behind its rows."""

    rows: list[RowAnswer]
    serials: list[int]


@dataclass(frozen=True, slots=True)
class _Batch:
    """A batch on its way. `answered` has what its rows have been told so far."""

    service: Service
    request: BatchRequest
    asker: Asker
    wording: Wording
    memory: Memory
    answered: dict[_Question, RowAnswer] = field(default_factory=dict)
    blocks: dict[int, str] = field(default_factory=dict)

    def parts(self) -> Iterator[Part | Problem]:
        """The batch's parts in order, each decided when it is asked for; a problem is the end."""
        rows = self.request.rows
        for number, start in enumerate(range(0, len(rows), PART_ROWS)):
            these = rows[start : start + PART_ROWS]
            part = self._next(number, these)
            if isinstance(part, Part):
                self.answered.update(zip(map(_question, these), part.rows, strict=True))
            yield part

    def _next(self, number: int, rows: Sequence[BatchRow]) -> Part | Problem:
        now = self.service.clock()
        return self.service.store.transaction(lambda tx: self._answer(tx, number, rows, now))

    def _answer(self, tx: Transaction, number: int, rows: Sequence[BatchRow], now: datetime) -> Part | Problem:
        """One part: as it was answered before, or decided now."""
        limits, address = self.service.limits, self.asker.address
        if number == 0 and (more := limits.take_request(tx, address, now)):
            return self.wording.too_many(more)
        kept = self.memory.recall(tx, number)
        if isinstance(kept, Reused):
            return self.wording.reused()
        if kept:
            return msgspec.json.decode(kept.body, type=Part)
        if not tx.ledger.service_is_up():
            return self.wording.no(Refused(RefusalCode.SERVICE_DOWN))
        if more := limits.take_rows(tx, address, len(rows), now):
            return self.wording.too_many(more)
        part = self._decide(tx, rows, now)
        self.memory.keep(tx, number, HTTPStatus.OK, msgspec.json.encode(part), now)
        return part

    def _decide(self, tx: Transaction, rows: Sequence[BatchRow], now: datetime) -> Part:
        answered: MutableMapping[_Question, RowAnswer] = ChainMap({}, self.answered)
        serials: dict[int, None] = {}
        answers = []
        for row in rows:
            question = _question(row)
            earlier = answered.get(question)
            answer = _again(earlier, row.row_id) if earlier else self._decide_row(tx, row, serials, now)
            answers.append(answer)
            answered[question] = answer
        return Part(answers, list(serials))

    def _decide_row(self, tx: Transaction, row: BatchRow, serials: dict[int, None], now: datetime) -> RowAnswer:
        outcome = decide(self.service.desk, tx, row, self.asker.country, now)
        verdict, serial = outcome.verdict, outcome.serial
        if serial is not None:
            serials[serial] = None
        if not isinstance(verdict, Granted):
            problem = self.wording.malformed(verdict) if isinstance(verdict, Malformed) else self.wording.no(verdict)
            return _refused(row.row_id, problem)
        assert serial is not None  # what is granted was authentic
        return GrantedRow(
            row_id=row.row_id,
            confirmation_id=list(verdict.confirmation_id),
            issue_number=verdict.issue_number,
            counted=verdict.counted,
            key=self._last_block(tx, serial),
        )

    def _last_block(self, tx: Transaction, serial: int) -> str:
        """Of a key, looked up once a batch."""
        if serial not in self.blocks:
            facts = facts_of(self.service.desk, tx, serial)
            assert facts is not None  # a key under which something was granted
            self.blocks[serial] = facts.last_block
        return self.blocks[serial]


def activate_batch(service: Service, request: BatchRequest, asker: Asker) -> Reply:
    """Decides every row; the first part that cannot be ends it, and the same batch sent again goes on there."""
    batch = _Batch(service, request, asker, service.wording(asker), Memory.of(request))
    rows: list[RowAnswer] = []
    serials: dict[int, None] = {}
    for part in batch.parts():
        if isinstance(part, Problem):
            return reply(part)
        rows += part.rows
        serials.update(dict.fromkeys(part.serials))
    return reply(BatchAnswer(rows=rows, remaining=_remaining(service, serials)))


def _remaining(service: Service, serials: dict[int, None]) -> dict[str, int]:
    """What is left of each volume key, by its last block."""
    found = service.store.read(lambda tx: [facts_of(service.desk, tx, serial) for serial in serials])
    return {facts.last_block: facts.left for facts in found if facts and facts.is_volume}


def _question(row: BatchRow) -> _Question:
    key = "".join(filter(str.isalnum, row.product_key.upper())) if row.product_key else None
    return clean_digits(row.installation_id) or row.installation_id, key, row.computers


def _again(earlier: RowAnswer, row_id: str) -> RowAnswer:
    """The answer of an earlier row that asked the same; nothing is counted a second time."""
    told = msgspec.structs.replace(earlier, row_id=row_id)
    return msgspec.structs.replace(told, counted=False) if isinstance(told, GrantedRow) else told


def _refused(row_id: str, problem: Problem) -> RefusedRow:
    told = {name: value for name, value in problem.members.items() if name in ("group", "right_product")}
    return RefusedRow(row_id=row_id, code=problem.code, detail=problem.detail, **told)  # type: ignore[arg-type]
