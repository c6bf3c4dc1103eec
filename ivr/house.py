"""The house behind the line: what it answers to the dialogue's errands, inside the turn's own transaction.

The desk decides, the people are asked where a caller should be, cases are opened; nothing here says or renders anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from activation.confirmation_id import BLOCK_LETTERS
from activation.desk import Desk
from activation.installation_id import Opened, read_installation_id
from ivr.account import collected
from ivr.dialogue.line import Line
from ivr.errand import BookCallback, Decide, Errand, FetchEarlier, FindAgreement, OpenCase, SendText, TakeOver
from ivr.heard import (
    AgreementLookedUp,
    AskedForPerson,
    CallbackAnswered,
    CalledBack,
    CallStarted,
    CaseOpened,
    Decided,
    EarlierFetched,
    Heard,
    LeftQueue,
    MovedByPeople,
    SentTo,
    Staffing,
    TakenOver,
    TextQueued,
)
from ivr.languages import language_of
from ivr.phone_numbers import PhoneNumber
from ivr.records import Floor, NewCase, Transaction, Whereabouts
from ivr.state import Earlier, Place, State, read_state

RESUME_WINDOW = timedelta(minutes=30)
DROPPED_AFTER = timedelta(minutes=2)
"""A call without a turn for so long counts as dropped even if no status callback has said so."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One webhook: its call, the number of the turn it answers (None for a call's first), what was heard. `case_number` is
    that of the case about which people called; the caller is then the person who was called. `country` is where the caller's
    number is from (ISO 3166; empty when nobody says)."""

    sid: str
    turn: int | None
    heard: Heard
    caller: PhoneNumber
    dialled: PhoneNumber
    case_number: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the line's errands need. `hours` tells of a moment and a language whether the centre is open, and the opening hours
    as they are spoken."""

    line: Line
    desk: Desk
    floor: Floor[Any]
    hours: Callable[[datetime, str], tuple[bool, str]]
    caller_key: bytes
    texts: Callable[[], bool]
    """Whether text messages can be sent at all."""

    def key_serial(self, state: State) -> int | None:
        """The serial of the key behind an installation ID that proved authentic."""
        if not state.entry.authentic:
            return None
        opened = read_installation_id(state.entry.digits, self.desk.catalogue, self.desk.secrets)
        return opened.installation.serial if isinstance(opened, Opened) else None

    def _started(self, transaction: Transaction, incoming: Incoming, now: datetime) -> CallStarted | CalledBack:
        if incoming.case_number:
            return self._called_back(transaction, incoming)
        earlier = self._earlier(transaction, incoming, now)
        language = language_of(self.line, incoming.dialled.number, incoming.caller, incoming.country)
        return CallStarted(
            language=earlier.language if earlier else language,
            country=self.line.catalogue.region_of_number(incoming.dialled.number),
            textable=self.texts() and incoming.caller.is_real,
            recognised=incoming.caller.is_real,
            service_up=transaction.ledger.service_is_up(),
            earlier=earlier,
            caller_hint=incoming.caller.hint,
        )

    def _called_back(self, transaction: Transaction, incoming: Incoming) -> CalledBack:
        """Somebody answered the call about this case; it may be over by now, or another call has reached the caller before."""
        case = transaction.cases.find(incoming.case_number)
        asked = state_of(transaction, case.call_sid) if case else None
        return CalledBack(
            sid=case.call_sid if case and asked and asked.callback.is_booked else "",
            case_number=incoming.case_number,
            language=case.language if case else self.line.language,
            textable=self.texts() and incoming.caller.is_real,
            caller_hint=incoming.caller.hint,
        )

    def _earlier(self, transaction: Transaction, incoming: Incoming, now: datetime) -> Earlier | None:
        """The one unfinished call of this caller; with two of them nobody can tell which is meant."""
        hashed = incoming.caller.hashed(self.caller_key)
        if hashed is None:
            return None
        since, quiet = now - RESUME_WINDOW, now - DROPPED_AFTER
        dropped = transaction.calls.resumable(hashed, active_since=since, quiet_since=quiet)
        if len(dropped) != 1:
            return None
        state = read_state(dropped[0].state)
        proof = state.entry.proof
        return Earlier(dropped[0].sid, proof + 1, len(state.entry.groups[proof] or ""), language=state.language)

    def _as_people_want(self, transaction: Transaction, incoming: Incoming, state: State, now: datetime) -> Heard:
        """What was heard, as the people have it: whoever comes out of the queue may have been answered a moment before."""
        match incoming.heard:
            case MovedByPeople():
                return SentTo(self.floor.whereabouts(transaction, incoming.sid))
            case LeftQueue() if state.place is Place.QUEUE:
                to = self.floor.whereabouts(transaction, incoming.sid)
                if to is not Whereabouts.QUEUE:
                    return SentTo(to)
                self.floor.leave(transaction, incoming.sid, now, hung_up=False)
                return LeftQueue(may_book=self.hours(now, state.language)[0])
            case AskedForPerson() if state.case_number:
                is_answered = self.floor.whereabouts(transaction, incoming.sid) is Whereabouts.AGENT
                return SentTo(Whereabouts.AGENT) if is_answered else incoming.heard
        return incoming.heard

    def _run(self, transaction: Transaction, errand: Errand, state: State, incoming: Incoming, now: datetime) -> Heard:
        match errand:
            case Decide(claim):
                resolved = self.desk.resolve(claim)
                return Decided(self.desk.decide(resolved, transaction.ledger, now), resolved.installation_id)
            case FindAgreement(number):
                return AgreementLookedUp(transaction.agreements.find(number))
            case OpenCase(reason):
                return self._open_case(transaction, reason, state, incoming.sid, now)
            case SendText():
                transaction.outbox.add_text_message(incoming.caller.number, self._text(state), now)
                return TextQueued()
            case FetchEarlier(sid):
                return EarlierFetched(state_of(transaction, sid))
            case BookCallback(number):
                return self._book_callback(transaction, number, incoming, now)
            case TakeOver(sid):
                self.floor.called_back(transaction, sid, incoming.sid, now)
                return TakenOver(state_of(transaction, sid), self.floor.whereabouts(transaction, incoming.sid))

    def _open_case(self, transaction: Transaction, reason: str, state: State, sid: str, now: datetime) -> CaseOpened:
        case = NewCase(sid, reason, state.language, collected(state), self.key_serial(state))
        number = transaction.cases.open(case, now)
        is_open, hours = self.hours(now, state.language)
        if not is_open:
            return CaseOpened(number, Staffing(is_open, 0, hours))
        self.floor.enter(transaction, sid, number, state.language, now)
        people = self.floor.people(transaction, state.language, now)
        return CaseOpened(number, Staffing(is_open, people, hours), self.floor.standing(transaction, sid, "", now))

    def _book_callback(self, transaction: Transaction, number: str, incoming: Incoming, now: datetime) -> CallbackAnswered:
        is_open, _ = self.hours(now, self.line.language)
        if is_open:
            self.floor.book_callback(transaction, incoming.sid, number or incoming.caller.number, now)
        return CallbackAnswered(is_open)

    def _text(self, state: State) -> str:
        blocks = state.readback.blocks if state.readback else ()
        lettered = " ".join(f"{letter} {block}" for letter, block in zip(BLOCK_LETTERS, blocks, strict=False))
        return self.line.scripts[state.language].sentence("text.body", blocks=lettered)


def state_of(transaction: Transaction, sid: str) -> State | None:
    """Where a call stands; None for one that is unknown or erased."""
    record = transaction.calls.find(sid)
    return read_state(record.state) if record and record.state else None
