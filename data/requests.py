"""The changes that people asked for (`floor.records.Requests`)."""

from datetime import datetime

from activation.redaction import redact
from callcenter.floor.requests import Change, Counter, Initiator, Method, ReasonCode, Request, RequestStatus
from data.documents import read_document, write_document
from data.engine import Connection, Row
from data.times import to_microseconds, to_microseconds_if_any, to_moment, to_moment_if_any

_SELECT = """
    SELECT
        id, change, counter, serial, seat, agreement, product_group, amount, reason, words, initiator, contact, verified_by,
        case_number, call_sid, asker, asked_at, status, expires_at, decider, decided_at, decision_words, seen
    FROM requests
"""
_FIND = f"{_SELECT} WHERE id = :id"
_HELD = f"{_SELECT} WHERE status = 'held' ORDER BY asked_at, id"
_RECENT = f"{_SELECT} ORDER BY asked_at DESC, id LIMIT :newest"
_OF_CASE = f"{_SELECT} WHERE case_number = :case_number ORDER BY asked_at DESC, id"
_OF_KEY = f"{_SELECT} WHERE serial = :serial ORDER BY asked_at DESC, id"
_OF_AGREEMENT = f"{_SELECT} WHERE agreement = :agreement ORDER BY asked_at DESC, id"
_ASKED = f"{_SELECT} WHERE asked_at >= :since AND asked_at < :until ORDER BY asked_at, id"
_COUNT_HELD = "SELECT count(*) FROM requests WHERE status = 'held'"
_ADD = """
    INSERT INTO requests (
        id, change, counter, serial, seat, agreement, product_group, amount, reason, words, initiator, contact, verified_by,
        case_number, call_sid, asker, asked_at, status, expires_at, decider, decided_at, decision_words, seen
    )
    VALUES (
        :id, :change, :counter, :serial, :seat, :agreement, :product_group, :amount, :reason, :words, :initiator, :contact,
        :verified_by, :case_number, :call_sid, :asker, :asked_at, :status, :expires_at, :decider, :decided_at, :decision_words,
        :seen
    )
"""
_DECIDE = """
    UPDATE requests SET status = :status, decider = :decider, decided_at = :decided_at, decision_words = :decision_words
    WHERE id = :id AND status = 'held'
"""
_RAISED = """
    SELECT coalesce(sum(amount), 0) FROM requests
    WHERE serial = :serial AND asked_at >= :since AND change = 'raise' AND status = 'applied' AND decider IS NULL
"""
_EXCEPTIONS = """
    SELECT count(*) FROM requests
    WHERE serial = :serial AND coalesce(decided_at, asked_at) >= :since AND change = 'exception' AND status = 'applied'
"""


class RequestsTable:
    """The requests of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, request: Request) -> None:
        self._connection.run(_ADD, **_values(request))

    def find(self, id: str) -> Request | None:
        row = self._connection.one(_FIND + self._connection.hold_row, id=id)
        return _request(row) if row else None

    def decide(self, request: Request) -> bool:
        decided = self._connection.run(
            _DECIDE,
            id=request.id,
            status=request.status.value,
            decider=request.decider,
            decided_at=to_microseconds_if_any(request.decided_at),
            decision_words=redact(request.decision_words),
        )
        return decided == 1

    def held(self) -> tuple[Request, ...]:
        return self._all(_HELD)

    def count_held(self) -> int:
        """How many wait for a second person."""
        return self._number(_COUNT_HELD)

    def recent(self, newest: int) -> tuple[Request, ...]:
        return self._all(_RECENT, newest=newest)

    def of_case(self, case_number: str) -> tuple[Request, ...]:
        """Newest first."""
        return self._all(_OF_CASE, case_number=case_number)

    def of_key(self, serial: int) -> tuple[Request, ...]:
        return self._all(_OF_KEY, serial=serial)

    def of_agreement(self, number: str) -> tuple[Request, ...]:
        return self._all(_OF_AGREEMENT, agreement=number)

    def asked_between(self, since: datetime, until: datetime) -> tuple[Request, ...]:
        """By time, those of `since` but not of `until`."""
        return self._all(_ASKED, since=to_microseconds(since), until=to_microseconds(until))

    def raised_since(self, serial: int, since: datetime) -> int:
        return self._number(_RAISED, serial=serial, since=to_microseconds(since))

    def exceptions_since(self, serial: int, since: datetime) -> int:
        return self._number(_EXCEPTIONS, serial=serial, since=to_microseconds(since))

    def _all(self, statement: str, **parameters: str | int) -> tuple[Request, ...]:
        return tuple(map(_request, self._connection.all(statement, **parameters)))

    def _number(self, statement: str, **parameters: str | int) -> int:
        row = self._connection.one(statement, **parameters)
        assert row is not None  # an aggregate always has a row
        return int(row[0])


def _request(row: Row) -> Request:
    id, change, counter, serial, seat, agreement, product_group, amount, reason, words, initiator, contact, verified_by = row[
        :13
    ]
    case_number, call_sid, asker, asked_at, status, expires_at, decider, decided_at, decision_words, seen = row[13:]
    return Request(
        id=id,
        change=Change(change),
        asker=asker,
        asked_at=to_moment(asked_at),
        reason=ReasonCode(reason),
        initiator=Initiator(initiator),
        counter=Counter(counter) if counter else None,
        serial=serial,
        seat=seat,
        agreement=agreement,
        product_group=product_group,
        amount=amount,
        words=words,
        contact=contact,
        verified_by=Method(verified_by) if verified_by else None,
        case_number=case_number,
        call_sid=call_sid,
        status=RequestStatus(status),
        expires_at=to_moment_if_any(expires_at),
        decider=decider,
        decided_at=to_moment_if_any(decided_at),
        decision_words=decision_words,
        seen=read_document(seen),
    )


def _values(request: Request) -> dict[str, object]:
    return {
        "id": request.id,
        "change": request.change.value,
        "counter": request.counter.value if request.counter else None,
        "serial": request.serial,
        "seat": request.seat,
        "agreement": request.agreement,
        "product_group": request.product_group,
        "amount": request.amount,
        "reason": request.reason.value,
        "words": redact(request.words),
        "initiator": request.initiator.value,
        "contact": request.contact,
        "verified_by": request.verified_by.value if request.verified_by else None,
        "case_number": request.case_number,
        "call_sid": request.call_sid,
        "asker": request.asker,
        "asked_at": to_microseconds(request.asked_at),
        "status": request.status.value,
        "expires_at": to_microseconds_if_any(request.expires_at),
        "decider": request.decider,
        "decided_at": to_microseconds_if_any(request.decided_at),
        "decision_words": redact(request.decision_words),
        "seen": write_document(request.seen),
    }
